//! Querysets together: `union`, `intersection`, `difference`, and `a & b`, `a | b`, `a ^ b`.

mod rows;

pub use rows::Rows;

use super::terminal::{count, exists, order_for_first};
use super::{QuerySet, RowStream, Values, bounds};
use crate::compiler;
use crate::error::Result;
use crate::exec::{Backend, Executor};
use crate::fields::{IntoKeys, IntoList, IntoOrder, One, root};
use crate::model::Model;
use crate::query::{Clause, Connector, Operand, Order, Query, SetOp};
use crate::row::{Extras, Shape};
use std::ops::{BitAnd, BitOr, BitXor, RangeBounds};

/// The rows of several queries taken together, as `union`, `intersection` and `difference` give it.
///
/// It can be ordered and sliced, and combined again. What Django refuses after `union()` (`filter`,
/// `annotate`, `distinct`, `select_related` …) is not there: say it of each of the queries.
///
/// ```compile_fail,E0277
/// # use orm_core as orm;
/// # use orm::{Model, QuerySet};
/// # fn example<M: Model>(a: QuerySet<M>, b: QuerySet<M>) {
/// a.union(b).filter(|m| m.pk().gt(3));
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct CombinedSet<S> {
    rows: S,
}

/// Nothing: what Django refuses after `union()` is a compile error that says so.
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "the rows of several queries cannot be filtered, annotated or made distinct once they are taken together",
    label = "not after `union`, `intersection` or `difference`",
    note = "say it of each of the queries before"
)]
pub trait Uncombined {}

impl<S: Rows> CombinedSet<S> {
    fn of(mut rows: S, other: impl Rows<Row = S::Row>, op: SetOp, all: bool) -> Self {
        let parts = rows.query().combined.as_deref();
        let flat = parts.is_some_and(|parts| parts.op == op && parts.all == all) && is_plain(rows.query());
        let other = part(other.into_query());
        if let (Some(combined), true) = (rows.query_mut().combined.as_deref_mut(), flat) {
            combined.parts.push(other);
        } else {
            let query = part(rows.query().clone());
            *rows.query_mut() = query.combine(op, [other], all);
        }
        CombinedSet { rows }
    }

    /// The rows of these and of the other query; equal rows once.
    #[must_use]
    pub fn union(self, other: impl Rows<Row = S::Row>) -> Self {
        CombinedSet::of(self.rows, other, SetOp::Union, false)
    }

    /// The rows of these and of the other query.
    #[must_use]
    pub fn union_all(self, other: impl Rows<Row = S::Row>) -> Self {
        CombinedSet::of(self.rows, other, SetOp::Union, true)
    }

    /// The rows that the other query has, too.
    #[must_use]
    pub fn intersection(self, other: impl Rows<Row = S::Row>) -> Self {
        CombinedSet::of(self.rows, other, SetOp::Intersection, false)
    }

    /// The rows that the other query does not have.
    #[must_use]
    pub fn difference(self, other: impl Rows<Row = S::Row>) -> Self {
        CombinedSet::of(self.rows, other, SetOp::Difference, false)
    }

    /// For its message: see `Uncombined`.
    #[doc(hidden)]
    #[must_use]
    pub fn filter<C>(self, _: impl FnOnce(<S::Model as Model>::Fields<S::Model, One>) -> C) -> Self
    where
        S: Uncombined,
    {
        self
    }

    /// For its message: see `Uncombined`.
    #[doc(hidden)]
    #[must_use]
    pub fn exclude<C>(self, _: impl FnOnce(<S::Model as Model>::Fields<S::Model, One>) -> C) -> Self
    where
        S: Uncombined,
    {
        self
    }

    /// For its message: see `Uncombined`.
    #[doc(hidden)]
    #[must_use]
    pub fn annotate<C>(self, _: impl FnOnce(<S::Model as Model>::Fields<S::Model, One>) -> C) -> Self
    where
        S: Uncombined,
    {
        self
    }

    /// For its message: see `Uncombined`.
    #[doc(hidden)]
    #[must_use]
    pub fn distinct(self) -> Self
    where
        S: Uncombined,
    {
        self
    }

    /// The order of all the rows. Of columns only those that are read can be ordered by.
    #[must_use]
    pub fn order_by<O: IntoOrder<S::Model>>(
        mut self,
        terms: impl FnOnce(<S::Model as Model>::Fields<S::Model, One>) -> O,
    ) -> Self {
        let mut by = Vec::new();
        terms(root::<S::Model>()).push(&mut by);
        self.rows.query_mut().reorder(by);
        self
    }

    /// The other way round.
    #[must_use]
    pub fn reverse(mut self) -> Self {
        self.rows.query_mut().reverse();
        self
    }

    /// At most so many rows.
    #[must_use]
    pub fn limit(mut self, rows: u64) -> Self {
        self.rows.query_mut().slice(0, Some(rows));
        self
    }

    /// Without the first rows.
    #[must_use]
    pub fn offset(mut self, rows: u64) -> Self {
        self.rows.query_mut().slice(rows, None);
        self
    }

    /// The rows from a position up to another.
    #[must_use]
    pub fn slice(mut self, range: impl RangeBounds<u64>) -> Self {
        let (start, end) = bounds(&range);
        self.rows.query_mut().slice(start, end);
        self
    }

    /// All rows. One query, and one more for each `prefetch_related` of the first.
    ///
    /// # Errors
    /// What the database says; [`Error::Misuse`](crate::Error::Misuse) on SQLite where one of the
    /// queries is sliced or ordered, which it cannot do.
    pub fn all<E: Executor>(self, db: &E) -> impl Future<Output = Result<Vec<S::Row>>> + Send {
        self.rows.fetch(db.handle())
    }

    /// The first row, by primary key where nothing else orders them. One query.
    ///
    /// # Errors
    /// As [`all`](Self::all).
    pub fn first<E: Executor>(mut self, db: &E) -> impl Future<Output = Result<Option<S::Row>>> + Send {
        order_for_first(self.rows.query_mut());
        let rows = self.limit(1).all(db);
        async move { Ok(rows.await?.into_iter().next()) }
    }

    /// The last row, by primary key where nothing else orders them. One query.
    ///
    /// # Errors
    /// As [`all`](Self::all).
    pub fn last<E: Executor>(mut self, db: &E) -> impl Future<Output = Result<Option<S::Row>>> + Send {
        order_for_first(self.rows.query_mut());
        let rows = self.reverse().limit(1).all(db);
        async move { Ok(rows.await?.into_iter().next()) }
    }

    /// How many rows there are. One query.
    ///
    /// # Errors
    /// As [`all`](Self::all).
    pub async fn count<E: Executor>(self, db: &E) -> Result<i64> {
        count(self.rows.query(), db.handle()).await
    }

    /// Whether there is a row. One query.
    ///
    /// # Errors
    /// As [`all`](Self::all).
    pub async fn exists<E: Executor>(self, db: &E) -> Result<bool> {
        exists(self.rows.query(), db.handle()).await
    }

    /// The SQL for a database, with its arguments as comments would show them.
    ///
    /// # Errors
    /// As [`QuerySet::to_sql`](crate::QuerySet::to_sql).
    pub fn to_sql(&self, backend: Backend) -> Result<String> {
        compiler::to_sql(self.rows.query(), backend)
    }
}

impl<M: Model, X: Extras> CombinedSet<QuerySet<M, X>> {
    /// The rows one after the other; see [`QuerySet::stream`].
    pub fn stream<E: Executor>(self, db: &E) -> RowStream<X::Row<M>> {
        self.rows.stream(db)
    }
}

/// Whether nothing was said of the rows of a combination but which they are.
fn is_plain(query: &Query) -> bool {
    !query.is_sliced() && matches!(&query.order, Order::By(terms) if terms.is_empty())
}

/// A query as one of several. The model's own order says nothing about the rows of all of them.
fn part(mut query: Query) -> Query {
    if !query.is_sliced() && matches!(query.order, Order::Default) {
        query.order = Order::By(Vec::new());
    }
    query
}

macro_rules! combinators {
    () => {
        /// The rows of this query and of the other; equal rows once. See [`CombinedSet`].
        #[must_use]
        pub fn union(self, other: impl Rows<Row = <Self as Rows>::Row>) -> CombinedSet<Self> {
            CombinedSet::of(self, other, SetOp::Union, false)
        }

        /// The rows of this query and of the other. See [`CombinedSet`].
        #[must_use]
        pub fn union_all(self, other: impl Rows<Row = <Self as Rows>::Row>) -> CombinedSet<Self> {
            CombinedSet::of(self, other, SetOp::Union, true)
        }

        /// The rows that both queries have. See [`CombinedSet`].
        #[must_use]
        pub fn intersection(self, other: impl Rows<Row = <Self as Rows>::Row>) -> CombinedSet<Self> {
            CombinedSet::of(self, other, SetOp::Intersection, false)
        }

        /// The rows of this query that the other does not have. See [`CombinedSet`].
        #[must_use]
        pub fn difference(self, other: impl Rows<Row = <Self as Rows>::Row>) -> CombinedSet<Self> {
            CombinedSet::of(self, other, SetOp::Difference, false)
        }
    };
}

impl<M: Model, X: Extras> QuerySet<M, X> {
    combinators!();

    fn merge<Y: Extras>(mut self, other: QuerySet<M, Y>, connector: Connector) -> Self {
        let other = other.into_query();
        match (connector, self.query.is_nothing(), other.is_nothing()) {
            (Connector::And, true, _) | (Connector::Or | Connector::Xor, _, true) => return self,
            (Connector::And, _, true) => return self.none(),
            _ => {}
        }
        if self.query.is_nothing() {
            // Nothing or that: the conditions of the other alone.
            self.query.none = false;
            if let Some(more) = &mut self.query.more {
                more.walk = None;
            }
            (self.query.offset, self.query.limit) = (0, None);
            self.query.clauses.retain(|clause| !matches!(clause, Clause::Filter(_)));
            return self.merge(QuerySet::<M>::from_query(other), Connector::And);
        }
        let kept = self.query.clone();
        self.query = kept.clone().merge(other, connector).unwrap_or_else(|reason| Query {
            invalid: Some(reason),
            ..kept
        });
        self
    }
}

impl<M: Model, T: Shape> Values<M, T> {
    combinators!();
}

/// The rows for which the conditions of both hold. What is added to each row is that of the first; an
/// order that the second was given wins. Two queries that do not fit together (one is sliced, or only
/// one of them distinct) give an error when they are run.
impl<M: Model, X: Extras, Y: Extras> BitAnd<QuerySet<M, Y>> for QuerySet<M, X> {
    type Output = QuerySet<M, X>;

    fn bitand(self, other: QuerySet<M, Y>) -> Self {
        self.merge(other, Connector::And)
    }
}

/// The rows for which the conditions of one or both hold; the rest is as for `&`.
impl<M: Model, X: Extras, Y: Extras> BitOr<QuerySet<M, Y>> for QuerySet<M, X> {
    type Output = QuerySet<M, X>;

    fn bitor(self, other: QuerySet<M, Y>) -> Self {
        self.merge(other, Connector::Or)
    }
}

/// The rows for which the conditions of just one hold; the rest is as for `&`.
impl<M: Model, X: Extras, Y: Extras> BitXor<QuerySet<M, Y>> for QuerySet<M, X> {
    type Output = QuerySet<M, X>;

    fn bitxor(self, other: QuerySet<M, Y>) -> Self {
        self.merge(other, Connector::Xor)
    }
}

impl<M: Model> IntoKeys<M> for CombinedSet<QuerySet<M>> {
    fn into_operand(self) -> Operand {
        Operand::Query(Box::new(self.rows.into_query()))
    }
}

impl<M: Model, T: Shape, R> IntoList<T, R> for CombinedSet<Values<M, T>> {
    fn into_operand(self) -> Operand {
        Operand::Query(Box::new(self.rows.into_query()))
    }
}

/// As for [`Values`] of such a column.
#[diagnostic::do_not_recommend]
impl<M: Model, T, R> IntoList<T, R> for CombinedSet<Values<M, Option<T>>>
where
    Option<T>: Shape,
{
    fn into_operand(self) -> Operand {
        Operand::Query(Box::new(self.rows.into_query()))
    }
}
