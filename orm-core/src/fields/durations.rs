//! `+` and `-` of moments, dates, times of day and lengths of time, `*` and `/` of lengths.

use super::arithmetic::compute;
use super::{Cardinality, Field, IntoExpr, IntoTyped, TypedExpr};
use crate::query::ArithmeticOp;
use crate::types::FieldType;
use chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta, Utc};
use std::ops::{Add, Div, Mul, Sub};

/// Types to which a value of type `U` can be added: a length of time to a moment.
#[diagnostic::on_unimplemented(
    message = "`{U}` cannot be added to a `{Self}` column",
    label = "expected a length of time: a `TimeDelta`, or an expression of one"
)]
pub trait Plus<U>: FieldType {
    /// what they give
    type Output: FieldType;
}

/// Types from which a value of type `U` can be taken: a length of time, or another moment.
#[diagnostic::on_unimplemented(
    message = "`{U}` cannot be subtracted from a `{Self}` column",
    label = "expected a length of time, or a date or moment"
)]
pub trait Minus<U>: FieldType {
    /// what they give
    type Output: FieldType;
}

macro_rules! combinations {
    ($($trait:ident [$($left:ty, $right:ty => $output:ty;)*])*) => { $($(
        impl $trait<$right> for $left {
            type Output = $output;
        }
    )*)* };
}

// A date and a length of time are a moment, as in Django; a time of day goes round at midnight.
combinations! {
    Plus [
    DateTime<Utc>, TimeDelta => DateTime<Utc>;
    NaiveDate, TimeDelta => DateTime<Utc>;
    TimeDelta, TimeDelta => TimeDelta;
    TimeDelta, DateTime<Utc> => DateTime<Utc>;
    TimeDelta, NaiveDate => DateTime<Utc>;
    NaiveTime, TimeDelta => NaiveTime;
    TimeDelta, NaiveTime => NaiveTime;
    ]

    Minus [
    DateTime<Utc>, TimeDelta => DateTime<Utc>;
    DateTime<Utc>, DateTime<Utc> => TimeDelta;
    DateTime<Utc>, NaiveDate => TimeDelta;
    NaiveDate, TimeDelta => DateTime<Utc>;
    NaiveDate, NaiveDate => TimeDelta;
    NaiveDate, DateTime<Utc> => TimeDelta;
    NaiveTime, NaiveTime => TimeDelta;
    NaiveTime, TimeDelta => NaiveTime;
    TimeDelta, TimeDelta => TimeDelta;
    ]
}

macro_rules! operators {
    ($($op:ident $method:ident $rule:ident [$($of:ty),*];)*) => { $($(
        impl<R, C: Cardinality, V: IntoTyped<R>> $op<V> for Field<R, $of, C>
        where
            $of: $rule<V::Sql>,
        {
            type Output = TypedExpr<R, <$of as $rule<V::Sql>>::Output, C::Both<V::C>>;

            fn $method(self, other: V) -> Self::Output {
                compute(ArithmeticOp::$op, self.into_expr(), other.into_typed())
            }
        }

        impl<R, C: Cardinality, K, V: IntoTyped<R>> $op<V> for TypedExpr<R, $of, C, K>
        where
            $of: $rule<V::Sql>,
        {
            type Output = TypedExpr<R, <$of as $rule<V::Sql>>::Output, C::Both<V::C>>;

            fn $method(self, other: V) -> Self::Output {
                compute(ArithmeticOp::$op, self.into_expr(), other.into_typed())
            }
        }
    )*)* };
}

operators! {
    Add add Plus [DateTime<Utc>, NaiveDate, NaiveTime, TimeDelta];
    Sub sub Minus [DateTime<Utc>, NaiveDate, NaiveTime, TimeDelta];
}

macro_rules! scaled {
    ($($op:ident $method:ident;)*) => { $(
        impl<R, C: Cardinality, V: IntoExpr<i64, R>> $op<V> for Field<R, TimeDelta, C> {
            type Output = TypedExpr<R, TimeDelta, C::Both<V::C>>;

            fn $method(self, other: V) -> Self::Output {
                compute(ArithmeticOp::$op, self.into_expr(), other.into_expr())
            }
        }

        impl<R, C: Cardinality, K, V: IntoExpr<i64, R>> $op<V> for TypedExpr<R, TimeDelta, C, K> {
            type Output = TypedExpr<R, TimeDelta, C::Both<V::C>>;

            fn $method(self, other: V) -> Self::Output {
                compute(ArithmeticOp::$op, self.into_expr(), other.into_expr())
            }
        }
    )* };
}

scaled! {
    Mul mul;
    Div div;
}
