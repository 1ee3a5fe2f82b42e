//! Arguments in the forms in which Django stores values in SQLite.

use super::raw::{Argument, Raw};
use crate::error::{Error, Result};
use crate::exec::convert::{date_text, datetime_text, microseconds, time_text};
use crate::exec::outcome::Failure;
use crate::value::Value;

/// Sets all arguments of the current statement.
pub(super) fn bind_all(raw: &mut Raw, values: &[Value]) -> Result<(), Failure> {
    for (at, value) in values.iter().enumerate() {
        bind(raw, at, value)?;
    }
    Ok(())
}

fn bind(raw: &mut Raw, at: usize, value: &Value) -> Result<(), Failure> {
    let text;
    let argument = match value {
        Value::Null(_) => Argument::Null,
        Value::Bool(value) => Argument::Int(i64::from(*value)),
        Value::Int(value) => Argument::Int(*value),
        Value::Float(value) => Argument::Float(*value),
        Value::Text(value) => Argument::Text(value),
        Value::Bytes(value) => Argument::Bytes(value),
        Value::Duration(value) => Argument::Int(microseconds(*value).map_err(Failure::Argument)?),
        _ => {
            text = as_text(value).map_err(Failure::Argument)?;
            Argument::Text(&text)
        }
    };
    raw.bind(at, argument).map_err(|error| Failure::Driver(error.into()))
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
