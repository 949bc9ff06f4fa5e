//! Documents of rule sets, results and objections.

use super::{AT_UTC_MS, DIGEST, Golden, OTHER, SITTING};
use wire::objections::{
    AttachmentView, CandidateSignIn, ConfirmDecision, DecideObjection, MyObjection, MyObjections, MyStage, NewAttachment, NewObjection,
    ObjectionDecision, ObjectionDesk, ObjectionState, ObjectionView, ObjectionWindow, PutObjectionWindow, ReturnDecision,
};
use wire::results::{
    AdoptFirst, Approval, Approve, AttendanceCount, Change, Computation, CorrectionState, CorrectionView, CountDifference,
    DifferenceExplained, Effect, EffectRow, ExplainDifference, Explanation, FactValue, FileLink, ListSection, MoveView, NewCorrection,
    PlaceCounts, PreviewMade, PublicationDraft, PublicationView, Publish, PublishPreview, PutAttendanceCount, Reconciliation, Reject,
    ResultList, ResultRow, Results, RevisionDetail, RevisionView, ScorerDifference, SecondScorer, SectionRange, SittingCounts,
    SittingReconciled, StandingView, StatusCount, VoidPolicy,
};
use wire::rule_sets::{
    CaseView, CheckRuleSet, ChooseRuleSet, ChosenRuleSet, RuleSetChecked, RuleSetInUse, RuleSetProblem, RuleSetSummary, RuleSetView,
    TwoLanguages, UnsureView,
};

const NUMBER: &str = "26-3671-0042";

fn words(id: &str, en: &str) -> TwoLanguages {
    TwoLanguages { id: id.into(), en: en.into() }
}

fn rule_set() -> RuleSetView {
    RuleSetView {
        summary: RuleSetSummary {
            id: "skd-2024".into(),
            year: 2024,
            title: words("SKD 2024", "Basic test 2024"),
            hash: DIGEST.into(),
            stages: vec!["skd".into()],
        },
        explanation: words("Tahap skd\n  twk: paling tinggi 150\n", "Stage skd\n  twk: at most 150\n"),
        categories: vec!["umum".into(), "cumlaude".into()],
        jobs: vec!["dokter".into()],
        adjustments: Vec::new(),
        unsure: vec![UnsureView {
            parameter: "display.decimals".into(),
            default: "3".into(),
            about: words("tidak diatur", "not regulated"),
        }],
        cases: vec![CaseView { id: "t1".into(), title: words("tujuh orang", "seven people"), differences: Vec::new() }],
        text: "id = \"skd-2024\"\n".into(),
    }
}

#[test]
fn documents_of_rule_sets() {
    let mut golden = Golden::new("rule_sets");
    let view = rule_set();
    golden.check("list", &vec![view.summary.clone()]);
    golden.check("check", &CheckRuleSet { text: "id = 1\n".into() });
    let problem = RuleSetProblem { line: 1, sentence: words("`id` harus teks", "`id` must be text") };
    golden.check("checked", &RuleSetChecked { problems: vec![problem], view: None });
    golden.check("choose", &ChooseRuleSet { id: Some("skd-2024".into()), text: None, reason: "Keputusan Menteri 2024".into() });
    let chosen =
        ChosenRuleSet { view, selection: OTHER.into(), by: "Siti".into(), at_utc_ms: AT_UTC_MS, reason: String::new(), choices: 1 };
    golden.check("in_use", &RuleSetInUse { chosen: Some(chosen), misfits: vec!["Tahap SKB tidak ada dalam himpunan aturan.".into()] });
}

fn row() -> ResultRow {
    ResultRow {
        participant_no: NUMBER.into(),
        name: "Dewi Lestari".into(),
        category: "umum".into(),
        rank: Some(1),
        marks: vec!["110".into(), "120".into(), "166.5".into()],
        total: Some("396.5".into()),
        values: Vec::new(),
        status: "shortlisted".into(),
        code: "P/L".into(),
        place: "skd".into(),
        group: String::new(),
        to_formation: String::new(),
        note: String::new(),
    }
}

fn second_scorer() -> SecondScorer {
    let difference = ScorerDifference { participant_no: NUMBER.into(), column: "rank".into(), first: "1".into(), second: "2".into() };
    SecondScorer { agrees: false, people: 60, differences: vec![difference] }
}

fn results() -> Results {
    let count =
        StatusCount { status: "shortlisted".into(), title: words("lanjut ke tahap berikutnya", "goes on"), code: "P/L".into(), people: 12 };
    let section =
        ListSection { code: "twk".into(), title: "Tes Wawasan Kebangsaan".into(), max: "150".into(), threshold: Some("65".into()) };
    Results {
        rule_set: "skd-2024 · SKD 2024".into(),
        rule_set_hash: DIGEST.into(),
        ties_on: "exact".into(),
        input_hash: DIGEST.into(),
        results_hash: DIGEST.into(),
        counts: vec![PlaceCounts { place: "skd".into(), title: "SKD".into(), entered: 60, decided: vec![count], went_on: 12 }],
        lists: vec![ResultList {
            formation: "prakom".into(),
            title: "Pranata Komputer".into(),
            category: "umum".into(),
            job: "prakom".into(),
            slots: 4,
            vacant: Some(0),
            sections: vec![section],
            total_threshold: Some("311".into()),
            cut_after: Some(12),
            rows: vec![row()],
        }],
        values: vec!["SKD".into(), "Nilai akhir".into()],
        moves: vec![MoveView { step: "1".into(), participant_no: NUMBER.into(), from: "prakom".into(), to: "prakom-2".into() }],
        second_scorer: second_scorer(),
    }
}

fn revision() -> RevisionView {
    RevisionView {
        id: OTHER.into(),
        number: 2,
        at_utc_ms: AT_UTC_MS,
        reason: "Kunci butir tiu-9 keliru".into(),
        correction: Some(OTHER.into()),
        by: vec!["Siti".into(), "Budi".into()],
        rule_set: "skd-2024".into(),
        rule_set_hash: DIGEST.into(),
        input_hash: DIGEST.into(),
        results_hash: DIGEST.into(),
        people: 60,
        files: ["rules.toml", "formations.csv", "scores.csv", "results.csv", "sources.json"].map(str::to_owned).into(),
        publication: None,
    }
}

#[test]
fn documents_of_results() {
    let mut golden = Golden::new("results");
    golden.check(
        "computation",
        &Computation {
            results: results(),
            current: Some(revision()),
            unchanged: false,
            obstacles: vec!["Sesi hari-1-sesi-2 belum ditutup.".into()],
            remarks: vec!["2 jawaban terlambat tersimpan sebagai bukti dan tidak dihitung.".into()],
        },
    );
    golden.check("explanation", &Explanation { text: words("Peserta 1, formasi A\n", "Participant 1, formation A\n") });
    golden.check("revisions", &vec![revision()]);
    golden.check("revision", &RevisionDetail { revision: revision(), results: results() });
    golden.check("adopt_first", &AdoptFirst { input_hash: DIGEST.into(), reason: "Rapat pleno".into() });
    let publish = Publish {
        revision: 2,
        letterhead: vec!["PEMERINTAH KOTA CONTOH".into(), "BKPSDM".into()],
        title: "Hasil SKD".into(),
        number: "800/17/BKPSDM".into(),
        decrees: vec!["Keputusan Menteri 2024".into()],
        place: "Kota Contoh".into(),
        signatory_position: "Ketua Panitia".into(),
        signatory_name: "Siti".into(),
    };
    golden.check("publish", &publish);
    golden.check("publication_draft", &PublicationDraft { publish, obstacles: vec!["Revisi 2 sudah diumumkan.".into()] });
    let files = vec![FileLink { name: "daftar.pdf".into(), href: "/api/v1/publication-previews/1/daftar.pdf".into() }];
    golden.check("publish_preview", &PublishPreview { preview: OTHER.into() });
    golden.check("preview_made", &PreviewMade { id: OTHER.into(), page: "/api/v1/publication-previews/1".into(), files });
    golden.check(
        "publications",
        &vec![PublicationView {
            id: OTHER.into(),
            selection: "CPNS 2026".into(),
            stage: "Seleksi Kompetensi Bidang".into(),
            title: "Hasil Seleksi".into(),
            number: "800/17/BKPSDM".into(),
            revision: 2,
            reason: "Kunci butir tiu-9 keliru".into(),
            published_utc_ms: AT_UTC_MS,
            people: 60,
            sha256: DIGEST.into(),
        }],
    );
}

#[test]
fn documents_of_reconciliation() {
    let mut golden = Golden::new("reconciliation");
    let counts = SittingCounts { enrolled: 60, present: 57, absent: 3, not_started: 1, submitted: 40, expired: 15, terminated: 1 };
    let explained = DifferenceExplained { text: "Satu orang pulang sebelum mulai".into(), by: "Siti".into(), at_utc_ms: AT_UTC_MS };
    let entry = AttendanceCount { present: 56, absent: 4, note: "dihitung dua kali".into(), by: "Budi".into(), at_utc_ms: AT_UTC_MS };
    golden.check("entry", &entry);
    golden.check("put_entry", &PutAttendanceCount { present: 56, absent: 4, note: String::new() });
    golden.check(
        "explain",
        &ExplainDifference { code: "present_differs".into(), numbers: "56/57".into(), text: "Satu orang pulang sebelum mulai".into() },
    );
    golden.check(
        "reconciliation",
        &Reconciliation {
            sittings: vec![SittingReconciled {
                sitting: SITTING.into(),
                code: "hari-1-sesi-1".into(),
                hall: "Ruang 1".into(),
                starts_utc_ms: AT_UTC_MS,
                closed: true,
                counts: counts.clone(),
                sections: vec![SectionRange { code: "twk".into(), highest: "145".into(), lowest: "20".into() }],
                entry: Some(entry),
                differences: vec![CountDifference {
                    code: "present_differs".into(),
                    numbers: "56/57".into(),
                    sentence: "Pengawas menghitung 56 hadir, catatan 57 hadir.".into(),
                    explanation: Some(explained),
                }],
            }],
            total: counts,
            unexplained: 0,
        },
    );
}

#[test]
fn every_change() {
    let mut golden = Golden::new("change");
    let all = [
        ("key", Change::Key { item: "tiu-9".into(), right: vec![0, 2] }),
        ("void_full_marks", Change::Void { item: "tiu-9".into(), policy: VoidPolicy::FullMarks }),
        ("void_removed", Change::Void { item: "tiu-9".into(), policy: VoidPolicy::Removed }),
        ("status", Change::Status { participant_no: NUMBER.into(), status: "withdrawn".into(), from: "final".into() }),
        ("facts", Change::Facts { participant_no: NUMBER.into(), values: vec![FactValue { column: "gpa".into(), value: "3.51".into() }] }),
        ("decision", Change::Decision { formation: "prakom".into(), order: vec![NUMBER.into()] }),
        ("move_decision", Change::MoveDecision { order: vec![NUMBER.into(), "26-3671-0007".into()] }),
        ("recompute", Change::Recompute),
    ];
    for (name, change) in &all {
        match change {
            Change::Key { .. }
            | Change::Void { .. }
            | Change::Status { .. }
            | Change::Facts { .. }
            | Change::Decision { .. }
            | Change::MoveDecision { .. }
            | Change::Recompute => golden.check(name, change),
        }
    }
}

#[test]
fn documents_of_corrections() {
    let mut golden = Golden::new("corrections");
    let change = Change::Void { item: "tiu-9".into(), policy: VoidPolicy::FullMarks };
    golden.check("new", &NewCorrection { change: change.clone(), reason: "Gambar tidak tampil".into(), objection: Some(OTHER.into()) });
    let correction = CorrectionView {
        id: OTHER.into(),
        change,
        sentence: "Butir tiu-9 dibatalkan: semua yang menerimanya mendapat nilai penuh".into(),
        reason: "Gambar tidak tampil".into(),
        by: "Siti".into(),
        at_utc_ms: AT_UTC_MS,
        state: CorrectionState::Open,
        approvals: vec![Approval { by: "Siti".into(), at_utc_ms: AT_UTC_MS }],
        hindrance: Some("same_person".into()),
        revision: None,
        objection: Some(OTHER.into()),
        rejected_because: String::new(),
    };
    golden.check("list", &vec![correction.clone()]);
    golden.check("approve", &Approve { effect_hash: DIGEST.into() });
    golden.check("reject", &Reject { reason: "Sudah diperbaiki".into() });
    let standing = |total: &str, rank: u32, status: &str, code: &str| StandingView {
        total: Some(total.into()),
        rank: Some(rank),
        status: status.into(),
        code: code.into(),
        to_formation: String::new(),
    };
    golden.check(
        "effect",
        &Effect {
            correction,
            before: 1,
            effect_hash: DIGEST.into(),
            people: 60,
            changed: 1,
            rose: 1,
            fell: 0,
            enter: 1,
            leave: 0,
            rows: vec![EffectRow {
                participant_no: NUMBER.into(),
                name: "Dewi Lestari".into(),
                formation: "prakom".into(),
                before: Some(standing("311", 13, "passed_but_outside_the_cut", "P")),
                after: Some(standing("316", 12, "shortlisted", "P/L")),
                total_difference: "+5".into(),
                enters: true,
                leaves: false,
            }],
            obstacles: Vec::new(),
            second_scorer: SecondScorer { agrees: true, people: 60, differences: Vec::new() },
        },
    );
    let states = [CorrectionState::Open, CorrectionState::Adopted, CorrectionState::Rejected];
    golden.check("states", &states.to_vec());
}

#[test]
fn documents_of_objections() {
    let mut golden = Golden::new("objections");
    let window = ObjectionWindow { opens_utc_ms: AT_UTC_MS, closes_utc_ms: AT_UTC_MS + 259_200_000 };
    golden.check("put_window", &PutObjectionWindow { window: window.clone() });
    let sign_in = CandidateSignIn { participant_no: NUMBER.into(), nik: "9900000000000042".into(), birth_date: "1999-12-31".into() };
    golden.check("sign_in", &sign_in);
    let attachment = NewAttachment { name: "bukti.pdf".into(), base64: "JVBERi0=".into() };
    golden.check("new", &NewObjection { text: "Nilai TIU saya tidak sesuai".into(), attachment: Some(attachment) });
    let own = MyObjection {
        id: OTHER.into(),
        text: "Nilai TIU saya tidak sesuai".into(),
        attachment: Some("bukti.pdf".into()),
        at_utc_ms: AT_UTC_MS,
        state: "granted".into(),
        answer: "Butir tiu-9 dibatalkan".into(),
        answered_utc_ms: Some(AT_UTC_MS),
    };
    let stage = MyStage {
        stage: OTHER.into(),
        title: "SKD".into(),
        publication: OTHER.into(),
        line: "/hasil/1/peserta/26-3671-0042".into(),
        certificate: "/hasil/1/peserta/26-3671-0042/sertifikat.pdf".into(),
        window: Some(window.clone()),
        open: true,
        objection: Some(own),
    };
    golden.check(
        "mine",
        &MyObjections { name: "Dewi Lestari".into(), participant_no: NUMBER.into(), selection: "CPNS 2026".into(), stages: vec![stage] },
    );
    golden.check("decide", &DecideObjection { granted: true, answer: "Butir tiu-9 dibatalkan".into(), correction: Some(OTHER.into()) });
    golden.check("confirm", &ConfirmDecision { decision_id: OTHER.into() });
    golden.check("return", &ReturnDecision { decision_id: OTHER.into(), reason: "Belum jelas".into() });
    let decision = ObjectionDecision {
        id: OTHER.into(),
        granted: true,
        answer: "Butir tiu-9 dibatalkan".into(),
        correction: Some(OTHER.into()),
        by: "Siti".into(),
        at_utc_ms: AT_UTC_MS,
        confirmed_by: Some("Budi".into()),
        confirmed_utc_ms: Some(AT_UTC_MS),
    };
    let view = ObjectionView {
        id: OTHER.into(),
        participant_no: NUMBER.into(),
        name: "Dewi Lestari".into(),
        formation: "prakom".into(),
        text: "Nilai TIU saya tidak sesuai".into(),
        attachment: Some(AttachmentView { name: "bukti.pdf".into(), media_type: "application/pdf".into(), bytes: 120_000 }),
        at_utc_ms: AT_UTC_MS,
        state: ObjectionState::Answered,
        decision: Some(decision),
        hindrance: Some("same_person".into()),
    };
    golden.check("desk", &ObjectionDesk { window: Some(window), objections: vec![view] });
    let states = [ObjectionState::Received, ObjectionState::Decided, ObjectionState::Answered];
    golden.check("states", &states.to_vec());
}
