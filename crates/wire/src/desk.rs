//! The check-in desk.

use crate::Id;
use crate::proctor::{Attendance, IssuedPin};
use crate::terminal::Phase;
use serde::{Deserialize, Serialize};
use ts_rs::TS;
use utoipa::ToSchema;

/// `GET /api/v1/desk/sittings/{id}/candidates?find=`: people expected in this sitting, found by number or name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct DeskList {
    /// Whether the window for check-in is open now.
    pub window: CheckInWindow,
    /// Everybody counted.
    pub counts: DeskCounts,
    /// At most 100 people, by participant number.
    pub people: Vec<DeskPerson>,
    /// Free seats, for showing and choosing.
    pub free_seats: Vec<FreeSeat>,
}

/// A free seat.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct FreeSeat {
    /// The seat.
    pub id: Id,
    /// Label.
    pub label: String,
    /// Kept free for moves.
    pub spare: bool,
}

/// The window of the sitting.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct CheckInWindow {
    /// Opens at.
    pub opens_utc_ms: i64,
    /// Closes at.
    pub closes_utc_ms: i64,
    /// The server's clock now.
    pub now_utc_ms: i64,
    /// Check-in works now without an override.
    pub open: bool,
    /// The doors were opened by the proctor.
    pub doors_open: bool,
}

/// Attendance so far.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct DeskCounts {
    /// Enrolled in the sitting.
    pub enrolled: u32,
    /// Checked in.
    pub present: u32,
    /// Recorded absent.
    pub absent: u32,
    /// Refused.
    pub refused: u32,
}

/// One expected person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct DeskPerson {
    /// The session.
    pub session: Id,
    /// Participant number.
    pub participant_no: String,
    /// Name.
    pub name: String,
    /// Formation title.
    pub formation: String,
    /// Category code.
    pub category: String,
    /// Birth date `YYYY-MM-DD`, for comparing with the identity card; desk only.
    pub birth_date: Option<String>,
    /// Extra time, seconds, when the enrolment has an accommodation.
    pub extra_time_s: u32,
    /// Accommodation in words.
    pub accommodation: String,
    /// Label of the seat, once assigned.
    pub seat: Option<String>,
    /// Attendance.
    pub attendance: Attendance,
    /// Where the session stands.
    pub phase: Phase,
}

/// `POST /api/v1/desk/sessions/{id}/check-in`.
#[derive(Clone, Debug, Serialize, Deserialize, TS, ToSchema)]
pub struct CheckIn {
    /// Made by the page, 32 hex digits.
    pub id: Id,
    /// Face and document agree.
    pub identity_confirmed: bool,
    /// Documents seen, e.g. `ktp`, `kartu_peserta`.
    pub documents: Vec<String>,
    /// A certain seat; none means the assigned one, or a random free one.
    #[serde(default)]
    pub seat: Option<Id>,
    /// Check in outside the window, with this reason.
    #[serde(default)]
    pub override_reason: Option<String>,
}

/// The answer to a check-in or to `POST /api/v1/desk/sessions/{id}/pin` (a new PIN; the old one dies).
pub type CheckedIn = IssuedPin;

/// `POST /api/v1/desk/sessions/{id}/attendance`.
#[derive(Clone, Debug, Serialize, Deserialize, TS, ToSchema)]
pub struct AttendanceEntry {
    /// Made by the page, 32 hex digits.
    pub id: Id,
    /// `absent` or `refused`.
    pub attendance: Attendance,
    /// Why; required for `refused`.
    #[serde(default)]
    pub reason: String,
}
