//! Corrections of adopted results: proposed, shown with their effect, approved by two, adopted as a further revision.
//!
//! An approval is for one effect, named by a hash over the results before and after: when anything moves in between, it is void and the effect
//! is looked at again. The two approvals come from two accounts and from two browsers; the schema refuses anything else.

use super::results::{READERS, compute, gathered, new_revision, newest, reason, stage_for, stored, unclosed};
use crate::answer::{Answer, No};
use crate::app::{App, Shared};
use crate::auth::Staff;
use crate::clock::utc_ms;
use crate::random;
use crate::results::changes::sentence;
use crate::results::computed::Computed;
use crate::results::effect::{self, Moved};
use crate::results::gathered::{Gathered, Outcome};
use axum::Json;
use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use question_bank::id::{CorrectionId, Digest32, ObjectionId};
use question_bank::key::Choices;
use std::collections::BTreeSet;
use store::results::{Correction, CorrectionApproval, CorrectionState, NewRevision, Revision};
use store::roster::{By, Stage};
use tokio::sync::Mutex;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use wire::Created;
use wire::results::{Approval, Approve, Change, CorrectionView, Effect, NewCorrection, Reject, VoidPolicy};
use wire::staff::Role;

/// Corrections of a stage.
const CORRECTIONS_MAX: usize = 2_000;
/// Values, people or choices that one correction names.
const NAMED_MAX: usize = 1_000;
/// Characters of a value.
const VALUE_CHARS_MAX: usize = 200;

/// Routes of corrections.
pub fn router() -> OpenApiRouter<Shared> {
    OpenApiRouter::new()
        .routes(routes!(list, propose))
        .routes(routes!(effect_of))
        .routes(routes!(effect_csv))
        .routes(routes!(approve))
        .routes(routes!(reject))
}

/// The corrections of a stage, newest first.
#[utoipa::path(get, path = "/api/v1/stages/{stage}/corrections", tag = "committee", params(("stage" = String, Path)),
    responses((status = 200, body = Vec<CorrectionView>)))]
async fn list(State(app): State<Shared>, staff: Staff, Path(stage): Path<String>) -> Answer<Vec<CorrectionView>> {
    let stage = stage_for(&app, &staff, &stage, &READERS).await?;
    let all = app.store.corrections_of_stage(stage.id).await?.into_iter().rev();
    Ok(Json(all.map(|correction| view(&correction, &staff, &stage, None)).collect::<Result<_, _>>()?))
}

/// A correction as this person sees it. Approvals of another effect than this are void; without one all are shown.
fn view(correction: &Correction, staff: &Staff, stage: &Stage, effect: Option<Digest32>) -> Result<CorrectionView, No> {
    let change = change_of(correction)?;
    let approvals: Vec<&CorrectionApproval> =
        correction.approvals.iter().filter(|approval| effect.is_none_or(|effect| approval.effect_hash == effect)).collect();
    Ok(CorrectionView {
        id: correction.proposed.id.to_string(),
        sentence: sentence(&change),
        change,
        reason: correction.proposed.reason.clone(),
        by: correction.by_name.clone(),
        at_utc_ms: correction.proposed.by.at_utc_ms,
        state: match correction.state {
            CorrectionState::Open => wire::results::CorrectionState::Open,
            CorrectionState::Adopted => wire::results::CorrectionState::Adopted,
            CorrectionState::Rejected => wire::results::CorrectionState::Rejected,
        },
        hindrance: hindrance(correction, &approvals, staff, stage).map(str::to_owned),
        approvals: approvals.iter().map(|approval| Approval { by: approval.by_name.clone(), at_utc_ms: approval.by.at_utc_ms }).collect(),
        revision: correction.revision,
        objection: correction.proposed.objection_id.map(|id| id.to_string()),
        rejected_because: correction.rejected_because.clone(),
    })
}

fn change_of(correction: &Correction) -> Result<Change, No> {
    serde_json::from_str(&correction.proposed.change_json).map_err(No::failed)
}

/// Why somebody cannot approve: the code that pages put into words.
fn hindrance(correction: &Correction, approvals: &[&CorrectionApproval], staff: &Staff, stage: &Stage) -> Option<&'static str> {
    if correction.state != CorrectionState::Open {
        return Some("decided");
    }
    if staff.may(&[Role::Committee], Some(stage.selection_id), None).is_err() {
        return Some("not_committee");
    }
    if approvals.iter().any(|approval| approval.by.staff_id == staff.id) {
        return Some("same_person");
    }
    match staff.browser_hash {
        Some(browser) if approvals.iter().all(|approval| approval.browser_hash.0 != browser) => None,
        _ => Some("same_browser"),
    }
}

/// Proposes a correction of the newest revision. It is tried before it is stored: what cannot be computed is refused with the reason.
#[utoipa::path(post, path = "/api/v1/stages/{stage}/corrections", tag = "committee", params(("stage" = String, Path)),
    request_body = NewCorrection, responses((status = 200, body = Created), (status = 422, body = wire::RefusalBody)))]
async fn propose(State(app): State<Shared>, staff: Staff, Path(stage): Path<String>, Json(asked): Json<NewCorrection>) -> Answer<Created> {
    let stage = stage_for(&app, &staff, &stage, &[Role::Committee]).await?;
    let reason = reason(&asked.reason)?;
    within_limits(&asked.change)?;
    if newest(&app, stage.id).await?.is_none() {
        return Err(No::conflict("not_adopted", "Hasil tahap ini belum ditetapkan; koreksi berlaku sesudah revisi pertama."));
    }
    if app.store.corrections_of_stage(stage.id).await?.len() >= CORRECTIONS_MAX {
        return Err(No::conflict("too_many", "Sudah ada 2.000 usulan pada tahap ini."));
    }
    let objection_id = match &asked.objection {
        Some(id) => Some(objection_of(&app, &stage, id).await?),
        None => None,
    };
    let mut gathered = gathered(&app, &stage).await?;
    gathered.find_item(&app.store, &asked.change).await?;
    usable(&gathered, &asked.change)?;
    compute(gathered, Some(asked.change.clone())).await?;
    let correction = store::results::NewCorrection {
        id: random::id(),
        stage_id: stage.id,
        change_json: serde_json::to_string(&asked.change).map_err(No::failed)?,
        reason,
        objection_id,
        by: By { staff_id: staff.id, at_utc_ms: utc_ms() },
    };
    app.store.add_correction(&correction).await?;
    tracing::info!(by = %staff.id, stage = %stage.id, correction = %correction.id, "proposed a correction");
    Ok(Json(Created { id: correction.id.to_string() }))
}

async fn objection_of(app: &App, stage: &Stage, id: &str) -> Result<ObjectionId, No> {
    let id: ObjectionId = id.parse().map_err(|_| No::NotFound("objection"))?;
    let objection = app.store.objection_by_id(id).await?;
    if objection.stage_id == stage.id { Ok(id) } else { Err(No::NotFound("objection")) }
}

fn within_limits(change: &Change) -> Result<(), No> {
    let (count, texts): (usize, Vec<&str>) = match change {
        Change::Key { item, right } => (right.len(), vec![item]),
        Change::Void { item, .. } => (1, vec![item]),
        Change::Status { participant_no, status, from } => (1, vec![participant_no, status, from]),
        Change::Facts { participant_no, values } => {
            let values_texts = values.iter().flat_map(|value| [value.column.as_str(), value.value.as_str()]);
            (values.len(), [participant_no.as_str()].into_iter().chain(values_texts).collect())
        }
        Change::Decision { formation, order } => {
            (order.len(), [formation.as_str()].into_iter().chain(order.iter().map(String::as_str)).collect())
        }
        Change::MoveDecision { order } => (order.len(), order.iter().map(String::as_str).collect()),
        Change::Recompute => (1, Vec::new()),
    };
    let fits = |text: &&str| text.chars().count() <= VALUE_CHARS_MAX && !text.chars().any(char::is_control);
    if (1..=NAMED_MAX).contains(&count) && texts.iter().all(fits) {
        Ok(())
    } else {
        Err(No::bad("change_bad", "Usulan kosong atau terlalu panjang."))
    }
}

/// What a correction names must be there, and what it asks for possible.
fn usable(gathered: &Gathered, change: &Change) -> Result<(), No> {
    let refused =
        |sentence: String| No::Bad { code: "change_unusable", message: "Usulan tidak dapat dipakai.".to_owned(), details: vec![sentence] };
    gathered.changes(Some(change)).map_err(|unusable| refused(unusable.0))?;
    let known = |number: &String| {
        let formation = gathered.formation_of(number);
        formation.ok_or_else(|| refused(format!("Peserta {number} tidak ada pada seleksi ini.")))
    };
    match change {
        Change::Key { item, .. } | Change::Void { item, .. } => usable_item(gathered, change, item).map_err(refused),
        Change::Status { participant_no, .. } | Change::Facts { participant_no, .. } => known(participant_no).map(|_| ()),
        Change::Decision { formation, order } => {
            all_different(order).map_err(refused)?;
            order.iter().try_for_each(|number| match known(number)? {
                of if of == formation => Ok(()),
                of => Err(refused(format!("Peserta {number} berada pada formasi {of}, bukan {formation}."))),
            })
        }
        Change::MoveDecision { order } => {
            all_different(order).map_err(refused)?;
            let formations: BTreeSet<&str> = order.iter().map(known).collect::<Result<_, _>>()?;
            match formations.len() {
                0 | 1 => Err(refused("Keputusan antarformasi memerlukan peserta dari sedikitnya dua formasi.".to_owned())),
                _ => Ok(()),
            }
        }
        Change::Recompute => Ok(()),
    }
}

fn all_different(order: &[String]) -> Result<(), String> {
    let different: BTreeSet<String> = order.iter().map(|number| store::roster::participant_key(number)).collect();
    if different.len() == order.len() { Ok(()) } else { Err("Ada peserta yang disebut dua kali.".to_owned()) }
}

fn usable_item(gathered: &Gathered, change: &Change, code: &str) -> Result<(), String> {
    let Some(item) = gathered.item(code) else { return Err(format!("Butir {code} tidak ada di bank soal.")) };
    let on_papers = gathered.item_on_papers(item);
    let had: u32 = on_papers.values().map(|(had, _)| had).sum();
    if had == 0 {
        return Err(format!("Butir {code} tidak ada pada naskah mana pun di tahap ini."));
    }
    match change {
        Change::Key { right, .. } => {
            let right = Choices::from_ids(right).unwrap_or_default();
            if gathered.keys_of(item).iter().any(|key| key.corrected(right).is_none()) {
                return Err(format!(
                    "Kunci butir {code} tidak dapat diganti dengan pilihan itu: butir berpilihan jamak hanya dapat dibatalkan, \
                     dan pilihan harus ada pada butir."
                ));
            }
            Ok(())
        }
        Change::Void { policy: VoidPolicy::Removed, .. } => match on_papers.iter().find(|(_, (had, had_not))| *had > 0 && *had_not > 0) {
            Some((formation, (had, had_not))) => Err(format!(
                "Butir {code} hanya ada pada sebagian naskah formasi {formation} ({had} dari {}): batalkan dengan nilai penuh.",
                had + had_not
            )),
            None => Ok(()),
        },
        Change::Void { .. }
        | Change::Status { .. }
        | Change::Facts { .. }
        | Change::Decision { .. }
        | Change::MoveDecision { .. }
        | Change::Recompute => Ok(()),
    }
}

/// A correction with what it would do now.
struct Tried {
    stage: Stage,
    correction: Correction,
    before: Revision,
    gathered: Gathered,
    outcome: Outcome,
    moved: Moved,
    effect_hash: Digest32,
}

async fn tried(app: &App, staff: &Staff, id: &str, roles: &[Role]) -> Result<Tried, No> {
    let id: CorrectionId = id.parse().map_err(|_| No::NotFound("correction"))?;
    let correction = app.store.correction_by_id(id).await?;
    let stage = app.store.stage_by_id(correction.proposed.stage_id).await?;
    staff.may(roles, Some(stage.selection_id), None)?;
    let revisions = app.store.revisions_of_stage(stage.id).await?;
    // Of one that was adopted the effect is what its revision changed; of every other, what it would do to the newest.
    let adopted = revisions.iter().find(|revision| revision.correction_id == Some(id));
    let base = match adopted {
        Some(adopted) => revisions.iter().find(|revision| revision.number + 1 == adopted.number),
        None => revisions.first(),
    };
    let before = base.cloned().ok_or_else(|| No::failed("a correction without a revision before it"))?;
    let earlier = stored(app, before.id).await?;
    let mut gathered = gathered(app, &stage).await?;
    let (gathered, outcome) = match adopted {
        Some(adopted) => {
            let computed = stored(app, adopted.id).await?;
            let second_scorer = crate::results::second::check_results(&computed);
            (gathered, Outcome { computed, second_scorer, remarks: Vec::new() })
        }
        None => {
            let change = change_of(&correction)?;
            gathered.find_item(&app.store, &change).await?;
            compute(gathered, Some(change)).await?
        }
    };
    let (moved, effect_hash) = compared(&earlier, &outcome.computed, &gathered)?;
    Ok(Tried { stage, correction, before, gathered, outcome, moved, effect_hash })
}

fn compared(before: &Computed, after: &Computed, gathered: &Gathered) -> Result<(Moved, Digest32), No> {
    let moved = effect::compare(before, after, &gathered.names).map_err(No::failed)?;
    Ok((moved, effect::hash(before, after)))
}

/// What a correction does, beside the newest revision.
#[utoipa::path(get, path = "/api/v1/corrections/{correction}/effect", tag = "committee", params(("correction" = String, Path)),
    responses((status = 200, body = Effect), (status = 404, body = wire::RefusalBody)))]
async fn effect_of(State(app): State<Shared>, staff: Staff, Path(correction): Path<String>) -> Answer<Effect> {
    let tried = tried(&app, &staff, &correction, &READERS).await?;
    let open = tried.correction.state == CorrectionState::Open;
    let mut obstacles = if open { unclosed(&tried.gathered) } else { Vec::new() };
    if !tried.outcome.second_scorer.agrees {
        obstacles.push("Penghitung kedua menemukan perbedaan.".to_owned());
    }
    let shown_for = open.then_some(tried.effect_hash);
    Ok(Json(Effect {
        correction: view(&tried.correction, &staff, &tried.stage, shown_for)?,
        before: tried.before.number,
        effect_hash: tried.effect_hash.to_string(),
        people: tried.outcome.computed.candidates.len() as u32,
        changed: tried.moved.rows.len() as u32,
        rose: tried.moved.rose,
        fell: tried.moved.fell,
        enter: tried.moved.rows.iter().filter(|row| row.enters).count() as u32,
        leave: tried.moved.rows.iter().filter(|row| row.leaves).count() as u32,
        rows: tried.moved.rows,
        obstacles,
        second_scorer: tried.outcome.second_scorer,
    }))
}

/// The same as a table.
#[utoipa::path(get, path = "/api/v1/corrections/{correction}/effect.csv", tag = "committee", params(("correction" = String, Path)),
    responses((status = 200, content_type = "text/csv")))]
async fn effect_csv(State(app): State<Shared>, staff: Staff, Path(correction): Path<String>) -> Result<Response, No> {
    let tried = tried(&app, &staff, &correction, &READERS).await?;
    let table = effect::csv(&tried.moved.rows).map_err(No::failed)?;
    let headers = [(header::CONTENT_TYPE, "text/csv; charset=utf-8"), (header::CONTENT_DISPOSITION, "attachment; filename=\"dampak.csv\"")];
    Ok((headers, table).into_response())
}

/// Approves the effect that was looked at. The second approval adopts it as the next revision.
#[utoipa::path(post, path = "/api/v1/corrections/{correction}/approve", tag = "committee", params(("correction" = String, Path)),
    request_body = Approve, responses((status = 200, body = CorrectionView), (status = 409, body = wire::RefusalBody)))]
async fn approve(
    State(app): State<Shared>,
    staff: Staff,
    Path(correction): Path<String>,
    Json(asked): Json<Approve>,
) -> Answer<CorrectionView> {
    // Two first approvals at once would wait for each other for ever.
    static ONE_AT_A_TIME: Mutex<()> = Mutex::const_new(());
    let _mine = ONE_AT_A_TIME.lock().await;
    let tried = tried(&app, &staff, &correction, &[Role::Committee]).await?;
    let change = change_of(&tried.correction)?;
    let approvals: Vec<&CorrectionApproval> =
        tried.correction.approvals.iter().filter(|approval| approval.effect_hash == tried.effect_hash).collect();
    if let Some(hindrance) = hindrance(&tried.correction, &approvals, &staff, &tried.stage) {
        return Err(hindered(hindrance));
    }
    if tried.effect_hash.to_string() != asked.effect_hash {
        return Err(No::conflict("effect_changed", "Dampak usulan berubah sejak dilihat; periksa kembali sebelum menyetujui."));
    }
    if let Some(sentence) = unclosed(&tried.gathered).into_iter().next() {
        return Err(No::conflict("sitting_under_way", sentence));
    }
    if !tried.outcome.second_scorer.agrees {
        return Err(No::conflict("scorers_differ", "Penghitung kedua menemukan perbedaan; usulan belum dapat disetujui."));
    }
    let Some(browser) = staff.browser_hash else { return Err(hindered("same_browser")) };
    let by = By { staff_id: staff.id, at_utc_ms: utc_ms() };
    let approval = CorrectionApproval {
        correction_id: tried.correction.proposed.id,
        effect_hash: tried.effect_hash,
        browser_hash: Digest32(browser),
        by,
        by_name: staff.name.clone(),
    };
    let revision = match approvals.first() {
        Some(first) => {
            let further = Some((&change, tried.correction.proposed.reason.as_str()));
            let by = By { staff_id: first.by.staff_id, ..by };
            Some(NewRevision {
                correction_id: Some(tried.correction.proposed.id),
                second_id: Some(staff.id),
                ..new_revision(&tried.gathered, &tried.outcome, tried.before.number + 1, further, by)?
            })
        }
        None => None,
    };
    app.store.approve_correction(&approval, revision.as_ref()).await.map_err(refused)?;
    tracing::info!(by = %staff.id, correction = %approval.correction_id, revision = revision.as_ref().map(|new| new.number), "approved a correction");
    let now = app.store.correction_by_id(approval.correction_id).await?;
    Ok(Json(view(&now, &staff, &tried.stage, revision.is_none().then_some(tried.effect_hash))?))
}

fn hindered(hindrance: &'static str) -> No {
    let sentence = match hindrance {
        "decided" => "Usulan ini sudah diputuskan.",
        "same_person" => "Persetujuan kedua harus dari anggota panitia lain.",
        "same_browser" => "Persetujuan kedua harus dari peramban lain, pada komputer orang itu sendiri.",
        _ => "Hanya panitia yang dapat menyetujui.",
    };
    No::conflict(hindrance, sentence)
}

/// What the schema refuses, in the words of the pages.
fn refused(error: store::Error) -> No {
    match &error {
        store::Error::Conflict { constraint } => match *constraint {
            "correction_approval_person_unique" => hindered("same_person"),
            "correction_approval_browser_unique" => hindered("same_browser"),
            "correction_decided" => hindered("decided"),
            "revision_number_unique" => No::conflict("effect_changed", "Revisi lain ditetapkan lebih dahulu; periksa dampaknya kembali."),
            _ => error.into(),
        },
        _ => error.into(),
    }
}

/// Rejects a waiting correction, or takes it back.
#[utoipa::path(post, path = "/api/v1/corrections/{correction}/reject", tag = "committee", params(("correction" = String, Path)),
    request_body = Reject, responses((status = 204), (status = 409, body = wire::RefusalBody)))]
async fn reject(
    State(app): State<Shared>,
    staff: Staff,
    Path(correction): Path<String>,
    Json(asked): Json<Reject>,
) -> Result<StatusCode, No> {
    let id: CorrectionId = correction.parse().map_err(|_| No::NotFound("correction"))?;
    let correction = app.store.correction_by_id(id).await?;
    let stage = app.store.stage_by_id(correction.proposed.stage_id).await?;
    staff.may(&[Role::Committee], Some(stage.selection_id), None)?;
    let because = reason(&asked.reason)?;
    app.store.reject_correction(id, &because, By { staff_id: staff.id, at_utc_ms: utc_ms() }).await.map_err(refused)?;
    tracing::info!(by = %staff.id, correction = %id, "rejected a correction");
    Ok(StatusCode::NO_CONTENT)
}
