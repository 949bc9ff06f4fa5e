//! Rows of staff: people, grants, browser sessions, and acts that wait for a second person.

use question_bank::id::{Digest32, HallId, ProposalId, SelectionId, SittingId, StaffId};
use std::fmt;

/// What a person is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
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

impl Role {
    /// All roles.
    pub const ALL: [Role; 6] = [Role::Admin, Role::Author, Role::Committee, Role::Registrar, Role::Proctor, Role::Auditor];

    /// As stored and as on the wire.
    pub const fn code(self) -> &'static str {
        match self {
            Role::Admin => "admin",
            Role::Author => "author",
            Role::Committee => "committee",
            Role::Registrar => "registrar",
            Role::Proctor => "proctor",
            Role::Auditor => "auditor",
        }
    }

    /// From the stored form.
    pub fn from_code(code: &str) -> Option<Self> {
        Role::ALL.into_iter().find(|role| role.code() == code)
    }
}

/// A role, for one selection or all, for one hall or all.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Grant {
    /// The role.
    pub role: Role,
    /// Only this selection.
    pub selection_id: Option<SelectionId>,
    /// Only this hall.
    pub hall_id: Option<HallId>,
}

/// A hashed password. Prints nothing.
#[derive(Clone, PartialEq, Eq)]
pub struct PasswordHash(pub String);

impl fmt::Debug for PasswordHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PasswordHash(secret)")
    }
}

/// A staff member.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Staff {
    /// The person.
    pub id: StaffId,
    /// Unique in the installation.
    pub login: String,
    /// Name.
    pub name: String,
    /// Cannot sign in.
    pub disabled: bool,
    /// When the person was added.
    pub created_utc_ms: i64,
    /// What they may do where.
    pub grants: Vec<Grant>,
}

/// A staff member for the list of an administrator.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StaffCounted {
    /// The person.
    pub staff: Staff,
    /// Live browser sessions.
    pub sessions: u32,
}

/// A staff member who wants to sign in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StaffAtDoor {
    /// The person, disabled or not.
    pub staff: Staff,
    /// What the password must agree with.
    pub password_hash: PasswordHash,
}

/// A staff member to be added.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewStaff {
    /// The person.
    pub id: StaffId,
    /// Unique in the installation.
    pub login: String,
    /// Name.
    pub name: String,
    /// The password, hashed.
    pub password_hash: PasswordHash,
    /// When.
    pub created_utc_ms: i64,
    /// What they may do where.
    pub grants: Vec<Grant>,
}

/// What changes of a staff member; none leaves it as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StaffChange {
    /// Another name.
    pub name: Option<String>,
    /// Lock or unlock. Locking ends all browser sessions.
    pub disabled: Option<bool>,
    /// Another password. Ends all browser sessions.
    pub password_hash: Option<PasswordHash>,
    /// Other grants, replacing all.
    pub grants: Option<Vec<Grant>>,
}

/// A browser session of a staff member.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StaffSession {
    /// SHA-256 of its token.
    pub token_hash: Digest32,
    /// Whose.
    pub staff_id: StaffId,
    /// When it began.
    pub created_utc_ms: i64,
    /// Last request.
    pub last_seen_utc_ms: i64,
    /// Over after this.
    pub expires_utc_ms: i64,
    /// SHA-256 of the token that stays with the browser; none in sessions from before there was one.
    pub browser_hash: Option<Digest32>,
}

/// Who speaks through a live browser session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignedIn {
    /// The session.
    pub session: StaffSession,
    /// The person; not disabled.
    pub staff: Staff,
}

/// Where a proposal stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProposalState {
    /// Waits.
    Pending,
    /// A second person approved it.
    Approved,
    /// Somebody rejected it, or its author took it back.
    Rejected,
}

impl ProposalState {
    /// As stored.
    pub const fn code(self) -> &'static str {
        match self {
            ProposalState::Pending => "pending",
            ProposalState::Approved => "approved",
            ProposalState::Rejected => "rejected",
        }
    }

    /// From the stored form.
    pub fn from_code(code: &str) -> Option<Self> {
        [ProposalState::Pending, ProposalState::Approved, ProposalState::Rejected].into_iter().find(|state| state.code() == code)
    }
}

/// An act to be proposed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewProposal {
    /// The proposal.
    pub id: ProposalId,
    /// In this sitting.
    pub sitting: SittingId,
    /// What to do, as JSON.
    pub command_json: String,
    /// Who asks.
    pub proposer_id: StaffId,
    /// Why.
    pub reason: String,
    /// When.
    pub at_utc_ms: i64,
}

/// An act that waits for a second person, or did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proposal {
    /// The proposal.
    pub id: ProposalId,
    /// In this sitting.
    pub sitting: SittingId,
    /// What to do, as JSON.
    pub command_json: String,
    /// Who asks.
    pub proposer_id: StaffId,
    /// Name of who asks.
    pub proposer_name: String,
    /// Why.
    pub reason: String,
    /// When.
    pub at_utc_ms: i64,
    /// Where it stands.
    pub state: ProposalState,
    /// Who decided.
    pub decided_by: Option<StaffId>,
    /// When it was decided.
    pub decided_utc_ms: Option<i64>,
}
