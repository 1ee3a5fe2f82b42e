//! `Values`: a query for columns in place of models.

mod ask;

use super::bounds;
use crate::compiler;
use crate::error::Result;
use crate::exec::Backend;
use crate::fields::{IntoOrder, IntoQ, One, Selection, root};
use crate::model::Model;
use crate::query::Query;
use crate::row::{Extras, Shape, Spot};
use std::marker::PhantomData;
use std::ops::RangeBounds;

/// A query over `M` whose rows are tuples of columns, or the values of one column.
///
/// [`annotate`](Self::annotate) adds columns, and aggregates among them group the rows by the columns
/// so far. `in_` takes it as a subquery where it has one column.
pub struct Values<M, T> {
    query: Query,
    marker: PhantomData<fn() -> (M, T)>,
}

impl<M, T> Values<M, T> {
    pub(crate) fn new(query: Query) -> Self {
        Values {
            query,
            marker: PhantomData,
        }
    }

    /// The untyped query.
    pub fn query(&self) -> &Query {
        &self.query
    }

    pub(crate) fn query_mut(&mut self) -> &mut Query {
        &mut self.query
    }

    pub(crate) fn into_query(self) -> Query {
        self.query
    }
}

impl<M, T> Clone for Values<M, T> {
    fn clone(&self) -> Self {
        Values::new(self.query.clone())
    }
}

impl<M, T> std::fmt::Debug for Values<M, T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Values")
            .field("query", &self.query)
            .finish_non_exhaustive()
    }
}

impl<M: Model, T: Shape> Values<M, T> {
    /// The rows for which the condition holds: one on the model's fields is about the rows before
    /// they are grouped, one on an aggregate about the groups.
    #[must_use]
    pub fn filter<C: IntoQ<M>>(mut self, condition: impl FnOnce(M::Fields<M, One>) -> C) -> Self {
        self.query.filter(condition(root::<M>()).into_q().into_condition());
        self
    }

    /// As [`filter`](Self::filter), and the closure gets the columns, too: an expression for one
    /// column, a tuple of them for several.
    #[must_use]
    pub fn filter_with<C: IntoQ<M>>(mut self, condition: impl FnOnce(M::Fields<M, One>, T::Handle<M>) -> C) -> Self {
        let condition = condition(root::<M>(), self.handle()).into_q().into_condition();
        self.query.filter(condition);
        self
    }

    /// The rows for which the condition does not hold.
    #[must_use]
    pub fn exclude<C: IntoQ<M>>(mut self, condition: impl FnOnce(M::Fields<M, One>) -> C) -> Self {
        self.query.exclude(condition(root::<M>()).into_q().into_condition());
        self
    }

    /// As [`exclude`](Self::exclude), and the closure gets the columns, too.
    #[must_use]
    pub fn exclude_with<C: IntoQ<M>>(mut self, condition: impl FnOnce(M::Fields<M, One>, T::Handle<M>) -> C) -> Self {
        let condition = condition(root::<M>(), self.handle()).into_q().into_condition();
        self.query.exclude(condition);
        self
    }

    /// Adds columns. An aggregate among them puts the rows together that have the same values in the
    /// columns so far: `values(|b| b.genre()).annotate(|b| b.price().avg())` gives the average price
    /// of each genre.
    #[must_use]
    pub fn annotate<S: Selection<M>>(
        self,
        columns: impl FnOnce(M::Fields<M, One>) -> S,
    ) -> Values<M, <S::Append<()> as Extras>::Behind<T>> {
        let columns = columns(root::<M>());
        self.add(columns)
    }

    /// As [`annotate`](Self::annotate), and the closure gets the columns so far, too.
    #[must_use]
    pub fn annotate_with<S: Selection<M>>(
        self,
        columns: impl FnOnce(M::Fields<M, One>, T::Handle<M>) -> S,
    ) -> Values<M, <S::Append<()> as Extras>::Behind<T>> {
        let columns = columns(root::<M>(), self.handle());
        self.add(columns)
    }

    fn add<S: Selection<M>>(mut self, columns: S) -> Values<M, <S::Append<()> as Extras>::Behind<T>> {
        let mut expressions = Vec::new();
        columns.push(&mut expressions);
        self.query.compute(expressions);
        Values::new(self.query)
    }

    /// The order of the rows, in place of the one so far. A field that is not among the columns of
    /// grouped rows is grouped by, too.
    #[must_use]
    pub fn order_by<O: IntoOrder<M>>(mut self, terms: impl FnOnce(M::Fields<M, One>) -> O) -> Self {
        let mut by = Vec::new();
        terms(root::<M>()).push(&mut by);
        self.query.reorder(by);
        self
    }

    /// As [`order_by`](Self::order_by), and the closure gets the columns, too.
    #[must_use]
    pub fn order_by_with<O: IntoOrder<M>>(mut self, terms: impl FnOnce(M::Fields<M, One>, T::Handle<M>) -> O) -> Self {
        let mut by = Vec::new();
        terms(root::<M>(), self.handle()).push(&mut by);
        self.query.reorder(by);
        self
    }

    /// What can be said about the columns.
    fn handle(&self) -> T::Handle<M> {
        T::handle::<M>(&mut self.query.columns().iter().cloned().map(Spot::Expr))
    }
}

impl<M, T> Values<M, T> {
    /// The other way round.
    #[must_use]
    pub fn reverse(mut self) -> Self {
        self.query.reverse();
        self
    }

    /// Equal rows once.
    #[must_use]
    pub fn distinct(mut self) -> Self {
        self.query.distinguish();
        self
    }

    /// At most so many rows.
    #[must_use]
    pub fn limit(mut self, rows: u64) -> Self {
        self.query.slice(0, Some(rows));
        self
    }

    /// Without the first rows.
    #[must_use]
    pub fn offset(mut self, rows: u64) -> Self {
        self.query.slice(rows, None);
        self
    }

    /// The rows from a position up to another.
    #[must_use]
    pub fn slice(mut self, range: impl RangeBounds<u64>) -> Self {
        let (start, end) = bounds(&range);
        self.query.slice(start, end);
        self
    }

    /// No rows, without asking the database.
    #[must_use]
    pub fn none(mut self) -> Self {
        self.query.none = true;
        self
    }

    /// The SQL for a database, with its arguments as comments would show them.
    ///
    /// # Errors
    /// As [`QuerySet::to_sql`](crate::QuerySet::to_sql).
    pub fn to_sql(&self, backend: Backend) -> Result<String> {
        compiler::to_sql(&self.query, backend)
    }
}
