//! `FieldSet`: the fields of a model at the end of a path, and what a relation itself can do.

use super::{
    Aggregated, Assign, Cardinality, Field, FitsIn, IntoKey, IntoKeys, Many, One, OwnColumn, OwnForeignKey, Q, ToMany,
    TypedExpr,
};
use crate::meta::FieldMeta;
use crate::model::Model;
use crate::query::{AggregateFunction, Condition, Expr, Operand, Path, lookup};
use crate::queryset::QuerySet;
use crate::row::Extras;
use std::marker::PhantomData;

/// The fields of [`Model`](Self::Model), reached from [`Root`](Self::Root) over a path.
///
/// `#[derive(Model)]` writes one for each model: `ArticleFields<R, C>`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a relation",
    label = "expected a path that ends at a relation: `|p| p.library()`"
)]
pub trait FieldSet: Sized {
    /// where the query starts
    type Root: Model;
    /// how many rows the path reaches
    type Card: Cardinality;
    /// the model at its end
    type Model: Model;

    /// The fields at the end of that path.
    fn at(path: Path) -> Self;

    /// The path.
    fn path(&self) -> &Path;

    /// The key of the row at the end of the path.
    #[doc(hidden)]
    fn key(&self) -> Expr {
        Expr::Column {
            path: self.path().clone(),
            field: Self::Model::meta().pk(),
        }
    }
}

/// The fields of a model from which a query starts.
pub fn root<M: Model>() -> M::Fields<M, One> {
    M::Fields::at(Path::root())
}

/// What a relation can do by itself.
///
/// The methods take `&self`, so that a field of the same name wins over them.
pub trait RelationExt: FieldSet {
    /// The row at its end is this one: an instance, its key, a foreign key, `None`.
    fn exact<K: IntoKey<Self::Model>>(&self, row: K) -> Q<Self::Root> {
        let row = Operand::One(Expr::Value(row.into_value()));
        Q::from_condition(Condition::lookup(self.key(), &lookup::EXACT, row))
    }

    /// The row at its end is this one; the same as [`exact`](Self::exact).
    fn is<K: IntoKey<Self::Model>>(&self, row: K) -> Q<Self::Root> {
        self.exact(row)
    }

    /// The row at its end is this one, as columns say it; the same as [`exact`](Self::exact).
    fn eq<K: IntoKey<Self::Model>>(&self, row: K) -> Q<Self::Root> {
        self.exact(row)
    }

    /// The row at its end is another one, or none; the same as `!exact(row)`.
    fn ne<K: IntoKey<Self::Model>>(&self, row: K) -> Q<Self::Root> {
        !self.exact(row)
    }

    /// The row at its end is one of these: instances, keys, or the rows of a query.
    fn in_<K: IntoKeys<Self::Model>>(&self, rows: K) -> Q<Self::Root> {
        Q::from_condition(Condition::lookup(self.key(), &lookup::IN, rows.into_operand()))
    }

    /// There is no row at its end, or there is one.
    fn isnull(&self, yes: bool) -> Q<Self::Root> {
        Q::from_condition(Condition::lookup(self.key(), &lookup::ISNULL, Operand::Flag(yes)))
    }

    /// How many rows are at its end.
    fn count(&self) -> TypedExpr<Self::Root, i64, One, Aggregated> {
        TypedExpr::new(Expr::aggregate(AggregateFunction::Count, Some(self.key())))
    }

    /// The key of the row at its end.
    fn pk(&self) -> Field<Self::Root, <Self::Model as Model>::Pk, Self::Card> {
        Field::new(self.path(), Self::Model::meta().pk())
    }

    /// Points a foreign key elsewhere, in [`update`](QuerySet::update).
    fn set<K: IntoKey<Self::Model>>(&self, row: K) -> Assign<Self::Root>
    where
        K::Null: FitsIn<Self::Card>,
        Self::Card: OwnForeignKey,
    {
        Assign::new(foreign_key(self), Expr::Value(row.into_value()))
    }

    /// In `prefetch_related`: fetches the related rows by a queryset of its own.
    fn using<X: Extras>(&self, rows: QuerySet<Self::Model, X>) -> Prefetch<Self::Root, Self::Model, X>
    where
        Self::Card: ToMany,
    {
        Prefetch {
            path: self.path().clone(),
            rows,
            marker: PhantomData,
        }
    }
}

impl<F: FieldSet> RelationExt for F {}

/// A prefetch whose rows come from a queryset of its own.
pub struct Prefetch<R, M: Model, X: Extras> {
    path: Path,
    rows: QuerySet<M, X>,
    marker: PhantomData<fn() -> R>,
}

/// What `prefetch_related` takes: a to-many relation, with or without [`using`](RelationExt::using).
#[diagnostic::on_unimplemented(
    message = "`prefetch_related` takes a to-many path, and this path reaches at most one row",
    label = "this path reaches at most one row",
    note = "use `select_related` for a to-one relation"
)]
pub trait PrefetchPath<R> {
    /// the model whose rows are fetched
    type Model: Model;
    /// what is added to each of them
    type Extras: Extras;

    /// The path and the queryset.
    fn into_parts(self) -> (Path, QuerySet<Self::Model, Self::Extras>);
}

#[diagnostic::do_not_recommend]
impl<R: Model, F: FieldSet<Root = R, Card = Many>> PrefetchPath<R> for F {
    type Model = F::Model;
    type Extras = ();

    fn into_parts(self) -> (Path, QuerySet<F::Model>) {
        (self.path().clone(), F::Model::objects())
    }
}

impl<R, M: Model, X: Extras> PrefetchPath<R> for Prefetch<R, M, X> {
    type Model = M;
    type Extras = X;

    fn into_parts(self) -> (Path, QuerySet<M, X>) {
        (self.path, self.rows)
    }
}

/// The fields by which `get_or_create` looks: own columns and foreign keys, or a tuple of them.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a field of `{R}` itself, or a tuple of them",
    label = "expected own columns and foreign keys: `|m| (m.name(), m.library())`"
)]
pub trait FieldList<R> {
    /// Appends them.
    fn push(self, to: &mut Vec<&'static FieldMeta>);
}

impl<R, T, C: OwnColumn> FieldList<R> for Field<R, T, C> {
    fn push(self, to: &mut Vec<&'static FieldMeta>) {
        to.push(self.meta());
    }
}

#[diagnostic::do_not_recommend]
impl<F: FieldSet<Card: OwnForeignKey>> FieldList<F::Root> for F {
    fn push(self, to: &mut Vec<&'static FieldMeta>) {
        to.push(foreign_key(&self));
    }
}

/// The column of a foreign key of the root. The cardinality says that there is one.
fn foreign_key<F: FieldSet>(fields: &F) -> &'static FieldMeta {
    let column = fields.path().steps().first().and_then(|step| step.relation.field());
    column.unwrap_or_else(|| F::Root::meta().pk())
}
