//! The table of all functions.

use super::Input::{Any, Clock, Date, Dated, Moment, Text, Timed};
use super::Output::{First, FirstAsText, Is, Numeric, Rounded};
use super::{Function, Sql};
use crate::meta::ColumnType;

/// What is to be known of a function besides.
enum Use {
    Plain,
    /// it stands in names: `pub_date__year`
    Transform,
    /// its arguments are of one type
    Alike,
}

macro_rules! functions {
    ($($const:ident = $name:literal $class:literal ($least:literal..=$most:literal), $output:expr, $input:ident, $use:ident,
        $sqlite:literal, $postgres:literal, $mysql:literal;)*) => {
        $(#[doc = concat!("`", $class, "`")]
        pub static $const: Function = Function {
            name: $name,
            class: $class,
            arity: ($least, $most),
            sql: Sql::each($sqlite, $postgres, $mysql),
            output: $output,
            input: $input,
            transform: matches!(Use::$use, Use::Transform),
            alike: matches!(Use::$use, Use::Alike),
        };)*
        /// All functions but those that the program defines.
        pub static FUNCTIONS: &[&Function] = &[$(&$const),*];
    };
}

// SQLite takes a moment shortly before midnight for the next day wherever it computes with it, so
// that weeks and weekdays are those of the date alone.
functions! {
    YEAR = "year" "ExtractYear" (1..=1), Is(ColumnType::Integer), Dated, Transform,
        "CAST(STRFTIME('%Y', $1) AS INTEGER)", "EXTRACT(YEAR FROM $z1)::integer", "YEAR($1)";
    ISO_YEAR = "iso_year" "ExtractIsoYear" (1..=1), Is(ColumnType::Integer), Dated, Transform,
        "CAST(STRFTIME('%G', SUBSTR($1, 1, 10)) AS INTEGER)", "EXTRACT(ISOYEAR FROM $z1)::integer",
        "FLOOR(YEARWEEK($1, 3) / 100)";
    QUARTER = "quarter" "ExtractQuarter" (1..=1), Is(ColumnType::Integer), Dated, Transform,
        "((CAST(STRFTIME('%m', $1) AS INTEGER) + 2) / 3)", "EXTRACT(QUARTER FROM $z1)::integer", "QUARTER($1)";
    MONTH = "month" "ExtractMonth" (1..=1), Is(ColumnType::Integer), Dated, Transform,
        "CAST(STRFTIME('%m', $1) AS INTEGER)", "EXTRACT(MONTH FROM $z1)::integer", "MONTH($1)";
    WEEK = "week" "ExtractWeek" (1..=1), Is(ColumnType::Integer), Dated, Transform,
        "CAST(STRFTIME('%V', SUBSTR($1, 1, 10)) AS INTEGER)", "EXTRACT(WEEK FROM $z1)::integer", "WEEK($1, 3)";
    DAY = "day" "ExtractDay" (1..=1), Is(ColumnType::Integer), Dated, Transform,
        "CAST(STRFTIME('%d', $1) AS INTEGER)", "EXTRACT(DAY FROM $z1)::integer", "DAYOFMONTH($1)";
    WEEK_DAY = "week_day" "ExtractWeekDay" (1..=1), Is(ColumnType::Integer), Dated, Transform,
        "(CAST(STRFTIME('%w', SUBSTR($1, 1, 10)) AS INTEGER) + 1)", "(EXTRACT(DOW FROM $z1)::integer + 1)",
        "DAYOFWEEK($1)";
    ISO_WEEK_DAY = "iso_week_day" "ExtractIsoWeekDay" (1..=1), Is(ColumnType::Integer), Dated, Transform,
        "CAST(STRFTIME('%u', SUBSTR($1, 1, 10)) AS INTEGER)", "EXTRACT(ISODOW FROM $z1)::integer",
        "(WEEKDAY($1) + 1)";
    HOUR = "hour" "ExtractHour" (1..=1), Is(ColumnType::Integer), Timed, Transform,
        "CAST(STRFTIME('%H', $1) AS INTEGER)", "EXTRACT(HOUR FROM $z1)::integer", "HOUR($1)";
    MINUTE = "minute" "ExtractMinute" (1..=1), Is(ColumnType::Integer), Timed, Transform,
        "CAST(STRFTIME('%M', $1) AS INTEGER)", "EXTRACT(MINUTE FROM $z1)::integer", "MINUTE($1)";
    SECOND = "second" "ExtractSecond" (1..=1), Is(ColumnType::Integer), Timed, Transform,
        "CAST(STRFTIME('%S', $1) AS INTEGER)", "FLOOR(EXTRACT(SECOND FROM $z1))::integer", "SECOND($1)";
    DATE = "date" "TruncDate" (1..=1), Is(ColumnType::Date), Moment, Transform,
        "SUBSTR($1, 1, 10)", "($z1)::date", "DATE($1)";
    TIME = "time" "TruncTime" (1..=1), Is(ColumnType::Time), Moment, Transform,
        "SUBSTR($1, 12)", "($z1)::time", "TIME($1)";
    LOWER = "lower" "Lower" (1..=1), FirstAsText, Text, Plain,
        "orm_lower($1)", "LOWER($1)", "LOWER($1)";
    UPPER = "upper" "Upper" (1..=1), FirstAsText, Text, Plain,
        "orm_upper($1)", "UPPER($1)", "UPPER($1)";
    LENGTH = "length" "Length" (1..=1), Is(ColumnType::Integer), Text, Plain,
        "LENGTH($1)", "LENGTH($1)", "CHAR_LENGTH($1)";
    COALESCE = "coalesce" "Coalesce" (2..=100), First, Any, Alike,
        "COALESCE($*)", "COALESCE($*)", "COALESCE($*)";
    NULLIF = "nullif" "NullIf" (2..=2), First, Any, Plain,
        "NULLIF($1, $2)", "NULLIF($1, $2)", "NULLIF($1, $2)";
    GREATEST = "greatest" "Greatest" (2..=100), First, Any, Alike,
        "MAX($*)", "GREATEST($*)", "GREATEST($*)";
    LEAST = "least" "Least" (2..=100), First, Any, Alike,
        "MIN($*)", "LEAST($*)", "LEAST($*)";
    CONCAT_PAIR = "concat_pair" "ConcatPair" (2..=2), First, Any, Alike,
        "(COALESCE($1, '') || COALESCE($2, ''))", "(COALESCE(($1)::text, '') || COALESCE(($2)::text, ''))",
        "CONCAT_WS('', $1, $2)";
    SUBSTR = "substr" "Substr" (2..=3), Is(ColumnType::Text), Any, Plain,
        "SUBSTR($1, $2[, $3])", "SUBSTRING($1, ($2)::integer[, ($3)::integer])", "SUBSTRING($1, $2[, $3])";
    LEFT = "left" "Left" (2..=2), Is(ColumnType::Text), Any, Plain,
        "SUBSTR($1, 1, $2)", "LEFT($1, ($2)::integer)", "LEFT($1, $2)";
    RIGHT = "right" "Right" (2..=2), Is(ColumnType::Text), Any, Plain,
        "SUBSTR($1, -1 * $2, $2)", "RIGHT($1, ($2)::integer)", "RIGHT($1, $2)";
    TRIM = "trim" "Trim" (1..=1), Is(ColumnType::Text), Any, Plain, "TRIM($1)", "TRIM($1)", "TRIM($1)";
    LTRIM = "ltrim" "LTrim" (1..=1), Is(ColumnType::Text), Any, Plain, "LTRIM($1)", "LTRIM($1)", "LTRIM($1)";
    RTRIM = "rtrim" "RTrim" (1..=1), Is(ColumnType::Text), Any, Plain, "RTRIM($1)", "RTRIM($1)", "RTRIM($1)";
    REPLACE = "replace" "Replace" (2..=3), Is(ColumnType::Text), Any, Plain,
        "REPLACE($1, $2, [$3|''])", "REPLACE($1, $2, [$3|''])", "REPLACE($1, $2, [$3|''])";
    LPAD = "lpad" "LPad" (2..=3), Is(ColumnType::Text), Any, Plain,
        "orm_lpad($1, $2, [$3|' '])", "LPAD($1, ($2)::integer, [$3|' '])", "LPAD($1, $2, [$3|' '])";
    RPAD = "rpad" "RPad" (2..=3), Is(ColumnType::Text), Any, Plain,
        "orm_rpad($1, $2, [$3|' '])", "RPAD($1, ($2)::integer, [$3|' '])", "RPAD($1, $2, [$3|' '])";
    REPEAT = "repeat" "Repeat" (2..=2), Is(ColumnType::Text), Any, Plain,
        "orm_repeat($1, $2)", "REPEAT($1, ($2)::integer)", "REPEAT($1, $2)";
    REVERSE = "reverse" "Reverse" (1..=1), Is(ColumnType::Text), Any, Plain,
        "orm_reverse($1)", "REVERSE($1)", "REVERSE($1)";
    STR_INDEX = "str_index" "StrIndex" (2..=2), Is(ColumnType::Integer), Any, Plain,
        "INSTR($1, $2)", "STRPOS($1, $2)", "INSTR($1, $2)";
    CHR = "chr" "Chr" (1..=1), Is(ColumnType::Text), Any, Plain,
        "CHAR($1)", "CHR(($1)::integer)", "CONVERT(CHAR($1 USING utf16) USING utf8mb4)";
    ORD = "ord" "Ord" (1..=1), Is(ColumnType::Integer), Any, Plain, "UNICODE($1)", "ASCII($1)", "ORD($1)";
    MD5 = "md5" "MD5" (1..=1), Is(ColumnType::Text), Any, Plain, "orm_md5($1)", "MD5($1)", "MD5($1)";
    ABS = "abs" "Abs" (1..=1), First, Any, Plain, "ABS($1)", "ABS($1)", "ABS($1)";
    CEIL = "ceil" "Ceil" (1..=1), First, Any, Plain, "orm_ceil($1)", "CEILING($1)", "CEILING($1)";
    FLOOR = "floor" "Floor" (1..=1), First, Any, Plain, "orm_floor($1)", "FLOOR($1)", "FLOOR($1)";
    ROUND = "round" "Round" (1..=2), Rounded, Any, Plain,
        "ROUND($1[, $2])", "ROUND(($1)::numeric[, ($2)::integer])", "ROUND($1[, $2])";
    SIGN = "sign" "Sign" (1..=1), First, Any, Plain, "SIGN($1)", "SIGN($1)", "SIGN($1)";
    SQRT = "sqrt" "Sqrt" (1..=1), Numeric, Any, Plain,
        "orm_sqrt($1)", "SQRT($1)", "SQRT($1)";
    POWER = "power" "Power" (2..=2), Numeric, Any, Plain,
        "orm_pow($1, $2)", "POWER($1, $2)", "POWER($1, $2)";
    MOD = "mod" "Mod" (2..=2), Numeric, Any, Plain,
        "orm_mod($1, $2)", "MOD(($1)::numeric, ($2)::numeric)", "MOD($1, $2)";
    NOW = "now" "Now" (0..=0), Is(ColumnType::DateTime), Any, Plain,
        "STRFTIME('%Y-%m-%d %H:%M:%f', 'now')", "STATEMENT_TIMESTAMP()", "CURRENT_TIMESTAMP(6)";
    RANDOM = "random" "Random" (0..=0), Is(ColumnType::Float), Any, Plain,
        "(RANDOM() / 18446744073709551616.0 + 0.5)", "RANDOM()", "RAND()";
    TRUNC_YEAR = "trunc_year" "TruncYear" (1..=1), First, Date, Plain,
        "STRFTIME('%Y-01-01', SUBSTR($1, 1, 10))", "DATE_TRUNC('year', $1)::date",
        "CAST(DATE_FORMAT($1, '%Y-01-01') AS DATE)";
    TRUNC_YEAR_MOMENT = "trunc_year" "TruncYear" (1..=1), First, Moment, Plain,
        "(STRFTIME('%Y-01-01', SUBSTR($1, 1, 10)) || ' 00:00:00')", "(DATE_TRUNC('year', $z1) AT TIME ZONE 'UTC')",
        "CAST(CAST(DATE_FORMAT($1, '%Y-01-01') AS DATE) AS DATETIME(6))";
    TRUNC_QUARTER = "trunc_quarter" "TruncQuarter" (1..=1), First, Date, Plain,
        "DATE(SUBSTR($1, 1, 10), 'start of month', '-' || ((CAST(STRFTIME('%m', $1) AS INTEGER) - 1) % 3) || ' months')", "DATE_TRUNC('quarter', $1)::date",
        "(MAKEDATE(YEAR($1), 1) + INTERVAL QUARTER($1) QUARTER - INTERVAL 1 QUARTER)";
    TRUNC_QUARTER_MOMENT = "trunc_quarter" "TruncQuarter" (1..=1), First, Moment, Plain,
        "(DATE(SUBSTR($1, 1, 10), 'start of month', '-' || ((CAST(STRFTIME('%m', $1) AS INTEGER) - 1) % 3) || ' months') || ' 00:00:00')", "(DATE_TRUNC('quarter', $z1) AT TIME ZONE 'UTC')",
        "CAST((MAKEDATE(YEAR($1), 1) + INTERVAL QUARTER($1) QUARTER - INTERVAL 1 QUARTER) AS DATETIME(6))";
    TRUNC_MONTH = "trunc_month" "TruncMonth" (1..=1), First, Date, Plain,
        "STRFTIME('%Y-%m-01', SUBSTR($1, 1, 10))", "DATE_TRUNC('month', $1)::date",
        "CAST(DATE_FORMAT($1, '%Y-%m-01') AS DATE)";
    TRUNC_MONTH_MOMENT = "trunc_month" "TruncMonth" (1..=1), First, Moment, Plain,
        "(STRFTIME('%Y-%m-01', SUBSTR($1, 1, 10)) || ' 00:00:00')", "(DATE_TRUNC('month', $z1) AT TIME ZONE 'UTC')",
        "CAST(CAST(DATE_FORMAT($1, '%Y-%m-01') AS DATE) AS DATETIME(6))";
    TRUNC_WEEK = "trunc_week" "TruncWeek" (1..=1), First, Date, Plain,
        "DATE(SUBSTR($1, 1, 10), 'weekday 0', '-6 days')", "DATE_TRUNC('week', $1)::date",
        "DATE_SUB(DATE($1), INTERVAL WEEKDAY($1) DAY)";
    TRUNC_WEEK_MOMENT = "trunc_week" "TruncWeek" (1..=1), First, Moment, Plain,
        "(DATE(SUBSTR($1, 1, 10), 'weekday 0', '-6 days') || ' 00:00:00')", "(DATE_TRUNC('week', $z1) AT TIME ZONE 'UTC')",
        "CAST(DATE_SUB(DATE($1), INTERVAL WEEKDAY($1) DAY) AS DATETIME(6))";
    TRUNC_DAY = "trunc_day" "TruncDay" (1..=1), First, Date, Plain,
        "SUBSTR($1, 1, 10)", "DATE_TRUNC('day', $1)::date",
        "DATE($1)";
    TRUNC_DAY_MOMENT = "trunc_day" "TruncDay" (1..=1), First, Moment, Plain,
        "(SUBSTR($1, 1, 10) || ' 00:00:00')", "(DATE_TRUNC('day', $z1) AT TIME ZONE 'UTC')",
        "CAST(DATE($1) AS DATETIME(6))";
    TRUNC_HOUR_MOMENT = "trunc_hour" "TruncHour" (1..=1), First, Moment, Plain,
        "(SUBSTR($1, 1, 13) || ':00:00')", "(DATE_TRUNC('hour', $z1) AT TIME ZONE 'UTC')",
        "CAST(DATE_FORMAT($1, '%Y-%m-%d %H:00:00') AS DATETIME(6))";
    TRUNC_HOUR = "trunc_hour" "TruncHour" (1..=1), First, Clock, Plain,
        "(SUBSTR($1, 1, 2) || ':00:00')", "DATE_TRUNC('hour', $1)::time",
        "CAST(DATE_FORMAT($1, '%H:00:00') AS TIME)";
    TRUNC_MINUTE_MOMENT = "trunc_minute" "TruncMinute" (1..=1), First, Moment, Plain,
        "(SUBSTR($1, 1, 16) || ':00')", "(DATE_TRUNC('minute', $z1) AT TIME ZONE 'UTC')",
        "CAST(DATE_FORMAT($1, '%Y-%m-%d %H:%i:00') AS DATETIME(6))";
    TRUNC_MINUTE = "trunc_minute" "TruncMinute" (1..=1), First, Clock, Plain,
        "(SUBSTR($1, 1, 5) || ':00')", "DATE_TRUNC('minute', $1)::time",
        "CAST(DATE_FORMAT($1, '%H:%i:00') AS TIME)";
    TRUNC_SECOND_MOMENT = "trunc_second" "TruncSecond" (1..=1), First, Moment, Plain,
        "(SUBSTR($1, 1, 19))", "(DATE_TRUNC('second', $z1) AT TIME ZONE 'UTC')",
        "CAST(DATE_FORMAT($1, '%Y-%m-%d %H:%i:%s') AS DATETIME(6))";
    TRUNC_SECOND = "trunc_second" "TruncSecond" (1..=1), First, Clock, Plain,
        "(SUBSTR($1, 1, 8))", "DATE_TRUNC('second', $1)::time",
        "CAST(DATE_FORMAT($1, '%H:%i:%s') AS TIME)";
}
