//! `web/src/wire.ts` is made from the types of this crate; this test fails when the two differ.
//! `UPDATE_TYPES=1 cargo test -p wire --test types` writes it anew.

use std::path::Path;
use ts_rs::{Config, TS};

fn declaration<T: TS + 'static>(config: &Config) -> String {
    let docs = T::docs().unwrap_or_default();
    format!("{docs}export {}\n", T::decl(config))
}

fn typescript() -> String {
    let config = Config::new().with_large_int("number");
    let declarations = [
        declaration::<wire::RefusalBody>(&config),
        declaration::<wire::Created>(&config),
        declaration::<wire::terminal::SignIn>(&config),
        declaration::<wire::terminal::TerminalSession>(&config),
        declaration::<wire::terminal::SectionOutline>(&config),
        declaration::<wire::terminal::TerminalFrame>(&config),
        declaration::<wire::terminal::TerminalNews>(&config),
        declaration::<wire::terminal::EndKind>(&config),
        declaration::<wire::terminal::EndMarks>(&config),
        declaration::<wire::terminal::SectionMarks>(&config),
        declaration::<wire::terminal::Phase>(&config),
        declaration::<wire::terminal::Welcome>(&config),
        declaration::<wire::terminal::Ended>(&config),
        declaration::<wire::terminal::AnswerView>(&config),
        declaration::<wire::terminal::ClockView>(&config),
        declaration::<wire::terminal::PaperFrame>(&config),
        declaration::<wire::terminal::PaperItem>(&config),
        declaration::<wire::terminal::PaperChoice>(&config),
        declaration::<wire::board::BoardSummary>(&config),
        declaration::<wire::board::BoardKind>(&config),
        declaration::<wire::board::BoardFrame>(&config),
        declaration::<wire::board::BoardSnapshot>(&config),
        declaration::<wire::board::BoardSection>(&config),
        declaration::<wire::board::BoardDelta>(&config),
        declaration::<wire::board::BoardRow>(&config),
        declaration::<wire::board::BoardState>(&config),
        declaration::<wire::proctor::SittingSummary>(&config),
        declaration::<wire::proctor::SittingPhase>(&config),
        declaration::<wire::proctor::WatchFrame>(&config),
        declaration::<wire::proctor::WatchSnapshot>(&config),
        declaration::<wire::proctor::WatchDelta>(&config),
        declaration::<wire::proctor::WatchHead>(&config),
        declaration::<wire::proctor::RoomSeat>(&config),
        declaration::<wire::proctor::SeatView>(&config),
        declaration::<wire::proctor::Attendance>(&config),
        declaration::<wire::proctor::LogLine>(&config),
        declaration::<wire::proctor::ProctorCommand>(&config),
        declaration::<wire::proctor::ProctorAct>(&config),
        declaration::<wire::proctor::ProctorAnswer>(&config),
        declaration::<wire::proctor::IssuedPin>(&config),
        declaration::<wire::proctor::ProposalView>(&config),
        declaration::<wire::staff::StaffSignIn>(&config),
        declaration::<wire::staff::Me>(&config),
        declaration::<wire::staff::Grant>(&config),
        declaration::<wire::staff::Role>(&config),
        declaration::<wire::staff::StaffView>(&config),
        declaration::<wire::staff::NewStaff>(&config),
        declaration::<wire::staff::StaffChange>(&config),
        declaration::<wire::staff::IssuedPassword>(&config),
        declaration::<wire::desk::DeskList>(&config),
        declaration::<wire::desk::FreeSeat>(&config),
        declaration::<wire::desk::CheckInWindow>(&config),
        declaration::<wire::desk::DeskCounts>(&config),
        declaration::<wire::desk::DeskPerson>(&config),
        declaration::<wire::desk::CheckIn>(&config),
        declaration::<wire::desk::AttendanceEntry>(&config),
        declaration::<wire::roster::SelectionSummary>(&config),
        declaration::<wire::roster::NewSelection>(&config),
        declaration::<wire::roster::SelectionPolicy>(&config),
        declaration::<wire::roster::NamePolicy>(&config),
        declaration::<wire::roster::RevealPolicy>(&config),
        declaration::<wire::roster::AttemptRule>(&config),
        declaration::<wire::roster::SelectionView>(&config),
        declaration::<wire::roster::StageView>(&config),
        declaration::<wire::roster::BlueprintView>(&config),
        declaration::<wire::roster::BlueprintBody>(&config),
        declaration::<wire::roster::BlueprintSection>(&config),
        declaration::<wire::roster::BlueprintCell>(&config),
        declaration::<wire::roster::PassRuleBody>(&config),
        declaration::<wire::roster::SectionMinimum>(&config),
        declaration::<wire::roster::NewStage>(&config),
        declaration::<wire::roster::PutBlueprint>(&config),
        declaration::<wire::roster::NewFormation>(&config),
        declaration::<wire::roster::FormationView>(&config),
        declaration::<wire::roster::NewHall>(&config),
        declaration::<wire::roster::HallView>(&config),
        declaration::<wire::roster::NewSitting>(&config),
        declaration::<wire::roster::SittingPolicyBody>(&config),
        declaration::<wire::roster::SittingView>(&config),
        declaration::<wire::roster::CandidateImportReport>(&config),
        declaration::<wire::roster::Problem>(&config),
        declaration::<wire::roster::CandidateView>(&config),
        declaration::<wire::roster::CandidatePage>(&config),
        declaration::<wire::roster::AssignSittings>(&config),
        declaration::<wire::roster::Assigned>(&config),
        declaration::<wire::roster::Reschedule>(&config),
        declaration::<wire::roster::NewAttempt>(&config),
        declaration::<wire::roster::DrawReport>(&config),
        declaration::<wire::roster::DrawnCell>(&config),
        declaration::<wire::bank::ImportPreview>(&config),
        declaration::<wire::bank::AcceptImport>(&config),
        declaration::<wire::bank::ImportDone>(&config),
        declaration::<wire::bank::ItemPage>(&config),
        declaration::<wire::bank::BankCell>(&config),
        declaration::<wire::bank::ItemView>(&config),
        declaration::<wire::results::ResultPreview>(&config),
        declaration::<wire::results::RankedList>(&config),
        declaration::<wire::results::ListSection>(&config),
        declaration::<wire::results::ListRow>(&config),
        declaration::<wire::results::Publish>(&config),
        declaration::<wire::results::PublicationView>(&config),
    ];
    let mut text = String::from(
        "// Made from crates/wire by its test `types`; do not edit.\n\n/** 32 lower-case hexadecimal digits. */\nexport type Id = string;\n\n",
    );
    text.push_str(&declarations.join("\n"));
    text
}

#[test]
fn the_pages_types_are_those_of_the_server() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../web/src/wire.ts");
    let made = typescript();
    if std::env::var_os("UPDATE_TYPES").is_some() {
        std::fs::create_dir_all(path.parent().expect("the file has a folder")).expect("web/src can be made");
        std::fs::write(&path, &made).expect("web/src/wire.ts can be written");
    }
    let stored = std::fs::read_to_string(&path).expect("web/src/wire.ts is there");
    assert!(stored == made, "web/src/wire.ts differs from crates/wire; run `UPDATE_TYPES=1 cargo test -p wire --test types`");
}
