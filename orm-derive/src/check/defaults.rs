//! Defaults: that a text given for a date, a decimal or the like is one.

use crate::errors::Errors;
use crate::parse::{Class, Field};
use crate::tokens;
use syn::{Expr, Lit};

pub fn check(field: &Field, errors: &mut Errors) {
    let attrs = &field.attrs;
    for expr in [&attrs.default, &attrs.db_default].into_iter().flatten() {
        value(field, expr, errors);
    }
    if let Some(expr) = &attrs.db_default
        && tokens::literal(expr).is_none()
    {
        errors.on(
            &**expr,
            "`db_default` stands in the table's definition, so it is a literal",
        );
    }
}

fn value(field: &Field, expr: &Expr, errors: &mut Errors) {
    let (Some(class), Some(literal)) = (field.class(), tokens::literal(expr)) else {
        return;
    };
    match literal {
        Lit::Str(text) => {
            if let Some((expected, false)) = shape(class, &text.value()) {
                errors.on(text, format!("this is no {expected}"));
            }
            if let Some(length) = field
                .max_length()
                .filter(|length| text.value().chars().count() > *length as usize)
            {
                errors.on(text, format!("the default is longer than `max_length = {length}`"));
            }
        }
        Lit::Int(number) if field.attrs.positive && tokens::is_negative(expr) && number.base10_digits() != "0" => {
            errors.on(expr, "the default is below zero, and the field is `positive`");
        }
        Lit::Float(number) if class == Class::Decimal => {
            let digits = number.base10_digits();
            errors.on(
                expr,
                format!("a decimal is exact, and a float is not: write its digits as text, `\"{digits}\"`"),
            );
        }
        _ => {}
    }
}

/// Whether the default of such a column is written as text that must have a certain shape.
pub fn is_parsed(class: Class) -> bool {
    shape(class, "").is_some()
}

/// What the text should be, and whether it is; nothing where any text will do.
fn shape(class: Class, text: &str) -> Option<(&'static str, bool)> {
    Some(match class {
        Class::Decimal => ("decimal number: `\"0.00\"`", is_decimal(text)),
        Class::Date => ("date: `\"2005-07-27\"`", is_date(text)),
        Class::Time => ("time of day: `\"09:30\"` or `\"09:30:00\"`", is_time(text)),
        Class::DateTime => ("moment with its zone: `\"2005-07-27T09:30:00Z\"`", is_moment(text)),
        Class::Uuid => ("UUID: `\"67e55044-10b1-426f-9247-bb680e5fe0c8\"`", is_uuid(text)),
        Class::Duration => (
            "length of time in days, hours, minutes and seconds: `\"1 02:00:00\"`",
            is_duration(text),
        ),
        _ => return None,
    })
}

fn unsigned(text: &str) -> &str {
    text.strip_prefix(['-', '+']).unwrap_or(text)
}

fn digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit())
}

fn is_decimal(text: &str) -> bool {
    let (whole, part) = unsigned(text).split_once('.').unwrap_or((unsigned(text), "0"));
    digits(whole) && digits(part)
}

/// Digits of that many places that are within bounds.
fn within(text: &str, places: usize, bounds: std::ops::RangeInclusive<u32>) -> bool {
    text.len() == places && digits(text) && text.parse().is_ok_and(|number| bounds.contains(&number))
}

fn is_date(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    let [year, month, day] = parts.as_slice() else {
        return false;
    };
    let days = match (month.parse(), year.parse::<u32>()) {
        (Ok(2), Ok(year)) if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        (Ok(2), _) => 28,
        (Ok(4 | 6 | 9 | 11), _) => 30,
        _ => 31,
    };
    within(year, 4, 1..=9999) && within(month, 2, 1..=12) && within(day, 2, 1..=days)
}

fn is_time(text: &str) -> bool {
    let (time, micros) = text.split_once('.').unwrap_or((text, "0"));
    let parts: Vec<&str> = time.split(':').collect();
    let fraction = digits(micros) && micros.len() <= 6;
    match parts.as_slice() {
        [hour, minute] => !text.contains('.') && within(hour, 2, 0..=23) && within(minute, 2, 0..=59),
        [hour, minute, second] => {
            fraction && within(hour, 2, 0..=23) && within(minute, 2, 0..=59) && within(second, 2, 0..=59)
        }
        _ => false,
    }
}

fn is_moment(text: &str) -> bool {
    let Some((date, rest)) = text.split_once(['T', ' ']) else {
        return false;
    };
    let time = match rest.strip_suffix('Z') {
        Some(time) => time,
        None => match rest.rfind(['+', '-']).map(|at| rest.split_at(at)) {
            Some((time, offset)) if is_time(&offset[1..]) && offset.len() == 6 => time,
            _ => return false,
        },
    };
    is_date(date) && is_time(time)
}

fn is_uuid(text: &str) -> bool {
    let groups: Vec<usize> = text.split('-').map(str::len).collect();
    let hex = text.bytes().all(|b| b.is_ascii_hexdigit() || b == b'-');
    hex && (groups == [8, 4, 4, 4, 12] || groups == [32])
}

fn is_duration(text: &str) -> bool {
    let text = unsigned(text);
    let (days, time) = text.split_once(' ').unwrap_or(("0", text));
    digits(days) && is_time(time) && time.matches(':').count() == 2
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shapes() {
        for (class, good, bad) in [
            (
                Class::Decimal,
                &["0.00", "-3", "12.5"][..],
                &["", "1.", ".5", "1e3", "x"][..],
            ),
            (
                Class::Date,
                &["2005-07-27", "2024-02-29"],
                &["2005-7-27", "2023-02-29", "27.7.2005", "2005-13-01"],
            ),
            (
                Class::Time,
                &["09:30", "09:30:59", "09:30:00.5"],
                &["9:30", "24:00", "09:30.5", ""],
            ),
            (
                Class::DateTime,
                &[
                    "2005-07-27T09:30:00Z",
                    "2005-07-27T09:30:00+02:00",
                    "2005-07-27 09:30:00.25Z",
                ],
                &["2005-07-27", "2005-07-27T09:30:00", "2005-07-27T09:30:00+2"],
            ),
            (
                Class::Uuid,
                &["67e55044-10b1-426f-9247-bb680e5fe0c8"],
                &["67e55044", "xxxxxxxx-10b1-426f-9247-bb680e5fe0c8"],
            ),
            (Class::Duration, &["1 02:00:00", "-00:00:01.5"], &["1d", "02:00", ""]),
        ] {
            for (texts, expected) in [(good, true), (bad, false)] {
                for text in texts {
                    assert_eq!(shape(class, text).map(|(_, ok)| ok), Some(expected), "{class:?} {text}");
                }
            }
        }
    }
}
