//! SQLite.

use crate::workloads::{placeholders, workloads};
use common::Result;
use common::data::NewItem;
use common::rows::{Comment, Insert, Item, Post, Tree, User, assemble};
use futures_util::TryStreamExt;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous};
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, SqliteConnection};

pub struct Sqlite(SqliteConnection);

pub async fn connect(file: &str) -> Result<Sqlite> {
    Ok(Sqlite(options(file).connect().await?))
}

pub fn options(file: &str) -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .filename(file)
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Normal)
        .foreign_keys(true)
        .disable_statement_logging()
}

workloads!(Sqlite, "?");
placeholders!(Sqlite);

async fn insert(connection: &mut SqliteConnection, row: &NewItem) -> Result<i64> {
    let query = sqlx::query("INSERT INTO inserts (name, value) VALUES (?, ?)");
    let done = query.bind(&row.name).bind(row.value).execute(connection).await?;
    Ok(done.last_insert_rowid())
}
