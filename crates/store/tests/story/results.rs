//! What becomes of a stage's results: revisions, corrections, objections, publications.

use super::{MORNING, Office, by, n, not_found, refused};
use question_bank::id::{CorrectionId, Digest32, RevisionId, StaffId};
use sqlx::ConnectOptions;
use store::Error;
use store::results::{
    Attachment, AttendanceCount, CorrectionApproval, CorrectionState, DifferenceExplained, NewCorrection, NewObjection,
    NewObjectionDecision, NewPublication, NewRevision, ObjectionWindow, RevisionFile, RuleSetChoice,
};
use store::roster::By;

fn digest(number: u8) -> Digest32 {
    Digest32([number; 32])
}

impl Office {
    fn revision(&self, number: u32) -> NewRevision {
        NewRevision {
            id: n(number as u8),
            stage_id: self.stage,
            number,
            correction_id: None,
            reason: String::new(),
            people: 12,
            rule_set: "skd-2024".into(),
            rule_set_hash: "00".into(),
            input_hash: digest(1),
            results_hash: digest(2),
            files: vec![RevisionFile { name: "results.csv".into(), body: b"participant_no\n".to_vec() }],
            by: by(self.ani),
            second_id: None,
        }
    }

    fn corrected(&self, number: u32, correction: CorrectionId, second: StaffId) -> NewRevision {
        NewRevision { correction_id: Some(correction), reason: "kunci keliru".into(), second_id: Some(second), ..self.revision(number) }
    }

    fn correction(&self, number: u8) -> NewCorrection {
        NewCorrection {
            id: n(number),
            stage_id: self.stage,
            change_json: "{\"kind\":\"recompute\"}".into(),
            reason: "kunci keliru".into(),
            objection_id: None,
            by: by(self.ani),
        }
    }

    fn approval(&self, correction: u8, effect: u8, person: StaffId, browser: u8) -> CorrectionApproval {
        CorrectionApproval {
            correction_id: n(correction),
            effect_hash: digest(effect),
            browser_hash: digest(browser),
            by: by(person),
            by_name: String::new(),
        }
    }

    fn publication(&self, number: u8, revision: u32) -> NewPublication {
        NewPublication {
            id: n(number),
            selection_id: self.selection,
            stage_id: self.stage,
            revision_id: n(revision as u8),
            revision,
            number: "800/1".into(),
            title: "Hasil SKD".into(),
            reason: String::new(),
            people: 12,
            input_hash: digest(1),
            body: b"{}".to_vec(),
            sha256: Digest32::of(b"{}"),
            by: by(self.ani),
        }
    }
}

#[tokio::test]
async fn revisions_follow_one_another_and_stay() -> Result<(), Error> {
    let office = Office::new().await?;
    let store = &office.store;
    refused(store.adopt_first(&office.revision(2)).await, "revision_number_unique");
    store.adopt_first(&office.revision(1)).await?;
    refused(store.adopt_first(&office.revision(1)).await, "revision_number_unique");
    let stored = store.revision_by_id(n(1)).await?;
    assert_eq!((stored.number, stored.names, stored.publication_id), (1, vec!["ANI".to_owned()], None));
    assert_eq!(store.revision_files(n(1)).await?, office.revision(1).files);
    not_found(store.revision_by_id(n::<_>(9) as RevisionId).await);

    let mut raw = store::connect_options(&office.dir.path().join("data")).connect().await?;
    let mut attempt = async |statement: &'static str| sqlx::query(statement).execute(&mut raw).await.map_err(Error::from);
    refused(attempt("update revision set reason = 'x'").await, "revision_immutable");
    refused(attempt("delete from revision").await, "revision_immutable");
    refused(attempt("update revision_file set body = x''").await, "revision_immutable");
    refused(attempt("delete from revision_file").await, "revision_immutable");
    Ok(())
}

#[tokio::test]
async fn a_correction_needs_two_people_and_two_browsers() -> Result<(), Error> {
    let office = Office::new().await?;
    let store = &office.store;
    store.adopt_first(&office.revision(1)).await?;
    store.add_correction(&office.correction(1)).await?;
    store.approve_correction(&office.approval(1, 7, office.ani, 1), None).await?;
    let second = office.corrected(2, n(1), office.budi);
    // The same person in another browser, another person in the same browser.
    let same_person = office.corrected(2, n(1), office.ani);
    refused(store.approve_correction(&office.approval(1, 7, office.ani, 2), Some(&same_person)).await, "correction_approval_person_unique");
    refused(store.approve_correction(&office.approval(1, 7, office.budi, 1), Some(&second)).await, "correction_approval_browser_unique");
    // What the approvals let through the revision itself refuses.
    refused(store.approve_correction(&office.approval(1, 8, office.ani, 2), Some(&same_person)).await, "revision_second_person");
    // Two people, two browsers, but two effects.
    refused(store.approve_correction(&office.approval(1, 8, office.budi, 2), Some(&second)).await, "revision_second_person");
    assert_eq!(store.correction_by_id(n(1)).await?.approvals.len(), 1, "what was refused left nothing");
    assert_eq!(store.correction_by_id(n(1)).await?.state, CorrectionState::Open);

    store.approve_correction(&office.approval(1, 7, office.budi, 2), Some(&second)).await?;
    let adopted = store.correction_by_id(n(1)).await?;
    assert_eq!((adopted.state, adopted.revision, adopted.approvals.len()), (CorrectionState::Adopted, Some(2), 2));
    let names: Vec<Vec<String>> = store.revisions_of_stage(office.stage).await?.into_iter().map(|revision| revision.names).collect();
    assert_eq!(names, [vec!["ANI".to_owned(), "BUDI".to_owned()], vec!["ANI".to_owned()]]);
    refused(store.approve_correction(&office.approval(1, 9, office.budi, 3), None).await, "correction_decided");
    refused(store.reject_correction(n(1), "terlambat", by(office.budi)).await, "correction_decided");
    Ok(())
}

#[tokio::test]
async fn a_rejected_correction_says_why() -> Result<(), Error> {
    let office = Office::new().await?;
    let store = &office.store;
    store.add_correction(&office.correction(1)).await?;
    store.reject_correction(n(1), "sudah benar", by(office.budi)).await?;
    let rejected = store.corrections_of_stage(office.stage).await?.remove(0);
    assert_eq!((rejected.state, rejected.rejected_because.as_str()), (CorrectionState::Rejected, "sudah benar"));
    not_found(store.reject_correction(n(9), "x", by(office.budi)).await);
    Ok(())
}

#[tokio::test]
async fn what_was_published_stays() -> Result<(), Error> {
    let office = Office::new().await?;
    let store = &office.store;
    not_found(store.add_publication(&office.publication(1, 1)).await);
    store.adopt_first(&office.revision(1)).await?;
    store.add_publication(&office.publication(1, 1)).await?;
    refused(store.add_publication(&office.publication(2, 1)).await, "publication_revision_unique");
    store.add_correction(&office.correction(1)).await?;
    store.approve_correction(&office.approval(1, 7, office.ani, 1), None).await?;
    store.approve_correction(&office.approval(1, 7, office.budi, 2), Some(&office.corrected(2, n(1), office.budi))).await?;
    refused(store.add_publication(&office.publication(2, 1)).await, "publication_revision_newest");
    store.add_publication(&office.publication(2, 2)).await?;
    assert_eq!(store.publications().await?.iter().map(|one| one.revision).collect::<Vec<_>>(), [2, 1]);
    let published = store.publication_by_id(n(1)).await?;
    assert_eq!((published.stage_title.as_str(), published.people, published.by), ("SKD", 12, by(office.ani)));
    assert_eq!(store.publication_body(n(1)).await?, b"{}");
    assert_eq!(store.revision_by_id(n(2)).await?.publication_id, Some(n(2)));

    office.assigned(1).await?;
    let mut raw = store::connect_options(&office.dir.path().join("data")).connect().await?;
    let mut attempt = async |statement: &'static str| sqlx::query(statement).execute(&mut raw).await.map_err(Error::from);
    refused(attempt("update publication set title = 'x'").await, "publication_immutable");
    refused(attempt("delete from publication").await, "publication_immutable");
    refused(attempt("update correction_approval set at_utc_ms = 0").await, "correction_approval_immutable");
    refused(attempt("delete from correction_approval").await, "correction_approval_immutable");
    refused(attempt("update correction set state = 'open'").await, "correction_immutable");
    refused(attempt("delete from correction").await, "correction_immutable");
    refused(attempt("update enrolment_change set reason = 'x'").await, "enrolment_change_immutable");
    refused(attempt("delete from enrolment_change").await, "enrolment_change_immutable");
    Ok(())
}

#[tokio::test]
async fn one_objection_for_each_stage_decided_by_two() -> Result<(), Error> {
    let office = Office::new().await?;
    let store = &office.store;
    office.assigned(2).await?;
    let candidates = store.applicants_of_selection(office.selection).await?;
    let (one, other) = (candidates[0].id, candidates[1].id);
    let window = ObjectionWindow { opens_utc_ms: MORNING, closes_utc_ms: MORNING + 1_000 };
    assert_eq!(store.objection_window(office.stage).await?, None);
    store.put_objection_window([1; 16], office.stage, window, by(office.ani)).await?;
    let longer = ObjectionWindow { closes_utc_ms: MORNING + 2_000, ..window };
    store.put_objection_window([2; 16], office.stage, longer, by(office.ani)).await?;
    assert_eq!(store.objection_window(office.stage).await?, Some(longer), "the newest word counts");

    let attachment = Attachment { name: "bukti.pdf".into(), media_type: "application/pdf".into(), bytes: b"%PDF-".to_vec() };
    let objection = |number: u8, candidate| NewObjection {
        id: n(number),
        stage_id: office.stage,
        candidate_id: candidate,
        text: "Nilai saya tidak sesuai".into(),
        attachment: Some(attachment.clone()),
        at_utc_ms: MORNING,
    };
    store.add_objection(&objection(1, one)).await?;
    refused(store.add_objection(&objection(2, one)).await, "objection_candidate_unique");
    store.add_objection(&NewObjection { attachment: None, ..objection(3, other) }).await?;
    assert_eq!(store.objection_attachment(n(1)).await?, attachment);
    not_found(store.objection_attachment(n(3)).await);

    let decision = |person| NewObjectionDecision {
        objection_id: n(1),
        granted: true,
        answer: "Butir dibatalkan".into(),
        correction_id: None,
        browser_hash: digest(1),
        by: by(person),
    };
    let (browser, other_browser) = (digest(1), digest(2));
    refused(store.confirm_objection(n(1), other_browser, by(office.budi)).await, "objection_decided");
    store.decide_objection(n(1), &decision(office.ani)).await?;
    refused(store.decide_objection(n(2), &decision(office.budi)).await, "objection_decision_open_unique");
    refused(store.confirm_objection(n(1), other_browser, by(office.ani)).await, "objection_decision_second_person");
    refused(store.confirm_objection(n(1), browser, by(office.budi)).await, "objection_decision_second_browser");
    store.return_objection(n(1), "belum jelas", other_browser, by(office.budi)).await?;
    assert_eq!(store.objection_by_id(n(1)).await?.decision, None, "a returned decision is none");
    store.decide_objection(n(3), &decision(office.ani)).await?;
    let at = By { at_utc_ms: MORNING + 5, ..by(office.budi) };
    refused(store.confirm_objection(n(1), other_browser, at).await, "objection_decided");
    assert_eq!(
        store.objection_by_id(n(1)).await?.decision.map(|decision| decision.id),
        Some(n(3)),
        "who read the first one confirms no other"
    );
    store.confirm_objection(n(3), other_browser, at).await?;
    let decided = store.objections_of_candidate(one).await?.remove(0).decision.expect("a decision");
    assert_eq!((decided.made, decided.confirmed), (decision(office.ani), Some(("BUDI".to_owned(), MORNING + 5))));
    refused(store.return_objection(n(3), "terlambat", other_browser, by(office.budi)).await, "objection_decided");

    let mut raw = store::connect_options(&office.dir.path().join("data")).connect().await?;
    let mut attempt = async |statement: &'static str| sqlx::query(statement).execute(&mut raw).await.map_err(Error::from);
    refused(attempt("update objection set text = 'x'").await, "objection_immutable");
    refused(attempt("delete from objection").await, "objection_immutable");
    refused(attempt("update objection_decision set answer = 'x'").await, "objection_decision_immutable");
    refused(attempt("delete from objection_decision").await, "objection_decision_immutable");
    Ok(())
}

#[tokio::test]
async fn the_newest_choice_and_count_are_what_counts() -> Result<(), Error> {
    let office = Office::new().await?;
    let store = &office.store;
    assert_eq!(store.rule_set_of_selection(office.selection).await?, None);
    let choice = |number: u8| RuleSetChoice {
        selection_id: office.selection,
        hash: digest(number),
        texts_json: "{}".into(),
        reason: format!("alasan {number}"),
        by: by(office.ani),
    };
    store.choose_rule_set([1; 16], &choice(1)).await?;
    store.choose_rule_set([2; 16], &choice(2)).await?;
    let chosen = store.rule_set_of_selection(office.selection).await?.expect("a choice");
    assert_eq!((chosen.choice, chosen.by_name.as_str(), chosen.choices), (choice(2), "ANI", 2));

    let count = |present: u32| AttendanceCount { present, absent: 1, note: String::new(), by: by(office.budi), by_name: "BUDI".into() };
    store.add_attendance_count([1; 16], office.early, &count(5)).await?;
    store.add_attendance_count([2; 16], office.early, &count(6)).await?;
    assert_eq!(store.attendance_count(office.early).await?, Some(count(6)));
    assert_eq!(store.attendance_count(office.late).await?, None);
    let explained = DifferenceExplained {
        code: "present_differs".into(),
        numbers: "6/5".into(),
        text: "pulang".into(),
        by: by(office.ani),
        by_name: "ANI".into(),
    };
    store.explain_difference([1; 16], office.early, &explained).await?;
    assert_eq!(store.differences_explained(office.early).await?, [explained]);
    let mut raw = store::connect_options(&office.dir.path().join("data")).connect().await?;
    let attempt = sqlx::query("update rule_set set reason = 'x'").execute(&mut raw).await.map_err(Error::from);
    refused(attempt, "rule_set_immutable");
    Ok(())
}

#[tokio::test]
async fn a_candidate_is_let_in_by_what_only_the_candidate_knows() -> Result<(), Error> {
    let office = Office::new().await?;
    let store = &office.store;
    office.assigned(1).await?;
    let one = store.applicants_of_selection(office.selection).await?.remove(0);
    let born = one.birth_date.clone().expect("a birth date");
    let nik = store.nik_of_candidate(one.id).await?.expect("a number").0;
    assert_eq!(store.candidate_by_secrets(&one.participant_no, &nik, &born).await?, Some(one.id));
    assert_eq!(store.candidate_by_secrets(&one.participant_no, &nik, "1900-01-01").await?, None);
    assert_eq!(store.candidate_by_secrets(&one.participant_no, "0", &born).await?, None);
    store.add_candidate_session(digest(1), one.id, MORNING, MORNING + 10).await?;
    let found = store.candidate_signed_in(digest(1), MORNING).await?.expect("signed in");
    assert_eq!((found.0, found.3), (one.id, office.selection));
    assert_eq!(store.candidate_signed_in(digest(1), MORNING + 10).await?, None, "expired");
    store.revoke_candidate_session(digest(1)).await?;
    assert_eq!(store.candidate_signed_in(digest(1), MORNING).await?, None);
    Ok(())
}
