//! Cells of MySQL, in its binary format.

use crate::error::Result;
use crate::exec::Source;
use crate::exec::convert::{
    date_from_text, datetime_from_text, decimal_from_float, decimal_from_text, int_from_decimal, int_from_float,
    mismatch, quantized, time_from_text, unreadable, uuid_from_text,
};
use crate::meta::ColumnType;
use crate::value::Kind;
use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Utc};
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use sqlx::mysql::{MySqlRow, MySqlValueRef};
use sqlx::{Column, Decode, MySql, Row, TypeInfo, ValueRef};
use uuid::Uuid;

/// The sorts of a result's columns.
pub(crate) struct Layout(Vec<Sort>);

impl Layout {
    pub(super) fn of(row: &MySqlRow) -> Self {
        let columns = row.columns().iter();
        Layout(columns.map(|column| Sort::of(column.type_info().name())).collect())
    }
}

pub(super) struct Cells<'r> {
    pub(super) row: &'r MySqlRow,
    pub(super) layout: &'r Layout,
    pub(super) columns: &'r [ColumnType],
}

/// The sorts of cells that are read differently.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Sort {
    Int,
    Unsigned,
    Float,
    Decimal,
    Date,
    Time,
    DateTime,
    /// text and bytes alike
    Bytes,
}

impl Sort {
    fn of(name: &str) -> Self {
        match name {
            "BOOLEAN" | "TINYINT" | "SMALLINT" | "INT" | "MEDIUMINT" | "BIGINT" => Sort::Int,
            "TINYINT UNSIGNED" | "SMALLINT UNSIGNED" | "INT UNSIGNED" | "MEDIUMINT UNSIGNED" | "BIGINT UNSIGNED"
            | "YEAR" | "BIT" => Sort::Unsigned,
            "FLOAT" | "DOUBLE" => Sort::Float,
            "DECIMAL" => Sort::Decimal,
            "DATE" => Sort::Date,
            "TIME" => Sort::Time,
            "DATETIME" | "TIMESTAMP" => Sort::DateTime,
            _ => Sort::Bytes,
        }
    }

    fn name(self) -> &'static str {
        match self {
            Sort::Int | Sort::Unsigned => "an integer",
            Sort::Float => "a float",
            Sort::Decimal => "a decimal",
            Sort::Date => "a date",
            Sort::Time => "a time",
            Sort::DateTime => "a date and time",
            Sort::Bytes => "text or bytes",
        }
    }
}

/// A cell that is there.
struct Cell<'r> {
    at: usize,
    sort: Sort,
    value: MySqlValueRef<'r>,
    expected: &'static str,
}

impl<'r> Cell<'r> {
    fn decode<T: Decode<'r, MySql>>(&self) -> Result<T> {
        T::decode(self.value.clone()).map_err(|error| unreadable(self.at, error))
    }

    fn int(&self) -> Result<Option<i64>> {
        match self.sort {
            Sort::Int => self.signed().map(Some),
            Sort::Unsigned => Ok(i64::try_from(self.decode::<u64>()?).ok()),
            _ => Ok(None),
        }
    }

    fn signed(&self) -> Result<i64> {
        let bytes = self.bytes()?;
        signed(bytes).ok_or_else(|| unreadable(self.at, format_args!("an integer of {} bytes", bytes.len())))
    }

    fn number(&self) -> Result<Option<Decimal>> {
        match self.sort {
            Sort::Int => Ok(Some(Decimal::from(self.signed()?))),
            Sort::Unsigned => Ok(Some(Decimal::from(self.decode::<u64>()?))),
            // A decimal comes as text.
            Sort::Decimal | Sort::Bytes => Ok(decimal_from_text(self.text()?)),
            Sort::Float => Ok(decimal_from_float(self.decode()?)),
            _ => Ok(None),
        }
    }

    fn bytes(&self) -> Result<&'r [u8]> {
        self.decode()
    }

    fn text(&self) -> Result<&'r str> {
        std::str::from_utf8(self.bytes()?).map_err(|error| unreadable(self.at, error))
    }

    /// Reads what computed columns give as text.
    fn parse_text<T>(&self, read: impl FnOnce(&str) -> Option<T>) -> Result<T> {
        if self.sort != Sort::Bytes {
            return self.wrong();
        }
        let text = self.text()?;
        read(text).ok_or_else(|| mismatch(self.at, self.expected, format_args!("{text:?}")))
    }

    fn wrong<T>(&self) -> Result<T> {
        Err(mismatch(self.at, self.expected, self.sort.name()))
    }
}

/// An integer of any size.
fn signed(bytes: &[u8]) -> Option<i64> {
    Some(match bytes.len() {
        8 => i64::from_le_bytes(bytes.try_into().ok()?),
        4 => i32::from_le_bytes(bytes.try_into().ok()?).into(),
        2 => i16::from_le_bytes(bytes.try_into().ok()?).into(),
        1 => bytes.first()?.cast_signed().into(),
        _ => return None,
    })
}

impl<'r> Cells<'r> {
    /// The bytes of a cell, if it is of that sort, as cells nearly always are, and not NULL.
    #[inline]
    fn plain(&self, at: usize, sort: Sort) -> Option<&'r [u8]> {
        if *self.layout.0.get(at)? != sort {
            return None;
        }
        <&[u8] as Decode<MySql>>::decode(self.row.try_get_raw(at).ok()?).ok()
    }

    fn cell(&self, at: usize, expected: &'static str) -> Result<Cell<'r>> {
        let value = self.row.try_get_raw(at).map_err(|error| unreadable(at, error))?;
        if value.is_null() {
            return Err(mismatch(at, expected, "NULL"));
        }
        let sort = self.layout.0.get(at).copied().unwrap_or(Sort::Bytes);
        Ok(Cell {
            at,
            sort,
            value,
            expected,
        })
    }
}

impl Source for Cells<'_> {
    fn is_null(&mut self, at: usize) -> Result<bool> {
        self.row
            .try_get_raw(at)
            .map(|value| value.is_null())
            .map_err(|error| unreadable(at, error))
    }

    fn bool(&mut self, at: usize) -> Result<bool> {
        let cell = self.cell(at, "a boolean")?;
        match cell.sort {
            Sort::Int | Sort::Unsigned | Sort::Float | Sort::Decimal => cell
                .number()?
                .map_or_else(|| cell.wrong(), |value| Ok(!value.is_zero())),
            _ => cell.wrong(),
        }
    }

    fn int(&mut self, at: usize) -> Result<i64> {
        if let Some(value) = self.plain(at, Sort::Int).and_then(signed) {
            return Ok(value);
        }
        let cell = self.cell(at, "an integer")?;
        let value = match cell.sort {
            Sort::Int | Sort::Unsigned => cell.int()?,
            Sort::Decimal => cell.number()?.and_then(int_from_decimal),
            Sort::Float => int_from_float(cell.decode()?),
            Sort::Bytes => cell.text()?.parse().ok(),
            _ => None,
        };
        value.map_or_else(|| cell.wrong(), Ok)
    }

    fn float(&mut self, at: usize) -> Result<f64> {
        let cell = self.cell(at, "a float")?;
        if cell.sort == Sort::Float {
            return cell.decode();
        }
        cell.number()?
            .and_then(|value| value.to_f64())
            .map_or_else(|| cell.wrong(), Ok)
    }

    fn text(&mut self, at: usize) -> Result<&str> {
        if let Some(bytes) = self.plain(at, Sort::Bytes) {
            return std::str::from_utf8(bytes).map_err(|error| unreadable(at, error));
        }
        self.cell(at, "text")?.wrong()
    }

    fn bytes(&mut self, at: usize) -> Result<&[u8]> {
        match self.plain(at, Sort::Bytes) {
            Some(bytes) => Ok(bytes),
            None => self.cell(at, "bytes")?.wrong(),
        }
    }

    fn decimal(&mut self, at: usize) -> Result<Decimal> {
        let cell = self.cell(at, "a decimal")?;
        match cell.number()? {
            Some(value) => Ok(quantized(value, self.columns, at)),
            None => cell.wrong(),
        }
    }

    fn date(&mut self, at: usize) -> Result<NaiveDate> {
        let cell = self.cell(at, "a date")?;
        match cell.sort {
            Sort::Date => cell.decode(),
            Sort::DateTime => cell.decode::<NaiveDateTime>().map(|moment| moment.date()),
            _ => cell.parse_text(date_from_text),
        }
    }

    fn time(&mut self, at: usize) -> Result<NaiveTime> {
        let cell = self.cell(at, "a time")?;
        match cell.sort {
            Sort::Time => cell.decode(),
            Sort::DateTime => cell.decode::<NaiveDateTime>().map(|moment| moment.time()),
            _ => cell.parse_text(time_from_text),
        }
    }

    fn datetime(&mut self, at: usize) -> Result<DateTime<Utc>> {
        let cell = self.cell(at, "a date and time")?;
        match cell.sort {
            Sort::DateTime => cell.decode::<NaiveDateTime>().map(|moment| moment.and_utc()),
            Sort::Date => cell
                .decode::<NaiveDate>()
                .map(|date| date.and_time(NaiveTime::MIN).and_utc()),
            _ => cell.parse_text(datetime_from_text),
        }
    }

    fn duration(&mut self, at: usize) -> Result<TimeDelta> {
        let cell = self.cell(at, "a duration")?;
        // An average or a part of one need not be whole.
        let whole = match cell.sort {
            Sort::Decimal => cell.number()?.and_then(|value| int_from_decimal(value.round())),
            Sort::Float => int_from_float(cell.decode::<f64>()?.round_ties_even()),
            _ => Some(self.int(at)?),
        };
        whole.map_or_else(|| cell.wrong(), |whole| Ok(TimeDelta::microseconds(whole)))
    }

    fn uuid(&mut self, at: usize) -> Result<Uuid> {
        let cell = self.cell(at, "a UUID")?;
        if cell.sort == Sort::Bytes && cell.bytes()?.len() == 16 {
            return Uuid::from_slice(cell.bytes()?).map_err(|error| unreadable(at, error));
        }
        cell.parse_text(uuid_from_text)
    }

    fn names(&mut self) -> Result<Vec<String>> {
        let columns = self.row.columns().iter();
        Ok(columns.map(|column| column.name().to_owned()).collect())
    }

    fn kind(&mut self, at: usize) -> Result<Kind> {
        Ok(match self.cell(at, "a value")?.sort {
            Sort::Int | Sort::Unsigned => Kind::Int,
            Sort::Float => Kind::Float,
            Sort::Decimal => Kind::Decimal,
            Sort::Date => Kind::Date,
            Sort::Time => Kind::Time,
            Sort::DateTime => Kind::DateTime,
            Sort::Bytes => match self.row.columns().get(at).map(|column| column.type_info().name()) {
                Some(name) if name.contains("BLOB") || name.contains("BINARY") => Kind::Bytes,
                Some("JSON") => Kind::Json,
                _ => Kind::Text,
            },
        })
    }

    fn json(&mut self, at: usize) -> Result<serde_json::Value> {
        let cell = self.cell(at, "JSON")?;
        if cell.sort != Sort::Bytes {
            return cell.wrong();
        }
        serde_json::from_slice(cell.bytes()?).map_err(|error| unreadable(at, error))
    }
}
