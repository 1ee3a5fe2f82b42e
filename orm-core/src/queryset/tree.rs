//! Trees: the rows below or above others, along a foreign key of a model to itself.

use super::QuerySet;
use crate::fields::{FieldSet, One, ToOne, root};
use crate::model::Model;
use crate::query::{Condition, Expr, Operand, Path, Query, Step, Walk, lookup};
use crate::row::Extras;
use crate::types::FieldType;

/// Where a walk along a tree begins: a row, or the rows of a queryset.
#[diagnostic::on_unimplemented(
    message = "a walk along a tree begins at a row or at a queryset of `{M}`, not at `{Self}`",
    label = "expected `&{M}` or `QuerySet<{M}>`"
)]
pub trait TreeStart<M> {
    /// The rows.
    fn into_start(self) -> Query;
}

impl<M: Model> TreeStart<M> for &M {
    fn into_start(self) -> Query {
        let mut query = Query::new(M::meta());
        let key = Expr::key(Path::root(), M::meta());
        let row = Operand::One(Expr::Value(self.pk().take_value()));
        query.filter(Condition::lookup(key, &lookup::EXACT, row));
        query
    }
}

impl<M: Model, X: Extras> TreeStart<M> for QuerySet<M, X> {
    fn into_start(self) -> Query {
        self.into_query()
    }
}

impl<M: Model, X: Extras> QuerySet<M, X> {
    /// The rows below a row, or below several: those that lead to it along the foreign key, those that
    /// lead to these, and so on. Each row comes once, and what leads to itself is no danger.
    ///
    /// ```text
    /// Category::objects()
    ///     .descendants(&books, |c| c.parent())
    ///     .annotate(|_| orm::tree::depth())
    ///     .order_by(|_| orm::tree::path())
    /// ```
    ///
    /// It is one query (`WITH RECURSIVE`), whatever else is asked: conditions are on the rows that were
    /// found, and do not keep the walk from going on. MariaDB and MySQL walk at most 1,000 steps.
    #[must_use]
    pub fn descendants<S: TreeStart<M>, F: FieldSet<Root = M, Model = M, Card: ToOne>>(
        self,
        of: S,
        parent: impl FnOnce(M::Fields<M, One>) -> F,
    ) -> Self {
        self.walk(of.into_start(), parent(root::<M>()).path(), true)
    }

    /// The rows above a row, or above several: the one that it leads to along the foreign key, the one
    /// that this leads to, and so on, up to the root. As [`descendants`](Self::descendants).
    #[must_use]
    pub fn ancestors<S: TreeStart<M>, F: FieldSet<Root = M, Model = M, Card: ToOne>>(
        self,
        of: S,
        parent: impl FnOnce(M::Fields<M, One>) -> F,
    ) -> Self {
        self.walk(of.into_start(), parent(root::<M>()).path(), false)
    }

    fn walk(mut self, start: Query, path: &Path, down: bool) -> Self {
        let step = match path.steps() {
            [step @ Step { reverse: false, .. }] => *step,
            _ => {
                self.query.invalid = Some("A tree is walked along one foreign key of the model to itself.");
                return self;
            }
        };
        if self.query.is_sliced() {
            self.query.invalid = Some("Cannot walk along a tree once a slice has been taken.");
        }
        if self.query.walk().is_some() {
            self.query.invalid = Some("A query walks along a tree once; let another one begin at its rows.");
        }
        self.query.more_mut().walk = Some(Walk {
            start: Box::new(start),
            step,
            down,
            with_start: false,
            max_depth: None,
        });
        self
    }

    /// After [`descendants`](Self::descendants) or [`ancestors`](Self::ancestors): also the rows where
    /// the walk begins, whose depth is 0.
    #[must_use]
    pub fn with_start(mut self) -> Self {
        match &mut self.query.more_mut().walk {
            Some(walk) => walk.with_start = true,
            None => self.query.invalid = Some(NO_WALK),
        }
        self
    }

    /// After [`descendants`](Self::descendants) or [`ancestors`](Self::ancestors): the walk goes at most
    /// so many steps.
    #[must_use]
    pub fn max_depth(mut self, steps: u32) -> Self {
        match &mut self.query.more_mut().walk {
            Some(walk) => walk.max_depth = Some(steps),
            None => self.query.invalid = Some(NO_WALK),
        }
        self
    }
}

const NO_WALK: &str = "with_start() and max_depth() come after descendants() or ancestors().";
