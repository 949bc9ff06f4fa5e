-- 0002 results: how a stage's marks become a decision that stands.
--
-- Nouns in the order of the work: the rule set of a selection, vacancy lines as a rule set sees them, the count of the proctors and what the
-- committee says to differences, revisions with their files, corrections and their approvals, objections and their decisions.
--
-- Nothing here is ever overwritten: a new choice, count, window or decision is a further row, and the newest counts. Only two kinds of rows move on,
-- once: a correction from open to adopted or rejected, a decision from decided to confirmed or returned. `browser_hash` is the SHA-256 of a token
-- that stays with a browser when people sign out and in: what needs two people never comes from one browser.

-- Least marks stand in the rule set from now on.
update blueprint set body = json_remove(body, '$.pass');

alter table formation add column line text not null default '{"category":"umum"}';

-- Further columns of the table of scores (adjustments, scores of another year), as imported.
alter table candidate add column facts text not null default '{}';

-- Null in sessions that began before there were browsers.
alter table staff_session add column browser_hash blob check (browser_hash is null or length(browser_hash) = 32);

-- `texts` is JSON: the files of the rule set by name, `rules.toml` and the sets that it takes stages from.
create table rule_set (
    id blob not null constraint rule_set_pk primary key check (length(id) = 16),
    selection_id blob not null references selection (id),
    hash blob not null constraint rule_set_hash_check check (length(hash) = 32),
    texts text not null,
    reason text not null,
    at_utc_ms integer not null,
    staff_id blob not null references staff (id)
) strict;

create index rule_set_selection on rule_set (selection_id, at_utc_ms);

create table attendance_count (
    id blob not null constraint attendance_count_pk primary key check (length(id) = 16),
    sitting_id blob not null references sitting (id),
    present integer not null constraint attendance_count_present_check check (present >= 0),
    absent integer not null constraint attendance_count_absent_check check (absent >= 0),
    note text not null,
    at_utc_ms integer not null,
    staff_id blob not null references staff (id)
) strict;

create index attendance_count_sitting on attendance_count (sitting_id, at_utc_ms);

-- `numbers` are those the explanation is for: when they move, it is void.
create table difference_explained (
    id blob not null constraint difference_explained_pk primary key check (length(id) = 16),
    sitting_id blob not null references sitting (id),
    code text not null,
    numbers text not null,
    text text not null,
    at_utc_ms integer not null,
    staff_id blob not null references staff (id)
) strict;

create index difference_explained_sitting on difference_explained (sitting_id, at_utc_ms);

create table objection_window (
    id blob not null constraint objection_window_pk primary key check (length(id) = 16),
    stage_id blob not null references stage (id),
    opens_utc_ms integer not null,
    closes_utc_ms integer not null constraint objection_window_order_check check (closes_utc_ms > opens_utc_ms),
    at_utc_ms integer not null,
    staff_id blob not null references staff (id)
) strict;

create index objection_window_stage on objection_window (stage_id, at_utc_ms);

create table objection (
    id blob not null constraint objection_pk primary key check (length(id) = 16),
    stage_id blob not null references stage (id),
    candidate_id blob not null references candidate (id),
    text text not null,
    attachment_name text,
    attachment_type text,
    attachment blob,
    at_utc_ms integer not null,
    constraint objection_candidate_unique unique (stage_id, candidate_id),
    constraint objection_attachment_check
        check ((attachment is null) = (attachment_name is null) and (attachment is null) = (attachment_type is null))
) strict;

create table correction (
    id blob not null constraint correction_pk primary key check (length(id) = 16),
    stage_id blob not null references stage (id),
    change text not null,
    reason text not null,
    objection_id blob references objection (id),
    at_utc_ms integer not null,
    staff_id blob not null references staff (id),
    state text not null constraint correction_state_check check (state in ('open', 'adopted', 'rejected')),
    rejected_because text not null,
    rejected_by blob references staff (id),
    constraint correction_rejected_check check ((state = 'rejected') = (rejected_by is not null))
) strict;

create index correction_stage on correction (stage_id, at_utc_ms);
create index correction_objection on correction (objection_id);

-- An approval is for one effect. Of one effect, nobody approves twice and no browser twice.
create table correction_approval (
    correction_id blob not null references correction (id),
    effect_hash blob not null constraint correction_approval_effect_check check (length(effect_hash) = 32),
    staff_id blob not null references staff (id),
    browser_hash blob not null constraint correction_approval_browser_check check (length(browser_hash) = 32),
    at_utc_ms integer not null,
    constraint correction_approval_person_unique unique (correction_id, effect_hash, staff_id),
    constraint correction_approval_browser_unique unique (correction_id, effect_hash, browser_hash)
) strict;

create table revision (
    id blob not null constraint revision_pk primary key check (length(id) = 16),
    stage_id blob not null references stage (id),
    number integer not null constraint revision_number_check check (number >= 1),
    correction_id blob constraint revision_correction_unique unique references correction (id),
    reason text not null,
    people integer not null,
    rule_set text not null,
    rule_set_hash text not null,
    input_hash blob not null constraint revision_input_hash_check check (length(input_hash) = 32),
    results_hash blob not null constraint revision_results_hash_check check (length(results_hash) = 32),
    at_utc_ms integer not null,
    staff_id blob not null references staff (id),
    second_id blob references staff (id),
    constraint revision_number_unique unique (stage_id, number),
    constraint revision_second_person check ((correction_id is null) = (second_id is null) and second_id is not staff_id),
    constraint revision_first_check check ((number = 1) = (correction_id is null))
) strict;

create table revision_file (
    revision_id blob not null references revision (id),
    name text not null,
    body blob not null,
    sha256 blob not null constraint revision_file_sha256_check check (length(sha256) = 32),
    constraint revision_file_pk primary key (revision_id, name)
) strict;

-- The newest row of an objection counts; `returned` takes a decision back before it was confirmed.
create table objection_decision (
    id blob not null constraint objection_decision_pk primary key check (length(id) = 16),
    objection_id blob not null references objection (id),
    granted integer not null constraint objection_decision_granted_check check (granted in (0, 1)),
    answer text not null,
    correction_id blob references correction (id),
    staff_id blob not null references staff (id),
    browser_hash blob not null constraint objection_decision_browser_check check (length(browser_hash) = 32),
    at_utc_ms integer not null,
    state text not null constraint objection_decision_state_check check (state in ('decided', 'returned', 'confirmed')),
    second_id blob references staff (id),
    second_reason text not null,
    second_utc_ms integer,
    second_browser_hash blob constraint objection_decision_second_browser_check check (second_browser_hash is null or length(second_browser_hash) = 32),
    constraint objection_decision_second_person check (state <> 'confirmed' or second_id is not staff_id),
    constraint objection_decision_second_browser
        check (state <> 'confirmed' or second_browser_hash is not null and second_browser_hash is not browser_hash),
    constraint objection_decision_second_check check ((state = 'decided') = (second_id is null) and (second_id is null) = (second_utc_ms is null))
) strict;

create unique index objection_decision_open_unique on objection_decision (objection_id) where state <> 'returned';

create table candidate_session (
    token_hash blob not null constraint candidate_session_pk primary key check (length(token_hash) = 32),
    candidate_id blob not null references candidate (id),
    expires_utc_ms integer not null
) strict;

alter table publication add column revision_id blob references revision (id);

create trigger rule_set_no_update before update on rule_set
begin
    select raise(abort, 'rule_set_immutable');
end;

create trigger rule_set_no_delete before delete on rule_set
begin
    select raise(abort, 'rule_set_immutable');
end;

create trigger revision_no_update before update on revision
begin
    select raise(abort, 'revision_immutable');
end;

create trigger revision_no_delete before delete on revision
begin
    select raise(abort, 'revision_immutable');
end;

create trigger revision_file_no_update before update on revision_file
begin
    select raise(abort, 'revision_immutable');
end;

create trigger revision_file_no_delete before delete on revision_file
begin
    select raise(abort, 'revision_immutable');
end;

create trigger correction_approval_no_update before update on correction_approval
begin
    select raise(abort, 'correction_approval_immutable');
end;

create trigger correction_approval_no_delete before delete on correction_approval
begin
    select raise(abort, 'correction_approval_immutable');
end;

create trigger objection_no_update before update on objection
begin
    select raise(abort, 'objection_immutable');
end;

create trigger objection_no_delete before delete on objection
begin
    select raise(abort, 'objection_immutable');
end;

-- Whatever a program asks for, a correction becomes a revision with two approvals of one effect, by the two people of the revision.
create trigger revision_two_approvals before insert on revision
when new.correction_id is not null and not exists (
    select 1
    from correction_approval
    where correction_id = new.correction_id and staff_id in (new.staff_id, new.second_id)
    group by effect_hash
    having count(*) = 2
)
begin
    select raise(abort, 'revision_second_person');
end;

create trigger correction_moves_on before update on correction
when old.state <> 'open'
    or (new.id, new.stage_id, new.change, new.reason, new.objection_id, new.at_utc_ms, new.staff_id)
        is not (old.id, old.stage_id, old.change, old.reason, old.objection_id, old.at_utc_ms, old.staff_id)
begin
    select raise(abort, 'correction_immutable');
end;

create trigger correction_no_delete before delete on correction
begin
    select raise(abort, 'correction_immutable');
end;

create trigger objection_decision_moves_on before update on objection_decision
when old.state <> 'decided'
    or (new.id, new.objection_id, new.granted, new.answer, new.correction_id, new.staff_id, new.browser_hash, new.at_utc_ms)
        is not (old.id, old.objection_id, old.granted, old.answer, old.correction_id, old.staff_id, old.browser_hash, old.at_utc_ms)
begin
    select raise(abort, 'objection_decision_immutable');
end;

create trigger objection_decision_no_delete before delete on objection_decision
begin
    select raise(abort, 'objection_decision_immutable');
end;
