//! `Argument`: what a placeholder is filled with, now or once the values are known.

use crate::query::Slot;
use crate::query::lookup::Part;
use crate::value::{Kind, Value};
use chrono::{NaiveDate, NaiveTime, Weekday};
use std::ops::RangeInclusive;

/// What a placeholder is filled with.
#[derive(Debug, Clone)]
pub(crate) enum Argument {
    /// this value
    Value(Value),
    /// the value in a slot; a list as one array
    Slot(Slot),
    /// the pattern that finds a text
    Pattern(Slot, Part, fn(Part, &str) -> String),
    /// the document in a slot, as text
    DocumentText(Slot),
    /// the first or last moment of the year in a slot
    Year(Slot, Edge),
    /// several values as one array
    Array(Kind, Vec<Argument>),
    /// the values of the list in the slot with that number, for a placeholder each
    Each(usize),
}

impl Argument {
    /// The kind of its value.
    pub(crate) fn kind(&self) -> Kind {
        match self {
            Argument::Value(value) => value.kind(),
            Argument::Slot(slot) | Argument::Pattern(slot, ..) => slot.kind,
            Argument::DocumentText(_) => Kind::Text,
            Argument::Array(kind, _) => *kind,
            Argument::Year(_, edge) => edge.kind(),
            Argument::Each(_) => Kind::Int,
        }
    }

    /// Its value, where no slot is needed for it.
    pub(super) fn into_value(self) -> Option<Value> {
        match self {
            Argument::Value(value) => Some(value),
            Argument::Array(kind, items) => {
                let values = items.into_iter().filter_map(Argument::into_value).collect();
                Some(Value::List(kind, values))
            }
            Argument::Slot(_)
            | Argument::Pattern(..)
            | Argument::DocumentText(_)
            | Argument::Year(..)
            | Argument::Each(_) => None,
        }
    }

    /// Whether it is equal to another one for some values in the slots of the two.
    pub(super) fn may_equal(&self, other: &Argument) -> bool {
        match (self, other) {
            (Argument::Value(_), Argument::Value(_)) => self == other,
            (Argument::Each(_), _) | (_, Argument::Each(_)) => true,
            (a, b) => a.kind() == b.kind(),
        }
    }

    /// Whether it is one value of that kind, and not NULL.
    pub(crate) fn is_a(&self, kind: Kind) -> bool {
        match self {
            Argument::Value(Value::Null(_) | Value::List(..)) => false,
            Argument::Value(value) => value.kind() == kind,
            Argument::Slot(slot) => slot.kind == kind && !slot.list,
            Argument::Year(_, edge) => edge.kind() == kind,
            Argument::Pattern(..) | Argument::DocumentText(_) | Argument::Array(..) | Argument::Each(_) => false,
        }
    }
}

/// The same value of the same kind.
impl PartialEq for Argument {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Argument::Value(a), Argument::Value(b)) => a == b && a.kind() == b.kind(),
            (Argument::Slot(a), Argument::Slot(b)) | (Argument::DocumentText(a), Argument::DocumentText(b)) => a == b,
            // Which function makes the pattern, the database and the part tell.
            (Argument::Pattern(a, x, _), Argument::Pattern(b, y, _)) => a == b && x == y,
            (Argument::Year(a, x), Argument::Year(b, y)) => a == b && x == y,
            (Argument::Array(a, x), Argument::Array(b, y)) => a == b && x == y,
            (Argument::Each(a), Argument::Each(b)) => a == b,
            _ => false,
        }
    }
}

impl From<Value> for Argument {
    fn from(value: Value) -> Self {
        Argument::Value(value)
    }
}

/// The years whose first and last days every database can hold.
pub(super) const YEARS: RangeInclusive<i64> = 1..=9998;

/// The first or the last moment of a year.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Edge {
    /// the year of ISO weeks
    pub(super) iso: bool,
    pub(super) last: bool,
    /// of a column of moments, not of dates
    pub(super) moment: bool,
}

impl Edge {
    pub(super) fn kind(self) -> Kind {
        if self.moment { Kind::DateTime } else { Kind::Date }
    }

    /// That of this year.
    pub(super) fn of(self, year: &Value) -> Option<Value> {
        let Value::Int(year) = year else { return None };
        let year = i32::try_from(*year).ok().filter(|_| YEARS.contains(year))?;
        let day = match (self.iso, self.last) {
            (false, false) => NaiveDate::from_ymd_opt(year, 1, 1),
            (false, true) => NaiveDate::from_ymd_opt(year, 12, 31),
            (true, false) => NaiveDate::from_isoywd_opt(year, 1, Weekday::Mon),
            (true, true) => NaiveDate::from_isoywd_opt(year + 1, 1, Weekday::Mon)?.pred_opt(),
        }?;
        let time = if self.last {
            NaiveTime::from_hms_micro_opt(23, 59, 59, 999_999)?
        } else {
            NaiveTime::MIN
        };
        Some(match self.moment {
            true => Value::DateTime(day.and_time(time).and_utc()),
            false => Value::Date(day),
        })
    }
}
