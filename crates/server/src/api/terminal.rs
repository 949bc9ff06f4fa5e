//! The candidate's terminal: sign-in with number and PIN, then one websocket.
//!
//! The socket's task does two things: it turns frames into commands for the hall, and words of the hall into frames. It decides nothing.

use crate::answer::{Answer, No};
use crate::api::ops::{self, SocketKind};
use crate::api::socket::{SEND_WITHIN, TerminalSocket, TerminalUpgrade, close_terminal, send_long};
use crate::app::Shared;
use crate::auth;
use crate::clock::utc_ms;
use crate::front::Wish;
use crate::hall::{Attach, Attached, ClockNow, Facts, Hall, LinkId, Mailbox, Outbound, Person, Postman, later};
use crate::random;
use axum::extract::State;
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use exam_session::command::{Actor, GivenAnswer, Order, SessionOrder, TerminalStamp, terminal_command_id};
use exam_session::refusal::Refusal;
use futures_util::{SinkExt, StreamExt};
use question_bank::id::{Digest32, SessionId};
use question_bank::key::Choices;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;
use store::roster::{NewTerminal, PinFound};
use tokio::sync::Mutex;
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;
use tokio_tungstenite::tungstenite::{Message, Utf8Bytes};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use wire::terminal::{SignIn, TerminalFrame, TerminalNews, TerminalSession, close};

/// Largest frame of a terminal.
const FRAME_BYTES_MAX: usize = 4 * 1024;
/// The first frame must come within this.
const HELLO_WITHIN: Duration = Duration::from_secs(10);
/// How long the server waits for a piece of late evidence.
const EVIDENCE_WITHIN: Duration = Duration::from_secs(10);
/// A socket from which nothing was heard for so long is closed, milliseconds. The hall speaks every 15 seconds and each word asks for a pong.
const DEAD_AFTER_MS: u64 = 50_000;

/// Routes of the terminal.
pub fn router() -> OpenApiRouter<Shared> {
    OpenApiRouter::new().routes(routes!(sign_in)).routes(routes!(session)).routes(routes!(socket))
}

/// Signs a candidate in at this terminal.
#[utoipa::path(post, path = "/api/v1/terminal/sign-in", request_body = SignIn, tag = "terminal",
    responses((status = 200, body = TerminalSession), (status = 409, body = wire::RefusalBody), (status = 422, body = wire::RefusalBody)))]
async fn sign_in(State(app): State<Shared>, Json(asked): Json<SignIn>) -> Result<Response, No> {
    let number = asked.participant_no.trim().to_uppercase();
    let account = auth::candidate_account(&number);
    app.limiter.check(&account)?;
    let wrong = || No::conflict("pin_wrong", "Nomor peserta atau PIN tidak cocok, atau PIN sudah tidak berlaku.");
    // One at a time for a number: a second click must neither make the epoch of the first one old nor guess while the first is not yet counted.
    let _mine = app.sign_ins.of(&number).lock().await;
    let now = utc_ms();
    let candidates = app.store.pin_find(&number, now).await?;
    let fits = |found: &&PinFound| auth::pin_matches(&app.secret, asked.pin.trim(), found.pin.session, &found.pin.mac);
    let Some(PinFound { pin, .. }) = candidates.iter().find(fits) else {
        for found in &candidates {
            app.store.pin_miss(found.pin.session).await?;
        }
        return Err(wrong());
    };
    let session = pin.session;
    let hall = app.halls.find_session(session).await.ok_or(No::NotFound("session"))?;
    // The epoch is recorded first: should the process die before the token is stored, the PIN is still good and the next sign-in makes
    // another epoch.
    hall.command(Actor::Candidate, None, random::id(), Order::Session(session, SessionOrder::SignIn)).await?;
    let epoch = hall.read(move |state| state.owner().sitting().session(session).map_or(0, |session| session.epoch())).await?;
    // Everything that can fail comes before the PIN is spent.
    let view = terminal_session(&hall, session).await?;
    let token = random::token();
    let terminal = NewTerminal { token_hash: Digest32(auth::token_hash(&token)), session, epoch, created_utc_ms: now };
    match app.store.pin_spend(pin, &terminal).await {
        Err(error) if error.is_conflict("pin_spent") => return Err(wrong()),
        spent => spent?,
    }
    app.limiter.forget(&account);
    let cookie = auth::terminal_cookie(&token, app.config.secure_cookies());
    Ok(([(header::SET_COOKIE, cookie)], Json(view)).into_response())
}

/// Sign-ins under way, one at a time for a participant number. Different numbers may share a lock, which costs the second a few milliseconds.
pub struct SignIns([Mutex<()>; 256]);

impl Default for SignIns {
    fn default() -> Self {
        SignIns([const { Mutex::const_new(()) }; 256])
    }
}

impl SignIns {
    fn of(&self, number: &str) -> &Mutex<()> {
        let digest = Digest32::of(store::roster::participant_key(number).as_bytes());
        &self.0[usize::from(digest.0[0])]
    }
}

/// Who sits at this terminal.
#[utoipa::path(get, path = "/api/v1/terminal/session", tag = "terminal",
    responses((status = 200, body = TerminalSession), (status = 401, body = wire::RefusalBody)))]
async fn session(State(app): State<Shared>, headers: HeaderMap) -> Answer<TerminalSession> {
    let (hall, session, _) = seated(&app, &headers).await?;
    Ok(Json(terminal_session(&hall, session).await?))
}

/// Hall, session and epoch of the terminal's cookie.
pub async fn seated(app: &Shared, headers: &HeaderMap) -> Result<(Hall, SessionId, u32), No> {
    let token = auth::terminal_token(headers, app.config.secure_cookies()).ok_or(No::SignIn)?;
    let terminal = app.store.terminal_by_token(Digest32(token)).await?.ok_or(No::SignIn)?;
    let hall = app.halls.find_session(terminal.session).await.ok_or(No::SignIn)?;
    Ok((hall, terminal.session, terminal.epoch))
}

async fn terminal_session(hall: &Hall, session: SessionId) -> Result<TerminalSession, No> {
    let facts = Arc::clone(hall.facts());
    let seat = hall.read(move |state| state.owner().sitting().session(session).and_then(|session| session.seat())).await?;
    let person = facts.index.get(&session).map(|&index| &facts.people[index as usize]).ok_or(No::SignIn)?;
    let seat = seat.and_then(|seat| facts.seat_label(seat)).unwrap_or_default().to_owned();
    Ok(view(&facts, person, seat))
}

fn view(facts: &Facts, person: &Person, seat: String) -> TerminalSession {
    TerminalSession {
        session: person.session.to_string(),
        name: person.name.clone(),
        participant_no: person.participant_no.clone(),
        formation: person.formation_title.clone(),
        selection: facts.selection_title.clone(),
        stage: facts.stage_title.clone(),
        sitting: facts.code.clone(),
        hall: facts.hall_title.clone(),
        seat,
        duration_s: (person.base_ms + person.extra_ms) / 1000,
        sections: person.paper.as_ref().map(|paper| crate::hall::outline(paper)).unwrap_or_default(),
        rules: RULES.to_owned(),
    }
}

/// The rules every candidate accepts; sober, and the same for everybody.
const RULES: &str = "<ol><li>Kerjakan sendiri. Dilarang berbicara, menyontek, atau membantu peserta lain.</li>\
<li>Dilarang membawa alat komunikasi, kamera, catatan, atau perangkat elektronik apa pun ke kursi ujian.</li>\
<li>Setiap pilihan tersimpan begitu dipilih dan boleh diubah selama waktu masih ada; pilihan terakhir yang dihitung.</li>\
<li>Waktu berjalan di server. Bila komputer bermasalah, angkat tangan: jawaban yang sudah tersimpan tidak hilang.</li>\
<li>Dilarang menyalin, memotret, atau menyebarkan soal dalam bentuk apa pun, selama maupun sesudah ujian.</li>\
<li>Pelanggaran dicatat dalam berita acara dan dapat membatalkan keikutsertaan.</li></ol>";

/// The terminal's websocket.
#[utoipa::path(get, path = "/api/v1/terminal/ws", tag = "terminal",
    responses((status = 101, description = "websocket; frames as in docs/protocol.md"), (status = 401, body = wire::RefusalBody)))]
async fn socket(
    State(app): State<Shared>,
    wish: Option<Extension<Wish>>,
    headers: HeaderMap,
    upgrade: TerminalUpgrade,
) -> Result<Response, No> {
    let place = app.sockets.open(SocketKind::Terminal).ok_or(No::Busy)?;
    let buffers = WebSocketConfig::default()
        .read_buffer_size(512)
        .write_buffer_size(0)
        .max_write_buffer_size(64 * 1024)
        .max_message_size(Some(FRAME_BYTES_MAX))
        .max_frame_size(Some(FRAME_BYTES_MAX));
    let seated = seated(&app, &headers).await;
    let wish = wish.map(|Extension(wish)| wish).unwrap_or_default();
    // From here on the socket lives where the halls do, and no request is in its way.
    let home = app.halls.runtime().clone();
    let upgraded = upgrade.then(buffers, async move |socket| {
        // A task is as large as the largest thing it ever waits for, for as long as it lives, and there are thousands of these. So what
        // happens once, or seldom, is waited for in a box of its own, here and below.
        let mut socket = Box::new(socket);
        wish.go_on(&home, async move {
            let _place = place;
            let code = match seated {
                Ok((hall, session, epoch)) => speak(&mut socket, hall, session, epoch).await,
                // A browser cannot read the status of a refused upgrade, but it can read a close code.
                Err(No::SignIn) => Some(close::UNAUTHENTICATED),
                // Busy for a moment: a candidate whose cookie is good must not be sent for a new PIN.
                Err(_) => Some(close::GOING_AWAY),
            };
            if let Some(code) = code {
                Box::pin(close_terminal(&mut socket, code)).await;
            }
        })
    });
    Ok(upgraded)
}

/// Speaks for a session until one side ends it; the code to close with, when it is ours to say.
async fn speak(socket: &mut TerminalSocket, hall: Hall, session: SessionId, epoch: u32) -> Option<u16> {
    let (out, words) = Mailbox::new();
    let heard_mono_ms = Arc::new(AtomicU64::new(hall.mono_ms()));
    let attached = Box::pin(async {
        let (instance, have_paper) = hello(socket).await?;
        let attach = Attach { session, epoch, instance, have_paper, out, heard_mono_ms: Arc::clone(&heard_mono_ms) };
        hall.attach(attach).await.map_err(|_| close::GOING_AWAY)
    });
    match attached.await {
        Ok(Attached::Yes { link }) => {
            let speaker = Speaker { hall: &hall, session, epoch, link, heard_mono_ms: &heard_mono_ms };
            let code = speaker.converse(socket, words).await;
            Box::pin(hall.detach(link)).await;
            code.inspect(|&code| ops::dropped(SocketKind::Terminal, reason_of(code)))
        }
        Ok(Attached::Evidence { epoch: now }) => Box::pin(collect(socket, &hall, session, epoch, now)).await,
        Ok(Attached::No(code)) | Err(code) => Some(code),
    }
}

/// The first frame: which page this is, and the paper it has. Otherwise the code to close with.
async fn hello(socket: &mut TerminalSocket) -> Result<(String, Option<String>), u16> {
    let Ok(Some(Ok(Message::Text(hello)))) = tokio::time::timeout(HELLO_WITHIN, socket.next()).await else {
        return Err(close::BAD_FRAME);
    };
    match serde_json::from_str(&hello) {
        Ok(TerminalFrame::Hello { version: wire::PROTOCOL_VERSION, instance, have_paper }) => Ok((instance, have_paper)),
        Ok(TerminalFrame::Hello { .. }) => Err(close::VERSION),
        Ok(_) | Err(_) => Err(close::BAD_FRAME),
    }
}

/// Takes late evidence from a machine that no longer speaks for the session; then the code to close with.
async fn collect(socket: &mut TerminalSocket, hall: &Hall, session: SessionId, epoch: u32, epoch_now: u32) -> Option<u16> {
    let invitation = serde_json::to_string(&TerminalNews::Evidence { epoch: epoch_now }).ok()?;
    socket.send(Message::Text(invitation.into())).await.ok()?;
    for _ in 0..exam_session::session::EVIDENCE_MAX {
        let Ok(Some(Ok(Message::Text(text)))) = tokio::time::timeout(EVIDENCE_WITHIN, socket.next()).await else { break };
        let Some((stamp, order)) = evidence(&text, epoch) else { break };
        let answer = match order {
            Ok(order) => hall.command(Actor::Candidate, None, terminal_command_id(stamp), Order::Session(session, order)).await,
            Err(refusal) => Err(refusal),
        };
        let news = match answer {
            Ok(accepted) if accepted.late => TerminalNews::Late { seq: stamp.seq },
            Ok(_) => TerminalNews::Saved { seq: stamp.seq },
            Err(refusal) => refused(stamp.seq, refusal),
        };
        let Ok(json) = serde_json::to_string(&news) else { break };
        socket.send(Message::Text(json.into())).await.ok()?;
    }
    Some(close::SUPERSEDED)
}

/// What a frame of a machine of this epoch hands in; none if it is something else.
fn evidence(text: &str, epoch: u32) -> Option<(TerminalStamp, Result<SessionOrder, Refusal>)> {
    let Ok(frame @ TerminalFrame::LateAnswer { .. }) = serde_json::from_str(text) else { return None };
    let (stamp, order) = order(frame, epoch).ok()?;
    // Numbers of a later epoch belong to the terminal that speaks now: used up from here, they would be refused there.
    let order = if stamp.epoch > epoch { Err(Refusal::TerminalSuperseded) } else { order };
    Some((stamp, order))
}

/// A terminal that speaks for its session.
struct Speaker<'a> {
    hall: &'a Hall,
    session: SessionId,
    epoch: u32,
    link: LinkId,
    heard_mono_ms: &'a AtomicU64,
}

impl Speaker<'_> {
    /// Carries words both ways until one side ends it; the code to close with, when it is ours to say.
    async fn converse(&self, socket: &mut TerminalSocket, mut words: Postman) -> Option<u16> {
        loop {
            tokio::select! {
                words = words.words() => {
                    // The hall dropped the link: this terminal did not read fast enough.
                    let Some(words) = words else { return Some(close::TOO_SLOW) };
                    match tokio::time::timeout(SEND_WITHIN, self.tell(socket, words)).await {
                        Ok(Some(None)) => {}
                        Ok(Some(code)) => return code,
                        Ok(None) => return None,
                        Err(_) => return Some(close::TOO_SLOW),
                    }
                }
                message = socket.next() => {
                    self.heard_mono_ms.store(self.hall.mono_ms(), Ordering::Relaxed);
                    match message {
                        Some(Ok(Message::Text(text))) => {
                            match self.hear(&text) {
                                Ok(Ok(())) => {}
                                Ok(Err(no)) => {
                                    if let Err(code) = Box::pin(say(socket, no)).await {
                                        return Some(code);
                                    }
                                }
                                Err(code) => return Some(code),
                            }
                        }
                        Some(Ok(Message::Ping(_) | Message::Pong(_))) => {}
                        Some(Ok(Message::Binary(_) | Message::Frame(_))) => return Some(close::BAD_FRAME),
                        Some(Ok(Message::Close(_)) | Err(_)) | None => return None,
                    }
                }
            }
        }
    }

    /// Puts these words on the wire. Outer none: the socket is gone. Inner some: close with this code.
    async fn tell(&self, socket: &mut TerminalSocket, words: Vec<Outbound>) -> Option<Option<u16>> {
        for word in words {
            if let Some(code) = self.send(socket, word).await? {
                return Some(Some(code));
            }
        }
        socket.flush().await.ok()?;
        Some(None)
    }

    /// One word, with the same answer.
    async fn send(&self, socket: &mut TerminalSocket, word: Outbound) -> Option<Option<u16>> {
        let news = match word {
            Outbound::Saved(seq) => return feed(socket, Utf8Bytes::from(format!("{{\"t\":\"saved\",\"seq\":{seq}}}"))).await,
            Outbound::Late(seq) => TerminalNews::Late { seq },
            Outbound::Refused(seq, refusal) => refused(seq, refusal),
            Outbound::Clock(ClockNow { view, read_mono_ms }) => {
                if self.hall.mono_ms().saturating_sub(self.heard_mono_ms.load(Ordering::Relaxed)) > DEAD_AFTER_MS {
                    return Some(Some(close::TOO_SLOW));
                }
                socket.feed(Message::Ping(Default::default())).await.ok()?;
                TerminalNews::Clock(later(view, self.hall.mono_ms().saturating_sub(read_mono_ms)))
            }
            Outbound::Paper(paper) => {
                let frame = self.hall.facts().faces.paper_frame(&paper);
                return Box::pin(send_long(socket, &frame)).await.map(|()| None);
            }
            Outbound::Welcome(mut welcome, read_mono_ms) => {
                welcome.clock = later(welcome.clock, self.hall.mono_ms().saturating_sub(read_mono_ms));
                TerminalNews::Welcome(welcome)
            }
            Outbound::News(news) => *news,
            Outbound::Close(code) => return Some(Some(code)),
        };
        let json = serde_json::to_string(&news).ok()?;
        feed(socket, Utf8Bytes::from(json)).await
    }

    /// One frame of the terminal: handed to the hall, or what to say to it at once. Otherwise the code to close with.
    fn hear(&self, text: &str) -> Result<Result<(), TerminalNews>, u16> {
        let frame: TerminalFrame = serde_json::from_str(text).map_err(|_| close::BAD_FRAME)?;
        let (stamp, order) = order(frame, self.epoch)?;
        let hand = |order| self.hall.from_terminal(self.link, stamp.seq, terminal_command_id(stamp), Order::Session(self.session, order));
        Ok(order.and_then(hand).map_err(|refusal| refused(stamp.seq, refusal)))
    }
}

/// Says one thing out of turn; otherwise the code to close with.
async fn say(socket: &mut TerminalSocket, news: TerminalNews) -> Result<(), u16> {
    let json = serde_json::to_string(&news).map_err(|_| close::BAD_FRAME)?;
    match tokio::time::timeout(SEND_WITHIN, socket.send(Message::Text(json.into()))).await {
        Ok(Ok(())) => Ok(()),
        Ok(Err(_)) => Err(close::GOING_AWAY),
        Err(_) => Err(close::TOO_SLOW),
    }
}

/// Longer texts than this do not go through the socket's buffer.
const FEED_BYTES_MAX: usize = 512;

async fn feed(socket: &mut TerminalSocket, text: Utf8Bytes) -> Option<Option<u16>> {
    if text.len() > FEED_BYTES_MAX {
        Box::pin(send_long(socket, &text)).await?;
    } else {
        socket.feed(Message::Text(text)).await.ok()?;
    }
    Some(None)
}

fn refused(seq: u32, refusal: Refusal) -> TerminalNews {
    ops::refused(refusal.code());
    TerminalNews::Refused { seq, code: refusal.code().to_owned(), retry_after_ms: (refusal == Refusal::Busy).then_some(1_000) }
}

/// The command a frame asks for.
fn order(frame: TerminalFrame, epoch: u32) -> Result<(TerminalStamp, Result<SessionOrder, Refusal>), u16> {
    let stamp = |seq| TerminalStamp { epoch, seq };
    let given = |position, item: &str, choices: &[u8]| {
        let item = item.parse().map_err(|_| Refusal::WrongItem)?;
        let choices = Choices::from_ids(choices).ok_or(Refusal::BadChoices)?;
        Ok(GivenAnswer { position, item, choices })
    };
    Ok(match frame {
        TerminalFrame::Hello { .. } => return Err(close::BAD_FRAME),
        TerminalFrame::Consent { seq } => (stamp(seq), Ok(SessionOrder::Consent(stamp(seq)))),
        TerminalFrame::Start { seq } => (stamp(seq), Ok(SessionOrder::Start(stamp(seq)))),
        TerminalFrame::View { seq, position } => (stamp(seq), Ok(SessionOrder::View(stamp(seq), position))),
        TerminalFrame::Answer { seq, position, item, choices } => {
            (stamp(seq), given(position, &item, &choices).map(|answer| SessionOrder::Answer(stamp(seq), answer)))
        }
        TerminalFrame::Flag { seq, position, doubtful } => (stamp(seq), Ok(SessionOrder::Flag(stamp(seq), position, doubtful))),
        TerminalFrame::Advance { seq, section } => (stamp(seq), Ok(SessionOrder::Advance(stamp(seq), section))),
        TerminalFrame::Submit { seq } => (stamp(seq), Ok(SessionOrder::Submit(stamp(seq)))),
        TerminalFrame::LateAnswer { seq, epoch, position, item, choices, client_mono_ms } => {
            let old = TerminalStamp { epoch, seq };
            (old, given(position, &item, &choices).map(|answer| SessionOrder::LateAnswer(old, answer, client_mono_ms)))
        }
    })
}

/// Close codes as labels of a counter.
fn reason_of(code: u16) -> &'static str {
    match code {
        close::BAD_FRAME => "bad_frame",
        close::UNAUTHENTICATED => "unauthenticated",
        close::SUPERSEDED => "superseded",
        close::SECOND_TERMINAL => "second_terminal",
        close::TOO_SLOW => "too_slow",
        close::GOING_AWAY => "going_away",
        close::VERSION => "version",
        _ => "other",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_thousands_of_terminals_wait_in_is_small() {
        fn size<'a, F>(_: impl FnOnce(&'a mut TerminalSocket, Hall, SessionId, u32) -> F) -> usize {
            size_of::<F>()
        }
        let bytes = size(speak);
        assert!(bytes <= 1_024, "{bytes} bytes");
    }

    #[test]
    fn an_old_machine_hands_in_what_is_its_own() {
        let item = question_bank::id::ItemId::from_bytes([7; 16]);
        let handed_in = |epoch: u32| {
            let text = format!(
                "{{\"t\":\"late_answer\",\"seq\":3,\"epoch\":{epoch},\"position\":0,\"item\":\"{item}\",\"choices\":[1],\"client_mono_ms\":5}}"
            );
            evidence(&text, 2).map(|(stamp, order)| (stamp, order.map(|_| ())))
        };
        for (epoch, expected) in [(1, Ok(())), (2, Ok(())), (3, Err(Refusal::TerminalSuperseded))] {
            assert_eq!(handed_in(epoch), Some((TerminalStamp { epoch, seq: 3 }, expected)));
        }
        assert_eq!(evidence("{\"t\":\"submit\",\"seq\":4}", 2).map(|(stamp, _)| stamp), None, "and nothing but answers");
    }
}
