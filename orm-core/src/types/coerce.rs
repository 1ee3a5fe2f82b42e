//! Values of one kind turned into another, as Django's fields accept them: `"3"` for an integer.

use crate::value::{Kind, Value};
use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Utc};
use rust_decimal::Decimal;
use rust_decimal::prelude::{FromPrimitive, ToPrimitive};
use uuid::Uuid;

/// The value as one of that kind, where that loses nothing.
///
/// # Errors
/// The name of what would have fitted.
pub fn coerce(value: Value, kind: Kind) -> Result<Value, &'static str> {
    let converted = match (kind, &value) {
        (_, Value::Null(_)) => Some(Value::Null(kind)),
        (_, same) if same.kind() == kind && !matches!(same, Value::List(..)) => return Ok(value),
        (Kind::Bool, other) => boolean(other).map(Value::Bool),
        (Kind::Int, other) => integer(other).map(Value::Int),
        (Kind::Float, other) => float(other).map(Value::Float),
        (Kind::Decimal, other) => decimal(other).map(Value::Decimal),
        (Kind::Text, other) => text(other).map(Value::Text),
        (Kind::Bytes, Value::Text(text)) => Some(Value::Bytes(text.clone().into_bytes())),
        (Kind::Date, Value::DateTime(moment)) => Some(Value::Date(moment.date_naive())),
        (Kind::Date, Value::Text(text)) => NaiveDate::parse_from_str(text, "%Y-%m-%d").ok().map(Value::Date),
        (Kind::Time, Value::Text(text)) => time(text).map(Value::Time),
        (Kind::DateTime, Value::Date(date)) => Some(Value::DateTime(midnight(*date))),
        (Kind::DateTime, Value::Text(text)) => datetime(text).map(Value::DateTime),
        (Kind::Duration, Value::Text(text)) => duration(text).map(Value::Duration),
        (Kind::Uuid, Value::Text(text)) => Uuid::parse_str(text).ok().map(Value::Uuid),
        (Kind::Json, other) => json(other).map(Value::Json),
        _ => None,
    };
    converted.ok_or(kind.name())
}

fn boolean(value: &Value) -> Option<bool> {
    match value {
        Value::Int(0) => Some(false),
        Value::Int(1) => Some(true),
        Value::Text(text) => match text.as_str() {
            "t" | "T" | "true" | "True" | "1" => Some(true),
            "f" | "F" | "false" | "False" | "0" => Some(false),
            _ => None,
        },
        _ => None,
    }
}

fn integer(value: &Value) -> Option<i64> {
    match value {
        Value::Bool(yes) => Some(i64::from(*yes)),
        Value::Text(text) => text.trim().parse().ok(),
        Value::Decimal(number) if number.fract().is_zero() => number.to_i64(),
        Value::Float(number) if number.fract() == 0.0 => Decimal::from_f64(*number)?.to_i64(),
        _ => None,
    }
}

fn float(value: &Value) -> Option<f64> {
    match value {
        Value::Bool(yes) => Some(f64::from(*yes)),
        #[allow(clippy::cast_precision_loss, reason = "a float is what was asked for")]
        Value::Int(number) => Some(*number as f64),
        Value::Decimal(number) => number.to_f64(),
        Value::Text(text) => text.trim().parse().ok(),
        _ => None,
    }
}

fn decimal(value: &Value) -> Option<Decimal> {
    match value {
        Value::Int(number) => Some(Decimal::from(*number)),
        Value::Float(number) => number.to_string().parse().ok(),
        Value::Text(text) => text.trim().parse().ok(),
        _ => None,
    }
}

fn text(value: &Value) -> Option<String> {
    match value {
        Value::Int(number) => Some(number.to_string()),
        Value::Float(number) => Some(number.to_string()),
        Value::Decimal(number) => Some(number.to_string()),
        Value::Uuid(id) => Some(id.to_string()),
        Value::Date(date) => Some(date.to_string()),
        _ => None,
    }
}

fn time(text: &str) -> Option<NaiveTime> {
    let formats = ["%H:%M:%S%.f", "%H:%M"];
    formats
        .iter()
        .find_map(|format| NaiveTime::parse_from_str(text, format).ok())
}

fn midnight(date: NaiveDate) -> DateTime<Utc> {
    date.and_time(NaiveTime::MIN).and_utc()
}

fn datetime(text: &str) -> Option<DateTime<Utc>> {
    if let Ok(moment) = DateTime::parse_from_rfc3339(text) {
        return Some(moment.to_utc());
    }
    if let Ok(moment) = DateTime::parse_from_str(text, "%Y-%m-%d %H:%M:%S%.f%:z") {
        return Some(moment.to_utc());
    }
    let formats = [
        "%Y-%m-%d %H:%M:%S%.f",
        "%Y-%m-%dT%H:%M:%S%.f",
        "%Y-%m-%d %H:%M",
        "%Y-%m-%dT%H:%M",
    ];
    let naive = formats
        .iter()
        .find_map(|format| NaiveDateTime::parse_from_str(text, format).ok());
    naive
        .map(|moment| moment.and_utc())
        .or_else(|| NaiveDate::parse_from_str(text, "%Y-%m-%d").ok().map(midnight))
}

/// `[-][D ][HH:]MM:SS[.ffffff]`, or plain seconds.
fn duration(text: &str) -> Option<TimeDelta> {
    let (negative, text) = text.strip_prefix('-').map_or((false, text), |rest| (true, rest));
    let (days, clock) = match text.split_once(' ') {
        Some((days, clock)) => (days.parse::<i64>().ok()?, clock.trim_start_matches("days, ")),
        None => (0, text),
    };
    let mut seconds: i64 = 0;
    let mut parts = clock.split(':').peekable();
    let mut micros: i64 = 0;
    while let Some(part) = parts.next() {
        let whole = if parts.peek().is_some() {
            part
        } else {
            let (whole, fraction) = part.split_once('.').unwrap_or((part, ""));
            if !fraction.is_empty() {
                let digits: String = fraction.chars().chain("000000".chars()).take(6).collect();
                micros = digits.parse().ok()?;
            }
            whole
        };
        seconds = seconds
            .checked_mul(60)?
            .checked_add(whole.parse::<u32>().ok()?.into())?;
    }
    let total = TimeDelta::try_days(days)? + TimeDelta::try_seconds(seconds)? + TimeDelta::microseconds(micros);
    Some(if negative { -total } else { total })
}

fn json(value: &Value) -> Option<serde_json::Value> {
    match value {
        Value::Bool(yes) => Some((*yes).into()),
        Value::Int(number) => Some((*number).into()),
        Value::Float(number) => Some((*number).into()),
        Value::Text(text) => Some(text.clone().into()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations() {
        let of = |text| duration(text).map(|d| d.num_microseconds());
        assert_eq!(of("1 02:03:04.5"), Some(Some(93_784_500_000)));
        assert_eq!(of("-00:00:01"), Some(Some(-1_000_000)));
        assert_eq!(of("15:30"), Some(Some(930_000_000)));
        assert_eq!(of("x"), None);
        assert_eq!(of("99999999999999999999 00:00:00"), None);
    }

    #[test]
    fn moments() {
        for text in [
            "2020-01-02T03:04:05Z",
            "2020-01-02 03:04:05",
            "2020-01-02T04:04:05+01:00",
        ] {
            assert_eq!(
                datetime(text).map(|d| d.to_rfc3339()),
                Some("2020-01-02T03:04:05+00:00".to_owned()),
                "{text}"
            );
        }
        assert!(datetime("2020-13-02").is_none());
    }

    #[test]
    fn numbers() {
        assert_eq!(coerce(Value::Text("3".into()), Kind::Int), Ok(Value::Int(3)));
        assert_eq!(coerce(Value::Text("x".into()), Kind::Int), Err("integer"));
        assert_eq!(coerce(Value::Float(2.0), Kind::Int), Ok(Value::Int(2)));
        assert_eq!(coerce(Value::Float(2.5), Kind::Int), Err("integer"));
    }
}
