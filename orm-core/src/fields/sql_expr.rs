//! `SqlExpr`: the lookups and aggregates of everything that has a value.

use super::{
    Aggregated, Cardinality, Field, IntoExpr, IntoList, NotNull, Number, Numeric, One, Optional, OrderBy, Q, Text,
    TypedExpr,
};
use crate::query::{AggregateFunction, Condition, Expr, Function, Lookup, Operand, function, lookup};
use crate::types::FieldType;

/// A column or an expression of a query that starts at `R`.
///
/// [`TextExpr`](super::TextExpr), [`NumberExpr`](super::NumberExpr) and
/// [`MomentExpr`](super::MomentExpr) have the functions of texts, numbers and dates;
/// [`functions`](crate::functions) those of several values.
///
/// The lookups are Django's. `contains`, `startswith`, `endswith` heed case, their `i…` forms
/// ignore it, in every script and on every database.
pub trait SqlExpr<R>: Sized {
    /// the type of its value
    type Sql: FieldType;
    /// how many rows its path reaches
    type C: Cardinality;

    /// The untyped expression.
    fn into_sql(self) -> Expr;

    /// Equal; `None` is `IS NULL`.
    fn exact<V: IntoExpr<Self::Sql, R>>(self, value: V) -> Q<R> {
        one(self.into_sql(), &lookup::EXACT, value.into_expr())
    }

    /// Equal; the same as [`exact`](Self::exact).
    fn eq<V: IntoExpr<Self::Sql, R>>(self, value: V) -> Q<R> {
        self.exact(value)
    }

    /// Not equal, as `exclude` understands it: NULL differs from every value.
    fn ne<V: IntoExpr<Self::Sql, R>>(self, value: V) -> Q<R> {
        !self.exact(value)
    }

    /// Greater.
    fn gt<V: IntoExpr<Self::Sql, R, Null: NotNull>>(self, value: V) -> Q<R> {
        one(self.into_sql(), &lookup::GT, value.into_expr())
    }

    /// Greater or equal.
    fn gte<V: IntoExpr<Self::Sql, R, Null: NotNull>>(self, value: V) -> Q<R> {
        one(self.into_sql(), &lookup::GTE, value.into_expr())
    }

    /// Less.
    fn lt<V: IntoExpr<Self::Sql, R, Null: NotNull>>(self, value: V) -> Q<R> {
        one(self.into_sql(), &lookup::LT, value.into_expr())
    }

    /// Less or equal.
    fn lte<V: IntoExpr<Self::Sql, R, Null: NotNull>>(self, value: V) -> Q<R> {
        one(self.into_sql(), &lookup::LTE, value.into_expr())
    }

    /// From the first to the second value, both included.
    fn range<A: IntoExpr<Self::Sql, R, Null: NotNull>, B: IntoExpr<Self::Sql, R, Null: NotNull>>(
        self,
        bounds: (A, B),
    ) -> Q<R> {
        let bounds = Operand::Pair(bounds.0.into_expr(), bounds.1.into_expr());
        condition(self.into_sql(), &lookup::RANGE, bounds)
    }

    /// NULL, or not.
    fn isnull(self, yes: bool) -> Q<R> {
        condition(self.into_sql(), &lookup::ISNULL, Operand::Flag(yes))
    }

    /// One of the values of a list, or of a query for one column.
    fn in_<V: IntoList<Self::Sql, R>>(self, values: V) -> Q<R> {
        condition(self.into_sql(), &lookup::IN, values.into_operand())
    }

    /// Equal but for case.
    fn iexact<V: IntoExpr<Self::Sql, R>>(self, value: V) -> Q<R>
    where
        Self::Sql: Text,
    {
        one(self.into_sql(), &lookup::IEXACT, value.into_expr())
    }

    /// Contains the text.
    fn contains<V: IntoExpr<Self::Sql, R, Null: NotNull>>(self, value: V) -> Q<R>
    where
        Self::Sql: Text,
    {
        one(self.into_sql(), &lookup::CONTAINS, value.into_expr())
    }

    /// Contains the text, but for case.
    fn icontains<V: IntoExpr<Self::Sql, R, Null: NotNull>>(self, value: V) -> Q<R>
    where
        Self::Sql: Text,
    {
        one(self.into_sql(), &lookup::ICONTAINS, value.into_expr())
    }

    /// Starts with the text.
    fn startswith<V: IntoExpr<Self::Sql, R, Null: NotNull>>(self, value: V) -> Q<R>
    where
        Self::Sql: Text,
    {
        one(self.into_sql(), &lookup::STARTSWITH, value.into_expr())
    }

    /// Starts with the text, but for case.
    fn istartswith<V: IntoExpr<Self::Sql, R, Null: NotNull>>(self, value: V) -> Q<R>
    where
        Self::Sql: Text,
    {
        one(self.into_sql(), &lookup::ISTARTSWITH, value.into_expr())
    }

    /// Ends with the text.
    fn endswith<V: IntoExpr<Self::Sql, R, Null: NotNull>>(self, value: V) -> Q<R>
    where
        Self::Sql: Text,
    {
        one(self.into_sql(), &lookup::ENDSWITH, value.into_expr())
    }

    /// Ends with the text, but for case.
    fn iendswith<V: IntoExpr<Self::Sql, R, Null: NotNull>>(self, value: V) -> Q<R>
    where
        Self::Sql: Text,
    {
        one(self.into_sql(), &lookup::IENDSWITH, value.into_expr())
    }

    /// A regular expression is found in the text. Which ones there are is the database's; SQLite has
    /// those of the crate `regex`.
    fn regex<V: IntoExpr<Self::Sql, R, Null: NotNull>>(self, pattern: V) -> Q<R>
    where
        Self::Sql: Text,
    {
        one(self.into_sql(), &lookup::REGEX, pattern.into_expr())
    }

    /// A regular expression is found in the text, whatever the case.
    fn iregex<V: IntoExpr<Self::Sql, R, Null: NotNull>>(self, pattern: V) -> Q<R>
    where
        Self::Sql: Text,
    {
        one(self.into_sql(), &lookup::IREGEX, pattern.into_expr())
    }

    /// NULL where it is equal to that, and else itself.
    fn nullif<V: IntoExpr<Self::Sql, R>>(self, value: V) -> TypedExpr<R, Self::Sql, <Self::C as Cardinality>::Opt> {
        call_with(self.into_sql(), &function::NULLIF, [value.into_expr()])
    }

    /// As a value of another type, as the database converts it: `b.pages().cast::<String>()`.
    fn cast<T: FieldType>(self) -> TypedExpr<R, T, Self::C> {
        TypedExpr::new(Expr::Cast(Box::new(self.into_sql()), T::COLUMN))
    }

    /// How many values there are; NULL does not count.
    fn count(self) -> TypedExpr<R, i64, One, Aggregated> {
        aggregate(self.into_sql(), AggregateFunction::Count)
    }

    /// The sum; `None` over no values.
    fn sum(self) -> TypedExpr<R, <Self::Sql as Numeric>::Sum, Optional, Aggregated>
    where
        Self::Sql: Numeric,
    {
        aggregate(self.into_sql(), AggregateFunction::Sum)
    }

    /// The average; `None` over no values.
    fn avg(self) -> TypedExpr<R, <Self::Sql as Numeric>::Avg, Optional, Aggregated>
    where
        Self::Sql: Numeric,
    {
        aggregate(self.into_sql(), AggregateFunction::Avg)
    }

    /// How far the values are from their average, if they are all; `None` over no values.
    fn stddev(self) -> TypedExpr<R, <Self::Sql as Numeric>::Avg, Optional, Aggregated>
    where
        Self::Sql: Number,
    {
        aggregate(self.into_sql(), AggregateFunction::StdDev)
    }

    /// How far values are from their average, if these are a sample of them. Of a single one that
    /// cannot be told: it is `None` then, and an error on SQLite.
    fn stddev_of_sample(self) -> TypedExpr<R, <Self::Sql as Numeric>::Avg, Optional, Aggregated>
    where
        Self::Sql: Number,
    {
        aggregate(self.into_sql(), AggregateFunction::StdDevSample)
    }

    /// The square of [`stddev`](Self::stddev).
    fn variance(self) -> TypedExpr<R, <Self::Sql as Numeric>::Avg, Optional, Aggregated>
    where
        Self::Sql: Number,
    {
        aggregate(self.into_sql(), AggregateFunction::Variance)
    }

    /// The square of [`stddev_of_sample`](Self::stddev_of_sample).
    fn variance_of_sample(self) -> TypedExpr<R, <Self::Sql as Numeric>::Avg, Optional, Aggregated>
    where
        Self::Sql: Number,
    {
        aggregate(self.into_sql(), AggregateFunction::VarianceSample)
    }

    /// The least value; `None` over no values.
    fn min(self) -> TypedExpr<R, Self::Sql, Optional, Aggregated> {
        aggregate(self.into_sql(), AggregateFunction::Min)
    }

    /// The greatest value; `None` over no values.
    fn max(self) -> TypedExpr<R, Self::Sql, Optional, Aggregated> {
        aggregate(self.into_sql(), AggregateFunction::Max)
    }

    /// From the least to the greatest, in `order_by`.
    fn asc(self) -> OrderBy<R> {
        OrderBy::new(self.into_sql(), false)
    }

    /// From the greatest to the least, in `order_by`.
    fn desc(self) -> OrderBy<R> {
        OrderBy::new(self.into_sql(), true)
    }
}

impl<R, T: FieldType, C: Cardinality> SqlExpr<R> for Field<R, T, C> {
    type Sql = T;
    type C = C;

    fn into_sql(self) -> Expr {
        self.into_expr()
    }
}

impl<R, T: FieldType, C: Cardinality, K> SqlExpr<R> for TypedExpr<R, T, C, K> {
    type Sql = T;
    type C = C;

    fn into_sql(self) -> Expr {
        self.into_expr()
    }
}

fn condition<R>(left: Expr, lookup: &'static Lookup, right: Operand) -> Q<R> {
    Q::from_condition(Condition::lookup(left, lookup, right))
}

fn one<R>(left: Expr, lookup: &'static Lookup, right: Expr) -> Q<R> {
    condition(left, lookup, Operand::One(right))
}

pub(super) fn call<R, T, C>(of: Expr, function: &'static Function) -> TypedExpr<R, T, C> {
    call_with(of, function, [])
}

pub(super) fn call_with<R, T, C, const N: usize>(
    of: Expr,
    function: &'static Function,
    more: [Expr; N],
) -> TypedExpr<R, T, C> {
    let args = std::iter::once(of).chain(more).collect();
    TypedExpr::new(Expr::Call { function, args })
}

fn aggregate<R, T, C>(of: Expr, function: AggregateFunction) -> TypedExpr<R, T, C, Aggregated> {
    TypedExpr::new(Expr::aggregate(function, Some(of)))
}
