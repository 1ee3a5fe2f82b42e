//! Execution on SQLite, without models: values, transactions, errors. The other databases have
//! their turn in `tests/it`.

mod errors;
mod transactions;
mod values;

use super::{Db, Executor, Statement, Work};
use crate::error::Result;
use crate::meta::ColumnType;
use crate::value::Value;

/// A database in memory with a table `item(id, name UNIQUE)`.
async fn database() -> Result<Db> {
    let db = Db::connect("sqlite::memory:").await?;
    create_items(&db).await?;
    Ok(db)
}

async fn create_items(db: &Db) -> Result<()> {
    let mut session = db.session().await?;
    session
        .execute_script("CREATE TABLE item (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE)")
        .await?;
    session.release().await;
    Ok(())
}

fn statement(sql: &str, args: Vec<Value>, columns: Vec<ColumnType>) -> Statement {
    let work = if sql.starts_with("SELECT") {
        Work::Read
    } else {
        Work::WriteAny
    };
    Statement {
        sql: sql.into(),
        args,
        columns: columns.into(),
        work,
    }
}

async fn insert(db: &impl Executor, name: &str) -> Result<u64> {
    let sql = "INSERT INTO item (name) VALUES (?)";
    db.handle()
        .execute(&statement(sql, vec![Value::Text(name.to_owned())], Vec::new()))
        .await
}

async fn count(db: &impl Executor) -> Result<i64> {
    db.handle()
        .fetch_int(&statement(
            "SELECT count(*) FROM item",
            Vec::new(),
            vec![ColumnType::BigInteger],
        ))
        .await
}
