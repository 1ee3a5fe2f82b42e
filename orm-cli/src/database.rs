//! The database that a command works on.

use crate::error::{CliError, Result};
use orm_core::exec::{Backend, Db};

/// Connects to the database of that URL, does the work, and disconnects.
pub(crate) async fn with_database<T>(url: Option<&str>, work: impl AsyncFnOnce(Db) -> Result<T>) -> Result<T> {
    let url = url.filter(|url| !url.is_empty()).ok_or(CliError::NoDatabase)?;
    let db = Db::connect(url).await?;
    let result = work(db.clone()).await;
    db.close().await;
    result
}

/// The kind of database that a bare word means, in a version of today.
pub(crate) fn kind(name: &str) -> Option<Backend> {
    Some(match name.to_ascii_lowercase().as_str() {
        "sqlite" | "sqlite3" => Backend::Sqlite,
        "postgres" | "postgresql" => Backend::Postgres,
        "mysql" => Backend::MySql {
            mariadb: false,
            version: (8, 4),
        },
        "mariadb" => Backend::MySql {
            mariadb: true,
            version: (11, 4),
        },
        _ => return None,
    })
}
