//! The compiler: resolves the paths of a query into joins, and writes SQL for one dialect.
//!
//! What is asked of a query ([`statement`]) becomes SQL in two passes. [`resolve`] walks the query in
//! the order of its calls and decides which joins there are and of which type, by Django's rules; the
//! tree between the passes is in [`resolved`]; [`write`] then writes the text, once the types are known.
//!
//! A query of a shape that was there before does not go this way again: [`shape`] keeps the text, which
//! needs nothing but the values ([`draft`]).

mod argument;
mod draft;
mod list;
mod resolve;
mod resolved;
mod shape;
mod statement;
mod write;

pub(crate) use argument::Argument;
pub use draft::Compiled;
pub(crate) use list::padded;
pub(crate) use resolve::joins::through;
pub(crate) use resolve::window::is_windowed;
pub(crate) use shape::rows::{delete_in, delete_links, insert, insert_links, numbered_row, update_row};
pub(crate) use statement::batch::{Batch, NewRow};
pub(crate) use statement::change::{Existing, insert_computed, insert_numbered, insert_over, new_rows_at_once};
pub(crate) use statement::copy::{copies, copy, wants_copy};
pub(crate) use statement::delete::delete_linked;
pub(crate) use statement::raw::raw;
pub(crate) use write::Writer;

use crate::error::Result;
use crate::exec::Backend;
use crate::meta::FieldMeta;
use crate::query::{Expr, Query};
use shape::compile;
use statement::{Ask, literal};

/// The SQL of a query, with its arguments filled in for reading.
pub(crate) fn to_sql(query: &Query, backend: Backend) -> Result<String> {
    Ok(match select(query, backend)? {
        Compiled::Statement(statement) => literal::fill_in(&statement, backend),
        Compiled::Empty => "-- no rows: no statement is run".to_owned(),
    })
}

/// The SELECT of a query.
///
/// # Errors
/// [`Error::Query`](crate::Error::Query) where it makes no sense,
/// [`Error::NotSupported`](crate::Error::NotSupported) where the database cannot do it.
pub fn select(query: &Query, backend: Backend) -> Result<Compiled> {
    compile(Ask::Select, query, backend)
}

/// The number of a query's rows.
pub(crate) fn count(query: &Query, backend: Backend) -> Result<Compiled> {
    compile(Ask::Count, query, backend)
}

/// Whether a query has a row.
pub(crate) fn exists(query: &Query, backend: Backend) -> Result<Compiled> {
    compile(Ask::Exists, query, backend)
}

/// The SELECT of some columns of a model's rows, for `delete`.
pub(crate) fn select_keys(query: &Query, columns: Vec<Expr>, backend: Backend) -> Result<Compiled> {
    compile(Ask::Keys(&columns), query, backend)
}

/// An UPDATE of the rows of a query.
pub(crate) fn update(query: &Query, set: &[(&'static FieldMeta, Expr)], backend: Backend) -> Result<Compiled> {
    compile(Ask::Update(set), query, backend)
}

/// A DELETE of the rows of a query.
pub(crate) fn delete(query: &Query, backend: Backend) -> Result<Compiled> {
    compile(Ask::Delete, query, backend)
}

/// For benches and tests: the SELECT of a query, written anew.
///
/// # Errors
/// As for the query itself.
pub fn select_anew(query: &Query, backend: Backend) -> Result<Compiled> {
    shape::compile_anew(Ask::Select, query, backend)
}
