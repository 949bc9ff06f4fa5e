//! The check-in desk: find a person, confirm who it is, show the seat, issue a PIN; note who is absent or refused.

use crate::answer::{Answer, No};
use crate::api::proctor::{issue_pin, summaries};
use crate::app::Shared;
use crate::auth::Staff;
use crate::clock::utc_ms;
use crate::hall::{Hall, HallState, Person};
use crate::random;
use crate::watch::shown_attendance;
use axum::Json;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use exam_session::command::{Actor, Order, SessionOrder};
use exam_session::refusal::Refusal;
use exam_session::session::{Attendance as Noted, Phase as Stands};
use question_bank::id::{CommandId, SeatId, SessionId, SittingId};
use serde::Deserialize;
use std::collections::HashSet;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use wire::desk::{AttendanceEntry, CheckIn, CheckInWindow, DeskCounts, DeskList, DeskPerson, FreeSeat};
use wire::proctor::{Attendance, IssuedPin, RoomSeat, SittingSummary};
use wire::staff::Role;
use wire::terminal::Phase;

/// Most people of one answer; the desk types more of the name.
const PEOPLE_MAX: usize = 100;
/// Most documents noted, and their length.
const DOCUMENTS_MAX: usize = 10;
const DOCUMENT_CHARS_MAX: usize = 60;

/// Routes of the desk.
pub fn router() -> OpenApiRouter<Shared> {
    OpenApiRouter::new()
        .routes(routes!(sittings))
        .routes(routes!(candidates))
        .routes(routes!(check_in))
        .routes(routes!(reissue))
        .routes(routes!(attendance))
}

/// Sittings where the signed-in person may check people in.
#[utoipa::path(get, path = "/api/v1/desk/sittings", tag = "desk", responses((status = 200, body = Vec<SittingSummary>)))]
async fn sittings(State(app): State<Shared>, staff: Staff) -> Answer<Vec<SittingSummary>> {
    staff.may_anywhere(&[Role::Registrar])?;
    summaries(&app, &staff, &[Role::Registrar]).await.map(Json)
}

fn hall_for(staff: &Staff, hall: Hall) -> Result<Hall, No> {
    staff.may(&[Role::Registrar], Some(hall.facts().selection), Some(hall.facts().hall))?;
    hall.facts().remember_name(staff.id, &staff.name);
    Ok(hall)
}

/// What to look for.
#[derive(Deserialize, IntoParams)]
struct Find {
    /// Part of the number or name; empty finds everybody.
    #[serde(default)]
    find: String,
}

/// People expected in a sitting.
#[utoipa::path(get, path = "/api/v1/desk/sittings/{sitting}/candidates", tag = "desk", params(("sitting" = String, Path), Find),
    responses((status = 200, body = DeskList)))]
async fn candidates(State(app): State<Shared>, staff: Staff, Path(sitting): Path<String>, Query(asked): Query<Find>) -> Answer<DeskList> {
    let sitting: SittingId = sitting.parse().map_err(|_| No::NotFound("sitting"))?;
    let hall = hall_for(&staff, app.halls.find(sitting).await?)?;
    Ok(Json(hall.read(move |state| desk_list(state, &asked.find)).await?))
}

fn desk_list(state: &HallState, find: &str) -> DeskList {
    let facts = state.facts();
    let sought = find.trim().to_lowercase();
    let found = |person: &&Person| {
        sought.is_empty() || person.participant_no.to_lowercase().contains(&sought) || person.name.to_lowercase().contains(&sought)
    };
    let mut people: Vec<&Person> = facts.people.iter().filter(found).collect();
    people.sort_by_key(|person| &person.participant_no);
    people.truncate(PEOPLE_MAX);
    let count = |wanted: Noted| state.owner().sitting().sessions().filter(|(_, session)| session.attendance() == wanted).count() as u32;
    let counts = DeskCounts {
        enrolled: facts.people.len() as u32,
        present: count(Noted::Present),
        absent: count(Noted::Absent),
        refused: count(Noted::Refused),
    };
    let free_seats = free_seats(state).map(|seat| FreeSeat { id: seat.id.clone(), label: seat.label.clone(), spare: seat.spare });
    let people = people.into_iter().map(|person| desk_person(state, person)).collect();
    DeskList { window: window(state), counts, people, free_seats: free_seats.collect() }
}

fn window(state: &HallState) -> CheckInWindow {
    let policy = state.owner().sitting().policy();
    let now_utc_ms = utc_ms();
    let doors_open = state.owner().sitting().head().doors_open().is_ok();
    CheckInWindow {
        opens_utc_ms: policy.scheduled_utc_ms - policy.check_in_opens_before_ms,
        closes_utc_ms: policy.scheduled_utc_ms - policy.check_in_closes_before_ms,
        now_utc_ms,
        open: doors_open && policy.check_in_open(now_utc_ms).is_ok(),
        doors_open,
    }
}

fn desk_person(state: &HallState, person: &Person) -> DeskPerson {
    let sitting = state.owner().sitting();
    let session = sitting.session(person.session);
    let seat = session.and_then(|session| session.seat()).or(person.planned_seat);
    DeskPerson {
        session: person.session.to_string(),
        participant_no: person.participant_no.clone(),
        name: person.name.clone(),
        formation: person.formation_title.clone(),
        category: person.category.clone(),
        birth_date: person.birth_date.clone(),
        extra_time_s: person.extra_ms / 1000,
        accommodation: person.accommodation.clone(),
        seat: seat.and_then(|seat| state.facts().seat_label(seat)).map(str::to_owned),
        attendance: session.map_or(Attendance::Expected, |session| shown_attendance(session.attendance())),
        phase: session.map_or(Phase::Expected, |session| crate::hall::clock_view(session, sitting.head(), state.mono_ms()).phase),
    }
}

/// Seats that nobody has, planned ones included.
fn free_seats(state: &HallState) -> impl Iterator<Item = &RoomSeat> {
    let sitting = state.owner().sitting();
    let taken: HashSet<String> = state
        .facts()
        .people
        .iter()
        .filter_map(|person| {
            let session = sitting.session(person.session);
            let over = session.is_some_and(|session| session.phase().ended());
            let gone = session.is_some_and(|session| matches!(session.attendance(), Noted::Absent | Noted::Refused));
            let seat = session.and_then(|session| session.seat()).or(person.planned_seat.filter(|_| !gone));
            seat.filter(|_| !over).map(|seat| seat.to_string())
        })
        .collect();
    state.facts().seats.iter().filter(move |seat| !taken.contains(&seat.id))
}

/// Checks a person in: seat and PIN.
#[utoipa::path(post, path = "/api/v1/desk/sessions/{session}/check-in", request_body = CheckIn, tag = "desk",
    params(("session" = String, Path)), responses((status = 200, body = IssuedPin), (status = 409, body = wire::RefusalBody)))]
async fn check_in(State(app): State<Shared>, staff: Staff, Path(session): Path<String>, Json(asked): Json<CheckIn>) -> Answer<IssuedPin> {
    let (hall, session) = session_for(&app, &staff, &session).await?;
    let id: CommandId = asked.id.parse().map_err(|_| No::bad("id_bad", "Nomor perintah bukan 32 angka heksadesimal."))?;
    if !asked.identity_confirmed {
        return Err(No::bad("identity_unconfirmed", "Identitas peserta belum dinyatakan cocok."));
    }
    let documents: Vec<String> =
        asked.documents.iter().map(|document| document.trim().to_owned()).filter(|word| !word.is_empty()).collect();
    if documents.is_empty() || documents.len() > DOCUMENTS_MAX || documents.iter().any(|word| word.chars().count() > DOCUMENT_CHARS_MAX) {
        return Err(No::bad("documents_missing", "Catat 1 sampai 10 dokumen yang diperiksa."));
    }
    let wanted = asked.seat.as_deref().map(|seat| seat.parse::<SeatId>().map_err(|_| No::NotFound("seat"))).transpose()?;
    let order = |seat| SessionOrder::CheckIn { seat, documents: documents.clone(), override_reason: asked.override_reason.clone() };
    // Two desks may pick the same free seat at once; the sitting lets one of them have it, and the other picks again.
    let mut tries = 3;
    loop {
        let seat = pick_seat(&hall, session, wanted).await?;
        match hall.command(Actor::Staff(staff.id), None, id, Order::Session(session, order(seat))).await {
            Err(Refusal::SeatTaken) if wanted.is_none() && tries > 0 => tries -= 1,
            Err(refusal) => return Err(refusal.into()),
            Ok(_) => break,
        }
    }
    // An id that was accepted before is answered without a look at this person, who may not have been checked in by it.
    let seat = hall.read(move |state| state.owner().sitting().session(session).and_then(|session| session.seat())).await?;
    let seat = seat.ok_or(Refusal::NotCheckedIn)?;
    Ok(Json(issue_pin(&app, &hall, session, seat).await?))
}

async fn session_for(app: &Shared, staff: &Staff, session: &str) -> Result<(Hall, SessionId), No> {
    let session: SessionId = session.parse().map_err(|_| No::NotFound("session"))?;
    let hall = hall_for(staff, app.halls.find_session(session).await.ok_or(No::NotFound("sitting"))?)?;
    Ok((hall, session))
}

/// The wanted seat, else the planned one, else a random free one that is not kept for moves.
async fn pick_seat(hall: &Hall, session: SessionId, wanted: Option<SeatId>) -> Result<SeatId, No> {
    let planned = hall.facts().index.get(&session).and_then(|&index| hall.facts().people[index as usize].planned_seat);
    if let Some(seat) = wanted.or(planned) {
        return if hall.facts().seat_label(seat).is_some() { Ok(seat) } else { Err(No::NotFound("seat")) };
    }
    let free: Vec<String> = hall
        .read(|state| {
            let (spare, ordinary): (Vec<&RoomSeat>, Vec<&RoomSeat>) = free_seats(state).partition(|seat| seat.spare);
            let free = if ordinary.is_empty() { spare } else { ordinary };
            free.into_iter().map(|seat| seat.id.clone()).collect()
        })
        .await?;
    if free.is_empty() {
        return Err(No::conflict("hall_full", "Tidak ada kursi kosong."));
    }
    free[random::below(free.len())].parse().map_err(|_| No::NotFound("seat"))
}

/// A command named by its page.
#[derive(Deserialize, ToSchema)]
struct Named {
    /// 32 hex digits; for the page's own bookkeeping.
    #[expect(dead_code, reason = "documented; issuing again is harmless by itself")]
    id: String,
}

/// Issues a new PIN; the old one dies. Also for a candidate who has to sign in again.
#[utoipa::path(post, path = "/api/v1/desk/sessions/{session}/pin", request_body = Named, tag = "desk", params(("session" = String, Path)),
    responses((status = 200, body = IssuedPin), (status = 409, body = wire::RefusalBody)))]
async fn reissue(State(app): State<Shared>, staff: Staff, Path(session): Path<String>, Json(_named): Json<Named>) -> Answer<IssuedPin> {
    let (hall, session) = session_for(&app, &staff, &session).await?;
    let seat = hall
        .read(move |state| match state.owner().sitting().session(session) {
            Some(session) if session.phase() == Stands::Expected => Err(Refusal::NotCheckedIn),
            Some(session) if session.phase().ended() => Err(Refusal::Ended),
            Some(session) => session.seat().ok_or(Refusal::NotCheckedIn),
            None => Err(Refusal::UnknownSession),
        })
        .await??;
    Ok(Json(issue_pin(&app, &hall, session, seat).await?))
}

/// Notes who is absent or refused.
#[utoipa::path(post, path = "/api/v1/desk/sessions/{session}/attendance", request_body = AttendanceEntry, tag = "desk",
    params(("session" = String, Path)), responses((status = 204), (status = 409, body = wire::RefusalBody)))]
async fn attendance(
    State(app): State<Shared>,
    staff: Staff,
    Path(session): Path<String>,
    Json(asked): Json<AttendanceEntry>,
) -> Result<StatusCode, No> {
    let (hall, session) = session_for(&app, &staff, &session).await?;
    let id: CommandId = asked.id.parse().map_err(|_| No::bad("id_bad", "Nomor perintah bukan 32 angka heksadesimal."))?;
    let refused = match asked.attendance {
        Attendance::Absent => false,
        Attendance::Refused => true,
        Attendance::Expected | Attendance::Present => {
            return Err(No::bad("attendance_bad", "Hanya 'tidak hadir' atau 'ditolak' yang dicatat di sini."));
        }
    };
    let order = SessionOrder::NoteAttendance { refused, reason: asked.reason.trim().to_owned() };
    hall.command(Actor::Staff(staff.id), None, id, Order::Session(session, order)).await?;
    Ok(StatusCode::NO_CONTENT)
}
