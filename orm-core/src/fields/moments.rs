//! Parts of dates and times, and dates and times cut off at a part.

use super::sql_expr::call;
use super::{Dated, InZone, Moment, SqlExpr, Timed, TypedExpr};
use crate::query::{Expr, Function, TimeZone, function};
use crate::types::FieldType;
use chrono::{NaiveDate, NaiveTime};

/// What can be made of a date, a time of day or a moment: Django's date functions. The parts of a moment
/// are those in UTC, unless it is taken [in another zone](MomentExpr::in_zone).
///
/// All of them are transforms as well, so that lookups follow: `b.published().year().gte(2020)`,
/// `q!(published__year__gte = 2020)`.
pub trait MomentExpr<R>: SqlExpr<R> {
    /// The year.
    fn year(self) -> TypedExpr<R, i32, Self::C>
    where
        Self::Sql: Dated,
    {
        call(self.into_sql(), &function::YEAR)
    }

    /// The year that the ISO week belongs to.
    fn iso_year(self) -> TypedExpr<R, i32, Self::C>
    where
        Self::Sql: Dated,
    {
        call(self.into_sql(), &function::ISO_YEAR)
    }

    /// The quarter, from 1 to 4.
    fn quarter(self) -> TypedExpr<R, i32, Self::C>
    where
        Self::Sql: Dated,
    {
        call(self.into_sql(), &function::QUARTER)
    }

    /// The month, from 1.
    fn month(self) -> TypedExpr<R, i32, Self::C>
    where
        Self::Sql: Dated,
    {
        call(self.into_sql(), &function::MONTH)
    }

    /// The ISO week, from 1.
    fn week(self) -> TypedExpr<R, i32, Self::C>
    where
        Self::Sql: Dated,
    {
        call(self.into_sql(), &function::WEEK)
    }

    /// The day of the month, from 1.
    fn day(self) -> TypedExpr<R, i32, Self::C>
    where
        Self::Sql: Dated,
    {
        call(self.into_sql(), &function::DAY)
    }

    /// The day of the week, from Sunday, which is 1.
    fn week_day(self) -> TypedExpr<R, i32, Self::C>
    where
        Self::Sql: Dated,
    {
        call(self.into_sql(), &function::WEEK_DAY)
    }

    /// The day of the week, from Monday, which is 1.
    fn iso_week_day(self) -> TypedExpr<R, i32, Self::C>
    where
        Self::Sql: Dated,
    {
        call(self.into_sql(), &function::ISO_WEEK_DAY)
    }

    /// The hour, from 0 to 23.
    fn hour(self) -> TypedExpr<R, i32, Self::C>
    where
        Self::Sql: Timed,
    {
        call(self.into_sql(), &function::HOUR)
    }

    /// The minute, from 0.
    fn minute(self) -> TypedExpr<R, i32, Self::C>
    where
        Self::Sql: Timed,
    {
        call(self.into_sql(), &function::MINUTE)
    }

    /// The second, from 0, without its fractions.
    fn second(self) -> TypedExpr<R, i32, Self::C>
    where
        Self::Sql: Timed,
    {
        call(self.into_sql(), &function::SECOND)
    }

    /// The date of a moment.
    fn date(self) -> TypedExpr<R, NaiveDate, Self::C>
    where
        Self::Sql: Moment,
    {
        call(self.into_sql(), &function::DATE)
    }

    /// The time of day of a moment.
    fn time(self) -> TypedExpr<R, NaiveTime, Self::C>
    where
        Self::Sql: Moment,
    {
        call(self.into_sql(), &function::TIME)
    }

    /// As the clocks of a time zone show it: `a.at().in_zone(&zone).date()`.
    fn in_zone(self, zone: impl Into<TimeZone>) -> InZone<R, Self::Sql, Self::C>
    where
        Self::Sql: Moment,
    {
        InZone::new(self.into_sql(), zone.into())
    }

    /// The first day of the year.
    fn trunc_year(self) -> TypedExpr<R, Self::Sql, Self::C>
    where
        Self::Sql: Dated,
    {
        truncated::<R, Self>(self, &function::TRUNC_YEAR)
    }

    /// The first day of the quarter.
    fn trunc_quarter(self) -> TypedExpr<R, Self::Sql, Self::C>
    where
        Self::Sql: Dated,
    {
        truncated::<R, Self>(self, &function::TRUNC_QUARTER)
    }

    /// The first day of the month.
    fn trunc_month(self) -> TypedExpr<R, Self::Sql, Self::C>
    where
        Self::Sql: Dated,
    {
        truncated::<R, Self>(self, &function::TRUNC_MONTH)
    }

    /// The Monday of the week.
    fn trunc_week(self) -> TypedExpr<R, Self::Sql, Self::C>
    where
        Self::Sql: Dated,
    {
        truncated::<R, Self>(self, &function::TRUNC_WEEK)
    }

    /// The beginning of the day.
    fn trunc_day(self) -> TypedExpr<R, Self::Sql, Self::C>
    where
        Self::Sql: Dated,
    {
        truncated::<R, Self>(self, &function::TRUNC_DAY)
    }

    /// The beginning of the hour.
    fn trunc_hour(self) -> TypedExpr<R, Self::Sql, Self::C>
    where
        Self::Sql: Timed,
    {
        truncated::<R, Self>(self, &function::TRUNC_HOUR)
    }

    /// The beginning of the minute.
    fn trunc_minute(self) -> TypedExpr<R, Self::Sql, Self::C>
    where
        Self::Sql: Timed,
    {
        truncated::<R, Self>(self, &function::TRUNC_MINUTE)
    }

    /// Without fractions of a second.
    fn trunc_second(self) -> TypedExpr<R, Self::Sql, Self::C>
    where
        Self::Sql: Timed,
    {
        truncated::<R, Self>(self, &function::TRUNC_SECOND)
    }
}

impl<R, E: SqlExpr<R>> MomentExpr<R> for E {}

/// The form of a function that is of such values.
pub(super) fn form<T: FieldType>(function: &'static Function) -> &'static Function {
    function::for_kind(function, T::COLUMN.kind()).unwrap_or(function)
}

fn truncated<R, E: SqlExpr<R>>(of: E, function: &'static Function) -> TypedExpr<R, E::Sql, E::C> {
    TypedExpr::new(Expr::Call {
        function: form::<E::Sql>(function),
        args: vec![of.into_sql()],
    })
}
