//! Cells of SQLite, which has five types for everything.

use crate::error::Result;
use crate::exec::Source;
use crate::exec::convert::{
    date_from_text, datetime_from_text, decimal_from_float, decimal_from_text, int_from_float, mismatch, quantized,
    time_from_text, unreadable, uuid_from_text,
};
use crate::meta::ColumnType;
use chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta, Utc};
use rust_decimal::Decimal;
use sqlx::sqlite::{SqliteRow, SqliteValueRef};
use sqlx::{Decode, Row, Sqlite, TypeInfo, ValueRef};
use uuid::Uuid;

pub(super) struct Cells<'r> {
    pub(super) row: &'r SqliteRow,
    pub(super) columns: &'r [ColumnType],
}

/// A cell that is there.
enum Cell<'r> {
    Int(i64),
    Real(f64),
    Text(&'r str),
    Blob(&'r [u8]),
}

impl Cell<'_> {
    fn type_name(&self) -> &'static str {
        match self {
            Cell::Int(_) => "an integer",
            Cell::Real(_) => "a float",
            Cell::Text(_) => "text",
            Cell::Blob(_) => "bytes",
        }
    }
}

fn decode<'r, T: Decode<'r, Sqlite>>(value: SqliteValueRef<'r>, at: usize) -> Result<T> {
    T::decode(value).map_err(|error| unreadable(at, error))
}

impl<'r> Cells<'r> {
    fn raw(&self, at: usize) -> Result<SqliteValueRef<'r>> {
        self.row.try_get_raw(at).map_err(|error| unreadable(at, error))
    }

    fn cell(&self, at: usize, expected: &str) -> Result<Cell<'r>> {
        let value = self.raw(at)?;
        if value.is_null() {
            return Err(mismatch(at, expected, "NULL"));
        }
        let kind = value.type_info().name().as_bytes().first().copied();
        Ok(match kind {
            Some(b'I') => Cell::Int(decode(value, at)?),
            Some(b'R') => Cell::Real(decode(value, at)?),
            Some(b'T') => Cell::Text(decode(value, at)?),
            _ => Cell::Blob(decode(value, at)?),
        })
    }

    fn parse_text<T>(&self, at: usize, expected: &str, read: impl FnOnce(&str) -> Option<T>) -> Result<T> {
        match self.cell(at, expected)? {
            Cell::Text(text) => read(text).ok_or_else(|| mismatch(at, expected, format_args!("{text:?}"))),
            other => Err(mismatch(at, expected, other.type_name())),
        }
    }
}

impl Source for Cells<'_> {
    fn is_null(&mut self, at: usize) -> Result<bool> {
        Ok(self.raw(at)?.is_null())
    }

    fn bool(&mut self, at: usize) -> Result<bool> {
        match self.cell(at, "a boolean")? {
            Cell::Int(value) => Ok(value != 0),
            Cell::Real(value) => Ok(value != 0.0),
            other => Err(mismatch(at, "a boolean", other.type_name())),
        }
    }

    fn int(&mut self, at: usize) -> Result<i64> {
        match self.cell(at, "an integer")? {
            Cell::Int(value) => Ok(value),
            Cell::Real(value) => int_from_float(value).ok_or_else(|| mismatch(at, "an integer", value)),
            other => Err(mismatch(at, "an integer", other.type_name())),
        }
    }

    fn float(&mut self, at: usize) -> Result<f64> {
        match self.cell(at, "a float")? {
            #[allow(clippy::cast_precision_loss, reason = "what a float is")]
            Cell::Int(value) => Ok(value as f64),
            Cell::Real(value) => Ok(value),
            Cell::Text(text) => text
                .parse()
                .map_err(|_| mismatch(at, "a float", format_args!("{text:?}"))),
            other @ Cell::Blob(_) => Err(mismatch(at, "a float", other.type_name())),
        }
    }

    fn text(&mut self, at: usize) -> Result<&str> {
        match self.cell(at, "text")? {
            Cell::Text(text) => Ok(text),
            Cell::Blob(bytes) => std::str::from_utf8(bytes).map_err(|error| unreadable(at, error)),
            other => Err(mismatch(at, "text", other.type_name())),
        }
    }

    fn bytes(&mut self, at: usize) -> Result<&[u8]> {
        match self.cell(at, "bytes")? {
            Cell::Blob(bytes) => Ok(bytes),
            Cell::Text(text) => Ok(text.as_bytes()),
            other => Err(mismatch(at, "bytes", other.type_name())),
        }
    }

    fn decimal(&mut self, at: usize) -> Result<Decimal> {
        let value = match self.cell(at, "a decimal")? {
            Cell::Int(value) => Some(Decimal::from(value)),
            Cell::Real(value) => decimal_from_float(value),
            Cell::Text(text) => decimal_from_text(text),
            Cell::Blob(_) => None,
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
        Ok(TimeDelta::microseconds(self.int(at)?))
    }

    fn uuid(&mut self, at: usize) -> Result<Uuid> {
        match self.cell(at, "a UUID")? {
            Cell::Text(text) => uuid_from_text(text).ok_or_else(|| mismatch(at, "a UUID", format_args!("{text:?}"))),
            Cell::Blob(bytes) => Uuid::from_slice(bytes).map_err(|error| unreadable(at, error)),
            other => Err(mismatch(at, "a UUID", other.type_name())),
        }
    }

    fn json(&mut self, at: usize) -> Result<serde_json::Value> {
        match self.cell(at, "JSON")? {
            Cell::Text(text) => serde_json::from_str(text).map_err(|error| unreadable(at, error)),
            Cell::Blob(bytes) => serde_json::from_slice(bytes).map_err(|error| unreadable(at, error)),
            // What JSON functions extract.
            Cell::Int(value) => Ok(value.into()),
            Cell::Real(value) => Ok(value.into()),
        }
    }
}
