//! SQLite's errors, in the driver's terms.

use crate::exec::outcome::Failure;
use libsqlite3_sys as ffi;
use sqlx::error::{DatabaseError, ErrorKind};
use std::borrow::Cow;
use std::error::Error;
use std::fmt;

/// What SQLite said.
#[derive(Debug)]
pub(crate) struct SqliteError {
    /// the extended code
    pub(super) code: i32,
    pub(super) message: String,
}

impl SqliteError {
    /// Another process has the database.
    pub(super) fn busy() -> Self {
        SqliteError {
            code: ffi::SQLITE_BUSY,
            message: "database is locked".to_owned(),
        }
    }

    /// Whether waiting may help. A snapshot that is too old does not become younger.
    pub(super) fn is_busy(&self) -> bool {
        self.primary_code() == ffi::SQLITE_BUSY && self.code != ffi::SQLITE_BUSY_SNAPSHOT
    }

    /// The code without its extension.
    pub(super) fn primary_code(&self) -> i32 {
        self.code & 0xff
    }
}

impl fmt::Display for SqliteError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} (code {})", self.message, self.code)
    }
}

impl Error for SqliteError {}

impl From<SqliteError> for Failure {
    fn from(error: SqliteError) -> Self {
        Failure::Driver(error.into())
    }
}

impl DatabaseError for SqliteError {
    fn message(&self) -> &str {
        &self.message
    }

    fn code(&self) -> Option<Cow<'_, str>> {
        Some(self.code.to_string().into())
    }

    fn as_error(&self) -> &(dyn Error + Send + Sync + 'static) {
        self
    }

    fn as_error_mut(&mut self) -> &mut (dyn Error + Send + Sync + 'static) {
        self
    }

    fn into_error(self: Box<Self>) -> Box<dyn Error + Send + Sync + 'static> {
        self
    }

    fn kind(&self) -> ErrorKind {
        ErrorKind::Other
    }
}
