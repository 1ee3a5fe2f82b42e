//! What may stand beside a column: values, expressions, lists, queries.

use super::{Cardinality, Field, One, Optional, TypedExpr};
use crate::query::{Expr, Operand};
use crate::queryset::Values;
use crate::types::FieldType;
use crate::value::Value;
use rust_decimal::Decimal;

use super::Text;

/// A value or an expression that can stand beside a column of type `T` in a query that starts at
/// `R`.
#[diagnostic::on_unimplemented(
    message = "a `{T}` column cannot be compared with or set to `{Self}`",
    label = "expected `{T}` or an expression of that type"
)]
pub trait IntoExpr<T, R> {
    /// [`Yes`] where it may be `None`
    type Null;
    /// whether it may be NULL in a row
    type C: Cardinality;

    /// The untyped expression.
    fn into_expr(self) -> Expr;
}

/// May be NULL.
#[derive(Debug, Clone, Copy)]
pub struct Yes;

/// Is never NULL.
#[derive(Debug, Clone, Copy)]
pub struct No;

/// Values that are never NULL.
#[diagnostic::on_unimplemented(
    message = "NULL is not allowed here",
    label = "this may be `None`",
    note = "the column is required, or the lookup has no meaning for NULL; to test for NULL use `isnull`"
)]
pub trait NotNull {}

#[diagnostic::do_not_recommend]
impl NotNull for No {}

impl<T: FieldType, R> IntoExpr<T, R> for T {
    type Null = No;
    type C = One;

    fn into_expr(self) -> Expr {
        Expr::Value(self.take_value())
    }
}

#[diagnostic::do_not_recommend]
impl<T: FieldType, R> IntoExpr<T, R> for &T {
    type Null = No;
    type C = One;

    fn into_expr(self) -> Expr {
        Expr::Value(self.to_value())
    }
}

#[diagnostic::do_not_recommend]
impl<T: Text, R> IntoExpr<T, R> for &str {
    type Null = No;
    type C = One;

    fn into_expr(self) -> Expr {
        Expr::Value(Value::Text(self.to_owned()))
    }
}

#[diagnostic::do_not_recommend]
impl<T: Text, R> IntoExpr<T, R> for &&str {
    type Null = No;
    type C = One;

    fn into_expr(self) -> Expr {
        Expr::Value(Value::Text((*self).to_owned()))
    }
}

// `price__gt = 3` on columns that are no integers.

#[diagnostic::do_not_recommend]
impl<R> IntoExpr<f64, R> for i32 {
    type Null = No;
    type C = One;

    fn into_expr(self) -> Expr {
        Expr::Value(Value::Float(f64::from(self)))
    }
}

#[diagnostic::do_not_recommend]
impl<R> IntoExpr<Decimal, R> for i32 {
    type Null = No;
    type C = One;

    fn into_expr(self) -> Expr {
        Expr::Value(Value::Decimal(Decimal::from(self)))
    }
}

impl<T: FieldType, R> IntoExpr<T, R> for Option<T> {
    type Null = Yes;
    type C = Optional;

    fn into_expr(self) -> Expr {
        Expr::Value(self.map_or(Value::Null(T::COLUMN.kind()), T::take_value))
    }
}

impl<T, R, C: Cardinality> IntoExpr<T, R> for Field<R, T, C> {
    type Null = No;
    type C = C;

    fn into_expr(self) -> Expr {
        Field::into_expr(self)
    }
}

impl<T, R, C: Cardinality, K> IntoExpr<T, R> for TypedExpr<R, T, C, K> {
    type Null = No;
    type C = C;

    fn into_expr(self) -> Expr {
        TypedExpr::into_expr(self)
    }
}

/// The right-hand side of `in`: a list of values, or a query for one column.
#[diagnostic::on_unimplemented(
    message = "`in` on a `{T}` column takes a list or a one-column query, not `{Self}`",
    label = "expected a list such as `[a, b]`, or `.values(|m| m.field())` of a queryset"
)]
pub trait IntoList<T, R> {
    /// The untyped operand.
    fn into_operand(self) -> Operand;
}

impl<T, R, I: IntoIterator> IntoList<T, R> for I
where
    I::Item: IntoExpr<T, R>,
{
    fn into_operand(self) -> Operand {
        Operand::Many(self.into_iter().map(IntoExpr::into_expr).collect())
    }
}

impl<M, T, R> IntoList<T, R> for Values<M, T> {
    fn into_operand(self) -> Operand {
        Operand::Query(Box::new(self.into_query()))
    }
}

/// NULL among the rows is like nothing; with it, `!` of the condition holds for no row.
#[diagnostic::do_not_recommend]
impl<M, T, R> IntoList<T, R> for Values<M, Option<T>> {
    fn into_operand(self) -> Operand {
        Operand::Query(Box::new(self.into_query()))
    }
}
