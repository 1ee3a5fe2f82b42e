//! `Run`: a statement that runs, here or in the blocking pool.

use super::super::error::SqliteError;
use super::super::raw::Raw;
use super::rows::{Rows, Turn};
use super::{Boxed, Place, SqliteConnection};
use crate::exec::outcome::Failure;
use crate::exec::{RowReader, lock};
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use tokio::sync::oneshot;

/// What a short statement takes, in microseconds or so.
const STATEMENT: u32 = 2;
/// What it takes with its commit.
const COMMIT: u32 = 20;
/// So many slices on the caller's thread, then the statement moves away.
const SLICES: u32 = 4;
/// Something to do with the handle on another thread.
type Job = Box<dyn FnOnce(&mut Raw) + Send>;

/// How long to wait for another process: more and more, as SQLite's own busy handler does.
const PAUSES: [u64; 9] = [1, 2, 5, 10, 15, 20, 25, 50, 100];

/// A statement that runs. Dropping it stops the statement.
pub(super) struct Run<'c> {
    pub(super) connection: &'c mut SqliteConnection,
    sql: &'c str,
    /// in the blocking pool
    pub(super) away: bool,
    slices: u32,
    pub(super) waiting: Waiting,
}

impl<'c> Run<'c> {
    pub(super) fn new(connection: &'c mut SqliteConnection, sql: &'c str, away: bool) -> Self {
        Run {
            connection,
            sql,
            away,
            slices: 0,
            waiting: Waiting::default(),
        }
    }

    /// Reads on where the caller is, for a slice; `None` where the statement runs elsewhere.
    pub(super) fn turn_here<R: RowReader>(&mut self, rows: &mut Rows<R>) -> Result<Option<Turn>, Failure> {
        match &mut self.connection.raw {
            Place::Here(raw) if !self.away => rows.turn(raw, &self.connection.watch, true).map(Some),
            _ => Ok(None),
        }
    }

    /// Reads on, after what the last turn came to: up to the last row, or until as many are there
    /// as were asked for.
    pub(super) async fn turn<R: RowReader>(
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
    pub(super) fn owes(&self) -> bool {
        let watch = &self.connection.watch;
        watch.owe(if watch.has_committed() { COMMIT } else { STATEMENT });
        watch.is_due()
    }

    /// Puts the statement back to its beginning.
    async fn again(&mut self, busy: bool) -> Result<(), Failure> {
        self.connection.here().await?.rewind();
        if busy {
            if !self.waiting.wait(self.connection.busy_timeout).await {
                return Err(SqliteError::busy().into());
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
    pub(super) async fn elsewhere<T: Send + 'static>(
        &mut self,
        work: impl FnOnce(&mut Raw) -> T + Send + 'static,
    ) -> Result<T, Failure> {
        let result = Arc::new(Mutex::new(None));
        let to = Arc::clone(&result);
        let work: Job = Box::new(move |raw| *lock(&to) = Some(work(raw)));
        self.boxed_away(work).await?;
        let done = lock(&result).take();
        done.ok_or(Failure::Driver(sqlx::Error::WorkerCrashed))
    }

    fn boxed_away(&mut self, work: Job) -> Boxed<'_, ()> {
        Box::pin(self.work_away(work))
    }

    async fn work_away(&mut self, work: Job) -> Result<(), Failure> {
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
            Ok(Ok(())) => Ok(()),
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

/// Waits for another process.
#[derive(Default)]
pub(super) struct Waiting {
    since: Option<Instant>,
    pauses: usize,
}

impl Waiting {
    /// Whether there was time left to wait.
    pub(super) async fn wait(&mut self, timeout: Duration) -> bool {
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
