//! `datetime.date`, `datetime.datetime`, `datetime.time`, `datetime.timedelta`.

use super::{Function, wrong};
use crate::shell::args::Args;
use crate::shell::errors::{Result, ShellError};
use crate::shell::object::Obj;
use crate::shell::operators::of_micros;
use orm_core::chrono::{Datelike, NaiveDate, NaiveDateTime, NaiveTime, SubsecRound, TimeDelta, Utc};

pub(super) fn functions() -> Vec<Function> {
    vec![
        Function::now("datetime.date", date),
        Function::now("datetime.date.today", |args| {
            args.none("today").map(|()| Obj::Date(Utc::now().date_naive()))
        }),
        Function::now("datetime.date.fromisoformat", |args| {
            let [text] = args.bind("fromisoformat", ["date_string"], 1)?;
            let text = text.unwrap_or(Obj::None);
            let parsed = match &text {
                Obj::Str(text) => NaiveDate::parse_from_str(text, "%Y-%m-%d").ok(),
                _ => None,
            };
            parsed.map(Obj::Date).ok_or_else(|| invalid_iso(&text))
        }),
        Function::now("datetime.datetime", datetime),
        Function::now("datetime.datetime.now", |args| {
            let [zone] = args.bind("now", ["tz"], 0)?;
            Ok(now(matches!(zone, Some(Obj::Utc))))
        }),
        Function::now("datetime.datetime.utcnow", |args| {
            args.none("utcnow").map(|()| now(false))
        }),
        Function::now("datetime.datetime.fromisoformat", |args| {
            let [text] = args.bind("fromisoformat", ["date_string"], 1)?;
            let text = text.unwrap_or(Obj::None);
            let parsed = match &text {
                Obj::Str(text) => iso_moment(text),
                _ => None,
            };
            parsed.ok_or_else(|| invalid_iso(&text))
        }),
        Function::now("datetime.time", time),
        Function::now("datetime.timedelta", timedelta),
        Function::now("timezone.now", |args| args.none("now").map(|()| now(true))),
    ]
}

fn now(aware: bool) -> Obj {
    // Databases keep microseconds.
    let at = Utc::now().naive_utc().trunc_subsecs(6);
    Obj::DateTime { at, aware }
}

fn invalid_iso(text: &Obj) -> ShellError {
    ShellError::value_error(format!("Invalid isoformat string: {}", crate::shell::print::repr(text)))
}

fn iso_moment(text: &str) -> Option<Obj> {
    let (plain, aware) = match text.strip_suffix('Z').or_else(|| text.strip_suffix("+00:00")) {
        Some(plain) => (plain, true),
        None => (text, false),
    };
    let plain = plain.replacen(' ', "T", 1);
    let at = NaiveDateTime::parse_from_str(&plain, "%Y-%m-%dT%H:%M:%S%.f")
        .or_else(|_| NaiveDateTime::parse_from_str(&plain, "%Y-%m-%dT%H:%M"));
    let at = at.ok().or_else(|| {
        let date = NaiveDate::parse_from_str(&plain, "%Y-%m-%d").ok()?;
        Some(date.and_time(NaiveTime::MIN))
    })?;
    Some(Obj::DateTime { at, aware })
}

/// A part within its bounds; a missing one is the least.
fn part(name: &str, value: Option<Obj>, least: u32, most: u32) -> Result<u32> {
    let Some(value) = value else { return Ok(least) };
    let Some(number) = value.as_int() else {
        let message = format!("'{}' object cannot be interpreted as an integer", value.type_name());
        return Err(ShellError::type_error(message));
    };
    match u32::try_from(number) {
        Ok(number) if (least..=most).contains(&number) => Ok(number),
        _ if name == "year" => Err(ShellError::value_error(format!("year {number} is out of range"))),
        _ => Err(ShellError::value_error(format!("{name} must be in {least}..{most}"))),
    }
}

fn day_of(year: Option<Obj>, month: Option<Obj>, day: Option<Obj>) -> Result<NaiveDate> {
    let year = part("year", year, 1, 9999)?;
    let month = part("month", month, 1, 12)?;
    let day = part("day", day, 1, 31)?;
    let date = NaiveDate::from_ymd_opt(i32::try_from(year).unwrap_or(0), month, day);
    date.ok_or_else(|| ShellError::value_error("day is out of range for month"))
}

fn time_of([hour, minute, second, micro]: [Option<Obj>; 4]) -> Result<NaiveTime> {
    let hour = part("hour", hour, 0, 23)?;
    let minute = part("minute", minute, 0, 59)?;
    let second = part("second", second, 0, 59)?;
    let micro = part("microsecond", micro, 0, 999_999)?;
    NaiveTime::from_hms_micro_opt(hour, minute, second, micro)
        .ok_or_else(|| ShellError::value_error("there is no such time"))
}

/// Whether a time zone is given; there is only UTC.
fn zone(call: &str, value: Option<Obj>) -> Result<bool> {
    match value {
        None | Some(Obj::None) => Ok(false),
        Some(Obj::Utc) => Ok(true),
        Some(other) => Err(wrong(call, &other)),
    }
}

fn date(args: Args) -> Result<Obj> {
    let [year, month, day] = args.bind("date", ["year", "month", "day"], 3)?;
    Ok(Obj::Date(day_of(year, month, day)?))
}

fn datetime(args: Args) -> Result<Obj> {
    let names = [
        "year",
        "month",
        "day",
        "hour",
        "minute",
        "second",
        "microsecond",
        "tzinfo",
    ];
    let [year, month, day, hour, minute, second, micro, tzinfo] = args.bind("datetime", names, 3)?;
    let date = day_of(year, month, day)?;
    Ok(Obj::DateTime {
        at: date.and_time(time_of([hour, minute, second, micro])?),
        aware: zone("datetime", tzinfo)?,
    })
}

fn time(args: Args) -> Result<Obj> {
    let names = ["hour", "minute", "second", "microsecond", "tzinfo"];
    let [hour, minute, second, micro, tzinfo] = args.bind("time", names, 0)?;
    zone("time", tzinfo)?;
    Ok(Obj::Time(time_of([hour, minute, second, micro])?))
}

fn timedelta(args: Args) -> Result<Obj> {
    const UNITS: [(&str, i64); 7] = [
        ("days", 86_400_000_000),
        ("seconds", 1_000_000),
        ("microseconds", 1),
        ("milliseconds", 1_000),
        ("minutes", 60_000_000),
        ("hours", 3_600_000_000),
        ("weeks", 604_800_000_000),
    ];
    let out_of_range = || ShellError::new("OverflowError", "the duration is out of range");
    let given = args.bind("timedelta", UNITS.map(|(name, _)| name), 0)?;
    let mut sum = TimeDelta::zero();
    for ((name, unit), value) in UNITS.into_iter().zip(given) {
        let Some(value) = value else { continue };
        // Whole numbers are exact.
        let part = match (value.as_int(), value.as_float()) {
            (Some(number), _) => i64::try_from(number)
                .ok()
                .and_then(|number| number.checked_mul(unit))
                .map(TimeDelta::microseconds),
            (None, Some(number)) => of_micros(number * unit as f64),
            (None, None) => {
                let message = format!("unsupported type for timedelta {name} component: {}", value.type_name());
                return Err(ShellError::type_error(message));
            }
        };
        sum = part.and_then(|part| sum.checked_add(&part)).ok_or_else(out_of_range)?;
    }
    let day = NaiveDate::default().checked_add_signed(sum).map(|date| date.year());
    day.map(|_| Obj::Delta(sum)).ok_or_else(out_of_range)
}
