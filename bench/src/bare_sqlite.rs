//! SQLite without the product: a table of two columns, multi-row statements, one transaction a batch, WAL with FULL. What a journal on SQLite
//! could at best be: through rusqlite, as the journal uses it, and through sqlx, as the rest of the store does.

use crate::disk::{BATCHES, RECORD_BYTES};
use crate::figures::{Figures, Spread};
use anyhow::Result;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection, SqliteJournalMode, SqliteSynchronous};
use sqlx::{AssertSqlSafe, ConnectOptions, Connection};
use std::path::Path;
use std::time::{Duration, Instant};

/// Rows of one statement.
const STATEMENT_ROWS_MAX: usize = 200;
/// The log is folded into the file this often, from another connection, as the journal does it.
const CHECKPOINT_EVERY: Duration = Duration::from_secs(2);
const TABLE: &str = "create table row (id integer primary key, body blob not null) strict";

/// Measures both clients at every batch size.
pub fn measure(dir: &Path, each: Duration, figures: &mut Figures) -> Result<()> {
    for batch in BATCHES {
        let (rate, spread) = sqlx_rows(dir, batch, RECORD_BYTES, each)?;
        let note =
            format!("sqlx, batches of {batch} rows of {RECORD_BYTES} bytes; p50 {:.0} us, p99 {:.0} us", spread.us(0.5), spread.us(0.99));
        figures.noted(&format!("sqlite_rows_per_s_{batch}"), rate, "1/s", &note);
    }
    for batch in BATCHES {
        let (rate, spread) = rusqlite_rows(dir, batch, RECORD_BYTES, each)?;
        let note = format!("rusqlite, the same; p50 {:.0} us, p99 {:.0} us", spread.us(0.5), spread.us(0.99));
        figures.noted(&format!("rusqlite_rows_per_s_{batch}"), rate, "1/s", &note);
    }
    Ok(())
}

/// Rows per second through sqlx, and how long a transaction takes.
pub fn sqlx_rows(dir: &Path, batch: usize, row_bytes: usize, each: Duration) -> Result<(f64, Spread)> {
    let dir = tempfile::tempdir_in(dir)?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let mut connection = connect(dir.path()).await?;
        sqlx::raw_sql(TABLE).execute(&mut connection).await?;
        let folding = tokio::spawn(fold(connect(dir.path()).await?));
        let body = vec![7_u8; row_bytes];
        let statements: Vec<(usize, String)> = chunks(batch).map(|rows| (rows, insert(rows))).collect();
        let (mut spread, mut rows_done) = (Spread::default(), 0);
        let began = Instant::now();
        while began.elapsed() < each {
            let at = Instant::now();
            // One statement is its own transaction.
            let whole = statements.len() > 1;
            if whole {
                sqlx::raw_sql("begin immediate").execute(&mut connection).await?;
            }
            for (rows, statement) in &statements {
                let mut query = sqlx::query(AssertSqlSafe(statement.as_str()));
                for _ in 0..*rows {
                    query = query.bind(body.as_slice());
                }
                query.execute(&mut connection).await?;
            }
            if whole {
                sqlx::raw_sql("commit").execute(&mut connection).await?;
            }
            spread.record(at.elapsed());
            rows_done += batch;
        }
        let rate = rows_done as f64 / began.elapsed().as_secs_f64();
        folding.abort();
        connection.close().await?;
        Ok((rate, spread))
    })
}

/// The same through rusqlite, which calls SQLite on this thread.
pub fn rusqlite_rows(dir: &Path, batch: usize, row_bytes: usize, each: Duration) -> Result<(f64, Spread)> {
    let dir = tempfile::tempdir_in(dir)?;
    let open = || -> Result<rusqlite::Connection> {
        let connection = rusqlite::Connection::open(dir.path().join("bare.db"))?;
        connection.execute_batch("pragma journal_mode = wal; pragma synchronous = full; pragma wal_autocheckpoint = 0")?;
        Ok(connection)
    };
    let mut connection = open()?;
    connection.execute_batch(TABLE)?;
    let folding = open()?;
    let body = vec![7_u8; row_bytes];
    let statements: Vec<(usize, String)> = chunks(batch).map(|rows| (rows, insert(rows))).collect();
    let (stop, stopped) = std::sync::mpsc::channel::<()>();
    let folder = std::thread::spawn(move || {
        while stopped.recv_timeout(CHECKPOINT_EVERY) == Err(std::sync::mpsc::RecvTimeoutError::Timeout) {
            // Passive: it waits for nobody, and what it could not fold it folds next time.
            let _ = folding.query_row("pragma wal_checkpoint(passive)", [], |_| Ok(()));
        }
    });
    let (mut spread, mut rows_done) = (Spread::default(), 0);
    let began = Instant::now();
    while began.elapsed() < each {
        let at = Instant::now();
        let tx = connection.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
        for (rows, statement) in &statements {
            tx.prepare_cached(statement)?.execute(rusqlite::params_from_iter(std::iter::repeat_n(&body, *rows)))?;
        }
        tx.commit()?;
        spread.record(at.elapsed());
        rows_done += batch;
    }
    let rate = rows_done as f64 / began.elapsed().as_secs_f64();
    drop(stop);
    let _ = folder.join();
    Ok((rate, spread))
}

async fn connect(dir: &Path) -> Result<SqliteConnection, sqlx::Error> {
    SqliteConnectOptions::new()
        .filename(dir.join("bare.db"))
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .busy_timeout(Duration::from_secs(5))
        .pragma("wal_autocheckpoint", "0")
        .disable_statement_logging()
        .connect()
        .await
}

async fn fold(mut connection: SqliteConnection) {
    loop {
        tokio::time::sleep(CHECKPOINT_EVERY).await;
        let _ = sqlx::query("pragma wal_checkpoint(passive)").execute(&mut connection).await;
    }
}

/// A batch as rows of statements.
fn chunks(batch: usize) -> impl Iterator<Item = usize> {
    (0..batch).step_by(STATEMENT_ROWS_MAX).map(move |first| STATEMENT_ROWS_MAX.min(batch - first))
}

fn insert(rows: usize) -> String {
    format!("insert into row (body) values {}", vec!["(?)"; rows].join(", "))
}
