//! The beginnings of years, months …, for `dates()` and `datetimes()`.

use super::{Function, Sql, dated, moment};
use crate::meta::ColumnType;

/// The function that gives the first day of the year, the month … of a date or a moment.
pub fn to_date(unit: &str) -> Option<&'static Function> {
    find(days::FUNCTIONS, unit)
}

/// The function that gives the first moment of the year, the month … of a moment.
pub fn to_moment(unit: &str) -> Option<&'static Function> {
    find(moments::FUNCTIONS, unit)
}

fn find(table: &'static [&'static Function], unit: &str) -> Option<&'static Function> {
    table.iter().copied().find(|function| function.name == unit)
}

mod days {
    use super::*;

    functions! {
        YEAR = "year" "TruncYear" (1..=1), |_| ColumnType::Date, dated, false,
            "(SUBSTR($1, 1, 4) || '-01-01')", "DATE_TRUNC('year', $z1)::date",
            "CAST(DATE_FORMAT($1, '%Y-01-01') AS DATE)";
        MONTH = "month" "TruncMonth" (1..=1), |_| ColumnType::Date, dated, false,
            "(SUBSTR($1, 1, 7) || '-01')", "DATE_TRUNC('month', $z1)::date",
            "CAST(DATE_FORMAT($1, '%Y-%m-01') AS DATE)";
        WEEK = "week" "TruncWeek" (1..=1), |_| ColumnType::Date, dated, false,
            "DATE(SUBSTR($1, 1, 10), 'weekday 0', '-6 days')", "DATE_TRUNC('week', $z1)::date",
            "DATE(DATE_SUB($1, INTERVAL WEEKDAY($1) DAY))";
        DAY = "day" "TruncDay" (1..=1), |_| ColumnType::Date, dated, false,
            "SUBSTR($1, 1, 10)", "($z1)::date", "DATE($1)";
    }
}

mod moments {
    use super::*;

    // Stored moments are texts of one form, `2026-01-31 23:59:59.999999`.
    functions! {
        YEAR = "year" "TruncYear" (1..=1), |_| ColumnType::DateTime, moment, false,
            "(SUBSTR($1, 1, 4) || '-01-01 00:00:00')", "(DATE_TRUNC('year', $z1) AT TIME ZONE 'UTC')",
            "CAST(DATE_FORMAT($1, '%Y-01-01 00:00:00') AS DATETIME(6))";
        MONTH = "month" "TruncMonth" (1..=1), |_| ColumnType::DateTime, moment, false,
            "(SUBSTR($1, 1, 7) || '-01 00:00:00')", "(DATE_TRUNC('month', $z1) AT TIME ZONE 'UTC')",
            "CAST(DATE_FORMAT($1, '%Y-%m-01 00:00:00') AS DATETIME(6))";
        WEEK = "week" "TruncWeek" (1..=1), |_| ColumnType::DateTime, moment, false,
            "(DATE(SUBSTR($1, 1, 10), 'weekday 0', '-6 days') || ' 00:00:00')",
            "(DATE_TRUNC('week', $z1) AT TIME ZONE 'UTC')",
            "CAST(DATE_SUB(DATE($1), INTERVAL WEEKDAY($1) DAY) AS DATETIME(6))";
        DAY = "day" "TruncDay" (1..=1), |_| ColumnType::DateTime, moment, false,
            "(SUBSTR($1, 1, 10) || ' 00:00:00')", "(DATE_TRUNC('day', $z1) AT TIME ZONE 'UTC')",
            "CAST(DATE($1) AS DATETIME(6))";
        HOUR = "hour" "TruncHour" (1..=1), |_| ColumnType::DateTime, moment, false,
            "(SUBSTR($1, 1, 13) || ':00:00')", "(DATE_TRUNC('hour', $z1) AT TIME ZONE 'UTC')",
            "CAST(DATE_FORMAT($1, '%Y-%m-%d %H:00:00') AS DATETIME(6))";
        MINUTE = "minute" "TruncMinute" (1..=1), |_| ColumnType::DateTime, moment, false,
            "(SUBSTR($1, 1, 16) || ':00')", "(DATE_TRUNC('minute', $z1) AT TIME ZONE 'UTC')",
            "CAST(DATE_FORMAT($1, '%Y-%m-%d %H:%i:00') AS DATETIME(6))";
        SECOND = "second" "TruncSecond" (1..=1), |_| ColumnType::DateTime, moment, false,
            "SUBSTR($1, 1, 19)", "(DATE_TRUNC('second', $z1) AT TIME ZONE 'UTC')",
            "CAST(DATE_FORMAT($1, '%Y-%m-%d %H:%i:%s') AS DATETIME(6))";
    }
}
