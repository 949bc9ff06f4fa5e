//! Published lists, for everybody: pages and files that never change, so they may be cached anywhere.

use crate::answer::{Answer, No};
use crate::app::Shared;
use axum::Json;
use axum::extract::{Path, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use publish::html::{Links, RevisionLink, STYLESHEET};
use publish::{Announcement, Files};
use question_bank::id::PublicationId;
use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use store::results::Publication;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use wire::results::PublicationView;

/// Publications whose files are kept in memory.
const KEPT_PUBLICATIONS_MAX: usize = 8;

/// Files of the publications asked for lately; made once, as they never change.
#[derive(Default)]
pub struct MadeFiles {
    /// Newest last. Guards itself; never held while files are made.
    kept: Mutex<VecDeque<(PublicationId, Arc<Files>)>>,
    /// One at a time: making a PDF of a large list takes a core for a second.
    making: tokio::sync::Mutex<()>,
}

/// Routes of published lists.
pub fn router() -> OpenApiRouter<Shared> {
    OpenApiRouter::new().routes(routes!(list)).routes(routes!(page)).routes(routes!(file)).routes(routes!(stylesheet))
}

/// All publications, newest first.
#[utoipa::path(get, path = "/api/v1/publications", tag = "public", responses((status = 200, body = Vec<PublicationView>)))]
async fn list(State(app): State<Shared>) -> Answer<Vec<PublicationView>> {
    Ok(Json(app.store.publications().await?.into_iter().map(view).collect()))
}

fn view(publication: Publication) -> PublicationView {
    PublicationView {
        id: publication.id.to_string(),
        selection: publication.selection_title,
        stage: publication.stage_title,
        title: publication.title,
        number: publication.number,
        revision: publication.revision,
        reason: publication.reason,
        published_utc_ms: publication.by.at_utc_ms,
        people: publication.people,
        sha256: publication.sha256.to_string(),
    }
}

async fn announcement(app: &Shared, id: &str) -> Result<(PublicationId, Announcement), No> {
    let id: PublicationId = id.parse().map_err(|_| No::NotFound("publication"))?;
    let body = app.store.publication_body(id).await?;
    Ok((id, Announcement::from_json(&body).map_err(No::failed)?))
}

/// A published list as a page.
#[utoipa::path(get, path = "/hasil/{publication}", tag = "public", params(("publication" = String, Path)),
    responses((status = 200, content_type = "text/html"), (status = 404, body = wire::RefusalBody)))]
async fn page(State(app): State<Shared>, Path(publication): Path<String>) -> Result<Response, No> {
    let (id, announcement) = announcement(&app, &publication).await?;
    let this = app.store.publication_by_id(id).await?;
    let revisions = app
        .store
        .publications()
        .await?
        .into_iter()
        .filter(|other| other.stage_id == this.stage_id && other.id != id)
        .map(|other| RevisionLink { revision: other.revision, href: format!("/hasil/{}", other.id), published_utc_ms: other.by.at_utc_ms })
        .collect();
    let links = Links { folder: format!("/hasil/{id}"), revisions, ..Links::default() };
    let page = tokio::task::spawn_blocking(move || publish::html::page(&announcement, &links)).await.map_err(No::failed)?;
    // Later revisions appear on the page of an earlier one, so the page itself is only kept for a minute.
    Ok(([(header::CONTENT_TYPE, "text/html; charset=utf-8"), (header::CACHE_CONTROL, "public, max-age=60")], page).into_response())
}

/// A published list as a file: `daftar.json`, `daftar.csv`, `daftar.xlsx` or `daftar.pdf`.
#[utoipa::path(get, path = "/hasil/{publication}/{file}", tag = "public", params(("publication" = String, Path), ("file" = String, Path)),
    responses((status = 200), (status = 404, body = wire::RefusalBody)))]
async fn file(State(app): State<Shared>, Path((publication, file)): Path<(String, String)>) -> Result<Response, No> {
    let id: PublicationId = publication.parse().map_err(|_| No::NotFound("publication"))?;
    let files = files(&app, id).await?;
    let (media_type, bytes) = match file.as_str() {
        "daftar.json" => ("application/json", &files.json),
        "daftar.csv" => ("text/csv; charset=utf-8", &files.csv),
        "daftar.xlsx" => ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", &files.xlsx),
        "daftar.pdf" => ("application/pdf", &files.pdf),
        "semua.zip" => ("application/zip", &files.zip),
        _ => return Err(No::NotFound("file")),
    };
    let disposition = if file.ends_with("pdf") { "inline" } else { "attachment" };
    let headers = [
        (header::CONTENT_TYPE, media_type.to_owned()),
        (header::CACHE_CONTROL, "public, max-age=31536000, immutable".to_owned()),
        (header::CONTENT_DISPOSITION, format!("{disposition}; filename=\"{file}\"")),
    ];
    Ok((headers, bytes.clone()).into_response())
}

async fn files(app: &Shared, id: PublicationId) -> Result<Arc<Files>, No> {
    if let Some(files) = app.made_files.kept(id) {
        return Ok(files);
    }
    let _one_at_a_time = app.made_files.making.lock().await;
    if let Some(files) = app.made_files.kept(id) {
        return Ok(files);
    }
    let body = app.store.publication_body(id).await?;
    let made = tokio::task::spawn_blocking(move || Announcement::from_json(&body).and_then(|announcement| publish::files(&announcement)));
    let files = Arc::new(made.await.map_err(No::failed)?.map_err(No::failed)?);
    app.made_files.keep(id, Arc::clone(&files));
    Ok(files)
}

impl MadeFiles {
    fn kept(&self, id: PublicationId) -> Option<Arc<Files>> {
        let kept = self.kept.lock().expect("the lock of made files is not poisoned: nothing in it can panic");
        kept.iter().find(|(of, _)| *of == id).map(|(_, files)| Arc::clone(files))
    }

    fn keep(&self, id: PublicationId, files: Arc<Files>) {
        let mut kept = self.kept.lock().expect("the lock of made files is not poisoned: nothing in it can panic");
        kept.push_back((id, files));
        if kept.len() > KEPT_PUBLICATIONS_MAX {
            kept.pop_front();
        }
    }
}

/// How published pages look.
#[utoipa::path(get, path = "/hasil/gaya.css", tag = "public", responses((status = 200, content_type = "text/css")))]
async fn stylesheet() -> Response {
    ([(header::CONTENT_TYPE, "text/css; charset=utf-8"), (header::CACHE_CONTROL, "public, max-age=3600")], STYLESHEET).into_response()
}
