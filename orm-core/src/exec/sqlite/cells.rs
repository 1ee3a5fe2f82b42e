//! Cells of SQLite, which has five types for everything.

use super::raw::{self, Row};
use crate::error::Result;
use crate::exec::Source;
use crate::exec::convert::{
    date_from_text, datetime_from_text, decimal_from_float, decimal_from_text, int_from_float, mismatch, quantized,
    time_from_text, unreadable, uuid_from_text,
};
use crate::meta::ColumnType;
use crate::value::Kind;
use chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta, Utc};
use rust_decimal::Decimal;
use uuid::Uuid;

/// A row of raw cells.
pub(super) struct Cells<'r> {
    pub(super) row: Row<'r>,
    pub(super) columns: &'r [ColumnType],
}

/// A cell that is there.
enum Cell<'r> {
    Int(i64),
    Float(f64),
    Text(&'r str),
    Bytes(&'r [u8]),
}

impl Cell<'_> {
    fn type_name(&self) -> &'static str {
        match self {
            Cell::Int(_) => "an integer",
            Cell::Float(_) => "a float",
            Cell::Text(_) => "text",
            Cell::Bytes(_) => "bytes",
        }
    }
}

const NO_COLUMN: &str = "there is no such column";

impl Cells<'_> {
    fn cell(&mut self, at: usize, expected: &str) -> Result<Cell<'_>> {
        Ok(match self.row.cell(at) {
            None => return Err(unreadable(at, NO_COLUMN)),
            Some(raw::Cell::Null) => return Err(mismatch(at, expected, "NULL")),
            Some(raw::Cell::Int(value)) => Cell::Int(value),
            Some(raw::Cell::Float(value)) => Cell::Float(value),
            Some(raw::Cell::Text(bytes)) => {
                Cell::Text(std::str::from_utf8(bytes).map_err(|error| unreadable(at, error))?)
            }
            Some(raw::Cell::Bytes(bytes)) => Cell::Bytes(bytes),
        })
    }

    fn parse_text<T>(&mut self, at: usize, expected: &str, read: impl FnOnce(&str) -> Option<T>) -> Result<T> {
        match self.cell(at, expected)? {
            Cell::Text(text) => read(text).ok_or_else(|| mismatch(at, expected, format_args!("{text:?}"))),
            other => Err(mismatch(at, expected, other.type_name())),
        }
    }
}

impl Source for Cells<'_> {
    fn is_null(&mut self, at: usize) -> Result<bool> {
        self.row.is_null(at).ok_or_else(|| unreadable(at, NO_COLUMN))
    }

    fn bool(&mut self, at: usize) -> Result<bool> {
        match self.cell(at, "a boolean")? {
            Cell::Int(value) => Ok(value != 0),
            Cell::Float(value) => Ok(value != 0.0),
            other => Err(mismatch(at, "a boolean", other.type_name())),
        }
    }

    fn int(&mut self, at: usize) -> Result<i64> {
        // Nearly every cell of a number holds one.
        if let Some(value) = self.row.int(at) {
            return Ok(value);
        }
        match self.cell(at, "an integer")? {
            Cell::Int(value) => Ok(value),
            Cell::Float(value) => int_from_float(value).ok_or_else(|| mismatch(at, "an integer", value)),
            other => Err(mismatch(at, "an integer", other.type_name())),
        }
    }

    fn float(&mut self, at: usize) -> Result<f64> {
        match self.cell(at, "a float")? {
            #[allow(clippy::cast_precision_loss, reason = "what a float is")]
            Cell::Int(value) => Ok(value as f64),
            Cell::Float(value) => Ok(value),
            Cell::Text(text) => text
                .parse()
                .map_err(|_| mismatch(at, "a float", format_args!("{text:?}"))),
            other @ Cell::Bytes(_) => Err(mismatch(at, "a float", other.type_name())),
        }
    }

    fn text(&mut self, at: usize) -> Result<&str> {
        match self.cell(at, "text")? {
            Cell::Text(text) => Ok(text),
            Cell::Bytes(bytes) => std::str::from_utf8(bytes).map_err(|error| unreadable(at, error)),
            other => Err(mismatch(at, "text", other.type_name())),
        }
    }

    fn bytes(&mut self, at: usize) -> Result<&[u8]> {
        match self.cell(at, "bytes")? {
            Cell::Bytes(bytes) => Ok(bytes),
            Cell::Text(text) => Ok(text.as_bytes()),
            other => Err(mismatch(at, "bytes", other.type_name())),
        }
    }

    fn decimal(&mut self, at: usize) -> Result<Decimal> {
        let value = match self.cell(at, "a decimal")? {
            Cell::Int(value) => Some(Decimal::from(value)),
            Cell::Float(value) => decimal_from_float(value),
            Cell::Text(text) => decimal_from_text(text),
            Cell::Bytes(_) => None,
        };
        let value = value.ok_or_else(|| mismatch(at, "a decimal", "a value that is none"))?;
        Ok(quantized(value, self.columns, at))
    }

    fn date(&mut self, at: usize) -> Result<NaiveDate> {
        self.parse_text(at, "a date", date_from_text)
    }

    fn time(&mut self, at: usize) -> Result<NaiveTime> {
        self.parse_text(at, "a time", time_from_text)
    }

    fn datetime(&mut self, at: usize) -> Result<DateTime<Utc>> {
        self.parse_text(at, "a date and time", datetime_from_text)
    }

    fn duration(&mut self, at: usize) -> Result<TimeDelta> {
        // An average or a part of one need not be whole.
        let whole = match self.cell(at, "a duration")? {
            Cell::Float(value) => {
                int_from_float(value.round_ties_even()).ok_or_else(|| mismatch(at, "a duration", value))?
            }
            _ => self.int(at)?,
        };
        Ok(TimeDelta::microseconds(whole))
    }

    fn uuid(&mut self, at: usize) -> Result<Uuid> {
        match self.cell(at, "a UUID")? {
            Cell::Text(text) => uuid_from_text(text).ok_or_else(|| mismatch(at, "a UUID", format_args!("{text:?}"))),
            Cell::Bytes(bytes) => Uuid::from_slice(bytes).map_err(|error| unreadable(at, error)),
            other => Err(mismatch(at, "a UUID", other.type_name())),
        }
    }

    fn names(&mut self) -> Result<Vec<String>> {
        Ok(self.row.names())
    }

    fn kind(&mut self, at: usize) -> Result<Kind> {
        Ok(match self.cell(at, "a value")? {
            Cell::Int(_) => Kind::Int,
            Cell::Float(_) => Kind::Float,
            Cell::Text(_) => Kind::Text,
            Cell::Bytes(_) => Kind::Bytes,
        })
    }

    fn json(&mut self, at: usize) -> Result<serde_json::Value> {
        match self.cell(at, "JSON")? {
            Cell::Text(text) => serde_json::from_str(text).map_err(|error| unreadable(at, error)),
            Cell::Bytes(bytes) => serde_json::from_slice(bytes).map_err(|error| unreadable(at, error)),
            // What JSON functions extract.
            Cell::Int(value) => Ok(value.into()),
            Cell::Float(value) => Ok(value.into()),
        }
    }
}
