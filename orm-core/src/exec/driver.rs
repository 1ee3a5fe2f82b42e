//! What execution asks of a sqlx driver, and the loops over its rows.

use super::{Backend, RowReader, Statement};
use crate::error::{Error, Result};
use crate::meta::ColumnType;
use crate::value::Value;
use futures_util::TryStreamExt;
use futures_util::stream::BoxStream;
use sqlx::{Database, Either, SqlStr};
use tokio::sync::mpsc::Sender;
use tokio::sync::mpsc::error::TrySendError;

/// What a statement gives: rows, and at its end what it did.
pub(crate) type Rows<'c, D> =
    BoxStream<'c, Result<Either<<D as Database>::QueryResult, <D as Database>::Row>, sqlx::Error>>;

/// A sqlx driver, as far as it is used here.
pub(crate) trait Driver: Database {
    /// The driver's form of the arguments.
    fn arguments(values: &[Value], backend: Backend) -> Result<<Self as Database>::Arguments>;
    /// Runs a prepared statement.
    fn run(connection: &mut Self::Connection, sql: SqlStr, arguments: <Self as Database>::Arguments) -> Rows<'_, Self>;
    /// Runs any number of statements without preparing them.
    fn script(connection: &mut Self::Connection, sql: SqlStr) -> Rows<'_, Self>;
    /// What the rows of one result have in common: it is looked at once, not for each row.
    type Layout: Send;
    /// The layout of a result, from its first row.
    fn layout(row: &Self::Row) -> Self::Layout;
    /// Reads one row.
    fn read<R: RowReader>(
        row: &Self::Row,
        layout: &Self::Layout,
        columns: &[ColumnType],
        reader: &mut R,
    ) -> Result<R::Out>;
    /// What a statement did.
    fn done(result: &Self::QueryResult) -> Done;
}

/// What statements did.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Done {
    /// the rows that they matched or inserted
    pub(crate) affected: u64,
    /// the number that the database gave to the (first) inserted row
    pub(crate) last_id: u64,
}

/// Why a statement did not come to its end.
pub(crate) enum Failure {
    /// the driver or the database says so
    Driver(sqlx::Error),
    /// an argument does not fit; nothing was sent
    Argument(Error),
    /// a row could not be read; the rows after it are still on their way
    Row(Error),
}

impl From<sqlx::Error> for Failure {
    fn from(error: sqlx::Error) -> Self {
        Failure::Driver(error)
    }
}

/// How many rows were read, and whether those were all.
pub(crate) struct Portions {
    pub(crate) rows: u64,
    pub(crate) complete: bool,
}

fn start<'c, D: Driver>(
    connection: &'c mut D::Connection,
    statement: &Statement,
    backend: Backend,
) -> Result<Rows<'c, D>> {
    let arguments = D::arguments(&statement.args, backend)?;
    // The compiler wrote it: values are arguments, names are quoted.
    let sql = sqlx::SqlSafeStr::into_sql_str(sqlx::AssertSqlSafe(std::sync::Arc::clone(&statement.sql)));
    Ok(D::run(connection, sql, arguments))
}

/// All rows.
pub(crate) async fn fetch<D: Driver, R: RowReader>(
    connection: &mut D::Connection,
    statement: &Statement,
    backend: Backend,
    mut reader: R,
) -> Result<Vec<R::Out>, Failure> {
    let mut rows = start::<D>(connection, statement, backend).map_err(Failure::Argument)?;
    let mut out = Vec::new();
    let mut layout = None;
    while let Some(item) = rows.try_next().await? {
        match item {
            Either::Right(row) => {
                let layout = layout.get_or_insert_with(|| D::layout(&row));
                out.push(D::read(&row, layout, &statement.columns, &mut reader).map_err(Failure::Row)?);
            }
            // A procedure may give another result, with other columns.
            Either::Left(_) => layout = None,
        }
    }
    Ok(out)
}

/// The rows in portions, until nobody takes them.
///
/// With `buffered` it never waits for the receiver while the connection is taken: who receives may
/// need the same connection. The portions that were not taken are in `left`.
pub(crate) async fn portions<D: Driver, R: RowReader>(
    connection: &mut D::Connection,
    statement: &Statement,
    backend: Backend,
    mut reader: R,
    sink: &mut Sink<R::Out>,
) -> Result<Portions, Failure> {
    let mut rows = start::<D>(connection, statement, backend).map_err(Failure::Argument)?;
    let mut portion = Vec::new();
    let mut read = 0;
    let mut layout = None;
    while let Some(item) = rows.try_next().await? {
        let Either::Right(row) = item else {
            layout = None;
            continue;
        };
        let layout = layout.get_or_insert_with(|| D::layout(&row));
        portion.push(D::read(&row, layout, &statement.columns, &mut reader).map_err(Failure::Row)?);
        read += 1;
        if portion.len() >= sink.size && !sink.send(std::mem::take(&mut portion)).await {
            return Ok(Portions {
                rows: read,
                complete: false,
            });
        }
    }
    if !portion.is_empty() {
        sink.send(portion).await;
    }
    Ok(Portions {
        rows: read,
        complete: true,
    })
}

/// Where portions of rows go.
pub(crate) struct Sink<T> {
    pub(crate) size: usize,
    pub(crate) to: Sender<Vec<T>>,
    /// keep what the receiver does not take at once
    pub(crate) buffered: bool,
    pub(crate) left: std::collections::VecDeque<Vec<T>>,
}

/// The same, for a thread that may wait.
pub(crate) struct ThreadSink<T> {
    to: Sender<Vec<T>>,
    buffered: bool,
    /// what was kept
    pub(crate) left: Vec<Vec<T>>,
}

impl<T> ThreadSink<T> {
    /// Whether anybody still wants rows.
    pub(crate) fn send(&mut self, portion: Vec<T>) -> bool {
        if self.buffered {
            self.left.push(portion);
            return !self.to.is_closed();
        }
        self.to.blocking_send(portion).is_ok()
    }
}

impl<T> Sink<T> {
    /// The same, for a thread that may wait.
    pub(crate) fn on_thread(&self) -> ThreadSink<T> {
        ThreadSink {
            to: self.to.clone(),
            buffered: self.buffered,
            left: Vec::new(),
        }
    }

    /// Whether anybody still wants rows.
    pub(crate) async fn send(&mut self, portion: Vec<T>) -> bool {
        if !self.buffered {
            return self.to.send(portion).await.is_ok();
        }
        self.left.push_back(portion);
        while let Some(next) = self.left.pop_front() {
            match self.to.try_send(next) {
                Ok(()) => {}
                Err(TrySendError::Full(next)) => {
                    self.left.push_front(next);
                    return true;
                }
                Err(TrySendError::Closed(_)) => return false,
            }
        }
        true
    }

    /// Sends what was kept.
    pub(crate) async fn finish(mut self) {
        while let Some(portion) = self.left.pop_front() {
            if self.to.send(portion).await.is_err() {
                return;
            }
        }
    }
}

/// Runs a statement whose rows nobody wants.
pub(crate) async fn execute<D: Driver>(
    connection: &mut D::Connection,
    statement: &Statement,
    backend: Backend,
) -> Result<Done, Failure> {
    let rows = start::<D>(connection, statement, backend).map_err(Failure::Argument)?;
    Ok(drain::<D>(rows).await?)
}

/// Runs any number of statements.
pub(crate) async fn script<D: Driver>(connection: &mut D::Connection, sql: SqlStr) -> Result<Done, sqlx::Error> {
    let rows = D::script(connection, sql);
    drain::<D>(rows).await
}

async fn drain<D: Driver>(mut rows: Rows<'_, D>) -> Result<Done, sqlx::Error> {
    let mut sum = Done::default();
    while let Some(item) = rows.try_next().await? {
        if let Either::Left(result) = item {
            let done = D::done(&result);
            sum.affected += done.affected;
            sum.last_id = done.last_id;
        }
    }
    Ok(sum)
}
