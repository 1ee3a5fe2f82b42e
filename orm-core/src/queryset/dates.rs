//! `dates` and `datetimes`: the years, months … in which a query has a row.

use super::{QuerySet, Values};
use crate::dynamic::unit_of;
use crate::fields::{Dated, One, SqlExpr, root};
use crate::meta::ColumnType;
use crate::model::Model;
use crate::query::{Condition, Expr, Operand, OrderTerm, TimeZone, function, lookup};
use crate::row::Extras;
use crate::value::Kind;
use chrono::{DateTime, NaiveDate, Utc};

/// What [`dates`](QuerySet::dates) cuts a date down to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[allow(missing_docs, reason = "they say it")]
pub enum DateKind {
    Year,
    Month,
    /// its Monday
    Week,
    Day,
}

/// What [`datetimes`](QuerySet::datetimes) cuts a moment down to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[allow(missing_docs, reason = "they say it")]
pub enum DateTimeKind {
    Year,
    Month,
    /// its Monday
    Week,
    Day,
    Hour,
    Minute,
    Second,
}

impl DateKind {
    fn name(self) -> &'static str {
        match self {
            DateKind::Year => "year",
            DateKind::Month => "month",
            DateKind::Week => "week",
            DateKind::Day => "day",
        }
    }
}

impl DateTimeKind {
    fn name(self) -> &'static str {
        match self {
            DateTimeKind::Year => "year",
            DateTimeKind::Month => "month",
            DateTimeKind::Week => "week",
            DateTimeKind::Day => "day",
            DateTimeKind::Hour => "hour",
            DateTimeKind::Minute => "minute",
            DateTimeKind::Second => "second",
        }
    }
}

impl<M: Model, X: Extras> QuerySet<M, X> {
    /// The years, months, weeks or days in which there is a row, each once, from the first to the
    /// last; [`reverse`](Values::reverse) turns that round. NULL is left out.
    ///
    /// ```
    /// # use orm_core as orm;
    /// # use orm::fields::{Field, One};
    /// # use orm::chrono::NaiveDate;
    /// # use orm::queryset::{DateKind, QuerySet};
    /// # async fn example<M: orm::Model>(
    /// #     articles: QuerySet<M>, pub_date: fn(M::Fields<M, One>) -> Field<M, NaiveDate, One>, db: orm::Db,
    /// # ) -> orm::Result<()> {
    /// let months: Vec<NaiveDate> = articles.dates(|a| pub_date(a), DateKind::Month).all(&db).await?;
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn dates<F: SqlExpr<M, Sql: Dated>>(
        self,
        field: impl FnOnce(M::Fields<M, One>) -> F,
        kind: DateKind,
    ) -> Values<M, NaiveDate> {
        let column = field(root::<M>()).into_sql();
        let date = match column.column_type().kind() {
            Kind::DateTime => call(&function::DATE, column.clone()),
            _ => column.clone(),
        };
        self.units(column, date, kind.name(), ColumnType::Date, &TimeZone::UTC)
    }

    /// The years, months, weeks, days, hours, minutes or seconds, in UTC, in which there is a row, each
    /// once, from the first to the last. NULL is left out.
    #[must_use]
    pub fn datetimes<F: SqlExpr<M, Sql = DateTime<Utc>>>(
        self,
        field: impl FnOnce(M::Fields<M, One>) -> F,
        kind: DateTimeKind,
    ) -> Values<M, DateTime<Utc>> {
        self.datetimes_in(field, kind, TimeZone::UTC)
    }

    /// As [`datetimes`](Self::datetimes), by the clocks of a time zone: the moments when those days
    /// begin there.
    #[must_use]
    pub fn datetimes_in<F: SqlExpr<M, Sql = DateTime<Utc>>>(
        self,
        field: impl FnOnce(M::Fields<M, One>) -> F,
        kind: DateTimeKind,
        zone: impl Into<TimeZone>,
    ) -> Values<M, DateTime<Utc>> {
        let (column, zone) = (field(root::<M>()).into_sql(), zone.into());
        let shown = zone.shown(column.clone());
        self.units(column, shown, kind.name(), ColumnType::DateTime, &zone)
    }

    fn units<T>(self, column: Expr, of: Expr, unit: &str, output: ColumnType, zone: &TimeZone) -> Values<M, T> {
        let mut query = self.query;
        let Some(function) = unit_of(&[unit], unit, output.kind()) else {
            query.invalid = Some("dates cannot be cut down to that");
            return Values::new(query);
        };
        query.choose(Vec::new());
        query.compute(vec![zone.moment(call(function, of)), column]);
        let computed: Vec<Expr> = query.columns().to_vec();
        if let [unit, plain] = computed.as_slice() {
            query.distinguish();
            query.filter(Condition::lookup(plain.clone(), &lookup::ISNULL, Operand::Flag(false)));
            query.reorder(vec![OrderTerm {
                expr: unit.clone(),
                descending: false,
                nulls_first: None,
            }]);
            query.choose(vec![unit.clone()]);
        }
        Values::new(query)
    }
}

fn call(function: &'static crate::query::Function, of: Expr) -> Expr {
    Expr::Call {
        function,
        args: vec![of],
    }
}
