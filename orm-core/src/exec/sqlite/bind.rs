//! Arguments in the forms in which Django stores values in SQLite.

use super::raw::Arguments;
use crate::error::{Error, Result};
use crate::exec::convert::{date_text, datetime_text, microseconds, time_text};
use crate::exec::outcome::Failure;
use crate::value::Value;

/// Sets all arguments of the current statement.
pub(super) fn bind_all<'a>(
    values: impl Iterator<Item = &'a Value>,
    arguments: &mut Arguments<'_, 'a>,
) -> Result<(), Failure> {
    for value in values {
        match value {
            Value::Null(_) => arguments.null(),
            Value::Bool(value) => arguments.int(i64::from(*value)),
            Value::Int(value) => arguments.int(*value),
            Value::Float(value) => arguments.float(*value),
            Value::Text(value) => arguments.text(value),
            Value::Bytes(value) => arguments.bytes(value),
            Value::Duration(value) => arguments.int(microseconds(*value).map_err(Failure::Argument)?),
            _ => arguments.text_of(&as_text(value).map_err(Failure::Argument)?),
        }?;
    }
    Ok(())
}

fn as_text(value: &Value) -> Result<String> {
    Ok(match value {
        Value::Date(value) => date_text(*value)?,
        Value::Time(value) => time_text(*value),
        Value::DateTime(value) => datetime_text(*value)?,
        Value::Uuid(value) => value.simple().to_string(),
        Value::Json(value) => value.to_string(),
        // The affinity of the column makes a number of it.
        Value::Decimal(value) => value.to_string(),
        _ => {
            return Err(Error::NotSupported {
                feature: "an array as an argument".to_owned(),
                database: "SQLite",
            });
        }
    })
}
