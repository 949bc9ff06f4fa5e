//! Announcements that somebody looks at before they are published: exactly the pages and files that the public will see, for the committee only.

use super::publications::{FILE_NAMES, Wanted, certified, origin, other_revisions, sent};
use super::publishing::made;
use super::results::{READERS, stage_for};
use crate::answer::{Answer, No};
use crate::app::{App, Shared};
use crate::assets::FRAMED_POLICY;
use crate::auth::Staff;
use crate::random;
use axum::Json;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use publish::html::{Links, formation_page, page, person_href, person_not_found, person_page};
use publish::{Announcement, Files};
use question_bank::id::{PublicationId, SelectionId, StageId};
use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use tokio::sync::OnceCell;
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
        .routes(routes!(certificate))
        .routes(routes!(file))
}

/// The previews that are kept; in memory only.
#[derive(Default)]
pub struct Previews {
    /// Newest last. Guards itself; never held while files are made.
    kept: Mutex<VecDeque<Arc<Preview>>>,
}

/// What somebody looked at.
pub(super) struct Preview {
    /// The preview, and the publication that may be made of it: a certificate's code leads to the same place before and after.
    pub(super) id: PublicationId,
    /// Of this stage.
    pub(super) stage: StageId,
    selection: SelectionId,
    made: Instant,
    /// What was asked for.
    pub(super) asked: Publish,
    /// What came of it.
    pub(super) announcement: Arc<Announcement>,
    /// Its files, once somebody asked for one.
    files: OnceCell<Files>,
}

impl Previews {
    fn keep(&self, preview: Preview) {
        let mut kept = self.kept.lock().expect("the lock of previews is not poisoned: nothing in it can panic");
        kept.retain(|one| one.made.elapsed() < PREVIEW_AGE_MAX);
        if kept.len() >= PREVIEWS_MAX {
            kept.pop_front();
        }
        kept.push_back(Arc::new(preview));
    }

    /// A preview that is not too old.
    pub(super) fn find(&self, id: &str) -> Result<Arc<Preview>, No> {
        let id: PublicationId = id.parse().map_err(|_| No::NotFound("preview"))?;
        let kept = self.kept.lock().expect("the lock of previews is not poisoned: nothing in it can panic");
        let found = kept.iter().find(|one| one.id == id && one.made.elapsed() < PREVIEW_AGE_MAX);
        found.map(Arc::clone).ok_or(No::NotFound("preview"))
    }
}

fn folder(preview: PublicationId) -> String {
    format!("/api/v1/publication-previews/{preview}")
}

/// Makes a preview of exactly what the public will see.
#[utoipa::path(post, path = "/api/v1/stages/{stage}/publication-previews", tag = "committee", params(("stage" = String, Path)),
    request_body = Publish, responses((status = 200, body = PreviewMade), (status = 409, body = wire::RefusalBody)))]
async fn make(State(app): State<Shared>, staff: Staff, Path(stage): Path<String>, Json(asked): Json<Publish>) -> Answer<PreviewMade> {
    let stage = stage_for(&app, &staff, &stage, &READERS).await?;
    let (_, announcement) = made(&app, &stage, &asked).await?;
    let (id, announcement) = (random::id(), Arc::new(announcement));
    let folder = folder(id);
    app.previews.keep(Preview {
        id,
        stage: stage.id,
        selection: stage.selection_id,
        made: Instant::now(),
        asked,
        announcement,
        files: OnceCell::new(),
    });
    let file = |name: &str| FileLink { name: name.to_owned(), href: format!("{folder}/{name}") };
    Ok(Json(PreviewMade { files: FILE_NAMES.map(file).into(), page: folder, id: id.to_string() }))
}

fn looked_at(app: &App, staff: &Staff, id: &str) -> Result<Arc<Preview>, No> {
    let preview = app.previews.find(id)?;
    staff.may(&READERS, Some(preview.selection), None)?;
    Ok(preview)
}

async fn previewed(app: &App, staff: &Staff, id: &str) -> Result<(Arc<Announcement>, Links), No> {
    let preview = looked_at(app, staff, id)?;
    let revisions = other_revisions(app, preview.stage, preview.id).await?;
    Ok((Arc::clone(&preview.announcement), Links { folder: folder(preview.id), revisions, sums: Vec::new(), certificates: true }))
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
    let (announcement, links) = previewed(&app, &staff, &preview).await?;
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
    let (announcement, links) = previewed(app, staff, preview).await?;
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
    let (announcement, links) = previewed(&app, &staff, &preview).await?;
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
    let (announcement, links) = previewed(&app, &staff, &preview).await?;
    Ok(match announcement.find(&number) {
        Some((list, row)) => framed(StatusCode::OK, person_page(&announcement, list, row, &links)),
        None => framed(StatusCode::NOT_FOUND, person_not_found(&announcement, &number, &links)),
    })
}

/// One person's certificate, as it will be.
#[utoipa::path(get, path = "/api/v1/publication-previews/{preview}/peserta/{participant_no}/sertifikat.pdf", tag = "committee",
    params(("preview" = String, Path), ("participant_no" = String, Path)),
    responses((status = 200, content_type = "application/pdf"), (status = 404, body = wire::RefusalBody)))]
async fn certificate(
    State(app): State<Shared>,
    staff: Staff,
    Path((preview, number)): Path<(String, String)>,
    headers: HeaderMap,
) -> Result<Response, No> {
    let (announcement, _) = previewed(&app, &staff, &preview).await?;
    certified(announcement, number, &format!("{}/hasil/{preview}", origin(&app, &headers)), "no-store").await
}

/// A file of a preview.
#[utoipa::path(get, path = "/api/v1/publication-previews/{preview}/{file}", tag = "committee",
    params(("preview" = String, Path), ("file" = String, Path)), responses((status = 200), (status = 404, body = wire::RefusalBody)))]
async fn file(State(app): State<Shared>, staff: Staff, Path((preview, file)): Path<(String, String)>) -> Result<Response, No> {
    let preview = looked_at(&app, &staff, &preview)?;
    let make = async || {
        let _one_at_a_time = app.made_files.one_at_a_time().await;
        let announcement = Arc::clone(&preview.announcement);
        let made = tokio::task::spawn_blocking(move || publish::files(&announcement)).await.map_err(No::failed)?;
        made.map_err(No::failed)
    };
    sent(preview.files.get_or_try_init(make).await?, &file, "no-store")
}
