//! What became of a statement: what it did, or why it failed.

use crate::error::Error;

/// What statements did.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Done {
    /// the rows that they matched or inserted
    pub(crate) affected: u64,
    /// the number that the database gave to the (first) inserted row
    pub(crate) last_id: u64,
}

/// What an INSERT of one row did that ran at once.
pub(crate) struct Inserted {
    /// the number that the database gave to the row; 0: none
    pub(crate) id: u64,
    /// the thread is to be given back for a moment: many statements in a row held it
    pub(crate) owes: bool,
}

/// Why a statement did not come to its end.
pub(crate) enum Failure {
    /// the driver or the database says so
    Driver(sqlx::Error),
    /// an argument does not fit; nothing was sent
    Argument(Error),
    /// a row could not be read; the rows after it are still on their way
    Row(Error),
}

impl From<sqlx::Error> for Failure {
    fn from(error: sqlx::Error) -> Self {
        Failure::Driver(error)
    }
}
