//! Staff: sign-in, roles and grants.

use crate::Id;
use serde::{Deserialize, Serialize};
use ts_rs::TS;
use utoipa::ToSchema;

/// `POST /api/v1/staff/sign-in`. Sets the staff cookie.
#[derive(Clone, Debug, Serialize, Deserialize, TS, ToSchema)]
pub struct StaffSignIn {
    /// Login.
    pub login: String,
    /// Password.
    pub password: String,
}

/// `GET /api/v1/staff/me` and the answer to sign-in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct Me {
    /// The person.
    pub id: Id,
    /// Login.
    pub login: String,
    /// Name.
    pub name: String,
    /// What they may do where.
    pub grants: Vec<Grant>,
}

/// A role, for one selection or all, for one hall or all.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct Grant {
    /// The role.
    pub role: Role,
    /// Only this selection; none means all.
    pub selection: Option<Id>,
    /// Only this hall; none means all.
    pub hall: Option<Id>,
}

/// What a person is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, TS, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Staff, settings.
    Admin,
    /// Items.
    Author,
    /// Selections, candidates, papers, results, publication.
    Committee,
    /// Check-in desk.
    Registrar,
    /// Sittings.
    Proctor,
    /// Reads everything, changes nothing.
    Auditor,
}

/// `GET /api/v1/staff`: all staff (admin).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct StaffView {
    /// The person.
    pub id: Id,
    /// Login.
    pub login: String,
    /// Name.
    pub name: String,
    /// Cannot sign in.
    pub disabled: bool,
    /// Grants.
    pub grants: Vec<Grant>,
    /// Live browser sessions.
    pub sessions: u32,
}

/// `POST /api/v1/staff` (admin): the answer's password is shown once.
#[derive(Clone, Debug, Serialize, Deserialize, TS, ToSchema)]
pub struct NewStaff {
    /// Login, 3 to 40 of `a-z 0-9 . - _`.
    pub login: String,
    /// Name.
    pub name: String,
    /// Grants.
    pub grants: Vec<Grant>,
}

/// `POST /api/v1/staff/{id}` (admin).
#[derive(Clone, Debug, Serialize, Deserialize, TS, ToSchema)]
pub struct StaffChange {
    /// New name.
    pub name: Option<String>,
    /// Lock or unlock.
    pub disabled: Option<bool>,
    /// Replace all grants.
    pub grants: Option<Vec<Grant>>,
    /// Make a new password.
    #[serde(default)]
    pub reset_password: bool,
    /// End all browser sessions.
    #[serde(default)]
    pub revoke_sessions: bool,
}

/// A password, shown once.
#[derive(Clone, Debug, Serialize, Deserialize, TS, ToSchema)]
pub struct IssuedPassword {
    /// The person.
    pub id: Id,
    /// Login.
    pub login: String,
    /// The password; none when it was not changed.
    pub password: Option<String>,
}
