//! Halls with their seats, and sittings: one hall in one time slot.

use super::{WRITERS, change, code, parsed, planned, reload, selection_for, taken, title, too_many, wrong};
use crate::answer::{Answer, No};
use crate::app::Shared;
use crate::auth::Staff;
use crate::random;
use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use question_bank::id::{HallId, SittingId, StageId};
use serde::Deserialize;
use store::roster::{Hall, Seat, Sitting};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use wire::Created;
use wire::roster::{NewHall, NewSitting, SittingPolicyBody};

/// Rows and columns of a hall.
const SIDE_MAX: u16 = 60;
/// Halls of a selection.
const HALLS_MAX: usize = 500;
/// Sittings of a selection.
const SITTINGS_MAX: usize = 5_000;
/// Longest wait that a sitting's policy can name: two days, seconds.
const POLICY_S_MAX: u32 = 48 * 3600;
/// Scheduled starts from 2020 to 2100, Unix milliseconds: a start in seconds or microseconds is a mistake of a program.
const STARTS_UTC_MS: std::ops::Range<i64> = 1_577_836_800_000..4_102_444_800_000;

/// Routes of halls and sittings.
pub(super) fn router() -> OpenApiRouter<Shared> {
    OpenApiRouter::new().routes(routes!(add_hall)).routes(routes!(add_sitting)).routes(routes!(change_sitting))
}

/// Adds a hall; its seats are a grid, the last ones kept free for moves.
#[utoipa::path(post, path = "/api/v1/selections/{selection}/halls", tag = "committee", params(("selection" = String, Path)),
    request_body = NewHall, responses((status = 200, body = Created), (status = 409, body = wire::RefusalBody)))]
async fn add_hall(State(app): State<Shared>, staff: Staff, Path(selection): Path<String>, Json(asked): Json<NewHall>) -> Answer<Created> {
    let selection_id = selection_for(&app, &staff, &selection, &WRITERS).await?.selection.id;
    let hall = Hall { id: random::id(), selection_id, code: code(&asked.code)?, title: title("title", &asked.title)? };
    let seats = grid(hall.id, asked.rows, asked.columns, asked.spare)?;
    if app.store.halls_of_selection(selection_id).await?.len() >= HALLS_MAX {
        return Err(too_many("ruang", HALLS_MAX));
    }
    app.store.add_hall(&hall, &seats).await.map_err(taken)?;
    Ok(Json(Created { id: hall.id.to_string() }))
}

/// Seats `A-01`, `A-02`, ... row by row from the front left; the last `spare` are kept free.
pub(crate) fn grid(hall_id: HallId, rows: u16, columns: u16, spare: u16) -> Result<Vec<Seat>, No> {
    let side = 1..=SIDE_MAX;
    for (field, length) in [("rows", rows), ("columns", columns)] {
        if !side.contains(&length) {
            return Err(wrong(field, "1 sampai 60"));
        }
    }
    let first_spare = (rows * columns).checked_sub(spare).filter(|&ordinary| ordinary > 0);
    let first_spare = first_spare.ok_or_else(|| wrong("spare", "kursi cadangan harus lebih sedikit daripada kursi ruang"))?;
    let seat = |index: u16| {
        let (row, column) = (index / columns, index % columns);
        let label = format!("{}-{:02}", row_letters(row), column + 1);
        Seat { id: random::id(), hall_id, label, row, column, spare: index >= first_spare }
    };
    Ok((0..rows * columns).map(seat).collect())
}

/// `A` to `Z`, then `AA`, `AB`, ...
fn row_letters(row: u16) -> String {
    let letter = |index: u16| char::from(b'A' + (index % 26) as u8);
    match row / 26 {
        0 => letter(row).to_string(),
        pages => format!("{}{}", letter(pages - 1), letter(row)),
    }
}

/// Adds a sitting.
#[utoipa::path(post, path = "/api/v1/selections/{selection}/sittings", tag = "committee", params(("selection" = String, Path)),
    request_body = NewSitting, responses((status = 200, body = Created), (status = 409, body = wire::RefusalBody), (status = 422, body = wire::RefusalBody)))]
async fn add_sitting(
    State(app): State<Shared>,
    staff: Staff,
    Path(selection): Path<String>,
    Json(asked): Json<NewSitting>,
) -> Answer<Created> {
    let selection_id = selection_for(&app, &staff, &selection, &WRITERS).await?.selection.id;
    let stage_id: StageId = parsed(&asked.stage, "stage")?;
    let hall_id: HallId = parsed(&asked.hall, "hall")?;
    if app.store.stage_by_id(stage_id).await?.selection_id != selection_id {
        return Err(No::NotFound("stage"));
    }
    if app.store.sittings_of_selection(selection_id).await?.len() >= SITTINGS_MAX {
        return Err(too_many("sesi", SITTINGS_MAX));
    }
    let sitting = Sitting {
        id: random::id(),
        stage_id,
        hall_id,
        code: code(&asked.code)?,
        starts_utc_ms: starts(asked.starts_utc_ms)?,
        policy_json: policy(&asked.policy)?,
    };
    change(async move {
        app.store.add_sitting(&sitting).await.map_err(taken)?;
        reload(&app, sitting.id).await?;
        tracing::info!(by = %staff.id, sitting = %sitting.id, "added a sitting");
        Ok(Json(Created { id: sitting.id.to_string() }))
    })
    .await
}

/// `PUT /api/v1/sittings/{id}`: what may still be changed of a sitting while its doors are closed.
#[derive(Deserialize, ToSchema)]
struct SittingChange {
    /// Scheduled start.
    starts_utc_ms: i64,
    /// Behaviour.
    policy: SittingPolicyBody,
}

/// Changes start and behaviour of a sitting whose doors are closed.
#[utoipa::path(put, path = "/api/v1/sittings/{sitting}", tag = "committee", params(("sitting" = String, Path)),
    request_body = SittingChange, responses((status = 204), (status = 409, body = wire::RefusalBody), (status = 422, body = wire::RefusalBody)))]
async fn change_sitting(
    State(app): State<Shared>,
    staff: Staff,
    Path(sitting): Path<String>,
    Json(asked): Json<SittingChange>,
) -> Result<StatusCode, No> {
    let sitting: SittingId = parsed(&sitting, "sitting")?;
    let found = app.store.sitting_by_id(sitting).await?;
    staff.may(&WRITERS, Some(found.selection_id), None)?;
    let (starts_utc_ms, policy_json) = (starts(asked.starts_utc_ms)?, policy(&asked.policy)?);
    change(async move {
        planned(&app, sitting).await?;
        app.store.change_sitting(sitting, &found.code, starts_utc_ms, &policy_json).await?;
        reload(&app, sitting).await?;
        tracing::info!(by = %staff.id, %sitting, "changed a sitting");
        Ok(StatusCode::NO_CONTENT)
    })
    .await
}

fn starts(utc_ms: i64) -> Result<i64, No> {
    if STARTS_UTC_MS.contains(&utc_ms) { Ok(utc_ms) } else { Err(wrong("starts_utc_ms", "waktu mulai antara tahun 2020 dan 2100")) }
}

/// A sitting's behaviour in its stored form, checked.
fn policy(policy: &SittingPolicyBody) -> Result<String, No> {
    let within = [
        ("check_in_opens_before_s", policy.check_in_opens_before_s, 60),
        ("latest_start_after_s", policy.latest_start_after_s, 60),
        ("hard_close_after_s", policy.hard_close_after_s, 0),
        ("outage_automatic_s", policy.outage_automatic_s, 0),
        ("silent_after_s", policy.silent_after_s, 30),
        ("pin_valid_s", policy.pin_valid_s, 60),
    ];
    for (field, seconds, least) in within {
        if !(least..=POLICY_S_MAX).contains(&seconds) {
            return Err(wrong(field, &format!("{least} sampai 172.800 detik")));
        }
    }
    if policy.check_in_closes_before_s >= policy.check_in_opens_before_s {
        return Err(wrong("check_in_closes_before_s", "pendaftaran ulang harus ditutup sesudah dibuka"));
    }
    if policy.grace_ms > 60_000 {
        return Err(wrong("grace_ms", "paling lama 60.000 milidetik"));
    }
    serde_json::to_string(policy).map_err(No::failed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seats_are_labelled_as_on_the_desks() {
        let seats = grid(random::id(), 28, 12, 3).expect("made for this test");
        let label = |index: usize| seats[index].label.as_str();
        assert_eq!((label(0), label(11), label(12), label(26 * 12), label(27 * 12 + 9)), ("A-01", "A-12", "B-01", "AA-01", "AB-10"));
        let spare: Vec<&str> = seats.iter().filter(|seat| seat.spare).map(|seat| seat.label.as_str()).collect();
        assert_eq!(spare, ["AB-10", "AB-11", "AB-12"]);
        for (rows, columns, spare) in [(0, 5, 0), (61, 5, 0), (5, 61, 0), (2, 2, 4), (2, 2, 5)] {
            assert!(grid(random::id(), rows, columns, spare).is_err(), "{rows} {columns} {spare}");
        }
    }

    #[test]
    fn a_window_of_check_in_must_be_open_some_time() {
        let with = |opens, closes| {
            policy(&SittingPolicyBody { check_in_opens_before_s: opens, check_in_closes_before_s: closes, ..Default::default() }).is_ok()
        };
        assert!(with(5_400, 300) && with(60, 0));
        assert!(!with(300, 300) && !with(30, 0) && !with(POLICY_S_MAX + 1, 0));
    }
}
