//! `dates` and `datetimes`: the years, months … in which a query has a row.

use super::{DynColumn, DynExpr, DynOrder, DynQ, DynQuerySet, Dynamic};
use crate::error::{Error, Misuse, Result};
use crate::meta::ColumnType;
use crate::query::{Function, TimeZone, function};
use crate::value::{Kind, Value};

impl DynQuerySet {
    /// The years, months, weeks or days of a date, each once, from the first to the last or back.
    ///
    /// # Errors
    /// [`Error::Misuse`] for another unit, or a field that has no dates.
    pub fn dates(self, field: &str, unit: &str, descending: bool) -> Result<Self> {
        let function = unit_of(&["year", "month", "week", "day"], unit, Kind::Date).ok_or_else(|| {
            Error::misuse(
                Misuse::Value,
                "'kind' must be one of 'year', 'month', 'week', or 'day'.",
            )
        })?;
        self.units(
            "datefield",
            field,
            (function, &TimeZone::UTC),
            ColumnType::Date,
            descending,
        )
    }

    /// The years, months, weeks, days, hours, minutes or seconds of a moment, in UTC, each once.
    ///
    /// # Errors
    /// As [`dates`](Self::dates).
    pub fn datetimes(self, field: &str, unit: &str, descending: bool) -> Result<Self> {
        self.datetimes_in(field, unit, descending, &TimeZone::UTC)
    }

    /// As [`datetimes`](Self::datetimes), by the clocks of a time zone: the moments when those days
    /// begin there.
    ///
    /// # Errors
    /// As [`dates`](Self::dates).
    pub fn datetimes_in(self, field: &str, unit: &str, descending: bool, zone: &TimeZone) -> Result<Self> {
        let units = ["year", "month", "week", "day", "hour", "minute", "second"];
        let function = unit_of(&units, unit, Kind::DateTime).ok_or_else(|| {
            Error::misuse(
                Misuse::Value,
                "'kind' must be one of 'year', 'month', 'week', 'day', 'hour', 'minute', or 'second'.",
            )
        })?;
        self.units(
            "datetimefield",
            field,
            (function, zone),
            ColumnType::DateTime,
            descending,
        )
    }

    fn units(
        self,
        name: &str,
        field: &str,
        (function, zone): (&'static Function, &TimeZone),
        output: ColumnType,
        descending: bool,
    ) -> Result<Self> {
        self.not_combined("annotate")?;
        let column = DynExpr::f(field);
        let kind = self
            .clone()
            .resolved(|scope| column.resolve(scope))?
            .column_type()
            .kind();
        let short = field.rsplit("__").next().unwrap_or(field);
        let (from, to) = match (kind, output) {
            (Kind::DateTime, _) | (Kind::Date, ColumnType::Date) => ("", ""),
            (Kind::Date, _) => ("DateField", "DateTimeField"),
            (Kind::Time, ColumnType::Date) => ("TimeField", "DateField"),
            (Kind::Time, _) => ("TimeField", "DateTimeField"),
            _ => {
                let message = format!("'{short}' isn't a DateField, TimeField, or DateTimeField.");
                return Err(Error::misuse(Misuse::Type, message));
            }
        };
        if !from.is_empty() {
            let message = format!("Cannot truncate {from} '{short}' to {to}.");
            return Err(Error::misuse(Misuse::Value, message));
        }
        let whole = match (kind, output) {
            (Kind::DateTime, ColumnType::Date) => DynExpr::Call {
                function: &function::DATE,
                args: vec![column.clone()],
            },
            _ => column.clone(),
        };
        let args = vec![whole];
        let sign = if descending { "-" } else { "" };
        self.annotate([
            (name.to_owned(), DynExpr::Call { function, args }.in_zone(zone)?),
            ("plain_field".to_owned(), column),
        ])?
        .values_list([DynColumn::from(name)], true)?
        .distinct()?
        .filter(DynQ::leaf("plain_field__isnull", Dynamic::Value(Value::Bool(false))))?
        .order_by([DynOrder::from(format!("{sign}{name}").as_str())])
    }
}

/// The function that truncates a value of that kind to a unit, where the unit is one of these.
pub(crate) fn unit_of(units: &[&str], unit: &str, kind: Kind) -> Option<&'static Function> {
    let name = units.contains(&unit).then(|| format!("trunc_{unit}"))?;
    function::for_kind(function::function(&name)?, kind)
}
