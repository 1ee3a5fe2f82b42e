//! Which lookups, functions and aggregates a type allows.

use crate::types::FieldType;
use crate::value::Value;
use chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta, Utc};
use rust_decimal::Decimal;

/// Types that are stored as text.
#[diagnostic::on_unimplemented(
    message = "this lookup needs a text column, and the column is `{Self}`",
    label = "not a text column"
)]
pub trait Text: FieldType {}

/// Types that can be summed and computed with.
#[diagnostic::on_unimplemented(message = "this needs a numeric column, and the column is `{Self}`")]
pub trait Numeric: FieldType {
    /// what a sum of them is
    type Sum: FieldType;
    /// what their average is
    type Avg: FieldType;
}

/// Types that are numbers, which lengths of time are not.
#[diagnostic::on_unimplemented(message = "this needs a column of numbers, and the column is `{Self}`")]
pub trait Number: Numeric {
    /// -1
    #[doc(hidden)]
    const MINUS_ONE: Value;
}

/// Types that are integers.
#[diagnostic::on_unimplemented(message = "this needs a column of integers, and the column is `{Self}`")]
pub trait Whole: Number {}

/// Types that have a year, a month and a day.
#[diagnostic::on_unimplemented(message = "this needs a date column, and the column is `{Self}`")]
pub trait Dated: FieldType {}

/// Types that have an hour, a minute and a second.
#[diagnostic::on_unimplemented(message = "this needs a column with a time of day, and the column is `{Self}`")]
pub trait Timed: FieldType {}

/// Types that have a date and a time of day.
#[diagnostic::on_unimplemented(message = "this needs a column of moments, and the column is `{Self}`")]
pub trait Moment: Dated + Timed {}

impl Text for String {}

macro_rules! numeric {
    ($($type:ty: $sum:ty, $avg:ty;)*) => {
        $(impl Numeric for $type {
            type Sum = $sum;
            type Avg = $avg;
        })*
    };
}

numeric! {
    i16: i64, f64;
    i32: i64, f64;
    i64: i64, f64;
    f64: f64, f64;
    Decimal: Decimal, Decimal;
    TimeDelta: TimeDelta, TimeDelta;
}

macro_rules! marked {
    ($($trait:ident: $($type:ty),*;)*) => { $($(impl $trait for $type {})*)* };
}

marked! {
    Whole: i16, i32, i64;
    Dated: NaiveDate, DateTime<Utc>;
    Timed: NaiveTime, DateTime<Utc>;
    Moment: DateTime<Utc>;
}

macro_rules! numbers {
    ($($type:ty: $minus_one:expr;)*) => {
        $(impl Number for $type {
            const MINUS_ONE: Value = $minus_one;
        })*
    };
}

numbers! {
    i16: Value::Int(-1);
    i32: Value::Int(-1);
    i64: Value::Int(-1);
    f64: Value::Float(-1.0);
    Decimal: Value::Decimal(Decimal::NEGATIVE_ONE);
}
