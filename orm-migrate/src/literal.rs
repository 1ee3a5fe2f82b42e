//! `Literal`: a constant as it is written in a migration file; its column says how to read it.

use crate::state::DataType;
use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Utc};
use orm_core::Value;
use serde::{Deserialize, Serialize};
use std::fmt;

/// A constant: the default of a field, or the right-hand side of a condition.
///
/// Dates, decimals, UUIDs and JSON are text in their usual notation, bytes are hexadecimal, and
/// durations are seconds.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Literal {
    /// true or false
    Bool(bool),
    /// an integer
    Int(i64),
    /// a number
    Float(f64),
    /// everything else
    Text(String),
}

impl Literal {
    /// The literal for a value; none for NULL and for lists.
    pub fn from_value(value: &Value) -> Option<Self> {
        Some(match value {
            Value::Null(_) | Value::List(..) => return None,
            Value::Bool(v) => Literal::Bool(*v),
            Value::Int(v) => Literal::Int(*v),
            Value::Float(v) => Literal::Float(*v),
            Value::Text(v) => Literal::Text(v.clone()),
            Value::Bytes(v) => Literal::Text(v.iter().map(|b| format!("{b:02x}")).collect()),
            Value::Decimal(v) => Literal::Text(v.to_string()),
            Value::Date(v) => Literal::Text(v.to_string()),
            Value::Time(v) => Literal::Text(v.format("%H:%M:%S%.6f").to_string()),
            Value::DateTime(v) => Literal::Text(v.to_rfc3339_opts(chrono::SecondsFormat::AutoSi, true)),
            Value::Duration(v) => Literal::Text(seconds(*v)),
            Value::Uuid(v) => Literal::Text(v.to_string()),
            Value::Json(v) => Literal::Text(v.to_string()),
        })
    }

    /// The value for a column of that type, or why it does not suit.
    pub fn value(&self, ty: DataType) -> Result<Value, String> {
        let unsuitable = || format!("expected {}", ty.description());
        let value = match (ty, self) {
            (DataType::Boolean, Literal::Bool(v)) => Some(Value::Bool(*v)),
            (DataType::Float, Literal::Float(v)) => Some(Value::Float(*v)),
            (DataType::Float, Literal::Int(v)) => Some(Value::Float(*v as f64)),
            (DataType::Decimal { .. }, Literal::Int(v)) => Some(Value::Decimal((*v).into())),
            (DataType::Decimal { .. }, Literal::Float(v)) => v.to_string().parse().ok().map(Value::Decimal),
            (DataType::Decimal { .. }, Literal::Text(v)) => v.parse().ok().map(Value::Decimal),
            (DataType::Date, Literal::Text(v)) => v.parse::<NaiveDate>().ok().map(Value::Date),
            (DataType::Time, Literal::Text(v)) => v.parse::<NaiveTime>().ok().map(Value::Time),
            (DataType::DateTime, Literal::Text(v)) => moment(v).map(Value::DateTime),
            (DataType::Duration, Literal::Text(v)) => duration(v).map(Value::Duration),
            (DataType::Duration, Literal::Int(v)) => TimeDelta::try_seconds(*v).map(Value::Duration),
            (DataType::Uuid, Literal::Text(v)) => v.parse().ok().map(Value::Uuid),
            (DataType::Json, Literal::Text(v)) => serde_json::from_str(v).ok().map(Value::Json),
            (DataType::Json, Literal::Bool(v)) => Some(Value::Json((*v).into())),
            (DataType::Json, Literal::Int(v)) => Some(Value::Json((*v).into())),
            (DataType::Json, Literal::Float(v)) => Some(Value::Json((*v).into())),
            (DataType::Binary, Literal::Text(v)) => bytes(v).map(Value::Bytes),
            (DataType::Char { .. } | DataType::Text | DataType::IpAddress, Literal::Text(v)) => {
                Some(Value::Text(v.clone()))
            }
            (ty, Literal::Int(v)) if ty.is_integer() => Some(Value::Int(*v)),
            _ => None,
        };
        value.ok_or_else(unsuitable)
    }
}

impl fmt::Display for Literal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Literal::Bool(v) => write!(f, "{v}"),
            Literal::Int(v) => write!(f, "{v}"),
            Literal::Float(v) => write!(f, "{v}"),
            Literal::Text(v) => write!(f, "{v:?}"),
        }
    }
}

fn moment(text: &str) -> Option<DateTime<Utc>> {
    let naive = || text.parse::<NaiveDateTime>().ok().map(|v| v.and_utc());
    DateTime::parse_from_rfc3339(text)
        .ok()
        .map(|v| v.with_timezone(&Utc))
        .or_else(naive)
}

fn seconds(duration: TimeDelta) -> String {
    let micros = i128::from(duration.num_seconds()) * 1_000_000 + i128::from(duration.subsec_nanos() / 1000);
    let sign = if micros < 0 { "-" } else { "" };
    let micros = micros.unsigned_abs();
    format!("{sign}{}.{:06}", micros / 1_000_000, micros % 1_000_000)
}

fn duration(text: &str) -> Option<TimeDelta> {
    let (negative, digits) = text.strip_prefix('-').map_or((false, text), |digits| (true, digits));
    let (whole, part) = digits.split_once('.').unwrap_or((digits, ""));
    if part.len() > 6 || !part.bytes().chain(whole.bytes()).all(|b| b.is_ascii_digit()) {
        return None;
    }
    let micros: i64 = format!("{part:0<6}").parse().ok()?;
    let value = TimeDelta::try_seconds(whole.parse().ok()?)?.checked_add(&TimeDelta::microseconds(micros))?;
    Some(if negative { -value } else { value })
}

fn bytes(hex: &str) -> Option<Vec<u8>> {
    if !hex.is_ascii() || !hex.len().is_multiple_of(2) {
        return None;
    }
    (0..hex.len())
        .step_by(2)
        .map(|i| u8::from_str_radix(hex.get(i..i + 2)?, 16).ok())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_survive() {
        let values = [
            (
                DataType::Duration,
                Value::Duration(TimeDelta::microseconds(-3_600_000_001)),
            ),
            (DataType::Binary, Value::Bytes(vec![0, 255, 16])),
            (DataType::Time, Value::Time(NaiveTime::MIN)),
            (DataType::DateTime, Value::DateTime(DateTime::UNIX_EPOCH)),
            (DataType::Json, Value::Json(serde_json::json!({"a": [1, null]}))),
        ];
        for (ty, value) in values {
            assert_eq!(Literal::from_value(&value).map(|l| l.value(ty)), Some(Ok(value)));
        }
        assert!(Literal::Text("x".into()).value(DataType::Date).is_err());
    }
}
