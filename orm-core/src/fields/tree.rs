//! What a walk along a tree tells of its rows.

use super::{One, TypedExpr};
use crate::query::{Expr, Walked};

/// How many steps a row is away from where [`descendants`](crate::QuerySet::descendants) or
/// [`ancestors`](crate::QuerySet::ancestors) began, which is 0: below the topmost row that it was
/// reached from, above the nearest.
///
/// Another query that speaks of it is an error.
pub fn depth<R>() -> TypedExpr<R, i64, One> {
    TypedExpr::new(Expr::Walked(Walked::Depth))
}

/// The keys on the way to a row, to order by: each row stands before all that are below it, and rows
/// beside each other in the order of their keys.
///
/// What it looks like depends on the database.
pub fn path<R>() -> TypedExpr<R, String, One> {
    TypedExpr::new(Expr::Walked(Walked::Path))
}
