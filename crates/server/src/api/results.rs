//! The committee's results: computed from the journals' states, then published as an immutable revision.

use crate::answer::{Answer, No};
use crate::app::Shared;
use crate::auth::Staff;
use crate::clock::utc_ms;
use crate::random;
use crate::results::{Computed, Outcome, attempt_rule, compute, legend, milli};
use axum::Json;
use axum::extract::{Path, State};
use publish::{AnnouncedList, Announcement, Columns, Display, Format, Letterhead, RuleSetNamed, Zone};
use question_bank::id::{Digest32, StageId};
use store::results::NewPublication;
use store::roster::By;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use wire::results::{ListRow, ListSection, PublicationView, Publish, RankedList, ResultPreview};
use wire::roster::SelectionPolicy;
use wire::staff::Role;

/// Routes of results.
pub fn router() -> OpenApiRouter<Shared> {
    OpenApiRouter::new().routes(routes!(results)).routes(routes!(publish_list))
}

/// A stage with what its results need of its selection.
struct StageOfSelection {
    stage: store::roster::Stage,
    selection: store::roster::Selection,
    policy: SelectionPolicy,
}

async fn stage_for(app: &Shared, staff: &Staff, stage: &str, roles: &[Role]) -> Result<StageOfSelection, No> {
    let stage: StageId = stage.parse().map_err(|_| No::NotFound("stage"))?;
    let stage = app.store.stage_by_id(stage).await?;
    staff.may(roles, Some(stage.selection_id), None)?;
    let selection = app.store.selection_by_id(stage.selection_id).await?.selection;
    let policy = serde_json::from_str(&selection.policy_json).map_err(No::failed)?;
    Ok(StageOfSelection { stage, selection, policy })
}

async fn compute_stage(app: &Shared, of: &StageOfSelection) -> Result<Computed, No> {
    let mut outcomes = Vec::new();
    for hall in app.halls.every().await?.into_iter().filter(|hall| hall.facts().stage == of.stage.id) {
        outcomes.push(hall.read(|state| Outcome::new(state.facts(), state.owner().sitting(), state.owner().journal_head())).await?);
    }
    let formations: Vec<_> =
        app.store.formations_of_selection(of.selection.id).await?.into_iter().map(|counted| counted.formation).collect();
    let rule = attempt_rule(of.policy.attempt_rule);
    tokio::task::spawn_blocking(move || compute(&formations, rule, &outcomes)).await.map_err(No::failed)
}

/// Computes a stage's ranked lists; nothing is public by that.
#[utoipa::path(post, path = "/api/v1/stages/{stage}/results", tag = "committee", params(("stage" = String, Path)),
    responses((status = 200, body = ResultPreview)))]
async fn results(State(app): State<Shared>, staff: Staff, Path(stage): Path<String>) -> Answer<ResultPreview> {
    let of = stage_for(&app, &staff, &stage, &[Role::Committee, Role::Auditor]).await?;
    let computed = compute_stage(&app, &of).await?;
    Ok(Json(ResultPreview {
        lists: computed.lists.into_iter().map(shown).collect(),
        obstacles: computed.obstacles,
        input_hash: computed.input_hash.to_string(),
    }))
}

fn shown(list: AnnouncedList) -> RankedList {
    RankedList {
        formation: list.formation_code,
        title: list.formation_title,
        slots: list.slots,
        sections: list.sections.into_iter().map(|section| ListSection { code: section.code, title: section.title }).collect(),
        rows: list
            .rows
            .into_iter()
            .map(|row| ListRow {
                status: row.status,
                rank: row.rank,
                participant_no: row.participant_no,
                name: row.name.unwrap_or_default(),
                marks_milli: row.marks.iter().map(|mark| milli(mark)).collect(),
                total_milli: row.total.as_deref().map(milli),
            })
            .collect(),
    }
}

/// Publishes what was computed, as the stage's next revision.
#[utoipa::path(post, path = "/api/v1/stages/{stage}/publications", request_body = Publish, tag = "committee", params(("stage" = String, Path)),
    responses((status = 200, body = PublicationView), (status = 409, body = wire::RefusalBody)))]
async fn publish_list(
    State(app): State<Shared>,
    staff: Staff,
    Path(stage): Path<String>,
    Json(asked): Json<Publish>,
) -> Answer<PublicationView> {
    let of = stage_for(&app, &staff, &stage, &[Role::Committee]).await?;
    let computed = compute_stage(&app, &of).await?;
    if !computed.obstacles.is_empty() {
        return Err(No::Bad { code: "not_ready", message: "Daftar belum dapat diumumkan.".to_owned(), details: computed.obstacles });
    }
    if computed.input_hash.to_string() != asked.input_hash {
        return Err(No::conflict("inputs_changed", "Data berubah sejak daftar dihitung; hitung dan periksa kembali."));
    }
    let revision = app.store.last_revision(of.stage.id).await? + 1;
    if revision > 1 && asked.reason.trim().is_empty() {
        return Err(No::bad("reason_missing", "Revisi memerlukan alasan."));
    }
    if asked.title.trim().is_empty() {
        return Err(No::bad("title_missing", "Judul pengumuman belum diisi."));
    }
    let announcement = Announcement {
        format: Format::V2,
        letterhead: Letterhead { lines: vec![of.selection.organiser.clone()] },
        organiser: of.selection.organiser.clone(),
        selection: of.selection.title.clone(),
        stage: of.stage.title.clone(),
        heading: asked.title.trim().to_owned(),
        number: asked.number.trim().to_owned(),
        place: String::new(),
        signatory: None,
        decrees: Vec::new(),
        revision,
        reason: asked.reason.trim().to_owned(),
        published_utc_ms: utc_ms(),
        zone: Zone::Wib,
        rule_set: RuleSetNamed { id: of.stage.id.to_string(), title: of.stage.title.clone(), hash: asked.input_hash.clone() },
        results_hash: asked.input_hash.clone(),
        input_hash: asked.input_hash,
        columns: Columns { category: false, marks: true, stage_values: false, rank: true },
        display: Display { decimals: 3, mark: ',' },
        codes: legend(),
        values: Vec::new(),
        lists: computed.lists,
    };
    store(&app, &of, &staff, announcement).await.map(Json)
}

async fn store(app: &Shared, of: &StageOfSelection, staff: &Staff, announcement: Announcement) -> Result<PublicationView, No> {
    let body = announcement.to_json().map_err(|error| No::bad("announcement_bad", crate::answer::with_causes(&error)))?;
    let new = NewPublication {
        id: random::id(),
        selection_id: of.selection.id,
        stage_id: of.stage.id,
        revision: announcement.revision,
        number: announcement.number.clone(),
        title: announcement.heading.clone(),
        reason: announcement.reason.clone(),
        people: announcement.people() as u32,
        input_hash: announcement.input_hash.parse().map_err(No::failed)?,
        sha256: Digest32::of(&body),
        body,
        by: By { staff_id: staff.id, at_utc_ms: announcement.published_utc_ms },
    };
    app.store.add_publication(&new).await?;
    tracing::info!(publication = %new.id, revision = new.revision, people = new.people, "a list was published");
    Ok(PublicationView {
        id: new.id.to_string(),
        selection: announcement.selection,
        stage: announcement.stage,
        title: new.title,
        number: new.number,
        revision: new.revision,
        reason: new.reason,
        published_utc_ms: announcement.published_utc_ms,
        people: new.people,
        sha256: new.sha256.to_string(),
    })
}
