//! Values and expressions that say by themselves what type they are of.

use super::{Cardinality, Field, IntoExpr, One, Optional, TypedExpr};
use crate::query::Expr;
use crate::types::FieldType;
use crate::value::Value;

/// A value, a field or an expression, where nothing beside it says of which type it must be.
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no value in a query on `{R}`",
    label = "expected a field, an expression or a value of a column's type"
)]
pub trait IntoTyped<R> {
    /// the type of its value
    type Sql: FieldType;
    /// whether it may be NULL
    type C: Cardinality;

    /// The untyped expression.
    fn into_typed(self) -> Expr;
}

impl<R, T: FieldType> IntoTyped<R> for T {
    type Sql = T;
    type C = One;

    fn into_typed(self) -> Expr {
        Expr::Value(self.take_value())
    }
}

impl<R, T: FieldType> IntoTyped<R> for Option<T> {
    type Sql = T;
    type C = Optional;

    fn into_typed(self) -> Expr {
        IntoExpr::<T, R>::into_expr(self)
    }
}

impl<R> IntoTyped<R> for &str {
    type Sql = String;
    type C = One;

    fn into_typed(self) -> Expr {
        Expr::Value(Value::Text(self.to_owned()))
    }
}

impl<R, T: FieldType, C: Cardinality> IntoTyped<R> for Field<R, T, C> {
    type Sql = T;
    type C = C;

    fn into_typed(self) -> Expr {
        self.into_expr()
    }
}

impl<R, T: FieldType, C: Cardinality, K> IntoTyped<R> for TypedExpr<R, T, C, K> {
    type Sql = T;
    type C = C;

    fn into_typed(self) -> Expr {
        self.into_expr()
    }
}
