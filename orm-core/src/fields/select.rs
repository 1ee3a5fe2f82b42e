//! What `values`, `annotate` and `aggregate` read.

use super::{Cardinality, Field, FieldSet, TypedExpr};
use crate::model::Model;
use crate::query::Expr;
use crate::row::{Extras, Shape};
use crate::types::FieldType;

/// Columns to be read in a query on `R`: a field, an expression, a relation's key, or a tuple.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not something that can be read from a query on `{R}`",
    label = "expected fields, expressions or a tuple of them: `|m| (m.id(), m.name())`"
)]
pub trait Selection<R> {
    /// what they are read as
    type Out: Shape;
    /// the row with them added
    type Append<X: Extras>: Extras;

    /// Appends the expressions.
    fn push(self, to: &mut Vec<Expr>);
}

impl<R, T: FieldType, C: Cardinality> Selection<R> for Field<R, T, C> {
    type Out = C::Of<T>;
    type Append<X: Extras> = X::Push<C::Of<T>>;

    fn push(self, to: &mut Vec<Expr>) {
        to.push(self.into_expr());
    }
}

impl<R, T: FieldType, C: Cardinality, K> Selection<R> for TypedExpr<R, T, C, K> {
    type Out = C::Of<T>;
    type Append<X: Extras> = X::Push<C::Of<T>>;

    fn push(self, to: &mut Vec<Expr>) {
        to.push(self.into_expr());
    }
}

/// A relation is read as its key.
#[diagnostic::do_not_recommend]
impl<F: FieldSet> Selection<F::Root> for F {
    type Out = <F::Card as Cardinality>::Of<<F::Model as Model>::Pk>;
    type Append<X: Extras> = X::Push<<F::Card as Cardinality>::Of<<F::Model as Model>::Pk>>;

    fn push(self, to: &mut Vec<Expr>) {
        to.push(self.key());
    }
}
