//! What execution asks of a sqlx driver, and the loops over its rows.

use super::outcome::{Done, Failure};
use super::sink::{Portions, Sink};
use super::{Backend, RowReader, Statement};
use crate::error::Result;
use crate::meta::ColumnType;
use crate::value::Value;
use futures_util::TryStreamExt;
use futures_util::stream::BoxStream;
use sqlx::{Database, Either, SqlStr};

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
