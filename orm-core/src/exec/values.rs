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
    fn cell(&self, at: usize) -> Option<&Value> {
        self.0.get(at)
    }
}

/// Values as a row that is read once: text and bytes are taken out of it.
pub(crate) struct TakenRow<'a> {
    values: &'a mut [Value],
    /// a value that stands at this place between them
    between: Option<(usize, &'a mut Value)>,
}

impl<'a> TakenRow<'a> {
    pub(crate) fn new(values: &'a mut [Value]) -> Self {
        TakenRow { values, between: None }
    }

    /// With one value more, which is to be at this place.
    pub(crate) fn with(values: &'a mut [Value], at: usize, value: &'a mut Value) -> Self {
        TakenRow {
            values,
            between: Some((at, value)),
        }
    }

    fn cell(&self, at: usize) -> Option<&Value> {
        match &self.between {
            Some((place, value)) if at == *place => Some(value),
            Some((place, _)) if at > *place => self.values.get(at - 1),
            _ => self.values.get(at),
        }
    }

    fn cell_mut(&mut self, at: usize) -> Option<&mut Value> {
        match &mut self.between {
            Some((place, value)) if at == *place => Some(value),
            Some((place, _)) if at > *place => self.values.get_mut(at - 1),
            _ => self.values.get_mut(at),
        }
    }
}

/// The values of a new row, all of them there, as a row that is read once.
pub(crate) struct FilledRow<'a>(pub(crate) &'a mut [Option<Value>]);

impl FilledRow<'_> {
    fn cell(&self, at: usize) -> Option<&Value> {
        self.0.get(at)?.as_ref()
    }

    fn cell_mut(&mut self, at: usize) -> Option<&mut Value> {
        self.0.get_mut(at)?.as_mut()
    }
}

fn wrong(at: usize, expected: &str, found: Option<&Value>) -> Error {
    let found = match found {
        None => return Error::decode(format!("column {at}"), "there is no such column"),
        Some(Value::Null(_)) => "NULL",
        Some(value) => value.kind().name(),
    };
    Error::decode(format!("column {at}"), format!("expected {expected}, found {found}"))
}

macro_rules! cells {
    () => {
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
    };
    ($($method:ident: $variant:ident, $type:ty, $name:literal;)*) => {
        fn is_null(&mut self, at: usize) -> Result<bool> {
            match self.cell(at) {
                Some(value) => Ok(value.is_null()),
                None => Err(wrong(at, "a value", None)),
            }
        }

        fn text(&mut self, at: usize) -> Result<&str> {
            match self.cell(at) {
                Some(Value::Text(text)) => Ok(text),
                other => Err(wrong(at, "text", other)),
            }
        }

        fn bytes(&mut self, at: usize) -> Result<&[u8]> {
            match self.cell(at) {
                Some(Value::Bytes(bytes)) => Ok(bytes),
                other => Err(wrong(at, "bytes", other)),
            }
        }

        $(fn $method(&mut self, at: usize) -> Result<$type> {
            match self.cell(at) {
                Some(Value::$variant(value)) => Ok(value.clone()),
                other => Err(wrong(at, $name, other)),
            }
        })*
    };
}

impl Source for ValueRow<'_> {
    cells!();
}

macro_rules! taken {
    () => {
        fn string(&mut self, at: usize) -> Result<String> {
            match self.cell_mut(at) {
                Some(Value::Text(text)) => Ok(std::mem::take(text)),
                other => Err(wrong(at, "text", other.as_deref())),
            }
        }

        fn byte_buf(&mut self, at: usize) -> Result<Vec<u8>> {
            match self.cell_mut(at) {
                Some(Value::Bytes(bytes)) => Ok(std::mem::take(bytes)),
                other => Err(wrong(at, "bytes", other.as_deref())),
            }
        }
    };
}

impl Source for TakenRow<'_> {
    cells!();
    taken!();
}

impl Source for FilledRow<'_> {
    cells!();
    taken!();
}
