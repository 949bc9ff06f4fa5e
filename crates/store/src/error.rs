//! Errors of the store, named by what the caller does next, and the names of the schema's constraints.

/// Why the store could not do it.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Nothing was stored; the same call may work later. The text says what was in the way.
    #[error("store anything now: {0}")]
    Retry(&'static str),
    /// The call contradicts what is stored; the name is the constraint's, e.g. `selection_code_unique`. Nothing was stored.
    #[error("keep {constraint}")]
    Conflict {
        /// Name of the constraint, as in the migration.
        constraint: &'static str,
    },
    /// There is no such thing, or what the call refers to is not there. Nothing was stored.
    #[error("find it in the store")]
    NotFound,
    /// A stored row cannot be what this program wrote: do not go on with it.
    #[error("read a damaged row: {0}")]
    Damaged(String),
    /// The database is not as durable as acknowledgements promise: do not start.
    #[error("rely on the database: {setting} is {found}, not {wanted}")]
    NotDurable {
        /// The setting.
        setting: &'static str,
        /// What it is.
        found: String,
        /// What it must be.
        wanted: &'static str,
    },
    /// The disk or the database failed; after this nothing may be believed and the process should stop.
    #[error("use the database")]
    Stop(#[source] Box<dyn std::error::Error + Send + Sync>),
}

impl Error {
    /// Is it this conflict?
    pub fn is_conflict(&self, name: &str) -> bool {
        matches!(self, Error::Conflict { constraint } if *constraint == name)
    }
}

/// A conflict with a constraint of the schema, or with a rule that a statement itself checks.
pub(crate) fn conflict(constraint: &'static str) -> Error {
    Error::Conflict { constraint }
}

impl From<sqlx::Error> for Error {
    fn from(error: sqlx::Error) -> Self {
        match error {
            sqlx::Error::RowNotFound => Error::NotFound,
            sqlx::Error::PoolTimedOut => Error::Retry("all connections are in use"),
            sqlx::Error::ColumnDecode { .. } | sqlx::Error::Decode(_) | sqlx::Error::ColumnNotFound(_) => Error::Damaged(error.to_string()),
            sqlx::Error::Database(ref refused) => {
                let code = refused.code().and_then(|code| code.parse().ok()).unwrap_or(0);
                from_code(code, refused.message()).unwrap_or_else(|| Error::Stop(Box::new(error)))
            }
            error => Error::Stop(Box::new(error)),
        }
    }
}

impl From<sqlx::migrate::MigrateError> for Error {
    fn from(error: sqlx::migrate::MigrateError) -> Self {
        match error {
            sqlx::migrate::MigrateError::Execute(error) => Error::from(error),
            error => Error::Stop(Box::new(error)),
        }
    }
}

/// Translates an extended result code of SQLite, where somebody can do something about it.
fn from_code(code: u32, message: &str) -> Option<Error> {
    const BUSY: u32 = 5;
    const LOCKED: u32 = 6;
    const FULL: u32 = 13;
    const CONSTRAINT: u32 = 19;
    const CONSTRAINT_FOREIGN_KEY: u32 = 19 | 3 << 8;
    // The shared memory of the log could not grow: on a full disk this comes before FULL.
    const IO_SHM_SIZE: u32 = 10 | 19 << 8;
    match code {
        IO_SHM_SIZE => Some(Error::Retry("the disk is full")),
        // SQLite does not say which one. On insert the other row is missing; deletions name their constraint themselves.
        CONSTRAINT_FOREIGN_KEY => Some(Error::NotFound),
        code => match code & 0xff {
            BUSY | LOCKED => Some(Error::Retry("the database is busy")),
            FULL => Some(Error::Retry("the disk is full")),
            CONSTRAINT => constraint_of(message).map(conflict),
            _ => None,
        },
    }
}

/// SQLite reports a unique constraint by its columns, a check by its name and a trigger by its text.
fn constraint_of(message: &str) -> Option<&'static str> {
    let said = message.split_once("constraint failed: ").map_or(message, |(_, said)| said);
    let unique = UNIQUE.iter().find(|(columns, _)| *columns == said).map(|(_, name)| *name);
    unique.or_else(|| NAMED.iter().find(|name| **name == said).copied())
}

/// Unique constraints: columns as SQLite reports them, and the name in the migration.
pub(crate) const UNIQUE: [(&str, &str); 59] = [
    ("selection.id", "selection_pk"),
    ("selection.code", "selection_code_unique"),
    ("stage.id", "stage_pk"),
    ("stage.selection_id, stage.code", "stage_code_unique"),
    ("stage.selection_id, stage.ordinal", "stage_ordinal_unique"),
    ("formation.id", "formation_pk"),
    ("formation.selection_id, formation.code", "formation_code_unique"),
    ("blueprint.stage_id", "blueprint_common_unique"),
    ("blueprint.stage_id, blueprint.formation_id", "blueprint_formation_unique"),
    ("hall.id", "hall_pk"),
    ("hall.selection_id, hall.code", "hall_code_unique"),
    ("seat.id", "seat_pk"),
    ("seat.hall_id, seat.label", "seat_label_unique"),
    ("seat.hall_id, seat.row_no, seat.column_no", "seat_place_unique"),
    ("sitting.id", "sitting_pk"),
    ("sitting.stage_id, sitting.code", "sitting_code_unique"),
    ("candidate.id", "candidate_pk"),
    ("candidate.selection_id, candidate.participant_key", "candidate_participant_unique"),
    ("enrolment.id", "enrolment_pk"),
    ("enrolment.candidate_id, enrolment.stage_id", "enrolment_candidate_unique"),
    ("attempt.id", "attempt_pk"),
    ("attempt.enrolment_id, attempt.number", "attempt_number_unique"),
    ("session.id", "session_pk"),
    ("session.attempt_id", "session_attempt_unique"),
    ("session.sitting_id, session.seat_id", "session_seat_unique"),
    ("draw.id", "draw_pk"),
    ("paper.session_id", "paper_pk"),
    ("item.id, item.version", "item_pk"),
    ("item.code, item.version", "item_code_unique"),
    ("item.id", "item_latest_unique"),
    ("item_key.item_id, item_key.version", "item_key_pk"),
    ("picture.hash", "picture_pk"),
    ("bank_import.id", "bank_import_pk"),
    ("staff.id", "staff_pk"),
    ("staff.login", "staff_login_unique"),
    ("staff_session.token_hash", "staff_session_pk"),
    ("pin.session_id", "pin_pk"),
    ("terminal_token.token_hash", "terminal_token_pk"),
    ("terminal_token.session_id, terminal_token.epoch", "terminal_token_epoch_unique"),
    ("proposal.id", "proposal_pk"),
    ("publication.id", "publication_pk"),
    ("publication.stage_id, publication.revision", "publication_revision_unique"),
    ("installation.key", "installation_pk"),
    ("rule_set.id", "rule_set_pk"),
    ("attendance_count.id", "attendance_count_pk"),
    ("difference_explained.id", "difference_explained_pk"),
    ("objection_window.id", "objection_window_pk"),
    ("objection.id", "objection_pk"),
    ("objection.stage_id, objection.candidate_id", "objection_candidate_unique"),
    ("correction.id", "correction_pk"),
    (
        "correction_approval.correction_id, correction_approval.effect_hash, correction_approval.staff_id",
        "correction_approval_person_unique",
    ),
    (
        "correction_approval.correction_id, correction_approval.effect_hash, correction_approval.browser_hash",
        "correction_approval_browser_unique",
    ),
    ("revision.id", "revision_pk"),
    ("revision.correction_id", "revision_correction_unique"),
    ("revision.stage_id, revision.number", "revision_number_unique"),
    ("revision_file.revision_id, revision_file.name", "revision_file_pk"),
    ("objection_decision.id", "objection_decision_pk"),
    ("objection_decision.objection_id", "objection_decision_open_unique"),
    ("candidate_session.token_hash", "candidate_session_pk"),
];

/// Checks and triggers that a caller can run into.
const NAMED: [&str; 47] = [
    "formation_slots_check",
    "seat_spare_check",
    "candidate_extra_time_check",
    "enrolment_extra_time_check",
    "attempt_number_check",
    "enrolment_change_kind_check",
    "draw_seed_check",
    "paper_digest_check",
    "item_version_check",
    "pin_mac_check",
    "pin_attempts_left_check",
    "staff_grant_role_check",
    "proposal_state_check",
    "proposal_second_person",
    "proposal_decided_check",
    "publication_revision_check",
    "publication_input_hash_check",
    "publication_sha256_check",
    "publication_immutable",
    "enrolment_change_immutable",
    "rule_set_hash_check",
    "rule_set_immutable",
    "attendance_count_present_check",
    "attendance_count_absent_check",
    "objection_window_order_check",
    "objection_attachment_check",
    "objection_immutable",
    "correction_state_check",
    "correction_rejected_check",
    "correction_immutable",
    "correction_approval_effect_check",
    "correction_approval_browser_check",
    "correction_approval_immutable",
    "revision_number_check",
    "revision_input_hash_check",
    "revision_results_hash_check",
    "revision_second_person",
    "revision_first_check",
    "revision_file_sha256_check",
    "revision_immutable",
    "objection_decision_granted_check",
    "objection_decision_browser_check",
    "objection_decision_state_check",
    "objection_decision_second_person",
    "objection_decision_second_browser_check",
    "objection_decision_second_browser",
    "objection_decision_immutable",
];
