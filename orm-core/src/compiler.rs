//! The compiler: resolves the paths of a query into joins, and writes SQL for one dialect.
//!
//! Two passes. [`resolve`] walks the query in the order of its calls and decides which joins there
//! are and of which type, by Django's rules; [`write`] then writes the text, once the types are known.
//!
//! A query of a shape that was there before does not go this way again: [`key`] writes its shape
//! down, and the text that is kept under it in [`cache`] needs nothing but the values ([`draft`]).

mod aggregate;
mod argument;
mod ask;
mod batch;
mod cache;
mod call;
mod change;
mod check;
mod combine;
mod condition;
mod delete;
mod draft;
mod exclude;
mod filtered;
mod group;
mod joins;
mod json;
mod key;
mod list;
mod literal;
mod lock;
mod number;
mod promoter;
mod qualify;
mod raw;
mod read;
mod repeat;
mod resolve;
mod resolved;
mod rows;
mod select;
mod terms;
mod tree;
mod window;
mod write;
mod writer;
mod years;

pub use crate::exec::Statement;
pub(crate) use crate::exec::Work;
pub(crate) use argument::Argument;
pub(crate) use batch::{Batch, NewRow};
pub(crate) use change::{Existing, insert_computed, insert_numbered, insert_over, new_rows_at_once};
pub(crate) use combine::same as same_expression;
pub(crate) use delete::delete_linked;
pub(crate) use joins::through;
pub(crate) use list::padded;
pub(crate) use raw::raw;
pub(crate) use rows::{delete_in, delete_links, insert, insert_links, update_row};
pub(crate) use window::is_windowed;
pub(crate) use writer::Writer;

use crate::error::Result;
use crate::exec::Backend;
use crate::meta::FieldMeta;
use crate::query::{Expr, Query};
use ask::Ask;
use cache::{Found, Kept};
use key::Key;

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

/// The statement for what is asked of a query: out of its shape's text, which is written once.
fn compile(ask: Ask<'_>, query: &Query, backend: Backend) -> Result<Compiled> {
    let mut key = Key::new(backend);
    if key.ask(ask, query, backend).is_err() {
        return compile_anew(ask, query, backend);
    }
    let shapes = cache::shapes(&key);
    let compiled = match shapes.fill(&key) {
        Some(Found::Compiled(compiled)) => compiled,
        Some(Found::Anew) => return compile_anew(ask, query, backend),
        None => {
            let kept = match number::write(ask, query, backend) {
                Ok(Some(draft)) if !draft.undecided => Kept::Text(draft.into()),
                Ok(None) => Kept::Nothing,
                // Another text for other values; or the error of the query itself, with its values.
                Ok(Some(_)) | Err(_) => Kept::Anew,
            };
            let compiled = match &kept {
                Kept::Text(template) => Ok(Compiled::Statement(template.fill(&key.given))),
                Kept::Nothing => Ok(Compiled::Empty),
                Kept::Anew => compile_anew(ask, query, backend),
            };
            shapes.keep(&key.words, kept);
            compiled?
        }
    };
    check::same_query(&compiled, || compile_anew(ask, query, backend));
    Ok(compiled)
}

fn compile_anew(ask: Ask<'_>, query: &Query, backend: Backend) -> Result<Compiled> {
    let draft = ask.write(query, backend)?;
    Ok(draft.map_or(Compiled::Empty, |draft| Compiled::Statement(draft.into_statement())))
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
    compile_anew(Ask::Select, query, backend)
}
