//! A statement for reading: its arguments filled in. It is never run.

use crate::exec::{Backend, Statement};
use crate::value::Value;

/// The statement's text with literals in place of its placeholders.
pub(in crate::compiler) fn fill_in(statement: &Statement, backend: Backend) -> String {
    let mut text = String::with_capacity(statement.sql.len() + 16 * statement.args.len());
    let mut args = statement.args.iter();
    let mut chars = statement.sql.chars().peekable();
    let mut quoted: Option<char> = None;
    while let Some(c) = chars.next() {
        match quoted {
            Some(end) => {
                text.push(c);
                if c == end {
                    quoted = None;
                }
            }
            None if matches!(c, '\'' | '"' | '`') => {
                quoted = Some(c);
                text.push(c);
            }
            None if c == '?' && backend != Backend::Postgres => text.push_str(&args.next().map_or("?".into(), literal)),
            None if c == '$' && backend == Backend::Postgres => {
                while chars.peek().is_some_and(char::is_ascii_digit) {
                    chars.next();
                }
                text.push_str(&args.next().map_or("$".into(), literal));
            }
            None => text.push(c),
        }
    }
    text
}

fn literal(value: &Value) -> String {
    let quoted = |text: &str| format!("'{}'", text.replace('\'', "''"));
    match value {
        Value::Null(_) => "NULL".to_owned(),
        Value::Bool(yes) => if *yes { "TRUE" } else { "FALSE" }.to_owned(),
        Value::Int(number) => number.to_string(),
        Value::Float(number) => number.to_string(),
        Value::Decimal(number) => number.to_string(),
        Value::Text(text) => quoted(text),
        Value::Bytes(bytes) => {
            format!(
                "X'{}'",
                bytes.iter().map(|byte| format!("{byte:02X}")).collect::<String>()
            )
        }
        Value::Date(date) => quoted(&date.to_string()),
        Value::Time(time) => quoted(&time.to_string()),
        Value::DateTime(moment) => quoted(&moment.format("%Y-%m-%d %H:%M:%S%.f").to_string()),
        Value::Duration(duration) => duration
            .num_microseconds()
            .map_or_else(|| duration.to_string(), |us| us.to_string()),
        Value::Uuid(id) => quoted(&id.to_string()),
        Value::Json(document) => quoted(&document.to_string()),
        Value::List(_, values) => format!("ARRAY[{}]", values.iter().map(literal).collect::<Vec<_>>().join(", ")),
    }
}
