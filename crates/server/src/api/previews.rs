//! Announcements that somebody looks at before they are published: exactly the pages and files that the public will see, for the committee only.

use super::publications::{FILE_NAMES, Wanted, sent};
use super::publishing::made;
use super::results::{READERS, stage_for};
use crate::answer::{Answer, No};
use crate::app::{App, Shared};
use crate::assets::FRAMED_POLICY;
use crate::auth::Staff;
use crate::random;
use axum::Json;
use axum::extract::{Path, Query, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use publish::Announcement;
use publish::html::{Links, formation_page, page, person_href, person_not_found, person_page};
use question_bank::id::SelectionId;
use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use wire::results::{FileLink, PreviewMade, Publish};

/// Previews that are kept.
const PREVIEWS_MAX: usize = 16;
/// How long a preview is kept.
const PREVIEW_AGE_MAX: Duration = Duration::from_secs(600);

/// Routes of previews.
pub fn router() -> OpenApiRouter<Shared> {
    OpenApiRouter::new()
        .routes(routes!(make))
        .routes(routes!(whole))
        .routes(routes!(formation))
        .routes(routes!(formation_part))
        .routes(routes!(find))
        .routes(routes!(person))
        .routes(routes!(file))
}

/// The previews that are kept; in memory only.
#[derive(Default)]
pub struct Previews {
    /// Newest last. Guards itself; never held while files are made.
    kept: Mutex<VecDeque<Preview>>,
}

struct Preview {
    id: String,
    selection: SelectionId,
    made: Instant,
    announcement: Arc<Announcement>,
}

impl Previews {
    fn keep(&self, preview: Preview) {
        let mut kept = self.kept.lock().expect("the lock of previews is not poisoned: nothing in it can panic");
        kept.retain(|one| one.made.elapsed() < PREVIEW_AGE_MAX);
        if kept.len() >= PREVIEWS_MAX {
            kept.pop_front();
        }
        kept.push_back(preview);
    }

    fn find(&self, id: &str) -> Option<(SelectionId, Arc<Announcement>)> {
        let kept = self.kept.lock().expect("the lock of previews is not poisoned: nothing in it can panic");
        let found = kept.iter().find(|one| one.id == id && one.made.elapsed() < PREVIEW_AGE_MAX)?;
        Some((found.selection, Arc::clone(&found.announcement)))
    }
}

fn folder(preview: &str) -> String {
    format!("/api/v1/publication-previews/{preview}")
}

/// Makes a preview of exactly what the public will see.
#[utoipa::path(post, path = "/api/v1/stages/{stage}/publication-previews", tag = "committee", params(("stage" = String, Path)),
    request_body = Publish, responses((status = 200, body = PreviewMade), (status = 409, body = wire::RefusalBody)))]
async fn make(State(app): State<Shared>, staff: Staff, Path(stage): Path<String>, Json(asked): Json<Publish>) -> Answer<PreviewMade> {
    let stage = stage_for(&app, &staff, &stage, &READERS).await?;
    let (_, announcement) = made(&app, &stage, &asked).await?;
    let id = random::id::<()>().to_string();
    let folder = folder(&id);
    let announcement = Arc::new(announcement);
    app.previews.keep(Preview { id: id.clone(), selection: stage.selection_id, made: Instant::now(), announcement });
    let file = |name: &str| FileLink { name: name.to_owned(), href: format!("{folder}/{name}") };
    Ok(Json(PreviewMade { files: FILE_NAMES.map(file).into(), page: folder, id }))
}

fn previewed(app: &App, staff: &Staff, id: &str) -> Result<(Arc<Announcement>, Links), No> {
    let (selection, announcement) = app.previews.find(id).ok_or(No::NotFound("preview"))?;
    staff.may(&READERS, Some(selection), None)?;
    Ok((announcement, Links { folder: folder(id), ..Links::default() }))
}

/// A page for a frame: it may follow its links and look for a number, and run nothing.
fn framed(status: StatusCode, page: String) -> Response {
    let headers = [(header::CONTENT_TYPE, "text/html; charset=utf-8"), (header::CONTENT_SECURITY_POLICY, FRAMED_POLICY)];
    (status, headers, page).into_response()
}

/// The page of a preview.
#[utoipa::path(get, path = "/api/v1/publication-previews/{preview}", tag = "committee", params(("preview" = String, Path)),
    responses((status = 200, content_type = "text/html"), (status = 404, body = wire::RefusalBody)))]
async fn whole(State(app): State<Shared>, staff: Staff, Path(preview): Path<String>) -> Result<Response, No> {
    let (announcement, links) = previewed(&app, &staff, &preview)?;
    let page = tokio::task::spawn_blocking(move || page(&announcement, &links)).await.map_err(No::failed)?;
    Ok(framed(StatusCode::OK, page))
}

/// One formation of a long list, by its place from 1.
#[utoipa::path(get, path = "/api/v1/publication-previews/{preview}/formasi/{place}", tag = "committee",
    params(("preview" = String, Path), ("place" = usize, Path)),
    responses((status = 200, content_type = "text/html"), (status = 404, body = wire::RefusalBody)))]
async fn formation(State(app): State<Shared>, staff: Staff, Path((preview, place)): Path<(String, usize)>) -> Result<Response, No> {
    part(&app, &staff, &preview, place, 1).await
}

/// A further part of such a page, from 2.
#[utoipa::path(get, path = "/api/v1/publication-previews/{preview}/formasi/{place}/{part}", tag = "committee",
    params(("preview" = String, Path), ("place" = usize, Path), ("part" = usize, Path)),
    responses((status = 200, content_type = "text/html"), (status = 404, body = wire::RefusalBody)))]
async fn formation_part(
    State(app): State<Shared>,
    staff: Staff,
    Path((preview, place, number)): Path<(String, usize, usize)>,
) -> Result<Response, No> {
    part(&app, &staff, &preview, place, number).await
}

async fn part(app: &App, staff: &Staff, preview: &str, place: usize, number: usize) -> Result<Response, No> {
    let (announcement, links) = previewed(app, staff, preview)?;
    let index = place.checked_sub(1).ok_or(No::NotFound("formation"))?;
    let write = move || formation_page(&announcement, index, number, &links);
    let page = tokio::task::spawn_blocking(write).await.map_err(No::failed)?;
    page.map(|page| framed(StatusCode::OK, page)).ok_or(No::NotFound("formation"))
}

/// Looks for a participant number and leads to its line.
#[utoipa::path(get, path = "/api/v1/publication-previews/{preview}/cari", tag = "committee",
    params(("preview" = String, Path), ("nomor" = String, Query)),
    responses((status = 303), (status = 404, content_type = "text/html")))]
async fn find(State(app): State<Shared>, staff: Staff, Path(preview): Path<String>, Query(wanted): Query<Wanted>) -> Result<Response, No> {
    let (announcement, links) = previewed(&app, &staff, &preview)?;
    Ok(match announcement.find(&wanted.nomor) {
        Some((_, row)) => Redirect::to(&person_href(&links.folder, &row.participant_no)).into_response(),
        None => framed(StatusCode::NOT_FOUND, person_not_found(&announcement, &wanted.nomor, &links)),
    })
}

/// One person's line.
#[utoipa::path(get, path = "/api/v1/publication-previews/{preview}/peserta/{participant_no}", tag = "committee",
    params(("preview" = String, Path), ("participant_no" = String, Path)),
    responses((status = 200, content_type = "text/html"), (status = 404, content_type = "text/html")))]
async fn person(State(app): State<Shared>, staff: Staff, Path((preview, number)): Path<(String, String)>) -> Result<Response, No> {
    let (announcement, links) = previewed(&app, &staff, &preview)?;
    Ok(match announcement.find(&number) {
        Some((list, row)) => framed(StatusCode::OK, person_page(&announcement, list, row, &links)),
        None => framed(StatusCode::NOT_FOUND, person_not_found(&announcement, &number, &links)),
    })
}

/// A file of a preview.
#[utoipa::path(get, path = "/api/v1/publication-previews/{preview}/{file}", tag = "committee",
    params(("preview" = String, Path), ("file" = String, Path)), responses((status = 200), (status = 404, body = wire::RefusalBody)))]
async fn file(State(app): State<Shared>, staff: Staff, Path((preview, file)): Path<(String, String)>) -> Result<Response, No> {
    let (announcement, _) = previewed(&app, &staff, &preview)?;
    let _one_at_a_time = app.made_files.one_at_a_time().await;
    let files = tokio::task::spawn_blocking(move || publish::files(&announcement)).await.map_err(No::failed)?.map_err(No::failed)?;
    sent(&files, &file, "no-store")
}
