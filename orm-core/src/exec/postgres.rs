//! PostgreSQL.

mod array;
mod bind;
mod copy;
mod numeric;
mod row;

pub(super) use copy::copy;

use super::connection::Connector;
use super::db::Pools;
use super::driver::{Driver, Rows};
use super::outcome::Done;
use super::pool::PoolSettings;
use super::{Backend, DbOptions, RowReader};
use crate::error::{Result, connecting};
use crate::meta::ColumnType;
use crate::value::Value;
use sqlx::postgres::{PgArguments, PgConnectOptions, PgQueryResult, PgRow};
use sqlx::{ConnectOptions, Executor, PgConnection, Postgres, SqlStr};

impl Driver for Postgres {
    fn arguments(values: &[Value], _: Backend) -> Result<PgArguments> {
        bind::arguments(values)
    }

    fn run(connection: &mut PgConnection, sql: SqlStr, arguments: PgArguments) -> Rows<'_, Self> {
        connection.fetch_many(sqlx::query_with(sql, arguments))
    }

    fn script(connection: &mut PgConnection, sql: SqlStr) -> Rows<'_, Self> {
        connection.fetch_many(sqlx::raw_sql(sql))
    }

    type Layout = row::Layout;

    fn layout(row: &PgRow) -> row::Layout {
        row::Layout::of(row)
    }

    fn read<R: RowReader>(row: &PgRow, layout: &row::Layout, columns: &[ColumnType], reader: &mut R) -> Result<R::Out> {
        reader.read(&mut row::Cells { row, layout, columns })
    }

    fn done(result: &PgQueryResult) -> Done {
        Done {
            affected: result.rows_affected(),
            last_id: 0,
        }
    }
}

/// The pools for these options.
pub(super) fn pools(options: &DbOptions) -> Result<Pools> {
    let url = &options.url;
    let connect: PgConnectOptions = url.parse().map_err(|error| connecting(error, url))?;
    // sqlx asks for the time zone UTC by itself.
    let connect = connect
        .statement_cache_capacity(options.statement_cache_capacity.unwrap_or(512))
        .disable_statement_logging();
    let settings = PoolSettings {
        url: url.clone(),
        max: options.max_connections,
        min: options.min_connections,
        acquire_timeout: options.acquire_timeout,
        expires: true,
        advice: "raise `DbOptions::max_connections`, and inside `atomic` use the handle that it gives (`tx`)",
    };
    Ok(Pools {
        writer: (Connector::Postgres(connect), settings),
        readers: None,
    })
}
