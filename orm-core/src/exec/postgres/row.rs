//! Cells of PostgreSQL, in its binary format.

use super::numeric;
use crate::error::Result;
use crate::exec::Source;
use crate::exec::convert::{
    decimal_from_float, decimal_from_text, int_from_decimal, int_from_float, mismatch, quantized, unreadable,
    uuid_from_text,
};
use crate::meta::ColumnType;
use crate::value::Kind;
use chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta, Utc};
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use sqlx::postgres::PgRow;
use sqlx::{Column, Row, TypeInfo, ValueRef};
use uuid::Uuid;

/// The numbers of the types, which never change.
mod oid {
    pub(super) const BOOL: u32 = 16;
    pub(super) const BYTEA: u32 = 17;
    pub(super) const INT8: u32 = 20;
    pub(super) const INT2: u32 = 21;
    pub(super) const INT4: u32 = 23;
    pub(super) const JSON: u32 = 114;
    pub(super) const FLOAT4: u32 = 700;
    pub(super) const FLOAT8: u32 = 701;
    pub(super) const DATE: u32 = 1082;
    pub(super) const TIME: u32 = 1083;
    pub(super) const TIMESTAMP: u32 = 1114;
    pub(super) const TIMESTAMPTZ: u32 = 1184;
    pub(super) const INTERVAL: u32 = 1186;
    pub(super) const NUMERIC: u32 = 1700;
    pub(super) const UUID: u32 = 2950;
    pub(super) const JSONB: u32 = 3802;
    /// `text, varchar, bpchar, name, unknown, "char"`
    pub(super) const TEXTS: [u32; 6] = [25, 1043, 1042, 19, 705, 18];
    /// Types that are made later, domains and enums and those of extensions, come from here on.
    pub(super) const CUSTOM: u32 = 16_384;
}

/// 2000-01-01, in days from the year 1 and in microseconds from 1970.
const EPOCH_DAYS: i32 = 730_120;
const EPOCH_MICROSECONDS: i64 = 946_684_800_000_000;
const DAY_MICROSECONDS: i64 = 86_400_000_000;

/// The types of a result's columns, by number.
pub(crate) struct Layout(Vec<u32>);

impl Layout {
    pub(super) fn of(row: &PgRow) -> Self {
        let oids = row.columns().iter();
        Layout(
            oids.map(|column| column.type_info().oid().map_or(0, |oid| oid.0))
                .collect(),
        )
    }
}

pub(super) struct Cells<'r> {
    pub(super) row: &'r PgRow,
    pub(super) layout: &'r Layout,
    pub(super) columns: &'r [ColumnType],
}

/// A cell that is there.
struct Cell<'r> {
    at: usize,
    oid: u32,
    bytes: &'r [u8],
    expected: &'static str,
}

impl<'r> Cell<'r> {
    fn fixed<const N: usize>(&self) -> Result<[u8; N]> {
        self.bytes
            .try_into()
            .map_err(|_| unreadable(self.at, format_args!("{} bytes, not {N}", self.bytes.len())))
    }

    fn int(&self) -> Result<Option<i64>> {
        Ok(match self.oid {
            oid::INT8 => Some(i64::from_be_bytes(self.fixed()?)),
            oid::INT4 => Some(i32::from_be_bytes(self.fixed()?).into()),
            oid::INT2 => Some(i16::from_be_bytes(self.fixed()?).into()),
            oid::BOOL => Some(self.fixed::<1>()?[0].into()),
            _ => None,
        })
    }

    fn float(&self) -> Result<Option<f64>> {
        Ok(match self.oid {
            oid::FLOAT8 => Some(f64::from_be_bytes(self.fixed()?)),
            oid::FLOAT4 => Some(f32::from_be_bytes(self.fixed()?).into()),
            _ => None,
        })
    }

    fn decimal(&self) -> Result<Option<Decimal>> {
        if self.oid != oid::NUMERIC {
            return Ok(None);
        }
        match numeric::decode(self.bytes) {
            Some(number) => Ok(Some(number)),
            None => Err(mismatch(self.at, self.expected, "a number that is none or too large")),
        }
    }

    fn text(&self) -> Option<Result<&'r str>> {
        let bytes = match self.oid {
            // A version stands before the text.
            oid::JSONB => self.bytes.get(1..)?,
            oid if oid::TEXTS.contains(&oid) || oid == oid::JSON || oid >= oid::CUSTOM => self.bytes,
            _ => return None,
        };
        Some(std::str::from_utf8(bytes).map_err(|error| unreadable(self.at, error)))
    }

    fn day(&self) -> Result<Option<NaiveDate>> {
        if self.oid != oid::DATE {
            return Ok(None);
        }
        let days = i32::from_be_bytes(self.fixed()?).checked_add(EPOCH_DAYS);
        let date = days.and_then(NaiveDate::from_num_days_from_ce_opt);
        date.map(Some)
            .ok_or_else(|| mismatch(self.at, self.expected, "a date that is too far away"))
    }

    fn moment(&self) -> Result<Option<DateTime<Utc>>> {
        if !matches!(self.oid, oid::TIMESTAMPTZ | oid::TIMESTAMP) {
            return Ok(None);
        }
        let microseconds = i64::from_be_bytes(self.fixed()?).checked_add(EPOCH_MICROSECONDS);
        let moment = microseconds.and_then(DateTime::from_timestamp_micros);
        moment
            .map(Some)
            .ok_or_else(|| mismatch(self.at, self.expected, "a time that is too far away"))
    }

    fn wrong<T>(&self, row: &PgRow) -> Result<T> {
        let found = match row.try_get_raw(self.at) {
            Ok(value) => value.type_info().name().to_lowercase(),
            Err(error) => error.to_string(),
        };
        Err(mismatch(self.at, self.expected, found))
    }
}

impl<'r> Cells<'r> {
    /// The bytes of a cell, if its type is one of those, as it nearly always is, and it is not NULL.
    #[inline]
    fn plain(&self, at: usize, oids: &[u32]) -> Option<&'r [u8]> {
        if !oids.contains(self.layout.0.get(at)?) {
            return None;
        }
        self.row.try_get_raw(at).ok()?.as_bytes().ok()
    }

    fn cell(&self, at: usize, expected: &'static str) -> Result<Cell<'r>> {
        let value = self.row.try_get_raw(at).map_err(|error| unreadable(at, error))?;
        if value.is_null() {
            return Err(mismatch(at, expected, "NULL"));
        }
        let oid = self.layout.0.get(at).copied().unwrap_or_default();
        let bytes = value.as_bytes().map_err(|error| unreadable(at, error))?;
        Ok(Cell {
            at,
            oid,
            bytes,
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
        match cell.int()? {
            Some(value) => Ok(value != 0),
            None => cell.wrong(self.row),
        }
    }

    fn int(&mut self, at: usize) -> Result<i64> {
        let long = self.plain(at, &[oid::INT8]).and_then(|bytes| bytes.try_into().ok());
        if let Some(bytes) = long {
            return Ok(i64::from_be_bytes(bytes));
        }
        let cell = self.cell(at, "an integer")?;
        if let Some(value) = cell.int()? {
            return Ok(value);
        }
        let whole = match cell.decimal()? {
            Some(value) => int_from_decimal(value),
            None => cell.float()?.and_then(int_from_float),
        };
        whole.map_or_else(|| cell.wrong(self.row), Ok)
    }

    fn float(&mut self, at: usize) -> Result<f64> {
        let cell = self.cell(at, "a float")?;
        if let Some(value) = cell.float()? {
            return Ok(value);
        }
        #[allow(clippy::cast_precision_loss, reason = "what a float is")]
        let value = match cell.decimal()? {
            Some(value) => value.to_f64(),
            None => cell.int()?.map(|value| value as f64),
        };
        value.map_or_else(|| cell.wrong(self.row), Ok)
    }

    fn text(&mut self, at: usize) -> Result<&str> {
        if let Some(bytes) = self.plain(at, &oid::TEXTS) {
            return std::str::from_utf8(bytes).map_err(|error| unreadable(at, error));
        }
        let cell = self.cell(at, "text")?;
        cell.text().unwrap_or_else(|| cell.wrong(self.row))
    }

    fn bytes(&mut self, at: usize) -> Result<&[u8]> {
        let cell = self.cell(at, "bytes")?;
        if cell.oid == oid::BYTEA {
            return Ok(cell.bytes);
        }
        match cell.text() {
            Some(text) => Ok(text?.as_bytes()),
            None => cell.wrong(self.row),
        }
    }

    fn decimal(&mut self, at: usize) -> Result<Decimal> {
        let cell = self.cell(at, "a decimal")?;
        let value = if let Some(value) = cell.decimal()? {
            Some(value)
        } else if let Some(value) = cell.int()? {
            Some(Decimal::from(value))
        } else if let Some(value) = cell.float()? {
            decimal_from_float(value)
        } else {
            cell.text().transpose()?.and_then(decimal_from_text)
        };
        match value {
            Some(value) => Ok(quantized(value, self.columns, at)),
            None => cell.wrong(self.row),
        }
    }

    fn date(&mut self, at: usize) -> Result<NaiveDate> {
        let cell = self.cell(at, "a date")?;
        if let Some(date) = cell.day()? {
            return Ok(date);
        }
        cell.moment()?
            .map_or_else(|| cell.wrong(self.row), |moment| Ok(moment.date_naive()))
    }

    fn time(&mut self, at: usize) -> Result<NaiveTime> {
        let cell = self.cell(at, "a time")?;
        if cell.oid == oid::TIME {
            let microseconds = i64::from_be_bytes(cell.fixed()?);
            // 24:00 is a time to PostgreSQL.
            let microseconds = microseconds.rem_euclid(DAY_MICROSECONDS);
            return Ok(NaiveTime::MIN
                .overflowing_add_signed(TimeDelta::microseconds(microseconds))
                .0);
        }
        cell.moment()?
            .map_or_else(|| cell.wrong(self.row), |moment| Ok(moment.time()))
    }

    fn datetime(&mut self, at: usize) -> Result<DateTime<Utc>> {
        let cell = self.cell(at, "a date and time")?;
        if let Some(moment) = cell.moment()? {
            return Ok(moment);
        }
        cell.day()?.map_or_else(
            || cell.wrong(self.row),
            |date| Ok(date.and_time(NaiveTime::MIN).and_utc()),
        )
    }

    fn duration(&mut self, at: usize) -> Result<TimeDelta> {
        let cell = self.cell(at, "a duration")?;
        if cell.oid != oid::INTERVAL {
            return cell
                .int()?
                .map_or_else(|| cell.wrong(self.row), |value| Ok(TimeDelta::microseconds(value)));
        }
        let bytes: [u8; 16] = cell.fixed()?;
        let [a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p] = bytes;
        let microseconds = i64::from_be_bytes([a, b, c, d, e, f, g, h]);
        let days = i64::from(i32::from_be_bytes([i, j, k, l]));
        let months = i64::from(i32::from_be_bytes([m, n, o, p]));
        // As Django and psycopg count: a month has 30 days.
        let days = TimeDelta::try_days(days + months * 30);
        let sum = days.and_then(|days| days.checked_add(&TimeDelta::microseconds(microseconds)));
        sum.map_or_else(|| cell.wrong(self.row), Ok)
    }

    fn uuid(&mut self, at: usize) -> Result<Uuid> {
        let cell = self.cell(at, "a UUID")?;
        if matches!(cell.oid, oid::UUID | oid::BYTEA) {
            return Uuid::from_slice(cell.bytes).map_err(|error| unreadable(at, error));
        }
        let text = cell.text().transpose()?;
        text.and_then(uuid_from_text).map_or_else(|| cell.wrong(self.row), Ok)
    }

    fn names(&mut self) -> Result<Vec<String>> {
        let columns = self.row.columns().iter();
        Ok(columns.map(|column| column.name().to_owned()).collect())
    }

    fn kind(&mut self, at: usize) -> Result<Kind> {
        Ok(match self.cell(at, "a value")?.oid {
            oid::BOOL => Kind::Bool,
            oid::INT2 | oid::INT4 | oid::INT8 => Kind::Int,
            oid::FLOAT4 | oid::FLOAT8 => Kind::Float,
            oid::NUMERIC => Kind::Decimal,
            oid::DATE => Kind::Date,
            oid::TIME => Kind::Time,
            oid::TIMESTAMP | oid::TIMESTAMPTZ => Kind::DateTime,
            oid::INTERVAL => Kind::Duration,
            oid::UUID => Kind::Uuid,
            oid::JSON | oid::JSONB => Kind::Json,
            oid::BYTEA => Kind::Bytes,
            _ => Kind::Text,
        })
    }

    fn json(&mut self, at: usize) -> Result<serde_json::Value> {
        let cell = self.cell(at, "JSON")?;
        match cell.text() {
            Some(text) => serde_json::from_str(text?).map_err(|error| unreadable(at, error)),
            None => cell.wrong(self.row),
        }
    }
}
