//! One SQL statement, ready to run.

use crate::meta::ColumnType;
use crate::value::Value;

/// SQL for one database, its arguments, and what its rows hold.
#[derive(Debug, Clone)]
pub struct Statement {
    /// the SQL, with the database's placeholders
    pub sql: String,
    /// the values of the placeholders
    pub args: Vec<Value>,
    /// the columns of its rows
    pub columns: Vec<ColumnType>,
    /// whether it changes rows; SQLite has one connection for that
    pub writes: bool,
}
