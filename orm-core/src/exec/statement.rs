//! One SQL statement, ready to run.

use crate::meta::ColumnType;
use crate::value::Value;
use std::sync::Arc;

/// SQL for one database, its arguments, and what its rows hold.
///
/// The text and the columns are shared: a query of the same shape is written once.
#[derive(Debug, Clone)]
pub struct Statement {
    /// the SQL, with the database's placeholders
    pub sql: Arc<str>,
    /// the values of the placeholders
    pub args: Vec<Value>,
    /// the columns of its rows
    pub columns: Arc<[ColumnType]>,
    /// how much it changes
    pub work: Work,
}

/// What an INSERT inserts, where the database numbers the rows.
#[cfg_attr(not(feature = "sqlite"), allow(dead_code, reason = "only SQLite tells the numbers"))]
pub(crate) struct NumberedRows<'a> {
    pub(crate) table: &'a str,
    /// the column of the numbers
    pub(crate) key: &'a str,
    /// how many rows
    pub(crate) count: usize,
}

/// How much a statement changes. SQLite decides by it which connection runs it, and where.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Work {
    /// nothing: it reads
    Read,
    /// as many rows as it has values for: new ones, or found by their keys
    WriteKnown,
    /// any number of rows
    WriteAny,
    /// the new rows that are its values, one after the other; PostgreSQL's COPY
    Copy,
}

impl Work {
    /// Whether it changes rows.
    pub fn writes(self) -> bool {
        self != Work::Read
    }
}
