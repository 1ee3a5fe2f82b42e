//! Arguments in the forms in which Django stores values in MySQL.

use crate::error::{Error, Result};
use crate::exec::Backend;
use crate::exec::convert::{date_text, microseconds, unfit};
use crate::value::Value;
use sqlx::Arguments;
use sqlx::mysql::MySqlArguments;

/// The protocol counts them in 16 bits.
const MAX_ARGUMENTS: usize = u16::MAX as usize;

pub(super) fn arguments(values: &[Value], backend: Backend) -> Result<MySqlArguments> {
    if values.len() > MAX_ARGUMENTS {
        return Err(unfit(format_args!(
            "there are {} of them, and {MAX_ARGUMENTS} are the most",
            values.len()
        )));
    }
    let mut arguments = MySqlArguments::default();
    arguments.reserve(values.len(), values.iter().map(room).sum());
    for value in values {
        add(&mut arguments, value, backend)?;
    }
    Ok(arguments)
}

/// How many bytes a value takes, about.
fn room(value: &Value) -> usize {
    match value {
        Value::Text(text) => 3 + text.len(),
        Value::Bytes(bytes) => 3 + bytes.len(),
        _ => 8,
    }
}

fn add(arguments: &mut MySqlArguments, value: &Value, backend: Backend) -> Result<()> {
    let added = match value {
        // A string casts to every type; an integer does not cast to `uuid`.
        Value::Null(_) => arguments.add(None::<String>),
        Value::Bool(value) => arguments.add(*value),
        Value::Int(value) => arguments.add(*value),
        Value::Float(value) if !value.is_finite() => return Err(unfit(format_args!("MySQL has no float {value}"))),
        Value::Float(value) => arguments.add(*value),
        Value::Text(value) => arguments.add(value.as_str()),
        Value::Bytes(value) => arguments.add(value.as_slice()),
        Value::Decimal(value) => arguments.add(*value),
        Value::Date(value) => {
            // The same years on all databases.
            date_text(*value)?;
            arguments.add(*value)
        }
        Value::Time(value) => arguments.add(*value),
        Value::DateTime(value) => {
            date_text(value.date_naive())?;
            arguments.add(value.naive_utc())
        }
        Value::Duration(value) => arguments.add(microseconds(*value)?),
        Value::Uuid(value) if backend.has_native_uuid() => arguments.add(value.hyphenated().to_string()),
        Value::Uuid(value) => arguments.add(value.simple().to_string()),
        Value::Json(value) => arguments.add(value.to_string()),
        Value::List(..) => {
            return Err(Error::NotSupported {
                feature: "an array as an argument".to_owned(),
                database: backend.name(),
            });
        }
    };
    added.map_err(unfit)
}
