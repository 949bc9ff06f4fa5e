//! Publishing a revision: what to begin with, exactly what the public will see, and then for everybody.

use super::results::{READERS, names, newest, stage_for, stored};
use crate::answer::{Answer, No, with_causes};
use crate::app::{App, Shared};
use crate::assets::FRAMED_POLICY;
use crate::auth::Staff;
use crate::clock::utc_ms;
use crate::random;
use crate::results::announced::{Heading, announcement};
use crate::results::second::check_results;
use axum::Json;
use axum::extract::{Path, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use publish::Announcement;
use publish::html::Links;
use question_bank::id::{Digest32, SelectionId};
use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use store::results::{NewPublication, Revision};
use store::roster::{By, Stage};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use wire::results::{FileLink, PreviewMade, PublicationDraft, PublicationView, Publish};
use wire::roster::SelectionPolicy;
use wire::staff::Role;

/// Previews that are kept.
const PREVIEWS_MAX: usize = 16;
/// How long a preview is kept.
const PREVIEW_AGE_MAX: Duration = Duration::from_secs(600);

/// Routes of publishing.
pub fn router() -> OpenApiRouter<Shared> {
    OpenApiRouter::new()
        .routes(routes!(draft))
        .routes(routes!(preview))
        .routes(routes!(preview_page))
        .routes(routes!(preview_file))
        .routes(routes!(publish_revision))
}

/// Announcements that somebody looks at before they are published; in memory only.
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

/// What to begin with: the fields of the stage's last announcement, or of the rule set.
#[utoipa::path(get, path = "/api/v1/stages/{stage}/publication-draft", tag = "committee", params(("stage" = String, Path)),
    responses((status = 200, body = PublicationDraft)))]
async fn draft(State(app): State<Shared>, staff: Staff, Path(stage): Path<String>) -> Answer<PublicationDraft> {
    let stage = stage_for(&app, &staff, &stage, &READERS).await?;
    let selection = app.store.selection_by_id(stage.selection_id).await?.selection;
    let newest = newest(&app, stage.id).await?;
    let last = app.store.publications().await?.into_iter().find(|publication| publication.selection_id == stage.selection_id);
    let revision = newest.as_ref().map_or(0, |revision| revision.number);
    let mut publish = match last {
        Some(last) => {
            let last = Announcement::from_json(&app.store.publication_body(last.id).await?).map_err(No::failed)?;
            let (signatory_position, signatory_name) = last.signatory.map(|one| (one.position, one.name)).unwrap_or_default();
            Publish {
                revision,
                letterhead: last.letterhead.lines,
                title: last.heading,
                number: String::new(),
                decrees: last.decrees,
                place: last.place,
                signatory_position,
                signatory_name,
            }
        }
        None => Publish {
            revision,
            letterhead: vec![selection.organiser.clone()],
            title: format!("Hasil {} {}", stage.title, selection.title),
            number: String::new(),
            decrees: Vec::new(),
            place: String::new(),
            signatory_position: String::new(),
            signatory_name: String::new(),
        },
    };
    if publish.decrees.is_empty()
        && let Some(newest) = &newest
    {
        let sources = stored(&app, newest.id).await?.texts.rules.sources;
        let decree = |source: rules::rule_set::Source| match source.article.is_empty() {
            true => source.decree,
            false => format!("{}, {}", source.decree, source.article),
        };
        for decree in sources.into_iter().map(decree) {
            if !publish.decrees.contains(&decree) {
                publish.decrees.push(decree);
            }
        }
    }
    let obstacles = match &newest {
        None => vec!["Hasil tahap ini belum ditetapkan.".to_owned()],
        Some(newest) if newest.publication_id.is_some() => vec![format!("Revisi {} sudah diumumkan.", newest.number)],
        Some(_) => Vec::new(),
    };
    Ok(Json(PublicationDraft { publish, obstacles }))
}

/// The announcement of the newest revision, made as it will be published.
async fn made(app: &App, stage: &Stage, asked: &Publish) -> Result<(Revision, Announcement), No> {
    let Some(revision) = newest(app, stage.id).await? else {
        return Err(No::conflict("not_adopted", "Hasil tahap ini belum ditetapkan."));
    };
    if revision.number != asked.revision {
        return Err(No::conflict("revision_changed", "Ada revisi yang lebih baru; periksa kembali sebelum mengumumkan."));
    }
    let selection = app.store.selection_by_id(stage.selection_id).await?.selection;
    let policy: SelectionPolicy = serde_json::from_str(&selection.policy_json).map_err(No::failed)?;
    let (computed, names) = (stored(app, revision.id).await?, names(app, stage).await?);
    let (asked, reason, stage_title) = (asked.clone(), revision.reason.clone(), stage.title.clone());
    let announce = move || {
        if !check_results(&computed).agrees {
            return Err(No::conflict("scorers_differ", "Penghitung kedua menemukan perbedaan; hasil belum dapat diumumkan."));
        }
        let heading = Heading {
            publish: &asked,
            organiser: &selection.organiser,
            selection: &selection.title,
            stage: &stage_title,
            reason: &reason,
            published_utc_ms: utc_ms(),
        };
        let announcement = announcement(&computed, &names, &heading, &policy.columns, policy.names).map_err(No::failed)?;
        announcement.check().map_err(|flaw| No::bad("announcement_bad", format!("Pengumuman belum lengkap: {}.", with_causes(&flaw))))?;
        Ok(announcement)
    };
    Ok((revision, tokio::task::spawn_blocking(announce).await.map_err(No::failed)??))
}

/// Makes a preview of exactly what the public will see.
#[utoipa::path(post, path = "/api/v1/stages/{stage}/publication-previews", tag = "committee", params(("stage" = String, Path)),
    request_body = Publish, responses((status = 200, body = PreviewMade), (status = 409, body = wire::RefusalBody)))]
async fn preview(State(app): State<Shared>, staff: Staff, Path(stage): Path<String>, Json(asked): Json<Publish>) -> Answer<PreviewMade> {
    let stage = stage_for(&app, &staff, &stage, &READERS).await?;
    let (_, announcement) = made(&app, &stage, &asked).await?;
    let id = random::id::<()>().to_string();
    let folder = format!("/api/v1/publication-previews/{id}");
    let announcement = Arc::new(announcement);
    app.previews.keep(Preview { id: id.clone(), selection: stage.selection_id, made: Instant::now(), announcement });
    let file = |name: &str| FileLink { name: name.to_owned(), href: format!("{folder}/{name}") };
    Ok(Json(PreviewMade { page: format!("{folder}/halaman"), files: super::publications::FILE_NAMES.map(file).into(), id }))
}

fn previewed(app: &App, staff: &Staff, id: &str) -> Result<Arc<Announcement>, No> {
    let (selection, announcement) = app.previews.find(id).ok_or(No::NotFound("preview"))?;
    staff.may(&READERS, Some(selection), None)?;
    Ok(announcement)
}

/// The page of a preview, for a frame.
#[utoipa::path(get, path = "/api/v1/publication-previews/{preview}/halaman", tag = "committee", params(("preview" = String, Path)),
    responses((status = 200, content_type = "text/html"), (status = 404, body = wire::RefusalBody)))]
async fn preview_page(State(app): State<Shared>, staff: Staff, Path(preview): Path<String>) -> Result<Response, No> {
    let announcement = previewed(&app, &staff, &preview)?;
    let links = Links { folder: format!("/api/v1/publication-previews/{preview}"), ..Links::default() };
    let page = tokio::task::spawn_blocking(move || publish::html::page(&announcement, &links)).await.map_err(No::failed)?;
    let headers = [(header::CONTENT_TYPE, "text/html; charset=utf-8"), (header::CONTENT_SECURITY_POLICY, FRAMED_POLICY)];
    Ok((headers, page).into_response())
}

/// A file of a preview.
#[utoipa::path(get, path = "/api/v1/publication-previews/{preview}/{file}", tag = "committee",
    params(("preview" = String, Path), ("file" = String, Path)), responses((status = 200), (status = 404, body = wire::RefusalBody)))]
async fn preview_file(State(app): State<Shared>, staff: Staff, Path((preview, file)): Path<(String, String)>) -> Result<Response, No> {
    let announcement = previewed(&app, &staff, &preview)?;
    let _one_at_a_time = app.made_files.one_at_a_time().await;
    let files = tokio::task::spawn_blocking(move || publish::files(&announcement)).await.map_err(No::failed)?.map_err(No::failed)?;
    super::publications::sent(&files, &file, "no-store")
}

/// Publishes the newest revision.
#[utoipa::path(post, path = "/api/v1/stages/{stage}/publications", request_body = Publish, tag = "committee", params(("stage" = String, Path)),
    responses((status = 200, body = PublicationView), (status = 409, body = wire::RefusalBody)))]
async fn publish_revision(
    State(app): State<Shared>,
    staff: Staff,
    Path(stage): Path<String>,
    Json(asked): Json<Publish>,
) -> Answer<PublicationView> {
    let stage = stage_for(&app, &staff, &stage, &[Role::Committee]).await?;
    let (revision, announcement) = made(&app, &stage, &asked).await?;
    let body = announcement.to_json().map_err(|error| No::bad("announcement_bad", with_causes(&error)))?;
    let new = NewPublication {
        id: random::id(),
        selection_id: stage.selection_id,
        stage_id: stage.id,
        revision_id: revision.id,
        revision: revision.number,
        number: announcement.number.clone(),
        title: announcement.heading.clone(),
        reason: announcement.reason.clone(),
        people: announcement.people() as u32,
        input_hash: revision.input_hash,
        sha256: Digest32::of(&body),
        body,
        by: By { staff_id: staff.id, at_utc_ms: announcement.published_utc_ms },
    };
    app.store.add_publication(&new).await.map_err(|error| {
        if error.is_conflict("publication_revision_unique") {
            No::conflict("already_published", "Revisi ini sudah diumumkan.")
        } else {
            error.into()
        }
    })?;
    tracing::info!(publication = %new.id, revision = new.revision, people = new.people, "a list was published");
    Ok(Json(PublicationView {
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
    }))
}
