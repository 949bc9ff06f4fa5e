-- The journal stands in a database file of its own (journal.db), so that no import, report or publication can ever hold the one write lock
-- that answers need. A row of journal_block is what one batch added to one sitting's journal; everything inside is guarded by its chained hash,
-- the replayed state and `saksama fsck`, not by indexes. Blocks are numbered in the order of their commits and name the block before them, so
-- a commit writes at the end of the file however many sittings share it.

-- Where a sitting's journal ends, and how far its clock had come when its owner was last seen alive (about once a second while it is open).
-- A block is stored only together with the move of this row from exactly its first position: that catches a second writer.
create table journal (
    sitting_id    blob    not null primary key check (length(sitting_id) = 16),
    last_block    integer,
    next_position integer not null check (next_position >= 0),
    mono_ms       integer not null,
    utc_ms        integer not null
) strict, without rowid;

create table journal_block (
    block_id       integer not null primary key,
    sitting_id     blob    not null check (length(sitting_id) = 16),
    previous_block integer,
    first_position integer not null check (first_position >= 0),
    count          integer not null check (count > 0),
    hash           blob    not null check (length(hash) = 32),
    records        blob    not null
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
