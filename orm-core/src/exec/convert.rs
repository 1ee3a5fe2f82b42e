//! Cells in forms that databases without a type of their own for them use: text and numbers.

use crate::error::{Error, Result};
use crate::meta::ColumnType;
use chrono::{DateTime, Datelike, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Timelike, Utc};
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use uuid::Uuid;

/// The error about a cell that holds something else.
pub(super) fn mismatch(at: usize, expected: &str, found: impl std::fmt::Display) -> Error {
    Error::decode(format!("column {at}"), format!("expected {expected}, found {found}"))
}

/// The error about a cell that the driver cannot read.
pub(super) fn unreadable(at: usize, error: impl std::fmt::Display) -> Error {
    Error::decode(format!("column {at}"), error)
}

/// The error about an argument that does not fit.
pub(super) fn unfit(what: impl std::fmt::Display) -> Error {
    Error::Query(format!("a value cannot be sent to the database: {what}"))
}

/// With the digits that the column has, where it is a declared one.
pub(super) fn quantized(mut value: Decimal, columns: &[ColumnType], at: usize) -> Decimal {
    if let Some(ColumnType::Decimal {
        max_digits,
        decimal_places,
    }) = columns.get(at)
        && *max_digits > 0
    {
        value.rescale(*decimal_places);
    }
    value
}

/// A float as a decimal number, with the 15 digits that a float is sure to have.
pub(super) fn decimal_from_float(value: f64) -> Option<Decimal> {
    if !value.is_finite() {
        return None;
    }
    let scientific = format!("{value:.14e}");
    let (mantissa, exponent) = scientific.split_once('e')?;
    let mantissa = mantissa.trim_end_matches('0').trim_end_matches('.');
    Decimal::from_scientific(&format!("{mantissa}e{exponent}"))
        .ok()
        .or_else(|| {
            if value.abs() < 1.0 {
                format!("{value:.28}").parse().ok()
            } else {
                None
            }
        })
}

/// A decimal number from its text.
pub(super) fn decimal_from_text(text: &str) -> Option<Decimal> {
    text.parse().ok().or_else(|| Decimal::from_scientific(text).ok())
}

/// An integer from a decimal number without a fraction.
pub(super) fn int_from_decimal(value: Decimal) -> Option<i64> {
    if value.fract().is_zero() { value.to_i64() } else { None }
}

/// An integer from a float without a fraction, as far as floats count exactly.
pub(super) fn int_from_float(value: f64) -> Option<i64> {
    const EXACT: f64 = 9_007_199_254_740_992.0;
    if value.fract() == 0.0 && value.abs() <= EXACT {
        #[allow(clippy::cast_possible_truncation, reason = "checked")]
        Some(value as i64)
    } else {
        None
    }
}

/// A UUID from 32 digits, with or without hyphens.
pub(super) fn uuid_from_text(text: &str) -> Option<Uuid> {
    Uuid::try_parse(text.trim()).ok()
}

/// Microseconds, which is all that databases keep.
pub(super) fn microseconds(value: TimeDelta) -> Result<i64> {
    value
        .num_microseconds()
        .ok_or_else(|| unfit("the duration is too long"))
}

/// A date whose year has four digits: PostgreSQL alone takes others.
pub(super) fn of_four_digits<D: Datelike>(date: D) -> Result<D> {
    if (1..=9999).contains(&date.year()) {
        Ok(date)
    } else {
        Err(unfit(format_args!("the year {} is not within 1 to 9999", date.year())))
    }
}

/// `YYYY-MM-DD`; four digits of the year are what databases and other programs read.
pub(super) fn date_text(date: NaiveDate) -> Result<String> {
    let date = of_four_digits(date)?;
    Ok(format!("{:04}-{:02}-{:02}", date.year(), date.month(), date.day()))
}

/// `HH:MM:SS`, with six digits of a fraction where there is one.
pub(super) fn time_text(time: NaiveTime) -> String {
    let (hour, minute, second) = (time.hour(), time.minute(), time.second());
    // Leap seconds count beyond the second.
    match (time.nanosecond() / 1000).min(999_999) {
        0 => format!("{hour:02}:{minute:02}:{second:02}"),
        fraction => format!("{hour:02}:{minute:02}:{second:02}.{fraction:06}"),
    }
}

/// `YYYY-MM-DD HH:MM:SS`, in UTC, with six digits of a fraction where there is one.
pub(super) fn datetime_text(moment: DateTime<Utc>) -> Result<String> {
    let naive = moment.naive_utc();
    Ok(format!("{} {}", date_text(naive.date())?, time_text(naive.time())))
}

/// A date, also from the text of a date and time.
pub(super) fn date_from_text(text: &str) -> Option<NaiveDate> {
    let mut text = Text(text.trim().as_bytes());
    let date = text.date()?;
    (text.0.is_empty() || text.separator()).then_some(date)
}

/// A time of day, also from the text of a date and time.
pub(super) fn time_from_text(text: &str) -> Option<NaiveTime> {
    let text = text.trim();
    let mut whole = Text(text.as_bytes());
    if whole.date().is_some() && whole.separator() {
        let time = whole.time()?;
        return whole.offset().map(|_| time);
    }
    let mut text = Text(text.as_bytes());
    let time = text.time()?;
    text.0.is_empty().then_some(time)
}

/// A moment: in UTC, unless the text names an offset.
pub(super) fn datetime_from_text(text: &str) -> Option<DateTime<Utc>> {
    let mut text = Text(text.trim().as_bytes());
    let date = text.date()?;
    let time = if text.0.is_empty() {
        NaiveTime::MIN
    } else if text.separator() {
        text.time()?
    } else {
        return None;
    };
    let offset = TimeDelta::minutes(text.offset()?);
    Some(NaiveDateTime::new(date, time).checked_sub_signed(offset)?.and_utc())
}

/// Text that is read from its beginning.
struct Text<'a>(&'a [u8]);

impl Text<'_> {
    fn number(&mut self, digits: usize) -> Option<u32> {
        let (number, rest) = self.0.split_at_checked(digits)?;
        let mut value = 0;
        for byte in number {
            value = value * 10 + char::from(*byte).to_digit(10)?;
        }
        self.0 = rest;
        Some(value)
    }

    fn one_of(&mut self, bytes: &[u8]) -> Option<u8> {
        let (first, rest) = self.0.split_first()?;
        if !bytes.contains(first) {
            return None;
        }
        self.0 = rest;
        Some(*first)
    }

    fn separator(&mut self) -> bool {
        self.one_of(b" Tt").is_some()
    }

    fn date(&mut self) -> Option<NaiveDate> {
        let year = self.number(4)?;
        self.one_of(b"-")?;
        let month = self.number(2)?;
        self.one_of(b"-")?;
        let day = self.number(2)?;
        NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, month, day)
    }

    fn time(&mut self) -> Option<NaiveTime> {
        let hour = self.number(2)?;
        self.one_of(b":")?;
        let minute = self.number(2)?;
        let second = if self.one_of(b":").is_some() {
            self.number(2)?
        } else {
            0
        };
        let mut nanosecond = 0;
        if self.one_of(b".,").is_some() {
            let mut weight = 100_000_000;
            while let Some(digit) = self.number(1) {
                nanosecond += digit * weight;
                weight /= 10;
            }
        }
        NaiveTime::from_hms_nano_opt(hour, minute, second, nanosecond)
    }

    /// In minutes; nothing is UTC.
    fn offset(&mut self) -> Option<i64> {
        let sign = match self.one_of(b"Zz+- ") {
            None if self.0.is_empty() => return Some(0),
            Some(b'Z' | b'z') if self.0.is_empty() => return Some(0),
            Some(b'+') => 1,
            Some(b'-') => -1,
            _ => return None,
        };
        let hours = self.number(2)?;
        self.one_of(b":");
        let minutes = if self.0.is_empty() { 0 } else { self.number(2)? };
        self.0.is_empty().then_some(sign * i64::from(hours * 60 + minutes))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_moments() {
        let moment = |text| datetime_from_text(text).map(|m| m.to_rfc3339());
        assert_eq!(
            moment("2024-02-29 13:05:06"),
            Some("2024-02-29T13:05:06+00:00".to_owned())
        );
        assert_eq!(
            moment("2024-02-29T13:05:06.25Z"),
            Some("2024-02-29T13:05:06.250+00:00".to_owned())
        );
        assert_eq!(
            moment("2024-02-29 13:05:06.000001+02:00"),
            Some("2024-02-29T11:05:06.000001+00:00".to_owned())
        );
        assert_eq!(moment("2024-02-29"), Some("2024-02-29T00:00:00+00:00".to_owned()));
        assert_eq!(moment("2023-02-29 00:00:00"), None);
        assert_eq!(moment("yesterday"), None);
        assert_eq!(
            date_from_text("2024-02-29 13:05:06"),
            NaiveDate::from_ymd_opt(2024, 2, 29)
        );
        assert_eq!(time_from_text("13:05"), NaiveTime::from_hms_opt(13, 5, 0));
        assert_eq!(time_from_text("2024-02-29 13:05:06"), NaiveTime::from_hms_opt(13, 5, 6));
    }

    #[test]
    fn floats_become_decimals() {
        let text = |value| decimal_from_float(value).map(|d| d.to_string());
        assert_eq!(text(0.1 + 0.2), Some("0.3".to_owned()));
        assert_eq!(text(-1234.5), Some("-1234.5".to_owned()));
        assert_eq!(text(20.0), Some("20".to_owned()));
        assert_eq!(text(1e-20), Some("0.00000000000000000001".to_owned()));
        assert_eq!(text(0.0), Some("0".to_owned()));
        assert_eq!(text(f64::NAN), None);
    }
}
