//! Functions of numbers.

use super::arithmetic::compute;
use super::sql_expr::{call, call_with};
use super::{Cardinality, IntoExpr, Number, Numeric, SqlExpr, TypedExpr, Whole};
use crate::query::{ArithmeticOp, Expr, function};
use crate::value::Value;

/// What can be made of a number: Django's mathematical functions, and bits.
///
/// `+ - * / %` are operators. Where there is no result (the square root of a negative number, a
/// division by zero), PostgreSQL fails, and elsewhere the value is NULL.
pub trait NumberExpr<R>: SqlExpr<R> {
    /// Without its sign.
    fn abs(self) -> TypedExpr<R, Self::Sql, Self::C>
    where
        Self::Sql: Number,
    {
        call(self.into_sql(), &function::ABS)
    }

    /// The next whole number that is not less.
    fn ceil(self) -> TypedExpr<R, Self::Sql, Self::C>
    where
        Self::Sql: Number,
    {
        call(self.into_sql(), &function::CEIL)
    }

    /// The next whole number that is not greater.
    fn floor(self) -> TypedExpr<R, Self::Sql, Self::C>
    where
        Self::Sql: Number,
    {
        call(self.into_sql(), &function::FLOOR)
    }

    /// -1, 0 or 1.
    fn sign(self) -> TypedExpr<R, Self::Sql, Self::C>
    where
        Self::Sql: Number,
    {
        call(self.into_sql(), &function::SIGN)
    }

    /// The square root.
    fn sqrt(self) -> TypedExpr<R, <Self::Sql as Numeric>::Avg, Self::C>
    where
        Self::Sql: Number,
    {
        call(self.into_sql(), &function::SQRT)
    }

    /// Rounded to so many decimal places.
    fn round(self, places: u32) -> TypedExpr<R, Self::Sql, Self::C>
    where
        Self::Sql: Number,
    {
        let places = Expr::Value(Value::Int(places.into()));
        call_with(self.into_sql(), &function::ROUND, [places])
    }

    /// Raised to a power.
    fn power<V: IntoExpr<Self::Sql, R>>(
        self,
        exponent: V,
    ) -> TypedExpr<R, <Self::Sql as Numeric>::Avg, <Self::C as Cardinality>::Both<V::C>>
    where
        Self::Sql: Number,
    {
        call_with(self.into_sql(), &function::POWER, [exponent.into_expr()])
    }

    /// What a division leaves over, as a float or a decimal; `%` is of the number's own type.
    fn modulo<V: IntoExpr<Self::Sql, R>>(
        self,
        divisor: V,
    ) -> TypedExpr<R, <Self::Sql as Numeric>::Avg, <Self::C as Cardinality>::Both<V::C>>
    where
        Self::Sql: Number,
    {
        call_with(self.into_sql(), &function::MOD, [divisor.into_expr()])
    }

    /// The character with that code.
    fn chr(self) -> TypedExpr<R, String, Self::C>
    where
        Self::Sql: Whole,
    {
        call(self.into_sql(), &function::CHR)
    }

    /// The bits that both have.
    fn bitand<V: IntoExpr<Self::Sql, R>>(
        self,
        other: V,
    ) -> TypedExpr<R, Self::Sql, <Self::C as Cardinality>::Both<V::C>>
    where
        Self::Sql: Whole,
    {
        compute(ArithmeticOp::BitAnd, self.into_sql(), other.into_expr())
    }

    /// The bits that one of them has.
    fn bitor<V: IntoExpr<Self::Sql, R>>(self, other: V) -> TypedExpr<R, Self::Sql, <Self::C as Cardinality>::Both<V::C>>
    where
        Self::Sql: Whole,
    {
        compute(ArithmeticOp::BitOr, self.into_sql(), other.into_expr())
    }

    /// The bits that just one of them has.
    fn bitxor<V: IntoExpr<Self::Sql, R>>(
        self,
        other: V,
    ) -> TypedExpr<R, Self::Sql, <Self::C as Cardinality>::Both<V::C>>
    where
        Self::Sql: Whole,
    {
        compute(ArithmeticOp::BitXor, self.into_sql(), other.into_expr())
    }

    /// The bits, so many places to the left.
    fn bitleftshift<V: IntoExpr<Self::Sql, R>>(
        self,
        other: V,
    ) -> TypedExpr<R, Self::Sql, <Self::C as Cardinality>::Both<V::C>>
    where
        Self::Sql: Whole,
    {
        compute(ArithmeticOp::Shl, self.into_sql(), other.into_expr())
    }

    /// The bits, so many places to the right.
    fn bitrightshift<V: IntoExpr<Self::Sql, R>>(
        self,
        other: V,
    ) -> TypedExpr<R, Self::Sql, <Self::C as Cardinality>::Both<V::C>>
    where
        Self::Sql: Whole,
    {
        compute(ArithmeticOp::Shr, self.into_sql(), other.into_expr())
    }
}

impl<R, E: SqlExpr<R>> NumberExpr<R> for E {}
