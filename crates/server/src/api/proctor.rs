//! The proctor's console: sittings, the seat map, and commands, some of which wait for a second person.

use crate::answer::{Answer, No};
use crate::api::ops::SocketKind;
use crate::api::roster::change;
use crate::api::socket::{close_with, deliver};
use crate::app::Shared;
use crate::auth::{self, Staff};
use crate::clock::utc_ms;
use crate::front::Wish;
use crate::hall::{Facts, Hall};
use crate::random;
use crate::watch::shown_phase;
use axum::extract::ws::{Message, WebSocket, WebSocketUpgrade};
use axum::extract::{Path, State};
use axum::response::Response;
use axum::{Extension, Json};
use exam_session::command::{Actor, Order, Preparation, SittingOrder};
use exam_session::refusal::Refusal;
use exam_session::session::{Attendance, Phase, Session};
use question_bank::id::{CommandId, ProposalId, SeatId, SessionId, SittingId, StaffId};
use serde::Serialize;
use std::time::Duration;
use store::roster::{By, Pin};
use store::staff::{NewProposal, Proposal, ProposalState};
use tokio::sync::broadcast::error::RecvError;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use wire::proctor::{IssuedPin, ProctorAct, ProctorAnswer, ProctorCommand, ProposalView, SittingSummary};
use wire::staff::Role;
use wire::terminal::close;

/// A console is pinged this often; its grants are looked up again at the same time.
const PING_EVERY: Duration = Duration::from_secs(30);

/// Routes of the console.
pub fn router() -> OpenApiRouter<Shared> {
    OpenApiRouter::new()
        .routes(routes!(sittings))
        .routes(routes!(watch))
        .routes(routes!(command))
        .routes(routes!(late_evidence))
        .routes(routes!(approve))
        .routes(routes!(reject))
}

/// Wrong guesses a PIN survives.
const PIN_GUESSES: u32 = 10;
/// Acts of one sitting that wait for a second person.
const PROPOSALS_MAX: usize = 200;
/// Roles that may look at a sitting.
const WATCHERS: [Role; 3] = [Role::Proctor, Role::Committee, Role::Auditor];

/// Sittings the signed-in person may watch.
#[utoipa::path(get, path = "/api/v1/proctor/sittings", tag = "proctor", responses((status = 200, body = Vec<SittingSummary>)))]
async fn sittings(State(app): State<Shared>, staff: Staff) -> Answer<Vec<SittingSummary>> {
    staff.may_anywhere(&WATCHERS)?;
    summaries(&app, &staff, &WATCHERS).await.map(Json)
}

/// Summaries of the sittings where the person has one of the roles; also for the desk.
pub async fn summaries(app: &Shared, staff: &Staff, roles: &[Role]) -> Result<Vec<SittingSummary>, No> {
    let mut list = Vec::new();
    // Right after a start those of yesterday may still be missing: nobody in the hall waits for them.
    for hall in app.halls.all() {
        let facts = hall.facts();
        if staff.may(roles, Some(facts.selection), Some(facts.hall)).is_ok() {
            list.push(summary(&hall).await?);
        }
    }
    Ok(list)
}

async fn summary(hall: &Hall) -> Result<SittingSummary, Refusal> {
    hall.read(|state| {
        let facts = state.facts();
        let count = |is: &dyn Fn(&exam_session::session::Session) -> bool| {
            state.owner().sitting().sessions().filter(|(_, session)| is(session)).count() as u32
        };
        SittingSummary {
            id: facts.sitting.to_string(),
            code: facts.code.clone(),
            selection: facts.selection_title.clone(),
            stage: facts.stage_title.clone(),
            hall: facts.hall_title.clone(),
            starts_utc_ms: facts.starts_utc_ms,
            phase: shown_phase(state),
            enrolled: facts.people.len() as u32,
            present: count(&|session| session.attendance() == Attendance::Present),
            running: count(&|session| session.phase() == Phase::Running),
            ended: count(&|session| session.phase().ended()),
            drawn: !facts.people.is_empty() && facts.drawn as usize == facts.people.len(),
        }
    })
    .await
}

/// The sitting, if this person may do something there.
async fn hall_for(app: &Shared, staff: &Staff, sitting: &str, roles: &[Role]) -> Result<Hall, No> {
    let sitting: SittingId = sitting.parse().map_err(|_| No::NotFound("sitting"))?;
    let hall = app.halls.find(sitting).await?;
    staff.may(roles, Some(hall.facts().selection), Some(hall.facts().hall))?;
    Ok(hall)
}

/// The console's websocket: the seat map as a snapshot, then deltas.
#[utoipa::path(get, path = "/api/v1/sittings/{sitting}/watch", tag = "proctor", params(("sitting" = String, Path)),
    responses((status = 101, description = "websocket; frames as in docs/protocol.md"), (status = 403, body = wire::RefusalBody)))]
async fn watch(
    State(app): State<Shared>,
    staff: Staff,
    Path(sitting): Path<String>,
    wish: Option<Extension<Wish>>,
    upgrade: WebSocketUpgrade,
) -> Result<Response, No> {
    let hall = hall_for(&app, &staff, &sitting, &WATCHERS).await?;
    let upgrade = upgrade.read_buffer_size(1024).write_buffer_size(0).max_write_buffer_size(8 * 1024 * 1024);
    // The limit of a message is looked at when its frames are in memory, the limit of a frame before.
    let upgrade = upgrade.max_message_size(1024).max_frame_size(1024);
    let place = app.sockets.open(SocketKind::Proctor).ok_or(No::Busy)?;
    if let Some(Extension(wish)) = wish {
        wish.view();
    }
    Ok(upgrade.on_upgrade(move |socket| async move {
        let _place = place;
        show(socket, app, hall, staff.token_hash).await;
    }))
}

async fn show(mut socket: WebSocket, app: Shared, hall: Hall, token: [u8; 32]) {
    let feed = std::sync::Arc::clone(hall.watch());
    let mut frames = feed.subscribe();
    if !send_snapshot(&mut socket, &hall).await {
        return;
    }
    let mut ping = tokio::time::interval(PING_EVERY);
    ping.reset();
    loop {
        tokio::select! {
            // The sitting was set up anew, or the server stops: the console comes back to the new one.
            () = feed.ended() => return close_with(&mut socket, close::GOING_AWAY).await,
            () = app.stopping.cancelled() => return close_with(&mut socket, close::GOING_AWAY).await,
            frame = frames.recv() => match frame {
                Ok(frame) => {
                    if !deliver(&mut socket, Message::Text(frame)).await {
                        return;
                    }
                }
                Err(RecvError::Lagged(_)) => {
                    frames = feed.subscribe();
                    if !send_snapshot(&mut socket, &hall).await {
                        return;
                    }
                }
                Err(RecvError::Closed) => return close_with(&mut socket, close::GOING_AWAY).await,
            },
            _ = ping.tick() => {
                if !still_watches(&app, &hall, token).await {
                    return close_with(&mut socket, close::UNAUTHENTICATED).await;
                }
                if !deliver(&mut socket, Message::Ping(Default::default())).await {
                    return;
                }
            }
            message = socket.recv() => match message {
                Some(Ok(Message::Ping(_) | Message::Pong(_))) => {}
                Some(Ok(Message::Text(_) | Message::Binary(_))) => return close_with(&mut socket, close::BAD_FRAME).await,
                Some(Ok(Message::Close(_)) | Err(_)) | None => return,
            },
        }
    }
}

/// A revoked session or grant does not keep watching; a store that is busy for a moment ends nothing.
async fn still_watches(app: &Shared, hall: &Hall, token: [u8; 32]) -> bool {
    match auth::staff_by_token(app, token).await {
        Ok(Some(staff)) => staff.may(&WATCHERS, Some(hall.facts().selection), Some(hall.facts().hall)).is_ok(),
        Ok(None) => false,
        Err(_) => true,
    }
}

async fn send_snapshot(socket: &mut WebSocket, hall: &Hall) -> bool {
    match hall.read(|state| state.watch_ref().snapshot(state)).await {
        Ok(snapshot) => deliver(socket, Message::Text(snapshot)).await,
        Err(_) => false,
    }
}

/// Steers a sitting. Acts that need a second person become proposals.
#[utoipa::path(post, path = "/api/v1/sittings/{sitting}/commands", request_body = ProctorCommand, tag = "proctor",
    params(("sitting" = String, Path)), responses((status = 200, body = ProctorAnswer), (status = 409, body = wire::RefusalBody)))]
async fn command(
    State(app): State<Shared>,
    staff: Staff,
    Path(sitting): Path<String>,
    Json(asked): Json<ProctorCommand>,
) -> Answer<ProctorAnswer> {
    if asked.act == ProctorAct::Open {
        // The doors take their turn among the committee's changes: what is opened is what is set up, and no change is half made meanwhile.
        return change(async move { steer(&app, &staff, &sitting, asked).await }).await;
    }
    steer(&app, &staff, &sitting, asked).await
}

async fn steer(app: &Shared, staff: &Staff, sitting: &str, asked: ProctorCommand) -> Answer<ProctorAnswer> {
    let hall = hall_for(app, staff, sitting, &[Role::Proctor]).await?;
    hall.facts().remember_name(staff.id, &staff.name);
    match obey(app, &hall, &asked, staff.id, None).await {
        Err(No::Refused(Refusal::ApprovalMissing)) => propose(app, &hall, staff, asked).await.map(Json),
        answer => answer.map(Json),
    }
}

async fn obey(app: &Shared, hall: &Hall, asked: &ProctorCommand, actor: StaffId, approver: Option<StaffId>) -> Result<ProctorAnswer, No> {
    let id: CommandId = asked.id.parse().map_err(|_| No::bad("id_bad", "Nomor perintah bukan 32 angka heksadesimal."))?;
    let order = order(hall, asked)?;
    let moved = match &order {
        SittingOrder::Move { session, seat, .. } => Some((*session, *seat)),
        _ => None,
    };
    let accepted = hall.command(Actor::Staff(actor), approver, id, Order::Sitting(order)).await?;
    let pin = match moved {
        // An id that was accepted before is answered without a look at the act, which may name anybody.
        Some((session, seat)) if sits(hall, session, seat).await? => Some(issue_pin(app, hall, session, seat).await?),
        Some(_) | None => None,
    };
    Ok(ProctorAnswer::Done { position: accepted.position.unwrap_or(0) as u32, pin, sessions: accepted.sessions })
}

async fn sits(hall: &Hall, session: SessionId, seat: SeatId) -> Result<bool, Refusal> {
    let sits = move |session: &Session| session.seat() == Some(seat) && !session.phase().ended();
    hall.read(move |state| state.owner().sitting().session(session).is_some_and(sits)).await
}

/// Makes a fresh PIN for a seat; an older one of the session dies. What was mistyped before does not count against the new one.
pub async fn issue_pin(app: &Shared, hall: &Hall, session: SessionId, seat: SeatId) -> Result<IssuedPin, No> {
    let pin = random::pin();
    let expires_utc_ms = utc_ms() + i64::from(hall.facts().sitting_policy.pin_valid_s) * 1000;
    let mac = auth::pin_mac(&app.secret, &pin, session);
    let person = hall.facts().index.get(&session).map(|&index| &hall.facts().people[index as usize]).ok_or(Refusal::UnknownSession)?;
    app.limiter.forget(&auth::candidate_account(&person.participant_no));
    app.store.pin_put(&Pin { session, mac, expires_utc_ms, attempts_left: PIN_GUESSES, seat_id: Some(seat) }).await?;
    Ok(IssuedPin { pin, expires_utc_ms, seat: hall.facts().seat_label(seat).unwrap_or_default().to_owned() })
}

/// The command of the core that an act asks for.
fn order(hall: &Hall, asked: &ProctorCommand) -> Result<SittingOrder, No> {
    let reason = || asked.reason.trim().to_owned();
    let session = |id: &String| id.parse::<SessionId>().map_err(|_| No::from(Refusal::UnknownSession));
    let all = |ids: &Vec<String>| ids.iter().map(session).collect::<Result<Vec<_>, _>>();
    Ok(match &asked.act {
        ProctorAct::Open => SittingOrder::Open(preparations(hall)?),
        ProctorAct::Start => SittingOrder::Start,
        ProctorAct::Hold => SittingOrder::Hold { reason: reason() },
        ProctorAct::Release => SittingOrder::Release { reason: reason() },
        ProctorAct::Pause { sessions } => SittingOrder::Pause { sessions: all(sessions)?, reason: reason() },
        ProctorAct::Resume { sessions } => SittingOrder::Resume { sessions: all(sessions)? },
        ProctorAct::GrantTime { sessions, seconds } => {
            SittingOrder::GrantTime { sessions: all(sessions)?, ms: seconds.saturating_mul(1000), reason: reason() }
        }
        ProctorAct::Move { session: whom, seat } => {
            let seat = seat.parse().map_err(|_| No::NotFound("seat"))?;
            if hall.facts().seat_label(seat).is_none() {
                return Err(No::NotFound("seat"));
            }
            SittingOrder::Move { session: session(whom)?, seat, reason: reason() }
        }
        ProctorAct::Terminate { session: whom } => SittingOrder::Terminate { session: session(whom)?, reason: reason() },
        ProctorAct::AdmitLate { session: whom, position } => {
            SittingOrder::AdmitLate { session: session(whom)?, position: u64::from(*position), reason: reason() }
        }
        ProctorAct::Message { sessions, text } => {
            if text.chars().count() > 500 {
                return Err(Refusal::BadText.into());
            }
            SittingOrder::Message { sessions: all(sessions)?, text: text.trim().to_owned() }
        }
        ProctorAct::Note { session: whom, text } => {
            SittingOrder::Note { session: whom.as_ref().map(session).transpose()?, text: text.trim().to_owned() }
        }
        ProctorAct::Close => SittingOrder::Close,
    })
}

/// Every enrolled session must have its paper before the doors open.
fn preparations(hall: &Hall) -> Result<Vec<Preparation>, No> {
    let facts = hall.facts();
    let prepare = |person: &crate::hall::Person| {
        let paper = person.paper.as_ref().ok_or(Refusal::NotPrepared)?;
        Ok(Preparation { session: person.session, paper: paper.digest(), base_ms: person.base_ms, extra_ms: person.extra_ms })
    };
    if facts.people.is_empty() {
        return Err(No::conflict("nobody_enrolled", "Belum ada peserta pada sesi ini."));
    }
    facts.people.iter().map(prepare).collect::<Result<_, Refusal>>().map_err(No::from)
}

async fn propose(app: &Shared, hall: &Hall, staff: &Staff, asked: ProctorCommand) -> Result<ProctorAnswer, No> {
    let _one_at_a_time = app.proposals.lock().await;
    let pending = app.store.pending_proposals(hall.sitting()).await?;
    // The answer to the first one may have been lost on its way.
    let again = |before: &&Proposal| {
        before.proposer_id == staff.id && serde_json::from_str::<ProctorCommand>(&before.command_json).is_ok_and(|before| before == asked)
    };
    if let Some(before) = pending.iter().find(again) {
        return Ok(ProctorAnswer::Proposed { proposal: before.id.to_string() });
    }
    if pending.len() >= PROPOSALS_MAX {
        return Err(No::conflict("too_many", format!("Sudah ada {PROPOSALS_MAX} usulan yang menunggu; putuskan dahulu.")));
    }
    let proposal: ProposalId = random::id();
    let body = serde_json::to_string(&asked).map_err(No::failed)?;
    let new = NewProposal {
        id: proposal,
        sitting: hall.sitting(),
        command_json: body,
        proposer_id: staff.id,
        reason: asked.reason.trim().to_owned(),
        at_utc_ms: utc_ms(),
    };
    app.store.add_proposal(&new).await?;
    show_proposals(app, hall).await?;
    Ok(ProctorAnswer::Proposed { proposal: proposal.to_string() })
}

/// Tells consoles which acts wait for a second person.
pub async fn show_proposals(app: &Shared, hall: &Hall) -> Result<(), No> {
    let views = proposals(app.store.pending_proposals(hall.sitting()).await?, hall.facts());
    hall.touch(move |state| state.watch().set_proposals(views)).await;
    Ok(())
}

/// Waiting acts as a console shows them.
pub fn proposals(waiting: Vec<Proposal>, facts: &Facts) -> Vec<ProposalView> {
    waiting
        .into_iter()
        .map(|proposal| ProposalView {
            id: proposal.id.to_string(),
            proposer: proposal.proposer_name,
            proposer_id: proposal.proposer_id.to_string(),
            text: serde_json::from_str::<ProctorCommand>(&proposal.command_json)
                .map_or_else(|_| String::new(), |asked| told(facts, &asked.act)),
            reason: proposal.reason,
            at_utc_ms: proposal.at_utc_ms,
        })
        .collect()
}

/// An act in words, for the second person.
fn told(facts: &Facts, act: &ProctorAct) -> String {
    let person = |id: &String| {
        let found = id.parse::<SessionId>().ok().and_then(|id| facts.index.get(&id));
        found.map_or_else(
            || id.clone(),
            |&index| {
                let person = &facts.people[index as usize];
                format!("{} ({})", person.name, person.participant_no)
            },
        )
    };
    let people = |ids: &Vec<String>| match ids.as_slice() {
        [] => "semua peserta".to_owned(),
        [one] => person(one),
        many => format!("{} peserta", many.len()),
    };
    match act {
        ProctorAct::GrantTime { sessions, seconds } => format!("Tambah waktu {} menit untuk {}", seconds / 60, people(sessions)),
        ProctorAct::Terminate { session } => format!("Hentikan ujian {}", person(session)),
        ProctorAct::AdmitLate { session, .. } => format!("Terima jawaban terlambat {}", person(session)),
        ProctorAct::Pause { sessions } => format!("Hentikan sementara {}", people(sessions)),
        ProctorAct::Resume { sessions } => format!("Lanjutkan {}", people(sessions)),
        ProctorAct::Move { session, .. } => format!("Pindahkan {}", person(session)),
        ProctorAct::Open => "Buka pintu".to_owned(),
        ProctorAct::Start => "Mulai ujian".to_owned(),
        ProctorAct::Hold => "Hentikan seluruh ruang".to_owned(),
        ProctorAct::Release => "Lanjutkan seluruh ruang".to_owned(),
        ProctorAct::Message { .. } => "Kirim pesan".to_owned(),
        ProctorAct::Note { .. } => "Catat kejadian".to_owned(),
        ProctorAct::Close => "Tutup sesi".to_owned(),
    }
}

/// A piece of late evidence, as a proctor sees it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct LateEvidence {
    /// Journal position.
    pub position: u32,
    /// When it arrived.
    pub at_utc_ms: i64,
    /// Position in the paper, from 0.
    pub paper_position: u16,
    /// What was chosen, canonical ids.
    pub choices: Vec<u8>,
    /// Where it came from, in words.
    pub note: String,
}

/// Late evidence of a session that waits for a decision.
#[utoipa::path(get, path = "/api/v1/sessions/{session}/late", tag = "proctor", params(("session" = String, Path)),
    responses((status = 200, body = Vec<LateEvidence>)))]
async fn late_evidence(State(app): State<Shared>, staff: Staff, Path(session): Path<String>) -> Answer<Vec<LateEvidence>> {
    let session: SessionId = session.parse().map_err(|_| No::NotFound("session"))?;
    let hall = app.halls.find_session(session).await.ok_or(No::NotFound("session"))?;
    staff.may(&WATCHERS, Some(hall.facts().selection), Some(hall.facts().hall))?;
    let list = hall
        .read(move |state| {
            let evidence = state.owner().sitting().session(session).map(|session| session.evidence().to_vec()).unwrap_or_default();
            evidence
                .into_iter()
                .filter(|piece| !piece.admitted)
                .map(|piece| LateEvidence {
                    position: piece.journal_position as u32,
                    at_utc_ms: piece.utc_ms,
                    paper_position: piece.answer.position,
                    choices: piece.answer.choices.ids().collect(),
                    note: format!("komputer ke-{}, perintah {}", piece.stamp.epoch, piece.stamp.seq),
                })
                .collect()
        })
        .await?;
    Ok(Json(list))
}

/// Approves an act of another person, and does it.
#[utoipa::path(post, path = "/api/v1/proposals/{proposal}/approve", tag = "proctor", params(("proposal" = String, Path)),
    responses((status = 200, body = ProctorAnswer), (status = 409, body = wire::RefusalBody)))]
async fn approve(State(app): State<Shared>, staff: Staff, Path(proposal): Path<String>) -> Answer<ProctorAnswer> {
    let _one_at_a_time = app.proposals.lock().await;
    let (hall, proposal, asked) = waiting(&app, &staff, &proposal).await?;
    if proposal.proposer_id == staff.id {
        return Err(Refusal::SamePerson.into());
    }
    hall.facts().remember_name(staff.id, &staff.name);
    // Done first, decided second: the command's own id makes doing it again harmless, should the process die in between.
    let answer = obey(&app, &hall, &asked, proposal.proposer_id, Some(staff.id)).await?;
    app.store.approve_proposal(proposal.id, By { staff_id: staff.id, at_utc_ms: utc_ms() }).await?;
    show_proposals(&app, &hall).await?;
    Ok(Json(answer))
}

/// Rejects an act; the proposer may withdraw it the same way.
#[utoipa::path(post, path = "/api/v1/proposals/{proposal}/reject", tag = "proctor", params(("proposal" = String, Path)),
    responses((status = 204), (status = 409, body = wire::RefusalBody)))]
async fn reject(State(app): State<Shared>, staff: Staff, Path(proposal): Path<String>) -> Result<axum::http::StatusCode, No> {
    let _one_at_a_time = app.proposals.lock().await;
    let (hall, proposal, _) = waiting(&app, &staff, &proposal).await?;
    app.store.reject_proposal(proposal.id, By { staff_id: staff.id, at_utc_ms: utc_ms() }).await?;
    show_proposals(&app, &hall).await?;
    Ok(axum::http::StatusCode::NO_CONTENT)
}

async fn waiting(app: &Shared, staff: &Staff, proposal: &str) -> Result<(Hall, Proposal, ProctorCommand), No> {
    let proposal: ProposalId = proposal.parse().map_err(|_| No::NotFound("proposal"))?;
    let found = app.store.proposal_by_id(proposal).await?;
    let hall = app.halls.find(found.sitting).await?;
    staff.may(&[Role::Proctor, Role::Committee], Some(hall.facts().selection), Some(hall.facts().hall))?;
    if found.state != ProposalState::Pending {
        return Err(No::conflict("decided_already", "Usulan ini sudah diputuskan."));
    }
    let asked = serde_json::from_str(&found.command_json).map_err(No::failed)?;
    Ok((hall, found, asked))
}
