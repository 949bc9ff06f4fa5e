//! Objections: a candidate's, one for each stage, within a window; decided by two of the committee, answered to the candidate.
//!
//! A candidate signs in with what only the candidate knows together: participant number, national id number and birth date. Tries are counted by
//! participant number, and each wait is longer than the one before.

use super::results::{READERS, reason, stage_for};
use crate::answer::{Answer, No};
use crate::app::{App, Shared};
use crate::auth::{self, Staff};
use crate::clock::utc_ms;
use crate::random;
use axum::Json;
use axum::extract::{FromRequestParts, Path, State};
use axum::http::request::Parts;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use question_bank::id::{CandidateId, CorrectionId, Digest32, ObjectionDecisionId, ObjectionId, SelectionId, StageId};
use store::results::{Attachment, CorrectionState, NewObjectionDecision, Objection};
use store::roster::{By, Stage};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use wire::Created;
use wire::objections::{
    AttachmentView, CandidateSignIn, ConfirmDecision, DecideObjection, MyObjection, MyObjections, MyStage, NewAttachment, NewObjection,
    ObjectionDecision, ObjectionDesk, ObjectionState, ObjectionView, ObjectionWindow, PutObjectionWindow, ReturnDecision,
};
use wire::staff::Role;

/// Characters of an objection, and of an answer.
const TEXT_CHARS: std::ops::RangeInclusive<usize> = 20..=4_000;
/// Characters of an answer.
const ANSWER_CHARS: std::ops::RangeInclusive<usize> = 10..=4_000;
/// Bytes of an attached file.
const ATTACHMENT_BYTES_MAX: usize = 2 << 20;
/// Characters of the name of an attached file.
const NAME_CHARS_MAX: usize = 120;
/// Longest window, milliseconds: a year.
const WINDOW_MS_MAX: i64 = 366 * 24 * 60 * 60 * 1000;

/// Routes of objections.
pub fn router() -> OpenApiRouter<Shared> {
    OpenApiRouter::new()
        .routes(routes!(sign_in))
        .routes(routes!(sign_out))
        .routes(routes!(mine))
        .routes(routes!(desk, object))
        .routes(routes!(put_window))
        .routes(routes!(attachment))
        .routes(routes!(decide))
        .routes(routes!(confirm))
        .routes(routes!(give_back))
}

/// A candidate who is signed in to look at their own results.
struct Candidate {
    id: CandidateId,
    participant_no: String,
    name: String,
    selection: SelectionId,
    selection_title: String,
}

impl FromRequestParts<Shared> for Candidate {
    type Rejection = No;

    async fn from_request_parts(parts: &mut Parts, app: &Shared) -> Result<Self, No> {
        let token = auth::candidate_token(&parts.headers, app.config.secure_cookies()).ok_or(No::SignIn)?;
        let found = app.store.candidate_signed_in(Digest32(token), utc_ms()).await?.ok_or(No::SignIn)?;
        let (id, participant_no, name, selection, selection_title) = found;
        Ok(Candidate { id, participant_no, name, selection, selection_title })
    }
}

/// Lets a candidate in.
#[utoipa::path(post, path = "/api/v1/objections/sign-in", tag = "candidate", request_body = CandidateSignIn,
    responses((status = 200, body = MyObjections), (status = 422, body = wire::RefusalBody), (status = 429, body = wire::RefusalBody)))]
async fn sign_in(State(app): State<Shared>, Json(asked): Json<CandidateSignIn>) -> Result<Response, No> {
    let account = format!("sanggah {}", store::roster::participant_key(&asked.participant_no));
    app.limiter.check(&account)?;
    let nik = asked.nik.split_whitespace().collect::<String>();
    let found = app.store.candidate_by_secrets(&asked.participant_no, &nik, asked.birth_date.trim()).await?;
    let candidate = found.ok_or_else(|| No::bad("credentials_wrong", "Nomor peserta, NIK, atau tanggal lahir tidak cocok."))?;
    app.limiter.forget(&account);
    let token = random::token();
    let hash = Digest32(auth::token_hash(&token));
    let now = utc_ms();
    app.store.add_candidate_session(hash, candidate, now, now + auth::CANDIDATE_AGE_S as i64 * 1000).await?;
    let (id, participant_no, name, selection, selection_title) =
        app.store.candidate_signed_in(hash, now).await?.ok_or_else(|| No::failed("a session that was just stored is not there"))?;
    let candidate = Candidate { id, participant_no, name, selection, selection_title };
    let own = own_view(&app, &candidate).await?;
    let cookie = auth::candidate_cookie(&token, app.config.secure_cookies());
    Ok(([(header::SET_COOKIE, cookie)], Json(own)).into_response())
}

/// Ends a candidate's session; one that is over already is fine.
#[utoipa::path(post, path = "/api/v1/objections/sign-out", tag = "candidate", responses((status = 204)))]
async fn sign_out(State(app): State<Shared>, headers: axum::http::HeaderMap) -> Result<Response, No> {
    let secure = app.config.secure_cookies();
    if let Some(token) = auth::candidate_token(&headers, secure) {
        app.store.revoke_candidate_session(Digest32(token)).await?;
    }
    Ok((StatusCode::NO_CONTENT, [(header::SET_COOKIE, auth::candidate_cookie_gone(secure))]).into_response())
}

/// What a candidate may object to, and what became of it.
#[utoipa::path(get, path = "/api/v1/objections/mine", tag = "candidate",
    responses((status = 200, body = MyObjections), (status = 401, body = wire::RefusalBody)))]
async fn mine(State(app): State<Shared>, candidate: Candidate) -> Answer<MyObjections> {
    own_view(&app, &candidate).await.map(Json)
}

async fn own_view(app: &App, candidate: &Candidate) -> Result<MyObjections, No> {
    let own = app.store.objections_of_candidate(candidate.id).await?;
    let publications = app.store.publications().await?;
    let now = utc_ms();
    let mut stages = Vec::new();
    for stage in app.store.stages_of_selection(candidate.selection).await?.into_iter().rev() {
        // The newest publication of a stage comes first.
        let Some(publication) = publications.iter().find(|publication| publication.stage_id == stage.id) else { continue };
        let window = app.store.objection_window(stage.id).await?;
        let line = super::publications::person_address(publication.id, &candidate.participant_no);
        stages.push(MyStage {
            stage: stage.id.to_string(),
            title: stage.title,
            publication: publication.id.to_string(),
            certificate: format!("{line}/sertifikat.pdf"),
            line,
            open: window.is_some_and(|window| is_open(window, now)),
            window: window.map(shown_window),
            objection: own.iter().find(|objection| objection.stage_id == stage.id).map(own_objection),
        });
    }
    Ok(MyObjections {
        name: candidate.name.clone(),
        participant_no: candidate.participant_no.clone(),
        selection: candidate.selection_title.clone(),
        stages,
    })
}

fn is_open(window: store::results::ObjectionWindow, now_utc_ms: i64) -> bool {
    (window.opens_utc_ms..window.closes_utc_ms).contains(&now_utc_ms)
}

fn shown_window(window: store::results::ObjectionWindow) -> ObjectionWindow {
    ObjectionWindow { opens_utc_ms: window.opens_utc_ms, closes_utc_ms: window.closes_utc_ms }
}

/// A decision is shown once two have made it.
fn own_objection(objection: &Objection) -> MyObjection {
    let decided = objection.decision.as_ref().and_then(|decision| Some((decision, decision.confirmed.as_ref()?)));
    let state = match decided {
        Some((decision, _)) if decision.made.granted => "granted",
        Some(_) => "refused",
        None => "received",
    };
    MyObjection {
        id: objection.id.to_string(),
        text: objection.text.clone(),
        attachment: objection.attachment.as_ref().map(|(name, _, _)| name.clone()),
        at_utc_ms: objection.at_utc_ms,
        state: state.to_owned(),
        answer: decided.map(|(decision, _)| decision.made.answer.clone()).unwrap_or_default(),
        answered_utc_ms: decided.map(|(_, (_, at_utc_ms))| *at_utc_ms),
    }
}

/// Receives an objection of the candidate who is signed in, about the candidate's own result.
#[utoipa::path(post, path = "/api/v1/stages/{stage}/objections", tag = "candidate", params(("stage" = String, Path)),
    request_body = NewObjection, responses((status = 200, body = Created), (status = 409, body = wire::RefusalBody), (status = 422, body = wire::RefusalBody)))]
async fn object(
    State(app): State<Shared>,
    candidate: Candidate,
    Path(stage): Path<String>,
    Json(asked): Json<NewObjection>,
) -> Answer<Created> {
    let stage: StageId = stage.parse().map_err(|_| No::NotFound("stage"))?;
    let stage = app.store.stage_by_id(stage).await?;
    let published = app.store.publications().await?.iter().any(|publication| publication.stage_id == stage.id);
    if stage.selection_id != candidate.selection || !published {
        return Err(No::NotFound("stage"));
    }
    let now = utc_ms();
    if !app.store.objection_window(stage.id).await?.is_some_and(|window| is_open(window, now)) {
        return Err(No::conflict("window_closed", "Masa sanggah tahap ini tidak sedang dibuka."));
    }
    let text = text_within(&asked.text, TEXT_CHARS, "Sanggahan harus 20 sampai 4.000 karakter.")?;
    let attachment = asked.attachment.map(read_attachment).transpose()?;
    let objection =
        store::results::NewObjection { id: random::id(), stage_id: stage.id, candidate_id: candidate.id, text, attachment, at_utc_ms: now };
    app.store.add_objection(&objection).await.map_err(|error| {
        if error.is_conflict("objection_candidate_unique") {
            No::conflict("objected_before", "Anda sudah menyampaikan satu sanggahan untuk tahap ini.")
        } else {
            error.into()
        }
    })?;
    tracing::info!(objection = %objection.id, stage = %stage.id, "received an objection");
    Ok(Json(Created { id: objection.id.to_string() }))
}

fn text_within(text: &str, chars: std::ops::RangeInclusive<usize>, sentence: &str) -> Result<String, No> {
    let text = text.trim();
    let plain = !text.chars().any(|char| char.is_control() && char != '\n' && char != '\r' && char != '\t');
    if chars.contains(&text.chars().count()) && plain { Ok(text.to_owned()) } else { Err(No::bad("text_bad", sentence)) }
}

/// A file is what its first bytes say, whatever it is called.
fn read_attachment(given: NewAttachment) -> Result<Attachment, No> {
    let refused = || No::bad("attachment_bad", "Lampiran harus PDF, JPEG, atau PNG, paling besar 2 MiB.");
    // Four characters hold three bytes.
    if given.base64.len() > ATTACHMENT_BYTES_MAX.div_ceil(3) * 4 + 4 {
        return Err(refused());
    }
    let bytes = base64::Engine::decode(&base64::engine::general_purpose::STANDARD, given.base64.as_bytes()).map_err(|_| refused())?;
    let media_type = match bytes.as_slice() {
        [b'%', b'P', b'D', b'F', b'-', ..] => "application/pdf",
        [0xff, 0xd8, 0xff, ..] => "image/jpeg",
        [0x89, b'P', b'N', b'G', 0x0d, 0x0a, 0x1a, 0x0a, ..] => "image/png",
        _ => return Err(refused()),
    };
    let safe = |char: char| if char.is_alphanumeric() || matches!(char, '.' | '-' | '_' | ' ' | '(' | ')') { char } else { '_' };
    let name: String = given.name.trim().chars().map(safe).take(NAME_CHARS_MAX).collect();
    if bytes.len() > ATTACHMENT_BYTES_MAX || name.is_empty() {
        return Err(refused());
    }
    Ok(Attachment { name, media_type: media_type.to_owned(), bytes })
}

// The committee's desk.

/// Objections to a stage, those that wait first.
#[utoipa::path(get, path = "/api/v1/stages/{stage}/objections", tag = "committee", params(("stage" = String, Path)),
    responses((status = 200, body = ObjectionDesk)))]
async fn desk(State(app): State<Shared>, staff: Staff, Path(stage): Path<String>) -> Answer<ObjectionDesk> {
    let stage = stage_for(&app, &staff, &stage, &READERS).await?;
    let mut objections = Vec::new();
    for objection in app.store.objections_of_stage(stage.id).await? {
        objections.push(view(&app, &staff, &stage, objection).await?);
    }
    objections.sort_by_key(|objection| objection.state == ObjectionState::Answered);
    Ok(Json(ObjectionDesk { window: app.store.objection_window(stage.id).await?.map(shown_window), objections }))
}

async fn view(app: &App, staff: &Staff, stage: &Stage, objection: Objection) -> Result<ObjectionView, No> {
    let state = match &objection.decision {
        None => ObjectionState::Received,
        Some(decision) if decision.confirmed.is_none() => ObjectionState::Decided,
        Some(_) => ObjectionState::Answered,
    };
    let hindrance = hindrance(app, staff, stage, &objection).await?;
    Ok(ObjectionView {
        id: objection.id.to_string(),
        participant_no: objection.participant_no,
        name: objection.name,
        formation: objection.formation_code,
        text: objection.text,
        attachment: objection.attachment.map(|(name, media_type, bytes)| AttachmentView { name, media_type, bytes }),
        at_utc_ms: objection.at_utc_ms,
        state,
        decision: objection.decision.map(|decision| ObjectionDecision {
            id: decision.id.to_string(),
            granted: decision.made.granted,
            answer: decision.made.answer,
            correction: decision.made.correction_id.map(|id| id.to_string()),
            by: decision.by_name,
            at_utc_ms: decision.made.by.at_utc_ms,
            confirmed_by: decision.confirmed.as_ref().map(|(name, _)| name.clone()),
            confirmed_utc_ms: decision.confirmed.map(|(_, at_utc_ms)| at_utc_ms),
        }),
        hindrance: hindrance.map(str::to_owned),
    })
}

/// Why somebody cannot confirm the decision that waits.
async fn hindrance(app: &App, staff: &Staff, stage: &Stage, objection: &Objection) -> Result<Option<&'static str>, No> {
    let Some(decision) = objection.decision.as_ref().filter(|decision| decision.confirmed.is_none()) else { return Ok(None) };
    if staff.may(&[Role::Committee], Some(stage.selection_id), None).is_err() {
        return Ok(Some("not_committee"));
    }
    if decision.made.by.staff_id == staff.id {
        return Ok(Some("same_person"));
    }
    if staff.browser_hash.is_none_or(|browser| browser == decision.made.browser_hash.0) {
        return Ok(Some("same_browser"));
    }
    if let Some(correction) = decision.made.correction_id
        && app.store.correction_by_id(correction).await?.state != CorrectionState::Adopted
    {
        return Ok(Some("correction_open"));
    }
    Ok(None)
}

/// Says when objections are taken.
#[utoipa::path(put, path = "/api/v1/stages/{stage}/objection-window", tag = "committee", params(("stage" = String, Path)),
    request_body = PutObjectionWindow, responses((status = 204), (status = 422, body = wire::RefusalBody)))]
async fn put_window(
    State(app): State<Shared>,
    staff: Staff,
    Path(stage): Path<String>,
    Json(asked): Json<PutObjectionWindow>,
) -> Result<StatusCode, No> {
    let stage = stage_for(&app, &staff, &stage, &[Role::Committee]).await?;
    let window = store::results::ObjectionWindow { opens_utc_ms: asked.window.opens_utc_ms, closes_utc_ms: asked.window.closes_utc_ms };
    let length = window.closes_utc_ms.saturating_sub(window.opens_utc_ms);
    if window.opens_utc_ms < 0 || !(1..=WINDOW_MS_MAX).contains(&length) {
        return Err(No::bad("window_bad", "Masa sanggah harus berakhir sesudah dibuka, paling lama satu tahun."));
    }
    app.store.put_objection_window(random::bytes(), stage.id, window, By { staff_id: staff.id, at_utc_ms: utc_ms() }).await?;
    tracing::info!(by = %staff.id, stage = %stage.id, "set the window for objections");
    Ok(StatusCode::NO_CONTENT)
}

async fn objection_for(app: &App, staff: &Staff, objection: &str, roles: &[Role]) -> Result<(Objection, Stage), No> {
    let id: ObjectionId = objection.parse().map_err(|_| No::NotFound("objection"))?;
    let objection = app.store.objection_by_id(id).await?;
    let stage = app.store.stage_by_id(objection.stage_id).await?;
    staff.may(roles, Some(stage.selection_id), None)?;
    Ok((objection, stage))
}

/// The file that came with an objection.
#[utoipa::path(get, path = "/api/v1/objections/{objection}/attachment", tag = "committee", params(("objection" = String, Path)),
    responses((status = 200), (status = 404, body = wire::RefusalBody)))]
async fn attachment(State(app): State<Shared>, staff: Staff, Path(objection): Path<String>) -> Result<Response, No> {
    let (objection, _) = objection_for(&app, &staff, &objection, &READERS).await?;
    let file = app.store.objection_attachment(objection.id).await?;
    let ascii: String = file.name.chars().map(|char| if char.is_ascii() { char } else { '_' }).collect();
    let name = format!("attachment; filename=\"{ascii}\"");
    Ok(([(header::CONTENT_TYPE, file.media_type), (header::CONTENT_DISPOSITION, name)], file.bytes).into_response())
}

/// Decides an objection; a second person must confirm it.
#[utoipa::path(post, path = "/api/v1/objections/{objection}/decision", tag = "committee", params(("objection" = String, Path)),
    request_body = DecideObjection, responses((status = 204), (status = 409, body = wire::RefusalBody), (status = 422, body = wire::RefusalBody)))]
async fn decide(
    State(app): State<Shared>,
    staff: Staff,
    Path(objection): Path<String>,
    Json(asked): Json<DecideObjection>,
) -> Result<StatusCode, No> {
    let (objection, stage) = objection_for(&app, &staff, &objection, &[Role::Committee]).await?;
    let answer = text_within(&asked.answer, ANSWER_CHARS, "Jawaban harus 10 sampai 4.000 karakter.")?;
    let correction_id = match &asked.correction {
        Some(id) if asked.granted => Some(correction_of(&app, &stage, id).await?),
        Some(_) => return Err(No::bad("correction_refused", "Sanggahan yang ditolak tidak membawa usulan koreksi.")),
        None => None,
    };
    let decision = NewObjectionDecision {
        objection_id: objection.id,
        granted: asked.granted,
        answer,
        correction_id,
        browser_hash: browser(&staff)?,
        by: By { staff_id: staff.id, at_utc_ms: utc_ms() },
    };
    app.store.decide_objection(random::id(), &decision).await.map_err(refused)?;
    tracing::info!(by = %staff.id, objection = %objection.id, granted = asked.granted, "decided an objection");
    Ok(StatusCode::NO_CONTENT)
}

async fn correction_of(app: &App, stage: &Stage, id: &str) -> Result<CorrectionId, No> {
    let id: CorrectionId = id.parse().map_err(|_| No::NotFound("correction"))?;
    let correction = app.store.correction_by_id(id).await?;
    if correction.proposed.stage_id == stage.id { Ok(id) } else { Err(No::NotFound("correction")) }
}

fn decided() -> No {
    No::conflict("objection_decided", "Sanggahan ini sudah diputuskan.")
}

fn same_person() -> No {
    No::conflict("same_person", "Keputusan harus dikuatkan anggota panitia lain.")
}

fn same_browser() -> No {
    No::conflict("same_browser", "Keputusan harus dikuatkan dari peramban lain.")
}

/// What the schema refuses, in the words of the pages.
fn refused(error: store::Error) -> No {
    match error {
        store::Error::Conflict { constraint: "objection_decision_open_unique" | "objection_decided" } => decided(),
        store::Error::Conflict { constraint: "objection_decision_second_person" } => same_person(),
        store::Error::Conflict { constraint: "objection_decision_second_browser" } => same_browser(),
        error => error.into(),
    }
}

/// The decision that was read, when it is the one that waits: another may have taken its place since.
fn waiting(objection: &Objection, read: &str) -> Result<ObjectionDecisionId, No> {
    match objection.decision.as_ref().filter(|decision| decision.confirmed.is_none()) {
        Some(decision) if decision.id.to_string() == read => Ok(decision.id),
        Some(_) => Err(No::conflict("decision_changed", "Keputusan berubah sejak dilihat; baca kembali sebelum menguatkannya.")),
        None => Err(decided()),
    }
}

fn browser(staff: &Staff) -> Result<Digest32, No> {
    staff.browser_hash.map(Digest32).ok_or(No::SignIn)
}

/// Confirms the decision that was read; now the candidate sees the answer.
#[utoipa::path(post, path = "/api/v1/objections/{objection}/confirm", tag = "committee", params(("objection" = String, Path)),
    request_body = ConfirmDecision, responses((status = 204), (status = 409, body = wire::RefusalBody)))]
async fn confirm(
    State(app): State<Shared>,
    staff: Staff,
    Path(objection): Path<String>,
    Json(asked): Json<ConfirmDecision>,
) -> Result<StatusCode, No> {
    let (objection, stage) = objection_for(&app, &staff, &objection, &[Role::Committee]).await?;
    match hindrance(&app, &staff, &stage, &objection).await? {
        Some("same_person") => return Err(same_person()),
        Some("same_browser") => return Err(same_browser()),
        Some(_) => return Err(No::conflict("correction_open", "Usulan koreksinya belum ditetapkan.")),
        None => {}
    }
    let (decision, browser) = (waiting(&objection, &asked.decision_id)?, browser(&staff)?);
    app.store.confirm_objection(decision, browser, By { staff_id: staff.id, at_utc_ms: utc_ms() }).await.map_err(refused)?;
    tracing::info!(by = %staff.id, objection = %objection.id, "confirmed the decision of an objection");
    Ok(StatusCode::NO_CONTENT)
}

/// Gives the decision that was read back, with a reason.
#[utoipa::path(post, path = "/api/v1/objections/{objection}/return", tag = "committee", params(("objection" = String, Path)),
    request_body = ReturnDecision, responses((status = 204), (status = 409, body = wire::RefusalBody)))]
async fn give_back(
    State(app): State<Shared>,
    staff: Staff,
    Path(objection): Path<String>,
    Json(asked): Json<ReturnDecision>,
) -> Result<StatusCode, No> {
    let (objection, _) = objection_for(&app, &staff, &objection, &[Role::Committee]).await?;
    let because = reason(&asked.reason)?;
    let (decision, browser) = (waiting(&objection, &asked.decision_id)?, browser(&staff)?);
    app.store.return_objection(decision, &because, browser, By { staff_id: staff.id, at_utc_ms: utc_ms() }).await.map_err(refused)?;
    Ok(StatusCode::NO_CONTENT)
}

#[cfg(test)]
mod tests {
    use super::*;
    use base64::Engine;

    fn given(name: &str, bytes: &[u8]) -> NewAttachment {
        NewAttachment { name: name.to_owned(), base64: base64::engine::general_purpose::STANDARD.encode(bytes) }
    }

    #[test]
    fn a_file_is_what_its_bytes_say() {
        let check = |name: &str, bytes: &[u8], expected: Option<(&str, &str)>| {
            let read = read_attachment(given(name, bytes)).ok().map(|file| (file.name, file.media_type));
            let expected = expected.map(|(name, kind)| (name.to_owned(), kind.to_owned()));
            assert_eq!(read, expected, "{name}");
        };
        check("bukti.pdf", b"%PDF-1.7", Some(("bukti.pdf", "application/pdf")));
        check("../a\"b.png", b"\x89PNG\r\n\x1a\n..", Some((".._a_b.png", "image/png")));
        check("foto.jpg", b"\xff\xd8\xff\xe0", Some(("foto.jpg", "image/jpeg")));
        check("halaman.pdf", b"<html>", None);
        check("", b"%PDF-1.7", None);
        check("besar.pdf", &[b"%PDF-".to_vec(), vec![0; ATTACHMENT_BYTES_MAX]].concat(), None);
    }
}
