//! Staff: signing in and out, and the administrator's list of people and grants.
//!
//! Passwords are made here and shown once; nobody chooses one. A wrong login and a wrong password are the same answer after the same work.

use crate::answer::{Answer, No};
use crate::app::{App, Shared};
use crate::auth::{self, Grant, Role, Staff};
use crate::clock::utc_ms;
use crate::random;
use axum::Json;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use question_bank::id::{Digest32, HallId, SelectionId, StaffId};
use store::staff::{NewStaff, StaffChange, StaffSession};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use wire::staff::{IssuedPassword, Me, StaffSignIn, StaffView};

/// Grants one person can have.
const GRANTS_MAX: usize = 200;
/// Characters of a name.
const NAME_CHARS_MAX: usize = 200;

/// Routes of staff.
pub fn router() -> OpenApiRouter<Shared> {
    OpenApiRouter::new()
        .routes(routes!(sign_in))
        .routes(routes!(sign_out))
        .routes(routes!(me))
        .routes(routes!(list, create))
        .routes(routes!(change))
}

/// Signs a staff member in and sets the cookie.
#[utoipa::path(post, path = "/api/v1/staff/sign-in", tag = "staff", request_body = StaffSignIn,
    responses((status = 200, body = Me), (status = 422, body = wire::RefusalBody), (status = 429, body = wire::RefusalBody)))]
async fn sign_in(State(app): State<Shared>, headers: HeaderMap, Json(asked): Json<StaffSignIn>) -> Result<Response, No> {
    let login = asked.login.trim().to_lowercase();
    let account = format!("staf {login}");
    app.limiter.check(&account)?;
    let at_door = app.store.staff_by_login(&login).await?;
    let hash = at_door.as_ref().map(|at_door| at_door.password_hash.clone());
    let right = app.passwords.check(asked.password, hash).await?;
    let staff = at_door.map(|at_door| at_door.staff).filter(|staff| right && !staff.disabled).ok_or_else(wrong_credentials)?;
    app.limiter.forget(&account);
    let token = random::token();
    let secure = app.config.secure_cookies();
    // A browser that has been here keeps its token; a new one is given one.
    let (browser_hash, browser_cookie) = match auth::browser_token(&headers, secure) {
        Some(known) => (known, None),
        None => {
            let token = random::token();
            (auth::token_hash(&token), Some(auth::browser_cookie(&token, secure)))
        }
    };
    let now = utc_ms();
    let session = StaffSession {
        token_hash: Digest32(auth::token_hash(&token)),
        staff_id: staff.id,
        created_utc_ms: now,
        last_seen_utc_ms: now,
        expires_utc_ms: now + app.config.staff_session().as_millis() as i64,
        browser_hash: Some(Digest32(browser_hash)),
    };
    app.store.add_staff_session(&session).await?;
    tracing::info!(staff = %staff.id, "signed in");
    let cookie = auth::staff_cookie(&token, secure, app.config.staff_session_s);
    let me = Me { id: staff.id.to_string(), login: staff.login, name: staff.name, grants: shown_grants(&staff.grants) };
    let mut response = ([(header::SET_COOKIE, cookie)], Json(me)).into_response();
    response.headers_mut().extend(browser_cookie.map(|cookie| (header::SET_COOKIE, cookie)));
    Ok(response)
}

fn wrong_credentials() -> No {
    No::bad("credentials_wrong", "Nama pengguna atau kata sandi salah.")
}

/// Ends this browser session; one that is over already is fine.
#[utoipa::path(post, path = "/api/v1/staff/sign-out", tag = "staff", responses((status = 204)))]
async fn sign_out(State(app): State<Shared>, headers: axum::http::HeaderMap) -> Result<Response, No> {
    let secure = app.config.secure_cookies();
    if let Some(token) = auth::staff_token(&headers, secure) {
        app.store.revoke_staff_session(Digest32(token)).await?;
    }
    Ok((StatusCode::NO_CONTENT, [(header::SET_COOKIE, auth::staff_cookie_gone(secure))]).into_response())
}

/// Who am I?
#[utoipa::path(get, path = "/api/v1/staff/me", tag = "staff", responses((status = 200, body = Me), (status = 401, body = wire::RefusalBody)))]
async fn me(staff: Staff) -> Json<Me> {
    let grants = shown_grants(&staff.grants);
    Json(Me { id: staff.id.to_string(), login: staff.login, name: staff.name, grants })
}

/// All staff.
#[utoipa::path(get, path = "/api/v1/staff", tag = "staff", responses((status = 200, body = Vec<StaffView>), (status = 403, body = wire::RefusalBody)))]
async fn list(State(app): State<Shared>, asking: Staff) -> Answer<Vec<StaffView>> {
    asking.may(&[Role::Admin, Role::Auditor], None, None)?;
    let all = app.store.staff_all(utc_ms()).await?;
    Ok(Json(all.into_iter().map(|one| view(one.staff, one.sessions)).collect()))
}

/// Adds a staff member; the answer's password is shown once.
#[utoipa::path(post, path = "/api/v1/staff", tag = "staff", request_body = wire::staff::NewStaff,
    responses((status = 200, body = IssuedPassword), (status = 409, body = wire::RefusalBody), (status = 422, body = wire::RefusalBody)))]
async fn create(State(app): State<Shared>, asking: Staff, Json(asked): Json<wire::staff::NewStaff>) -> Answer<IssuedPassword> {
    asking.may(&[Role::Admin], None, None)?;
    let new = ToAdd::parse(&asked.login, &asked.name, &asked.grants)?;
    grants_exist(&app, &new.grants).await?;
    let password = auth::new_password();
    let hash = app.passwords.hash(password.clone()).await?;
    let staff = new.with_password(hash, utc_ms());
    add(&app.store, &staff).await?;
    tracing::info!(by = %asking.id, staff = %staff.id, "added a staff member");
    Ok(Json(IssuedPassword { id: staff.id.to_string(), login: staff.login, password: Some(password) }))
}

/// Changes a staff member: name, lock, grants, password, browser sessions.
#[utoipa::path(post, path = "/api/v1/staff/{id}", tag = "staff", request_body = wire::staff::StaffChange, params(("id" = String, Path)),
    responses((status = 200, body = IssuedPassword), (status = 404, body = wire::RefusalBody), (status = 409, body = wire::RefusalBody)))]
async fn change(
    State(app): State<Shared>,
    asking: Staff,
    Path(id): Path<String>,
    Json(asked): Json<wire::staff::StaffChange>,
) -> Answer<IssuedPassword> {
    asking.may(&[Role::Admin], None, None)?;
    let id: StaffId = id.parse().map_err(|_| No::NotFound("staff"))?;
    let grants = asked.grants.as_deref().map(stored_grants).transpose()?;
    let name = asked.name.as_deref().map(name).transpose()?;
    if let Some(grants) = &grants {
        grants_exist(&app, grants).await?;
    }
    // From looking to changing nobody else may change staff, or two administrators could lock each other out at once.
    let _one_at_a_time = app.staff_changes.lock().await;
    let before = app.store.staff_by_id(id).await?;
    keep_an_administrator(&app, &before, asked.disabled, grants.as_deref()).await?;
    let password = asked.reset_password.then(auth::new_password);
    let password_hash = match &password {
        Some(password) => Some(app.passwords.hash(password.clone()).await?),
        None => None,
    };
    app.store.change_staff(id, &StaffChange { name, disabled: asked.disabled, password_hash, grants }).await?;
    if asked.revoke_sessions {
        app.store.revoke_staff_sessions(id).await?;
    }
    tracing::info!(by = %asking.id, staff = %id, "changed a staff member");
    Ok(Json(IssuedPassword { id: id.to_string(), login: before.login, password }))
}

/// Somebody must always be able to let people in again.
async fn keep_an_administrator(
    app: &App,
    before: &store::staff::Staff,
    disabled: Option<bool>,
    grants: Option<&[Grant]>,
) -> Result<(), No> {
    let stays = !disabled.unwrap_or(before.disabled) && administers(grants.unwrap_or(&before.grants));
    let was = !before.disabled && administers(&before.grants);
    if stays || !was {
        return Ok(());
    }
    let all = app.store.staff_all(utc_ms()).await?;
    let another = all.iter().any(|one| one.staff.id != before.id && !one.staff.disabled && administers(&one.staff.grants));
    if another { Ok(()) } else { Err(No::conflict("last_admin", "Ini administrator terakhir; tunjuk administrator lain lebih dahulu.")) }
}

fn administers(grants: &[Grant]) -> bool {
    grants.iter().any(|grant| auth::role(grant) == Role::Admin && grant.selection_id.is_none() && grant.hall_id.is_none())
}

/// A staff member whose facts are in order; a password is still to be made.
pub struct ToAdd {
    login: String,
    name: String,
    grants: Vec<Grant>,
}

impl ToAdd {
    /// Checks login, name and grants.
    pub fn parse(login: &str, new_name: &str, grants: &[wire::staff::Grant]) -> Result<Self, No> {
        let login = login.trim();
        let fits = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'.' | b'-' | b'_');
        if !(3..=40).contains(&login.len()) || !login.bytes().all(fits) {
            return Err(No::bad(
                "login_bad",
                "Nama pengguna harus 3 sampai 40 karakter dari a-z, 0-9, titik, tanda hubung dan garis bawah.",
            ));
        }
        Ok(ToAdd { login: login.to_owned(), name: name(new_name)?, grants: stored_grants(grants)? })
    }

    /// The staff member with the password's hash.
    pub fn with_password(self, password_hash: store::staff::PasswordHash, now_utc_ms: i64) -> NewStaff {
        NewStaff { id: random::id(), login: self.login, name: self.name, password_hash, created_utc_ms: now_utc_ms, grants: self.grants }
    }
}

/// Stores a new staff member; a login that is taken is said so.
pub async fn add(store: &store::Store, staff: &NewStaff) -> Result<(), No> {
    match store.add_staff(staff).await {
        Err(error) if error.is_conflict("staff_login_unique") => Err(No::conflict("login_taken", "Nama pengguna itu sudah dipakai.")),
        added => Ok(added?),
    }
}

fn name(name: &str) -> Result<String, No> {
    let name = name.trim();
    let fits = !name.is_empty() && name.chars().count() <= NAME_CHARS_MAX && !name.chars().any(char::is_control);
    if fits { Ok(name.to_owned()) } else { Err(No::bad("name_bad", "Nama harus diisi, paling panjang 200 karakter.")) }
}

fn stored_grants(grants: &[wire::staff::Grant]) -> Result<Vec<Grant>, No> {
    if grants.len() > GRANTS_MAX {
        return Err(No::bad("grants_many", "Terlalu banyak kewenangan untuk satu orang."));
    }
    let wrong =
        |field: &str| No::Bad { code: "grant_bad", message: "Kewenangan tidak dapat dibaca.".to_owned(), details: vec![field.to_owned()] };
    let stored = |grant: &wire::staff::Grant| {
        let selection_id: Option<SelectionId> = grant.selection.as_deref().map(str::parse).transpose().map_err(|_| wrong("selection"))?;
        let hall_id: Option<HallId> = grant.hall.as_deref().map(str::parse).transpose().map_err(|_| wrong("hall"))?;
        Ok(Grant { role: auth::stored_role(grant.role), selection_id, hall_id })
    };
    grants.iter().map(stored).collect()
}

/// A grant for something that is not there would be given in vain.
async fn grants_exist(app: &App, grants: &[Grant]) -> Result<(), No> {
    for grant in grants {
        if let Some(selection) = grant.selection_id {
            app.store.selection_by_id(selection).await?;
        }
        if let Some(hall) = grant.hall_id {
            app.store.hall_by_id(hall).await?;
        }
    }
    Ok(())
}

fn shown_grants(grants: &[Grant]) -> Vec<wire::staff::Grant> {
    let shown = |grant: &Grant| wire::staff::Grant {
        role: auth::role(grant),
        selection: grant.selection_id.map(|id| id.to_string()),
        hall: grant.hall_id.map(|id| id.to_string()),
    };
    grants.iter().map(shown).collect()
}

fn view(staff: store::staff::Staff, sessions: u32) -> StaffView {
    StaffView {
        id: staff.id.to_string(),
        grants: shown_grants(&staff.grants),
        login: staff.login,
        name: staff.name,
        disabled: staff.disabled,
        sessions,
    }
}
