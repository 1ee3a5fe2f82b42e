//! Which lookups, functions and aggregates a type allows.

use crate::types::FieldType;
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
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
pub trait Number: Numeric {}

/// Types that are integers.
#[diagnostic::on_unimplemented(message = "this needs a column of integers, and the column is `{Self}`")]
pub trait Whole: Number {}

/// Types that have a year, a month and a day.
#[diagnostic::on_unimplemented(message = "this needs a date column, and the column is `{Self}`")]
pub trait Dated: FieldType {}

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
    Number: i16, i32, i64, f64, Decimal;
    Whole: i16, i32, i64;
}

impl Dated for NaiveDate {}
impl Dated for DateTime<Utc> {}
