//! `Rule`: how clocks change in the years for which a file lists no changes, a TZ string of POSIX
//! with the extensions of RFC 8536, section 3.3.1: `CET-1CEST,M3.5.0,M10.5.0/3`.

use chrono::{DateTime, Datelike, Days, NaiveDate, NaiveTime, Weekday};
use smallvec::SmallVec;

const HOUR: i32 = 3600;

/// What clocks show in every year.
#[derive(Debug, PartialEq)]
pub(super) struct Rule {
    /// seconds east of UTC
    standard: i32,
    summer: Option<Summer>,
}

/// The part of the year with other clocks. In Ireland that is the winter.
#[derive(Debug, PartialEq)]
struct Summer {
    /// seconds east of UTC
    offset: i32,
    /// on the clocks until then
    start: Change,
    end: Change,
}

#[derive(Debug, PartialEq)]
struct Change {
    day: Day,
    /// seconds after the day's beginning, perhaps on another day
    time: i32,
}

#[derive(Debug, PartialEq)]
enum Day {
    /// the 29th of February does not count; the first is 1
    Common(u32),
    /// all days count; the first is 0
    OfYear(u32),
    /// the nth such day of a month, where the fifth is the last
    Nth { month: u32, nth: u8, weekday: Weekday },
}

impl Rule {
    /// Reads the whole of a text.
    pub(super) fn parse(text: &[u8]) -> Option<Self> {
        let mut text = Text(text);
        text.name()?;
        // What the text counts westwards is eastwards here.
        let standard = -text.duration(24)?;
        if text.0.is_empty() {
            return Some(Rule { standard, summer: None });
        }
        text.name()?;
        let offset = match text.0.first()? {
            b',' => standard + HOUR,
            _ => -text.duration(24)?,
        };
        let (start, end) = (text.change()?, text.change()?);
        let summer = Some(Summer { offset, start, end });
        text.0.is_empty().then_some(Rule { standard, summer })
    }

    /// How far east of UTC the clocks are at a moment, and the moment after it when they change.
    pub(super) fn at(&self, moment: i64) -> (i32, Option<i64>) {
        let Some(summer) = &self.summer else {
            return (self.standard, None);
        };
        let Some(year) = DateTime::from_timestamp(moment, 0).map(|moment| moment.year()) else {
            return (self.standard, None);
        };
        // A change may fall on a day of the year before or after its own.
        let mut changes: SmallVec<[(i64, bool); 6]> = (year - 1..=year + 1)
            .flat_map(|year| summer.changes(year, self.standard))
            .collect();
        // A summer that begins when the last one ends has no end.
        changes.sort_unstable();
        let next = changes.partition_point(|(at, _)| *at <= moment);
        let is_summer = match next.checked_sub(1).and_then(|last| changes.get(last)) {
            Some((_, starts)) => *starts,
            None => changes.first().is_some_and(|(_, starts)| !starts),
        };
        let offset = if is_summer { summer.offset } else { self.standard };
        (offset, changes.get(next).map(|(at, _)| *at))
    }
}

impl Summer {
    /// The changes of a year, and whether it begins with them.
    fn changes(&self, year: i32, standard: i32) -> impl Iterator<Item = (i64, bool)> {
        let start = self.start.shown(year).map(|at| (at - i64::from(standard), true));
        let end = self.end.shown(year).map(|at| (at - i64::from(self.offset), false));
        start.into_iter().chain(end)
    }
}

impl Change {
    /// What the clocks show in that year, as if it were UTC.
    fn shown(&self, year: i32) -> Option<i64> {
        let first = NaiveDate::from_ymd_opt(year, 1, 1)?;
        let day = match self.day {
            Day::Common(day) => NaiveDate::from_yo_opt(year, day + u32::from(day > 59 && first.leap_year()))?,
            Day::OfYear(day) => first.checked_add_days(Days::new(day.into()))?,
            Day::Nth { month, nth, weekday } => {
                let of_month = |nth| NaiveDate::from_weekday_of_month_opt(year, month, weekday, nth);
                of_month(nth).or_else(|| of_month(4))?
            }
        };
        Some(day.and_time(NaiveTime::MIN).and_utc().timestamp() + i64::from(self.time))
    }
}

/// A text that is read from its beginning.
struct Text<'a>(&'a [u8]);

impl Text<'_> {
    fn skip(&mut self, byte: u8) -> bool {
        match self.0.split_first() {
            Some((first, rest)) if *first == byte => {
                self.0 = rest;
                true
            }
            _ => false,
        }
    }

    /// An abbreviation, which nobody here wants to know: letters, or more between `<` and `>`.
    fn name(&mut self) -> Option<()> {
        let quoted = self.skip(b'<');
        let length = self
            .0
            .iter()
            .take_while(|b| b.is_ascii_alphabetic() || quoted && (b.is_ascii_digit() || matches!(b, b'+' | b'-')))
            .count();
        self.0 = self.0.get(length..)?;
        (length > 0 && (!quoted || self.skip(b'>'))).then_some(())
    }

    fn number(&mut self, least: u32, most: u32) -> Option<u32> {
        let length = self.0.iter().take_while(|b| b.is_ascii_digit()).count();
        let (digits, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        let number = std::str::from_utf8(digits).ok()?.parse().ok()?;
        (least..=most).contains(&number).then_some(number)
    }

    /// `[+-]hh[:mm[:ss]]` in seconds
    fn duration(&mut self, most_hours: u32) -> Option<i32> {
        let negative = self.skip(b'-');
        if !negative {
            self.skip(b'+');
        }
        let mut seconds = self.number(0, most_hours)? * 3600;
        if self.skip(b':') {
            seconds += self.number(0, 59)? * 60;
            if self.skip(b':') {
                seconds += self.number(0, 59)?;
            }
        }
        let seconds = i32::try_from(seconds).ok()?;
        Some(if negative { -seconds } else { seconds })
    }

    /// `,M3.5.0/2`
    fn change(&mut self) -> Option<Change> {
        if !self.skip(b',') {
            return None;
        }
        let day = if self.skip(b'J') {
            Day::Common(self.number(1, 365)?)
        } else if self.skip(b'M') {
            let month = self.number(1, 12)?;
            let nth = self.skip(b'.').then(|| self.number(1, 5))??;
            let weekday = self.skip(b'.').then(|| self.number(0, 6))??;
            Day::Nth {
                month,
                nth: u8::try_from(nth).ok()?,
                // The text begins with Sunday, chrono with Monday.
                weekday: Weekday::try_from(u8::try_from((weekday + 6) % 7).ok()?).ok()?,
            }
        } else {
            Day::OfYear(self.number(0, 365)?)
        };
        let time = if self.skip(b'/') { self.duration(167)? } else { 2 * HOUR };
        Some(Change { day, time })
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test that panics fails, as it should")]
mod tests {
    use super::*;

    fn at(rule: &str, moment: &str) -> (i32, Option<String>) {
        let moment: DateTime<chrono::Utc> = moment.parse().unwrap();
        let (offset, next) = Rule::parse(rule.as_bytes()).unwrap().at(moment.timestamp());
        let next = next.map(|next| DateTime::from_timestamp(next, 0).unwrap());
        (offset, next.map(|next| next.format("%Y-%m-%dT%H:%M").to_string()))
    }

    #[test]
    fn summers() {
        let berlin = "CET-1CEST,M3.5.0,M10.5.0/3";
        for (moment, offset, next) in [
            ("2050-01-01T00:00:00Z", 1, "2050-03-27T01:00"),
            ("2050-03-27T00:59:59Z", 1, "2050-03-27T01:00"),
            ("2050-03-27T01:00:00Z", 2, "2050-10-30T01:00"),
            ("2050-10-30T00:59:59Z", 2, "2050-10-30T01:00"),
            ("2050-10-30T01:00:00Z", 1, "2051-03-26T01:00"),
            ("9999-12-31T23:59:59Z", 1, "10000-03-26T01:00"),
        ] {
            let next = next.replace("10000", "+10000");
            assert_eq!(at(berlin, moment), (offset * HOUR, Some(next)), "{moment}");
        }
        // In the south, half an hour, and a winter that is the exception.
        let lord_howe = "<+1030>-10:30<+11>-11,M10.1.0,M4.1.0";
        assert_eq!(at(lord_howe, "2050-01-01T00:00:00Z").0, 11 * HOUR);
        assert_eq!(at(lord_howe, "2050-07-01T00:00:00Z").0, 10 * HOUR + HOUR / 2);
        let dublin = "IST-1GMT0,M10.5.0,M3.5.0/1";
        assert_eq!(
            at(dublin, "2050-01-01T00:00:00Z"),
            (0, Some("2050-03-27T01:00".to_owned()))
        );
        assert_eq!(
            at(dublin, "2050-07-01T00:00:00Z"),
            (HOUR, Some("2050-10-30T01:00".to_owned()))
        );
    }

    #[test]
    fn days_and_times() {
        let next = |rule: &str, moment| at(rule, moment).1.unwrap_or_default();
        // Hours of other days, before and after.
        let nuuk = "<-02>2<-01>,M3.5.0/-1,M10.5.0/0";
        assert_eq!(next(nuuk, "2050-01-01T00:00:00Z"), "2050-03-27T01:00");
        let gaza = "EET-2EEST,M3.4.4/50,M10.4.4/50";
        assert_eq!(next(gaza, "2050-01-01T00:00:00Z"), "2050-03-26T00:00");
        // Days by their number, with the 29th of February and without.
        assert_eq!(next("A0B,J60/0,J300", "2051-01-01T00:00:00Z"), "2051-03-01T00:00");
        assert_eq!(next("A0B,J60/0,J300", "2052-01-01T00:00:00Z"), "2052-03-01T00:00");
        assert_eq!(next("A0B,59/0,300", "2051-01-01T00:00:00Z"), "2051-03-01T00:00");
        assert_eq!(next("A0B,59/0,300", "2052-01-01T00:00:00Z"), "2052-02-29T00:00");
        // Summer all the year round, and none.
        for moment in ["2050-01-01T04:59:59Z", "2050-01-01T05:00:00Z", "2050-07-01T00:00:00Z"] {
            assert_eq!(at("EST5EDT,0/0,J365/25", moment).0, -4 * HOUR, "{moment}");
        }
        assert_eq!(at("<-03>3", "2050-07-01T00:00:00Z"), (-3 * HOUR, None));
        assert_eq!(at("LMT+0:01:15", "2050-07-01T00:00:00Z"), (-75, None));
    }

    #[test]
    fn what_is_no_rule() {
        for text in [
            "",
            "5",
            "EST",
            "EST25",
            "EST5EDT",
            "EST5EDT,",
            "EST5EDT,M3.2.0",
            "EST5EDT,M3.2.0,",
            "EST5EDT,M13.2.0,M11.1.0",
            "EST5EDT,M3.6.0,M11.1.0",
            "EST5EDT,M3.2.7,M11.1.0",
            "EST5EDT,M3.2,M11.1.0",
            "EST5EDT,J0,J9",
            "EST5EDT,366,J9",
            "EST5EDT,1/168,J9",
            "EST5EDT,1/2:60,J9",
            "EST5EDT,1,2x",
            "<EST5",
            "<>5",
            "EST99999999999",
            "EST-",
            "EST5:",
        ] {
            assert_eq!(Rule::parse(text.as_bytes()), None, "{text}");
        }
    }
}
