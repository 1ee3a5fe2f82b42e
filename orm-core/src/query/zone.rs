//! `TimeZone`: on whose clocks the parts of a moment are read.

use super::function::{FROM_OFFSET, FROM_ZONE, IN_OFFSET, IN_ZONE};
use super::{Expr, Function};
use crate::error::{Error, Misuse, Result};
use crate::value::Value;
use chrono::{FixedOffset, TimeDelta, Utc};
use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

/// A time zone: a fixed distance from UTC, or a name out of the IANA's list.
///
/// What a name means is known to PostgreSQL, and to MySQL once the server's `mysql.time_zone` tables
/// are loaded. SQLite knows none: there it is read from the time zone database of the system that the
/// program runs on (package `tzdata`), in the directory that the variable `TZDIR` names or else where
/// Python looks for it, such as `/usr/share/zoneinfo`. A zone is read once and then kept. A query with
/// a name that is not known fails with [`Error::Query`].
///
/// ```
/// # use orm_core::query::TimeZone;
/// # fn main() -> orm_core::Result<()> {
/// let berlin = TimeZone::named("Europe/Berlin")?;
/// let india = TimeZone::fixed(5 * 3600 + 1800)?;
/// assert_eq!((berlin.to_string(), india.to_string()), ("Europe/Berlin".into(), "UTC+05:30".into()));
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct TimeZone(Form);

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Form {
    /// so many seconds east of UTC
    Fixed(i32),
    Named(Arc<str>),
}

impl TimeZone {
    /// UTC itself.
    pub const UTC: TimeZone = TimeZone(Form::Fixed(0));

    /// So many seconds east of UTC.
    ///
    /// # Errors
    /// [`Error::Misuse`] for a whole day or more.
    pub fn fixed(seconds_east: i32) -> Result<Self> {
        if seconds_east.unsigned_abs() < 86_400 {
            Ok(TimeZone(Form::Fixed(seconds_east)))
        } else {
            Err(Error::misuse(
                Misuse::Value,
                format!("a time zone is less than a day away from UTC, and not {seconds_east} seconds"),
            ))
        }
    }

    /// The zone of that name: `Europe/Berlin`.
    ///
    /// # Errors
    /// [`Error::Misuse`] for what cannot be a name. Whether there is such a zone is seen in a query.
    pub fn named(name: &str) -> Result<Self> {
        match name {
            "UTC" | "Etc/UTC" => Ok(TimeZone::UTC),
            name if is_name(name) => Ok(TimeZone(Form::Named(name.into()))),
            name => Err(Error::misuse(
                Misuse::Value,
                format!("No time zone found with key {name}"),
            )),
        }
    }

    /// The name, where it has one.
    pub fn name(&self) -> Option<&str> {
        match &self.0 {
            Form::Fixed(0) => Some("UTC"),
            Form::Fixed(_) => None,
            Form::Named(name) => Some(name),
        }
    }

    /// How many seconds east of UTC it is, where that is always the same.
    pub fn seconds_east(&self) -> Option<i32> {
        match self.0 {
            Form::Fixed(seconds) => Some(seconds),
            Form::Named(_) => None,
        }
    }

    /// The functions there and back, and what they are given; none for UTC.
    pub(crate) fn functions(&self) -> Option<(&'static Function, &'static Function, Value)> {
        match &self.0 {
            Form::Fixed(0) => None,
            Form::Fixed(seconds) => {
                let offset = TimeDelta::seconds(i64::from(*seconds));
                Some((&IN_OFFSET, &FROM_OFFSET, Value::Duration(offset)))
            }
            Form::Named(name) => Some((&IN_ZONE, &FROM_ZONE, Value::Text(name.to_string()))),
        }
    }

    /// What the clocks of the zone show at a moment, as if it were UTC.
    pub(crate) fn shown(&self, moment: Expr) -> Expr {
        match self.functions() {
            Some((function, _, zone)) => call(function, moment, zone),
            None => moment,
        }
    }

    /// The moment when the clocks of the zone show that.
    pub(crate) fn moment(&self, shown: Expr) -> Expr {
        match self.functions() {
            Some((_, function, zone)) => call(function, shown, zone),
            None => shown,
        }
    }
}

fn call(function: &'static Function, of: Expr, zone: Value) -> Expr {
    Expr::Call {
        function,
        args: vec![of, Expr::Value(zone)],
    }
}

/// Whether it has the form of the IANA's names. PostgreSQL takes `X+2` for a zone of its own making,
/// two hours *west* of UTC, and MySQL takes `SYSTEM` for the server's: neither is a name.
pub(crate) fn is_name(name: &str) -> bool {
    let part = |part: &str| {
        part.starts_with(|c: char| c.is_ascii_alphabetic())
            && part
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '+' | '-'))
    };
    let signed = name
        .as_bytes()
        .windows(2)
        .any(|pair| matches!(pair, [b'+' | b'-', b'0'..=b'9']));
    name.len() < 64
        && name.split('/').all(part)
        && (!signed || name.starts_with("Etc/GMT"))
        && !name.eq_ignore_ascii_case("system")
}

impl FromStr for TimeZone {
    type Err = Error;

    /// As [`named`](TimeZone::named).
    fn from_str(name: &str) -> Result<Self> {
        TimeZone::named(name)
    }
}

impl From<FixedOffset> for TimeZone {
    fn from(offset: FixedOffset) -> Self {
        TimeZone(Form::Fixed(offset.local_minus_utc()))
    }
}

impl From<Utc> for TimeZone {
    fn from(_: Utc) -> Self {
        TimeZone::UTC
    }
}

impl From<&TimeZone> for TimeZone {
    fn from(zone: &TimeZone) -> Self {
        zone.clone()
    }
}

/// The name, or `UTC+02:00`.
impl fmt::Display for TimeZone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Form::Fixed(0) => f.write_str("UTC"),
            Form::Fixed(seconds) => {
                let sign = if *seconds < 0 { '-' } else { '+' };
                let all = seconds.unsigned_abs();
                write!(f, "UTC{sign}{:02}:{:02}", all / 3600, all / 60 % 60)?;
                match all % 60 {
                    0 => Ok(()),
                    rest => write!(f, ":{rest:02}"),
                }
            }
            Form::Named(name) => f.write_str(name),
        }
    }
}
