//! Arguments in the forms in which Django stores values in SQLite.

use crate::error::{Error, Result};
use crate::exec::convert::{date_text, datetime_text, microseconds, time_text, unfit};
use crate::value::Value;
use sqlx::Arguments;
use sqlx::sqlite::SqliteArguments;

pub(super) fn arguments(values: &[Value]) -> Result<SqliteArguments> {
    let mut arguments = SqliteArguments::default();
    arguments.reserve(values.len(), 0);
    for value in values {
        add(&mut arguments, value)?;
    }
    Ok(arguments)
}

fn add(arguments: &mut SqliteArguments, value: &Value) -> Result<()> {
    let added = match value {
        Value::Null(_) => arguments.add(None::<i64>),
        Value::Bool(value) => arguments.add(i64::from(*value)),
        Value::Int(value) => arguments.add(*value),
        Value::Float(value) => arguments.add(*value),
        Value::Text(value) => arguments.add(value.as_str()),
        Value::Bytes(value) => arguments.add(value.clone()),
        // The affinity of the column makes a number of it.
        Value::Decimal(value) => arguments.add(value.to_string()),
        Value::Date(value) => arguments.add(date_text(*value)?),
        Value::Time(value) => arguments.add(time_text(*value)),
        Value::DateTime(value) => arguments.add(datetime_text(*value)?),
        Value::Duration(value) => arguments.add(microseconds(*value)?),
        Value::Uuid(value) => arguments.add(value.simple().to_string()),
        Value::Json(value) => arguments.add(value.to_string()),
        Value::List(..) => {
            return Err(Error::NotSupported {
                feature: "an array as an argument".to_owned(),
                database: "SQLite",
            });
        }
    };
    added.map_err(unfit)
}
