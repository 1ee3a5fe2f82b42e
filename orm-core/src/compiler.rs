//! The compiler: resolves the paths of a query into joins, and writes SQL for one dialect.
//!
//! Two passes. [`resolve`] walks the query in the order of its calls and decides which joins there
//! are and of which type, by Django's rules; [`write`] then writes the text, once the types are known.

mod change;
mod exclude;
mod joins;
mod literal;
mod promoter;
mod resolve;
mod resolved;
mod select;
mod write;
mod writer;

pub use crate::exec::Statement;
pub(crate) use crate::exec::Work;
pub(crate) use change::{
    NewRow, arguments_by_row, delete_in, delete_links, insert, insert_links, insert_numbered, new_rows_at_once, update,
    update_row,
};
pub(crate) use joins::through;
pub(crate) use select::{count, exists, select, select_keys};
pub(crate) use writer::Writer;

use crate::error::Result;
use crate::exec::Backend;
use crate::query::Query;

/// What became of a query.
#[derive(Debug)]
pub enum Compiled {
    /// a statement to be run
    Statement(Statement),
    /// it is certain without asking that no row fits
    Empty,
}

/// The SQL of a query, with its arguments filled in for reading.
pub(crate) fn to_sql(query: &Query, backend: Backend) -> Result<String> {
    Ok(match select(query, backend)? {
        Compiled::Statement(statement) => literal::fill_in(&statement, backend),
        Compiled::Empty => "-- no rows: no statement is run".to_owned(),
    })
}
