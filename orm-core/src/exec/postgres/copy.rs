//! COPY: rows as a text, which PostgreSQL reads faster than an INSERT where they are many.

use crate::error::Result;
use crate::exec::Statement;
use crate::exec::convert::{date_text, datetime_text, microseconds, time_text, unfit};
use crate::exec::outcome::{Done, Failure};
use crate::value::Value;
use sqlx::PgConnection;
use std::fmt::Write;

/// Runs a COPY of the rows that are the statement's arguments.
pub(in crate::exec) async fn copy(connection: &mut PgConnection, statement: &Statement) -> Result<Done, Failure> {
    let text = text(&statement.args, statement.columns.len()).map_err(Failure::Argument)?;
    let mut copy = connection.copy_in_raw(&statement.sql).await?;
    copy.send(text.as_bytes()).await?;
    Ok(Done {
        affected: copy.finish().await?,
        last_id: 0,
    })
}

/// A line for each row, its cells parted by tabs.
fn text(values: &[Value], width: usize) -> Result<String> {
    let mut text = String::with_capacity(values.len() * 12);
    for row in values.chunks(width.max(1)) {
        for (at, value) in row.iter().enumerate() {
            if at > 0 {
                text.push('\t');
            }
            cell(&mut text, value)?;
        }
        text.push('\n');
    }
    Ok(text)
}

fn cell(to: &mut String, value: &Value) -> Result<()> {
    let written = match value {
        Value::Null(_) => to.write_str("\\N"),
        Value::Bool(value) => to.write_str(if *value { "t" } else { "f" }),
        Value::Int(value) => write!(to, "{value}"),
        Value::Float(value) => write!(to, "{value:e}"),
        Value::Text(value) => {
            escaped(to, value);
            Ok(())
        }
        Value::Bytes(value) => {
            // The backslash of the form `\x00ff`, escaped.
            to.push_str("\\\\x");
            value.iter().try_for_each(|byte| write!(to, "{byte:02x}"))
        }
        Value::Decimal(value) => write!(to, "{value}"),
        Value::Date(value) => to.write_str(&date_text(*value)?),
        Value::Time(value) => to.write_str(&time_text(*value)),
        Value::DateTime(value) => write!(to, "{}+00", datetime_text(*value)?),
        Value::Duration(value) => interval(to, microseconds(*value)?),
        Value::Uuid(value) => write!(to, "{value}"),
        Value::Json(value) => {
            escaped(to, &value.to_string());
            Ok(())
        }
        Value::List(..) => return Err(unfit("an array among the values of new rows")),
    };
    written.map_err(unfit)
}

/// Without days, of which an interval keeps account beside its hours.
fn interval(to: &mut String, microseconds: i64) -> std::fmt::Result {
    let sign = if microseconds < 0 { "-" } else { "" };
    let (seconds, fraction) = (
        microseconds.unsigned_abs() / 1_000_000,
        microseconds.unsigned_abs() % 1_000_000,
    );
    let (hours, minutes) = (seconds / 3600, seconds / 60 % 60);
    write!(to, "{sign}{hours}:{minutes:02}:{:02}.{fraction:06}", seconds % 60)
}

fn escaped(to: &mut String, text: &str) {
    let mut rest = text;
    while let Some(at) = rest.find(['\\', '\t', '\n', '\r']) {
        let (before, special) = rest.split_at(at);
        to.push_str(before);
        to.push_str(match special.as_bytes().first() {
            Some(b'\t') => "\\t",
            Some(b'\n') => "\\n",
            Some(b'\r') => "\\r",
            _ => "\\\\",
        });
        rest = special.get(1..).unwrap_or_default();
    }
    to.push_str(rest);
}
