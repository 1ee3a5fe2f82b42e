//! The functions and transforms: one table that the typed methods, `q!`, `filter_dyn` and tools share.
//!
//! How a function is written is a text for each database. In it `$1` is the first argument, `$*`
//! all of them with commas between, `[…]` a part that is left out where its argument is not given,
//! `[…|…]` one that is another then.
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

fn date(kind: Kind) -> bool {
    kind == Kind::Date
}

fn clock(kind: Kind) -> bool {
    kind == Kind::Time
}

fn any(_: Kind) -> bool {
    true
}

/// The type of the first argument.
fn first(types: &[ColumnType]) -> ColumnType {
    types.first().copied().unwrap_or(ColumnType::Text)
}

fn integer(_: &[ColumnType]) -> ColumnType {
    ColumnType::Integer
}

fn string(_: &[ColumnType]) -> ColumnType {
    ColumnType::Text
}

/// The type of the first argument, of whatever decimal places.
fn rounded(types: &[ColumnType]) -> ColumnType {
    match first(types) {
        ColumnType::Decimal { .. } => ColumnType::DECIMAL,
        other => other,
    }
}

/// A float, unless a decimal is among the arguments.
fn numeric(types: &[ColumnType]) -> ColumnType {
    if types.iter().any(|ty| ty.kind() == Kind::Decimal) {
        ColumnType::DECIMAL
    } else {
        ColumnType::Float
    }
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
    COALESCE = "coalesce" "Coalesce" (2..=100), first, any, false,
        "COALESCE($*)", "COALESCE($*)", "COALESCE($*)";
    NULLIF = "nullif" "NullIf" (2..=2), first, any, false,
        "NULLIF($1, $2)", "NULLIF($1, $2)", "NULLIF($1, $2)";
    GREATEST = "greatest" "Greatest" (2..=100), first, any, false,
        "MAX($*)", "GREATEST($*)", "GREATEST($*)";
    LEAST = "least" "Least" (2..=100), first, any, false,
        "MIN($*)", "LEAST($*)", "LEAST($*)";
    CONCAT_PAIR = "concat_pair" "ConcatPair" (2..=2), first, any, false,
        "(COALESCE($1, '') || COALESCE($2, ''))", "(COALESCE(($1)::text, '') || COALESCE(($2)::text, ''))",
        "CONCAT_WS('', $1, $2)";
    SUBSTR = "substr" "Substr" (2..=3), string, any, false,
        "SUBSTR($1, $2[, $3])", "SUBSTRING($1, ($2)::integer[, ($3)::integer])", "SUBSTRING($1, $2[, $3])";
    LEFT = "left" "Left" (2..=2), string, any, false,
        "SUBSTR($1, 1, $2)", "LEFT($1, ($2)::integer)", "LEFT($1, $2)";
    RIGHT = "right" "Right" (2..=2), string, any, false,
        "SUBSTR($1, -1 * $2, $2)", "RIGHT($1, ($2)::integer)", "RIGHT($1, $2)";
    TRIM = "trim" "Trim" (1..=1), string, any, false, "TRIM($1)", "TRIM($1)", "TRIM($1)";
    LTRIM = "ltrim" "LTrim" (1..=1), string, any, false, "LTRIM($1)", "LTRIM($1)", "LTRIM($1)";
    RTRIM = "rtrim" "RTrim" (1..=1), string, any, false, "RTRIM($1)", "RTRIM($1)", "RTRIM($1)";
    REPLACE = "replace" "Replace" (2..=3), string, any, false,
        "REPLACE($1, $2, [$3|''])", "REPLACE($1, $2, [$3|''])", "REPLACE($1, $2, [$3|''])";
    LPAD = "lpad" "LPad" (2..=3), string, any, false,
        "orm_lpad($1, $2, [$3|' '])", "LPAD($1, ($2)::integer, [$3|' '])", "LPAD($1, $2, [$3|' '])";
    RPAD = "rpad" "RPad" (2..=3), string, any, false,
        "orm_rpad($1, $2, [$3|' '])", "RPAD($1, ($2)::integer, [$3|' '])", "RPAD($1, $2, [$3|' '])";
    REPEAT = "repeat" "Repeat" (2..=2), string, any, false,
        "orm_repeat($1, $2)", "REPEAT($1, ($2)::integer)", "REPEAT($1, $2)";
    REVERSE = "reverse" "Reverse" (1..=1), string, any, false,
        "orm_reverse($1)", "REVERSE($1)", "REVERSE($1)";
    STR_INDEX = "str_index" "StrIndex" (2..=2), integer, any, false,
        "INSTR($1, $2)", "STRPOS($1, $2)", "INSTR($1, $2)";
    CHR = "chr" "Chr" (1..=1), string, any, false,
        "CHAR($1)", "CHR(($1)::integer)", "CONVERT(CHAR($1 USING utf16) USING utf8mb4)";
    ORD = "ord" "Ord" (1..=1), integer, any, false, "UNICODE($1)", "ASCII($1)", "ORD($1)";
    MD5 = "md5" "MD5" (1..=1), string, any, false, "orm_md5($1)", "MD5($1)", "MD5($1)";
    ABS = "abs" "Abs" (1..=1), first, any, false, "ABS($1)", "ABS($1)", "ABS($1)";
    CEIL = "ceil" "Ceil" (1..=1), first, any, false, "orm_ceil($1)", "CEILING($1)", "CEILING($1)";
    FLOOR = "floor" "Floor" (1..=1), first, any, false, "orm_floor($1)", "FLOOR($1)", "FLOOR($1)";
    ROUND = "round" "Round" (1..=2), rounded, any, false,
        "ROUND($1[, $2])", "ROUND(($1)::numeric[, ($2)::integer])", "ROUND($1[, $2])";
    SIGN = "sign" "Sign" (1..=1), first, any, false, "SIGN($1)", "SIGN($1)", "SIGN($1)";
    SQRT = "sqrt" "Sqrt" (1..=1), numeric, any, false,
        "orm_sqrt($1)", "SQRT($1)", "SQRT($1)";
    POWER = "power" "Power" (2..=2), numeric, any, false,
        "orm_pow($1, $2)", "POWER($1, $2)", "POWER($1, $2)";
    MOD = "mod" "Mod" (2..=2), numeric, any, false,
        "orm_mod($1, $2)", "MOD(($1)::numeric, ($2)::numeric)", "MOD($1, $2)";
    NOW = "now" "Now" (0..=0), |_| ColumnType::DateTime, any, false,
        "STRFTIME('%Y-%m-%d %H:%M:%f', 'now')", "STATEMENT_TIMESTAMP()", "CURRENT_TIMESTAMP(6)";
    TRUNC_YEAR = "trunc_year" "TruncYear" (1..=1), first, date, false,
        "STRFTIME('%Y-01-01', SUBSTR($1, 1, 10))", "DATE_TRUNC('year', $1)::date",
        "CAST(DATE_FORMAT($1, '%Y-01-01') AS DATE)";
    TRUNC_YEAR_MOMENT = "trunc_year" "TruncYear" (1..=1), first, moment, false,
        "(STRFTIME('%Y-01-01', SUBSTR($1, 1, 10)) || ' 00:00:00')", "(DATE_TRUNC('year', $z1) AT TIME ZONE 'UTC')",
        "CAST(CAST(DATE_FORMAT($1, '%Y-01-01') AS DATE) AS DATETIME(6))";
    TRUNC_QUARTER = "trunc_quarter" "TruncQuarter" (1..=1), first, date, false,
        "DATE(SUBSTR($1, 1, 10), 'start of month', '-' || ((CAST(STRFTIME('%m', $1) AS INTEGER) - 1) % 3) || ' months')", "DATE_TRUNC('quarter', $1)::date",
        "(MAKEDATE(YEAR($1), 1) + INTERVAL QUARTER($1) QUARTER - INTERVAL 1 QUARTER)";
    TRUNC_QUARTER_MOMENT = "trunc_quarter" "TruncQuarter" (1..=1), first, moment, false,
        "(DATE(SUBSTR($1, 1, 10), 'start of month', '-' || ((CAST(STRFTIME('%m', $1) AS INTEGER) - 1) % 3) || ' months') || ' 00:00:00')", "(DATE_TRUNC('quarter', $z1) AT TIME ZONE 'UTC')",
        "CAST((MAKEDATE(YEAR($1), 1) + INTERVAL QUARTER($1) QUARTER - INTERVAL 1 QUARTER) AS DATETIME(6))";
    TRUNC_MONTH = "trunc_month" "TruncMonth" (1..=1), first, date, false,
        "STRFTIME('%Y-%m-01', SUBSTR($1, 1, 10))", "DATE_TRUNC('month', $1)::date",
        "CAST(DATE_FORMAT($1, '%Y-%m-01') AS DATE)";
    TRUNC_MONTH_MOMENT = "trunc_month" "TruncMonth" (1..=1), first, moment, false,
        "(STRFTIME('%Y-%m-01', SUBSTR($1, 1, 10)) || ' 00:00:00')", "(DATE_TRUNC('month', $z1) AT TIME ZONE 'UTC')",
        "CAST(CAST(DATE_FORMAT($1, '%Y-%m-01') AS DATE) AS DATETIME(6))";
    TRUNC_WEEK = "trunc_week" "TruncWeek" (1..=1), first, date, false,
        "DATE(SUBSTR($1, 1, 10), 'weekday 0', '-6 days')", "DATE_TRUNC('week', $1)::date",
        "DATE_SUB(DATE($1), INTERVAL WEEKDAY($1) DAY)";
    TRUNC_WEEK_MOMENT = "trunc_week" "TruncWeek" (1..=1), first, moment, false,
        "(DATE(SUBSTR($1, 1, 10), 'weekday 0', '-6 days') || ' 00:00:00')", "(DATE_TRUNC('week', $z1) AT TIME ZONE 'UTC')",
        "CAST(DATE_SUB(DATE($1), INTERVAL WEEKDAY($1) DAY) AS DATETIME(6))";
    TRUNC_DAY = "trunc_day" "TruncDay" (1..=1), first, date, false,
        "SUBSTR($1, 1, 10)", "DATE_TRUNC('day', $1)::date",
        "DATE($1)";
    TRUNC_DAY_MOMENT = "trunc_day" "TruncDay" (1..=1), first, moment, false,
        "(SUBSTR($1, 1, 10) || ' 00:00:00')", "(DATE_TRUNC('day', $z1) AT TIME ZONE 'UTC')",
        "CAST(DATE($1) AS DATETIME(6))";
    TRUNC_HOUR_MOMENT = "trunc_hour" "TruncHour" (1..=1), first, moment, false,
        "(SUBSTR($1, 1, 13) || ':00:00')", "(DATE_TRUNC('hour', $z1) AT TIME ZONE 'UTC')",
        "CAST(DATE_FORMAT($1, '%Y-%m-%d %H:00:00') AS DATETIME(6))";
    TRUNC_HOUR = "trunc_hour" "TruncHour" (1..=1), first, clock, false,
        "(SUBSTR($1, 1, 2) || ':00:00')", "DATE_TRUNC('hour', $1)::time",
        "CAST(DATE_FORMAT($1, '%H:00:00') AS TIME)";
    TRUNC_MINUTE_MOMENT = "trunc_minute" "TruncMinute" (1..=1), first, moment, false,
        "(SUBSTR($1, 1, 16) || ':00')", "(DATE_TRUNC('minute', $z1) AT TIME ZONE 'UTC')",
        "CAST(DATE_FORMAT($1, '%Y-%m-%d %H:%i:00') AS DATETIME(6))";
    TRUNC_MINUTE = "trunc_minute" "TruncMinute" (1..=1), first, clock, false,
        "(SUBSTR($1, 1, 5) || ':00')", "DATE_TRUNC('minute', $1)::time",
        "CAST(DATE_FORMAT($1, '%H:%i:00') AS TIME)";
    TRUNC_SECOND_MOMENT = "trunc_second" "TruncSecond" (1..=1), first, moment, false,
        "(SUBSTR($1, 1, 19))", "(DATE_TRUNC('second', $z1) AT TIME ZONE 'UTC')",
        "CAST(DATE_FORMAT($1, '%Y-%m-%d %H:%i:%s') AS DATETIME(6))";
    TRUNC_SECOND = "trunc_second" "TruncSecond" (1..=1), first, clock, false,
        "(SUBSTR($1, 1, 8))", "DATE_TRUNC('second', $1)::time",
        "CAST(DATE_FORMAT($1, '%H:%i:%s') AS TIME)";
}

/// The function of that name.
pub fn function(name: &str) -> Option<&'static Function> {
    FUNCTIONS.iter().copied().find(|function| function.name == name)
}

/// The function that Django calls so: `ExtractYear`.
pub fn by_class(class: &str) -> Option<&'static Function> {
    FUNCTIONS.iter().copied().find(|function| function.class == class)
}

/// The form of a function for a first argument of that kind: moments are truncated otherwise than dates.
pub fn for_kind(function: &'static Function, kind: Kind) -> Option<&'static Function> {
    if function.fits(kind) {
        return Some(function);
    }
    let mut forms = FUNCTIONS.iter().copied().filter(|form| form.class == function.class);
    forms.find(|form| form.fits(kind))
}
