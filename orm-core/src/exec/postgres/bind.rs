//! Arguments in PostgreSQL's own types.

use super::array::{Integers, Texts};
use crate::error::Result;
use crate::exec::convert::{microseconds, of_four_digits, unfit};
use crate::value::{Kind, Value};
use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use rust_decimal::Decimal;
use sqlx::postgres::types::PgInterval;
use sqlx::postgres::{PgArguments, Postgres};
use sqlx::types::Json;
use sqlx::{Arguments, Encode, Type};
use uuid::Uuid;

/// The protocol counts them in 16 bits.
const MAX_ARGUMENTS: usize = u16::MAX as usize;

pub(super) fn arguments(values: &[Value]) -> Result<PgArguments> {
    if values.len() > MAX_ARGUMENTS {
        return Err(unfit(format_args!(
            "there are {} of them, and {MAX_ARGUMENTS} are the most",
            values.len()
        )));
    }
    let mut arguments = PgArguments::default();
    arguments.reserve(values.len(), values.iter().map(room).sum());
    for value in values {
        add(&mut arguments, value)?;
    }
    Ok(arguments)
}

/// How many bytes a value takes, about.
fn room(value: &Value) -> usize {
    match value {
        Value::Text(text) => 4 + text.len(),
        Value::Bytes(bytes) => 4 + bytes.len(),
        _ => 12,
    }
}

fn add(to: &mut PgArguments, value: &Value) -> Result<()> {
    match value {
        Value::Null(kind) => add_null(to, *kind),
        Value::Bool(value) => put(to, *value),
        Value::Int(value) => put(to, *value),
        Value::Float(value) => put(to, *value),
        Value::Text(value) => put(to, value.as_str()),
        Value::Bytes(value) => put(to, value.as_slice()),
        Value::Decimal(value) => put(to, *value),
        Value::Date(value) => put(to, of_four_digits(*value)?),
        Value::Time(value) => put(to, *value),
        Value::DateTime(value) => put(to, of_four_digits(*value)?),
        Value::Duration(value) => put(to, interval(microseconds(*value)?)),
        Value::Uuid(value) => put(to, *value),
        Value::Json(value) => put(to, Json(value)),
        Value::List(kind, values) => add_list(to, *kind, values),
    }
}

fn put<'q, T: Encode<'q, Postgres> + Type<Postgres>>(to: &mut PgArguments, value: T) -> Result<()> {
    to.add(value).map_err(unfit)
}

fn interval(microseconds: i64) -> PgInterval {
    PgInterval {
        months: 0,
        days: 0,
        microseconds,
    }
}

/// A NULL has a type as well, so that the statement's text decides its parameters' types.
fn add_null(to: &mut PgArguments, kind: Kind) -> Result<()> {
    match kind {
        Kind::Bool => put(to, None::<bool>),
        Kind::Int => put(to, None::<i64>),
        Kind::Float => put(to, None::<f64>),
        Kind::Text => put(to, None::<&str>),
        Kind::Bytes => put(to, None::<&[u8]>),
        Kind::Decimal => put(to, None::<Decimal>),
        Kind::Date => put(to, None::<NaiveDate>),
        Kind::Time => put(to, None::<NaiveTime>),
        Kind::DateTime => put(to, None::<DateTime<Utc>>),
        Kind::Duration => put(to, None::<PgInterval>),
        Kind::Uuid => put(to, None::<Uuid>),
        Kind::Json => put(to, None::<Json<&serde_json::Value>>),
    }
}

fn add_list(to: &mut PgArguments, kind: Kind, values: &[Value]) -> Result<()> {
    macro_rules! list {
        ($variant:ident($value:ident): $type:ty => $item:expr) => {{
            let mut items: Vec<Option<$type>> = Vec::with_capacity(values.len());
            for value in values {
                items.push(match value {
                    Value::Null(_) => None,
                    Value::$variant($value) => Some($item),
                    other => return Err(unfit(mixed(kind, other))),
                });
            }
            put(to, items)
        }};
    }
    match kind {
        Kind::Bool => list!(Bool(value): bool => *value),
        Kind::Int => put(to, Integers(values)),
        Kind::Float => list!(Float(value): f64 => *value),
        Kind::Text => put(to, Texts(values)),
        Kind::Bytes => list!(Bytes(value): &[u8] => value.as_slice()),
        Kind::Decimal => list!(Decimal(value): Decimal => *value),
        Kind::Date => list!(Date(value): NaiveDate => of_four_digits(*value)?),
        Kind::Time => list!(Time(value): NaiveTime => *value),
        Kind::DateTime => list!(DateTime(value): DateTime<Utc> => of_four_digits(*value)?),
        Kind::Duration => list!(Duration(value): PgInterval => interval(microseconds(*value)?)),
        Kind::Uuid => list!(Uuid(value): Uuid => *value),
        Kind::Json => list!(Json(value): Json<&serde_json::Value> => Json(value)),
    }
}

/// What is wrong with such an element.
pub(super) fn mixed(kind: Kind, found: &Value) -> String {
    format!("an array of {} has an element of {}", kind.name(), found.kind().name())
}
