//! Publishing a revision: what to begin with, and then for everybody.

use super::results::{READERS, gathered, names, newest, sittings, stage_for, stored, unexplained};
use crate::answer::{Answer, No, with_causes};
use crate::app::{App, Shared};
use crate::auth::Staff;
use crate::clock::utc_ms;
use crate::results::announced::{Heading, announcement};
use crate::results::computed::Computed;
use crate::results::gathered::{Gathered, Outcome};
use crate::results::second::check_results;
use crate::results::statistics::{self, Codes, Statistics};
use axum::Json;
use axum::extract::{Path, State};
use publish::{Announcement, FormStatistics};
use question_bank::id::Digest32;
use store::results::{NewPublication, Revision};
use store::roster::{By, Stage};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use wire::results::{PublicationDraft, PublicationView, Publish, PublishPreview};
use wire::roster::SelectionPolicy;
use wire::staff::Role;

/// Routes of publishing.
pub fn router() -> OpenApiRouter<Shared> {
    OpenApiRouter::new().routes(routes!(draft)).routes(routes!(publish_revision))
}

/// What to begin with: the fields of the stage's last announcement, or of the rule set.
#[utoipa::path(get, path = "/api/v1/stages/{stage}/publication-draft", tag = "committee", params(("stage" = String, Path)),
    responses((status = 200, body = PublicationDraft)))]
async fn draft(State(app): State<Shared>, staff: Staff, Path(stage): Path<String>) -> Answer<PublicationDraft> {
    let stage = stage_for(&app, &staff, &stage, &READERS).await?;
    let selection = app.store.selection_by_id(stage.selection_id).await?.selection;
    let newest = newest(&app, stage.id).await?;
    let publications = app.store.publications().await?.into_iter();
    let last = publications
        .filter(|publication| publication.selection_id == stage.selection_id)
        .max_by_key(|publication| (publication.stage_id == stage.id, publication.by.at_utc_ms));
    let title = format!("Hasil {} {}", stage.title, selection.title);
    let revision = newest.as_ref().map_or(0, |revision| revision.number);
    let mut publish = match last {
        Some(last) => {
            let same_stage = last.stage_id == stage.id;
            let last = Announcement::from_json(&app.store.publication_body(last.id).await?).map_err(No::failed)?;
            let (signatory_position, signatory_name) = last.signatory.map(|one| (one.position, one.name)).unwrap_or_default();
            Publish {
                revision,
                letterhead: last.letterhead.lines,
                title: if same_stage { last.heading } else { title },
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
            title,
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
        Some(_) => first_unexplained(&app, &stage).await?.into_iter().collect(),
    };
    Ok(Json(PublicationDraft { publish, obstacles }))
}

/// Before a stage is published for the first time, every difference to the proctors' counts is explained; they may have moved since the revision
/// was adopted. In a sentence what is not.
async fn first_unexplained(app: &App, stage: &Stage) -> Result<Option<String>, No> {
    if app.store.publications().await?.iter().any(|publication| publication.stage_id == stage.id) {
        return Ok(None);
    }
    unexplained(app, &sittings(app, |id| id == stage.id).await?).await
}

/// What journals and keys give now, where it is what the revision says; none where something entered since.
fn still_so(revision: &Computed, gathered: Option<&Gathered>) -> Result<Option<Outcome>, No> {
    let same = |now: &Computed| (now.input_hash, now.results_hash) == (revision.input_hash, revision.results_hash);
    match gathered.map(|gathered| gathered.compute(None)) {
        Some(Ok(now)) if same(&now.computed) => Ok(Some(now)),
        None | Some(Ok(_)) => Ok(None),
        Some(Err(error)) if error.sentences().is_some() => Ok(None),
        Some(Err(error)) => Err(No::failed(error)),
    }
}

/// Pictures of items and of the time; of what is announced, so there are none where something entered since.
fn form_statistics(gathered: Option<&Gathered>) -> Result<Vec<FormStatistics>, No> {
    let Some(gathered) = gathered else { return Ok(Vec::new()) };
    // Codes of items are not announced, so none are looked up.
    Ok(statistics::of_all(gathered, &Codes::new())?.iter().filter_map(Statistics::announced).collect())
}

/// The announcement of the newest revision, made as it will be published.
pub(super) async fn made(app: &App, stage: &Stage, asked: &Publish) -> Result<(Revision, Announcement), No> {
    let Some(revision) = newest(app, stage.id).await? else {
        return Err(No::conflict("not_adopted", "Hasil tahap ini belum ditetapkan."));
    };
    if revision.number != asked.revision {
        return Err(revision_changed());
    }
    let selection = app.store.selection_by_id(stage.selection_id).await?.selection;
    let policy: SelectionPolicy = serde_json::from_str(&selection.policy_json).map_err(No::failed)?;
    let (computed, names) = (stored(app, revision.id).await?, names(app, stage).await?);
    let gathered = gathered(app, stage).await;
    let gathered = match gathered {
        // The rule set was changed since; the revision stands as it is.
        Err(No::Bad { code: "not_ready", .. }) => None,
        gathered => Some(gathered?),
    };
    if let Some(sentence) = first_unexplained(app, stage).await? {
        return Err(No::conflict("differences_unexplained", sentence));
    }
    let (asked, reason, stage_title) = (asked.clone(), revision.reason.clone(), stage.title.clone());
    let announce = move || {
        let now = still_so(&computed, gathered.as_ref())?;
        if !now.as_ref().map_or_else(|| check_results(&computed).agrees, |now| now.second_scorer.agrees) {
            return Err(No::conflict("scorers_differ", "Penghitung kedua menemukan perbedaan; hasil belum dapat diumumkan."));
        }
        let statistics = form_statistics(gathered.as_ref().filter(|_| now.is_some()))?;
        let heading = Heading {
            publish: &asked,
            organiser: &selection.organiser,
            selection: &selection.title,
            stage: &stage_title,
            reason: &reason,
            published_utc_ms: utc_ms(),
            statistics,
        };
        let announcement = announcement(&computed, &names, heading, &policy.columns, policy.names).map_err(No::failed)?;
        announcement.check().map_err(|flaw| No::bad("announcement_bad", format!("Pengumuman belum lengkap: {}.", with_causes(&flaw))))?;
        Ok(announcement)
    };
    Ok((revision, tokio::task::spawn_blocking(announce).await.map_err(No::failed)??))
}

fn revision_changed() -> No {
    No::conflict("revision_changed", "Ada revisi yang lebih baru; periksa kembali sebelum mengumumkan.")
}

/// Publishes what a preview showed.
#[utoipa::path(post, path = "/api/v1/stages/{stage}/publications", request_body = PublishPreview, tag = "committee", params(("stage" = String, Path)),
    responses((status = 200, body = PublicationView), (status = 404, body = wire::RefusalBody), (status = 409, body = wire::RefusalBody)))]
async fn publish_revision(
    State(app): State<Shared>,
    staff: Staff,
    Path(stage): Path<String>,
    Json(asked): Json<PublishPreview>,
) -> Answer<PublicationView> {
    let stage = stage_for(&app, &staff, &stage, &[Role::Committee]).await?;
    let preview = app.previews.find(&asked.preview)?;
    if preview.stage != stage.id {
        return Err(No::NotFound("preview"));
    }
    let (revision, announcement) = made(&app, &stage, &preview.asked).await?;
    // Only the time may be another.
    let looked_at = Announcement { published_utc_ms: announcement.published_utc_ms, ..Announcement::clone(&preview.announcement) };
    if announcement != looked_at {
        return Err(No::conflict("preview_outdated", "Ada yang berubah sejak pratinjau dibuat; buat pratinjau lagi."));
    }
    let body = announcement.to_json().map_err(|error| No::bad("announcement_bad", with_causes(&error)))?;
    let new = NewPublication {
        id: preview.id,
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
        } else if error.is_conflict("publication_revision_newest") {
            revision_changed()
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
