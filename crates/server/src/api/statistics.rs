//! Statistics of items on the committee's pages: a page for a frame, and a table.

use super::results::{READERS, gathered, stage_for};
use crate::answer::No;
use crate::app::{App, Shared};
use crate::assets::FRAMED_POLICY;
use crate::auth::Staff;
use crate::results::gathered::Gathered;
use crate::results::sat::Sat;
use crate::results::shown::lists;
use crate::results::statistics::{self, Absent, Codes, Statistics};
use axum::extract::{Path, Query, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use question_bank::id::ItemId;
use serde::Deserialize;
use std::collections::BTreeSet;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// Routes of statistics.
pub fn router() -> OpenApiRouter<Shared> {
    OpenApiRouter::new().routes(routes!(page)).routes(routes!(items))
}

/// Whose statistics.
#[derive(Deserialize, IntoParams)]
struct Which {
    /// Code of a formation; without it the first one in which somebody began.
    formation: Option<String>,
}

impl From<Absent> for No {
    fn from(absent: Absent) -> Self {
        match absent {
            Absent::Nobody => No::NotFound("statistics"),
            Absent::TooFew => No::conflict("too_few_people", "Statistik memerlukan paling sedikit dua peserta yang sudah selesai."),
            damaged @ Absent::Damaged(_) => No::failed(damaged),
        }
    }
}

/// Statistics of a stage, with what they were computed from.
async fn computed(app: &App, staff: &Staff, stage: &str, asked: Which) -> Result<(Gathered, Statistics), No> {
    let stage = stage_for(app, staff, stage, &READERS).await?;
    let gathered = gathered(app, &stage).await?;
    let codes = codes(app, &gathered.sittings).await?;
    let compute = move || {
        let statistics = statistics::of(&gathered, &codes, asked.formation.as_deref())?;
        Ok::<_, Absent>((gathered, statistics))
    };
    Ok(tokio::task::spawn_blocking(compute).await.map_err(No::failed)??)
}

/// The page with the lines of the formation's list; without a list, as when the committee has something to put right first, without lines.
fn drawn(gathered: &Gathered, mut statistics: Statistics) -> Result<String, No> {
    let lists = match gathered.compute(None) {
        Ok(outcome) => lists(&outcome.computed, &gathered.names).map_err(No::failed)?,
        Err(error) if error.sentences().is_some() => Vec::new(),
        Err(error) => return Err(No::failed(error)),
    };
    if let Some(list) = lists.iter().find(|list| list.formation == statistics.formation) {
        statistics.draw_lines(list);
    }
    let formation = gathered.names.formations.get(&statistics.formation).unwrap_or(&statistics.formation);
    statistics.page(&format!("{} · {} · {formation}", gathered.selection.title, gathered.stage.title)).map_err(No::failed)
}

/// Codes of all items on the papers of these sittings.
async fn codes(app: &App, sittings: &[Sat]) -> Result<Codes, No> {
    let catalogues = sittings.iter().filter_map(|sat| sat.sessions.first()).map(|session| &session.paper.catalogue.entries);
    let versions: BTreeSet<(ItemId, u32)> = catalogues.flatten().map(|entry| (entry.item, entry.version)).collect();
    let versions: Vec<(ItemId, u32)> = versions.into_iter().collect();
    let items = app.store.items_of_versions(&versions).await?;
    Ok(items.into_iter().map(|item| ((item.id, item.version), item.code)).collect())
}

/// Statistics of items and of the test, as a page for a frame. Nobody's name or number is in it; keys are.
#[utoipa::path(get, path = "/api/v1/stages/{stage}/statistics.html", tag = "committee", params(("stage" = String, Path), Which),
    responses((status = 200, content_type = "text/html"), (status = 404, body = wire::RefusalBody), (status = 409, body = wire::RefusalBody)))]
async fn page(State(app): State<Shared>, staff: Staff, Path(stage): Path<String>, Query(asked): Query<Which>) -> Result<Response, No> {
    let (gathered, statistics) = computed(&app, &staff, &stage, asked).await?;
    let page = tokio::task::spawn_blocking(move || drawn(&gathered, statistics)).await.map_err(No::failed)??;
    let headers = [(header::CONTENT_TYPE, "text/html; charset=utf-8"), (header::CONTENT_SECURITY_POLICY, FRAMED_POLICY)];
    Ok((headers, page).into_response())
}

/// Statistics of items as a table; docs/item-statistics.md has its columns.
#[utoipa::path(get, path = "/api/v1/stages/{stage}/statistics.csv", tag = "committee", params(("stage" = String, Path), Which),
    responses((status = 200, content_type = "text/csv"), (status = 404, body = wire::RefusalBody), (status = 409, body = wire::RefusalBody)))]
async fn items(State(app): State<Shared>, staff: Staff, Path(stage): Path<String>, Query(asked): Query<Which>) -> Result<Response, No> {
    let (_, statistics) = computed(&app, &staff, &stage, asked).await?;
    let headers =
        [(header::CONTENT_TYPE, "text/csv; charset=utf-8"), (header::CONTENT_DISPOSITION, "attachment; filename=\"statistik-butir.csv\"")];
    Ok((headers, statistics.items_csv()).into_response())
}
