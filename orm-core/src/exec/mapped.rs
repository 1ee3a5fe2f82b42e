//! A row whose columns are somewhere else: what reads by position reads by name.

use super::Source;
use super::convert::quantized;
use crate::error::Result;
use crate::meta::ColumnType;
use crate::value::Kind;
use chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta, Utc};
use rust_decimal::Decimal;
use uuid::Uuid;

/// A row in another order.
pub(crate) struct Mapped<'r, S> {
    pub(crate) row: &'r mut S,
    /// where each column stands
    pub(crate) places: &'r [usize],
    /// what each is, as far as that is known
    pub(crate) columns: &'r [ColumnType],
}

impl<S> Mapped<'_, S> {
    /// What is not there is looked for where nothing is.
    fn place(&self, at: usize) -> usize {
        self.places.get(at).copied().unwrap_or(usize::MAX)
    }
}

macro_rules! cells {
    ($($method:ident: $type:ty;)*) => { $(
        fn $method(&mut self, at: usize) -> Result<$type> {
            self.row.$method(self.place(at))
        }
    )* };
}

impl<S: Source> Source for Mapped<'_, S> {
    cells! {
        is_null: bool;
        bool: bool;
        int: i64;
        float: f64;
        text: &str;
        string: String;
        bytes: &[u8];
        byte_buf: Vec<u8>;
        date: NaiveDate;
        time: NaiveTime;
        datetime: DateTime<Utc>;
        duration: TimeDelta;
        uuid: Uuid;
        json: serde_json::Value;
        kind: Kind;
    }

    fn decimal(&mut self, at: usize) -> Result<Decimal> {
        let value = self.row.decimal(self.place(at))?;
        Ok(quantized(value, self.columns, at))
    }

    fn names(&mut self) -> Result<Vec<String>> {
        let names = self.row.names()?;
        let name = |place: &usize| names.get(*place).cloned().unwrap_or_default();
        Ok(self.places.iter().map(name).collect())
    }
}
