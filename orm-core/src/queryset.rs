//! `QuerySet`: a lazy query whose row type grows with what is asked for.

mod combined;
mod dates;
mod dynamic;
mod explain;
mod keyset;
mod lock;
mod page;
mod params;
mod parts;
mod prefetch;
mod raw;
mod read;
mod stream;
mod terminal;
mod tree;
mod values;
mod writes;

pub use combined::{CombinedSet, Rows};
pub use dates::{DateKind, DateTimeKind};
pub(crate) use explain::explain;
pub use explain::{Explain, ExplainFormat};
pub use keyset::{Cursor, KeysetPage};
pub use lock::RowLock;
pub use page::Page;
pub use params::Allowed;
pub(crate) use prefetch::Prefetches;
pub use raw::{Raw, RawArg, RawArgs, RawQuerySet, raw};
pub(crate) use read::{ValuesReader, read_value, statement};
pub use stream::RowStream;
pub(crate) use terminal::{MAX_GET_RESULTS, count, exactly_one, exists, order_for_first};
pub use tree::TreeStart;
pub use values::Values;

use crate::fields::{Cardinality, FieldSet, IntoOrder, IntoQ, One, PrefetchPath, Selection, ToOne, root};
use crate::model::Model;
use crate::query::{Clause, Expr, Query};
use crate::row::{Extras, Projection};
use std::marker::PhantomData;
use std::ops::{Bound, RangeBounds};

/// The rows of `M` that a query asks for, each with the parts `X` added to it.
///
/// It is lazy, cheap to clone, and touches the database only in `all`, `first`, `last`, `get`,
/// `count`, `exists`, `contains`, `stream`, `in_bulk`, `in_bulk_by`, `latest`, `earliest`, `page`,
/// `keyset`, `aggregate`, `update`, `delete`, `explain`. Each of these is one query but for `page`, which
/// is two, and `delete`, which also looks for what refers to the rows; `prefetch_related` adds one for
/// each relation.
///
/// Its models are whole: there is no `only` or `defer`. [`project`](Self::project) reads less.
pub struct QuerySet<M: Model, X: Extras = ()> {
    query: Query,
    prefetches: Prefetches,
    /// how many parts were added so far
    parts: usize,
    marker: PhantomData<fn() -> (M, X)>,
}

impl<M: Model, X: Extras> Clone for QuerySet<M, X> {
    fn clone(&self) -> Self {
        QuerySet {
            query: self.query.clone(),
            prefetches: self.prefetches.clone(),
            parts: self.parts,
            marker: PhantomData,
        }
    }
}

impl<M: Model, X: Extras> std::fmt::Debug for QuerySet<M, X> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("QuerySet")
            .field("query", &self.query)
            .finish_non_exhaustive()
    }
}

impl<M: Model> QuerySet<M> {
    pub(crate) fn new() -> Self {
        QuerySet::from_query(Query::new(M::meta()))
    }

    pub(crate) fn from_query(query: Query) -> Self {
        QuerySet {
            query,
            prefetches: Prefetches::default(),
            parts: 0,
            marker: PhantomData,
        }
    }
}

impl<M: Model, X: Extras> QuerySet<M, X> {
    /// The untyped query.
    pub fn query(&self) -> &Query {
        &self.query
    }

    pub(crate) fn into_query(self) -> Query {
        self.query
    }

    fn with_parts<Y: Extras>(self, parts: usize) -> QuerySet<M, Y> {
        let QuerySet {
            query,
            prefetches,
            parts: before,
            ..
        } = self;
        QuerySet {
            query,
            prefetches,
            parts: before + parts,
            marker: PhantomData,
        }
    }

    /// The rows for which the condition holds.
    ///
    /// One call is one scope: conditions on a to-many relation within it speak of the same related
    /// row, those of another call may be met by another one, as in Django.
    #[must_use]
    pub fn filter<C: IntoQ<M>>(mut self, condition: impl FnOnce(M::Fields<M, One>) -> C) -> Self {
        self.query.filter(condition(root::<M>()).into_q().into_condition());
        self
    }

    /// The rows for which the condition does not hold.
    ///
    /// Over a to-many relation that is: the rows that no related row meets the condition for.
    #[must_use]
    pub fn exclude<C: IntoQ<M>>(mut self, condition: impl FnOnce(M::Fields<M, One>) -> C) -> Self {
        self.query.exclude(condition(root::<M>()).into_q().into_condition());
        self
    }

    /// The order of the rows, in place of the one so far: fields, expressions, `.desc()` of them, a
    /// tuple, and `()` for no order.
    #[must_use]
    pub fn order_by<O: IntoOrder<M>>(mut self, terms: impl FnOnce(M::Fields<M, One>) -> O) -> Self {
        let mut by = Vec::new();
        terms(root::<M>()).push(&mut by);
        self.query.reorder(by);
        self
    }

    /// The other way round. A query without an order stays without one.
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

    /// The first row of each group of rows that are equal in these: a field, an expression, a tuple.
    /// Which one comes first is what the order says, which must begin with the same:
    ///
    /// ```text
    /// Book::objects().distinct_on(|b| b.genre()).order_by(|b| (b.genre(), b.price().desc()))
    /// ```
    ///
    /// PostgreSQL alone has it; elsewhere asking the database is [`Error::NotSupported`].
    ///
    /// [`Error::NotSupported`]: crate::Error::NotSupported
    #[must_use]
    pub fn distinct_on<S: Selection<M>>(self, columns: impl FnOnce(M::Fields<M, One>) -> S) -> Self {
        let mut rows = self.distinct();
        columns(root::<M>()).push(&mut rows.query.more_mut().distinct_on);
        rows
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

    /// The rows from a position up to another: `slice(5..10)`, `slice(..3)`.
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

    /// Adds computed values to each row: an expression, an aggregate over related rows, or a tuple.
    ///
    /// Several aggregates over *different* to-many relations multiply each other's rows, as in
    /// Django; use `.distinct()` on a count, or separate queries.
    #[must_use]
    pub fn annotate<S: Selection<M>>(
        mut self,
        selection: impl FnOnce(M::Fields<M, One>) -> S,
    ) -> QuerySet<M, S::Append<X>> {
        let mut expressions = Vec::new();
        selection(root::<M>()).push(&mut expressions);
        let parts = expressions.len();
        self.query.compute(expressions);
        self.with_parts(parts)
    }

    /// Adds the row at the end of a to-one path to each row, in the same query.
    ///
    /// `select_related(|p| p.library().city())` adds the city; chain calls for what lies between.
    #[must_use]
    pub fn select_related<F: FieldSet<Root = M, Card: ToOne>>(
        mut self,
        path: impl FnOnce(M::Fields<M, One>) -> F,
    ) -> QuerySet<M, X::Push<<F::Card as Cardinality>::Of<F::Model>>> {
        self.query
            .clauses
            .push(Clause::Related(path(root::<M>()).path().clone()));
        self.with_parts(1)
    }

    /// Adds the rows at the end of a to-many path to each row, as a `Vec`, with one more query for
    /// all of them together.
    ///
    /// `|l| l.patron().using(queryset)` takes the related rows from a queryset of its own, which
    /// may prefetch in turn.
    #[must_use]
    pub fn prefetch_related<P: PrefetchPath<M>>(
        mut self,
        path: impl FnOnce(M::Fields<M, One>) -> P,
    ) -> QuerySet<M, X::Push<Vec<<P::Extras as Extras>::Row<P::Model>>>> {
        let (path, rows) = path(root::<M>()).into_parts();
        let anchor = self.prefetches.add(self.parts, M::meta(), &path, rows);
        self.query.clauses.push(Clause::Anchor(anchor));
        self.with_parts(1)
    }

    /// Reads columns in place of models: `values(|p| (p.id(), p.library().name()))` gives tuples,
    /// one column alone gives its plain values. An aggregate among them puts rows together that have
    /// the same values in the other columns; see [`Values::annotate`] for Django's grouping.
    #[must_use]
    pub fn values<S: Selection<M>>(mut self, columns: impl FnOnce(M::Fields<M, One>) -> S) -> Values<M, S::Out> {
        let mut expressions = Vec::new();
        columns(root::<M>()).push(&mut expressions);
        self.query.choose(expressions);
        Values::new(self.query)
    }

    /// Reads the fields of a struct in place of models, and nothing else: see
    /// [`Projection`]. Instances of models are whole, so this is also what
    /// stands for Django's `only` and `defer`. A field that is an aggregate is one of the row.
    #[must_use]
    pub fn project<P: Projection<Model = M>>(mut self) -> Values<M, P> {
        let columns = P::columns();
        if self.query.group.is_none() && columns.iter().any(Expr::contains_aggregate) {
            self.query.group = Some(self.query.row_group());
        }
        self.query.choose(columns);
        Values::new(self.query)
    }

    fn key() -> Expr {
        Expr::Column {
            path: crate::query::Path::root(),
            field: M::meta().pk(),
        }
    }
}

/// The positions of a range: where it begins, and before which it ends.
fn bounds(range: &impl RangeBounds<u64>) -> (u64, Option<u64>) {
    let start = match range.start_bound() {
        Bound::Included(start) => *start,
        Bound::Excluded(before) => before.saturating_add(1),
        Bound::Unbounded => 0,
    };
    let end = match range.end_bound() {
        Bound::Included(last) => Some(last.saturating_add(1)),
        Bound::Excluded(end) => Some(*end),
        Bound::Unbounded => None,
    };
    (start, end)
}
