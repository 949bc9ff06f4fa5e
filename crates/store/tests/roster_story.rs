//! One selection from its first line to its published list, told through the public functions of the store. The same story will run on
//! every database there is.

#[path = "story/results.rs"]
mod results;

use question_bank::blueprint::{Blueprint, Cell, Section};
use question_bank::id::{
    CandidateId, Digest32, EnrolmentId, FormationId, HallId, Id, SeatId, SelectionId, SessionId, SittingId, StaffId, StageId,
};
use question_bank::item::{CellOfItem, Difficulty, Face, Item, Level, Picture};
use question_bank::key::{Key, Rule};
use question_bank::marks::Marks;
use store::library::{Draw, ItemFilter, NewPaper, PendingImport, Seed};
use store::roster::{
    Assignment, By, CandidateRow, ChangeKind, Formation, Hall, NewAttempt, NewStage, NewTerminal, Nik, Pin, Seat, Selection, Sitting,
};
use store::staff::{Grant, NewProposal, NewStaff, PasswordHash, ProposalState, Role, StaffChange, StaffSession};
use store::{Error, Store};
use tempfile::TempDir;

const MORNING: i64 = 1_800_000_000_000;

/// Ids of different kinds may share a number.
fn n<Kind>(number: u8) -> Id<Kind> {
    Id::from_bytes([number; 16])
}

fn by(staff: StaffId) -> By {
    By { staff_id: staff, at_utc_ms: MORNING }
}

/// A selection with one stage, two formations, a hall of two by two (one seat spare), two sittings and one committee member.
struct Office {
    dir: TempDir,
    store: Store,
    selection: SelectionId,
    stage: StageId,
    nurse: FormationId,
    teacher: FormationId,
    hall: HallId,
    early: SittingId,
    late: SittingId,
    ani: StaffId,
    budi: StaffId,
}

impl Office {
    async fn new() -> Result<Office, Error> {
        let dir = TempDir::new().expect("a directory");
        let store = Store::open(&dir.path().join("data")).await?;
        let office = Office {
            dir,
            store,
            selection: n(1),
            stage: n(1),
            nurse: n(1),
            teacher: n(2),
            hall: n(1),
            early: n(1),
            late: n(2),
            ani: n(1),
            budi: n(2),
        };
        office.set_up().await?;
        Ok(office)
    }

    async fn set_up(&self) -> Result<(), Error> {
        let store = &self.store;
        store.add_selection(&self.selection()).await?;
        store.add_stage(&NewStage { id: self.stage, selection_id: self.selection, code: "skd".into(), title: "SKD".into() }).await?;
        store.add_formation(&self.formation(self.nurse, "perawat")).await?;
        store.add_formation(&self.formation(self.teacher, "guru")).await?;
        store.put_blueprint(self.stage, None, &blueprint(2)).await?;
        store.add_hall(&self.hall(), &self.seats()).await?;
        store.add_sitting(&self.sitting(self.early, "pagi")).await?;
        store.add_sitting(&self.sitting(self.late, "siang")).await?;
        store.add_staff(&staff(self.ani, "ani")).await?;
        store.add_staff(&staff(self.budi, "budi")).await
    }

    fn selection(&self) -> Selection {
        Selection {
            id: self.selection,
            code: "cpns-2027".into(),
            title: "CPNS 2027".into(),
            organiser: "Kota Contoh".into(),
            policy_json: "{}".into(),
            created_utc_ms: MORNING,
        }
    }

    fn formation(&self, id: FormationId, code: &str) -> Formation {
        Formation { id, selection_id: self.selection, code: code.into(), title: code.to_uppercase(), slots: 2, line_json: "{}".into() }
    }

    fn hall(&self) -> Hall {
        Hall { id: self.hall, selection_id: self.selection, code: "aula".into(), title: "Aula".into() }
    }

    fn seats(&self) -> Vec<Seat> {
        let seat = |number: u8| Seat {
            id: n(number),
            hall_id: self.hall,
            label: format!("A-{number:02}"),
            row: u16::from(number) / 2,
            column: u16::from(number) % 2,
            spare: number == 3,
        };
        (0..4).map(seat).collect()
    }

    fn sitting(&self, id: SittingId, code: &str) -> Sitting {
        Sitting {
            id,
            stage_id: self.stage,
            hall_id: self.hall,
            code: code.into(),
            starts_utc_ms: MORNING + i64::from(id.as_bytes()[0]) * 3_600_000,
            policy_json: "{}".into(),
        }
    }

    fn candidate(&self, number: u8) -> CandidateRow {
        CandidateRow {
            id: n(number),
            participant_no: format!("24-{number:03}a"),
            name: format!("Peserta {number}"),
            birth_date: Some("1999-12-31".into()),
            facts_json: "{}".into(),
            gpa_milli: Some(3_510),
            nik: Some(Nik(format!("3171{number:012}"))),
            formation_id: self.nurse,
            category: "umum".into(),
            accommodation: String::new(),
            extra_time_s: 0,
        }
    }

    /// Imports candidates 1 to `count` and assigns them to the early sitting, without seats.
    async fn assigned(&self, count: u8) -> Result<(), Error> {
        let rows: Vec<CandidateRow> = (1..=count).map(|number| self.candidate(number)).collect();
        self.store.import_candidates(self.selection, &rows).await?;
        let assignments: Vec<Assignment> = (1..=count).map(|number| assignment(number, self.early)).collect();
        self.store.assign(self.stage, &assignments, by(self.ani)).await
    }

    /// Draws papers for sessions of a sitting.
    async fn drawn(&self, sitting: SittingId, draw: u8, sessions: &[u8]) -> Result<(), Error> {
        let draw = Draw { id: n(draw), sitting, seed: Seed([draw; 32]), report_json: "{}".into(), by: by(self.ani) };
        let paper = |&session: &u8| NewPaper {
            session: n(session),
            body: vec![session, draw.id.as_bytes()[0]],
            digest: Digest32::of(&[session, draw.id.as_bytes()[0]]),
        };
        self.store.put_papers(&draw, &sessions.iter().map(paper).collect::<Vec<_>>()).await
    }
}

fn assignment(number: u8, sitting: SittingId) -> Assignment {
    Assignment { candidate_id: n(number), enrolment_id: n(number), attempt_id: n(number), session: n(number), sitting, seat_id: None }
}

fn blueprint(count: u16) -> Blueprint {
    let section = Section {
        code: "umum".into(),
        title: "Umum".into(),
        duration_s: None,
        linear: false,
        shuffle_items: false,
        shuffle_choices: true,
        cells: vec![Cell { count, ..Cell::default() }],
    };
    Blueprint { sections: vec![section], duration_s: 5_400, tie_order: vec!["umum".into()] }
}

fn staff(id: StaffId, login: &str) -> NewStaff {
    NewStaff {
        id,
        login: login.into(),
        name: login.to_uppercase(),
        password_hash: PasswordHash("$argon2id$x".into()),
        created_utc_ms: MORNING,
        grants: vec![Grant { role: Role::Committee, selection_id: None, hall_id: None }],
    }
}

fn item(code: &str, stem: &str, right: i32) -> (Item, Key) {
    let cell = CellOfItem {
        section: "umum".into(),
        topic: "numerik".into(),
        subtopic: String::new(),
        level: Level::C3,
        difficulty: Difficulty::Medium,
    };
    let face = Face { language: "id".into(), stem: stem.into(), choices: vec!["<p>1</p>".into(), "<p>2</p>".into()], multiple: false };
    let item = Item { id: Item::id_of(code), version: 1, code: code.into(), cell, face, basis: "UU 20/2023".into() };
    let key = Key::new(vec![Marks::ZERO, Marks::whole(right)], Marks::ZERO, Rule::Single).expect("a key");
    (item, key)
}

#[track_caller]
fn refused<T: std::fmt::Debug>(outcome: Result<T, Error>, constraint: &str) {
    match outcome {
        Err(Error::Conflict { constraint: found }) => assert_eq!(found, constraint),
        other => panic!("expected a conflict with {constraint}, got {other:?}"),
    }
}

#[track_caller]
fn not_found<T: std::fmt::Debug>(outcome: Result<T, Error>) {
    assert!(matches!(outcome, Err(Error::NotFound)), "{outcome:?}");
}

#[tokio::test]
async fn a_selection_is_set_up_and_read_back() -> Result<(), Error> {
    let office = Office::new().await?;
    let store = &office.store;
    store.put_blueprint(office.stage, Some(office.teacher), &blueprint(3)).await?;
    store.put_blueprint(office.stage, None, &blueprint(4)).await?;
    assert_eq!(
        store.blueprints_of_stage(office.stage).await?,
        [(None, blueprint(4)), (Some(office.teacher), blueprint(3))],
        "one for all, replaced, and one for teachers"
    );
    store.remove_blueprint(office.stage, Some(office.teacher)).await?;
    not_found(store.remove_blueprint(office.stage, Some(office.teacher)).await);

    let counted = store.selection_by_id(office.selection).await?;
    assert_eq!((counted.selection, counted.candidates, counted.sittings), (office.selection(), 0, 2));
    let codes: Vec<String> = store.formations_of_selection(office.selection).await?.into_iter().map(|one| one.formation.code).collect();
    assert_eq!(codes, ["guru", "perawat"]);
    assert_eq!(store.halls_of_selection(office.selection).await?, [office.hall()]);
    assert_eq!(store.seats_of_hall(office.hall).await?, office.seats());
    assert_eq!(store.seats_of_selection(office.selection).await?, office.seats());
    let sittings = store.sittings_to_run().await?;
    assert_eq!(sittings[1], store.sitting_by_id(office.late).await?);
    assert_eq!((sittings[0].selection_title.as_str(), sittings[0].hall_title.as_str()), ("CPNS 2027", "Aula"));
    let second = NewStage { id: n(2), selection_id: office.selection, code: "skb".into(), title: "SKB".into() };
    assert_eq!(store.add_stage(&second).await?, 1);
    assert_eq!(store.stages_of_selection(office.selection).await?[1], store.stage_by_id(n(2)).await?);

    store.change_sitting(office.late, "sore", MORNING, r#"{"grace_ms":0}"#).await?;
    assert_eq!(store.sitting_by_id(office.late).await?.policy_json, r#"{"grace_ms":0}"#);
    store.change_selection(&Selection { title: "CPNS".into(), ..office.selection() }).await?;
    store.change_formation(&Formation { slots: 9, ..office.formation(office.nurse, "perawat") }).await?;
    assert_eq!(store.formation_by_id(office.nurse).await?.formation.slots, 9);
    Ok(())
}

#[tokio::test]
async fn a_second_of_the_same_name_is_refused_by_name() -> Result<(), Error> {
    let office = Office::new().await?;
    let store = &office.store;
    refused(store.add_selection(&Selection { code: "lain".into(), ..office.selection() }).await, "selection_pk");
    refused(store.add_selection(&Selection { id: n(9), ..office.selection() }).await, "selection_code_unique");
    let stage = NewStage { id: n(9), selection_id: office.selection, code: "skd".into(), title: String::new() };
    refused(store.add_stage(&stage).await, "stage_code_unique");
    refused(store.add_formation(&office.formation(n(9), "guru")).await, "formation_code_unique");
    refused(store.add_hall(&Hall { id: n(9), ..office.hall() }, &[]).await, "hall_code_unique");
    let same_label = |number: u8| Seat { id: n(100 + number), label: "A-00".into(), ..office.seats()[usize::from(number)].clone() };
    let hall = Hall { id: n(9), code: "b".into(), ..office.hall() };
    refused(store.add_hall(&hall, &[same_label(0), same_label(1)]).await, "seat_label_unique");
    not_found(store.hall_by_id(n(9)).await);
    refused(store.add_sitting(&Sitting { id: n(9), ..office.sitting(office.early, "pagi") }).await, "sitting_code_unique");
    refused(store.add_staff(&staff(n(9), "ani")).await, "staff_login_unique");
    let twice = [office.candidate(1), CandidateRow { id: n(2), participant_no: " 24-001 A".into(), ..office.candidate(1) }];
    refused(store.import_candidates(office.selection, &twice).await, "candidate_participant_unique");
    assert_eq!(store.candidates(office.selection, "", 0, 10).await?.total, 0, "all or none");
    Ok(())
}

#[tokio::test]
async fn what_is_referred_to_must_be_there_and_stays() -> Result<(), Error> {
    let office = Office::new().await?;
    let store = &office.store;
    store.add_selection(&Selection { id: n(7), code: "lain".into(), ..office.selection() }).await?;
    store.add_formation(&Formation { selection_id: n(7), ..office.formation(n(7), "lain") }).await?;
    store.add_hall(&Hall { id: n(7), selection_id: n(7), ..office.hall() }, &[]).await?;
    not_found(store.put_blueprint(office.stage, Some(n(7)), &blueprint(1)).await);
    not_found(store.add_sitting(&Sitting { hall_id: n(7), ..office.sitting(n(9), "x") }).await);
    not_found(store.add_formation(&Formation { selection_id: n(99), ..office.formation(n(9), "x") }).await);
    let foreign = CandidateRow { formation_id: n(7), ..office.candidate(1) };
    not_found(store.import_candidates(office.selection, &[foreign]).await);

    office.assigned(1).await?;
    refused(store.remove_selection(office.selection).await, "selection_in_use");
    refused(store.remove_stage(office.stage).await, "stage_in_use");
    refused(store.remove_formation(office.nurse).await, "formation_in_use");
    refused(store.remove_hall(office.hall).await, "hall_in_use");
    assert_eq!(store.seats_of_hall(office.hall).await?.len(), 4, "a refused removal removes nothing");
    refused(store.remove_sitting(office.early).await, "sitting_in_use");
    refused(store.remove_candidate(n(1)).await, "candidate_in_use");
    store.remove_hall(n(7)).await?;
    store.remove_formation(n(7)).await?;
    store.remove_selection(n(7)).await?;
    not_found(store.remove_selection(n(7)).await);
    Ok(())
}

#[tokio::test]
async fn candidates_are_imported_again_and_again() -> Result<(), Error> {
    let office = Office::new().await?;
    let store = &office.store;
    let rows = vec![office.candidate(1), office.candidate(2)];
    let counts = store.compare_candidates(office.selection, &rows).await?;
    assert_eq!((counts.new, counts.changed, counts.unchanged), (2, 0, 0));
    assert_eq!(store.candidates(office.selection, "", 0, 10).await?.total, 0, "comparing stores nothing");
    assert_eq!(store.import_candidates(office.selection, &rows).await?, counts);

    // The second file writes a number differently, knows no NIK, and comes with fresh ids.
    let assigned = [assignment(2, office.early)];
    store.assign(office.stage, &assigned, by(office.ani)).await?;
    let again = [
        CandidateRow { id: n(101), ..office.candidate(1) },
        CandidateRow { id: n(102), nik: None, category: "disabilitas".into(), extra_time_s: 1_800, ..office.candidate(2) },
        office.candidate(3),
    ];
    let counts = store.import_candidates(office.selection, &again).await?;
    assert_eq!((counts.new, counts.changed, counts.unchanged), (1, 1, 1));
    let line = store.candidate_by_id(n(2)).await?;
    assert_eq!((line.category.as_str(), line.extra_time_s), ("disabilitas", 1_800), "the enrolment follows");
    assert_eq!(store.nik_of_candidate(n(2)).await?, office.candidate(2).nik);
    assert_eq!(format!("{:?}", office.candidate(2).nik), "Some(Nik(private))");

    let found = store.candidates(office.selection, "24-002 A", 0, 10).await?;
    assert_eq!((found.total, found.lines[0].id), (1, n(2)));
    assert_eq!(store.candidates(office.selection, "peserta", 1, 2).await?.lines.len(), 1, "page two of three people");
    assert_eq!(store.candidates(office.selection, "%", 0, 10).await?.total, 0);

    office.drawn(office.early, 1, &[2]).await?;
    let other = CandidateRow { formation_id: office.teacher, ..again[1].clone() };
    assert_eq!(store.compare_candidates(office.selection, std::slice::from_ref(&other)).await?.drawn, ["24-002a"]);
    refused(store.import_candidates(office.selection, &[other, office.candidate(4)]).await, "candidate_formation_drawn");
    assert_eq!(store.candidates(office.selection, "", 0, 10).await?.total, 3);
    Ok(())
}

#[tokio::test]
async fn candidates_get_sittings_seats_and_papers() -> Result<(), Error> {
    let office = Office::new().await?;
    let store = &office.store;
    let rows: Vec<CandidateRow> = (1..=4).map(|number| office.candidate(number)).collect();
    store.import_candidates(office.selection, &rows).await?;
    assert_eq!(store.unassigned_of_stage(office.stage).await?.len(), 4);
    let all: Vec<Assignment> = (1..=4).map(|number| assignment(number, office.early)).collect();
    refused(store.assign(office.stage, &all, by(office.ani)).await, "sitting_capacity");
    let seated = Assignment { seat_id: Some(n(0)), ..all[0] };
    let same_seat = Assignment { seat_id: Some(n(0)), ..all[1] };
    refused(store.assign(office.stage, &[seated, same_seat], by(office.ani)).await, "session_seat_unique");
    store.assign(office.stage, &[seated, all[1], all[2]], by(office.ani)).await?;
    refused(store.assign(office.stage, &[assignment(1, office.late)], by(office.ani)).await, "enrolment_candidate_unique");
    let left: Vec<CandidateId> = store.unassigned_of_stage(office.stage).await?.into_iter().map(|one| one.candidate_id).collect();
    assert_eq!(left, [n(4)]);
    let places = store.places_of_stage(office.stage).await?;
    assert_eq!((places[0].seats, places[0].spare, places[0].taken, places[1].taken), (3, 1, 3, 0));

    refused(store.assign_seat(n(2), n(0)).await, "session_seat_unique");
    not_found(store.assign_seat(n(2), n(99)).await);
    store.assign_seat(n(2), n(1)).await?;
    store.clear_seat(n(1)).await?;
    assert_eq!(store.taken_seats(office.early).await?.into_iter().collect::<Vec<SeatId>>(), [n(1)]);

    not_found(office.drawn(office.late, 1, &[1]).await);
    assert_eq!(store.draw_of_sitting(office.late).await?, None, "all or none");
    office.drawn(office.early, 1, &[1, 2]).await?;
    office.drawn(office.early, 2, &[2]).await?;
    let sessions = store.sessions_of_sitting(office.early).await?;
    let papers: Vec<Option<Vec<u8>>> = sessions.iter().map(|session| session.paper.clone()).collect();
    assert_eq!(papers, [Some(vec![1, 1]), Some(vec![2, 2]), None]);
    assert_eq!((sessions[1].seat_id, sessions[1].formation_code.as_str(), sessions[1].attempt_number), (Some(n(1)), "perawat", 1));
    assert_eq!(store.session_by_id(n(2)).await?, (office.early, sessions[1].clone()));
    assert_eq!(store.paper_of_session(n(3)).await?, None);
    let drawn: Vec<(u32, u32)> =
        store.sittings_of_selection(office.selection).await?.iter().map(|sitting| (sitting.enrolled, sitting.drawn)).collect();
    assert_eq!(drawn, [(3, 2), (0, 0)]);
    Ok(())
}

#[tokio::test]
async fn a_person_is_rescheduled_and_tries_again() -> Result<(), Error> {
    let office = Office::new().await?;
    let store = &office.store;
    office.assigned(2).await?;
    office.drawn(office.early, 1, &[1, 2]).await?;
    store.assign_seat(n(1), n(0)).await?;
    let enrolment: EnrolmentId = n(1);
    refused(store.reschedule(enrolment, office.early, "", by(office.ani)).await, "attempt_sitting_unique");
    not_found(store.reschedule(n(99), office.late, "", by(office.ani)).await);
    let moved = store.reschedule(enrolment, office.late, "sakit", by(office.ani)).await?;
    assert_eq!((moved.session, moved.from, moved.to), (n(1), office.early, office.late));
    let (sitting, session) = store.session_by_id(n(1)).await?;
    assert_eq!((sitting, session.seat_id, session.paper), (office.late, None, None));
    assert_eq!(store.sitting_of_session(n(1)).await?, office.late);

    let again = NewAttempt { enrolment_id: enrolment, attempt_id: n(51), session: n(51), sitting: office.early, reason: "listrik".into() };
    assert_eq!(store.add_attempt(&again, by(office.budi)).await?, 2);
    refused(store.add_attempt(&NewAttempt { attempt_id: n(52), session: n(52), ..again }, by(office.ani)).await, "attempt_sitting_unique");
    let attempts = store.attempts_of_enrolment(enrolment).await?;
    let told: Vec<(u32, &str, &str)> =
        attempts.iter().map(|attempt| (attempt.number, attempt.sitting_code.as_str(), attempt.reason.as_str())).collect();
    assert_eq!(told, [(1, "siang", ""), (2, "pagi", "listrik")]);
    let line = store.candidate_by_id(n(1)).await?;
    assert_eq!((line.attempts, line.sitting_code.as_deref(), line.session), (2, Some("pagi"), Some(n(51))));
    let changes = store.changes_of_enrolment(enrolment).await?;
    assert_eq!(changes.iter().filter(|change| change.kind == ChangeKind::Rescheduled).count(), 1);
    assert_eq!(changes.len(), 3);
    store.change_enrolment(enrolment, "umum", "pembaca layar", 600).await?;
    assert_eq!(store.session_by_id(n(51)).await?.1.accommodation, "pembaca layar");
    assert_eq!(store.stage_of_enrolment(enrolment).await?.id, office.stage);
    Ok(())
}

#[tokio::test]
async fn a_pin_is_spent_once() -> Result<(), Error> {
    let office = Office::new().await?;
    let store = &office.store;
    office.assigned(1).await?;
    let session: SessionId = n(1);
    let pin = Pin { session, mac: [7; 32], expires_utc_ms: MORNING + 1_000, attempts_left: 2, seat_id: Some(n(0)) };
    let terminal = |token: u8, at: i64| NewTerminal {
        token_hash: Digest32([token; 32]),
        session,
        epoch: u32::from(token),
        created_utc_ms: MORNING + at,
    };
    store.pin_put(&pin).await?;
    let found = store.pin_find("24-001A ", MORNING).await?;
    assert_eq!((found.len(), &found[0].pin, found[0].sitting), (1, &pin, office.early));
    assert!(store.pin_find("24-001A", MORNING + 1_000).await?.is_empty(), "expired");
    refused(store.pin_spend(&pin, &terminal(1, 1_000)).await, "pin_spent");
    store.pin_spend(&pin, &terminal(1, 0)).await?;
    refused(store.pin_spend(&pin, &terminal(2, 0)).await, "pin_spent");
    assert!(store.pin_find("24-001A", MORNING).await?.is_empty(), "used");
    let speaks = store.terminal_by_token(Digest32([1; 32])).await?.expect("a terminal");
    assert_eq!((speaks.session, speaks.sitting, speaks.epoch), (session, office.early, 1));

    let fresh = Pin { mac: [8; 32], ..pin.clone() };
    store.pin_put(&fresh).await?;
    refused(store.pin_spend(&pin, &terminal(2, 0)).await, "pin_spent");
    let same_epoch = NewTerminal { epoch: 1, ..terminal(2, 0) };
    refused(store.pin_spend(&fresh, &same_epoch).await, "terminal_token_epoch_unique");
    store.pin_spend(&fresh, &terminal(2, 0)).await?;
    let epoch = async |token: u8| store.terminal_by_token(Digest32([token; 32])).await.map(|found| found.map(|found| found.epoch));
    assert_eq!((epoch(1).await?, epoch(2).await?), (Some(1), Some(2)), "the older one may still hand in late evidence");
    assert_eq!(store.revoke_terminals(session).await?, 2);
    assert_eq!(store.revoke_terminals_of_sitting(office.early).await?, 0);

    store.pin_put(&pin).await?;
    assert_eq!((store.pin_miss(session).await?, store.pin_miss(session).await?, store.pin_miss(session).await?), (1, 0, 0));
    refused(store.pin_spend(&pin, &terminal(3, 0)).await, "pin_spent");
    store.pin_drop(session).await
}

#[tokio::test]
async fn the_bank_takes_versions_only_of_what_changed() -> Result<(), Error> {
    let office = Office::new().await?;
    let store = &office.store;
    let picture = Picture { hash: Digest32::of(b"png"), media_type: "image/png", bytes: b"png".to_vec() };
    let first = [item("n-1", "<p>Berapa 1+1?</p>", 5), item("n-2", "<p>100%</p>", 5)];
    let counts = store.compare_import(&first).await?;
    assert_eq!((counts.new, counts.changed, counts.unchanged), (2, 0, 0));
    assert_eq!(store.accept_import(&first, std::slice::from_ref(&picture), MORNING).await?, counts);
    assert_eq!(store.picture(picture.hash).await?, picture);

    let mut second = vec![item("n-1", "<p>Berapa 1+1?</p>", 4), item("n-2", "<p>100%</p>", 5), item("n-3", "<p>x</p>", 5)];
    second[1].0.basis = "PP 49/2018".into();
    let counts = store.accept_import(&second, &[picture], MORNING).await?;
    assert_eq!((counts.new, counts.changed, counts.unchanged), (1, 1, 1), "another weight is another version, another basis is not");
    let versions = [(Item::id_of("n-1"), 2), (Item::id_of("n-2"), 1), (Item::id_of("n-1"), 1)];
    let items = store.items_of_versions(&versions).await?;
    assert_eq!(items.iter().map(|item| (item.code.as_str(), item.version)).collect::<Vec<_>>(), [("n-1", 2), ("n-2", 1), ("n-1", 1)]);
    assert_eq!((&items[1].basis, &items[0].face), (&"PP 49/2018".to_owned(), &second[0].0.face));
    let keys = store.keys_of_versions(&versions).await?;
    assert_eq!((&keys[0].2, &keys[2].2), (&second[0].1, &first[0].1));
    assert!(matches!(store.items_of_versions(&[(Item::id_of("n-1"), 3)]).await, Err(Error::Damaged(_))));

    let filter = ItemFilter { section: "umum".into(), find: "100%".into(), page_items: 50, ..ItemFilter::default() };
    let page = store.latest_items(&filter).await?;
    assert_eq!((page.total, page.items[0].code.as_str()), (1, "n-2"));
    assert_eq!(store.latest_items(&ItemFilter { page: 1, page_items: 2, ..ItemFilter::default() }).await?.items.len(), 1);
    assert_eq!(store.bank_cells().await?[0].items, 3);
    let pool = store.pool(&["umum", "lain"]).await?;
    assert_eq!(pool.len(), 3);
    assert!(pool.iter().any(|one| one.entry.item == Item::id_of("n-1") && one.entry.version == 2 && one.entry.choices == 2));

    let pending = PendingImport { id: n(1), at_utc_ms: MORNING, staff_id: office.ani, pending: vec![1], expires_utc_ms: MORNING + 10 };
    store.put_bank_import(&pending).await?;
    assert_eq!(store.bank_import(n(1), MORNING).await?, pending);
    not_found(store.bank_import(n(1), MORNING + 10).await);
    assert_eq!(store.sweep_bank_imports(MORNING + 10).await?, 1);
    not_found(store.remove_bank_import(n(1)).await);
    Ok(())
}

#[tokio::test]
async fn staff_sign_in_and_are_locked_out() -> Result<(), Error> {
    let office = Office::new().await?;
    let store = &office.store;
    let session = |token: u8| StaffSession {
        token_hash: Digest32([token; 32]),
        staff_id: office.ani,
        created_utc_ms: MORNING,
        last_seen_utc_ms: MORNING,
        expires_utc_ms: MORNING + 1_000,
        browser_hash: Some(Digest32([token; 32])),
    };
    store.add_staff_session(&session(1)).await?;
    store.add_staff_session(&session(2)).await?;
    let door = store.staff_by_login("ani").await?.expect("Ani");
    assert_eq!((door.staff.id, format!("{:?}", door.password_hash)), (office.ani, "PasswordHash(secret)".to_owned()));
    assert_eq!(store.staff_by_login("cici").await?, None);
    let grants = vec![
        Grant { role: Role::Proctor, selection_id: Some(office.selection), hall_id: Some(office.hall) },
        Grant { role: Role::Registrar, selection_id: None, hall_id: None },
    ];
    store.change_staff(office.ani, &StaffChange { grants: Some(grants.clone()), ..StaffChange::default() }).await?;
    let signed_in = store.signed_in(Digest32([1; 32]), MORNING).await?.expect("Ani");
    assert_eq!((signed_in.session, signed_in.staff.grants), (session(1), grants));
    store.touch_staff_session(Digest32([1; 32]), MORNING + 5, MORNING + 2_000).await?;
    assert_eq!(store.signed_in(Digest32([2; 32]), MORNING + 1_500).await?, None, "expired");
    assert_eq!(store.count_staff_sessions(MORNING + 1_500).await?, 1);
    assert_eq!(store.sweep_staff_sessions(MORNING + 1_500).await?, 1);
    let all: Vec<(String, u32)> = store.staff_all(MORNING).await?.into_iter().map(|one| (one.staff.login, one.sessions)).collect();
    assert_eq!(all, [("ani".to_owned(), 1), ("budi".to_owned(), 0)]);

    store.change_staff(office.ani, &StaffChange { disabled: Some(true), ..StaffChange::default() }).await?;
    assert_eq!(store.signed_in(Digest32([1; 32]), MORNING).await?, None);
    store.change_staff(office.ani, &StaffChange { disabled: Some(false), ..StaffChange::default() }).await?;
    assert_eq!(store.signed_in(Digest32([1; 32]), MORNING).await?, None, "locking out ended the session");
    assert_eq!(store.revoke_staff_sessions(office.ani).await?, 0);
    store.revoke_staff_session(Digest32([1; 32])).await?;
    not_found(store.change_staff(n(99), &StaffChange::default()).await);
    Ok(())
}

#[tokio::test]
async fn a_second_person_decides() -> Result<(), Error> {
    let office = Office::new().await?;
    let store = &office.store;
    let proposal = |number: u8| NewProposal {
        id: n(number),
        sitting: office.early,
        command_json: "{}".into(),
        proposer_id: office.ani,
        reason: "perangkat rusak".into(),
        at_utc_ms: MORNING,
    };
    store.add_proposal(&proposal(1)).await?;
    store.add_proposal(&proposal(2)).await?;
    refused(store.approve_proposal(n(1), by(office.ani)).await, "proposal_second_person");
    store.approve_proposal(n(1), by(office.budi)).await?;
    refused(store.reject_proposal(n(1), by(office.ani)).await, "proposal_decided");
    assert_eq!(store.pending_proposals(office.early).await?.len(), 1);
    store.reject_proposal(n(2), by(office.ani)).await?;
    let decided = store.proposal_by_id(n(2)).await?;
    assert_eq!((decided.state, decided.decided_by, decided.proposer_name.as_str()), (ProposalState::Rejected, Some(office.ani), "ANI"));
    not_found(store.approve_proposal(n(9), by(office.budi)).await);
    Ok(())
}

#[tokio::test]
async fn an_installation_keeps_its_secret_and_everything_else_when_opened_again() -> Result<(), Error> {
    let office = Office::new().await?;
    assert_eq!(office.store.installation_get("secret").await?, None);
    assert_eq!(office.store.installation_get_or_put("secret", b"first").await?, b"first");
    assert_eq!(office.store.installation_get_or_put("secret", b"second").await?, b"first");
    office.store.installation_put("name", b"a").await?;
    office.store.installation_put("name", b"b").await?;
    office.store.close().await;
    let again = Store::open(&office.dir.path().join("data")).await?;
    assert_eq!(again.installation_get("secret").await?.as_deref(), Some(b"first".as_slice()));
    assert_eq!(again.installation_get("name").await?.as_deref(), Some(b"b".as_slice()));
    assert_eq!(again.sittings_to_run().await?.len(), 2);
    Ok(())
}
