//! Published lists, for everybody: pages and files that never change, so they may be cached anywhere.

use crate::answer::{Answer, No};
use crate::app::{App, Shared};
use axum::Json;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use publish::html::{Links, RevisionLink, STYLESHEET};
use publish::{Announcement, Files};
use question_bank::id::{PublicationId, StageId};
use serde::Deserialize;
use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use store::results::Publication;
use tokio::sync::MutexGuard;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use wire::results::PublicationView;

/// Publications that are kept in memory.
const KEPT_PUBLICATIONS_MAX: usize = 8;

/// Files and announcements of the publications asked for lately; made once, as they never change.
#[derive(Default)]
pub struct MadeFiles {
    /// Newest last. Guard themselves; never held while files are made.
    files: Mutex<VecDeque<(PublicationId, Arc<Files>)>>,
    announcements: Mutex<VecDeque<(PublicationId, Arc<Announcement>)>>,
    /// One at a time: making a PDF of a large list takes a core for a second.
    making: tokio::sync::Mutex<()>,
}

/// Routes of published lists.
pub fn router() -> OpenApiRouter<Shared> {
    OpenApiRouter::new()
        .routes(routes!(list))
        .routes(routes!(page))
        .routes(routes!(formation_page))
        .routes(routes!(formation_part))
        .routes(routes!(find))
        .routes(routes!(person_page))
        .routes(routes!(certificate))
        .routes(routes!(file))
        .routes(routes!(stylesheet))
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

async fn announcement(app: &App, id: &str) -> Result<(PublicationId, Arc<Announcement>), No> {
    let id: PublicationId = id.parse().map_err(|_| No::NotFound("publication"))?;
    if let Some(announcement) = kept(&app.made_files.announcements, id) {
        return Ok((id, announcement));
    }
    let body = app.store.publication_body(id).await?;
    let read = tokio::task::spawn_blocking(move || Announcement::from_json(&body)).await.map_err(No::failed)?;
    let announcement = Arc::new(read.map_err(No::failed)?);
    keep(&app.made_files.announcements, id, Arc::clone(&announcement));
    Ok((id, announcement))
}

async fn links(app: &App, id: PublicationId) -> Result<Links, No> {
    let stage = app.store.publication_by_id(id).await?.stage_id;
    // Sums are shown once the files were made: a page never waits for a PDF.
    let sums = kept(&app.made_files.files, id).map(|files| files.sums.clone()).unwrap_or_default();
    Ok(Links { folder: format!("/hasil/{id}"), revisions: other_revisions(app, stage, id).await?, sums, certificates: true })
}

/// The other published revisions of a stage.
pub(super) async fn other_revisions(app: &App, stage: StageId, than: PublicationId) -> Result<Vec<RevisionLink>, No> {
    let others = app.store.publications().await?.into_iter().filter(|other| other.stage_id == stage && other.id != than);
    let link = |other: Publication| RevisionLink {
        revision: other.revision,
        href: format!("/hasil/{}", other.id),
        published_utc_ms: other.by.at_utc_ms,
    };
    Ok(others.map(link).collect())
}

/// A page of a published list. Later revisions appear on the pages of an earlier one, so pages are only kept for a minute.
fn html(status: StatusCode, page: String) -> Response {
    let headers = [(header::CONTENT_TYPE, "text/html; charset=utf-8"), (header::CACHE_CONTROL, "public, max-age=60")];
    (status, headers, page).into_response()
}

/// A published list as a page.
#[utoipa::path(get, path = "/hasil/{publication}", tag = "public", params(("publication" = String, Path)),
    responses((status = 200, content_type = "text/html"), (status = 404, body = wire::RefusalBody)))]
async fn page(State(app): State<Shared>, Path(publication): Path<String>) -> Result<Response, No> {
    let (id, announcement) = announcement(&app, &publication).await?;
    let links = links(&app, id).await?;
    let page = tokio::task::spawn_blocking(move || publish::html::page(&announcement, &links)).await.map_err(No::failed)?;
    Ok(html(StatusCode::OK, page))
}

/// One formation of a long list as a page, by its place from 1.
#[utoipa::path(get, path = "/hasil/{publication}/formasi/{place}", tag = "public", params(("publication" = String, Path), ("place" = usize, Path)),
    responses((status = 200, content_type = "text/html"), (status = 404, body = wire::RefusalBody)))]
async fn formation_page(State(app): State<Shared>, Path((publication, place)): Path<(String, usize)>) -> Result<Response, No> {
    part(&app, &publication, place, 1).await
}

/// A further part of such a page, from 2.
#[utoipa::path(get, path = "/hasil/{publication}/formasi/{place}/{part}", tag = "public",
    params(("publication" = String, Path), ("place" = usize, Path), ("part" = usize, Path)),
    responses((status = 200, content_type = "text/html"), (status = 404, body = wire::RefusalBody)))]
async fn formation_part(
    State(app): State<Shared>,
    Path((publication, place, number)): Path<(String, usize, usize)>,
) -> Result<Response, No> {
    part(&app, &publication, place, number).await
}

async fn part(app: &App, publication: &str, place: usize, number: usize) -> Result<Response, No> {
    let (id, announcement) = announcement(app, publication).await?;
    let links = links(app, id).await?;
    let index = place.checked_sub(1).ok_or(No::NotFound("formation"))?;
    let write = move || publish::html::formation_page(&announcement, index, number, &links);
    let page = tokio::task::spawn_blocking(write).await.map_err(No::failed)?;
    page.map(|page| html(StatusCode::OK, page)).ok_or(No::NotFound("formation"))
}

/// What is looked for.
#[derive(Deserialize)]
pub(super) struct Wanted {
    /// Participant number.
    #[serde(default)]
    pub(super) nomor: String,
}

/// Looks for a participant number and leads to its line.
#[utoipa::path(get, path = "/hasil/{publication}/cari", tag = "public", params(("publication" = String, Path), ("nomor" = String, Query)),
    responses((status = 303), (status = 404, content_type = "text/html")))]
async fn find(State(app): State<Shared>, Path(publication): Path<String>, Query(wanted): Query<Wanted>) -> Result<Response, No> {
    let (id, announcement) = announcement(&app, &publication).await?;
    match announcement.find(&wanted.nomor) {
        Some((_, row)) => Ok(Redirect::to(&person_address(id, &row.participant_no)).into_response()),
        None => not_found(&app, id, &announcement, &wanted.nomor).await,
    }
}

/// The address of somebody's line.
pub(crate) fn person_address(id: PublicationId, participant_no: &str) -> String {
    publish::html::person_href(&format!("/hasil/{id}"), participant_no)
}

async fn not_found(app: &App, id: PublicationId, announcement: &Announcement, number: &str) -> Result<Response, No> {
    let links = links(app, id).await?;
    Ok(html(StatusCode::NOT_FOUND, publish::html::person_not_found(announcement, number, &links)))
}

/// One person's line: what a certificate's code leads to.
#[utoipa::path(get, path = "/hasil/{publication}/peserta/{participant_no}", tag = "public",
    params(("publication" = String, Path), ("participant_no" = String, Path)),
    responses((status = 200, content_type = "text/html"), (status = 404, content_type = "text/html")))]
async fn person_page(State(app): State<Shared>, Path((publication, number)): Path<(String, String)>) -> Result<Response, No> {
    let (id, announcement) = announcement(&app, &publication).await?;
    match announcement.find(&number) {
        Some((list, row)) => {
            let page = publish::html::person_page(&announcement, list, row, &links(&app, id).await?);
            Ok(html(StatusCode::OK, page))
        }
        None => not_found(&app, id, &announcement, &number).await,
    }
}

/// The certificate of scores of one person.
#[utoipa::path(get, path = "/hasil/{publication}/peserta/{participant_no}/sertifikat.pdf", tag = "public",
    params(("publication" = String, Path), ("participant_no" = String, Path)),
    responses((status = 200, content_type = "application/pdf"), (status = 404, content_type = "text/html")))]
async fn certificate(
    State(app): State<Shared>,
    Path((publication, number)): Path<(String, String)>,
    headers: HeaderMap,
) -> Result<Response, No> {
    let (id, announcement) = announcement(&app, &publication).await?;
    if announcement.find(&number).is_none() {
        return not_found(&app, id, &announcement, &number).await;
    }
    // The address inside depends on how the server was reached.
    certified(announcement, number, &format!("{}/hasil/{id}", origin(&app, &headers)), "private, max-age=300").await
}

/// The certificate of somebody; its code leads to the person's page below this folder.
pub(super) async fn certified(announcement: Arc<Announcement>, number: String, folder: &str, cache: &'static str) -> Result<Response, No> {
    let folder = folder.to_owned();
    let write = move || match announcement.find(&number) {
        Some((list, row)) => {
            let address = publish::html::person_href(&folder, &row.participant_no);
            publish::certificate::write(&announcement, list, row, &address).map_err(No::failed)
        }
        None => Err(No::NotFound("participant")),
    };
    let pdf = tokio::task::spawn_blocking(write).await.map_err(No::failed)??;
    let headers = [
        (header::CONTENT_TYPE, "application/pdf"),
        (header::CACHE_CONTROL, cache),
        (header::CONTENT_DISPOSITION, "inline; filename=\"sertifikat.pdf\""),
    ];
    Ok((headers, pdf).into_response())
}

/// How the public reaches this server: by the setting, or as this request did.
pub(super) fn origin(app: &App, headers: &HeaderMap) -> String {
    if let Some(url) = &app.config.public_url {
        return url.trim_end_matches('/').to_owned();
    }
    let scheme = if app.config.secure_cookies() { "https" } else { "http" };
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok()).filter(|host| is_host(host));
    format!("{scheme}://{}", host.unwrap_or("localhost"))
}

fn is_host(host: &str) -> bool {
    (1..=255).contains(&host.len())
        && host.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b':' | b'[' | b']'))
}

/// A published list as a file: `daftar.json`, `daftar.csv`, `daftar.xlsx`, `daftar.pdf`, `daftar.schema.json`, `semua.zip`.
#[utoipa::path(get, path = "/hasil/{publication}/{file}", tag = "public", params(("publication" = String, Path), ("file" = String, Path)),
    responses((status = 200), (status = 404, body = wire::RefusalBody)))]
async fn file(State(app): State<Shared>, Path((publication, file)): Path<(String, String)>) -> Result<Response, No> {
    if file == "daftar.schema.json" {
        return Ok(([(header::CONTENT_TYPE, "application/schema+json")], publish::SCHEMA).into_response());
    }
    let id: PublicationId = publication.parse().map_err(|_| No::NotFound("publication"))?;
    let files = files(&app, id).await?;
    sent(&files, &file, "public, max-age=31536000, immutable")
}

/// Files by name, as they are offered.
pub(crate) const FILE_NAMES: [&str; 5] = ["daftar.pdf", "daftar.xlsx", "daftar.csv", "daftar.json", "semua.zip"];

/// One of the files.
pub(crate) fn sent(files: &Files, file: &str, cache: &'static str) -> Result<Response, No> {
    let (media_type, bytes) = match file {
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
        (header::CACHE_CONTROL, cache.to_owned()),
        (header::CONTENT_DISPOSITION, format!("{disposition}; filename=\"{file}\"")),
    ];
    Ok((headers, bytes.clone()).into_response())
}

async fn files(app: &App, id: PublicationId) -> Result<Arc<Files>, No> {
    if let Some(files) = kept(&app.made_files.files, id) {
        return Ok(files);
    }
    let _mine = app.made_files.one_at_a_time().await;
    if let Some(files) = kept(&app.made_files.files, id) {
        return Ok(files);
    }
    let (_, announcement) = announcement(app, &id.to_string()).await?;
    let made = tokio::task::spawn_blocking(move || publish::files(&announcement));
    let files = Arc::new(made.await.map_err(No::failed)?.map_err(No::failed)?);
    keep(&app.made_files.files, id, Arc::clone(&files));
    Ok(files)
}

impl MadeFiles {
    /// A turn at making files.
    pub(crate) async fn one_at_a_time(&self) -> MutexGuard<'_, ()> {
        self.making.lock().await
    }
}

fn kept<T>(all: &Mutex<VecDeque<(PublicationId, Arc<T>)>>, id: PublicationId) -> Option<Arc<T>> {
    let all = all.lock().expect("the lock of made files is not poisoned: nothing in it can panic");
    all.iter().find(|(of, _)| *of == id).map(|(_, made)| Arc::clone(made))
}

fn keep<T>(all: &Mutex<VecDeque<(PublicationId, Arc<T>)>>, id: PublicationId, made: Arc<T>) {
    let mut all = all.lock().expect("the lock of made files is not poisoned: nothing in it can panic");
    if all.iter().all(|(of, _)| *of != id) {
        all.push_back((id, made));
    }
    if all.len() > KEPT_PUBLICATIONS_MAX {
        all.pop_front();
    }
}

/// How published pages look.
#[utoipa::path(get, path = "/hasil/gaya.css", tag = "public", responses((status = 200, content_type = "text/css")))]
async fn stylesheet() -> Response {
    ([(header::CONTENT_TYPE, "text/css; charset=utf-8"), (header::CACHE_CONTROL, "public, max-age=3600")], STYLESHEET).into_response()
}
