//! Who sits where and when: giving candidates a sitting, another one, or a further attempt.

use super::{WRITERS, change, parsed, phase, planned, reason, reload, stage_for};
use crate::answer::{Answer, No};
use crate::app::{App, Shared};
use crate::auth::Staff;
use crate::clock::utc_ms;
use crate::random;
use crate::results::computed::RESULTS_FILE;
use crate::results::shown::Rows;
use axum::Json;
use axum::extract::{Path, State};
use exam_session::session::Phase;
use question_bank::id::{EnrolmentId, SeatId, SittingId, StageId};
use rules::Status;
use std::collections::BTreeSet;
use store::roster::{Assignment, AttemptLine, By, NewAttempt, Seat, SittingPlaces, Stage, Unassigned};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use wire::Created;
use wire::proctor::SittingPhase;
use wire::roster::{AssignSittings, Assigned, Reschedule};

/// Routes of placement.
pub(super) fn router() -> OpenApiRouter<Shared> {
    OpenApiRouter::new().routes(routes!(assign)).routes(routes!(reschedule)).routes(routes!(further_attempt))
}

/// Gives everybody without one a sitting, in the order of participant numbers, until the sittings are full. In a later stage everybody who went on
/// from the one before.
#[utoipa::path(post, path = "/api/v1/stages/{stage}/assign", tag = "committee", params(("stage" = String, Path)),
    request_body = AssignSittings, responses((status = 200, body = Assigned), (status = 409, body = wire::RefusalBody)))]
async fn assign(State(app): State<Shared>, staff: Staff, Path(stage): Path<String>, Json(asked): Json<AssignSittings>) -> Answer<Assigned> {
    let stage = stage_for(&app, &staff, &stage, &WRITERS).await?;
    let wanted = asked.sittings.iter().map(|sitting| parsed(sitting, "sitting")).collect::<Result<Vec<SittingId>, No>>()?;
    let by = By { staff_id: staff.id, at_utc_ms: utc_ms() };
    change(async move { Ok(Json(fill(&app, stage.id, &wanted, asked.seats, by).await?)) }).await
}

/// Enrols and assigns; nothing wanted means all sittings of the stage whose doors are closed.
pub(crate) async fn fill(app: &App, stage: StageId, wanted: &[SittingId], seats: bool, by: By) -> Result<Assigned, No> {
    let sittings = sittings_to_fill(app, stage, wanted).await?;
    let mut waiting = app.store.unassigned_of_stage(stage).await?;
    if let Some(went_on) = went_on(app, stage).await? {
        waiting.retain(|person| went_on.contains(&person.participant_no));
    }
    let mut waiting = waiting.into_iter();
    let mut assignments = Vec::new();
    for places in &sittings {
        let free = (places.seats as usize).saturating_sub(places.taken as usize);
        let people: Vec<Unassigned> = waiting.by_ref().take(free).collect();
        let mut ordinary = if seats { free_seats(app, places.sitting).await? } else { Vec::new() };
        ordinary.retain(|seat| !seat.spare);
        let seated = people.into_iter().map(|person| first_attempt(&person, places.sitting, ordinary.pop().map(|seat| seat.id)));
        assignments.extend(seated);
    }
    app.store.assign(stage, &assignments, by).await.map_err(no_place)?;
    let touched: BTreeSet<SittingId> = assignments.iter().map(|assignment| assignment.sitting).collect();
    for sitting in touched {
        reload(app, sitting).await?;
    }
    tracing::info!(by = %by.staff_id, %stage, assigned = assignments.len(), "assigned candidates to sittings");
    Ok(Assigned { assigned: assignments.len() as u32, left_over: waiting.len() as u32 })
}

/// Participant numbers of those who went on from the stage before, by its newest revision; none when this is the first stage that is held here.
async fn went_on(app: &App, stage: StageId) -> Result<Option<BTreeSet<String>>, No> {
    let stage = app.store.stage_by_id(stage).await?;
    let stages = app.store.stages_of_selection(stage.selection_id).await?;
    let sittings = app.store.sittings_of_selection(stage.selection_id).await?;
    let held = |earlier: &&Stage| sittings.iter().any(|counted| counted.sitting.stage_id == earlier.id && counted.enrolled > 0);
    let Some(before) = stages.iter().filter(|earlier| earlier.ordinal < stage.ordinal).rfind(held) else { return Ok(None) };
    let Some(revision) = app.store.revisions_of_stage(before.id).await?.into_iter().next() else {
        let message = format!("Hasil tahap {} belum ditetapkan; peserta tahap ini ditentukan olehnya.", before.title);
        return Err(No::conflict("stage_before_open", message));
    };
    let files = app.store.revision_files(revision.id).await?;
    let results = files.iter().find(|file| file.name == RESULTS_FILE).ok_or_else(|| No::failed("a revision without its results"))?;
    let rows = Rows::read(&results.body).map_err(No::failed)?;
    let went_on = rows.iter().filter(|row| row.get("status") == Status::Shortlisted.word());
    Ok(Some(went_on.map(|row| row.get("participant_no").to_owned()).collect()))
}

async fn sittings_to_fill(app: &App, stage: StageId, wanted: &[SittingId]) -> Result<Vec<SittingPlaces>, No> {
    let all = app.store.places_of_stage(stage).await?;
    let mut sittings = Vec::new();
    if wanted.is_empty() {
        for places in all {
            if phase(app, places.sitting).await? == SittingPhase::Planned {
                sittings.push(places);
            }
        }
        return Ok(sittings);
    }
    for wanted in wanted.iter().collect::<BTreeSet<_>>() {
        planned(app, *wanted).await?;
        sittings.push(all.iter().find(|places| places.sitting == *wanted).cloned().ok_or(No::NotFound("sitting"))?);
    }
    // In the order asked for, which may leave an earlier sitting for the end.
    sittings.sort_by_key(|places| wanted.iter().position(|sitting| *sitting == places.sitting));
    Ok(sittings)
}

fn first_attempt(person: &Unassigned, sitting: SittingId, seat_id: Option<SeatId>) -> Assignment {
    Assignment {
        candidate_id: person.candidate_id,
        enrolment_id: random::id(),
        attempt_id: random::id(),
        session: random::id(),
        sitting,
        seat_id,
    }
}

/// The free seats of a sitting in random order, those kept for moves included.
pub(crate) async fn free_seats(app: &App, sitting: SittingId) -> Result<Vec<Seat>, No> {
    let hall = app.store.sitting_by_id(sitting).await?.hall_id;
    let taken = app.store.taken_seats(sitting).await?;
    let mut free = app.store.seats_of_hall(hall).await?;
    free.retain(|seat| !taken.contains(&seat.id));
    shuffle(&mut free);
    Ok(free)
}

/// Every order equally likely.
fn shuffle<T>(list: &mut [T]) {
    for last in (1..list.len()).rev() {
        list.swap(last, random::below(last + 1));
    }
}

/// Gives a candidate another sitting, as long as the doors of neither have been opened.
#[utoipa::path(post, path = "/api/v1/enrolments/{enrolment}/reschedule", tag = "committee", params(("enrolment" = String, Path)),
    request_body = Reschedule, responses((status = 204), (status = 409, body = wire::RefusalBody)))]
async fn reschedule(
    State(app): State<Shared>,
    staff: Staff,
    Path(enrolment): Path<String>,
    Json(asked): Json<Reschedule>,
) -> Result<axum::http::StatusCode, No> {
    let enrolment = enrolment_for(&app, &staff, &enrolment).await?;
    let to: SittingId = parsed(&asked.sitting, "sitting")?;
    let reason = reason(&asked.reason)?;
    let by = By { staff_id: staff.id, at_utc_ms: utc_ms() };
    change(async move {
        let from = last_attempt(&app, enrolment).await?.sitting;
        if phase(&app, from).await? != SittingPhase::Planned {
            let message = "Sesi lama peserta ini sudah dibuka dan jurnalnya tetap; gunakan percobaan lanjutan di sesi lain.";
            return Err(No::conflict("sitting_open", message));
        }
        planned(&app, to).await?;
        let moved = app.store.reschedule(enrolment, to, &reason, by).await.map_err(no_place)?;
        // The old sitting first: a session that is in no sitting for a moment is better than one that is in two.
        reload(&app, moved.from).await?;
        reload(&app, moved.to).await?;
        tracing::info!(by = %by.staff_id, session = %moved.session, from = %moved.from, to = %moved.to, "rescheduled a session");
        Ok(axum::http::StatusCode::NO_CONTENT)
    })
    .await
}

/// Gives a candidate a further attempt in a sitting whose doors are closed. The attempt before stays as it is.
#[utoipa::path(post, path = "/api/v1/enrolments/{enrolment}/attempts", tag = "committee", params(("enrolment" = String, Path)),
    request_body = wire::roster::NewAttempt, responses((status = 200, body = Created), (status = 409, body = wire::RefusalBody)))]
async fn further_attempt(
    State(app): State<Shared>,
    staff: Staff,
    Path(enrolment): Path<String>,
    Json(asked): Json<wire::roster::NewAttempt>,
) -> Answer<Created> {
    let enrolment_id = enrolment_for(&app, &staff, &enrolment).await?;
    let sitting: SittingId = parsed(&asked.sitting, "sitting")?;
    let reason = reason(&asked.reason)?;
    let by = By { staff_id: staff.id, at_utc_ms: utc_ms() };
    change(async move {
        check_last_attempt(&app, enrolment_id).await?;
        planned(&app, sitting).await?;
        let attempt = NewAttempt { enrolment_id, attempt_id: random::id(), session: random::id(), sitting, reason };
        app.store.add_attempt(&attempt, by).await.map_err(no_place)?;
        reload(&app, sitting).await?;
        tracing::info!(by = %by.staff_id, session = %attempt.session, %sitting, "added a further attempt");
        Ok(Json(Created { id: attempt.session.to_string() }))
    })
    .await
}

/// A person takes one exam at a time: the attempt before must have had its chance, and must not be running.
async fn check_last_attempt(app: &App, enrolment: EnrolmentId) -> Result<(), No> {
    let last = last_attempt(app, enrolment).await?;
    if phase(app, last.sitting).await? == SittingPhase::Planned {
        return Err(No::conflict("attempt_planned", "Sesi peserta ini belum dibuka; pindahkan jadwalnya saja."));
    }
    let hall = app.halls.find(last.sitting).await?;
    let running = hall
        .read(move |state| {
            let session = state.owner().sitting().session(last.session).map(|session| session.phase());
            matches!(session, Some(Phase::CheckedIn | Phase::SignedIn | Phase::Ready | Phase::Running))
                && !matches!(state.owner().sitting().head().phase, exam_session::sitting::SittingPhase::Closed)
        })
        .await?;
    if running { Err(No::conflict("attempt_running", "Peserta ini masih berada di sesi sebelumnya.")) } else { Ok(()) }
}

async fn last_attempt(app: &App, enrolment: EnrolmentId) -> Result<AttemptLine, No> {
    app.store.attempts_of_enrolment(enrolment).await?.pop().ok_or(No::NotFound("enrolment"))
}

async fn enrolment_for(app: &App, staff: &Staff, enrolment: &str) -> Result<EnrolmentId, No> {
    let enrolment: EnrolmentId = parsed(enrolment, "enrolment")?;
    let stage = app.store.stage_of_enrolment(enrolment).await?;
    staff.may(&WRITERS, Some(stage.selection_id), None)?;
    Ok(enrolment)
}

/// Conflicts of placement in words.
fn no_place(error: store::Error) -> No {
    match error {
        store::Error::Conflict { constraint: "sitting_capacity" } => No::conflict("sitting_full", "Ruang sesi itu sudah penuh."),
        store::Error::Conflict { constraint: "attempt_sitting_unique" } => {
            No::conflict("in_this_sitting", "Peserta ini sudah terdaftar pada sesi itu.")
        }
        error => error.into(),
    }
}
