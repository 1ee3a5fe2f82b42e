//! What was added to the rows, spoken of again: `filter_with`, `order_by_with`, `annotate_with` …

use super::terminal::aggregate;
use super::{QuerySet, Values};
use crate::error::Result;
use crate::exec::Executor;
use crate::fields::{IntoOrder, IntoQ, One, Selection, root};
use crate::model::Model;
use crate::query::{Clause, Expr};
use crate::row::{Extras, Spot};

/// The closures get what was added to the rows beside the model's fields: for a computed value an
/// expression, for a related row its fields, [`Opaque`](crate::row::Opaque) for a list; a tuple where several were added.
///
/// ```
/// # use orm_core as orm;
/// # use orm::fields::{RelationExt, SqlExpr, TypedExpr, Aggregated, One};
/// # use orm::{Model, QuerySet};
/// # fn example<L: Model>(libraries: QuerySet<L>, books: fn(L::Fields<L, One>) -> TypedExpr<L, i64, One, Aggregated>) {
/// let busy = libraries
///     .annotate(|l| books(l))
///     .filter_with(|_, books| books.gt(3))
///     .order_by_with(|l, books| (books.desc(), l.pk()));
/// # }
/// ```
///
/// What is only filtered or ordered by need not be added: `filter(|l| l.book().count().gt(3))`.
impl<M: Model, X: Extras> QuerySet<M, X> {
    /// The rows for which the condition holds.
    #[must_use]
    pub fn filter_with<C: IntoQ<M>>(mut self, condition: impl FnOnce(M::Fields<M, One>, X::Handles<M>) -> C) -> Self {
        let condition = condition(root::<M>(), self.handles()).into_q().into_condition();
        self.query.filter(condition);
        self
    }

    /// The rows for which the condition does not hold.
    #[must_use]
    pub fn exclude_with<C: IntoQ<M>>(mut self, condition: impl FnOnce(M::Fields<M, One>, X::Handles<M>) -> C) -> Self {
        let condition = condition(root::<M>(), self.handles()).into_q().into_condition();
        self.query.exclude(condition);
        self
    }

    /// The order of the rows, in place of the one so far.
    #[must_use]
    pub fn order_by_with<O: IntoOrder<M>>(mut self, terms: impl FnOnce(M::Fields<M, One>, X::Handles<M>) -> O) -> Self {
        let mut by = Vec::new();
        terms(root::<M>(), self.handles()).push(&mut by);
        self.query.reorder(by);
        self
    }

    /// Adds further computed values to each row.
    #[must_use]
    pub fn annotate_with<S: Selection<M>>(
        self,
        selection: impl FnOnce(M::Fields<M, One>, X::Handles<M>) -> S,
    ) -> QuerySet<M, S::Append<X>> {
        let selection = selection(root::<M>(), self.handles());
        self.annotate(|_| selection)
    }

    /// Reads columns in place of the rows.
    #[must_use]
    pub fn values_with<S: Selection<M>>(
        self,
        columns: impl FnOnce(M::Fields<M, One>, X::Handles<M>) -> S,
    ) -> Values<M, S::Out> {
        let columns = columns(root::<M>(), self.handles());
        self.values(|_| columns)
    }

    /// Aggregates over all rows: `annotate(|l| l.book().count())` and then
    /// `aggregate_with(&db, |_, books| books.avg())`. One query.
    ///
    /// # Errors
    /// What the database says.
    pub fn aggregate_with<E: Executor, S: Selection<M>>(
        self,
        db: &E,
        selection: impl FnOnce(M::Fields<M, One>, X::Handles<M>) -> S,
    ) -> impl Future<Output = Result<S::Out>> + Send {
        let selection = selection(root::<M>(), self.handles());
        aggregate(self.query, selection, db.handle())
    }

    /// What can be said about the parts, in the order in which they were added.
    fn handles(&self) -> X::Handles<M> {
        let mut computed = 0;
        let mut spots = self.query.clauses.iter().filter_map(|clause| match clause {
            Clause::Annotate(expr) => {
                computed += 1;
                Some(Spot::Expr(Expr::reference(computed - 1, expr)))
            }
            Clause::Alias(_) => {
                computed += 1;
                None
            }
            Clause::Related(path) => Some(Spot::Path(path.clone())),
            Clause::Anchor(_) => Some(Spot::Elsewhere),
            Clause::Filter(_) | Clause::Filtered(_) => None,
        });
        X::handles::<M>(&mut spots)
    }
}
