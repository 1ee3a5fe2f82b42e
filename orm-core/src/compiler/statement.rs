//! What is asked of a query, and the statements for it.

pub(super) mod batch;
pub(super) mod change;
pub(super) mod copy;
pub(super) mod delete;
pub(super) mod literal;
mod over_rows;
pub(super) mod raw;
mod read;

use super::draft::Draft;
use crate::error::Result;
use crate::exec::Backend;
use crate::meta::FieldMeta;
use crate::query::{Expr, Query};

/// What is asked of a query.
#[derive(Clone, Copy)]
pub(super) enum Ask<'a> {
    /// its rows
    Select,
    /// how many rows it has
    Count,
    /// whether it has one
    Exists,
    /// some columns of its model's rows
    Keys(&'a [Expr]),
    /// to set columns of its rows
    Update(&'a [(&'static FieldMeta, Expr)]),
    /// to delete its rows
    Delete,
}

impl Ask<'_> {
    /// Writes its SQL. `None`: there are no rows for certain.
    pub(super) fn write(self, query: &Query, backend: Backend) -> Result<Option<Draft>> {
        match self {
            Ask::Select => read::select(query, backend),
            Ask::Count => read::count(query, backend),
            Ask::Exists => read::exists(query, backend),
            Ask::Keys(columns) => read::select_keys(query, columns, backend),
            Ask::Update(set) => change::update(query, set, backend),
            Ask::Delete => delete::delete(query, backend),
        }
    }
}
