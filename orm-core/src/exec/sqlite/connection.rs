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

use super::bind::bind_all;
use super::cells::Cells;
use super::checkpoint::Checkpointer;
use super::error::SqliteError;
use super::raw::{Cell, Raw, Step};
use super::watch::Watch;
use crate::exec::outcome::{Done, Failure};
use crate::exec::sink::{Portions, Sink, ThreadSink};
use crate::exec::{NumberedRows, RowReader, Source, Statement, Work};
use crate::meta::ColumnType;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::oneshot;

/// So many slices on the caller's thread, then the statement moves away.
const SLICES: u32 = 4;
/// Between so many rows the clock is looked at.
const ROWS_PER_LOOK: usize = 64;
/// What so many rows take, in microseconds or so.
const LOOK: u32 = 10;
/// So many values are bound and inserted within a slice.
const SHORT: usize = 4000;
/// How long to wait for another process: more and more, as SQLite's own busy handler does.
const PAUSES: [u64; 9] = [1, 2, 5, 10, 15, 20, 25, 50, 100];

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

/// What a turn on the caller's thread came to.
enum Turn {
    /// there are no more rows
    Done,
    /// as many rows were read as were asked for
    Full,
    /// the slice is over
    Pause,
    /// the slice is over within a step: the statement begins again
    Restart,
    /// another process has the database: the statement begins again
    Busy,
}

/// Rows on their way into a vector.
struct Rows<R: RowReader> {
    reader: R,
    columns: Arc<[ColumnType]>,
    out: Vec<R::Out>,
    /// give the thread back after so many
    at_most: usize,
}

impl<R: RowReader> Rows<R> {
    fn new(statement: &Statement, reader: R, at_most: usize) -> Self {
        Rows {
            reader,
            columns: Arc::clone(&statement.columns),
            out: Vec::new(),
            at_most,
        }
    }

    /// Reads rows until one of the reasons to stop; only with a hurry the clock is one.
    fn turn(&mut self, raw: &mut Raw, watch: &Watch, hurry: bool) -> Result<Turn, Failure> {
        loop {
            match raw.step().map_err(failed)? {
                Step::Row => {}
                Step::Done => return Ok(Turn::Done),
                Step::Busy => return Ok(Turn::Busy),
                Step::OutOfTime => return Ok(Turn::Restart),
            }
            let Some(row) = raw.row() else { return Ok(Turn::Done) };
            let columns = &self.columns;
            self.out
                .push(self.reader.read(&mut Cells { row, columns }).map_err(Failure::Row)?);
            if self.out.len() >= self.at_most {
                return Ok(Turn::Full);
            }
            if hurry && self.out.len().is_multiple_of(ROWS_PER_LOOK) {
                watch.owe(LOOK);
                if watch.slice_is_over() {
                    return Ok(Turn::Pause);
                }
            }
        }
    }
}

impl<R: RowReader> Rows<R> {
    /// Reads all rows that are left, in portions: how many, and whether those were all.
    fn all_turns(
        &mut self,
        raw: &mut Raw,
        watch: &Watch,
        sink: &mut ThreadSink<R::Out>,
    ) -> Result<(u64, bool), Failure> {
        let mut read = 0;
        loop {
            let turn = self.turn(raw, watch, false)?;
            let portion = std::mem::take(&mut self.out);
            read += portion.len() as u64;
            let wanted = portion.is_empty() || sink.send(portion);
            match turn {
                Turn::Full if wanted => {}
                Turn::Done => return Ok((read, true)),
                _ => return Ok((read, false)),
            }
        }
    }
}

/// Reads nothing.
struct Ignore;

impl RowReader for Ignore {
    type Out = ();

    fn read<S: Source>(&mut self, _: &mut S) -> crate::error::Result<()> {
        Ok(())
    }
}

fn failed(error: SqliteError) -> Failure {
    Failure::Driver(error.into())
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
            None => Box::pin(self.start(statement)).await?,
        };
        // Most statements end here: what it takes to wait is not even set up for them.
        let first = run.turn_here(&mut rows)?;
        if !matches!(first, Some(Turn::Done)) {
            (rows, _) = Box::pin(run.turn(rows, first)).await?;
        }
        if run.owes() {
            run.pay().await;
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
        self.fetch(statement, Ignore).await?;
        Ok(done(self.here().await?, before))
    }

    /// The same for a statement without rows, where nothing is to be waited for; and whether the
    /// thread is to be given back for a moment then. `None`: nothing was done.
    pub(crate) fn execute_now(&mut self, statement: &Statement) -> Result<Option<(Done, bool)>, Failure> {
        if !statement.columns.is_empty() || statement.args.len() > SHORT {
            return Ok(None);
        }
        let Place::Here(raw) = &mut self.raw else {
            return Ok(None);
        };
        let before = raw.total_changes();
        if self.try_start(statement)? != Some(false) {
            self.settle();
            return Ok(None);
        }
        let run = Run::new(self, &statement.sql, false);
        let Place::Here(raw) = &mut run.connection.raw else {
            return Ok(None);
        };
        loop {
            match raw.step().map_err(failed)? {
                Step::Row => {}
                Step::Done => break,
                Step::Busy | Step::OutOfTime => return Ok(None),
            }
        }
        let done = done(raw, before);
        let owes = run.owes();
        if owes {
            run.connection.watch.begin_slice();
        }
        Ok(Some((done, owes)))
    }

    /// Whether it can tell the keys of new rows while it inserts them.
    pub(crate) async fn tells_numbers(&mut self, rows: &NumberedRows<'_>) -> Result<bool, Failure> {
        Ok(self.here().await?.numbers_are_keys(rows.table, rows.key))
    }

    /// Runs an INSERT of some rows whose key SQLite numbers, and gives the keys in their order.
    ///
    /// `None`, and nothing is inserted, where they are not known for certain.
    pub(crate) async fn insert_numbered(
        &mut self,
        statement: &Statement,
        rows: &NumberedRows<'_>,
    ) -> Result<Option<Vec<i64>>, Failure> {
        let [begin, end, undo] = if self.in_transaction().await? {
            [
                "SAVEPOINT orm_numbered",
                "RELEASE SAVEPOINT orm_numbered",
                "ROLLBACK TO SAVEPOINT orm_numbered; RELEASE SAVEPOINT orm_numbered",
            ]
        } else {
            ["BEGIN IMMEDIATE", "COMMIT", "ROLLBACK"]
        };
        self.control(begin).await?;
        let mut result = self.collect_numbers(statement, rows).await;
        if let Ok(Some(_)) = result
            && let Err(failure) = self.control(end).await
        {
            result = Err(failure);
        }
        if !matches!(result, Ok(Some(_))) {
            let undone = self.control(undo).await;
            if result.is_ok() {
                undone?;
            }
            // Else the error counts, after which SQLite may have undone everything by itself.
        }
        result
    }

    /// The same without a way back: the rows are inserted in any case.
    async fn collect_numbers(
        &mut self,
        statement: &Statement,
        rows: &NumberedRows<'_>,
    ) -> Result<Option<Vec<i64>>, Failure> {
        let mut run = self.start(statement).await?;
        run.connection.here().await?.collect_numbers(rows.table, rows.count);
        run.turn(Rows::new(statement, Ignore, usize::MAX), None).await?;
        let raw = run.connection.here().await?;
        let numbers = raw.take_numbers();
        // SQLite tells of each row that the statement inserts, and of those that its triggers insert
        // into the same table; but only the former are counted as changes.
        let inserted = usize::try_from(raw.changes()).unwrap_or(0);
        let certain =
            numbers.len() == rows.count && inserted == rows.count && raw.numbers_are_keys(rows.table, rows.key);
        if run.owes() {
            run.pay().await;
        }
        Ok(certain.then_some(numbers))
    }

    /// Runs any number of statements without keeping them, in the blocking pool.
    pub(crate) async fn script(&mut self, sql: &str) -> Result<Done, Failure> {
        let before = self.here().await?.total_changes();
        let sql: Arc<str> = sql.into();
        let mut from = 0;
        loop {
            let mut run = Run::new(self, "", true);
            run.connection.watch.begin(false);
            let text = Arc::clone(&sql);
            let (next, result) = run.elsewhere(move |raw| script(raw, &text, from)).await?;
            let Err(error) = result else { break };
            from = next;
            if !error.is_busy() || !run.waiting.wait(run.connection.busy_timeout).await {
                return Err(failed(error));
            }
        }
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

    /// Prepares a statement and binds its arguments.
    async fn start<'c>(&'c mut self, statement: &'c Statement) -> Result<Run<'c>, Failure> {
        let mut waiting = Waiting::default();
        loop {
            self.here().await?;
            if let Some(away) = self.try_start(statement)? {
                return Ok(Run::new(self, &statement.sql, away));
            }
            if !waiting.wait(self.busy_timeout).await {
                return Err(failed(SqliteError::busy()));
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
            Err(error) => return Err(failed(error)),
        };
        bind_all(raw, &statement.args)?;
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

/// A statement that runs. Dropping it stops the statement.
struct Run<'c> {
    connection: &'c mut SqliteConnection,
    sql: &'c str,
    /// in the blocking pool
    away: bool,
    slices: u32,
    waiting: Waiting,
}

impl<'c> Run<'c> {
    fn new(connection: &'c mut SqliteConnection, sql: &'c str, away: bool) -> Self {
        Run {
            connection,
            sql,
            away,
            slices: 0,
            waiting: Waiting::default(),
        }
    }

    /// Reads on where the caller is, for a slice; `None` where the statement runs elsewhere.
    fn turn_here<R: RowReader>(&mut self, rows: &mut Rows<R>) -> Result<Option<Turn>, Failure> {
        match &mut self.connection.raw {
            Place::Here(raw) if !self.away => rows.turn(raw, &self.connection.watch, true).map(Some),
            _ => Ok(None),
        }
    }

    /// Reads on, after what the last turn came to: up to the last row, or until as many are there
    /// as were asked for.
    async fn turn<R: RowReader>(
        &mut self,
        mut rows: Rows<R>,
        mut last: Option<Turn>,
    ) -> Result<(Rows<R>, Turn), Failure> {
        loop {
            match last {
                None => {}
                Some(turn @ (Turn::Done | Turn::Full)) => return Ok((rows, turn)),
                Some(Turn::Pause) => self.pause().await,
                Some(turn @ (Turn::Restart | Turn::Busy)) => {
                    rows.out.clear();
                    self.again(matches!(turn, Turn::Busy)).await?;
                }
            }
            self.connection.here().await?;
            last = self.turn_here(&mut rows)?;
            if last.is_none() {
                let turn;
                (rows, turn) = self.turn_elsewhere(rows).await?;
                last = Some(turn);
            }
        }
    }

    async fn turn_elsewhere<R: RowReader>(&mut self, mut rows: Rows<R>) -> Result<(Rows<R>, Turn), Failure> {
        let watch = Arc::clone(&self.connection.watch);
        watch.allow_all_time();
        let began = Instant::now();
        let (rows, turn) = self
            .elsewhere(move |raw| {
                let turn = rows.turn(raw, &watch, false);
                (rows, turn)
            })
            .await?;
        let slow = began.elapsed() > self.connection.watch.slice();
        self.mark_slow(slow).await?;
        Ok((rows, turn?))
    }

    /// Gives the thread back for a moment, and then for good.
    async fn pause(&mut self) {
        self.slices += 1;
        self.away = self.slices >= SLICES;
        tokio::task::yield_now().await;
        self.connection.watch.begin_slice();
    }

    /// Whether statement after statement held the thread.
    fn owes(&self) -> bool {
        let watch = &self.connection.watch;
        watch.owe(1);
        watch.is_due()
    }

    /// Gives the thread back for a moment, for what statement after statement owes.
    async fn pay(&mut self) {
        self.connection.watch.begin_slice();
        tokio::task::yield_now().await;
    }

    /// Puts the statement back to its beginning.
    async fn again(&mut self, busy: bool) -> Result<(), Failure> {
        self.connection.here().await?.rewind();
        if busy {
            if !self.waiting.wait(self.connection.busy_timeout).await {
                return Err(failed(SqliteError::busy()));
            }
        } else {
            self.away = true;
        }
        Ok(())
    }

    async fn mark_slow(&mut self, slow: bool) -> Result<(), Failure> {
        self.connection.here().await?.mark_slow(self.sql, slow);
        Ok(())
    }

    /// Does something with the handle in the blocking pool. If the future is dropped, the handle
    /// comes back nevertheless.
    async fn elsewhere<T: Send + 'static>(
        &mut self,
        work: impl FnOnce(&mut Raw) -> T + Send + 'static,
    ) -> Result<T, Failure> {
        self.connection.here().await?;
        let (back, coming) = oneshot::channel();
        let Place::Here(mut raw) = std::mem::replace(&mut self.connection.raw, Place::Away(coming)) else {
            return Err(Failure::Driver(sqlx::Error::WorkerCrashed));
        };
        let task = tokio::task::spawn_blocking(move || {
            let result = catch_unwind(AssertUnwindSafe(|| work(&mut raw)));
            if let Err(raw) = back.send(raw) {
                // The connection was dropped meanwhile: this closes it.
                drop(raw);
            }
            result
        });
        let result = task.await;
        self.connection.here().await?;
        match result {
            Ok(Ok(result)) => Ok(result),
            // A panic in the user's code that reads a row.
            Ok(Err(panic)) => resume_unwind(panic),
            Err(_) => Err(Failure::Driver(sqlx::Error::WorkerCrashed)),
        }
    }
}

impl Drop for Run<'_> {
    fn drop(&mut self) {
        self.connection.settle();
        let pages = self.connection.watch.take_wal_pages();
        if let Some(checkpointer) = &self.connection.checkpointer
            && pages > 0
        {
            checkpointer.committed(pages);
        }
    }
}

/// Runs the statements from that byte on; with an error, the byte where the failed one begins.
fn script(raw: &mut Raw, sql: &str, from: usize) -> (usize, Result<(), SqliteError>) {
    let mut at = from;
    while let Some(rest) = sql.get(at..).filter(|rest| !rest.is_empty()) {
        match raw.start_first(rest).and_then(|next| to_the_end(raw).map(|()| next)) {
            Ok(next) => at = sql.len() - next.len(),
            Err(error) => {
                raw.stop();
                return (at, Err(error));
            }
        }
    }
    raw.stop();
    (at, Ok(()))
}

fn to_the_end(raw: &mut Raw) -> Result<(), SqliteError> {
    loop {
        match raw.step()? {
            Step::Row => {}
            Step::Done => return Ok(()),
            Step::Busy | Step::OutOfTime => return Err(SqliteError::busy()),
        }
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

fn done(raw: &mut Raw, before: i64) -> Done {
    let changed = raw.total_changes() != before;
    Done {
        affected: if changed { raw.changes().unsigned_abs() } else { 0 },
        last_id: raw.last_insert_id().unsigned_abs(),
    }
}

/// Waits for another process.
#[derive(Default)]
struct Waiting {
    since: Option<Instant>,
    pauses: usize,
}

impl Waiting {
    /// Whether there was time left to wait.
    async fn wait(&mut self, timeout: Duration) -> bool {
        let since = *self.since.get_or_insert_with(Instant::now);
        let Some(left) = timeout.checked_sub(since.elapsed()).filter(|left| !left.is_zero()) else {
            return false;
        };
        let pause = PAUSES.get(self.pauses).or(PAUSES.last()).copied().unwrap_or(100);
        self.pauses += 1;
        tokio::time::sleep(Duration::from_millis(pause).min(left)).await;
        true
    }
}
