//! Setting up a selection: its policy, stages, formations, blueprints, halls, sittings, candidates and their places.
//!
//! What is set up here becomes known to the owner of a sitting by reloading it, and only while its doors are closed: from then on the journal
//! is the truth. Changes are made one at a time and run to their end, also when whoever asked is gone: a change that is stored but not known
//! to the sitting's owner would be worse than none.

pub(crate) mod candidates;
pub(crate) mod halls;
pub(crate) mod placement;
mod stages;
mod table;

use crate::answer::{Answer, No};
use crate::app::{App, Shared};
use crate::auth::Staff;
use crate::clock::utc_ms;
use crate::random;
use crate::watch::shown_phase;
use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use exam_session::refusal::Refusal;
use question_bank::blueprint::is_code;
use question_bank::id::{FormationId, HallId, Id, SelectionId, SittingId, StageId};
use std::collections::BTreeMap;
use std::future::Future;
use store::roster::{Seat, Selection, SelectionCounted, SittingCounted, Stage};
use tokio::sync::Mutex;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use wire::Created;
use wire::proctor::{RoomSeat, SittingPhase};
use wire::roster::{
    BlueprintView, FormationView, HallView, NewSelection, RevealPolicy, SelectionPolicy, SelectionSummary, SelectionView, SittingView,
    StageView,
};
use wire::staff::Role;

/// Selections of an installation.
const SELECTIONS_MAX: usize = 10_000;
/// Characters of a title.
const TITLE_CHARS_MAX: usize = 200;

/// Who sets up.
const WRITERS: [Role; 1] = [Role::Committee];
/// Who may look at what was set up, candidates not included: authors need its blueprints, administrators its halls for grants.
const READERS: [Role; 4] = [Role::Committee, Role::Auditor, Role::Author, Role::Admin];
/// Who may look at candidates.
const CANDIDATE_READERS: [Role; 2] = [Role::Committee, Role::Auditor];

/// Routes of setting up.
pub fn router() -> OpenApiRouter<Shared> {
    OpenApiRouter::new()
        .routes(routes!(list, create))
        .routes(routes!(view))
        .routes(routes!(put_policy))
        .merge(stages::router())
        .merge(halls::router())
        .merge(candidates::router())
        .merge(placement::router())
}

/// Selections the signed-in person may look at, newest first.
#[utoipa::path(get, path = "/api/v1/selections", tag = "committee", responses((status = 200, body = Vec<SelectionSummary>)))]
async fn list(State(app): State<Shared>, staff: Staff) -> Answer<Vec<SelectionSummary>> {
    staff.may_anywhere(&READERS)?;
    let all = app.store.selections().await?.into_iter();
    let seen = all.filter(|counted| staff.may(&READERS, Some(counted.selection.id), None).is_ok());
    Ok(Json(seen.map(summary).collect()))
}

fn summary(counted: SelectionCounted) -> SelectionSummary {
    let SelectionCounted { selection, candidates, sittings } = counted;
    SelectionSummary {
        id: selection.id.to_string(),
        code: selection.code,
        title: selection.title,
        organiser: selection.organiser,
        candidates,
        sittings,
    }
}

/// Adds a selection.
#[utoipa::path(post, path = "/api/v1/selections", tag = "committee", request_body = NewSelection,
    responses((status = 200, body = Created), (status = 409, body = wire::RefusalBody), (status = 422, body = wire::RefusalBody)))]
async fn create(State(app): State<Shared>, staff: Staff, Json(asked): Json<NewSelection>) -> Answer<Created> {
    staff.may(&WRITERS, None, None)?;
    check_policy(&asked.policy)?;
    let selection = Selection {
        id: random::id(),
        code: code(&asked.code)?,
        title: title("title", &asked.title)?,
        organiser: title("organiser", &asked.organiser)?,
        policy_json: serde_json::to_string(&asked.policy).map_err(No::failed)?,
        created_utc_ms: utc_ms(),
    };
    if app.store.selections().await?.len() >= SELECTIONS_MAX {
        return Err(too_many("seleksi", SELECTIONS_MAX));
    }
    app.store.add_selection(&selection).await.map_err(taken)?;
    tracing::info!(by = %staff.id, selection = %selection.id, "added a selection");
    Ok(Json(Created { id: selection.id.to_string() }))
}

/// Everything that was set up for a selection.
#[utoipa::path(get, path = "/api/v1/selections/{selection}", tag = "committee", params(("selection" = String, Path)),
    responses((status = 200, body = SelectionView), (status = 403, body = wire::RefusalBody), (status = 404, body = wire::RefusalBody)))]
async fn view(State(app): State<Shared>, staff: Staff, Path(selection): Path<String>) -> Answer<SelectionView> {
    let found = selection_for(&app, &staff, &selection, &READERS).await?;
    let SelectionCounted { selection, candidates, .. } = found;
    let formations = app.store.formations_of_selection(selection.id).await?.into_iter().map(|counted| FormationView {
        id: counted.formation.id.to_string(),
        code: counted.formation.code,
        title: counted.formation.title,
        slots: counted.formation.slots,
        // What cannot be read is shown empty, to be entered again.
        line: serde_json::from_str(&counted.formation.line_json).unwrap_or_default(),
        candidates: counted.candidates,
    });
    Ok(Json(SelectionView {
        stages: stage_views(&app, selection.id).await?,
        formations: formations.collect(),
        halls: hall_views(&app, selection.id).await?,
        sittings: sitting_views(&app, selection.id).await?,
        policy: serde_json::from_str(&selection.policy_json).map_err(No::failed)?,
        id: selection.id.to_string(),
        code: selection.code,
        title: selection.title,
        organiser: selection.organiser,
        candidates,
    }))
}

async fn stage_views(app: &App, selection: SelectionId) -> Result<Vec<StageView>, No> {
    let mut views = Vec::new();
    for stage in app.store.stages_of_selection(selection).await? {
        let blueprints = app.store.blueprints_of_stage(stage.id).await?.into_iter().map(|(formation, blueprint)| BlueprintView {
            formation: formation.map(|id| id.to_string()),
            blueprint: stages::shown(&blueprint),
        });
        views.push(StageView { id: stage.id.to_string(), code: stage.code, title: stage.title, blueprints: blueprints.collect() });
    }
    Ok(views)
}

async fn hall_views(app: &App, selection: SelectionId) -> Result<Vec<HallView>, No> {
    let mut seats: BTreeMap<HallId, Vec<RoomSeat>> = BTreeMap::new();
    for seat in app.store.seats_of_selection(selection).await? {
        seats.entry(seat.hall_id).or_default().push(room_seat(seat));
    }
    let halls = app.store.halls_of_selection(selection).await?.into_iter();
    let view = |hall: store::roster::Hall| HallView {
        seats: seats.remove(&hall.id).unwrap_or_default(),
        id: hall.id.to_string(),
        code: hall.code,
        title: hall.title,
    };
    Ok(halls.map(view).collect())
}

fn room_seat(seat: Seat) -> RoomSeat {
    RoomSeat { id: seat.id.to_string(), label: seat.label, row: seat.row, column: seat.column, spare: seat.spare }
}

async fn sitting_views(app: &App, selection: SelectionId) -> Result<Vec<SittingView>, No> {
    let mut views = Vec::new();
    for SittingCounted { sitting, enrolled, drawn } in app.store.sittings_of_selection(selection).await? {
        views.push(SittingView {
            id: sitting.id.to_string(),
            stage: sitting.stage_id.to_string(),
            hall: sitting.hall_id.to_string(),
            code: sitting.code,
            starts_utc_ms: sitting.starts_utc_ms,
            policy: serde_json::from_str(&sitting.policy_json).map_err(No::failed)?,
            // Only a sitting that is being reloaded has no owner for a moment, and only what is planned or closed is reloaded.
            phase: phase(app, sitting.id).await.unwrap_or(SittingPhase::Planned),
            enrolled,
            drawn,
        });
    }
    Ok(views)
}

/// Replaces the public behaviour of a selection, unless one of its sittings is under way.
#[utoipa::path(put, path = "/api/v1/selections/{selection}/policy", tag = "committee", params(("selection" = String, Path)),
    request_body = SelectionPolicy, responses((status = 204), (status = 409, body = wire::RefusalBody), (status = 422, body = wire::RefusalBody)))]
async fn put_policy(
    State(app): State<Shared>,
    staff: Staff,
    Path(selection): Path<String>,
    Json(policy): Json<SelectionPolicy>,
) -> Result<StatusCode, No> {
    let found = selection_for(&app, &staff, &selection, &WRITERS).await?.selection;
    check_policy(&policy)?;
    let policy_json = serde_json::to_string(&policy).map_err(No::failed)?;
    change(async move {
        let sittings = app.store.sittings_of_selection(found.id).await?;
        for counted in &sittings {
            if !matches!(phase(&app, counted.sitting.id).await?, SittingPhase::Planned | SittingPhase::Closed) {
                let code = &counted.sitting.code;
                return Err(No::conflict(
                    "sitting_under_way",
                    format!("Sesi {code} sedang berlangsung; ubah kebijakan sesudah sesi ditutup."),
                ));
            }
        }
        let selection = app.store.selection_by_id(found.id).await?.selection;
        app.store.change_selection(&Selection { policy_json, ..selection }).await?;
        for counted in &sittings {
            reload(&app, counted.sitting.id).await?;
        }
        tracing::info!(by = %staff.id, selection = %found.id, "changed the policy of a selection");
        Ok(StatusCode::NO_CONTENT)
    })
    .await
}

fn check_policy(policy: &SelectionPolicy) -> Result<(), No> {
    let reveal = match policy.reveal {
        RevealPolicy::EveryAnswered { items } => (2..=50).contains(&items),
        RevealPolicy::Interval { seconds } => (10..=3_600).contains(&seconds),
        RevealPolicy::AtEnd => true,
    };
    if !reveal {
        return Err(wrong("reveal", "setiap 2 sampai 50 soal, atau setiap 10 sampai 3.600 detik"));
    }
    if policy.freeze_before_end_s > 28_800 {
        return Err(wrong("freeze_before_end_s", "paling lama 28.800 detik"));
    }
    if policy.grant_approval_above_s.is_some_and(|seconds| seconds > 7_200) {
        return Err(wrong("grant_approval_above_s", "paling lama 7.200 detik"));
    }
    Ok(())
}

// Who may, where.

fn parsed<Kind>(id: &str, what: &'static str) -> Result<Id<Kind>, No> {
    id.parse().map_err(|_| No::NotFound(what))
}

async fn selection_for(app: &App, staff: &Staff, selection: &str, roles: &[Role]) -> Result<SelectionCounted, No> {
    let selection: SelectionId = parsed(selection, "selection")?;
    staff.may(roles, Some(selection), None)?;
    Ok(app.store.selection_by_id(selection).await?)
}

async fn stage_for(app: &App, staff: &Staff, stage: &str, roles: &[Role]) -> Result<Stage, No> {
    let stage: StageId = parsed(stage, "stage")?;
    let stage = app.store.stage_by_id(stage).await?;
    staff.may(roles, Some(stage.selection_id), None)?;
    Ok(stage)
}

async fn formation_of(app: &App, selection: SelectionId, formation: &str) -> Result<FormationId, No> {
    let formation: FormationId = parsed(formation, "formation")?;
    let found = app.store.formation_by_id(formation).await?;
    if found.formation.selection_id == selection { Ok(formation) } else { Err(No::NotFound("formation")) }
}

// Changes.

/// Makes a change: one at a time, so that what it found true stays true until it is stored and known, and to its end. Opening doors is one too.
pub(crate) async fn change<T: Send + 'static>(work: impl Future<Output = Result<T, No>> + Send + 'static) -> Result<T, No> {
    static ONE_AT_A_TIME: Mutex<()> = Mutex::const_new(());
    let whole = async {
        let _mine = ONE_AT_A_TIME.lock().await;
        work.await
    };
    tokio::spawn(whole).await.map_err(No::failed)?
}

/// Where a sitting stands.
pub(crate) async fn phase(app: &App, sitting: SittingId) -> Result<SittingPhase, No> {
    let hall = app.halls.find(sitting).await?;
    Ok(hall.read(shown_phase).await?)
}

/// Refuses when the doors of a sitting have been opened.
pub(crate) async fn planned(app: &App, sitting: SittingId) -> Result<(), No> {
    match phase(app, sitting).await? {
        SittingPhase::Planned => Ok(()),
        SittingPhase::Open => Err(Refusal::SittingOpen.into()),
        SittingPhase::Started | SittingPhase::Held => Err(Refusal::SittingStarted.into()),
        SittingPhase::Closed => Err(Refusal::SittingClosed.into()),
    }
}

/// Lets the owner of a sitting know what was changed.
pub(crate) async fn reload(app: &App, sitting: SittingId) -> Result<(), No> {
    app.halls.reload(sitting).await.map_err(No::failed)
}

// What was sent.

/// A field is wrong: which, and what it may be.
fn wrong(field: &str, may: &str) -> No {
    No::Bad { code: "value_bad", message: format!("Isian {field} salah: {may}."), details: vec![format!("{field}: {may}")] }
}

fn code(text: &str) -> Result<String, No> {
    let text = text.trim();
    if is_code(text) { Ok(text.to_owned()) } else { Err(wrong("code", "1 sampai 40 karakter a-z, 0-9, dan tanda hubung")) }
}

fn title(field: &str, text: &str) -> Result<String, No> {
    let text = text.trim();
    let fits = !text.is_empty() && text.chars().count() <= TITLE_CHARS_MAX && !text.chars().any(char::is_control);
    if fits { Ok(text.to_owned()) } else { Err(wrong(field, "harus diisi, paling panjang 200 karakter")) }
}

/// Why something is done: for the history that is never changed.
fn reason(text: &str) -> Result<String, No> {
    if text.trim().is_empty() { Err(Refusal::ReasonMissing.into()) } else { title("reason", text) }
}

fn too_many(what: &str, most: usize) -> No {
    No::conflict("too_many", format!("Sudah ada {most} {what}; lebih dari itu tidak diterima."))
}

/// A code that is taken is said so.
fn taken(error: store::Error) -> No {
    match error {
        store::Error::Conflict { constraint } if constraint.ends_with("_code_unique") => {
            No::conflict("code_taken", "Kode itu sudah dipakai; pilih kode lain.")
        }
        error => error.into(),
    }
}
