//! `SqliteConnection`: statements run where the caller is, as long as they are short.
//!
//! A statement is stepped on the caller's thread for a slice of a millisecond. Between two rows it
//! then gives the thread back for a moment, and after a few slices it moves to tokio's blocking pool
//! for the rest. Where a single step takes longer than a slice (a sort, an aggregate, a scan), the
//! statement is stopped and begins again in the blocking pool; what took long begins there the next
//! time. A statement that writes within a transaction cannot be stopped without losing the
//! transaction: if it may change any number of rows, it runs in the blocking pool from the start.
//!
//! Many short statements in a row give the thread back now and then, too.
//!
//! When another process has the database, the caller waits on a timer, not on a thread. When the
//! caller's future is dropped, the statement is stopped, wherever it runs.

mod insert;
mod rows;
mod run;
mod script;

use super::bind::bind_all;
use super::checkpoint::Checkpointer;
use super::error::SqliteError;
use super::raw::{Cell, Raw, Step};
use super::watch::Watch;
use crate::exec::outcome::{Done, Failure};
use crate::exec::sink::{Portions, Sink};
use crate::exec::{RowReader, Statement, Work};
use rows::{Ignore, Rows, Turn};
use run::{Run, Waiting};
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::oneshot;

/// So many values are bound and inserted within a slice.
const SHORT: usize = 4000;

/// What is boxed as a `dyn Future` by a plain function is compiled here, once, and not anew in each crate
/// that runs queries.
type Boxed<'a, T> = Pin<Box<dyn Future<Output = Result<T, Failure>> + Send + 'a>>;

/// A connection to a SQLite database.
pub(crate) struct SqliteConnection {
    raw: Place,
    watch: Arc<Watch>,
    busy_timeout: Duration,
    /// a commit waits for the disk: the journal is not a write-ahead log
    syncs: bool,
    checkpointer: Option<Arc<Checkpointer>>,
}

/// Where the handle is.
enum Place {
    Here(Box<Raw>),
    /// on a thread of the blocking pool, which sends it back
    Away(oneshot::Receiver<Box<Raw>>),
    Lost,
}

impl SqliteConnection {
    /// Takes over a connection that sqlx opened and configured.
    pub(super) async fn new(
        connection: sqlx::SqliteConnection,
        statements: usize,
        busy_timeout: Duration,
        slice: Duration,
        checkpointer: Option<Arc<Checkpointer>>,
    ) -> Result<Self, sqlx::Error> {
        let watch = Arc::new(Watch::new(slice));
        let mut raw = Raw::adopt(connection, Arc::clone(&watch), statements).await?;
        let syncs = !matches!(journal_mode(&mut raw)?.as_str(), "wal" | "memory" | "off");
        Ok(SqliteConnection {
            raw: Place::Here(Box::new(raw)),
            watch,
            busy_timeout,
            syncs,
            checkpointer,
        })
    }

    /// All rows.
    pub(crate) async fn fetch<R: RowReader>(
        &mut self,
        statement: &Statement,
        reader: R,
    ) -> Result<Vec<R::Out>, Failure> {
        let mut rows = Rows::new(statement, reader, usize::MAX);
        let mut run = match self.try_start(statement)? {
            Some(away) => Run::new(self, &statement.sql, away),
            None => self.boxed_start(statement).await?,
        };
        // Most statements end here: what it takes to wait is not even set up for them.
        let first = run.turn_here(&mut rows)?;
        if !matches!(first, Some(Turn::Done)) {
            (rows, _) = Box::pin(run.turn(rows, first)).await?;
        }
        if run.owes() {
            run.connection.give_way().await;
        }
        Ok(rows.out)
    }

    /// The rows in portions, until nobody takes them.
    ///
    /// The first portion comes from the caller's thread, the others from the blocking pool, where
    /// one thread reads on as fast as they are taken.
    pub(crate) async fn portions<R: RowReader>(
        &mut self,
        statement: &Statement,
        reader: R,
        sink: &mut Sink<R::Out>,
    ) -> Result<Portions, Failure> {
        let rows = Rows::new(statement, reader, sink.size);
        let mut run = self.start(statement).await?;
        let (mut rows, turn) = run.turn(rows, None).await?;
        let portion = std::mem::take(&mut rows.out);
        let first = portion.len() as u64;
        let mut read = Portions {
            rows: first,
            complete: matches!(turn, Turn::Done),
        };
        if (first > 0 && !sink.send(portion).await) || read.complete {
            return Ok(read);
        }
        let watch = Arc::clone(&run.connection.watch);
        watch.allow_all_time();
        let mut thread_sink = sink.on_thread();
        let (result, left) = run
            .elsewhere(move |raw| {
                let result = rows.all_turns(raw, &watch, &mut thread_sink);
                (result, thread_sink.left)
            })
            .await?;
        sink.left.extend(left);
        let (more, complete) = result?;
        read.rows += more;
        read.complete = complete;
        Ok(read)
    }

    /// Runs a statement whose rows nobody wants.
    pub(crate) async fn execute(&mut self, statement: &Statement) -> Result<Done, Failure> {
        let before = self.here().await?.total_changes();
        if let Some((done, owes)) = self.execute_now(statement, before)? {
            if owes {
                self.give_way().await;
            }
            return Ok(done);
        }
        self.fetch(statement, Ignore).await?;
        Ok(done(self.here().await?, before))
    }

    /// Runs statements of our own (`BEGIN`, `COMMIT`, savepoints), each short and kept prepared.
    pub(crate) async fn control(&mut self, sql: &str) -> Result<(), Failure> {
        for sql in sql.split("; ") {
            let statement = Statement {
                sql: sql.into(),
                args: Vec::new(),
                columns: [].into(),
                work: Work::WriteKnown,
            };
            let syncs = self.syncs && sql == "COMMIT";
            let mut run = self.start(&statement).await?;
            run.connection.watch.begin(false);
            run.away = syncs;
            run.turn(Rows::new(&statement, Ignore, usize::MAX), None).await?;
        }
        Ok(())
    }

    /// Gives the thread back for a moment, for what statement after statement owes.
    async fn give_way(&mut self) {
        self.watch.begin_slice();
        tokio::task::yield_now().await;
    }

    /// Whether a transaction is open: an interrupted statement may have ended it.
    pub(crate) async fn in_transaction(&mut self) -> Result<bool, Failure> {
        Ok(self.here().await?.in_transaction())
    }

    /// Closes it in order.
    pub(crate) async fn close(mut self) -> Result<(), sqlx::Error> {
        match std::mem::replace(&mut self.raw, Place::Lost) {
            Place::Here(raw) => raw.close().await,
            Place::Away(coming) => match coming.await {
                Ok(raw) => raw.close().await,
                Err(_) => Ok(()),
            },
            Place::Lost => Ok(()),
        }
    }

    /// Ends what a dropped future left behind.
    pub(crate) fn settle(&mut self) {
        match &mut self.raw {
            Place::Here(raw) => raw.stop(),
            Place::Away(_) => self.watch.cancel(),
            Place::Lost => {}
        }
    }

    /// The handle, once no other thread has it.
    async fn here(&mut self) -> Result<&mut Raw, Failure> {
        if let Place::Away(coming) = &mut self.raw {
            let came = coming.await;
            self.raw = came.map_or(Place::Lost, Place::Here);
        }
        match &mut self.raw {
            Place::Here(raw) => Ok(raw),
            _ => Err(Failure::Driver(sqlx::Error::WorkerCrashed)),
        }
    }

    fn boxed_start<'c>(&'c mut self, statement: &'c Statement) -> Boxed<'c, Run<'c>> {
        Box::pin(self.start(statement))
    }

    /// Prepares a statement and binds its arguments.
    async fn start<'c>(&'c mut self, statement: &'c Statement) -> Result<Run<'c>, Failure> {
        let mut waiting = Waiting::default();
        loop {
            self.here().await?;
            if let Some(away) = self.try_start(statement)? {
                return Ok(Run::new(self, &statement.sql, away));
            }
            if !waiting.wait(self.busy_timeout).await {
                return Err(SqliteError::busy().into());
            }
        }
    }

    /// The same without waiting: whether the statement is to run in the blocking pool. `None` where
    /// another thread has the handle, or another process the database.
    fn try_start(&mut self, statement: &Statement) -> Result<Option<bool>, Failure> {
        let Place::Here(raw) = &mut self.raw else {
            return Ok(None);
        };
        let started = match raw.start(&statement.sql) {
            Ok(started) => started,
            Err(error) if error.is_busy() => return Ok(None),
            Err(error) => return Err(error.into()),
        };
        raw.bind(|arguments| bind_all(statement.args.iter(), arguments))?;
        let alone = started.reads || !raw.in_transaction();
        self.watch.begin(alone);
        let long = statement.work == Work::WriteAny || statement.args.len() > SHORT;
        let syncs = self.syncs && !started.reads;
        Ok(Some(started.slow || (long && !alone) || syncs))
    }
}

impl Drop for SqliteConnection {
    fn drop(&mut self) {
        self.settle();
    }
}

fn journal_mode(raw: &mut Raw) -> Result<String, SqliteError> {
    raw.start_first("PRAGMA journal_mode")?;
    let mut mode = String::new();
    if let Step::Row = raw.step()?
        && let Some(mut row) = raw.row()
        && let Some(Cell::Text(text)) = row.cell(0)
    {
        mode = String::from_utf8_lossy(text).into_owned();
    }
    raw.stop();
    Ok(mode)
}

/// What statements did, after so many changes.
fn done(raw: &mut Raw, before: i64) -> Done {
    let changed = raw.total_changes() != before;
    let affected = if changed { raw.changes().unsigned_abs() } else { 0 };
    let last_id = if affected > 0 {
        raw.last_insert_id().unsigned_abs()
    } else {
        0
    };
    Done { affected, last_id }
}
