//! The functions and transforms: one table that the typed methods, `q!`, `filter_dyn` and tools share.
//!
//! How a function is written is a text for each database. In it `$1` is the first argument, `$*`
//! all of them with commas between, `[…]` a part that is left out where its argument is not given.
//! `$z1` is a moment in UTC, for a PostgreSQL column with a time zone.

use crate::meta::ColumnType;
use crate::value::Kind;

/// One function of a row's values.
#[derive(Debug)]
pub struct Function {
    /// `year`
    pub name: &'static str,
    /// Django's name: `ExtractYear`
    pub class: &'static str,
    /// how many arguments it takes, at least and at most
    pub arity: (usize, usize),
    /// how it is written in SQL
    pub sql: Sql,
    /// what it gives, by what its arguments are
    pub output: fn(&[ColumnType]) -> ColumnType,
    /// whether it stands in names: `pub_date__year`
    pub transform: bool,
    /// the kinds of columns that it fits
    fits: fn(Kind) -> bool,
}

/// How a function is written in SQL, for each database.
#[derive(Debug, Clone, Copy)]
pub struct Sql {
    /// for SQLite
    pub sqlite: &'static str,
    /// for PostgreSQL
    pub postgres: &'static str,
    /// for MySQL and MariaDB
    pub mysql: &'static str,
}

impl Sql {
    /// The same text for all.
    pub const fn everywhere(text: &'static str) -> Self {
        Sql::each(text, text, text)
    }

    /// A text for each: SQLite, PostgreSQL, MySQL.
    pub const fn each(sqlite: &'static str, postgres: &'static str, mysql: &'static str) -> Self {
        Sql {
            sqlite,
            postgres,
            mysql,
        }
    }
}

impl Function {
    /// Whether it can be used on such a column.
    pub fn fits(&self, kind: Kind) -> bool {
        (self.fits)(kind)
    }
}

fn dated(kind: Kind) -> bool {
    matches!(kind, Kind::Date | Kind::DateTime)
}

fn timed(kind: Kind) -> bool {
    matches!(kind, Kind::Time | Kind::DateTime)
}

fn moment(kind: Kind) -> bool {
    kind == Kind::DateTime
}

fn text(kind: Kind) -> bool {
    kind == Kind::Text
}

macro_rules! functions {
    ($($const:ident = $name:literal $class:literal ($least:literal..=$most:literal), $output:expr, $fits:ident, $transform:literal,
        $sqlite:literal, $postgres:literal, $mysql:literal;)*) => {
        $(#[doc = concat!("`", $class, "`")]
        pub static $const: Function = Function {
            name: $name,
            class: $class,
            arity: ($least, $most),
            sql: Sql::each($sqlite, $postgres, $mysql),
            output: $output,
            transform: $transform,
            fits: $fits,
        };)*
        /// All functions.
        pub static FUNCTIONS: &[&Function] = &[$(&$const),*];
    };
}

mod trunc;

pub use trunc::{to_date, to_moment};

// SQLite takes a moment shortly before midnight for the next day wherever it computes with it, so
// that weeks and weekdays are those of the date alone.
functions! {
    YEAR = "year" "ExtractYear" (1..=1), |_| ColumnType::Integer, dated, true,
        "CAST(STRFTIME('%Y', $1) AS INTEGER)", "EXTRACT(YEAR FROM $z1)::integer", "YEAR($1)";
    ISO_YEAR = "iso_year" "ExtractIsoYear" (1..=1), |_| ColumnType::Integer, dated, true,
        "CAST(STRFTIME('%G', SUBSTR($1, 1, 10)) AS INTEGER)", "EXTRACT(ISOYEAR FROM $z1)::integer",
        "FLOOR(YEARWEEK($1, 3) / 100)";
    QUARTER = "quarter" "ExtractQuarter" (1..=1), |_| ColumnType::Integer, dated, true,
        "((CAST(STRFTIME('%m', $1) AS INTEGER) + 2) / 3)", "EXTRACT(QUARTER FROM $z1)::integer", "QUARTER($1)";
    MONTH = "month" "ExtractMonth" (1..=1), |_| ColumnType::Integer, dated, true,
        "CAST(STRFTIME('%m', $1) AS INTEGER)", "EXTRACT(MONTH FROM $z1)::integer", "MONTH($1)";
    WEEK = "week" "ExtractWeek" (1..=1), |_| ColumnType::Integer, dated, true,
        "CAST(STRFTIME('%V', SUBSTR($1, 1, 10)) AS INTEGER)", "EXTRACT(WEEK FROM $z1)::integer", "WEEK($1, 3)";
    DAY = "day" "ExtractDay" (1..=1), |_| ColumnType::Integer, dated, true,
        "CAST(STRFTIME('%d', $1) AS INTEGER)", "EXTRACT(DAY FROM $z1)::integer", "DAYOFMONTH($1)";
    WEEK_DAY = "week_day" "ExtractWeekDay" (1..=1), |_| ColumnType::Integer, dated, true,
        "(CAST(STRFTIME('%w', SUBSTR($1, 1, 10)) AS INTEGER) + 1)", "(EXTRACT(DOW FROM $z1)::integer + 1)",
        "DAYOFWEEK($1)";
    ISO_WEEK_DAY = "iso_week_day" "ExtractIsoWeekDay" (1..=1), |_| ColumnType::Integer, dated, true,
        "CAST(STRFTIME('%u', SUBSTR($1, 1, 10)) AS INTEGER)", "EXTRACT(ISODOW FROM $z1)::integer",
        "(WEEKDAY($1) + 1)";
    HOUR = "hour" "ExtractHour" (1..=1), |_| ColumnType::Integer, timed, true,
        "CAST(STRFTIME('%H', $1) AS INTEGER)", "EXTRACT(HOUR FROM $z1)::integer", "HOUR($1)";
    MINUTE = "minute" "ExtractMinute" (1..=1), |_| ColumnType::Integer, timed, true,
        "CAST(STRFTIME('%M', $1) AS INTEGER)", "EXTRACT(MINUTE FROM $z1)::integer", "MINUTE($1)";
    SECOND = "second" "ExtractSecond" (1..=1), |_| ColumnType::Integer, timed, true,
        "CAST(STRFTIME('%S', $1) AS INTEGER)", "FLOOR(EXTRACT(SECOND FROM $z1))::integer", "SECOND($1)";
    DATE = "date" "TruncDate" (1..=1), |_| ColumnType::Date, moment, true,
        "SUBSTR($1, 1, 10)", "($z1)::date", "DATE($1)";
    TIME = "time" "TruncTime" (1..=1), |_| ColumnType::Time, moment, true,
        "SUBSTR($1, 12)", "($z1)::time", "TIME($1)";
    LOWER = "lower" "Lower" (1..=1), |_| ColumnType::Text, text, false,
        "orm_lower($1)", "LOWER($1)", "LOWER($1)";
    UPPER = "upper" "Upper" (1..=1), |_| ColumnType::Text, text, false,
        "orm_upper($1)", "UPPER($1)", "UPPER($1)";
    LENGTH = "length" "Length" (1..=1), |_| ColumnType::Integer, text, false,
        "LENGTH($1)", "LENGTH($1)", "CHAR_LENGTH($1)";
}

/// The function of that name.
pub fn function(name: &str) -> Option<&'static Function> {
    FUNCTIONS.iter().copied().find(|function| function.name == name)
}

/// The function that Django calls so: `ExtractYear`.
pub fn by_class(class: &str) -> Option<&'static Function> {
    FUNCTIONS.iter().copied().find(|function| function.class == class)
}
