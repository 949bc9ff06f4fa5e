//! All SQL on SQLite, as methods of [`Store`] in the order of the nouns.
//!
//! A second file will hold the same functions in the same order for PostgreSQL, so that a diff of the two shows only dialect. That is why
//! binds are `$1`, upserts are `on conflict ... do update`, truth is 0 or 1 and nothing here asks the database for the time.
//!
//! Reads run on four connections that cannot write; writes on one, each in a transaction that takes the write lock when it begins. A single
//! statement is such a transaction by itself, unless it returns rows: those would be handed out before the commit, so it gets an explicit one.

mod results;

use crate::Error;
use crate::error::conflict;
use crate::library::{BankCell, BankImportId, Draw, ImportCounts, ItemFilter, ItemPage, NewPaper, PendingImport, Seed};
use crate::roster::{
    Assignment, AttemptLine, By, CandidateCounts, CandidateLine, CandidatePage, CandidateRow, ChangeKind, EnrolledSession, EnrolmentChange,
    Formation, FormationCounted, Hall, NewAttempt, NewStage, NewTerminal, Nik, Pin, PinFound, Rescheduled, Seat, Selection,
    SelectionCounted, Sitting, SittingCounted, SittingPlaces, SittingToRun, Stage, Terminal, Unassigned, participant_key,
};
use crate::staff::{
    Grant, NewProposal, NewStaff, PasswordHash, Proposal, ProposalState, Role, SignedIn, Staff, StaffAtDoor, StaffChange, StaffCounted,
    StaffSession,
};
use question_bank::blueprint::Blueprint;
use question_bank::draw::PoolItem;
use question_bank::id::{
    AttemptId, CandidateId, Digest32, EnrolmentId, FormationId, HallId, Id, ItemId, ProposalId, SeatId, SelectionId, SessionId, SittingId,
    StaffId, StageId,
};
use question_bank::item::{CellOfItem, Face, Item, Picture};
use question_bank::key::{Key, SealedKey};
use question_bank::paper::Entry;
use sqlx::migrate::{Migration, MigrationType, Migrator};
use sqlx::sqlite::{
    SqliteArguments, SqliteConnectOptions, SqliteConnection, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteQueryResult,
    SqliteRow, SqliteSynchronous,
};
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, QueryBuilder, Row, SqlSafeStr, Sqlite, Transaction};
use std::collections::{BTreeSet, HashMap};
use std::path::Path;
use std::time::Duration;

/// Connections that read.
const READERS_MAX: u32 = 4;
/// A write waits so long for another one.
const BUSY_WAIT: Duration = Duration::from_secs(5);
/// A call waits so long for a connection.
const ACQUIRE_WAIT: Duration = Duration::from_secs(10);
/// Rows of one statement; twelve binds each stay far below SQLite's 32,766.
const STATEMENT_ROWS_MAX: usize = 200;
/// Lines of one page, whatever was asked for.
const PAGE_LINES_MAX: u32 = 1_000;

/// The database of an installation; cheap to clone.
#[derive(Clone, Debug)]
pub struct Store {
    writer: SqlitePool,
    reader: SqlitePool,
}

// ---- opening ----------------------------------------------------------------------------------------------------------------------

/// How every connection to `saksama.db` of a directory is made.
pub fn connect_options(dir: &Path) -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .filename(dir.join("saksama.db"))
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        .busy_timeout(BUSY_WAIT)
        // Statements are told apart by the spans around them; their texts say nothing new.
        .disable_statement_logging()
}

impl Store {
    /// Opens the database of a directory, making both if they are absent, and brings it to the newest migration. Refuses a database that is
    /// not as durable as acknowledgements promise.
    pub async fn open(dir: &Path) -> Result<Store, Error> {
        let mut made = tokio::fs::DirBuilder::new();
        made.recursive(true);
        // Names, numbers and keys are in there: a directory that we make is nobody else's.
        #[cfg(unix)]
        made.mode(0o700);
        made.create(dir).await.map_err(|error| Error::Stop(Box::new(error)))?;
        Store::open_with(connect_options(dir)).await
    }

    async fn open_with(options: SqliteConnectOptions) -> Result<Store, Error> {
        let mut connection = options.connect().await?;
        let ready = make_ready(&mut connection).await;
        connection.close().await?;
        ready?;
        let pool = || {
            SqlitePoolOptions::new()
                .acquire_timeout(ACQUIRE_WAIT)
                .idle_timeout(None)
                .max_lifetime(None)
                .test_before_acquire(false)
                .after_connect(|connection, _| {
                    Box::pin(async move { assert_durable(connection).await.map_err(|error| sqlx::Error::Configuration(Box::new(error))) })
                })
        };
        // After a full disk SQLite ends a transaction by itself, and sqlx believes it open for ever: such a connection is not used again.
        let writer = pool().max_connections(1).after_release(|connection, _| {
            Box::pin(async move {
                connection.ping().await?;
                Ok(!connection.is_in_transaction())
            })
        });
        let writer = writer.connect_with(options.clone()).await?;
        let reader = pool().max_connections(READERS_MAX).connect_with(options.pragma("query_only", "on")).await?;
        Ok(Store { writer, reader })
    }

    /// What SQLite finds wrong with `saksama.db` itself; empty means nothing.
    pub async fn integrity(&self) -> Result<Vec<String>, Error> {
        let rows = sqlx::query("pragma integrity_check(5)").fetch_all(&self.reader).await?;
        Ok(rows.iter().map(|row| row.get::<String, _>(0)).filter(|line| line != "ok").collect())
    }

    /// Closes all connections; calls that are under way are waited for.
    pub async fn close(&self) {
        self.reader.close().await;
        self.writer.close().await;
    }

    /// Connections that are in use: the one that writes, those that read.
    pub fn in_use(&self) -> [usize; 2] {
        [&self.writer, &self.reader].map(|pool| (pool.size() as usize).saturating_sub(pool.num_idle()))
    }

    /// The connection that writes.
    pub(crate) fn writer(&self) -> &SqlitePool {
        &self.writer
    }

    /// The connections that read.
    pub(crate) fn reader(&self) -> &SqlitePool {
        &self.reader
    }

    /// A transaction that has the write lock. Anything else would fail at its first write after a read, without waiting.
    async fn write(&self) -> Result<Transaction<'static, Sqlite>, Error> {
        Ok(self.writer().begin_with("begin immediate").await?)
    }
}

async fn make_ready(connection: &mut SqliteConnection) -> Result<(), Error> {
    assert_durable(connection).await?;
    Ok(migrations().run(connection).await?)
}

/// Reads back what durability rests on: a committed transaction is on the disk, and foreign keys hold.
pub(crate) async fn assert_durable(connection: &mut SqliteConnection) -> Result<(), Error> {
    let synchronous: i64 = sqlx::query("pragma synchronous").fetch_one(&mut *connection).await?.try_get(0)?;
    let journal_mode: String = sqlx::query("pragma journal_mode").fetch_one(&mut *connection).await?.try_get(0)?;
    let foreign_keys: i64 = sqlx::query("pragma foreign_keys").fetch_one(&mut *connection).await?.try_get(0)?;
    let check = |setting, found: String, wanted| if found == wanted { Ok(()) } else { Err(Error::NotDurable { setting, found, wanted }) };
    check("synchronous", synchronous.to_string(), "2")?;
    check("journal_mode", journal_mode, "wal")?;
    check("foreign_keys", foreign_keys.to_string(), "1")
}

/// All migrations. One is never edited after a release; a change is a further file.
fn migrations() -> Migrator {
    let migration = |version, description: &'static str, sql: &'static str| {
        Migration::new(version, description.into(), MigrationType::Simple, sql.into_sql_str(), false)
    };
    Migrator::with_migrations(vec![
        migration(1, "setup", include_str!("../../../migrations/sqlite/0001_setup.sql")),
        migration(2, "results", include_str!("../../../migrations/sqlite/0002_results.sql")),
    ])
}

// ---- selection --------------------------------------------------------------------------------------------------------------------

const SELECTION: &str = "
    select selection.id, selection.code, selection.title, selection.organiser, selection.policy, selection.created_utc_ms,
        (select count(*) from candidate where candidate.selection_id = selection.id) as candidates,
        (select count(*) from sitting join stage on stage.id = sitting.stage_id where stage.selection_id = selection.id) as sittings
    from selection";

impl Store {
    /// Adds a selection. Conflict: `selection_code_unique`.
    pub async fn add_selection(&self, selection: &Selection) -> Result<(), Error> {
        sqlx::query(
            "insert into selection (id, code, title, organiser, policy, created_utc_ms)
             values ($1, $2, $3, $4, $5, $6)",
        )
        .bind(bytes(selection.id))
        .bind(&selection.code)
        .bind(&selection.title)
        .bind(&selection.organiser)
        .bind(&selection.policy_json)
        .bind(selection.created_utc_ms)
        .execute(self.writer())
        .await?;
        Ok(())
    }

    /// Changes everything of a selection but its id and when it was made.
    pub async fn change_selection(&self, selection: &Selection) -> Result<(), Error> {
        let done = sqlx::query(
            "update selection
             set code = $2, title = $3, organiser = $4, policy = $5
             where id = $1",
        )
        .bind(bytes(selection.id))
        .bind(&selection.code)
        .bind(&selection.title)
        .bind(&selection.organiser)
        .bind(&selection.policy_json)
        .execute(self.writer())
        .await?;
        one_row(&done)
    }

    /// Removes a selection that has nothing in it. Conflict: `selection_in_use`.
    pub async fn remove_selection(&self, id: SelectionId) -> Result<(), Error> {
        let done = sqlx::query("delete from selection where id = $1").bind(bytes(id)).execute(self.writer()).await;
        removed(done, "selection_in_use")
    }

    /// All selections, newest first.
    pub async fn selections(&self) -> Result<Vec<SelectionCounted>, Error> {
        let rows = sqlx::query(sql([SELECTION, "order by selection.created_utc_ms desc, selection.code"])).fetch_all(self.reader()).await?;
        rows.iter().map(selection).collect()
    }

    /// One selection.
    pub async fn selection_by_id(&self, id: SelectionId) -> Result<SelectionCounted, Error> {
        selection(&sqlx::query(sql([SELECTION, "where selection.id = $1"])).bind(bytes(id)).fetch_one(self.reader()).await?)
    }
}

fn selection(row: &SqliteRow) -> Result<SelectionCounted, Error> {
    Ok(SelectionCounted {
        selection: Selection {
            id: id(row, "id")?,
            code: row.try_get("code")?,
            title: row.try_get("title")?,
            organiser: row.try_get("organiser")?,
            policy_json: row.try_get("policy")?,
            created_utc_ms: row.try_get("created_utc_ms")?,
        },
        candidates: whole(row, "candidates")?,
        sittings: whole(row, "sittings")?,
    })
}

// ---- stage and blueprint ----------------------------------------------------------------------------------------------------------

impl Store {
    /// Adds a stage after the others and says its place. Conflict: `stage_code_unique`.
    pub async fn add_stage(&self, stage: &NewStage) -> Result<u32, Error> {
        let mut tx = self.write().await?;
        let row = sqlx::query(
            "insert into stage (id, selection_id, code, title, ordinal)
             values ($1, $2, $3, $4, (select coalesce(max(ordinal) + 1, 0) from stage where selection_id = $2))
             returning ordinal",
        )
        .bind(bytes(stage.id))
        .bind(bytes(stage.selection_id))
        .bind(&stage.code)
        .bind(&stage.title)
        .fetch_one(&mut *tx)
        .await?;
        tx.commit().await?;
        whole(&row, "ordinal")
    }

    /// Changes code and title of a stage.
    pub async fn change_stage(&self, id: StageId, code: &str, title: &str) -> Result<(), Error> {
        let done = sqlx::query(
            "update stage
             set code = $2, title = $3
             where id = $1",
        )
        .bind(bytes(id))
        .bind(code)
        .bind(title)
        .execute(self.writer())
        .await?;
        one_row(&done)
    }

    /// Removes a stage without blueprints, sittings and enrolments. Conflict: `stage_in_use`.
    pub async fn remove_stage(&self, id: StageId) -> Result<(), Error> {
        let done = sqlx::query("delete from stage where id = $1").bind(bytes(id)).execute(self.writer()).await;
        removed(done, "stage_in_use")
    }

    /// The stages of a selection, in order.
    pub async fn stages_of_selection(&self, selection: SelectionId) -> Result<Vec<Stage>, Error> {
        let rows = sqlx::query(
            "select id, selection_id, code, title, ordinal
             from stage
             where selection_id = $1
             order by ordinal",
        )
        .bind(bytes(selection))
        .fetch_all(self.reader())
        .await?;
        rows.iter().map(stage).collect()
    }

    /// One stage.
    pub async fn stage_by_id(&self, id: StageId) -> Result<Stage, Error> {
        let row = sqlx::query(
            "select id, selection_id, code, title, ordinal
             from stage
             where id = $1",
        )
        .bind(bytes(id))
        .fetch_one(self.reader())
        .await?;
        stage(&row)
    }

    /// Puts the blueprint of a stage: for one formation of its selection, or (none) for all without their own. Replaces an earlier one.
    pub async fn put_blueprint(&self, stage: StageId, formation: Option<FormationId>, blueprint: &Blueprint) -> Result<(), Error> {
        let body = serde_json::to_string(blueprint).map_err(|error| Error::Stop(Box::new(error)))?;
        let mut tx = self.write().await?;
        delete_blueprint(&mut tx, stage, formation).await?;
        let done = sqlx::query(
            "insert into blueprint (stage_id, formation_id, body)
             select stage.id, $2, $3
             from stage
             where stage.id = $1
                 and ($2 is null
                     or exists (select 1 from formation where formation.id = $2 and formation.selection_id = stage.selection_id))",
        )
        .bind(bytes(stage))
        .bind(formation.map(bytes))
        .bind(body)
        .execute(&mut *tx)
        .await?;
        one_row(&done)?;
        Ok(tx.commit().await?)
    }

    /// Removes a blueprint.
    pub async fn remove_blueprint(&self, stage: StageId, formation: Option<FormationId>) -> Result<(), Error> {
        let mut tx = self.write().await?;
        one_row(&delete_blueprint(&mut tx, stage, formation).await?)?;
        Ok(tx.commit().await?)
    }

    /// The blueprints of a stage: the common one first, then by formation code.
    pub async fn blueprints_of_stage(&self, stage: StageId) -> Result<Vec<(Option<FormationId>, Blueprint)>, Error> {
        let rows = sqlx::query(
            "select blueprint.formation_id, blueprint.body
             from blueprint
             left join formation on formation.id = blueprint.formation_id
             where blueprint.stage_id = $1
             order by coalesce(formation.code, '')",
        )
        .bind(bytes(stage))
        .fetch_all(self.reader())
        .await?;
        rows.iter().map(|row| Ok((maybe_id(row, "formation_id")?, json(row, "body")?))).collect()
    }
}

async fn delete_blueprint(
    tx: &mut SqliteConnection,
    stage: StageId,
    formation: Option<FormationId>,
) -> Result<SqliteQueryResult, sqlx::Error> {
    sqlx::query(
        "delete from blueprint
         where stage_id = $1 and formation_id is not distinct from $2",
    )
    .bind(bytes(stage))
    .bind(formation.map(bytes))
    .execute(tx)
    .await
}

fn stage(row: &SqliteRow) -> Result<Stage, Error> {
    Ok(Stage {
        id: id(row, "id")?,
        selection_id: id(row, "selection_id")?,
        code: row.try_get("code")?,
        title: row.try_get("title")?,
        ordinal: whole(row, "ordinal")?,
    })
}

// ---- formation --------------------------------------------------------------------------------------------------------------------

const FORMATION: &str = "
    select formation.id, formation.selection_id, formation.code, formation.title, formation.slots, formation.line,
        (select count(*) from candidate where candidate.formation_id = formation.id) as candidates
    from formation";

impl Store {
    /// Adds a formation. Conflict: `formation_code_unique`.
    pub async fn add_formation(&self, formation: &Formation) -> Result<(), Error> {
        sqlx::query(
            "insert into formation (id, selection_id, code, title, slots, line)
             values ($1, $2, $3, $4, $5, $6)",
        )
        .bind(bytes(formation.id))
        .bind(bytes(formation.selection_id))
        .bind(&formation.code)
        .bind(&formation.title)
        .bind(i64::from(formation.slots))
        .bind(&formation.line_json)
        .execute(self.writer())
        .await?;
        Ok(())
    }

    /// Changes code, title, slots and line of a formation.
    pub async fn change_formation(&self, formation: &Formation) -> Result<(), Error> {
        let done = sqlx::query(
            "update formation
             set code = $2, title = $3, slots = $4, line = $5
             where id = $1",
        )
        .bind(bytes(formation.id))
        .bind(&formation.code)
        .bind(&formation.title)
        .bind(i64::from(formation.slots))
        .bind(&formation.line_json)
        .execute(self.writer())
        .await?;
        one_row(&done)
    }

    /// Removes a formation without candidates and blueprints. Conflict: `formation_in_use`.
    pub async fn remove_formation(&self, id: FormationId) -> Result<(), Error> {
        let done = sqlx::query("delete from formation where id = $1").bind(bytes(id)).execute(self.writer()).await;
        removed(done, "formation_in_use")
    }

    /// The formations of a selection, by code.
    pub async fn formations_of_selection(&self, selection: SelectionId) -> Result<Vec<FormationCounted>, Error> {
        let rows = sqlx::query(sql([FORMATION, "where formation.selection_id = $1 order by formation.code"]))
            .bind(bytes(selection))
            .fetch_all(self.reader())
            .await?;
        rows.iter().map(formation).collect()
    }

    /// One formation.
    pub async fn formation_by_id(&self, id: FormationId) -> Result<FormationCounted, Error> {
        formation(&sqlx::query(sql([FORMATION, "where formation.id = $1"])).bind(bytes(id)).fetch_one(self.reader()).await?)
    }
}

fn formation(row: &SqliteRow) -> Result<FormationCounted, Error> {
    Ok(FormationCounted {
        formation: Formation {
            id: id(row, "id")?,
            selection_id: id(row, "selection_id")?,
            code: row.try_get("code")?,
            title: row.try_get("title")?,
            slots: whole(row, "slots")?,
            line_json: row.try_get("line")?,
        },
        candidates: whole(row, "candidates")?,
    })
}

// ---- hall and seat ----------------------------------------------------------------------------------------------------------------

impl Store {
    /// Adds a hall with its seats. Conflicts: `hall_code_unique`, `seat_label_unique`, `seat_place_unique`.
    pub async fn add_hall(&self, hall: &Hall, seats: &[Seat]) -> Result<(), Error> {
        let mut tx = self.write().await?;
        sqlx::query(
            "insert into hall (id, selection_id, code, title)
             values ($1, $2, $3, $4)",
        )
        .bind(bytes(hall.id))
        .bind(bytes(hall.selection_id))
        .bind(&hall.code)
        .bind(&hall.title)
        .execute(&mut *tx)
        .await?;
        for seats in seats.chunks(STATEMENT_ROWS_MAX) {
            let mut query: QueryBuilder<Sqlite> = QueryBuilder::new("insert into seat (id, hall_id, label, row_no, column_no, spare) ");
            query.push_values(seats, |mut values, seat| {
                values.push_bind(bytes(seat.id)).push_bind(bytes(hall.id)).push_bind(seat.label.clone());
                values.push_bind(i64::from(seat.row)).push_bind(i64::from(seat.column)).push_bind(i64::from(seat.spare));
            });
            query.build().persistent(false).execute(&mut *tx).await?;
        }
        Ok(tx.commit().await?)
    }

    /// Changes code and title of a hall.
    pub async fn change_hall(&self, id: HallId, code: &str, title: &str) -> Result<(), Error> {
        let done = sqlx::query(
            "update hall
             set code = $2, title = $3
             where id = $1",
        )
        .bind(bytes(id))
        .bind(code)
        .bind(title)
        .execute(self.writer())
        .await?;
        one_row(&done)
    }

    /// Removes a hall without sittings and grants, with its seats. Conflict: `hall_in_use`.
    pub async fn remove_hall(&self, id: HallId) -> Result<(), Error> {
        let mut tx = self.write().await?;
        let seats = sqlx::query("delete from seat where hall_id = $1").bind(bytes(id)).execute(&mut *tx).await;
        in_use(seats, "hall_in_use")?;
        let hall = sqlx::query("delete from hall where id = $1").bind(bytes(id)).execute(&mut *tx).await;
        removed(hall, "hall_in_use")?;
        Ok(tx.commit().await?)
    }

    /// The halls of a selection, by code.
    pub async fn halls_of_selection(&self, selection: SelectionId) -> Result<Vec<Hall>, Error> {
        let rows = sqlx::query(
            "select id, selection_id, code, title
             from hall
             where selection_id = $1
             order by code",
        )
        .bind(bytes(selection))
        .fetch_all(self.reader())
        .await?;
        rows.iter().map(hall).collect()
    }

    /// One hall.
    pub async fn hall_by_id(&self, id: HallId) -> Result<Hall, Error> {
        let row = sqlx::query(
            "select id, selection_id, code, title
             from hall
             where id = $1",
        )
        .bind(bytes(id))
        .fetch_one(self.reader())
        .await?;
        hall(&row)
    }

    /// The seats of a hall, row by row from the front left.
    pub async fn seats_of_hall(&self, hall: HallId) -> Result<Vec<Seat>, Error> {
        let rows = sqlx::query(
            "select id, hall_id, label, row_no, column_no, spare
             from seat
             where hall_id = $1
             order by row_no, column_no",
        )
        .bind(bytes(hall))
        .fetch_all(self.reader())
        .await?;
        rows.iter().map(seat).collect()
    }

    /// The seats of all halls of a selection, hall by hall in the order of their codes.
    pub async fn seats_of_selection(&self, selection: SelectionId) -> Result<Vec<Seat>, Error> {
        let rows = sqlx::query(
            "select seat.id, seat.hall_id, seat.label, seat.row_no, seat.column_no, seat.spare
             from seat
             join hall on hall.id = seat.hall_id
             where hall.selection_id = $1
             order by hall.code, seat.row_no, seat.column_no",
        )
        .bind(bytes(selection))
        .fetch_all(self.reader())
        .await?;
        rows.iter().map(seat).collect()
    }
}

fn hall(row: &SqliteRow) -> Result<Hall, Error> {
    Ok(Hall { id: id(row, "id")?, selection_id: id(row, "selection_id")?, code: row.try_get("code")?, title: row.try_get("title")? })
}

fn seat(row: &SqliteRow) -> Result<Seat, Error> {
    Ok(Seat {
        id: id(row, "id")?,
        hall_id: id(row, "hall_id")?,
        label: row.try_get("label")?,
        row: whole(row, "row_no")?,
        column: whole(row, "column_no")?,
        spare: truth(row, "spare")?,
    })
}

// ---- sitting ----------------------------------------------------------------------------------------------------------------------

const SITTING_TO_RUN: &str = "
    select sitting.id, sitting.stage_id, stage.selection_id, sitting.hall_id, sitting.code, sitting.starts_utc_ms, sitting.policy,
        selection.title as selection_title, stage.title as stage_title, hall.title as hall_title,
        selection.policy as selection_policy
    from sitting
    join stage on stage.id = sitting.stage_id
    join selection on selection.id = stage.selection_id
    join hall on hall.id = sitting.hall_id";

const SITTING_PLACES: &str = "
    select sitting.id, sitting.hall_id, sitting.starts_utc_ms,
        (select count(*) from seat where seat.hall_id = sitting.hall_id and seat.spare = 0) as seats,
        (select count(*) from seat where seat.hall_id = sitting.hall_id and seat.spare = 1) as spare,
        (select count(*) from session where session.sitting_id = sitting.id) as taken
    from sitting";

impl Store {
    /// Adds a sitting of a stage in a hall of the same selection. Conflict: `sitting_code_unique`.
    pub async fn add_sitting(&self, sitting: &Sitting) -> Result<(), Error> {
        let done = sqlx::query(
            "insert into sitting (id, stage_id, hall_id, code, starts_utc_ms, policy)
             select $1, stage.id, hall.id, $4, $5, $6
             from stage
             join hall on hall.selection_id = stage.selection_id
             where stage.id = $2 and hall.id = $3",
        )
        .bind(bytes(sitting.id))
        .bind(bytes(sitting.stage_id))
        .bind(bytes(sitting.hall_id))
        .bind(&sitting.code)
        .bind(sitting.starts_utc_ms)
        .bind(&sitting.policy_json)
        .execute(self.writer())
        .await?;
        one_row(&done)
    }

    /// Changes code, scheduled start and behaviour of a sitting. Conflict: `sitting_code_unique`.
    pub async fn change_sitting(&self, id: SittingId, code: &str, starts_utc_ms: i64, policy_json: &str) -> Result<(), Error> {
        let done = sqlx::query(
            "update sitting
             set code = $2, starts_utc_ms = $3, policy = $4
             where id = $1",
        )
        .bind(bytes(id))
        .bind(code)
        .bind(starts_utc_ms)
        .bind(policy_json)
        .execute(self.writer())
        .await?;
        one_row(&done)
    }

    /// Removes a sitting in which nobody was ever enrolled. Conflict: `sitting_in_use`.
    pub async fn remove_sitting(&self, id: SittingId) -> Result<(), Error> {
        let done = sqlx::query("delete from sitting where id = $1").bind(bytes(id)).execute(self.writer()).await;
        removed(done, "sitting_in_use")
    }

    /// All sittings with what their owners must know, by scheduled start. Which of them are over stands in their journals.
    pub async fn sittings_to_run(&self) -> Result<Vec<SittingToRun>, Error> {
        let rows = sqlx::query(sql([SITTING_TO_RUN, "order by sitting.starts_utc_ms, sitting.id"])).fetch_all(self.reader()).await?;
        rows.iter().map(sitting_to_run).collect()
    }

    /// One sitting with what its owner must know.
    pub async fn sitting_by_id(&self, id: SittingId) -> Result<SittingToRun, Error> {
        sitting_to_run(&sqlx::query(sql([SITTING_TO_RUN, "where sitting.id = $1"])).bind(bytes(id)).fetch_one(self.reader()).await?)
    }

    /// The sittings of a selection, by scheduled start.
    pub async fn sittings_of_selection(&self, selection: SelectionId) -> Result<Vec<SittingCounted>, Error> {
        let rows = sqlx::query(
            "select sitting.id, sitting.stage_id, sitting.hall_id, sitting.code, sitting.starts_utc_ms, sitting.policy,
                 (select count(*) from session where session.sitting_id = sitting.id) as enrolled,
                 (select count(*) from session join paper on paper.session_id = session.id where session.sitting_id = sitting.id) as drawn
             from sitting
             join stage on stage.id = sitting.stage_id
             where stage.selection_id = $1
             order by sitting.starts_utc_ms, sitting.code",
        )
        .bind(bytes(selection))
        .fetch_all(self.reader())
        .await?;
        rows.iter().map(sitting_counted).collect()
    }

    /// The places of all sittings of a stage, by scheduled start.
    pub async fn places_of_stage(&self, stage: StageId) -> Result<Vec<SittingPlaces>, Error> {
        let rows = sqlx::query(sql([SITTING_PLACES, "where sitting.stage_id = $1 order by sitting.starts_utc_ms, sitting.code"]))
            .bind(bytes(stage))
            .fetch_all(self.reader())
            .await?;
        rows.iter().map(sitting_places).collect()
    }

    /// The assigned seats of a sitting.
    pub async fn taken_seats(&self, sitting: SittingId) -> Result<BTreeSet<SeatId>, Error> {
        let rows = sqlx::query(
            "select seat_id
             from session
             where sitting_id = $1 and seat_id is not null",
        )
        .bind(bytes(sitting))
        .fetch_all(self.reader())
        .await?;
        rows.iter().map(|row| id(row, "seat_id")).collect()
    }
}

fn sitting_to_run(row: &SqliteRow) -> Result<SittingToRun, Error> {
    Ok(SittingToRun {
        sitting: id(row, "id")?,
        stage_id: id(row, "stage_id")?,
        selection_id: id(row, "selection_id")?,
        hall_id: id(row, "hall_id")?,
        code: row.try_get("code")?,
        starts_utc_ms: row.try_get("starts_utc_ms")?,
        policy_json: row.try_get("policy")?,
        selection_title: row.try_get("selection_title")?,
        stage_title: row.try_get("stage_title")?,
        hall_title: row.try_get("hall_title")?,
        selection_policy_json: row.try_get("selection_policy")?,
    })
}

fn sitting_counted(row: &SqliteRow) -> Result<SittingCounted, Error> {
    Ok(SittingCounted {
        sitting: Sitting {
            id: id(row, "id")?,
            stage_id: id(row, "stage_id")?,
            hall_id: id(row, "hall_id")?,
            code: row.try_get("code")?,
            starts_utc_ms: row.try_get("starts_utc_ms")?,
            policy_json: row.try_get("policy")?,
        },
        enrolled: whole(row, "enrolled")?,
        drawn: whole(row, "drawn")?,
    })
}

fn sitting_places(row: &SqliteRow) -> Result<SittingPlaces, Error> {
    Ok(SittingPlaces {
        sitting: id(row, "id")?,
        hall_id: id(row, "hall_id")?,
        starts_utc_ms: row.try_get("starts_utc_ms")?,
        seats: whole(row, "seats")?,
        spare: whole(row, "spare")?,
        taken: whole(row, "taken")?,
    })
}

/// Reads one sitting's places inside a transaction.
async fn places(tx: &mut SqliteConnection, sitting: SittingId) -> Result<SittingPlaces, Error> {
    sitting_places(&sqlx::query(sql([SITTING_PLACES, "where sitting.id = $1"])).bind(bytes(sitting)).fetch_one(tx).await?)
}

// ---- candidate --------------------------------------------------------------------------------------------------------------------

impl Store {
    /// What an import of candidates would do; stores nothing.
    pub async fn compare_candidates(&self, selection: SelectionId, rows: &[CandidateRow]) -> Result<CandidateCounts, Error> {
        let mut connection = self.reader().acquire().await?;
        let known = known_candidates(&mut connection, selection).await?;
        let mut counts = CandidateCounts::default();
        rows.iter().for_each(|row| count_candidate(&mut counts, known.get(&participant_key(&row.participant_no)), row));
        Ok(counts)
    }

    /// Adds new candidates of a selection and changes known ones, all or none. Their enrolments follow in category, accommodation and extra
    /// time; what a session was given when the doors opened stands in the journal.
    /// Conflicts: `candidate_participant_unique` (a number stands twice), `candidate_formation_drawn`. A formation of another selection is
    /// not found.
    pub async fn import_candidates(&self, selection: SelectionId, rows: &[CandidateRow]) -> Result<CandidateCounts, Error> {
        let mut tx = self.write().await?;
        check_formations(&mut tx, selection, rows).await?;
        let known = known_candidates(&mut tx, selection).await?;
        let (mut counts, mut new) = (CandidateCounts::default(), Vec::new());
        for row in rows {
            let stored = known.get(&participant_key(&row.participant_no));
            count_candidate(&mut counts, stored, row);
            match stored {
                None => new.push(row),
                Some(stored) if stored.differs(row) => change_candidate(&mut tx, stored.id, row).await?,
                Some(_) => {}
            }
        }
        if !counts.drawn.is_empty() {
            return Err(conflict("candidate_formation_drawn"));
        }
        for rows in new.chunks(STATEMENT_ROWS_MAX) {
            insert_candidates(&mut tx, selection, rows).await?;
        }
        tx.commit().await?;
        Ok(counts)
    }

    /// Candidates of a selection whose number or name contains `find`, by number.
    pub async fn candidates(&self, selection: SelectionId, find: &str, page: u32, page_lines: u32) -> Result<CandidatePage, Error> {
        let (key, name) = (containing(&participant_key(find)), containing(&find.trim().to_ascii_lowercase()));
        let page_lines = page_lines.min(PAGE_LINES_MAX);
        let mut tx = self.reader().begin().await?;
        let total = sqlx::query(
            "select count(*) as total
             from candidate
             where candidate.selection_id = $1
                 and (candidate.participant_key like $2 escape '\\' or lower(candidate.name) like $3 escape '\\')",
        )
        .bind(bytes(selection))
        .bind(&key)
        .bind(&name)
        .fetch_one(&mut *tx)
        .await?;
        let rows = sqlx::query(sql([
            CANDIDATE_LINE,
            "where candidate.selection_id = $1
                 and (candidate.participant_key like $2 escape '\\' or lower(candidate.name) like $3 escape '\\')
             order by candidate.participant_key
             limit $4 offset $5",
        ]))
        .bind(bytes(selection))
        .bind(&key)
        .bind(&name)
        .bind(i64::from(page_lines))
        .bind(i64::from(page) * i64::from(page_lines))
        .fetch_all(&mut *tx)
        .await?;
        Ok(CandidatePage { total: whole(&total, "total")?, lines: rows.iter().map(candidate_line).collect::<Result<_, _>>()? })
    }

    /// One candidate.
    pub async fn candidate_by_id(&self, id: CandidateId) -> Result<CandidateLine, Error> {
        candidate_line(&sqlx::query(sql([CANDIDATE_LINE, "where candidate.id = $1"])).bind(bytes(id)).fetch_one(self.reader()).await?)
    }

    /// Removes a candidate who was never enrolled. Conflict: `candidate_in_use`.
    pub async fn remove_candidate(&self, id: CandidateId) -> Result<(), Error> {
        let done = sqlx::query("delete from candidate where id = $1").bind(bytes(id)).execute(self.writer()).await;
        removed(done, "candidate_in_use")
    }

    /// The national id number of a candidate. Nothing public may call this: not a page, not a list, not a log, not an export.
    pub async fn nik_of_candidate(&self, id: CandidateId) -> Result<Option<Nik>, Error> {
        let row = sqlx::query(
            "select nik
             from candidate
             where id = $1",
        )
        .bind(bytes(id))
        .fetch_one(self.reader())
        .await?;
        Ok(row.try_get::<Option<String>, _>("nik")?.map(Nik))
    }
}

const CANDIDATE_LINE: &str = "
    select candidate.id, candidate.participant_no, candidate.name, candidate.formation_id, formation.code as formation_code,
        coalesce(enrolment.category, candidate.category) as category,
        coalesce(enrolment.accommodation, candidate.accommodation) as accommodation,
        coalesce(enrolment.extra_time_s, candidate.extra_time_s) as extra_time_s,
        enrolment.id as enrolment_id, coalesce(attempt.number, 0) as attempts,
        session.id as session_id, session.sitting_id, sitting.code as sitting_code, seat.label as seat_label
    from candidate
    join formation on formation.id = candidate.formation_id
    left join enrolment on enrolment.id = (
        select enrolled.id
        from enrolment as enrolled
        join stage on stage.id = enrolled.stage_id
        where enrolled.candidate_id = candidate.id
        order by stage.ordinal desc
        limit 1)
    left join attempt on attempt.enrolment_id = enrolment.id
        and attempt.number = (select max(tried.number) from attempt as tried where tried.enrolment_id = enrolment.id)
    left join session on session.attempt_id = attempt.id
    left join sitting on sitting.id = session.sitting_id
    left join seat on seat.id = session.seat_id";

fn candidate_line(row: &SqliteRow) -> Result<CandidateLine, Error> {
    Ok(CandidateLine {
        id: id(row, "id")?,
        participant_no: row.try_get("participant_no")?,
        name: row.try_get("name")?,
        formation_id: id(row, "formation_id")?,
        formation_code: row.try_get("formation_code")?,
        category: row.try_get("category")?,
        accommodation: row.try_get("accommodation")?,
        extra_time_s: whole(row, "extra_time_s")?,
        enrolment_id: maybe_id(row, "enrolment_id")?,
        attempts: whole(row, "attempts")?,
        session: maybe_id(row, "session_id")?,
        sitting_id: maybe_id(row, "sitting_id")?,
        sitting_code: row.try_get("sitting_code")?,
        seat_label: row.try_get("seat_label")?,
    })
}

/// A stored candidate as far as an import compares it.
struct KnownCandidate {
    id: CandidateId,
    row: CandidateRow,
    drawn: bool,
}

impl KnownCandidate {
    fn differs(&self, row: &CandidateRow) -> bool {
        let nik = row.nik.clone().or_else(|| self.row.nik.clone());
        self.row != CandidateRow { id: self.id, nik, ..row.clone() }
    }

    /// A paper was drawn for another formation.
    fn drawn_for_another(&self, row: &CandidateRow) -> bool {
        self.drawn && self.row.formation_id != row.formation_id
    }
}

fn count_candidate(counts: &mut CandidateCounts, known: Option<&KnownCandidate>, row: &CandidateRow) {
    match known {
        None => counts.new += 1,
        Some(known) if known.differs(row) => counts.changed += 1,
        Some(_) => counts.unchanged += 1,
    }
    if known.is_some_and(|known| known.drawn_for_another(row)) {
        counts.drawn.push(row.participant_no.clone());
    }
}

async fn known_candidates(connection: &mut SqliteConnection, selection: SelectionId) -> Result<HashMap<String, KnownCandidate>, Error> {
    let rows = sqlx::query(
        "select candidate.id, candidate.participant_no, candidate.participant_key, candidate.name, candidate.birth_date,
             candidate.gpa_milli, candidate.nik, candidate.formation_id, candidate.category, candidate.accommodation,
             candidate.extra_time_s, candidate.facts,
             exists (
                 select 1
                 from enrolment
                 join attempt on attempt.enrolment_id = enrolment.id
                 join session on session.attempt_id = attempt.id
                 join paper on paper.session_id = session.id
                 where enrolment.candidate_id = candidate.id) as drawn
         from candidate
         where candidate.selection_id = $1",
    )
    .bind(bytes(selection))
    .fetch_all(connection)
    .await?;
    rows.iter().map(|row| Ok((row.try_get("participant_key")?, known_candidate(row)?))).collect()
}

fn known_candidate(row: &SqliteRow) -> Result<KnownCandidate, Error> {
    let candidate = CandidateRow {
        id: id(row, "id")?,
        participant_no: row.try_get("participant_no")?,
        name: row.try_get("name")?,
        birth_date: row.try_get("birth_date")?,
        gpa_milli: row.try_get("gpa_milli")?,
        nik: row.try_get::<Option<String>, _>("nik")?.map(Nik),
        formation_id: id(row, "formation_id")?,
        category: row.try_get("category")?,
        accommodation: row.try_get("accommodation")?,
        extra_time_s: whole(row, "extra_time_s")?,
        facts_json: row.try_get("facts")?,
    };
    Ok(KnownCandidate { id: candidate.id, row: candidate, drawn: truth(row, "drawn")? })
}

/// All formations named must be of the selection.
async fn check_formations(tx: &mut SqliteConnection, selection: SelectionId, rows: &[CandidateRow]) -> Result<(), Error> {
    let of_selection = sqlx::query(
        "select id
         from formation
         where selection_id = $1",
    )
    .bind(bytes(selection))
    .fetch_all(tx)
    .await?;
    let known: BTreeSet<FormationId> = of_selection.iter().map(|row| id(row, "id")).collect::<Result<_, _>>()?;
    if rows.iter().all(|row| known.contains(&row.formation_id)) { Ok(()) } else { Err(Error::NotFound) }
}

async fn change_candidate(tx: &mut SqliteConnection, stored: CandidateId, row: &CandidateRow) -> Result<(), Error> {
    let done = sqlx::query(
        "update candidate
         set participant_no = $2, name = $3, birth_date = $4, gpa_milli = $5, nik = coalesce($6, nik), formation_id = $7, category = $8,
             accommodation = $9, extra_time_s = $10, facts = $11
         where id = $1",
    )
    .bind(bytes(stored))
    .bind(&row.participant_no)
    .bind(&row.name)
    .bind(&row.birth_date)
    .bind(row.gpa_milli)
    .bind(row.nik.as_ref().map(|nik| nik.0.as_str()))
    .bind(bytes(row.formation_id))
    .bind(&row.category)
    .bind(&row.accommodation)
    .bind(i64::from(row.extra_time_s))
    .bind(&row.facts_json)
    .execute(&mut *tx)
    .await?;
    one_row(&done)?;
    sqlx::query(
        "update enrolment
         set category = $2, accommodation = $3, extra_time_s = $4
         where candidate_id = $1",
    )
    .bind(bytes(stored))
    .bind(&row.category)
    .bind(&row.accommodation)
    .bind(i64::from(row.extra_time_s))
    .execute(&mut *tx)
    .await?;
    Ok(())
}

async fn insert_candidates(tx: &mut SqliteConnection, selection: SelectionId, rows: &[&CandidateRow]) -> Result<(), Error> {
    let mut query: QueryBuilder<Sqlite> = QueryBuilder::new(
        "insert into candidate (id, selection_id, participant_no, participant_key, name, birth_date, gpa_milli, nik, formation_id, category,
             accommodation, extra_time_s, facts) ",
    );
    query.push_values(rows, |mut values, row| {
        values.push_bind(bytes(row.id)).push_bind(bytes(selection));
        values.push_bind(row.participant_no.clone()).push_bind(participant_key(&row.participant_no)).push_bind(row.name.clone());
        values.push_bind(row.birth_date.clone()).push_bind(row.gpa_milli).push_bind(row.nik.as_ref().map(|nik| nik.0.clone()));
        values.push_bind(bytes(row.formation_id)).push_bind(row.category.clone()).push_bind(row.accommodation.clone());
        values.push_bind(i64::from(row.extra_time_s)).push_bind(row.facts_json.clone());
    });
    query.build().persistent(false).execute(tx).await?;
    Ok(())
}

// ---- enrolment, attempt, session --------------------------------------------------------------------------------------------------

impl Store {
    /// Candidates of a stage's selection who are not enrolled in the stage, by participant number.
    pub async fn unassigned_of_stage(&self, stage: StageId) -> Result<Vec<Unassigned>, Error> {
        let rows = sqlx::query(
            "select candidate.id, candidate.participant_no, candidate.name, candidate.formation_id, candidate.category
             from stage
             join candidate on candidate.selection_id = stage.selection_id
             where stage.id = $1
                 and not exists (select 1 from enrolment where enrolment.candidate_id = candidate.id and enrolment.stage_id = stage.id)
             order by candidate.participant_key",
        )
        .bind(bytes(stage))
        .fetch_all(self.reader())
        .await?;
        rows.iter().map(unassigned).collect()
    }

    /// Enrols candidates in a stage and gives each a first attempt and a session, all or none.
    /// Conflicts: `enrolment_candidate_unique`, `session_seat_unique`, `sitting_capacity` (more sessions than seats that are not kept free).
    pub async fn assign(&self, stage: StageId, assignments: &[Assignment], by: By) -> Result<(), Error> {
        let mut tx = self.write().await?;
        for assignments in assignments.chunks(STATEMENT_ROWS_MAX) {
            let placed: Vec<Placed> = assignments.iter().map(Placed::first).collect();
            insert_enrolments(&mut tx, stage, assignments).await?;
            insert_attempts(&mut tx, &placed, by).await?;
            insert_changes(&mut tx, ChangeKind::Assigned, &placed, by).await?;
        }
        let sittings: BTreeSet<SittingId> = assignments.iter().map(|assignment| assignment.sitting).collect();
        for sitting in sittings {
            let places = places(&mut tx, sitting).await?;
            if places.taken > places.seats {
                return Err(conflict("sitting_capacity"));
            }
        }
        Ok(tx.commit().await?)
    }

    /// Changes category, accommodation and extra time of an enrolment.
    pub async fn change_enrolment(&self, id: EnrolmentId, category: &str, accommodation: &str, extra_time_s: u32) -> Result<(), Error> {
        let done = sqlx::query(
            "update enrolment
             set category = $2, accommodation = $3, extra_time_s = $4
             where id = $1",
        )
        .bind(bytes(id))
        .bind(category)
        .bind(accommodation)
        .bind(i64::from(extra_time_s))
        .execute(self.writer())
        .await?;
        one_row(&done)
    }

    /// Gives the last attempt of an enrolment another sitting of the stage, before it starts (which the caller knows from its owner). Paper,
    /// seat, PIN and terminal of the session are gone afterwards.
    /// Conflicts: `attempt_sitting_unique` (an attempt of the enrolment is there already), `sitting_capacity` (no seat left at all).
    pub async fn reschedule(&self, enrolment: EnrolmentId, to: SittingId, reason: &str, by: By) -> Result<Rescheduled, Error> {
        let mut tx = self.write().await?;
        check_not_there(&mut tx, enrolment, to).await?;
        let row = sqlx::query(
            "select session.id, session.sitting_id
             from attempt
             join session on session.attempt_id = attempt.id
             where attempt.enrolment_id = $1
             order by attempt.number desc
             limit 1",
        )
        .bind(bytes(enrolment))
        .fetch_one(&mut *tx)
        .await?;
        let (session, from) = (id(&row, "id")?, id(&row, "sitting_id")?);
        move_session(&mut tx, session, to).await?;
        insert_change(&mut tx, enrolment, from, to, reason, by).await?;
        check_any_seat_left(&mut tx, to).await?;
        tx.commit().await?;
        Ok(Rescheduled { session, from, to })
    }

    /// Adds a further attempt in another sitting of the stage and says its number.
    /// Conflicts: `attempt_sitting_unique`, `sitting_capacity` (no seat left at all).
    pub async fn add_attempt(&self, attempt: &NewAttempt, by: By) -> Result<u32, Error> {
        let mut tx = self.write().await?;
        check_not_there(&mut tx, attempt.enrolment_id, attempt.sitting).await?;
        let row = sqlx::query(
            "select coalesce(max(number), 0) + 1 as number
             from attempt
             where enrolment_id = $1",
        )
        .bind(bytes(attempt.enrolment_id))
        .fetch_one(&mut *tx)
        .await?;
        let number = whole(&row, "number")?;
        let placed = [Placed::further(attempt, number)];
        insert_attempts(&mut tx, &placed, by).await?;
        insert_changes(&mut tx, ChangeKind::Attempt, &placed, by).await?;
        check_any_seat_left(&mut tx, attempt.sitting).await?;
        tx.commit().await?;
        Ok(number)
    }

    /// The attempts of an enrolment, in order.
    pub async fn attempts_of_enrolment(&self, enrolment: EnrolmentId) -> Result<Vec<AttemptLine>, Error> {
        let rows = sqlx::query(
            "select attempt.id, attempt.number, attempt.reason, attempt.created_utc_ms, session.id as session_id, session.sitting_id,
                 sitting.code as sitting_code, sitting.starts_utc_ms
             from attempt
             join session on session.attempt_id = attempt.id
             join sitting on sitting.id = session.sitting_id
             where attempt.enrolment_id = $1
             order by attempt.number",
        )
        .bind(bytes(enrolment))
        .fetch_all(self.reader())
        .await?;
        rows.iter().map(attempt_line).collect()
    }

    /// How an enrolment came to its sittings, oldest first.
    pub async fn changes_of_enrolment(&self, enrolment: EnrolmentId) -> Result<Vec<EnrolmentChange>, Error> {
        let rows = sqlx::query(
            "select at_utc_ms, staff_id, kind, from_sitting, to_sitting, reason
             from enrolment_change
             where enrolment_id = $1
             order by at_utc_ms",
        )
        .bind(bytes(enrolment))
        .fetch_all(self.reader())
        .await?;
        rows.iter().map(enrolment_change).collect()
    }

    /// The stage of an enrolment.
    pub async fn stage_of_enrolment(&self, enrolment: EnrolmentId) -> Result<Stage, Error> {
        let row = sqlx::query(
            "select stage.id, stage.selection_id, stage.code, stage.title, stage.ordinal
             from enrolment
             join stage on stage.id = enrolment.stage_id
             where enrolment.id = $1",
        )
        .bind(bytes(enrolment))
        .fetch_one(self.reader())
        .await?;
        stage(&row)
    }

    /// The sessions of a sitting with their papers, by participant number.
    pub async fn sessions_of_sitting(&self, sitting: SittingId) -> Result<Vec<EnrolledSession>, Error> {
        let rows = sqlx::query(sql([ENROLLED_SESSION, "where session.sitting_id = $1 order by candidate.participant_key, session.id"]))
            .bind(bytes(sitting))
            .fetch_all(self.reader())
            .await?;
        rows.iter().map(enrolled_session).collect()
    }

    /// One session and its sitting.
    pub async fn session_by_id(&self, session: SessionId) -> Result<(SittingId, EnrolledSession), Error> {
        let row = sqlx::query(sql([ENROLLED_SESSION, "where session.id = $1"])).bind(bytes(session)).fetch_one(self.reader()).await?;
        Ok((id(&row, "sitting_id")?, enrolled_session(&row)?))
    }

    /// The sitting of a session.
    pub async fn sitting_of_session(&self, session: SessionId) -> Result<SittingId, Error> {
        let row = sqlx::query(
            "select sitting_id
             from session
             where id = $1",
        )
        .bind(bytes(session))
        .fetch_one(self.reader())
        .await?;
        id(&row, "sitting_id")
    }

    /// Assigns a seat of the sitting's hall to a session. Conflict: `session_seat_unique`.
    pub async fn assign_seat(&self, session: SessionId, seat: SeatId) -> Result<(), Error> {
        let done = sqlx::query(
            "update session
             set seat_id = $2
             where id = $1
                 and exists (
                     select 1
                     from seat
                     join sitting on sitting.hall_id = seat.hall_id
                     where seat.id = $2 and sitting.id = session.sitting_id)",
        )
        .bind(bytes(session))
        .bind(bytes(seat))
        .execute(self.writer())
        .await?;
        one_row(&done)
    }

    /// Takes the assigned seat from a session.
    pub async fn clear_seat(&self, session: SessionId) -> Result<(), Error> {
        let done = sqlx::query(
            "update session
             set seat_id = null
             where id = $1",
        )
        .bind(bytes(session))
        .execute(self.writer())
        .await?;
        one_row(&done)
    }
}

const ENROLLED_SESSION: &str = "
    select session.id, session.sitting_id, session.seat_id, attempt.number, enrolment.candidate_id, enrolment.id as enrolment_id,
        candidate.participant_no, candidate.name, candidate.birth_date, candidate.formation_id,
        formation.code as formation_code, formation.title as formation_title,
        enrolment.category, enrolment.accommodation, enrolment.extra_time_s, paper.body as paper
    from session
    join attempt on attempt.id = session.attempt_id
    join enrolment on enrolment.id = attempt.enrolment_id
    join candidate on candidate.id = enrolment.candidate_id
    join formation on formation.id = candidate.formation_id
    left join paper on paper.session_id = session.id";

fn enrolled_session(row: &SqliteRow) -> Result<EnrolledSession, Error> {
    Ok(EnrolledSession {
        session: id(row, "id")?,
        attempt_number: whole(row, "number")?,
        candidate_id: id(row, "candidate_id")?,
        enrolment_id: id(row, "enrolment_id")?,
        participant_no: row.try_get("participant_no")?,
        name: row.try_get("name")?,
        formation_id: id(row, "formation_id")?,
        formation_code: row.try_get("formation_code")?,
        formation_title: row.try_get("formation_title")?,
        category: row.try_get("category")?,
        accommodation: row.try_get("accommodation")?,
        extra_time_s: whole(row, "extra_time_s")?,
        birth_date: row.try_get("birth_date")?,
        seat_id: maybe_id(row, "seat_id")?,
        paper: row.try_get("paper")?,
    })
}

fn unassigned(row: &SqliteRow) -> Result<Unassigned, Error> {
    Ok(Unassigned {
        candidate_id: id(row, "id")?,
        participant_no: row.try_get("participant_no")?,
        name: row.try_get("name")?,
        formation_id: id(row, "formation_id")?,
        category: row.try_get("category")?,
    })
}

fn attempt_line(row: &SqliteRow) -> Result<AttemptLine, Error> {
    Ok(AttemptLine {
        attempt_id: id(row, "id")?,
        number: whole(row, "number")?,
        reason: row.try_get("reason")?,
        created_utc_ms: row.try_get("created_utc_ms")?,
        session: id(row, "session_id")?,
        sitting: id(row, "sitting_id")?,
        sitting_code: row.try_get("sitting_code")?,
        starts_utc_ms: row.try_get("starts_utc_ms")?,
    })
}

fn enrolment_change(row: &SqliteRow) -> Result<EnrolmentChange, Error> {
    let kind: &str = row.try_get("kind")?;
    Ok(EnrolmentChange {
        by: By { staff_id: id(row, "staff_id")?, at_utc_ms: row.try_get("at_utc_ms")? },
        kind: ChangeKind::from_code(kind).ok_or_else(|| damaged("kind"))?,
        from_sitting: maybe_id(row, "from_sitting")?,
        to_sitting: id(row, "to_sitting")?,
        reason: row.try_get("reason")?,
    })
}

/// An attempt to be stored, with its place.
struct Placed<'a> {
    enrolment_id: EnrolmentId,
    attempt_id: AttemptId,
    number: u32,
    session: SessionId,
    sitting: SittingId,
    seat_id: Option<SeatId>,
    reason: &'a str,
}

impl<'a> Placed<'a> {
    fn first(assignment: &Assignment) -> Self {
        let Assignment { enrolment_id, attempt_id, session, sitting, seat_id, .. } = *assignment;
        Placed { enrolment_id, attempt_id, number: 1, session, sitting, seat_id, reason: "" }
    }

    fn further(attempt: &'a NewAttempt, number: u32) -> Self {
        let NewAttempt { enrolment_id, attempt_id, session, sitting, ref reason } = *attempt;
        Placed { enrolment_id, attempt_id, number, session, sitting, seat_id: None, reason }
    }
}

/// Enrols candidates of the stage's selection with what they were imported with.
async fn insert_enrolments(tx: &mut SqliteConnection, stage: StageId, assignments: &[Assignment]) -> Result<(), Error> {
    let mut query: QueryBuilder<Sqlite> = QueryBuilder::new("with given (id, candidate_id, stage_id) as (");
    query.push_values(assignments, |mut values, assignment| {
        values.push_bind(bytes(assignment.enrolment_id)).push_bind(bytes(assignment.candidate_id)).push_bind(bytes(stage));
    });
    query.push(
        ")
         insert into enrolment (id, candidate_id, stage_id, category, accommodation, extra_time_s)
         select given.id, candidate.id, stage.id, candidate.category, candidate.accommodation, candidate.extra_time_s
         from given
         join candidate on candidate.id = given.candidate_id
         join stage on stage.id = given.stage_id and stage.selection_id = candidate.selection_id",
    );
    let done = query.build().persistent(false).execute(tx).await?;
    rows(&done, assignments.len())
}

/// Adds attempts and their sessions, each in a sitting of its enrolment's stage and (if any) a seat of that sitting's hall.
async fn insert_attempts(tx: &mut SqliteConnection, placed: &[Placed<'_>], by: By) -> Result<(), Error> {
    let mut query: QueryBuilder<Sqlite> = QueryBuilder::new("insert into attempt (id, enrolment_id, number, reason, created_utc_ms) ");
    query.push_values(placed, |mut values, one| {
        values.push_bind(bytes(one.attempt_id)).push_bind(bytes(one.enrolment_id)).push_bind(i64::from(one.number));
        values.push_bind(one.reason.to_owned()).push_bind(by.at_utc_ms);
    });
    query.build().persistent(false).execute(&mut *tx).await?;
    let mut query: QueryBuilder<Sqlite> = QueryBuilder::new("with given (id, attempt_id, sitting_id, seat_id) as (");
    query.push_values(placed, |mut values, one| {
        values.push_bind(bytes(one.session)).push_bind(bytes(one.attempt_id));
        values.push_bind(bytes(one.sitting)).push_bind(one.seat_id.map(bytes));
    });
    query.push(
        ")
         insert into session (id, attempt_id, sitting_id, seat_id)
         select given.id, attempt.id, sitting.id, given.seat_id
         from given
         join attempt on attempt.id = given.attempt_id
         join enrolment on enrolment.id = attempt.enrolment_id
         join sitting on sitting.id = given.sitting_id and sitting.stage_id = enrolment.stage_id
         where given.seat_id is null
             or exists (select 1 from seat where seat.id = given.seat_id and seat.hall_id = sitting.hall_id)",
    );
    let done = query.build().persistent(false).execute(tx).await?;
    rows(&done, placed.len())
}

/// Tells the history of enrolments that they have a place.
async fn insert_changes(tx: &mut SqliteConnection, kind: ChangeKind, placed: &[Placed<'_>], by: By) -> Result<(), Error> {
    let mut query: QueryBuilder<Sqlite> =
        QueryBuilder::new("insert into enrolment_change (enrolment_id, at_utc_ms, staff_id, kind, to_sitting, reason) ");
    query.push_values(placed, |mut values, one| {
        values.push_bind(bytes(one.enrolment_id)).push_bind(by.at_utc_ms).push_bind(bytes(by.staff_id)).push_bind(kind.code());
        values.push_bind(bytes(one.sitting)).push_bind(one.reason.to_owned());
    });
    query.build().persistent(false).execute(tx).await?;
    Ok(())
}

/// Tells the history of an enrolment that it has another place.
async fn insert_change(
    tx: &mut SqliteConnection,
    enrolment: EnrolmentId,
    from: SittingId,
    to: SittingId,
    reason: &str,
    by: By,
) -> Result<(), Error> {
    sqlx::query(
        "insert into enrolment_change (enrolment_id, at_utc_ms, staff_id, kind, from_sitting, to_sitting, reason)
         values ($1, $2, $3, $4, $5, $6, $7)",
    )
    .bind(bytes(enrolment))
    .bind(by.at_utc_ms)
    .bind(bytes(by.staff_id))
    .bind(ChangeKind::Rescheduled.code())
    .bind(bytes(from))
    .bind(bytes(to))
    .bind(reason)
    .execute(tx)
    .await?;
    Ok(())
}

/// A person sits in a sitting once.
async fn check_not_there(tx: &mut SqliteConnection, enrolment: EnrolmentId, sitting: SittingId) -> Result<(), Error> {
    let there = sqlx::query(
        "select 1
         from attempt
         join session on session.attempt_id = attempt.id
         where attempt.enrolment_id = $1 and session.sitting_id = $2",
    )
    .bind(bytes(enrolment))
    .bind(bytes(sitting))
    .fetch_optional(tx)
    .await?;
    if there.is_none() { Ok(()) } else { Err(conflict("attempt_sitting_unique")) }
}

/// Single people may use the seats that are kept free.
async fn check_any_seat_left(tx: &mut SqliteConnection, sitting: SittingId) -> Result<(), Error> {
    let places = places(tx, sitting).await?;
    if places.taken <= places.seats + places.spare { Ok(()) } else { Err(conflict("sitting_capacity")) }
}

/// Gives a session another sitting of the same stage and takes from it what belonged to the old one.
async fn move_session(tx: &mut SqliteConnection, session: SessionId, to: SittingId) -> Result<(), Error> {
    let done = sqlx::query(
        "update session
         set sitting_id = $2, seat_id = null
         where id = $1
             and (select stage_id from sitting where id = $2) = (select stage_id from sitting where id = session.sitting_id)",
    )
    .bind(bytes(session))
    .bind(bytes(to))
    .execute(&mut *tx)
    .await?;
    one_row(&done)?;
    sqlx::query("delete from pin where session_id = $1").bind(bytes(session)).execute(&mut *tx).await?;
    sqlx::query("delete from terminal_token where session_id = $1").bind(bytes(session)).execute(&mut *tx).await?;
    sqlx::query("delete from paper where session_id = $1").bind(bytes(session)).execute(&mut *tx).await?;
    Ok(())
}

// ---- draw and paper ---------------------------------------------------------------------------------------------------------------

impl Store {
    /// Stores a draw and its papers, all or none; earlier papers of these sessions are replaced. Whether that is still allowed (the doors
    /// are closed) the caller knows from the sitting's owner. A session of another sitting is not found.
    pub async fn put_papers(&self, draw: &Draw, papers: &[NewPaper]) -> Result<(), Error> {
        let mut tx = self.write().await?;
        sqlx::query(
            "insert into draw (id, sitting_id, seed, report, at_utc_ms, staff_id)
             values ($1, $2, $3, $4, $5, $6)",
        )
        .bind(bytes(draw.id))
        .bind(bytes(draw.sitting))
        .bind(draw.seed.0.to_vec())
        .bind(&draw.report_json)
        .bind(draw.by.at_utc_ms)
        .bind(bytes(draw.by.staff_id))
        .execute(&mut *tx)
        .await?;
        for paper in papers {
            upsert_paper(&mut tx, draw, paper).await?;
        }
        Ok(tx.commit().await?)
    }

    /// The last draw of a sitting.
    pub async fn draw_of_sitting(&self, sitting: SittingId) -> Result<Option<Draw>, Error> {
        let row = sqlx::query(
            "select id, sitting_id, seed, report, at_utc_ms, staff_id
             from draw
             where sitting_id = $1
             order by at_utc_ms desc, id desc
             limit 1",
        )
        .bind(bytes(sitting))
        .fetch_optional(self.reader())
        .await?;
        row.as_ref().map(draw).transpose()
    }

    /// The drawn paper of a session in its stored form.
    pub async fn paper_of_session(&self, session: SessionId) -> Result<Option<Vec<u8>>, Error> {
        let row = sqlx::query(
            "select body
             from paper
             where session_id = $1",
        )
        .bind(bytes(session))
        .fetch_optional(self.reader())
        .await?;
        Ok(row.map(|row| row.try_get("body")).transpose()?)
    }
}

async fn upsert_paper(tx: &mut SqliteConnection, draw: &Draw, paper: &NewPaper) -> Result<(), Error> {
    let done = sqlx::query(
        "insert into paper (session_id, body, digest, draw_id)
         select session.id, $3, $4, $5
         from session
         where session.id = $1 and session.sitting_id = $2
         on conflict (session_id) do update
         set body = excluded.body, digest = excluded.digest, draw_id = excluded.draw_id",
    )
    .bind(bytes(paper.session))
    .bind(bytes(draw.sitting))
    .bind(&paper.body)
    .bind(paper.digest.0.to_vec())
    .bind(bytes(draw.id))
    .execute(tx)
    .await?;
    one_row(&done)
}

fn draw(row: &SqliteRow) -> Result<Draw, Error> {
    Ok(Draw {
        id: id(row, "id")?,
        sitting: id(row, "sitting_id")?,
        seed: Seed(digest(row, "seed")?.0),
        report_json: row.try_get("report")?,
        by: By { staff_id: id(row, "staff_id")?, at_utc_ms: row.try_get("at_utc_ms")? },
    })
}

// ---- item, key, picture, import ---------------------------------------------------------------------------------------------------

const ITEM: &str = "
    select item.id, item.version, item.code, item.section, item.topic, item.subtopic, item.level, item.difficulty, item.face, item.basis
    from item";

impl Store {
    /// Items of the bank in their latest versions, by section, topic, subtopic and code.
    pub async fn latest_items(&self, filter: &ItemFilter) -> Result<ItemPage, Error> {
        let page_items = filter.page_items.min(PAGE_LINES_MAX);
        let mut tx = self.reader().begin().await?;
        let total = filtered(sqlx::query(sql(["select count(*) as total from item", ITEM_FILTER])), filter).fetch_one(&mut *tx).await?;
        let rows = filtered(
            sqlx::query(sql([
                ITEM,
                ITEM_FILTER,
                "order by item.section, item.topic, item.subtopic, item.code
                 limit $5 offset $6",
            ])),
            filter,
        )
        .bind(i64::from(page_items))
        .bind(i64::from(filter.page) * i64::from(page_items))
        .fetch_all(&mut *tx)
        .await?;
        Ok(ItemPage { total: whole(&total, "total")?, items: rows.iter().map(item).collect::<Result<_, _>>()? })
    }

    /// The bank's table of contents: latest versions counted.
    pub async fn bank_cells(&self) -> Result<Vec<BankCell>, Error> {
        let rows = sqlx::query(
            "select section, topic, subtopic, count(*) as items
             from item
             where latest = 1
             group by section, topic, subtopic
             order by section, topic, subtopic",
        )
        .fetch_all(self.reader())
        .await?;
        rows.iter().map(bank_cell).collect()
    }

    /// What papers can be drawn from: the latest versions of the items of these sections, by item id.
    pub async fn pool(&self, sections: &[&str]) -> Result<Vec<PoolItem>, Error> {
        if sections.is_empty() {
            return Ok(Vec::new());
        }
        let mut query: QueryBuilder<Sqlite> = QueryBuilder::new(
            "select id, version, section, topic, subtopic, level, difficulty, choices, multiple
             from item
             where latest = 1 and section in (",
        );
        let mut wanted = query.separated(", ");
        sections.iter().for_each(|section| {
            wanted.push_bind((*section).to_owned());
        });
        query.push(") order by id");
        let rows = query.build().persistent(false).fetch_all(self.reader()).await?;
        rows.iter().map(pool_item).collect()
    }

    /// The item of a code.
    pub async fn item_id_by_code(&self, code: &str) -> Result<Option<ItemId>, Error> {
        let row = sqlx::query("select id from item where code = $1 and latest = 1").bind(code).fetch_optional(self.reader()).await?;
        row.map(|row| id(&row, "id")).transpose()
    }

    /// These versions of items, in the order asked for. One that is not there is damage: papers name only what was in the bank.
    pub async fn items_of_versions(&self, versions: &[(ItemId, u32)]) -> Result<Vec<Item>, Error> {
        let select = "select id, version, code, section, topic, subtopic, level, difficulty, face, basis from item where (id, version) in ";
        let mut found = HashMap::with_capacity(versions.len());
        for row in self.of_versions(select, versions).await? {
            let item = item(&row)?;
            found.insert((item.id, item.version), item);
        }
        in_order(versions, |version| found.get(version).cloned())
    }

    /// The keys of these versions of items, in the order asked for. For the scorer, and for authors who may see keys.
    pub async fn keys_of_versions(&self, versions: &[(ItemId, u32)]) -> Result<Vec<(ItemId, u32, Key)>, Error> {
        let select = "select item_id, version, sealed from item_key where (item_id, version) in ";
        let mut found = HashMap::with_capacity(versions.len());
        for row in self.of_versions(select, versions).await? {
            let key = Key::open(&SealedKey(row.try_get("sealed")?)).map_err(|_| damaged("sealed"))?;
            found.insert((id(&row, "item_id")?, whole(&row, "version")?), key);
        }
        in_order(versions, |&(item, version)| Some((item, version, found.get(&(item, version))?.clone())))
    }

    /// Rows of a table that is keyed by item and version, in any order; `select` ends before the list.
    async fn of_versions(&self, select: &'static str, versions: &[(ItemId, u32)]) -> Result<Vec<SqliteRow>, Error> {
        let mut rows = Vec::with_capacity(versions.len());
        for versions in versions.chunks(STATEMENT_ROWS_MAX) {
            let mut query: QueryBuilder<Sqlite> = QueryBuilder::new(select);
            query.push("(").push_values(versions, |mut values, &(item, version)| {
                values.push_bind(bytes(item)).push_bind(i64::from(version));
            });
            query.push(")");
            rows.append(&mut query.build().persistent(false).fetch_all(self.reader()).await?);
        }
        Ok(rows)
    }

    /// What accepting these items would do; stores nothing.
    pub async fn compare_import(&self, items: &[(Item, Key)]) -> Result<ImportCounts, Error> {
        let mut connection = self.reader().acquire().await?;
        let mut bank = known_items(&mut connection).await?;
        let mut counts = ImportCounts::default();
        items.iter().for_each(|(item, key)| count_item(&mut counts, compare_item(&mut bank, item, key)));
        Ok(counts)
    }

    /// Takes items with their keys and pictures into the bank, all or none. A known code gets a new version only where face, cell or key
    /// differ from its latest one; the version in the given items means nothing.
    pub async fn accept_import(&self, items: &[(Item, Key)], pictures: &[Picture], at_utc_ms: i64) -> Result<ImportCounts, Error> {
        let mut tx = self.write().await?;
        let mut bank = known_items(&mut tx).await?;
        let mut counts = ImportCounts::default();
        for (item, key) in items {
            let compared = compare_item(&mut bank, item, key);
            count_item(&mut counts, compared);
            match compared {
                Compared::New { version } | Compared::Changed { version } => insert_version(&mut tx, item, key, version, at_utc_ms).await?,
                Compared::Basis => change_basis(&mut tx, item).await?,
                Compared::Same => {}
            }
        }
        for picture in pictures {
            insert_picture(&mut tx, picture).await?;
        }
        tx.commit().await?;
        Ok(counts)
    }

    /// A picture of the bank.
    pub async fn picture(&self, hash: Digest32) -> Result<Picture, Error> {
        let row = sqlx::query(
            "select media_type, bytes
             from picture
             where hash = $1",
        )
        .bind(hash.0.to_vec())
        .fetch_one(self.reader())
        .await?;
        let media_type: &str = row.try_get("media_type")?;
        let known = ["image/png", "image/jpeg", "image/webp", "image/svg+xml"].into_iter().find(|known| *known == media_type);
        Ok(Picture { hash, media_type: known.ok_or_else(|| damaged("media_type"))?, bytes: row.try_get("bytes")? })
    }

    /// Keeps a read import until it is accepted or expires.
    pub async fn put_bank_import(&self, import: &PendingImport) -> Result<(), Error> {
        sqlx::query(
            "insert into bank_import (id, at_utc_ms, staff_id, pending, expires_utc_ms)
             values ($1, $2, $3, $4, $5)",
        )
        .bind(bytes(import.id))
        .bind(import.at_utc_ms)
        .bind(bytes(import.staff_id))
        .bind(&import.pending)
        .bind(import.expires_utc_ms)
        .execute(self.writer())
        .await?;
        Ok(())
    }

    /// A waiting import that has not expired.
    pub async fn bank_import(&self, id: BankImportId, now_utc_ms: i64) -> Result<PendingImport, Error> {
        let row = sqlx::query(
            "select id, at_utc_ms, staff_id, pending, expires_utc_ms
             from bank_import
             where id = $1 and expires_utc_ms > $2",
        )
        .bind(bytes(id))
        .bind(now_utc_ms)
        .fetch_one(self.reader())
        .await?;
        pending_import(&row)
    }

    /// Forgets a waiting import.
    pub async fn remove_bank_import(&self, id: BankImportId) -> Result<(), Error> {
        let done = sqlx::query("delete from bank_import where id = $1").bind(bytes(id)).execute(self.writer()).await?;
        one_row(&done)
    }

    /// Forgets all imports that have expired and says how many.
    pub async fn sweep_bank_imports(&self, now_utc_ms: i64) -> Result<u64, Error> {
        let done = sqlx::query("delete from bank_import where expires_utc_ms <= $1").bind(now_utc_ms).execute(self.writer()).await?;
        Ok(done.rows_affected())
    }
}

const ITEM_FILTER: &str = "where item.latest = 1
    and ($1 = '' or item.section = $1)
    and ($2 = '' or item.topic = $2)
    and ($3 = '' or item.subtopic = $3)
    and (lower(item.code) like $4 escape '\\' or lower(item.face) like $4 escape '\\')";

type Query = sqlx::query::Query<'static, Sqlite, SqliteArguments>;

/// Binds the first four parameters of a query that filters items.
fn filtered(query: Query, filter: &ItemFilter) -> Query {
    query
        .bind(filter.section.clone())
        .bind(filter.topic.clone())
        .bind(filter.subtopic.clone())
        .bind(containing(&filter.find.trim().to_ascii_lowercase()))
}

fn item(row: &SqliteRow) -> Result<Item, Error> {
    Ok(Item {
        id: id(row, "id")?,
        version: whole(row, "version")?,
        code: row.try_get("code")?,
        cell: cell_of_item(row)?,
        face: json(row, "face")?,
        basis: row.try_get("basis")?,
    })
}

fn cell_of_item(row: &SqliteRow) -> Result<CellOfItem, Error> {
    let (level, difficulty): (&str, &str) = (row.try_get("level")?, row.try_get("difficulty")?);
    Ok(CellOfItem {
        section: row.try_get("section")?,
        topic: row.try_get("topic")?,
        subtopic: row.try_get("subtopic")?,
        level: level.parse().map_err(|()| damaged("level"))?,
        difficulty: difficulty.parse().map_err(|()| damaged("difficulty"))?,
    })
}

fn pool_item(row: &SqliteRow) -> Result<PoolItem, Error> {
    let entry =
        Entry { item: id(row, "id")?, version: whole(row, "version")?, choices: whole(row, "choices")?, multiple: truth(row, "multiple")? };
    Ok(PoolItem { entry, cell: cell_of_item(row)? })
}

fn bank_cell(row: &SqliteRow) -> Result<BankCell, Error> {
    Ok(BankCell {
        section: row.try_get("section")?,
        topic: row.try_get("topic")?,
        subtopic: row.try_get("subtopic")?,
        items: whole(row, "items")?,
    })
}

fn pending_import(row: &SqliteRow) -> Result<PendingImport, Error> {
    Ok(PendingImport {
        id: id(row, "id")?,
        at_utc_ms: row.try_get("at_utc_ms")?,
        staff_id: id(row, "staff_id")?,
        pending: row.try_get("pending")?,
        expires_utc_ms: row.try_get("expires_utc_ms")?,
    })
}

fn in_order<T>(versions: &[(ItemId, u32)], find: impl Fn(&(ItemId, u32)) -> Option<T>) -> Result<Vec<T>, Error> {
    let missing = |(item, version): &(ItemId, u32)| Error::Damaged(format!("version {version} of item {item} is not in the bank"));
    versions.iter().map(|version| find(version).ok_or_else(|| missing(version))).collect()
}

/// The latest version of an item as far as an import compares it.
struct KnownItem {
    version: u32,
    cell: CellOfItem,
    face_digest: Digest32,
    sealed: SealedKey,
    basis: String,
}

/// How an imported item stands to the bank.
#[derive(Clone, Copy)]
enum Compared {
    New { version: u32 },
    Changed { version: u32 },
    Basis,
    Same,
}

async fn known_items(connection: &mut SqliteConnection) -> Result<HashMap<ItemId, KnownItem>, Error> {
    let rows = sqlx::query(
        "select item.id, item.version, item.section, item.topic, item.subtopic, item.level, item.difficulty, item.face_digest, item.basis,
             item_key.sealed
         from item
         join item_key on item_key.item_id = item.id and item_key.version = item.version
         where item.latest = 1",
    )
    .fetch_all(connection)
    .await?;
    rows.iter().map(|row| Ok((id(row, "id")?, known_item(row)?))).collect()
}

fn known_item(row: &SqliteRow) -> Result<KnownItem, Error> {
    Ok(KnownItem {
        version: whole(row, "version")?,
        cell: cell_of_item(row)?,
        face_digest: digest(row, "face_digest")?,
        sealed: SealedKey(row.try_get("sealed")?),
        basis: row.try_get("basis")?,
    })
}

/// Compares an item with the bank and enters it there, so that a code that comes twice is compared with itself.
fn compare_item(bank: &mut HashMap<ItemId, KnownItem>, item: &Item, key: &Key) -> Compared {
    let (face_digest, sealed) = (item.face.digest(), key.seal());
    let known = bank.get(&item.id);
    let compared = match known {
        None => Compared::New { version: 1 },
        Some(known) if known.face_digest != face_digest || known.cell != item.cell || known.sealed != sealed => {
            Compared::Changed { version: known.version + 1 }
        }
        Some(known) if known.basis != item.basis => Compared::Basis,
        Some(_) => Compared::Same,
    };
    let version = match compared {
        Compared::New { version } | Compared::Changed { version } => version,
        Compared::Basis | Compared::Same => known.map_or(1, |known| known.version),
    };
    bank.insert(item.id, KnownItem { version, cell: item.cell.clone(), face_digest, sealed, basis: item.basis.clone() });
    compared
}

fn count_item(counts: &mut ImportCounts, compared: Compared) {
    match compared {
        Compared::New { .. } => counts.new += 1,
        Compared::Changed { .. } => counts.changed += 1,
        Compared::Basis | Compared::Same => counts.unchanged += 1,
    }
}

/// Adds a version of an item with its key; it becomes the latest one.
async fn insert_version(tx: &mut SqliteConnection, item: &Item, key: &Key, version: u32, at_utc_ms: i64) -> Result<(), Error> {
    sqlx::query("update item set latest = 0 where id = $1 and latest = 1").bind(bytes(item.id)).execute(&mut *tx).await?;
    sqlx::query(
        "insert into item (id, version, latest, code, section, topic, subtopic, level, difficulty, choices, multiple, face, basis,
             face_digest, created_utc_ms)
         values ($1, $2, 1, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)",
    )
    .bind(bytes(item.id))
    .bind(i64::from(version))
    .bind(&item.code)
    .bind(&item.cell.section)
    .bind(&item.cell.topic)
    .bind(&item.cell.subtopic)
    .bind(item.cell.level.to_string())
    .bind(item.cell.difficulty.to_string())
    .bind(item.face.choices.len() as i64)
    .bind(i64::from(item.face.multiple))
    .bind(face_json(&item.face)?)
    .bind(&item.basis)
    .bind(item.face.digest().0.to_vec())
    .bind(at_utc_ms)
    .execute(&mut *tx)
    .await?;
    sqlx::query(
        "insert into item_key (item_id, version, sealed)
         values ($1, $2, $3)",
    )
    .bind(bytes(item.id))
    .bind(i64::from(version))
    .bind(key.seal().0)
    .execute(&mut *tx)
    .await?;
    Ok(())
}

fn face_json(face: &Face) -> Result<String, Error> {
    serde_json::to_string(face).map_err(|error| Error::Stop(Box::new(error)))
}

async fn change_basis(tx: &mut SqliteConnection, item: &Item) -> Result<(), Error> {
    let done = sqlx::query(
        "update item
         set basis = $2
         where id = $1 and latest = 1",
    )
    .bind(bytes(item.id))
    .bind(&item.basis)
    .execute(tx)
    .await?;
    one_row(&done)
}

async fn insert_picture(tx: &mut SqliteConnection, picture: &Picture) -> Result<(), Error> {
    sqlx::query(
        "insert into picture (hash, media_type, bytes)
         values ($1, $2, $3)
         on conflict (hash) do nothing",
    )
    .bind(picture.hash.0.to_vec())
    .bind(picture.media_type)
    .bind(&picture.bytes)
    .execute(tx)
    .await?;
    Ok(())
}

// ---- staff, grant, browser session ------------------------------------------------------------------------------------------------

const STAFF: &str = "
    select staff.id, staff.login, staff.name, staff.password_hash, staff.disabled, staff.created_utc_ms,
        staff_grant.role, staff_grant.selection_id, staff_grant.hall_id
    from staff
    left join staff_grant on staff_grant.staff_id = staff.id";

impl Store {
    /// Adds a staff member with grants. Conflict: `staff_login_unique`.
    pub async fn add_staff(&self, staff: &NewStaff) -> Result<(), Error> {
        let mut tx = self.write().await?;
        sqlx::query(
            "insert into staff (id, login, name, password_hash, disabled, created_utc_ms)
             values ($1, $2, $3, $4, 0, $5)",
        )
        .bind(bytes(staff.id))
        .bind(&staff.login)
        .bind(&staff.name)
        .bind(&staff.password_hash.0)
        .bind(staff.created_utc_ms)
        .execute(&mut *tx)
        .await?;
        insert_grants(&mut tx, staff.id, &staff.grants).await?;
        Ok(tx.commit().await?)
    }

    /// Changes a staff member. Locking somebody out and another password end all browser sessions.
    pub async fn change_staff(&self, id: StaffId, change: &StaffChange) -> Result<(), Error> {
        let mut tx = self.write().await?;
        let done = sqlx::query(
            "update staff
             set name = coalesce($2, name), disabled = coalesce($3, disabled), password_hash = coalesce($4, password_hash)
             where id = $1",
        )
        .bind(bytes(id))
        .bind(&change.name)
        .bind(change.disabled.map(i64::from))
        .bind(change.password_hash.as_ref().map(|hash| hash.0.as_str()))
        .execute(&mut *tx)
        .await?;
        one_row(&done)?;
        if let Some(grants) = &change.grants {
            sqlx::query("delete from staff_grant where staff_id = $1").bind(bytes(id)).execute(&mut *tx).await?;
            insert_grants(&mut tx, id, grants).await?;
        }
        if change.disabled == Some(true) || change.password_hash.is_some() {
            sqlx::query("delete from staff_session where staff_id = $1").bind(bytes(id)).execute(&mut *tx).await?;
        }
        Ok(tx.commit().await?)
    }

    /// All staff, by login, with their browser sessions that are live now.
    pub async fn staff_all(&self, now_utc_ms: i64) -> Result<Vec<StaffCounted>, Error> {
        let mut tx = self.reader().begin().await?;
        let rows = sqlx::query(sql([STAFF, "order by staff.login, staff_grant.role"])).fetch_all(&mut *tx).await?;
        let counted = sqlx::query(
            "select staff_id, count(*) as sessions
             from staff_session
             where expires_utc_ms > $1
             group by staff_id",
        )
        .bind(now_utc_ms)
        .fetch_all(&mut *tx)
        .await?;
        let live: HashMap<StaffId, u32> =
            counted.iter().map(|row| Ok((id(row, "staff_id")?, whole(row, "sessions")?))).collect::<Result<_, Error>>()?;
        let mut all = Vec::new();
        for rows in rows.chunk_by(|one, next| one.try_get::<&[u8], _>("id").ok() == next.try_get::<&[u8], _>("id").ok()) {
            let staff = staff(rows)?.ok_or(Error::NotFound)?;
            all.push(StaffCounted { sessions: live.get(&staff.id).copied().unwrap_or(0), staff });
        }
        Ok(all)
    }

    /// One staff member.
    pub async fn staff_by_id(&self, id: StaffId) -> Result<Staff, Error> {
        let rows =
            sqlx::query(sql([STAFF, "where staff.id = $1 order by staff_grant.role"])).bind(bytes(id)).fetch_all(self.reader()).await?;
        staff(&rows)?.ok_or(Error::NotFound)
    }

    /// The staff member with this login, with the password's hash.
    pub async fn staff_by_login(&self, login: &str) -> Result<Option<StaffAtDoor>, Error> {
        let rows =
            sqlx::query(sql([STAFF, "where staff.login = $1 order by staff_grant.role"])).bind(login).fetch_all(self.reader()).await?;
        let (Some(first), Some(staff)) = (rows.first(), staff(&rows)?) else { return Ok(None) };
        Ok(Some(StaffAtDoor { staff, password_hash: PasswordHash(first.try_get("password_hash")?) }))
    }

    /// Begins a browser session.
    pub async fn add_staff_session(&self, session: &StaffSession) -> Result<(), Error> {
        sqlx::query(
            "insert into staff_session (token_hash, staff_id, created_utc_ms, last_seen_utc_ms, expires_utc_ms, browser_hash)
             values ($1, $2, $3, $4, $5, $6)",
        )
        .bind(session.token_hash.0.to_vec())
        .bind(bytes(session.staff_id))
        .bind(session.created_utc_ms)
        .bind(session.last_seen_utc_ms)
        .bind(session.expires_utc_ms)
        .bind(session.browser_hash.map(|hash| hash.0.to_vec()))
        .execute(self.writer())
        .await?;
        Ok(())
    }

    /// Who speaks through a browser session that is live now, with grants; nobody who is disabled.
    pub async fn signed_in(&self, token_hash: Digest32, now_utc_ms: i64) -> Result<Option<SignedIn>, Error> {
        let rows = sqlx::query(
            "select staff_session.token_hash, staff_session.created_utc_ms as session_created_utc_ms, staff_session.last_seen_utc_ms,
                 staff_session.expires_utc_ms, staff_session.browser_hash,
                 staff.id, staff.login, staff.name, staff.disabled, staff.created_utc_ms,
                 staff_grant.role, staff_grant.selection_id, staff_grant.hall_id
             from staff_session
             join staff on staff.id = staff_session.staff_id
             left join staff_grant on staff_grant.staff_id = staff.id
             where staff_session.token_hash = $1 and staff_session.expires_utc_ms > $2 and staff.disabled = 0
             order by staff_grant.role",
        )
        .bind(token_hash.0.to_vec())
        .bind(now_utc_ms)
        .fetch_all(self.reader())
        .await?;
        let (Some(first), Some(staff)) = (rows.first(), staff(&rows)?) else { return Ok(None) };
        let session = StaffSession {
            token_hash,
            staff_id: staff.id,
            created_utc_ms: first.try_get("session_created_utc_ms")?,
            last_seen_utc_ms: first.try_get("last_seen_utc_ms")?,
            expires_utc_ms: first.try_get("expires_utc_ms")?,
            browser_hash: maybe_digest(first, "browser_hash")?,
        };
        Ok(Some(SignedIn { session, staff }))
    }

    /// Notes a request of a browser session and until when it may go on.
    pub async fn touch_staff_session(&self, token_hash: Digest32, last_seen_utc_ms: i64, expires_utc_ms: i64) -> Result<(), Error> {
        let done = sqlx::query(
            "update staff_session
             set last_seen_utc_ms = $2, expires_utc_ms = $3
             where token_hash = $1",
        )
        .bind(token_hash.0.to_vec())
        .bind(last_seen_utc_ms)
        .bind(expires_utc_ms)
        .execute(self.writer())
        .await?;
        one_row(&done)
    }

    /// Ends a browser session; one that is over already is fine.
    pub async fn revoke_staff_session(&self, token_hash: Digest32) -> Result<(), Error> {
        sqlx::query("delete from staff_session where token_hash = $1").bind(token_hash.0.to_vec()).execute(self.writer()).await?;
        Ok(())
    }

    /// Ends all browser sessions of a staff member and says how many.
    pub async fn revoke_staff_sessions(&self, staff: StaffId) -> Result<u64, Error> {
        let done = sqlx::query("delete from staff_session where staff_id = $1").bind(bytes(staff)).execute(self.writer()).await?;
        Ok(done.rows_affected())
    }

    /// Live browser sessions of all staff.
    pub async fn count_staff_sessions(&self, now_utc_ms: i64) -> Result<u32, Error> {
        let row = sqlx::query(
            "select count(*) as sessions
             from staff_session
             where expires_utc_ms > $1",
        )
        .bind(now_utc_ms)
        .fetch_one(self.reader())
        .await?;
        whole(&row, "sessions")
    }

    /// Forgets all browser sessions that have expired and says how many.
    pub async fn sweep_staff_sessions(&self, now_utc_ms: i64) -> Result<u64, Error> {
        let done = sqlx::query("delete from staff_session where expires_utc_ms <= $1").bind(now_utc_ms).execute(self.writer()).await?;
        Ok(done.rows_affected())
    }
}

/// A staff member from one row per grant; one without grants has one row without a role.
fn staff(rows: &[SqliteRow]) -> Result<Option<Staff>, Error> {
    let Some(first) = rows.first() else { return Ok(None) };
    let grants = rows.iter().filter_map(|row| grant(row).transpose()).collect::<Result<_, _>>()?;
    Ok(Some(Staff {
        id: id(first, "id")?,
        login: first.try_get("login")?,
        name: first.try_get("name")?,
        disabled: truth(first, "disabled")?,
        created_utc_ms: first.try_get("created_utc_ms")?,
        grants,
    }))
}

fn grant(row: &SqliteRow) -> Result<Option<Grant>, Error> {
    let Some(role) = row.try_get::<Option<&str>, _>("role")? else { return Ok(None) };
    let role = Role::from_code(role).ok_or_else(|| damaged("role"))?;
    Ok(Some(Grant { role, selection_id: maybe_id(row, "selection_id")?, hall_id: maybe_id(row, "hall_id")? }))
}

async fn insert_grants(tx: &mut SqliteConnection, staff: StaffId, grants: &[Grant]) -> Result<(), Error> {
    for grant in grants {
        sqlx::query(
            "insert into staff_grant (staff_id, role, selection_id, hall_id)
             values ($1, $2, $3, $4)",
        )
        .bind(bytes(staff))
        .bind(grant.role.code())
        .bind(grant.selection_id.map(bytes))
        .bind(grant.hall_id.map(bytes))
        .execute(&mut *tx)
        .await?;
    }
    Ok(())
}

// ---- pin and terminal -------------------------------------------------------------------------------------------------------------

impl Store {
    /// Issues a PIN; an older one of the session dies.
    pub async fn pin_put(&self, pin: &Pin) -> Result<(), Error> {
        sqlx::query(
            "insert into pin (session_id, mac, expires_utc_ms, attempts_left, used_utc_ms, seat_id)
             values ($1, $2, $3, $4, null, $5)
             on conflict (session_id) do update
             set mac = excluded.mac, expires_utc_ms = excluded.expires_utc_ms, attempts_left = excluded.attempts_left,
                 used_utc_ms = null, seat_id = excluded.seat_id",
        )
        .bind(bytes(pin.session))
        .bind(pin.mac.to_vec())
        .bind(pin.expires_utc_ms)
        .bind(i64::from(pin.attempts_left))
        .bind(pin.seat_id.map(bytes))
        .execute(self.writer())
        .await?;
        Ok(())
    }

    /// The PINs that a person with this participant number can use now; several where the number occurs in several selections or attempts.
    pub async fn pin_find(&self, participant_no: &str, now_utc_ms: i64) -> Result<Vec<PinFound>, Error> {
        let rows = sqlx::query(
            "select pin.session_id, pin.mac, pin.expires_utc_ms, pin.attempts_left, pin.seat_id, session.sitting_id
             from candidate
             join enrolment on enrolment.candidate_id = candidate.id
             join attempt on attempt.enrolment_id = enrolment.id
             join session on session.attempt_id = attempt.id
             join pin on pin.session_id = session.id
             where candidate.participant_key = $1 and pin.used_utc_ms is null and pin.attempts_left > 0 and pin.expires_utc_ms > $2
             order by pin.expires_utc_ms desc",
        )
        .bind(participant_key(participant_no))
        .bind(now_utc_ms)
        .fetch_all(self.reader())
        .await?;
        rows.iter().map(pin_found).collect()
    }

    /// Counts a wrong guess and says how many more the PIN survives.
    pub async fn pin_miss(&self, session: SessionId) -> Result<u32, Error> {
        let mut tx = self.write().await?;
        let row = sqlx::query(
            "update pin
             set attempts_left = attempts_left - 1
             where session_id = $1 and attempts_left > 0
             returning attempts_left",
        )
        .bind(bytes(session))
        .fetch_optional(&mut *tx)
        .await?;
        tx.commit().await?;
        row.map_or(Ok(0), |row| whole(&row, "attempts_left"))
    }

    /// Spends the PIN that was checked and lets the terminal speak for its session, both or neither. A token of an older
    /// epoch stays, for handing in late evidence. Conflicts: `pin_spent` (used, expired, guessed out or replaced meanwhile),
    /// `terminal_token_epoch_unique` (another terminal of the session signed in at the same time).
    pub async fn pin_spend(&self, pin: &Pin, terminal: &NewTerminal) -> Result<(), Error> {
        let mut tx = self.write().await?;
        let done = sqlx::query(
            "update pin
             set used_utc_ms = $3
             where session_id = $1 and mac = $2 and used_utc_ms is null and attempts_left > 0 and expires_utc_ms > $3",
        )
        .bind(bytes(terminal.session))
        .bind(pin.mac.to_vec())
        .bind(terminal.created_utc_ms)
        .execute(&mut *tx)
        .await?;
        one_row(&done).map_err(|_| conflict("pin_spent"))?;
        sqlx::query(
            "insert into terminal_token (token_hash, session_id, epoch, created_utc_ms)
             values ($1, $2, $3, $4)",
        )
        .bind(terminal.token_hash.0.to_vec())
        .bind(bytes(terminal.session))
        .bind(i64::from(terminal.epoch))
        .bind(terminal.created_utc_ms)
        .execute(&mut *tx)
        .await?;
        Ok(tx.commit().await?)
    }

    /// Withdraws the PIN of a session; none there is fine.
    pub async fn pin_drop(&self, session: SessionId) -> Result<(), Error> {
        sqlx::query("delete from pin where session_id = $1").bind(bytes(session)).execute(self.writer()).await?;
        Ok(())
    }

    /// The session and epoch a terminal signed in for; whether that epoch still speaks, the sitting's owner knows.
    pub async fn terminal_by_token(&self, token_hash: Digest32) -> Result<Option<Terminal>, Error> {
        let row = sqlx::query(
            "select terminal_token.session_id, terminal_token.epoch, session.sitting_id
             from terminal_token
             join session on session.id = terminal_token.session_id
             where terminal_token.token_hash = $1",
        )
        .bind(token_hash.0.to_vec())
        .fetch_optional(self.reader())
        .await?;
        row.as_ref().map(terminal).transpose()
    }

    /// Ends whatever terminals speak or spoke for a session and says how many that were.
    pub async fn revoke_terminals(&self, session: SessionId) -> Result<u64, Error> {
        let done = sqlx::query("delete from terminal_token where session_id = $1").bind(bytes(session)).execute(self.writer()).await?;
        Ok(done.rows_affected())
    }

    /// Forgets the tokens of all sessions of a sitting and says how many.
    pub async fn revoke_terminals_of_sitting(&self, sitting: SittingId) -> Result<u64, Error> {
        let done = sqlx::query(
            "delete from terminal_token
             where session_id in (select id from session where sitting_id = $1)",
        )
        .bind(bytes(sitting))
        .execute(self.writer())
        .await?;
        Ok(done.rows_affected())
    }
}

fn pin_found(row: &SqliteRow) -> Result<PinFound, Error> {
    let pin = Pin {
        session: id(row, "session_id")?,
        mac: digest(row, "mac")?.0,
        expires_utc_ms: row.try_get("expires_utc_ms")?,
        attempts_left: whole(row, "attempts_left")?,
        seat_id: maybe_id(row, "seat_id")?,
    };
    Ok(PinFound { pin, sitting: id(row, "sitting_id")? })
}

fn terminal(row: &SqliteRow) -> Result<Terminal, Error> {
    Ok(Terminal { session: id(row, "session_id")?, sitting: id(row, "sitting_id")?, epoch: whole(row, "epoch")? })
}

// ---- proposal ---------------------------------------------------------------------------------------------------------------------

const PROPOSAL: &str = "
    select proposal.id, proposal.sitting_id, proposal.command, proposal.proposer_id, staff.name as proposer_name, proposal.reason,
        proposal.at_utc_ms, proposal.state, proposal.decided_by, proposal.decided_utc_ms
    from proposal
    join staff on staff.id = proposal.proposer_id";

impl Store {
    /// Adds an act that waits for a second person.
    pub async fn add_proposal(&self, proposal: &NewProposal) -> Result<(), Error> {
        sqlx::query(
            "insert into proposal (id, sitting_id, command, proposer_id, reason, at_utc_ms, state)
             values ($1, $2, $3, $4, $5, $6, 'pending')",
        )
        .bind(bytes(proposal.id))
        .bind(bytes(proposal.sitting))
        .bind(&proposal.command_json)
        .bind(bytes(proposal.proposer_id))
        .bind(&proposal.reason)
        .bind(proposal.at_utc_ms)
        .execute(self.writer())
        .await?;
        Ok(())
    }

    /// The waiting proposals of a sitting, oldest first.
    pub async fn pending_proposals(&self, sitting: SittingId) -> Result<Vec<Proposal>, Error> {
        let rows = sqlx::query(sql([
            PROPOSAL,
            "where proposal.sitting_id = $1 and proposal.state = 'pending' order by proposal.at_utc_ms, proposal.id",
        ]))
        .bind(bytes(sitting))
        .fetch_all(self.reader())
        .await?;
        rows.iter().map(proposal).collect()
    }

    /// One proposal.
    pub async fn proposal_by_id(&self, id: ProposalId) -> Result<Proposal, Error> {
        proposal(&sqlx::query(sql([PROPOSAL, "where proposal.id = $1"])).bind(bytes(id)).fetch_one(self.reader()).await?)
    }

    /// Approves a waiting proposal. Conflicts: `proposal_second_person` (the proposer cannot), `proposal_decided` (somebody was faster).
    pub async fn approve_proposal(&self, id: ProposalId, by: By) -> Result<(), Error> {
        self.decide_proposal(id, ProposalState::Approved, by).await
    }

    /// Rejects a waiting proposal, or takes it back. Conflict: `proposal_decided`.
    pub async fn reject_proposal(&self, id: ProposalId, by: By) -> Result<(), Error> {
        self.decide_proposal(id, ProposalState::Rejected, by).await
    }

    async fn decide_proposal(&self, id: ProposalId, state: ProposalState, by: By) -> Result<(), Error> {
        let done = sqlx::query(
            "update proposal
             set state = $2, decided_by = $3, decided_utc_ms = $4
             where id = $1 and state = 'pending'",
        )
        .bind(bytes(id))
        .bind(state.code())
        .bind(bytes(by.staff_id))
        .bind(by.at_utc_ms)
        .execute(self.writer())
        .await?;
        if done.rows_affected() == 1 {
            return Ok(());
        }
        self.proposal_by_id(id).await?;
        Err(conflict("proposal_decided"))
    }
}

fn proposal(row: &SqliteRow) -> Result<Proposal, Error> {
    let state: &str = row.try_get("state")?;
    Ok(Proposal {
        id: id(row, "id")?,
        sitting: id(row, "sitting_id")?,
        command_json: row.try_get("command")?,
        proposer_id: id(row, "proposer_id")?,
        proposer_name: row.try_get("proposer_name")?,
        reason: row.try_get("reason")?,
        at_utc_ms: row.try_get("at_utc_ms")?,
        state: ProposalState::from_code(state).ok_or_else(|| damaged("state"))?,
        decided_by: maybe_id(row, "decided_by")?,
        decided_utc_ms: row.try_get("decided_utc_ms")?,
    })
}

// ---- installation -----------------------------------------------------------------------------------------------------------------

impl Store {
    /// A value of the installation, e.g. the server's secret.
    pub async fn installation_get(&self, key: &str) -> Result<Option<Vec<u8>>, Error> {
        let row = sqlx::query(
            "select value
             from installation
             where key = $1",
        )
        .bind(key)
        .fetch_optional(self.reader())
        .await?;
        Ok(row.map(|row| row.try_get("value")).transpose()?)
    }

    /// Puts a value of the installation, replacing an earlier one.
    pub async fn installation_put(&self, key: &str, value: &[u8]) -> Result<(), Error> {
        sqlx::query(
            "insert into installation (key, value)
             values ($1, $2)
             on conflict (key) do update
             set value = excluded.value",
        )
        .bind(key)
        .bind(value.to_vec())
        .execute(self.writer())
        .await?;
        Ok(())
    }

    /// The value of the installation, which is `value` if there was none: what two starting at once agree on.
    pub async fn installation_get_or_put(&self, key: &str, value: &[u8]) -> Result<Vec<u8>, Error> {
        let mut tx = self.write().await?;
        let row = sqlx::query(
            "insert into installation (key, value)
             values ($1, $2)
             on conflict (key) do update
             set value = installation.value
             returning value",
        )
        .bind(key)
        .bind(value.to_vec())
        .fetch_one(&mut *tx)
        .await?;
        tx.commit().await?;
        Ok(row.try_get("value")?)
    }
}

// ---- rows and binds ---------------------------------------------------------------------------------------------------------------

/// A query whose beginning others of its noun share. All parts are text of this file.
fn sql<const PARTS: usize>(parts: [&'static str; PARTS]) -> AssertSqlSafe<String> {
    AssertSqlSafe(parts.join("\n"))
}

fn bytes<Kind>(id: Id<Kind>) -> Vec<u8> {
    id.as_bytes().to_vec()
}

/// A `like` pattern for what contains this text, with `\` as the escape.
fn containing(text: &str) -> String {
    let mut pattern = String::from("%");
    for char in text.chars() {
        if matches!(char, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(char);
    }
    pattern.push('%');
    pattern
}

/// Exactly one row was written; otherwise what the statement refers to is not there.
fn one_row(done: &SqliteQueryResult) -> Result<(), Error> {
    rows(done, 1)
}

/// Exactly so many rows were written; otherwise something the statement refers to is not there.
fn rows(done: &SqliteQueryResult, wanted: usize) -> Result<(), Error> {
    if done.rows_affected() == wanted as u64 { Ok(()) } else { Err(Error::NotFound) }
}

/// A deletion that other rows may stand against.
fn in_use(done: Result<SqliteQueryResult, sqlx::Error>, constraint: &'static str) -> Result<SqliteQueryResult, Error> {
    done.map_err(|error| match Error::from(error) {
        Error::NotFound => conflict(constraint),
        error => error,
    })
}

fn removed(done: Result<SqliteQueryResult, sqlx::Error>, constraint: &'static str) -> Result<(), Error> {
    one_row(&in_use(done, constraint)?)
}

fn damaged(column: &str) -> Error {
    Error::Damaged(format!("column {column}"))
}

fn id<Kind>(row: &SqliteRow, column: &'static str) -> Result<Id<Kind>, Error> {
    maybe_id(row, column)?.ok_or_else(|| damaged(column))
}

fn maybe_id<Kind>(row: &SqliteRow, column: &'static str) -> Result<Option<Id<Kind>>, Error> {
    let stored: Option<&[u8]> = row.try_get(column)?;
    stored.map(|stored| Id::from_slice(stored).ok_or_else(|| damaged(column))).transpose()
}

fn digest(row: &SqliteRow, column: &'static str) -> Result<Digest32, Error> {
    Digest32::from_slice(row.try_get(column)?).ok_or_else(|| damaged(column))
}

fn maybe_digest(row: &SqliteRow, column: &'static str) -> Result<Option<Digest32>, Error> {
    let stored: Option<&[u8]> = row.try_get(column)?;
    stored.map(|stored| Digest32::from_slice(stored).ok_or_else(|| damaged(column))).transpose()
}

/// A whole number of the size its meaning has.
fn whole<N: TryFrom<i64>>(row: &SqliteRow, column: &'static str) -> Result<N, Error> {
    N::try_from(row.try_get(column)?).map_err(|_| damaged(column))
}

fn truth(row: &SqliteRow, column: &'static str) -> Result<bool, Error> {
    Ok(row.try_get::<i64, _>(column)? != 0)
}

fn json<T: serde::de::DeserializeOwned>(row: &SqliteRow, column: &'static str) -> Result<T, Error> {
    serde_json::from_str(row.try_get(column)?).map_err(|_| damaged(column))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::UNIQUE;
    use tempfile::TempDir;

    /// Rows that a database had at each number; a migration must bring them along.
    const SAMPLES: [(i64, &str); 2] = [
        (1, include_str!("../../../migrations/sqlite/sample/0001.sql")),
        (
            2,
            concat!(include_str!("../../../migrations/sqlite/sample/0001.sql"), include_str!("../../../migrations/sqlite/sample/0002.sql")),
        ),
    ];

    async fn empty(dir: &TempDir, name: &str) -> SqliteConnection {
        connect_options(&dir.path().join(name)).create_if_missing(true).connect().await.expect("a database")
    }

    async fn schema(connection: &mut SqliteConnection) -> Vec<String> {
        let rows = sqlx::query("select coalesce(sql, name) from sqlite_schema order by type, name").fetch_all(connection).await;
        rows.expect("a schema").iter().map(|row| row.get(0)).collect()
    }

    #[tokio::test]
    async fn every_migration_applies_to_an_empty_database_and_to_one_of_every_number_before() {
        let dir = TempDir::new().expect("a directory");
        std::fs::create_dir(dir.path().join("new")).expect("a directory");
        let mut new = empty(&dir, "new").await;
        migrations().run(&mut new).await.expect("all migrations");
        let newest = schema(&mut new).await;
        assert_eq!(SAMPLES.len(), migrations().iter().count(), "a migration brings sample rows");
        for (number, sample) in SAMPLES {
            let name = number.to_string();
            std::fs::create_dir(dir.path().join(&name)).expect("a directory");
            let mut old = empty(&dir, &name).await;
            migrations().run_to(number, &mut old).await.expect("migrations up to this one");
            sqlx::raw_sql(sample).execute(&mut old).await.expect("sample rows");
            migrations().run(&mut old).await.expect("the rest");
            assert_eq!(schema(&mut old).await, newest, "from {number}");
            let broken = sqlx::query("pragma foreign_key_check").fetch_all(&mut old).await.expect("a check");
            assert!(broken.is_empty(), "from {number}");
            for row in sqlx::query("select body from blueprint").fetch_all(&mut old).await.expect("rows") {
                json::<Blueprint>(&row, "body").unwrap_or_else(|error| panic!("a blueprint from {number}: {error}"));
            }
        }
    }

    #[tokio::test]
    async fn a_database_that_is_not_durable_is_refused() {
        let dir = TempDir::new().expect("a directory");
        let check = async |options: SqliteConnectOptions, refused: &str| {
            let outcome = Store::open_with(options).await.map(|_| ());
            assert!(matches!(&outcome, Err(Error::NotDurable { setting, .. }) if *setting == refused), "{refused}: {outcome:?}");
        };
        let options = connect_options(dir.path());
        check(options.clone().synchronous(SqliteSynchronous::Normal), "synchronous").await;
        check(options.clone().synchronous(SqliteSynchronous::Off), "synchronous").await;
        check(options.clone().journal_mode(SqliteJournalMode::Delete), "journal_mode").await;
        check(options.clone().in_memory(true), "journal_mode").await;
        check(options.clone().foreign_keys(false), "foreign_keys").await;
        assert!(Store::open_with(options).await.is_ok());
    }

    #[tokio::test]
    async fn readers_cannot_write() {
        let dir = TempDir::new().expect("a directory");
        let store = Store::open(dir.path()).await.expect("a store");
        let outcome = sqlx::query("delete from installation").execute(store.reader()).await;
        assert!(outcome.is_err_and(|error| error.to_string().contains("readonly")));
    }

    #[tokio::test]
    async fn while_another_process_writes_a_write_waits_and_is_refused_as_busy_and_reads_go_on() {
        let dir = TempDir::new().expect("a directory");
        let store = Store::open_with(connect_options(dir.path()).busy_timeout(Duration::from_millis(1))).await.expect("a store");
        let mut other = empty(&dir, "").await;
        let other = other.begin_with("begin immediate").await.expect("the write lock");
        let busy = |outcome: Result<(), Error>| assert!(matches!(outcome, Err(Error::Retry("the database is busy"))), "{outcome:?}");
        busy(store.installation_put("k", b"v").await);
        busy(store.installation_get_or_put("k", b"v").await.map(|_| ()));
        assert_eq!(store.installation_get("k").await.expect("a read"), None);
        other.rollback().await.expect("a rollback");
        store.installation_put("k", b"v").await.expect("the same call works later");
    }

    /// `max_page_count` makes a disk of a known size.
    #[tokio::test]
    async fn a_full_disk_is_refused_politely_and_ends_when_there_is_space() {
        let dir = TempDir::new().expect("a directory");
        Store::open(dir.path()).await.expect("a store").close().await;
        let store = Store::open_with(connect_options(dir.path()).pragma("max_page_count", "1")).await.expect("a store");
        let large = vec![0; 1 << 20];
        let full = |outcome: Result<(), Error>| assert!(matches!(outcome, Err(Error::Retry("the disk is full"))), "{outcome:?}");
        full(store.installation_put("k", &large).await);
        for _ in 0..2 {
            let mut tx = store.write().await.expect("a transaction");
            let insert = sqlx::query("insert into installation (key, value) values ('k', $1)").bind(&large);
            full(insert.execute(&mut *tx).await.map(|_| ()).map_err(Error::from));
        }
        sqlx::query("pragma max_page_count = 100000").fetch_all(store.writer()).await.expect("space");
        store.installation_put("k", &large).await.expect("the same call works later");
    }

    /// Every unique constraint is translated: SQLite names only its columns.
    #[tokio::test]
    async fn every_unique_constraint_has_its_name() {
        let dir = TempDir::new().expect("a directory");
        let store = Store::open(dir.path()).await.expect("a store");
        let rows = sqlx::query(
            "select sqlite_schema.name as table_name, indexes.name as index_name,
                 (select group_concat(sqlite_schema.name || '.' || columns.name, ', ')
                 from pragma_index_info(indexes.name) as columns) as columns
             from sqlite_schema
             join pragma_index_list(sqlite_schema.name) as indexes
             where sqlite_schema.type = 'table' and sqlite_schema.name not like '\\_%' escape '\\' and indexes.\"unique\" = 1",
        )
        .fetch_all(store.reader())
        .await
        .expect("indexes");
        let schema =
            [include_str!("../../../migrations/sqlite/0001_setup.sql"), include_str!("../../../migrations/sqlite/0002_results.sql")];
        assert!(rows.len() > 30);
        for row in &rows {
            let columns: &str = row.get("columns");
            let name = UNIQUE.iter().find(|(known, _)| *known == columns).map(|(_, name)| *name);
            // Of two unique indexes over the same columns SQLite's message tells only the columns; there are none.
            let name = name.unwrap_or_else(|| panic!("no name for {columns}"));
            assert!(schema.concat().contains(name), "{name} is not in the migrations");
        }
    }
}
