//! The functions of time zones: what the clocks of a zone show, and back. They are not known by name:
//! a [`TimeZone`](crate::query::TimeZone) calls them, with a distance from UTC or a name.
//!
//! What the clocks show is a moment again, as if they were those of UTC, so that all functions of
//! moments are of it.

use super::Output::First;
use super::{Function, Input, Sql};

macro_rules! zones {
    ($($const:ident = $name:literal $class:literal, $sqlite:literal, $postgres:literal, $mysql:literal;)*) => {
        $(#[doc = concat!("`", $class, "`")]
        pub static $const: Function = Function {
            name: $name,
            class: $class,
            arity: (2, 2),
            sql: Sql::each($sqlite, $postgres, $mysql),
            output: First,
            input: Input::Moment,
            transform: false,
            alike: false,
        };)*
        static ZONES: &[&Function] = &[$(&$const),*];
    };
}

// MySQL gives NULL for a zone that it does not know. That must not pass for a moment that is NULL, and
// no other call fails only then: the greatest number and a year are more than there is room for. On the
// way back it does not even look at what the clocks show, which would fail: it is asked for that.
zones! {
    IN_OFFSET = "in_offset" "InOffset",
        "orm_dt_add($1, $2)", "($1 AT TIME ZONE $2 AT TIME ZONE 'UTC')", "($1 + INTERVAL $2 MICROSECOND)";
    FROM_OFFSET = "from_offset" "FromOffset",
        "orm_dt_add($1, -1 * $2)", "($z1 AT TIME ZONE $2)", "($1 - INTERVAL $2 MICROSECOND)";
    IN_ZONE = "in_zone" "InZone",
        "orm_in_zone($1, $2)", "($1 AT TIME ZONE $2 AT TIME ZONE 'UTC')",
        "COALESCE(CONVERT_TZ($1, '+00:00', $2), CAST(~0 + YEAR($1) AS DATETIME(6)))";
    FROM_ZONE = "from_zone" "FromZone",
        "orm_from_zone($1, $2)", "($z1 AT TIME ZONE $2)", "COALESCE(CONVERT_TZ($1, $2, '+00:00'), $1)";
}

impl Function {
    /// Whether it goes to the clocks of a time zone or back.
    pub(crate) fn is_of_zone(&self) -> bool {
        ZONES.iter().any(|zone| std::ptr::eq(*zone, self))
    }
}
