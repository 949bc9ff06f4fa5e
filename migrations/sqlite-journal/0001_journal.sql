-- The journal stands in a database file of its own (journal.db), so that no import, report or publication can ever hold the one write lock
-- that answers need. A row is a block: what one batch added to one sitting's journal. The primary key catches a second writer; everything
-- inside a block is guarded by the replayed state and by `saksama fsck`, not by further indexes.

create table journal_block (
    sitting_id     blob    not null check (length(sitting_id) = 16),
    first_position integer not null check (first_position >= 0),
    count          integer not null check (count > 0),
    records        blob    not null,
    hash           blob    not null check (length(hash) = 32),
    constraint journal_block_pk primary key (sitting_id, first_position)
) strict;

create trigger journal_block_never_changes
before update on journal_block
begin
    select raise(abort, 'a journal block never changes');
end;

create trigger journal_block_never_goes
before delete on journal_block
begin
    select raise(abort, 'a journal block never goes');
end;

-- How far the clock of a sitting had come when its owner was last seen alive; written about once a second while the sitting is open.
create table heartbeat (
    sitting_id blob    not null primary key check (length(sitting_id) = 16),
    mono_ms    integer not null,
    utc_ms     integer not null
) strict;
