//! `Cursor`: where to go on, as a text for a URL.

use crate::error::{Error, Misuse, Result};
use crate::meta::ModelMeta;
use crate::query::{Expr, OrderTerm};
use crate::value::{Kind, Value};
use chrono::{DateTime, Datelike, NaiveDate, NaiveTime, TimeDelta, Timelike};
use std::fmt;
use std::str::FromStr;
use uuid::Uuid;

/// The place of a row in the order of a query: [`keyset`](crate::QuerySet::keyset) gives it and goes
/// on from it. Its text (`Display`, `FromStr`, serde) stands in a URL as it is.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Cursor(Vec<u8>);

/// How cursors are written; another form has another number.
const VERSION: u8 = 1;

/// The version and the tag come before the values.
const HEAD: usize = 9;

impl Cursor {
    pub(super) fn new(values: &[Value], terms: &[OrderTerm], model: &ModelMeta) -> Self {
        let mut bytes = Vec::new();
        values.iter().for_each(|value| write(value, &mut bytes));
        let mut all = vec![VERSION];
        all.extend(tag(terms, model, &bytes).to_be_bytes());
        all.extend(bytes);
        Cursor(all)
    }

    /// The values of the terms.
    ///
    /// # Errors
    /// [`Error::Misuse`] where they are not of these terms, or were changed.
    pub(super) fn values(&self, terms: &[OrderTerm], model: &ModelMeta) -> Result<Vec<Value>> {
        let read = || {
            let (head, mut bytes) = self.0.split_at_checked(HEAD)?;
            let (version, given) = head.split_first()?;
            if *version != VERSION || given != tag(terms, model, bytes).to_be_bytes() {
                return None;
            }
            let kinds = terms.iter().map(|term| term.expr.column_type().kind());
            let values = kinds.map(|kind| read(kind, &mut bytes)).collect::<Option<Vec<_>>>()?;
            bytes.is_empty().then_some(values)
        };
        read().ok_or_else(no_cursor)
    }
}

fn no_cursor() -> Error {
    Error::misuse(Misuse::Value, "this is not a cursor of this query")
}

/// FNV-1a over the order and the values: a cursor of another query, or one that was changed, does not
/// have it. It is no secret, and guards nothing but that.
fn tag(terms: &[OrderTerm], model: &ModelMeta, values: &[u8]) -> u64 {
    let mut text = model.label();
    for term in terms {
        let name = match &term.expr {
            Expr::Column { path, field } => format!("{}.{}", path.name(), field.name),
            other => format!("{:?}", other.column_type().kind()),
        };
        text.push_str(&format!("|{name}|{}|{:?}", term.descending, term.nulls_first));
    }
    let bytes = text.bytes().chain([0]).chain(values.iter().copied());
    bytes.fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

fn write(value: &Value, to: &mut Vec<u8>) {
    let mut some = |bytes: &[u8]| {
        to.push(1);
        to.extend((bytes.len() as u32).to_be_bytes());
        to.extend(bytes);
    };
    match value {
        Value::Bool(value) => some(&[u8::from(*value)]),
        Value::Int(value) => some(&value.to_be_bytes()),
        Value::Float(value) => some(&value.to_bits().to_be_bytes()),
        Value::Text(value) => some(value.as_bytes()),
        Value::Bytes(value) => some(value),
        Value::Decimal(value) => some(value.to_string().as_bytes()),
        Value::Date(value) => some(&value.num_days_from_ce().to_be_bytes()),
        Value::Time(value) => {
            let micros = u64::from(value.num_seconds_from_midnight()) * 1_000_000;
            some(&(micros + u64::from(value.nanosecond() / 1_000)).to_be_bytes());
        }
        Value::DateTime(value) => some(&value.timestamp_micros().to_be_bytes()),
        Value::Duration(value) => some(&value.num_microseconds().unwrap_or_default().to_be_bytes()),
        Value::Uuid(value) => some(value.as_bytes()),
        Value::Null(_) | Value::Json(_) | Value::List(..) => to.push(0),
    }
}

fn read(kind: Kind, from: &mut &[u8]) -> Option<Value> {
    let (there, rest) = from.split_first()?;
    *from = rest;
    if *there == 0 {
        return Some(Value::Null(kind));
    }
    let (length, rest) = from.split_first_chunk::<4>()?;
    let (bytes, rest) = rest.split_at_checked(usize::try_from(u32::from_be_bytes(*length)).ok()?)?;
    *from = rest;
    let number = || bytes.try_into().ok().map(i64::from_be_bytes);
    let text = || std::str::from_utf8(bytes).ok();
    Some(match kind {
        Kind::Bool => Value::Bool(bytes == [1]),
        Kind::Int => Value::Int(number()?),
        Kind::Float => Value::Float(f64::from_bits(number()?.cast_unsigned())),
        Kind::Text => Value::Text(text()?.to_owned()),
        Kind::Bytes => Value::Bytes(bytes.to_vec()),
        Kind::Decimal => Value::Decimal(text()?.parse().ok()?),
        Kind::Date => Value::Date(NaiveDate::from_num_days_from_ce_opt(i32::from_be_bytes(
            bytes.try_into().ok()?,
        ))?),
        Kind::Time => {
            let micros = u64::try_from(number()?).ok()?;
            let seconds = u32::try_from(micros / 1_000_000).ok()?;
            let nanos = u32::try_from(micros % 1_000_000).ok()? * 1_000;
            Value::Time(NaiveTime::from_num_seconds_from_midnight_opt(seconds, nanos)?)
        }
        Kind::DateTime => Value::DateTime(DateTime::from_timestamp_micros(number()?)?),
        Kind::Duration => Value::Duration(TimeDelta::microseconds(number()?)),
        Kind::Uuid => Value::Uuid(Uuid::from_slice(bytes).ok()?),
        Kind::Json => return None,
    })
}

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl FromStr for Cursor {
    type Err = Error;

    /// # Errors
    /// [`Error::Misuse`] for a text that no cursor has; whether it is one of a query, the query says.
    fn from_str(text: &str) -> Result<Self> {
        // Longer than the values of an order have a reason to be.
        const LONGEST: usize = 16_384;
        if text.len() > LONGEST || !text.len().is_multiple_of(2) || text.len() < 2 * HEAD {
            return Err(no_cursor());
        }
        let digits = text.bytes().map(|byte| match byte {
            b'0'..=b'9' => Some(byte - b'0'),
            b'a'..=b'f' => Some(byte - b'a' + 10),
            _ => None,
        });
        let digits = digits.collect::<Option<Vec<u8>>>().ok_or_else(no_cursor)?;
        Ok(Cursor(
            digits
                .chunks(2)
                .map(|pair| pair.iter().fold(0, |byte, digit| byte << 4 | digit))
                .collect(),
        ))
    }
}

impl serde::Serialize for Cursor {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> serde::Deserialize<'de> for Cursor {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}
