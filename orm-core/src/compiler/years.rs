//! Lookups on the year of a column become ranges of the column itself, which an index serves.

use super::argument::Argument;
use super::resolve::{leaf, rebuild};
use super::resolved::{Node, Right, Term};
use crate::query::{Expr, Lookup, LookupKind, Operand, function, lookup};
use crate::value::{Kind, Value};
use chrono::{NaiveDate, NaiveTime, Weekday};
use std::ops::RangeInclusive;

/// The years whose first and last days every database can hold.
const YEARS: RangeInclusive<i64> = 1..=9998;

/// The first or the last moment of a year.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Edge {
    /// the year of ISO weeks
    iso: bool,
    last: bool,
    /// of a column of moments, not of dates
    moment: bool,
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

    /// The argument that is made of the year.
    fn argument(self, year: &Argument) -> Option<Term> {
        let argument = match year {
            Argument::Value(year) => Argument::Value(self.of(year)?),
            Argument::Slot(slot) if slot.kind == Kind::Int && !slot.list => Argument::Year(*slot, self),
            _ => return None,
        };
        Some(Term::Value(argument))
    }
}

/// Whether it is the year of something, and which.
fn year_of(expr: &Expr) -> Option<(bool, &Expr)> {
    let Expr::Call { function, args } = expr else {
        return None;
    };
    let iso = match *function {
        plain if std::ptr::eq(plain, &function::YEAR) => false,
        iso if std::ptr::eq(iso, &function::ISO_YEAR) => true,
        _ => return None,
    };
    Some((iso, args.first()?))
}

/// Whether it asks for a year that no range stands for: the text is another one then.
pub(super) fn is_far(left: &Expr, right: &Operand) -> bool {
    let far = matches!(right, Operand::One(Expr::Value(Value::Int(year))) if !YEARS.contains(year));
    far && year_of(left).is_some()
}

/// A lookup on a column, with or without transforms; on its year, as a range.
pub(super) fn on_column(left: &Expr, column: Term, lookup: &'static Lookup, right: Right) -> Node {
    match range(left, &column, lookup, &right) {
        Some((lookup, bounds)) => leaf(column, lookup, bounds),
        None => leaf(rebuild(left, column), lookup, right),
    }
}

fn range(left: &Expr, column: &Term, lookup: &'static Lookup, right: &Right) -> Option<(&'static Lookup, Right)> {
    let (iso, Expr::Column { .. }) = year_of(left)? else {
        return None;
    };
    let Right::One(Term::Value(year)) = right else {
        return None;
    };
    let edge = |last| Edge {
        iso,
        last,
        moment: column.column_type().kind() == Kind::DateTime,
    };
    let (first, last) = (edge(false).argument(year)?, edge(true).argument(year)?);
    match lookup.kind {
        LookupKind::Exact => Some((&lookup::RANGE, Right::Pair(first, last))),
        LookupKind::Gt | LookupKind::Lte => Some((lookup, Right::One(last))),
        LookupKind::Gte | LookupKind::Lt => Some((lookup, Right::One(first))),
        _ => None,
    }
}
