//! A row of values that is not in a database: a new row is built from it by the same decoding.

use super::Source;
use crate::error::{Error, Result};
use crate::value::Value;
use chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta, Utc};
use rust_decimal::Decimal;
use uuid::Uuid;

/// Values as a row.
pub(crate) struct ValueRow<'a>(pub(crate) &'a [Value]);

impl ValueRow<'_> {
    fn cell(&self, at: usize) -> Result<&Value> {
        self.0
            .get(at)
            .ok_or_else(|| Error::decode(format!("column {at}"), "there is no such column"))
    }

    fn wrong(&self, at: usize, expected: &str) -> Error {
        let found = self.0.get(at).map_or(
            "nothing",
            |value| if value.is_null() { "NULL" } else { value.kind().name() },
        );
        Error::decode(format!("column {at}"), format!("expected {expected}, found {found}"))
    }
}

macro_rules! cells {
    ($($method:ident: $variant:ident, $type:ty, $name:literal;)*) => { $(
        fn $method(&mut self, at: usize) -> Result<$type> {
            match self.cell(at)? {
                Value::$variant(value) => Ok(value.clone()),
                _ => Err(self.wrong(at, $name)),
            }
        }
    )* };
}

impl Source for ValueRow<'_> {
    fn is_null(&mut self, at: usize) -> Result<bool> {
        self.cell(at).map(Value::is_null)
    }

    fn text(&mut self, at: usize) -> Result<&str> {
        match self.0.get(at) {
            Some(Value::Text(text)) => Ok(text),
            _ => Err(self.wrong(at, "text")),
        }
    }

    fn bytes(&mut self, at: usize) -> Result<&[u8]> {
        match self.0.get(at) {
            Some(Value::Bytes(bytes)) => Ok(bytes),
            _ => Err(self.wrong(at, "bytes")),
        }
    }

    cells! {
        bool: Bool, bool, "a boolean";
        int: Int, i64, "an integer";
        float: Float, f64, "a float";
        decimal: Decimal, Decimal, "a decimal";
        date: Date, NaiveDate, "a date";
        time: Time, NaiveTime, "a time";
        datetime: DateTime, DateTime<Utc>, "a date and time";
        duration: Duration, TimeDelta, "a duration";
        uuid: Uuid, Uuid, "a UUID";
        json: Json, serde_json::Value, "JSON";
    }
}

/// Values as a row that is read once: text and bytes are taken out of it.
pub(crate) struct TakenRow<'a>(pub(crate) &'a mut [Value]);

macro_rules! as_value_row {
    ($($method:ident: $type:ty;)*) => { $(
        fn $method(&mut self, at: usize) -> Result<$type> {
            ValueRow(self.0).$method(at)
        }
    )* };
}

impl Source for TakenRow<'_> {
    fn text(&mut self, at: usize) -> Result<&str> {
        match self.0.get(at) {
            Some(Value::Text(text)) => Ok(text),
            _ => Err(ValueRow(self.0).wrong(at, "text")),
        }
    }

    fn string(&mut self, at: usize) -> Result<String> {
        match self.0.get_mut(at) {
            Some(Value::Text(text)) => Ok(std::mem::take(text)),
            _ => Err(ValueRow(self.0).wrong(at, "text")),
        }
    }

    fn bytes(&mut self, at: usize) -> Result<&[u8]> {
        match self.0.get(at) {
            Some(Value::Bytes(bytes)) => Ok(bytes),
            _ => Err(ValueRow(self.0).wrong(at, "bytes")),
        }
    }

    fn byte_buf(&mut self, at: usize) -> Result<Vec<u8>> {
        match self.0.get_mut(at) {
            Some(Value::Bytes(bytes)) => Ok(std::mem::take(bytes)),
            _ => Err(ValueRow(self.0).wrong(at, "bytes")),
        }
    }

    as_value_row! {
        is_null: bool;
        bool: bool;
        int: i64;
        float: f64;
        decimal: Decimal;
        date: NaiveDate;
        time: NaiveTime;
        datetime: DateTime<Utc>;
        duration: TimeDelta;
        uuid: Uuid;
        json: serde_json::Value;
    }
}
