//! MySQL and MariaDB.

use crate::workloads::{placeholders, workloads};
use common::Result;
use common::data::NewItem;
use common::rows::{Comment, Insert, Item, Post, Tree, User, assemble};
use futures_util::TryStreamExt;
use sqlx::mysql::MySqlConnectOptions;
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, MySqlConnection};

pub struct MySql(MySqlConnection);

pub async fn connect(url: &str) -> Result<MySql> {
    Ok(MySql(options(url)?.connect().await?))
}

pub fn options(url: &str) -> Result<MySqlConnectOptions> {
    Ok(url.parse::<MySqlConnectOptions>()?.disable_statement_logging())
}

workloads!(MySql, "?");
placeholders!(MySql);

async fn insert(connection: &mut MySqlConnection, row: &NewItem) -> Result<i64> {
    let query = sqlx::query("INSERT INTO inserts (name, value) VALUES (?, ?)");
    let done = query.bind(&row.name).bind(row.value).execute(connection).await?;
    Ok(done.last_insert_id().cast_signed())
}
