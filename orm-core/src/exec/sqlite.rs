//! SQLite: one connection writes, others read.

mod bind;
mod cells;
mod checkpoint;
mod connection;
mod error;
mod foreign_keys;
mod raw;
#[cfg(test)]
mod tests;
mod watch;
mod zones;

pub(super) use connection::SqliteConnection;
pub(crate) use error::SqliteError;
pub(super) use foreign_keys::{explain_commit, explain_statement};
pub(crate) use zones::is_about_zone;

use super::DbOptions;
use super::connection::Connector;
use super::db::Pools;
use super::pool::{Pool, PoolSettings};
use super::url::unreachable;
use crate::error::{Result, connecting};
use checkpoint::Checkpointer;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous};
use sqlx::{ConnectOptions, Connection};
use std::sync::Arc;
use std::time::Duration;

const IN_TRANSACTION: &str = "inside `atomic`, use the handle that it gives (`tx`) instead of the `Db`: \
     the transaction has the connection";

/// How to open a connection.
pub(crate) struct Connect {
    options: SqliteConnectOptions,
    statements: usize,
    busy_timeout: Duration,
    poll_budget: Duration,
    /// there for connections that write a file
    checkpointer: Option<Arc<Checkpointer>>,
}

impl Connect {
    fn new(connect: SqliteConnectOptions, options: &DbOptions) -> Self {
        Connect {
            options: connect
                .foreign_keys(true)
                .busy_timeout(options.busy_timeout)
                .disable_statement_logging(),
            statements: options.statement_cache_capacity.unwrap_or(256),
            busy_timeout: options.busy_timeout,
            poll_budget: options.poll_budget,
            checkpointer: None,
        }
    }

    fn with_checkpoints(mut self) -> Self {
        self.checkpointer = Some(Checkpointer::new(self.options.clone()));
        self
    }

    /// Opens a connection.
    pub(super) async fn open(&self) -> Result<SqliteConnection, sqlx::Error> {
        let connection = sqlx::SqliteConnection::connect_with(&self.options).await?;
        SqliteConnection::new(
            connection,
            self.statements,
            self.busy_timeout,
            self.poll_budget,
            self.checkpointer.clone(),
        )
        .await
    }

    /// Makes the pool of these connections known to those who need it.
    pub(super) fn attach(&self, pool: &Arc<Pool>) {
        if let Some(checkpointer) = &self.checkpointer {
            checkpointer.attach(pool);
        }
    }
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
        let connect = SqliteConnectOptions::new().filename(":memory:").in_memory(true);
        let connect = Connect::new(connect, options);
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
    let mut writer = parsed;
    if mode.is_none() {
        writer = writer.create_if_missing(true);
    }
    if !read_only {
        writer = writer
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Normal);
    }
    let mut connect = Connect::new(writer, options);
    if !read_only {
        connect = connect.with_checkpoints();
    }
    let reader: SqliteConnectOptions = url.parse().map_err(|error| connecting(error, url))?;
    let reader = reader.create_if_missing(false).pragma("query_only", "ON");
    Ok(Pools {
        writer: (Connector::Sqlite(connect), settings(1, 1, IN_TRANSACTION)),
        readers: Some((
            Connector::Sqlite(Connect::new(reader, options)),
            settings(options.readers, 0, "raise `DbOptions::readers`"),
        )),
    })
}

fn path_and_query(url: &str) -> (&str, &str) {
    let rest = url.strip_prefix("sqlite:").unwrap_or(url);
    let rest = rest.strip_prefix("//").unwrap_or(rest);
    rest.split_once('?').unwrap_or((rest, ""))
}
