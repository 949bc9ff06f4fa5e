-- 0001 setup: everything of an installation except the journals, which have a file and migrations of their own (`../sqlite-journal`).
--
-- Nouns in the order of the code: selections and what is set up in them, candidates and their places, papers, the question bank, staff,
-- signing in at terminals, acts that need a second person, published lists, the installation itself.
--
-- Ids are 16 bytes made by whoever makes the thing; digests and hashes of tokens are 32. Instants are epoch milliseconds (`_utc_ms`),
-- amounts of marks are whole thousandths (`_milli`), truth is 0 or 1, JSON is text. Constraints that somebody can run into have names:
-- `crates/store/src/error.rs` translates them, and a test there fails when a unique constraint has no name in its table.
--
-- PostgreSQL: integer becomes bigint, blob becomes bytea, JSON text becomes jsonb, `strict` goes.

create table selection (
    id blob not null constraint selection_pk primary key check (length(id) = 16),
    code text not null constraint selection_code_unique unique,
    title text not null,
    organiser text not null,
    policy text not null,
    created_utc_ms integer not null
) strict;

create table stage (
    id blob not null constraint stage_pk primary key check (length(id) = 16),
    selection_id blob not null references selection (id),
    code text not null,
    title text not null,
    ordinal integer not null,
    constraint stage_code_unique unique (selection_id, code),
    constraint stage_ordinal_unique unique (selection_id, ordinal)
) strict;

create table formation (
    id blob not null constraint formation_pk primary key check (length(id) = 16),
    selection_id blob not null references selection (id),
    code text not null,
    title text not null,
    slots integer not null constraint formation_slots_check check (slots >= 0),
    constraint formation_code_unique unique (selection_id, code)
) strict;

-- One for all formations of a stage (`formation_id` null), and one for each formation that differs.
create table blueprint (
    stage_id blob not null references stage (id),
    formation_id blob references formation (id),
    body text not null
) strict;

create unique index blueprint_common_unique on blueprint (stage_id) where formation_id is null;
create unique index blueprint_formation_unique on blueprint (stage_id, formation_id) where formation_id is not null;

create table hall (
    id blob not null constraint hall_pk primary key check (length(id) = 16),
    selection_id blob not null references selection (id),
    code text not null,
    title text not null,
    constraint hall_code_unique unique (selection_id, code)
) strict;

create table seat (
    id blob not null constraint seat_pk primary key check (length(id) = 16),
    hall_id blob not null references hall (id),
    label text not null,
    row_no integer not null,
    column_no integer not null,
    spare integer not null constraint seat_spare_check check (spare in (0, 1)),
    constraint seat_label_unique unique (hall_id, label),
    constraint seat_place_unique unique (hall_id, row_no, column_no)
) strict;

create table sitting (
    id blob not null constraint sitting_pk primary key check (length(id) = 16),
    stage_id blob not null references stage (id),
    hall_id blob not null references hall (id),
    code text not null,
    starts_utc_ms integer not null,
    policy text not null,
    constraint sitting_code_unique unique (stage_id, code)
) strict;

create index sitting_starts on sitting (starts_utc_ms);

-- `participant_key` is the participant number as it is compared: upper case, without spaces.
-- `nik` is private: one function reads it, and nothing public calls that.
-- Accommodation and extra time are what a new enrolment starts with.
create table candidate (
    id blob not null constraint candidate_pk primary key check (length(id) = 16),
    selection_id blob not null references selection (id),
    participant_no text not null,
    participant_key text not null,
    name text not null,
    birth_date text,
    gpa_milli integer,
    nik text,
    formation_id blob not null references formation (id),
    category text not null,
    accommodation text not null,
    extra_time_s integer not null constraint candidate_extra_time_check check (extra_time_s >= 0),
    constraint candidate_participant_unique unique (selection_id, participant_key)
) strict;

create index candidate_key on candidate (participant_key);
create index candidate_formation on candidate (formation_id);

create table enrolment (
    id blob not null constraint enrolment_pk primary key check (length(id) = 16),
    candidate_id blob not null references candidate (id),
    stage_id blob not null references stage (id),
    category text not null,
    accommodation text not null,
    extra_time_s integer not null constraint enrolment_extra_time_check check (extra_time_s >= 0),
    constraint enrolment_candidate_unique unique (candidate_id, stage_id)
) strict;

create index enrolment_stage on enrolment (stage_id);

create table attempt (
    id blob not null constraint attempt_pk primary key check (length(id) = 16),
    enrolment_id blob not null references enrolment (id),
    number integer not null constraint attempt_number_check check (number >= 1),
    reason text not null,
    created_utc_ms integer not null,
    constraint attempt_number_unique unique (enrolment_id, number)
) strict;

-- `seat_id` is the assigned seat; moves during the exam stand in the journal.
create table session (
    id blob not null constraint session_pk primary key check (length(id) = 16),
    attempt_id blob not null constraint session_attempt_unique unique references attempt (id),
    sitting_id blob not null references sitting (id),
    seat_id blob references seat (id),
    constraint session_seat_unique unique (sitting_id, seat_id)
) strict;

create index session_seat on session (seat_id);

-- Who came to which sitting, and why: never changed, only added to.
create table enrolment_change (
    enrolment_id blob not null references enrolment (id),
    at_utc_ms integer not null,
    staff_id blob not null references staff (id),
    kind text not null constraint enrolment_change_kind_check check (kind in ('assigned', 'rescheduled', 'attempt')),
    from_sitting blob references sitting (id),
    to_sitting blob not null references sitting (id),
    reason text not null
) strict;

create index enrolment_change_enrolment on enrolment_change (enrolment_id, at_utc_ms);

create table draw (
    id blob not null constraint draw_pk primary key check (length(id) = 16),
    sitting_id blob not null references sitting (id),
    seed blob not null constraint draw_seed_check check (length(seed) = 32),
    report text not null,
    at_utc_ms integer not null,
    staff_id blob not null references staff (id)
) strict;

create index draw_sitting on draw (sitting_id, at_utc_ms);

create table paper (
    session_id blob not null constraint paper_pk primary key references session (id),
    body blob not null,
    digest blob not null constraint paper_digest_check check (length(digest) = 32),
    draw_id blob not null references draw (id)
) strict;

-- Every version of every item. `face` is JSON of what a candidate may see; choices and multiple repeat two of its facts for the draw,
-- which must not read the faces of a whole bank.
create table item (
    id blob not null check (length(id) = 16),
    version integer not null constraint item_version_check check (version >= 1),
    latest integer not null constraint item_latest_check check (latest in (0, 1)),
    code text not null,
    section text not null,
    topic text not null,
    subtopic text not null,
    level text not null,
    difficulty text not null,
    choices integer not null,
    multiple integer not null constraint item_multiple_check check (multiple in (0, 1)),
    face text not null,
    basis text not null,
    face_digest blob not null constraint item_face_digest_check check (length(face_digest) = 32),
    created_utc_ms integer not null,
    constraint item_pk primary key (id, version),
    constraint item_code_unique unique (code, version)
) strict;

create unique index item_latest_unique on item (id) where latest = 1;
create index item_cell on item (section, topic, subtopic, code) where latest = 1;

create table item_key (
    item_id blob not null,
    version integer not null,
    sealed blob not null,
    constraint item_key_pk primary key (item_id, version),
    foreign key (item_id, version) references item (id, version)
) strict;

create table picture (
    hash blob not null constraint picture_pk primary key check (length(hash) = 32),
    media_type text not null,
    bytes blob not null
) strict;

-- A read import that waits for being accepted; may hold keys.
create table bank_import (
    id blob not null constraint bank_import_pk primary key check (length(id) = 16),
    at_utc_ms integer not null,
    staff_id blob not null references staff (id),
    pending blob not null,
    expires_utc_ms integer not null
) strict;

create table staff (
    id blob not null constraint staff_pk primary key check (length(id) = 16),
    login text not null constraint staff_login_unique unique,
    name text not null,
    password_hash text not null,
    disabled integer not null constraint staff_disabled_check check (disabled in (0, 1)),
    created_utc_ms integer not null
) strict;

create table staff_grant (
    staff_id blob not null references staff (id),
    role text not null constraint staff_grant_role_check
        check (role in ('admin', 'author', 'committee', 'registrar', 'proctor', 'auditor')),
    selection_id blob references selection (id),
    hall_id blob references hall (id)
) strict;

create index staff_grant_staff on staff_grant (staff_id);

create table staff_session (
    token_hash blob not null constraint staff_session_pk primary key check (length(token_hash) = 32),
    staff_id blob not null references staff (id),
    created_utc_ms integer not null,
    last_seen_utc_ms integer not null,
    expires_utc_ms integer not null
) strict;

create index staff_session_staff on staff_session (staff_id);

create table pin (
    session_id blob not null constraint pin_pk primary key references session (id),
    mac blob not null constraint pin_mac_check check (length(mac) = 32),
    expires_utc_ms integer not null,
    attempts_left integer not null constraint pin_attempts_left_check check (attempts_left >= 0),
    used_utc_ms integer,
    seat_id blob references seat (id)
) strict;

-- Only the terminal of the session's current epoch speaks for it; tokens of older epochs may hand in late evidence and nothing else.
create table terminal_token (
    token_hash blob not null constraint terminal_token_pk primary key check (length(token_hash) = 32),
    session_id blob not null references session (id),
    epoch integer not null,
    created_utc_ms integer not null,
    constraint terminal_token_epoch_unique unique (session_id, epoch)
) strict;

create table proposal (
    id blob not null constraint proposal_pk primary key check (length(id) = 16),
    sitting_id blob not null references sitting (id),
    command text not null,
    proposer_id blob not null references staff (id),
    reason text not null,
    at_utc_ms integer not null,
    state text not null constraint proposal_state_check check (state in ('pending', 'approved', 'rejected')),
    decided_by blob references staff (id),
    decided_utc_ms integer,
    constraint proposal_second_person check (state <> 'approved' or decided_by <> proposer_id),
    constraint proposal_decided_check check ((state = 'pending') = (decided_by is null) and (decided_by is null) = (decided_utc_ms is null))
) strict;

create index proposal_sitting on proposal (sitting_id, at_utc_ms);

create table publication (
    id blob not null constraint publication_pk primary key check (length(id) = 16),
    selection_id blob not null references selection (id),
    stage_id blob not null references stage (id),
    revision integer not null constraint publication_revision_check check (revision >= 1),
    number text not null,
    title text not null,
    reason text not null,
    people integer not null,
    input_hash blob not null constraint publication_input_hash_check check (length(input_hash) = 32),
    body blob not null,
    sha256 blob not null constraint publication_sha256_check check (length(sha256) = 32),
    published_utc_ms integer not null,
    staff_id blob not null references staff (id),
    constraint publication_revision_unique unique (stage_id, revision)
) strict;

-- What was published stays as it was; a correction is a further revision.
create trigger publication_no_update before update on publication
begin
    select raise(abort, 'publication_immutable');
end;

create trigger publication_no_delete before delete on publication
begin
    select raise(abort, 'publication_immutable');
end;

create trigger enrolment_change_no_update before update on enrolment_change
begin
    select raise(abort, 'enrolment_change_immutable');
end;

create trigger enrolment_change_no_delete before delete on enrolment_change
begin
    select raise(abort, 'enrolment_change_immutable');
end;

create table installation (
    key text not null constraint installation_pk primary key,
    value blob not null
) strict;
