//! What a query can say about one part of its rows, after the part was added.

use crate::fields::{FieldSet, TypedExpr};
use crate::query::{Expr, Path};
use crate::types::FieldType;
use crate::value::Value;

/// Where a part of a row comes from.
#[doc(hidden)]
#[derive(Debug, Clone)]
pub enum Spot {
    /// it was computed
    Expr(Expr),
    /// it is the row at the end of a path
    Path(Path),
    /// another query fills it
    Elsewhere,
}

/// What a closure such as that of [`filter_with`](crate::QuerySet::filter_with) gets for a part of
/// the row: an expression for a value, the fields for a model, [`Opaque`] for a list.
pub trait Handle {
    /// The handle of what comes from there.
    #[doc(hidden)]
    fn at(spot: Spot) -> Self;
}

impl<R, T: FieldType, C> Handle for TypedExpr<R, T, C> {
    fn at(spot: Spot) -> Self {
        TypedExpr::new(match spot {
            Spot::Expr(expr) => expr,
            Spot::Path(_) | Spot::Elsewhere => Expr::Value(Value::Null(T::COLUMN.kind())),
        })
    }
}

#[diagnostic::do_not_recommend]
impl<F: FieldSet> Handle for F {
    fn at(spot: Spot) -> Self {
        F::at(match spot {
            Spot::Path(path) => path,
            Spot::Expr(_) | Spot::Elsewhere => Path::root(),
        })
    }
}

/// A part of the row of which the query can say nothing: a list that another query fills, a
/// projection.
#[derive(Debug, Clone, Copy)]
pub struct Opaque;

impl Handle for Opaque {
    fn at(_: Spot) -> Self {
        Opaque
    }
}
