//! SQLite: one connection writes, others read.

mod bind;
mod foreign_keys;
mod functions;
mod row;

pub(super) use foreign_keys::{explain_commit, explain_statement};

use super::connection::Connector;
use super::db::Pools;
use super::driver::{Done, Driver, Rows};
use super::pool::PoolSettings;
use super::url::unreachable;
use super::{Backend, DbOptions, RowReader};
use crate::error::{Result, connecting};
use crate::meta::ColumnType;
use crate::value::Value;
use sqlx::sqlite::{
    SqliteArguments, SqliteConnectOptions, SqliteJournalMode, SqliteQueryResult, SqliteRow, SqliteSynchronous,
};
use sqlx::{ConnectOptions, Connection, Executor, SqlStr, Sqlite, SqliteConnection};

const IN_TRANSACTION: &str = "inside `atomic`, use the handle that it gives (`tx`) instead of the `Db`: \
     the transaction has the connection";

impl Driver for Sqlite {
    fn arguments(values: &[Value], _: Backend) -> Result<SqliteArguments> {
        bind::arguments(values)
    }

    fn run(connection: &mut SqliteConnection, sql: SqlStr, arguments: SqliteArguments) -> Rows<'_, Self> {
        connection.fetch_many(sqlx::query_with(sql, arguments))
    }

    fn script(connection: &mut SqliteConnection, sql: SqlStr) -> Rows<'_, Self> {
        connection.fetch_many(sqlx::raw_sql(sql))
    }

    type Layout = ();

    fn layout(_: &SqliteRow) {}

    fn read<R: RowReader>(row: &SqliteRow, (): &(), columns: &[ColumnType], reader: &mut R) -> Result<R::Out> {
        reader.read(&mut row::Cells { row, columns })
    }

    fn done(result: &SqliteQueryResult) -> Done {
        Done {
            affected: result.rows_affected(),
            last_id: result.last_insert_rowid().unsigned_abs(),
        }
    }
}

/// Opens a connection, with our functions in it.
pub(super) async fn open(options: &SqliteConnectOptions) -> Result<SqliteConnection, sqlx::Error> {
    let mut connection = SqliteConnection::connect_with(options).await?;
    functions::register(&mut connection).await?;
    Ok(connection)
}

/// The pools for these options.
pub(super) fn pools(options: &DbOptions) -> Result<Pools> {
    let url = &options.url;
    let (path, query) = path_and_query(url);
    let memory = path == ":memory:" || query.split('&').any(|part| part == "mode=memory");
    let settings = |max, min, advice| PoolSettings {
        url: url.clone(),
        max,
        min,
        acquire_timeout: options.acquire_timeout,
        expires: false,
        advice,
    };
    if memory {
        let connect = common(
            SqliteConnectOptions::new().filename(":memory:").in_memory(true),
            options,
        );
        return Ok(Pools {
            writer: (Connector::Sqlite(connect), settings(1, 1, IN_TRANSACTION)),
            readers: None,
        });
    }
    if path.is_empty() {
        return Err(unreachable(
            url,
            "it names no file; write sqlite://library.db, or sqlite::memory:",
        ));
    }
    let parsed: SqliteConnectOptions = url.parse().map_err(|error| connecting(error, url))?;
    let mode = query.split('&').find_map(|part| part.strip_prefix("mode="));
    let read_only = mode == Some("ro")
        || query
            .split('&')
            .any(|part| matches!(part, "immutable=1" | "immutable=true"));
    let mut writer = common(parsed, options);
    if mode.is_none() {
        writer = writer.create_if_missing(true);
    }
    if !read_only {
        writer = writer
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Normal);
    }
    let reader = common(url.parse().map_err(|error| connecting(error, url))?, options)
        .create_if_missing(false)
        .pragma("query_only", "ON");
    Ok(Pools {
        writer: (Connector::Sqlite(writer), settings(1, 1, IN_TRANSACTION)),
        readers: Some((
            Connector::Sqlite(reader),
            settings(options.readers, 0, "raise `DbOptions::readers`"),
        )),
    })
}

fn common(connect: SqliteConnectOptions, options: &DbOptions) -> SqliteConnectOptions {
    connect
        .foreign_keys(true)
        .busy_timeout(options.busy_timeout)
        .statement_cache_capacity(options.statement_cache_capacity.unwrap_or(256))
        // So many rows are read ahead at most.
        .row_buffer_size(512)
        .disable_statement_logging()
}

fn path_and_query(url: &str) -> (&str, &str) {
    let rest = url.strip_prefix("sqlite:").unwrap_or(url);
    let rest = rest.strip_prefix("//").unwrap_or(rest);
    rest.split_once('?').unwrap_or((rest, ""))
}
