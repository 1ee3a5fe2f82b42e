//! What the drivers say, turned into the crate's own errors.

mod complete;
#[cfg(feature = "mysql")]
mod mysql;
#[cfg(feature = "postgres")]
mod postgres;
#[cfg(feature = "sqlite")]
mod sqlite;

use super::{Error, IntegrityKind};
use crate::exec::redacted;
use sqlx::error::DatabaseError;

/// A broken constraint, as far as it is known.
#[derive(Debug, PartialEq, Eq)]
struct Broken {
    kind: IntegrityKind,
    constraint: Option<String>,
    table: Option<String>,
    columns: Vec<String>,
}

impl Broken {
    fn new(kind: IntegrityKind) -> Self {
        Broken {
            kind,
            constraint: None,
            table: None,
            columns: Vec::new(),
        }
    }

    fn constraint(mut self, constraint: Option<&str>) -> Self {
        self.constraint = constraint.map(str::to_owned);
        self
    }

    fn table(mut self, table: Option<&str>) -> Self {
        self.table = table.map(str::to_owned);
        self
    }

    fn columns<'a>(mut self, columns: impl IntoIterator<Item = &'a str>) -> Self {
        self.columns = columns.into_iter().map(str::to_owned).collect();
        self
    }
}

/// What the driver said of that statement, in our words.
pub(crate) fn from_driver(error: sqlx::Error, sql: &str, url: &str) -> Error {
    match &error {
        sqlx::Error::Database(reported) => match from_database(reported.as_ref(), sql) {
            Some(known) => known,
            None => {
                let (code, mut message) = (code_of(reported.as_ref()), reported.message().to_owned());
                if let Some(advice) = missing(code.as_deref(), &message) {
                    message = format!("{message}; {advice}");
                }
                Error::Database {
                    code,
                    message,
                    source: Some(Box::new(error)),
                }
            }
        },
        sqlx::Error::Io(reason) => lost(url, format!("the connection was lost: {reason}")),
        sqlx::Error::Tls(reason) => lost(url, format!("TLS failed: {reason}")),
        sqlx::Error::WorkerCrashed => lost(url, "the thread of the connection ended".to_owned()),
        sqlx::Error::PoolClosed => lost(url, "the database was closed".to_owned()),
        sqlx::Error::Protocol(reason) => lost(url, format!("the server's answer makes no sense: {reason}")),
        sqlx::Error::Configuration(_) | sqlx::Error::PoolTimedOut => connecting(error, url),
        sqlx::Error::ColumnDecode { index, source } => Error::decode(format!("column {index}"), source),
        sqlx::Error::Decode(reason) => Error::decode("a column", reason),
        sqlx::Error::Encode(reason) => Error::Query(format!("a value cannot be sent to the database: {reason}")),
        _ => Error::Database {
            code: None,
            message: error.to_string(),
            source: Some(Box::new(error)),
        },
    }
}

/// What may help where a table or a column is not there.
fn missing(code: Option<&str>, message: &str) -> Option<&'static str> {
    let says = |words: &str| code == Some("1") && message.contains(words);
    if matches!(code, Some("42P01" | "1146")) || says("no such table") {
        Some("the tables of models are made by `manage migrate`")
    } else if matches!(code, Some("42703" | "1054")) || says("no such column") || says("has no column named") {
        Some("the columns of models are made by `manage makemigrations` and `manage migrate`")
    } else {
        None
    }
}

fn lost(url: &str, message: String) -> Error {
    Error::Connection {
        url: redacted(url),
        message,
    }
}

/// MySQL's SQLSTATE says little, its number everything.
fn code_of(error: &dyn DatabaseError) -> Option<String> {
    #[cfg(feature = "mysql")]
    if let Some(error) = error.try_downcast_ref::<sqlx::mysql::MySqlDatabaseError>() {
        return Some(error.number().to_string());
    }
    error.code().map(|code| code.into_owned())
}

/// The errors that have a variant of their own.
fn from_database(error: &dyn DatabaseError, sql: &str) -> Option<Error> {
    #[cfg(feature = "postgres")]
    if error
        .try_downcast_ref::<sqlx::postgres::PgDatabaseError>()
        .is_some_and(|e| e.code() == "25P02")
    {
        return Some(Error::Transaction(postgres::ABORTED.to_owned()));
    }
    if let Some(message) = about_zone(error, sql) {
        return Some(Error::Query(message.to_owned()));
    }
    let mut broken = broken(error, sql)?;
    complete::complete(&mut broken);
    let Broken {
        kind,
        constraint,
        table,
        columns,
    } = broken;
    Some(Error::Integrity {
        kind,
        constraint,
        table,
        columns,
        message: error.message().to_owned(),
    })
}

/// What is said about a time zone of an unknown name, if the error is about one.
#[allow(unused_variables, reason = "depends on the features")]
fn about_zone<'e>(error: &'e dyn DatabaseError, sql: &str) -> Option<&'e str> {
    #[cfg(feature = "postgres")]
    if let Some(error) = error.try_downcast_ref() {
        return postgres::is_unknown_zone(error).then_some(error.message());
    }
    #[cfg(feature = "sqlite")]
    if error.try_downcast_ref::<crate::exec::SqliteError>().is_some() {
        return crate::exec::is_about_zone(error.message()).then_some(error.message());
    }
    #[cfg(feature = "mysql")]
    if let Some(error) = error.try_downcast_ref::<sqlx::mysql::MySqlDatabaseError>() {
        return mysql::is_unknown_zone(error.number(), error.message(), sql).then_some(mysql::UNKNOWN_ZONE);
    }
    None
}

/// Whether SQLite says it: the statement that we ran, or the connection that sqlx opened.
#[cfg(feature = "sqlite")]
fn is_sqlite(error: &dyn DatabaseError) -> bool {
    error.try_downcast_ref::<crate::exec::SqliteError>().is_some()
        || error.try_downcast_ref::<sqlx::sqlite::SqliteError>().is_some()
}

fn broken(error: &dyn DatabaseError, sql: &str) -> Option<Broken> {
    #[cfg(feature = "sqlite")]
    if is_sqlite(error) {
        return sqlite::broken(error.message());
    }
    #[cfg(feature = "postgres")]
    if let Some(error) = error.try_downcast_ref::<sqlx::postgres::PgDatabaseError>() {
        return postgres::broken(error);
    }
    #[cfg(feature = "mysql")]
    if let Some(error) = error.try_downcast_ref::<sqlx::mysql::MySqlDatabaseError>() {
        return mysql::broken(error.number(), error.message(), sql);
    }
    let _ = (error, sql);
    None
}

/// What an error leaves behind, for the transaction that it happened in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Aftermath {
    /// nothing reached the database
    Nothing,
    /// the statement had no effect
    StatementFailed,
    /// the database rolled the transaction back by itself
    #[cfg(any(feature = "sqlite", feature = "mysql"))]
    TransactionLost(&'static str),
    /// the connection is of no use any more
    ConnectionLost,
}

impl Aftermath {
    pub(crate) fn of(error: &sqlx::Error) -> Self {
        match error {
            sqlx::Error::Database(error) => {
                let code = code_of(error.as_ref()).unwrap_or_default();
                Self::of_code(error.as_ref(), &code)
            }
            sqlx::Error::Encode(_) | sqlx::Error::ColumnDecode { .. } | sqlx::Error::Decode(_) => Aftermath::Nothing,
            _ => Aftermath::ConnectionLost,
        }
    }

    fn of_code(error: &dyn DatabaseError, code: &str) -> Self {
        #[cfg(feature = "sqlite")]
        if is_sqlite(error) {
            return match code.parse::<i32>().map(|code| code & 0xff) {
                // Out of memory, interrupted, I/O error, corrupt, disk full.
                Ok(7 | 9 | 10 | 11 | 13) => Aftermath::TransactionLost("an error in it made SQLite roll it back"),
                _ => Aftermath::StatementFailed,
            };
        }
        #[cfg(feature = "mysql")]
        if error.try_downcast_ref::<sqlx::mysql::MySqlDatabaseError>().is_some() {
            return match code {
                "1213" => Aftermath::TransactionLost("a deadlock made the database roll it back; it may be run again"),
                _ => Aftermath::StatementFailed,
            };
        }
        let _ = error;
        // The server is shutting down, or an administrator ended the connection.
        if code.starts_with("57P") {
            Aftermath::ConnectionLost
        } else {
            Aftermath::StatementFailed
        }
    }
}

/// Why there is no connection to this URL, and what may help.
pub(crate) fn connecting(error: sqlx::Error, url: &str) -> Error {
    let reason = match &error {
        sqlx::Error::Database(error) => error.message().to_owned(),
        sqlx::Error::Io(error) => error.to_string(),
        sqlx::Error::Configuration(error) => error.to_string(),
        other => other.to_string(),
    };
    let message = match advice(&error, url) {
        Some(advice) => format!("{reason}; {advice}"),
        None => reason,
    };
    Error::Connection {
        url: redacted(url),
        message,
    }
}

fn advice(error: &sqlx::Error, url: &str) -> Option<String> {
    match error {
        sqlx::Error::Io(error) => match error.kind() {
            std::io::ErrorKind::ConnectionRefused => Some("is the server running, at that host and port?".to_owned()),
            std::io::ErrorKind::NotFound => Some("is the server running, and is that its socket?".to_owned()),
            _ => Some("is the host's name right, and can it be reached?".to_owned()),
        },
        sqlx::Error::Configuration(_) => {
            Some("is the URL written like scheme://user:password@host:port/database?".to_owned())
        }
        sqlx::Error::Tls(_) => {
            Some("to do without TLS, add ?sslmode=disable (MySQL: ?ssl-mode=DISABLED) to the URL".to_owned())
        }
        sqlx::Error::Database(error) => {
            let code = code_of(error.as_ref())?;
            match code.as_str() {
                "3D000" => Some(format!(
                    "to make it, run: CREATE DATABASE {};",
                    crate::exec::database_name(url)
                )),
                // The server's own collation would not heed case.
                "1049" => Some(format!(
                    "to make it, run: CREATE DATABASE {} CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;",
                    crate::exec::database_name(url)
                )),
                "28P01" | "28000" | "1045" | "1044" | "1698" => Some("are the user and the password right?".to_owned()),
                "53300" | "1040" => Some("the server has no connection left".to_owned()),
                "14" => Some("does the folder exist, and may this program write there?".to_owned()),
                "26" => Some("the file is no SQLite database".to_owned()),
                _ => None,
            }
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tells_what_may_help() {
        let refused = std::io::Error::from(std::io::ErrorKind::ConnectionRefused);
        let error = connecting(sqlx::Error::Io(refused), "postgres://bob:secret@localhost/library");
        let text = error.to_string();
        assert!(
            text.starts_with(
                "cannot connect to postgres://bob:***@localhost/library: connection refused; is the server"
            ),
            "{text}"
        );
    }
}
