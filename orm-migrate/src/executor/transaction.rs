//! One migration at a time: the lock and, where the database has it for schema changes, the
//! transaction.

use crate::error::{MigrateError, Result};
use orm_core::exec::{Backend, Session};
use orm_core::{Kind, Value};

/// How long MySQL's lock is waited for. The others wait until it is free.
const MYSQL_SECONDS: u32 = 600;

/// PostgreSQL's advisory lock: `orm.migr` in ASCII.
const POSTGRES_LOCK: i64 = 0x6f72_6d2e_6d69_6772;

/// What must be restored at the end.
pub(super) struct Lock {
    /// SQLite checked foreign keys before
    foreign_keys: bool,
}

/// Waits for other migrating processes, then begins.
///
/// SQLite's foreign keys are off meanwhile, for tables are dropped and made anew; they are checked
/// before the commit. PostgreSQL's lock ends with the transaction. MySQL's schema changes cannot be
/// rolled back, so there is a lock but no transaction.
pub(super) async fn begin(session: &mut Session) -> Result<Lock> {
    let mut lock = Lock { foreign_keys: false };
    match session.backend() {
        Backend::Sqlite => {
            lock.foreign_keys = number(session, "PRAGMA foreign_keys").await? == 1;
            session.execute_script("PRAGMA foreign_keys = OFF").await?;
            if let Err(e) = session.execute_script("BEGIN IMMEDIATE").await {
                lock.restore(session).await?;
                return Err(e.into());
            }
        }
        Backend::Postgres => {
            session
                .execute_script(&format!("BEGIN; SELECT pg_advisory_xact_lock({POSTGRES_LOCK})"))
                .await?;
        }
        _ => {
            let sql = format!("SELECT COALESCE(GET_LOCK({MYSQL_LOCK}, {MYSQL_SECONDS}), 0)");
            if number(session, &sql).await? != 1 {
                return Err(MigrateError::Locked { seconds: MYSQL_SECONDS });
            }
        }
    }
    Ok(lock)
}

/// A lock of its own for each database of the server.
const MYSQL_LOCK: &str = "CONCAT('orm.migrate.', MD5(DATABASE()))";

impl Lock {
    /// Keeps everything since the beginning.
    pub async fn commit(self, session: &mut Session) -> Result<()> {
        match session.backend() {
            Backend::MySql { .. } => {}
            _ => session.execute_script("COMMIT").await?,
        }
        self.restore(session).await
    }

    /// Gives up everything since the beginning, as far as the database can.
    pub async fn rollback(self, session: &mut Session) -> Result<()> {
        match session.backend() {
            Backend::MySql { .. } => {}
            _ => session.execute_script("ROLLBACK").await?,
        }
        self.restore(session).await
    }

    async fn restore(&self, session: &mut Session) -> Result<()> {
        match session.backend() {
            Backend::Sqlite if self.foreign_keys => session.execute_script("PRAGMA foreign_keys = ON").await?,
            Backend::MySql { .. } => drop(number(session, &format!("SELECT RELEASE_LOCK({MYSQL_LOCK})")).await?),
            _ => {}
        }
        Ok(())
    }
}

async fn number(session: &mut Session, sql: &str) -> Result<i64> {
    let rows = session.fetch(sql, &[], &[Kind::Int]).await?;
    Ok(match rows.first().and_then(|row| row.first()) {
        Some(Value::Int(n)) => *n,
        _ => 0,
    })
}

/// The rows of SQLite that refer to nothing, in words.
pub(super) async fn broken_keys(session: &mut Session) -> Result<Vec<String>> {
    if session.backend() != Backend::Sqlite {
        return Ok(Vec::new());
    }
    let sql = "SELECT \"table\", rowid, parent FROM pragma_foreign_key_check LIMIT 20";
    let rows = session.fetch(sql, &[], &[Kind::Text, Kind::Int, Kind::Text]).await?;
    let sentence = |row: Vec<Value>| match row.as_slice() {
        [Value::Text(table), Value::Int(row), Value::Text(parent)] => format!("row {row} of {table} in {parent}"),
        [Value::Text(table), _, Value::Text(parent)] => format!("a row of {table} in {parent}"),
        _ => String::new(),
    };
    Ok(rows.into_iter().map(sentence).collect())
}
