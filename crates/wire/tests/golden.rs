//! Golden files: what a frame or document looks like on the wire, one file for every variant.
//!
//! Encoding a value must give its file, and decoding the file must give the value. Clients were written by these files and by
//! `docs/protocol.md`: a changed file is a changed protocol. `UPDATE_GOLDEN=1 cargo test -p wire --test golden` writes them.

#[path = "documents/results.rs"]
mod results;

use serde::Serialize;
use serde::de::DeserializeOwned;
use std::collections::BTreeSet;
use std::fmt::Debug;
use std::path::PathBuf;
use wire::bank::{AcceptImport, BankCell, ImportDone, ImportPreview, ItemPage, ItemView};
use wire::board::{BoardDelta, BoardFrame, BoardKind, BoardRow, BoardSection, BoardSnapshot, BoardState, BoardSummary};
use wire::desk::{AttendanceEntry, CheckIn, CheckInWindow, DeskCounts, DeskList, DeskPerson, FreeSeat};
use wire::proctor::{
    Attendance, IssuedPin, LogLine, ProctorAct, ProctorAnswer, ProctorCommand, ProposalView, RoomSeat, SeatView, SittingPhase,
    SittingSummary, WatchDelta, WatchFrame, WatchHead, WatchSnapshot,
};
use wire::roster::{
    AssignSittings, Assigned, AttemptRule, BlueprintBody, BlueprintCell, BlueprintSection, BlueprintView, CandidateImportReport,
    CandidatePage, CandidateView, DrawReport, DrawnCell, FormationLine, FormationView, HallView, LineValue, NamePolicy, NewAttempt,
    NewFormation, NewHall, NewSelection, NewSitting, NewStage, Problem, PutBlueprint, PutFormation, Reschedule, RevealPolicy,
    SelectionPolicy, SelectionSummary, SelectionView, SittingPolicyBody, SittingView, StageView,
};
use wire::staff::{Grant, IssuedPassword, Me, NewStaff, Role, StaffChange, StaffSignIn, StaffView};
use wire::terminal::{
    AnswerView, ClockView, EndKind, EndMarks, Ended, PaperChoice, PaperFrame, PaperItem, Phase, SectionMarks, SectionOutline, SignIn,
    TerminalFrame, TerminalNews, TerminalSession, Welcome,
};
use wire::{Created, RefusalBody};

/// A folder of golden files. Every file in it must belong to an example.
struct Golden {
    folder: PathBuf,
    seen: BTreeSet<String>,
}

impl Golden {
    fn new(folder: &str) -> Golden {
        let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/golden").join(folder);
        Golden { folder, seen: BTreeSet::new() }
    }

    /// One example in both directions. Not all types can be compared, but all of them can be printed.
    fn check<T: Serialize + DeserializeOwned + Debug>(&mut self, name: &str, value: &T) {
        let file = format!("{name}.json");
        assert!(self.seen.insert(file.clone()), "{file} has two examples");
        let path = self.folder.join(&file);
        let made = serde_json::to_string_pretty(value).expect("types of the wire can be encoded") + "\n";
        if updating() {
            std::fs::create_dir_all(&self.folder).expect("the folder can be made");
            std::fs::write(&path, &made).expect("the file can be written");
        }
        let stored =
            std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}; UPDATE_GOLDEN=1 writes it", path.display()));
        assert_eq!(made, stored, "{} differs", path.display());
        let read: T = serde_json::from_str(&stored).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        assert_eq!(format!("{read:?}"), format!("{value:?}"), "{} reads as something else", path.display());
    }
}

impl Drop for Golden {
    fn drop(&mut self) {
        if std::thread::panicking() {
            return;
        }
        for entry in std::fs::read_dir(&self.folder).expect("the folder is there").flatten() {
            let file = entry.file_name().to_string_lossy().into_owned();
            assert!(self.seen.contains(&file), "{} belongs to no example", entry.path().display());
        }
    }
}

fn updating() -> bool {
    std::env::var_os("UPDATE_GOLDEN").is_some()
}

/// Checks examples of every variant. The match has no wildcard: a variant without an example does not compile.
macro_rules! every_variant {
    ($folder:literal, $of:ident { $($variant:ident: $($file:literal => $example:expr),+;)+ }) => {{
        fn variant(value: &$of) -> &'static str {
            match value {
                $($of::$variant { .. } => stringify!($variant),)+
            }
        }
        let mut golden = Golden::new($folder);
        $($(
            let example: $of = $example;
            assert_eq!(variant(&example), stringify!($variant), "{} shows another variant", $file);
            golden.check($file, &example);
        )+)+
    }};
}

/// The words of an enum without members, all of them in one file.
macro_rules! every_word {
    ($golden:ident, $file:literal, $of:ident { $($variant:ident),+ }) => {{
        fn _all_are_named(value: $of) {
            match value {
                $($of::$variant)|+ => {}
            }
        }
        $golden.check($file, &vec![$($of::$variant),+]);
    }};
}

const SESSION: &str = "3b9f1c6a7d2e48f0a5c4b3d2e1f00918";
const SITTING: &str = "b7e23ec29af22b0b4e41da31e868d572";
const SEAT: &str = "8d777f385d3dfec8815d20f7496026dc";
const ITEM: &str = "9e107d9d372bb6826bd81d3542a419d6";
const STAFF: &str = "7d0c1f5be2a94f0c8a3e5d6b7c8d9e0f";
const COMMAND: &str = "aa11bb22cc33dd44ee55ff6600778899";
const OTHER: &str = "0a1b2c3d4e5f60718293a4b5c6d7e8f9";
const DIGEST: &str = "4f2d9c0a1b3e5f60718293a4b5c6d7e8f90a1b2c3d4e5f60718293a4b5c6d7e8";
const AT_UTC_MS: i64 = 1_795_510_800_000;

fn line() -> FormationLine {
    FormationLine {
        category: "umum".into(),
        job: "prakom".into(),
        education: "s1_informatika".into(),
        unit: "diskominfo".into(),
        agency: "daerah".into(),
        further: vec![LineValue { column: "max_skb".into(), value: "400".into() }],
    }
}

fn outline() -> Vec<SectionOutline> {
    vec![
        SectionOutline { code: "umum".into(), title: "Kemampuan Umum".into(), items: 2, duration_s: None, linear: false },
        SectionOutline { code: "bidang".into(), title: "Kompetensi Bidang".into(), items: 1, duration_s: Some(1_800), linear: true },
    ]
}

fn clock(phase: Phase) -> ClockView {
    ClockView { phase, remaining_ms: 5_391_200, section: 1, section_remaining_ms: Some(1_799_500), sitting_started: true }
}

fn end_marks() -> EndMarks {
    EndMarks {
        sections: vec![SectionMarks { code: "umum".into(), title: "Kemampuan Umum".into(), marks_milli: -2_500 }],
        total_milli: -2_500,
    }
}

#[test]
fn frames_of_a_terminal() {
    every_variant!("terminal_frame", TerminalFrame {
        Hello:
            "hello" => TerminalFrame::Hello { version: 1, instance: "a1b2c3d4e5f60718a1b2c3d4e5f60718".into(), have_paper: None },
            "hello_with_paper" => TerminalFrame::Hello {
                version: wire::PROTOCOL_VERSION,
                instance: "a1b2c3d4e5f60718a1b2c3d4e5f60718".into(),
                have_paper: Some(DIGEST.into()),
            };
        Consent: "consent" => TerminalFrame::Consent { seq: 1 };
        Start: "start" => TerminalFrame::Start { seq: 2 };
        View: "view" => TerminalFrame::View { seq: 3, position: 0 };
        Answer:
            "answer" => TerminalFrame::Answer { seq: 4, position: 0, item: ITEM.into(), choices: vec![2] },
            "answer_cleared" => TerminalFrame::Answer { seq: 20_000, position: 109, item: ITEM.into(), choices: Vec::new() };
        Flag: "flag" => TerminalFrame::Flag { seq: 5, position: 0, doubtful: true };
        Advance: "advance" => TerminalFrame::Advance { seq: 6, section: 0 };
        Submit: "submit" => TerminalFrame::Submit { seq: 7 };
        LateAnswer: "late_answer" => TerminalFrame::LateAnswer {
            seq: 41,
            epoch: 1,
            position: 17,
            item: ITEM.into(),
            choices: vec![0, 2],
            client_mono_ms: 1_834_021,
        };
    });
}

#[test]
fn frames_to_a_terminal() {
    let welcome = || Welcome {
        session: SESSION.into(),
        epoch: 1,
        next_seq: 6,
        clock: clock(Phase::Running),
        paper_digest: Some(DIGEST.into()),
        answers: vec![AnswerView { choices: vec![2], doubtful: true }, AnswerView::default()],
        cursor: 1,
        start_individually: true,
        reconnect_jitter_ms: 10_000,
        ended: None,
    };
    let over = Ended { how: EndKind::Submitted, marks: Some(end_marks()), answered: 2 };
    let item = PaperItem {
        item: ITEM.into(),
        language: "id".into(),
        stem: "<p>Hasil dari <math><msup><mi>x</mi><mn>2</mn></msup></math> untuk <i>x</i> = 3 adalah</p>".into(),
        multiple: false,
        choices: vec![PaperChoice { id: 1, text: "6".into() }, PaperChoice { id: 0, text: "9 &lt; 10".into() }],
    };
    every_variant!("terminal_news", TerminalNews {
        Welcome:
            "welcome" => TerminalNews::Welcome(Box::new(welcome())),
            "welcome_after_the_end" => TerminalNews::Welcome(Box::new(Welcome { ended: Some(over.clone()), clock: clock(Phase::Submitted), ..welcome() })),
            "welcome_before_the_start" => TerminalNews::Welcome(Box::new(Welcome {
                next_seq: 1,
                clock: ClockView {
                    phase: Phase::SignedIn,
                    remaining_ms: 5_400_000,
                    section: 0,
                    section_remaining_ms: None,
                    sitting_started: false,
                },
                paper_digest: None,
                answers: Vec::new(),
                cursor: 0,
                ..welcome()
            }));
        Paper: "paper" => TerminalNews::Paper(Box::new(PaperFrame { digest: DIGEST.into(), sections: outline(), items: vec![item.clone()] }));
        Saved: "saved" => TerminalNews::Saved { seq: 4 };
        Late: "late" => TerminalNews::Late { seq: 5 };
        Refused:
            "refused" => TerminalNews::Refused { seq: 9, code: "item_closed".into(), retry_after_ms: None },
            "refused_busy" => TerminalNews::Refused { seq: 8, code: "busy".into(), retry_after_ms: Some(1_000) };
        Clock: "clock" => TerminalNews::Clock(clock(Phase::Paused));
        Message: "message" => TerminalNews::Message { id: 1_211, text: "Ujian dilanjutkan sesudah listrik pulih.".into() };
        Evidence: "evidence" => TerminalNews::Evidence { epoch: 2 };
        Ended:
            "ended" => TerminalNews::Ended { how: EndKind::Submitted, marks: Some(end_marks()), answered: 2 },
            "ended_without_marks" => TerminalNews::Ended { how: EndKind::Expired, marks: None, answered: 0 };
    });
}

#[test]
fn frames_to_a_screen() {
    let row = BoardRow {
        id: 1,
        number: "26-3671-0043".into(),
        name: "B. S.".into(),
        formation: 0,
        marks_milli: vec![15_000, -2_500],
        total_milli: 12_500,
        standing: vec![12_500, -2_500, 15_000],
        rank: 1,
        answered: 5,
        items: 110,
        state: BoardState::Running,
    };
    every_variant!("board_frame", BoardFrame {
        Snapshot: "snapshot" => BoardFrame::Snapshot(BoardSnapshot {
            epoch: 2_918_374_655,
            position: 118,
            kind: BoardKind::Sitting,
            title: "Sesi hari-1-sesi-1".into(),
            subtitle: "Ruang 1 · CPNS Kota Tangerang 2026".into(),
            sections: vec![BoardSection { code: "umum".into(), title: "Kemampuan Umum".into() }],
            formations: vec!["Pranata Komputer Ahli Pertama".into()],
            frozen: false,
            reveal: "Nilai bergerak setiap 5 soal baru dijawab.".into(),
            rows: vec![row.clone()],
        });
        Delta: "delta" => BoardFrame::Delta(BoardDelta { epoch: 2_918_374_655, position: 119, frozen: true, rows: vec![row.clone()] });
    });
}

fn proposal() -> ProposalView {
    ProposalView {
        id: OTHER.into(),
        proposer: "Budi Santoso".into(),
        proposer_id: STAFF.into(),
        text: "Tambah waktu 15 menit untuk semua peserta".into(),
        reason: "Listrik padam 15 menit".into(),
        at_utc_ms: AT_UTC_MS,
    }
}

fn room_seat() -> RoomSeat {
    RoomSeat { id: SEAT.into(), label: "B-07".into(), row: 1, column: 6, spare: false }
}

fn log_line() -> LogLine {
    LogLine {
        position: 57,
        at_utc_ms: AT_UTC_MS,
        kind: "terminated".into(),
        who: "Budi Santoso".into(),
        approver: Some("Rina Wulandari".into()),
        about: Some("26-3671-0042".into()),
        text: "Dihentikan pengawas: membawa telepon".into(),
    }
}

#[test]
fn frames_to_a_console() {
    let head = || WatchHead {
        sitting: SITTING.into(),
        code: "hari-1-sesi-1".into(),
        hall: "Ruang 1".into(),
        phase: SittingPhase::Held,
        starts_utc_ms: AT_UTC_MS,
        now_utc_ms: AT_UTC_MS + 600_000,
        records: 1_204,
        held_reason: Some("Alarm kebakaran".into()),
        silent_after_s: 300,
    };
    let seat = || SeatView {
        session: SESSION.into(),
        seat: Some(SEAT.into()),
        participant_no: "26-3671-0042".into(),
        name: "Dewi Lestari".into(),
        formation: "Pranata Komputer Ahli Pertama".into(),
        phase: Phase::Running,
        attendance: Attendance::Present,
        connected: true,
        answered: 5,
        doubtful: 1,
        items: 110,
        remaining_ms: 4_811_200,
        active_utc_ms: Some(AT_UTC_MS + 598_200),
        granted_s: 900,
        late: 2,
        consented: true,
    };
    every_variant!("watch_frame", WatchFrame {
        Snapshot: "snapshot" => WatchFrame::Snapshot(WatchSnapshot {
            epoch: 774_411,
            position: 40,
            head: head(),
            room: vec![room_seat()],
            seats: vec![seat()],
            log: vec![log_line()],
            proposals: vec![proposal()],
        });
        Delta:
            "delta" => WatchFrame::Delta(WatchDelta {
                epoch: 774_411,
                position: 41,
                head: head(),
                seats: vec![seat()],
                log: vec![log_line()],
                proposals: Some(vec![proposal()]),
            }),
            "delta_of_a_quiet_hall" => WatchFrame::Delta(WatchDelta {
                epoch: 774_411,
                position: 42,
                head: WatchHead { phase: SittingPhase::Started, held_reason: None, ..head() },
                seats: Vec::new(),
                log: Vec::new(),
                proposals: None,
            });
    });
}

#[test]
fn acts_of_a_proctor() {
    every_variant!("proctor_act", ProctorAct {
        Open: "open" => ProctorAct::Open;
        Start: "start" => ProctorAct::Start;
        Hold: "hold" => ProctorAct::Hold;
        Release: "release" => ProctorAct::Release;
        Pause: "pause" => ProctorAct::Pause { sessions: vec![SESSION.into()] };
        Resume: "resume" => ProctorAct::Resume { sessions: Vec::new() };
        GrantTime: "grant_time" => ProctorAct::GrantTime { sessions: Vec::new(), seconds: 900 };
        Move: "move" => ProctorAct::Move { session: SESSION.into(), seat: SEAT.into() };
        Terminate: "terminate" => ProctorAct::Terminate { session: SESSION.into() };
        AdmitLate: "admit_late" => ProctorAct::AdmitLate { session: SESSION.into(), position: 1_187 };
        Message: "message" => ProctorAct::Message { sessions: vec![SESSION.into()], text: "Waktu tinggal 10 menit.".into() };
        Note:
            "note" => ProctorAct::Note { session: Some(SESSION.into()), text: "Peserta ke toilet".into() },
            "note_about_the_hall" => ProctorAct::Note { session: None, text: "Pendingin ruangan mati".into() };
        Close: "close" => ProctorAct::Close;
    });
}

#[test]
fn answers_to_a_proctor() {
    let pin = IssuedPin { pin: "93310478".into(), expires_utc_ms: AT_UTC_MS, seat: "C-02".into() };
    every_variant!("proctor_answer", ProctorAnswer {
        Done:
            "done" => ProctorAnswer::Done { position: 1_206, pin: None, sessions: 56 },
            "done_with_pin" => ProctorAnswer::Done { position: 1_207, pin: Some(pin), sessions: 1 };
        Proposed: "proposed" => ProctorAnswer::Proposed { proposal: OTHER.into() };
    });
}

#[test]
fn words() {
    let mut golden = Golden::new("words");
    every_word!(golden, "phase", Phase { Expected, CheckedIn, SignedIn, Ready, Running, Paused, Submitted, Expired, Terminated });
    every_word!(golden, "end_kind", EndKind { Submitted, Expired, Terminated });
    every_word!(golden, "sitting_phase", SittingPhase { Planned, Open, Started, Held, Closed });
    every_word!(golden, "attendance", Attendance { Expected, Present, Absent, Refused });
    every_word!(golden, "board_kind", BoardKind { Sitting, Stage });
    every_word!(golden, "board_state", BoardState { Waiting, Running, Paused, Ended, Absent });
    every_word!(golden, "role", Role { Admin, Author, Committee, Registrar, Proctor, Auditor });
    every_word!(golden, "name_policy", NamePolicy { Full, Initials, None });
    every_word!(golden, "attempt_rule", AttemptRule { Last, First, Best });
}

#[test]
fn rules_with_members() {
    every_variant!("reveal_policy", RevealPolicy {
        EveryAnswered: "every_answered" => RevealPolicy::EveryAnswered { items: 5 };
        Interval: "interval" => RevealPolicy::Interval { seconds: 60 };
        AtEnd: "at_end" => RevealPolicy::AtEnd;
    });
}

#[test]
fn documents_of_everybody() {
    let mut golden = Golden::new("everybody");
    let refusal = RefusalBody {
        code: "documents_missing".into(),
        message: "Catat dokumen yang diperiksa.".into(),
        details: Vec::new(),
        retry_after_ms: None,
    };
    golden.check("refusal", &refusal);
    let details = vec!["documents".into()];
    golden.check("refusal_with_all", &RefusalBody { details, retry_after_ms: Some(12_000), ..refusal });
    golden.check("created", &Created { id: OTHER.into() });
    golden.check("sign_in", &SignIn { participant_no: "26-3671-0042".into(), pin: "40718265".into() });
    golden.check(
        "terminal_session",
        &TerminalSession {
            session: SESSION.into(),
            name: "Dewi Lestari".into(),
            participant_no: "26-3671-0042".into(),
            formation: "Pranata Komputer Ahli Pertama".into(),
            selection: "CPNS Kota Tangerang 2026".into(),
            stage: "Seleksi Kompetensi Bidang".into(),
            sitting: "hari-1-sesi-1".into(),
            hall: "Ruang 1".into(),
            seat: "B-07".into(),
            duration_s: 5_400,
            sections: outline(),
            rules: "<ol><li>Kerjakan sendiri.</li></ol>".into(),
        },
    );
    golden.check(
        "boards",
        &vec![BoardSummary {
            id: SITTING.into(),
            kind: BoardKind::Sitting,
            title: "Sesi hari-1-sesi-1".into(),
            subtitle: "Ruang 1 · CPNS Kota Tangerang 2026".into(),
            candidates: 56,
        }],
    );
}

#[test]
fn documents_of_staff() {
    let mut golden = Golden::new("staff");
    let grants = || {
        vec![
            Grant { role: Role::Registrar, selection: Some(OTHER.into()), hall: None },
            Grant { role: Role::Auditor, selection: None, hall: None },
        ]
    };
    golden.check("sign_in", &StaffSignIn { login: "registrar1".into(), password: "h7kq2m9xw4tzbn3c".into() });
    golden.check("me", &Me { id: STAFF.into(), login: "registrar1".into(), name: "Wahyu Hidayat".into(), grants: grants() });
    golden.check("new_staff", &NewStaff { login: "registrar1".into(), name: "Wahyu Hidayat".into(), grants: grants() });
    golden.check(
        "staff_view",
        &StaffView {
            id: STAFF.into(),
            login: "registrar1".into(),
            name: "Wahyu Hidayat".into(),
            disabled: false,
            grants: grants(),
            sessions: 1,
        },
    );
    golden.check(
        "staff_change",
        &StaffChange {
            name: Some("Wahyu H.".into()),
            disabled: Some(true),
            grants: Some(Vec::new()),
            reset_password: true,
            revoke_sessions: true,
        },
    );
    golden.check(
        "issued_password",
        &IssuedPassword { id: STAFF.into(), login: "registrar1".into(), password: Some("h7kq2m9xw4tzbn3c".into()) },
    );
}

#[test]
fn documents_of_the_desk_and_the_proctor() {
    let mut golden = Golden::new("hall");
    golden.check(
        "desk_list",
        &DeskList {
            window: CheckInWindow {
                opens_utc_ms: AT_UTC_MS - 5_400_000,
                closes_utc_ms: AT_UTC_MS - 300_000,
                now_utc_ms: AT_UTC_MS - 600_000,
                open: true,
                doors_open: true,
            },
            counts: DeskCounts { enrolled: 56, present: 41, absent: 1, refused: 1 },
            people: vec![DeskPerson {
                session: SESSION.into(),
                participant_no: "26-3671-0042".into(),
                name: "Dewi Lestari".into(),
                formation: "Pranata Komputer Ahli Pertama".into(),
                category: "disabilitas".into(),
                birth_date: Some("1997-04-21".into()),
                extra_time_s: 1_200,
                accommodation: "Kursi roda".into(),
                seat: None,
                attendance: Attendance::Expected,
                phase: Phase::Expected,
            }],
            free_seats: vec![FreeSeat { id: SEAT.into(), label: "B-07".into(), spare: false }],
        },
    );
    let check_in = CheckIn {
        id: COMMAND.into(),
        identity_confirmed: true,
        documents: vec!["ktp".into(), "kartu_peserta".into()],
        seat: None,
        override_reason: None,
    };
    golden.check("check_in", &check_in);
    let late = CheckIn { seat: Some(SEAT.into()), override_reason: Some("Macet di tol".into()), ..check_in };
    golden.check("check_in_late", &late);
    golden.check("issued_pin", &IssuedPin { pin: "40718265".into(), expires_utc_ms: AT_UTC_MS, seat: "B-07".into() });
    golden.check("attendance", &AttendanceEntry { id: COMMAND.into(), attendance: Attendance::Refused, reason: "KTP tidak dibawa".into() });
    golden.check(
        "sittings",
        &vec![SittingSummary {
            id: SITTING.into(),
            code: "hari-1-sesi-1".into(),
            selection: "CPNS Kota Tangerang 2026".into(),
            stage: "Seleksi Kompetensi Bidang".into(),
            hall: "Ruang 1".into(),
            starts_utc_ms: AT_UTC_MS,
            phase: SittingPhase::Started,
            enrolled: 56,
            present: 55,
            running: 54,
            ended: 1,
            drawn: true,
        }],
    );
    golden.check(
        "command",
        &ProctorCommand {
            id: COMMAND.into(),
            act: ProctorAct::GrantTime { sessions: vec![SESSION.into()], seconds: 900 },
            reason: "Listrik padam 15 menit".into(),
        },
    );
    golden.check("proposals", &vec![proposal()]);
    golden.check("log", &vec![log_line()]);
}

fn blueprint() -> BlueprintBody {
    BlueprintBody {
        sections: vec![BlueprintSection {
            code: "bidang".into(),
            title: "Kompetensi Bidang".into(),
            duration_s: Some(3_600),
            linear: true,
            shuffle_items: true,
            shuffle_choices: true,
            cells: vec![BlueprintCell {
                topic: Some("komputer".into()),
                subtopic: None,
                level: Some("C3".into()),
                difficulty: Some("hard".into()),
                count: 40,
            }],
        }],
        duration_s: 5_400,
        tie_order: vec!["bidang".into()],
    }
}

#[test]
fn documents_of_setting_up() {
    let mut golden = Golden::new("setup");
    golden.check(
        "selections",
        &vec![SelectionSummary {
            id: OTHER.into(),
            code: "cpns-2026".into(),
            title: "CPNS 2026".into(),
            organiser: "BKPSDM".into(),
            candidates: 900,
            sittings: 6,
        }],
    );
    golden.check(
        "new_selection",
        &NewSelection {
            code: "cpns-2026".into(),
            title: "CPNS 2026".into(),
            organiser: "BKPSDM".into(),
            policy: SelectionPolicy::default(),
        },
    );
    golden.check(
        "selection",
        &SelectionView {
            id: OTHER.into(),
            code: "cpns-2026".into(),
            title: "CPNS 2026".into(),
            organiser: "BKPSDM".into(),
            policy: SelectionPolicy { grant_approval_above_s: None, ..SelectionPolicy::default() },
            stages: vec![StageView {
                id: OTHER.into(),
                code: "skb".into(),
                title: "Seleksi Kompetensi Bidang".into(),
                blueprints: vec![BlueprintView { formation: None, blueprint: blueprint() }],
            }],
            formations: vec![FormationView {
                id: OTHER.into(),
                code: "prakom".into(),
                title: "Pranata Komputer".into(),
                slots: 4,
                line: line(),
                candidates: 60,
            }],
            halls: vec![HallView { id: OTHER.into(), code: "ruang-1".into(), title: "Ruang 1".into(), seats: vec![room_seat()] }],
            sittings: vec![SittingView {
                id: SITTING.into(),
                stage: OTHER.into(),
                hall: OTHER.into(),
                code: "hari-1-sesi-1".into(),
                starts_utc_ms: AT_UTC_MS,
                policy: SittingPolicyBody::default(),
                phase: SittingPhase::Planned,
                enrolled: 56,
                drawn: 0,
            }],
            candidates: 900,
        },
    );
    golden.check("new_stage", &NewStage { code: "skb".into(), title: "Seleksi Kompetensi Bidang".into() });
    golden.check("put_blueprint", &PutBlueprint { formation: Some(OTHER.into()), blueprint: blueprint() });
    golden.check("new_formation", &NewFormation { code: "prakom".into(), title: "Pranata Komputer".into(), slots: 4, line: line() });
    golden.check("put_formation", &PutFormation { title: "Pranata Komputer".into(), slots: 4, line: line() });
    golden.check("new_hall", &NewHall { code: "ruang-1".into(), title: "Ruang 1".into(), rows: 8, columns: 8, spare: 4 });
    golden.check(
        "new_sitting",
        &NewSitting {
            stage: OTHER.into(),
            hall: OTHER.into(),
            code: "hari-1-sesi-1".into(),
            starts_utc_ms: AT_UTC_MS,
            policy: SittingPolicyBody::default(),
        },
    );
    let candidate = CandidateView {
        id: OTHER.into(),
        enrolment: OTHER.into(),
        participant_no: "26-3671-0042".into(),
        name: "Dewi Lestari".into(),
        formation: "prakom".into(),
        category: "umum".into(),
        accommodation: String::new(),
        extra_time_s: 0,
        sitting: Some("hari-1-sesi-1".into()),
        seat: None,
        attempts: 1,
    };
    golden.check(
        "candidate_import",
        &CandidateImportReport {
            rows: 3,
            new: 1,
            unchanged: 1,
            changed: 0,
            problems: vec![problem("peserta.csv", "formation", "formation_unknown")],
            accepted: false,
            preview: vec![candidate.clone()],
        },
    );
    golden.check("candidates", &CandidatePage { total: 1, candidates: vec![candidate] });
    golden.check("assign", &AssignSittings { sittings: vec![SITTING.into()], seats: true });
    golden.check("assigned", &Assigned { assigned: 56, left_over: 4 });
    golden.check("reschedule", &Reschedule { sitting: SITTING.into(), reason: "Sakit".into() });
    golden.check("new_attempt", &NewAttempt { sitting: SITTING.into(), reason: "Gangguan listrik".into() });
    golden.check(
        "draw_report",
        &DrawReport {
            papers: 56,
            cells: vec![DrawnCell { formation: None, section: "bidang".into(), cell: "topic komputer".into(), available: 120, count: 40 }],
            neighbour_pairs: 178,
            positions_compared: 7_120,
            positions_shared: 0,
            algorithm: "draw/v1".into(),
            seed: None,
        },
    );
}

fn problem(file: &str, field: &str, code: &str) -> Problem {
    Problem { file: file.into(), row: 7, field: field.into(), code: code.into(), reason: "Perbaiki isian ini.".into(), stops: true }
}

#[test]
fn documents_of_the_bank() {
    let mut golden = Golden::new("bank");
    let item = ItemView {
        id: ITEM.into(),
        version: 2,
        code: "umum-001".into(),
        section: "umum".into(),
        topic: "numerik".into(),
        subtopic: String::new(),
        level: "C2".into(),
        difficulty: "medium".into(),
        language: "id".into(),
        rule: "single".into(),
        stem: "Hasil dari 12 + 30 adalah".into(),
        choices: vec!["40".into(), "42".into()],
        weights: vec!["-1.25".into(), "5".into()],
        blank: "0".into(),
        basis: "Penjumlahan".into(),
    };
    golden.check(
        "import_preview",
        &ImportPreview {
            id: OTHER.into(),
            good: 1,
            bad: 1,
            new: 0,
            changed: 1,
            unchanged: 0,
            problems: vec![problem("soal.csv", "key", "key_missing")],
            items: vec![item.clone()],
        },
    );
    golden.check("accept_import", &AcceptImport { skip_bad: true });
    golden.check("import_done", &ImportDone { new: 0, changed: 1, unchanged: 0, skipped: 1 });
    let cells = vec![BankCell { section: "umum".into(), topic: "numerik".into(), subtopic: String::new(), items: 1 }];
    golden.check("items", &ItemPage { total: 1, items: vec![item], cells });
}

#[test]
fn what_may_be_left_out() {
    fn read<T: DeserializeOwned>(text: &str) -> T {
        serde_json::from_str(text).unwrap_or_else(|error| panic!("{text}: {error}"))
    }
    let command: ProctorCommand = read(r#"{"id":"aa11bb22cc33dd44ee55ff6600778899","act":{"do":"open"}}"#);
    assert_eq!((command.act, command.reason), (ProctorAct::Open, String::new()));
    let check_in: CheckIn = read(r#"{"id":"aa11bb22cc33dd44ee55ff6600778899","identity_confirmed":true,"documents":["ktp"]}"#);
    assert_eq!((check_in.seat, check_in.override_reason), (None, None));
    let selection: NewSelection = read(r#"{"code":"uji","title":"Uji","organiser":"Uji"}"#);
    assert_eq!(selection.policy, SelectionPolicy::default());
    let policy: SittingPolicyBody = read(r#"{"grace_ms":500}"#);
    assert_eq!(policy, SittingPolicyBody { grace_ms: 500, ..SittingPolicyBody::default() });
    let change: StaffChange = read(r#"{"name":null,"disabled":null,"grants":null}"#);
    assert!(!change.reset_password && !change.revoke_sessions);
    let hello: TerminalFrame = read(r#"{"t":"hello","version":1,"instance":"a"}"#);
    assert_eq!(hello, TerminalFrame::Hello { version: 1, instance: "a".into(), have_paper: None });
}

#[test]
fn what_is_not_understood_is_refused() {
    for text in [
        r#"{"t":"saved","seq":1}"#,
        r#"{"t":"answer","seq":-1,"position":0,"item":"9e107d9d372bb6826bd81d3542a419d6","choices":[]}"#,
        r#"{"t":"answer","seq":1,"position":65536,"item":"9e107d9d372bb6826bd81d3542a419d6","choices":[]}"#,
        r#"{"t":"answer","seq":1,"position":0,"item":"9e107d9d372bb6826bd81d3542a419d6","choices":[256]}"#,
        r#"{"t":"view","seq":1}"#,
        r#"{"seq":1}"#,
        "[]",
        "",
    ] {
        assert!(serde_json::from_str::<TerminalFrame>(text).is_err(), "{text}");
    }
    assert!(serde_json::from_str::<ProctorAct>(r#"{"do":"publish"}"#).is_err());
}
