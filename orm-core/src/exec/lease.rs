//! A connection for the time of a statement or a transaction.

use super::connection::Connection;
use super::observe::{self, Observer};
use super::outcome::{Done, Failure, Inserted};
use super::pool::{Idle, Pool};
use super::sink::Sink;
use super::{Backend, NumberedRows, RowReader, Statement, Work, once};
use crate::error::{Aftermath, Error, Result, from_driver};
use crate::value::Value;
use std::fmt::Display;
use std::sync::Arc;
use std::time::Instant;
use tokio::sync::OwnedSemaphorePermit;

/// A connection that goes back to its pool when this is dropped.
pub(crate) struct Lease {
    /// there until it is given back
    idle: Option<Box<Idle>>,
    pool: Arc<Pool>,
    permit: Option<OwnedSemaphorePermit>,
    progress: Progress,
    /// the connection is of no use any more
    broken: bool,
    /// what the last error left behind, for a transaction to note
    aftermath: Aftermath,
}

/// Where the connection is in its conversation with the database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Progress {
    /// nothing is on its way
    Calm,
    /// between two rows; the drivers skip the rest before the next statement
    Rows,
    /// anywhere in a statement, if its future was dropped
    Running,
}

/// What statements are run for: which dialect they are in, and who counts them.
#[derive(Clone, Copy)]
pub(crate) struct Context<'a> {
    pub(crate) backend: Backend,
    pub(crate) observer: &'a Observer,
}

impl Lease {
    pub(crate) fn new(pool: Arc<Pool>, idle: Box<Idle>, permit: OwnedSemaphorePermit) -> Self {
        Lease {
            idle: Some(idle),
            pool,
            permit: Some(permit),
            progress: Progress::Calm,
            broken: false,
            aftermath: Aftermath::Nothing,
        }
    }

    fn connection(&mut self) -> Result<&mut Connection> {
        match &mut self.idle {
            Some(idle) => Ok(&mut idle.connection),
            None => Err(Error::Transaction("the connection was given back".to_owned())),
        }
    }

    /// Rolls back what the last user left open, and tests the connection.
    pub(crate) async fn make_ready(&mut self, test: bool) -> Result<(), Error> {
        if self.idle.as_ref().is_some_and(|idle| idle.dirty) {
            self.restore().await?;
        }
        if test {
            let result = self.connection()?.ping().await;
            result.map_err(|error| self.failed(error, ""))?;
        }
        Ok(())
    }

    /// Closes the connection, and gives the right to open another.
    pub(crate) fn discard(mut self) -> Option<OwnedSemaphorePermit> {
        self.broken = true;
        self.permit.take()
    }

    /// Closes the connection in order.
    pub(crate) async fn close(mut self) {
        if let Some(idle) = self.idle.take() {
            idle.connection.close().await.ok();
        }
    }

    /// Closes the connection when the lease ends.
    pub(crate) fn mark_broken(&mut self) {
        self.broken = true;
    }

    /// Says whether a transaction may be open.
    pub(crate) fn mark_dirty(&mut self, dirty: bool) {
        if let Some(idle) = &mut self.idle {
            idle.dirty = dirty;
        }
    }

    /// Where a statement was interrupted, if it was.
    pub(crate) fn progress(&self) -> Progress {
        self.progress
    }

    /// Receives what an interrupted statement still has to say.
    pub(crate) async fn settle(&mut self) {
        // The first attempt may report the error of the interrupted statement.
        for _ in 0..2 {
            let Ok(connection) = self.connection() else { return };
            match connection.ping().await {
                Ok(()) => {
                    self.progress = Progress::Calm;
                    return;
                }
                Err(error) => {
                    self.failed(error, "");
                }
            }
        }
        self.broken = true;
    }

    /// Takes it that the drivers are ready for the next statement.
    pub(crate) fn mark_calm(&mut self) {
        self.progress = Progress::Calm;
    }

    /// Whether a transaction is open in it.
    #[cfg(feature = "sqlite")]
    pub(crate) async fn in_transaction(&mut self) -> Result<bool> {
        let result = match self.connection()? {
            Connection::Sqlite(connection) => connection.in_transaction().await,
            #[cfg(any(feature = "postgres", feature = "mysql"))]
            _ => Ok(true),
        };
        self.settled("", result)
    }

    /// What the last error left behind.
    pub(crate) fn take_aftermath(&mut self) -> Aftermath {
        std::mem::replace(&mut self.aftermath, Aftermath::Nothing)
    }

    pub(crate) async fn fetch<R: RowReader>(
        &mut self,
        context: Context<'_>,
        statement: &Statement,
        reader: R,
    ) -> Result<Vec<R::Out>> {
        let started = self.begin(context, &statement.sql);
        let result = self.connection()?.fetch(statement, context.backend, reader).await;
        self.end(statement, started, result, |rows| rows.len() as u64)
    }

    pub(crate) async fn portions<R: RowReader>(
        &mut self,
        context: Context<'_>,
        statement: &Statement,
        reader: R,
        sink: &mut Sink<R::Out>,
    ) -> Result<()> {
        let started = self.begin(context, &statement.sql);
        let result = self
            .connection()?
            .portions(statement, context.backend, reader, sink)
            .await;
        let read = self.end(statement, started, result, |read| read.rows)?;
        // The rest of the rows is still on its way: this connection is not worth waiting for it.
        if !read.complete {
            self.progress = Progress::Rows;
        }
        Ok(())
    }

    pub(crate) async fn execute(&mut self, context: Context<'_>, statement: &Statement) -> Result<Done> {
        let started = self.begin(context, &statement.sql);
        let result = self.connection()?.execute(statement, context.backend).await;
        self.end(statement, started, result, |done| done.affected)
    }

    /// Runs an INSERT of one row within a transaction, if nothing is to be waited for and nobody listens.
    /// `None`: nothing was done.
    pub(crate) fn insert_now<'v>(
        &mut self,
        context: Context<'_>,
        sql: &Arc<str>,
        values: impl Iterator<Item = &'v Value>,
    ) -> Result<Option<Inserted>> {
        if context.observer.is_listened_to() {
            return Ok(None);
        }
        self.start();
        let result = self.connection()?.insert_now(sql, values);
        if !matches!(result, Ok(None)) {
            context.observer.started(sql);
        }
        self.settled(sql, result)
    }

    /// Runs an INSERT, and gives the numbers of its rows, or `None`: nothing was inserted, since they
    /// would not be certain.
    pub(crate) async fn insert_numbered(
        &mut self,
        context: Context<'_>,
        statement: &Statement,
        rows: &NumberedRows<'_>,
    ) -> Result<Option<Vec<i64>>> {
        self.start();
        let told = self.connection()?.tells_numbers(rows).await;
        if !self.settled(&statement.sql, told)? {
            return Ok(None);
        }
        // Until its end it has a transaction of its own.
        let dirty = self.idle.as_ref().is_some_and(|idle| idle.dirty);
        self.mark_dirty(true);
        let started = self.begin(context, &statement.sql);
        let result = self.connection()?.insert_numbered(statement, rows).await;
        let result = self.end(statement, started, result, |numbers| {
            numbers.as_ref().map_or(0, Vec::len) as u64
        });
        self.mark_dirty(dirty || result.is_err());
        result
    }

    /// Runs statements of the user's without preparing them.
    pub(crate) async fn script(&mut self, context: Context<'_>, sql: &str) -> Result<Done> {
        let started = self.begin(context, sql);
        let result = self.connection()?.script(sql).await;
        let statement = Statement {
            sql: sql.into(),
            args: Vec::new(),
            columns: [].into(),
            work: Work::WriteAny,
        };
        self.end(&statement, started, result, |done| done.affected)
    }

    /// Runs a statement of our own, which is not counted.
    pub(crate) async fn control(&mut self, sql: &str) -> Result<()> {
        self.start();
        let result = self.connection()?.control(sql).await;
        self.settled(sql, result)
    }

    /// Fetches rows for our own use, which is not counted.
    #[cfg(any(feature = "sqlite", feature = "mysql"))]
    pub(crate) async fn probe<R: RowReader>(
        &mut self,
        backend: Backend,
        statement: &Statement,
        reader: R,
    ) -> Result<Vec<R::Out>> {
        self.start();
        let result = self.connection()?.fetch(statement, backend, reader).await;
        self.settled(&statement.sql, result)
    }

    /// Ends the transaction, if one is open.
    pub(crate) async fn rollback(&mut self) -> Result<()> {
        let result = once!(self.control("ROLLBACK"));
        let result = match self.idle.as_mut().map(|idle| &mut idle.connection) {
            // SQLite ends the transaction by itself after some errors, and complains if none is open.
            #[cfg(feature = "sqlite")]
            Some(Connection::Sqlite(_)) if !self.broken => Ok(()),
            _ => result,
        };
        match result {
            Ok(()) => self.mark_dirty(false),
            Err(_) => self.broken = true,
        }
        result
    }

    /// Undoes what a user left behind: a transaction, and SQLite's setting for foreign keys.
    pub(crate) async fn restore(&mut self) -> Result<()> {
        self.rollback().await?;
        match self.idle.as_ref().map(|idle| &idle.connection) {
            #[cfg(feature = "sqlite")]
            Some(Connection::Sqlite(_)) => once!(self.control("PRAGMA foreign_keys = ON")),
            _ => Ok(()),
        }
    }

    fn start(&mut self) {
        self.progress = Progress::Running;
        self.aftermath = Aftermath::Nothing;
    }

    fn begin(&mut self, context: Context<'_>, sql: &str) -> Option<Instant> {
        self.start();
        context.observer.started(sql)
    }

    fn end<T>(
        &mut self,
        statement: &Statement,
        started: Option<Instant>,
        result: Result<T, Failure>,
        rows: impl FnOnce(&T) -> u64,
    ) -> Result<T> {
        let result = self.settled(&statement.sql, result);
        observe::ran(
            statement,
            started,
            result.as_ref().map(rows).map_err(|error| error as &dyn Display),
        );
        result
    }

    fn settled<T>(&mut self, sql: &str, result: Result<T, Failure>) -> Result<T> {
        self.progress = Progress::Calm;
        result.map_err(|failure| match failure {
            Failure::Driver(error) => self.failed(error, sql),
            Failure::Argument(error) => error,
            Failure::Row(error) => {
                self.progress = Progress::Rows;
                error
            }
        })
    }

    fn failed(&mut self, error: sqlx::Error, sql: &str) -> Error {
        self.aftermath = Aftermath::of(&error);
        self.broken |= matches!(self.aftermath, Aftermath::ConnectionLost);
        from_driver(error, sql, self.pool.url())
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        let Some(idle) = self.idle.take() else { return };
        let keep = match &idle.connection {
            // A statement that was interrupted has been stopped.
            #[cfg(feature = "sqlite")]
            Connection::Sqlite(_) => !self.broken,
            #[cfg(any(feature = "postgres", feature = "mysql"))]
            #[allow(unreachable_patterns, reason = "depends on the features")]
            _ => !self.broken && self.progress == Progress::Calm,
        };
        if keep {
            self.pool.put_back(idle);
        }
    }
}
