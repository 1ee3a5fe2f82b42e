//! `InZone`: a moment on the clocks of a time zone.

use super::moments::form;
use super::sql_expr::call;
use super::{Moment, TypedExpr};
use crate::query::{Expr, Function, TimeZone, function};
use chrono::{NaiveDate, NaiveTime};
use std::marker::PhantomData;

/// A moment as the clocks of a time zone show it: [`in_zone`](super::MomentExpr::in_zone) gives it.
///
/// Its parts are those of the zone. What is cut off at a part is a moment again: the one when the day,
/// the hour … begins there. An hour that the clocks show twice is one hour, as in Django.
pub struct InZone<R, T, C> {
    shown: Expr,
    zone: TimeZone,
    marker: PhantomData<fn() -> (R, T, C)>,
}

impl<R, T, C> Clone for InZone<R, T, C> {
    fn clone(&self) -> Self {
        InZone {
            shown: self.shown.clone(),
            zone: self.zone.clone(),
            marker: PhantomData,
        }
    }
}

impl<R, T, C> InZone<R, T, C> {
    pub(super) fn new(moment: Expr, zone: TimeZone) -> Self {
        InZone {
            shown: zone.shown(moment),
            zone,
            marker: PhantomData,
        }
    }
}

macro_rules! parts {
    ($($(#[$about:meta])* $name:ident: $type:ty, $function:ident;)*) => {
        impl<R, T: Moment, C> InZone<R, T, C> { $(
            $(#[$about])*
            pub fn $name(self) -> TypedExpr<R, $type, C> {
                call(self.shown, &function::$function)
            }
        )* }
    };
}

parts! {
    /// The year.
    year: i32, YEAR;
    /// The year that the ISO week belongs to.
    iso_year: i32, ISO_YEAR;
    /// The quarter, from 1 to 4.
    quarter: i32, QUARTER;
    /// The month, from 1.
    month: i32, MONTH;
    /// The ISO week, from 1.
    week: i32, WEEK;
    /// The day of the month, from 1.
    day: i32, DAY;
    /// The day of the week, from Sunday, which is 1.
    week_day: i32, WEEK_DAY;
    /// The day of the week, from Monday, which is 1.
    iso_week_day: i32, ISO_WEEK_DAY;
    /// The hour, from 0 to 23.
    hour: i32, HOUR;
    /// The minute, from 0.
    minute: i32, MINUTE;
    /// The second, from 0, without its fractions.
    second: i32, SECOND;
    /// The date.
    date: NaiveDate, DATE;
    /// The time of day.
    time: NaiveTime, TIME;
}

macro_rules! truncated {
    ($($(#[$about:meta])* $name:ident, $function:ident;)*) => {
        impl<R, T: Moment, C> InZone<R, T, C> { $(
            $(#[$about])*
            pub fn $name(self) -> TypedExpr<R, T, C> {
                self.truncated(&function::$function)
            }
        )* }
    };
}

truncated! {
    /// When the year begins.
    trunc_year, TRUNC_YEAR;
    /// When the quarter begins.
    trunc_quarter, TRUNC_QUARTER;
    /// When the month begins.
    trunc_month, TRUNC_MONTH;
    /// When the Monday of the week begins.
    trunc_week, TRUNC_WEEK;
    /// When the day begins.
    trunc_day, TRUNC_DAY;
    /// When the hour begins.
    trunc_hour, TRUNC_HOUR;
    /// When the minute begins.
    trunc_minute, TRUNC_MINUTE;
    /// When the second begins.
    trunc_second, TRUNC_SECOND;
}

impl<R, T: Moment, C> InZone<R, T, C> {
    fn truncated(self, function: &'static Function) -> TypedExpr<R, T, C> {
        let shown = Expr::Call {
            function: form::<T>(function),
            args: vec![self.shown],
        };
        TypedExpr::new(self.zone.moment(shown))
    }
}
