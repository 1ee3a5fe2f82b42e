//! What a setter of `create()` takes.

use super::Text;
use crate::types::FieldType;
use crate::value::Value;
use rust_decimal::Decimal;

/// A plain value for a field of type `T` (`Option<U>` for a nullable one).
#[diagnostic::on_unimplemented(
    message = "a field of type `{T}` cannot be made from `{Self}`",
    label = "expected `{T}`"
)]
pub trait IntoValue<T> {
    /// The value.
    fn into_value(self) -> Value;
}

impl<T: FieldType> IntoValue<T> for T {
    fn into_value(self) -> Value {
        self.take_value()
    }
}

#[diagnostic::do_not_recommend]
impl<T: FieldType> IntoValue<T> for &T {
    fn into_value(self) -> Value {
        self.to_value()
    }
}

#[diagnostic::do_not_recommend]
impl<T: Text> IntoValue<T> for &str {
    fn into_value(self) -> Value {
        Value::Text(self.to_owned())
    }
}

impl<T: FieldType> IntoValue<Option<T>> for Option<T> {
    fn into_value(self) -> Value {
        self.map_or(Value::Null(T::COLUMN.kind()), T::take_value)
    }
}

#[diagnostic::do_not_recommend]
impl<T: FieldType> IntoValue<Option<T>> for T {
    fn into_value(self) -> Value {
        self.take_value()
    }
}

#[diagnostic::do_not_recommend]
impl<T: FieldType> IntoValue<Option<T>> for &T {
    fn into_value(self) -> Value {
        self.to_value()
    }
}

#[diagnostic::do_not_recommend]
impl<T: Text> IntoValue<Option<T>> for &str {
    fn into_value(self) -> Value {
        Value::Text(self.to_owned())
    }
}

// `.price(3)` on columns that are no integers.

#[diagnostic::do_not_recommend]
impl IntoValue<f64> for i32 {
    fn into_value(self) -> Value {
        Value::Float(f64::from(self))
    }
}

#[diagnostic::do_not_recommend]
impl IntoValue<Option<f64>> for i32 {
    fn into_value(self) -> Value {
        Value::Float(f64::from(self))
    }
}

#[diagnostic::do_not_recommend]
impl IntoValue<Decimal> for i32 {
    fn into_value(self) -> Value {
        Value::Decimal(Decimal::from(self))
    }
}

#[diagnostic::do_not_recommend]
impl IntoValue<Option<Decimal>> for i32 {
    fn into_value(self) -> Value {
        Value::Decimal(Decimal::from(self))
    }
}
