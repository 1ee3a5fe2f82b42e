//! A related set forwards what a queryset can do.

use super::RelatedSet;
use crate::error::Result;
use crate::exec::{BoxFuture, Executor};
use crate::fields::{
    Cardinality, Dated, Field, FieldSet, IntoAssign, IntoOrder, IntoQ, IntoValue, One, Own, OwnColumn, PrefetchPath,
    Selection, SqlExpr, ToOne,
};
use crate::model::Model;
use crate::query::TimeZone;
use crate::queryset::{
    Allowed, Cursor, DateKind, DateTimeKind, KeysetPage, Page, QuerySet, RowLock, RowStream, Values,
};
use crate::row::{Extras, Projection};
use crate::types::{Dynamic, FieldType};
use crate::write::Deleted;
use chrono::{DateTime, NaiveDate, Utc};
use std::collections::HashMap;
use std::hash::Hash;
use std::ops::RangeBounds;

/// What each method does and costs stands at [`QuerySet`].
#[allow(clippy::missing_errors_doc, reason = "stands at the methods of QuerySet")]
impl<M: Model, B, D> RelatedSet<M, B, D> {
    /// See [`QuerySet::filter`].
    pub fn filter<C: IntoQ<M>>(self, condition: impl FnOnce(M::Fields<M, One>) -> C) -> QuerySet<M> {
        self.query().filter(condition)
    }

    /// See [`QuerySet::exclude`].
    pub fn exclude<C: IntoQ<M>>(self, condition: impl FnOnce(M::Fields<M, One>) -> C) -> QuerySet<M> {
        self.query().exclude(condition)
    }

    /// See [`QuerySet::filter_dyn`].
    pub fn filter_dyn(self, name: &str, value: impl Into<Dynamic>) -> Result<QuerySet<M>> {
        self.query().filter_dyn(name, value)
    }

    /// See [`QuerySet::exclude_dyn`].
    pub fn exclude_dyn(self, name: &str, value: impl Into<Dynamic>) -> Result<QuerySet<M>> {
        self.query().exclude_dyn(name, value)
    }

    /// See [`QuerySet::order_by_dyn`].
    pub fn order_by_dyn<'a>(self, names: impl IntoIterator<Item = &'a str>) -> Result<QuerySet<M>> {
        self.query().order_by_dyn(names)
    }

    /// See [`QuerySet::none`].
    pub fn none(self) -> QuerySet<M> {
        self.query().none()
    }

    /// See [`QuerySet::order_by`].
    pub fn order_by<O: IntoOrder<M>>(self, terms: impl FnOnce(M::Fields<M, One>) -> O) -> QuerySet<M> {
        self.query().order_by(terms)
    }

    /// See [`QuerySet::reverse`].
    pub fn reverse(self) -> QuerySet<M> {
        self.query().reverse()
    }

    /// See [`QuerySet::distinct`].
    pub fn distinct(self) -> QuerySet<M> {
        self.query().distinct()
    }

    /// See [`QuerySet::distinct_on`].
    pub fn distinct_on<S: Selection<M>>(self, columns: impl FnOnce(M::Fields<M, One>) -> S) -> QuerySet<M> {
        self.query().distinct_on(columns)
    }

    /// See [`QuerySet::select_for_update`].
    pub fn select_for_update(self) -> QuerySet<M> {
        self.query().select_for_update()
    }

    /// See [`QuerySet::select_for_update_with`].
    pub fn select_for_update_with(self, options: impl FnOnce(RowLock<M>) -> RowLock<M>) -> QuerySet<M> {
        self.query().select_for_update_with(options)
    }

    /// See [`QuerySet::contains`].
    pub fn contains<E: Executor>(self, db: &E, row: &M) -> impl Future<Output = Result<bool>> + Send {
        self.query().contains(db, row)
    }

    /// See [`QuerySet::limit`].
    pub fn limit(self, rows: u64) -> QuerySet<M> {
        self.query().limit(rows)
    }

    /// See [`QuerySet::offset`].
    pub fn offset(self, rows: u64) -> QuerySet<M> {
        self.query().offset(rows)
    }

    /// See [`QuerySet::slice`].
    pub fn slice(self, range: impl RangeBounds<u64>) -> QuerySet<M> {
        self.query().slice(range)
    }

    /// See [`QuerySet::values`].
    pub fn values<S: Selection<M>>(self, columns: impl FnOnce(M::Fields<M, One>) -> S) -> Values<M, S::Out> {
        self.query().values(columns)
    }

    /// See [`QuerySet::project`].
    pub fn project<P: Projection<Model = M>>(self) -> Values<M, P> {
        self.query().project()
    }

    /// See [`QuerySet::dates`].
    pub fn dates<F: SqlExpr<M, Sql: Dated>>(
        self,
        field: impl FnOnce(M::Fields<M, One>) -> F,
        kind: DateKind,
    ) -> Values<M, NaiveDate> {
        self.query().dates(field, kind)
    }

    /// See [`QuerySet::datetimes`].
    pub fn datetimes<F: SqlExpr<M, Sql = DateTime<Utc>>>(
        self,
        field: impl FnOnce(M::Fields<M, One>) -> F,
        kind: DateTimeKind,
    ) -> Values<M, DateTime<Utc>> {
        self.query().datetimes(field, kind)
    }

    /// See [`QuerySet::datetimes_in`].
    pub fn datetimes_in<F: SqlExpr<M, Sql = DateTime<Utc>>>(
        self,
        field: impl FnOnce(M::Fields<M, One>) -> F,
        kind: DateTimeKind,
        zone: impl Into<TimeZone>,
    ) -> Values<M, DateTime<Utc>> {
        self.query().datetimes_in(field, kind, zone)
    }

    /// See [`QuerySet::filter_params`].
    pub fn filter_params<K: AsRef<str>, V: AsRef<str>>(
        self,
        params: &[(K, V)],
        allowed: &Allowed,
    ) -> Result<QuerySet<M>> {
        self.query().filter_params(params, allowed)
    }

    /// See [`QuerySet::annotate`].
    pub fn annotate<S: Selection<M>>(
        self,
        selection: impl FnOnce(M::Fields<M, One>) -> S,
    ) -> QuerySet<M, S::Append<()>> {
        self.query().annotate(selection)
    }

    /// See [`QuerySet::select_related`].
    pub fn select_related<F: FieldSet<Root = M, Card: ToOne>>(
        self,
        path: impl FnOnce(M::Fields<M, One>) -> F,
    ) -> QuerySet<M, (<F::Card as Cardinality>::Of<F::Model>,)> {
        self.query().select_related(path)
    }

    /// See [`QuerySet::prefetch_related`].
    pub fn prefetch_related<P: PrefetchPath<M>>(
        self,
        path: impl FnOnce(M::Fields<M, One>) -> P,
    ) -> QuerySet<M, (Vec<<P::Extras as Extras>::Row<P::Model>>,)> {
        self.query().prefetch_related(path)
    }

    /// See [`QuerySet::all`].
    pub fn all<E: Executor>(self, db: &E) -> impl Future<Output = Result<Vec<M>>> + Send + use<'_, M, B, D, E> {
        self.query().all(db)
    }

    /// See [`QuerySet::first`].
    pub fn first<E: Executor>(self, db: &E) -> impl Future<Output = Result<Option<M>>> + Send + use<'_, M, B, D, E> {
        self.query().first(db)
    }

    /// See [`QuerySet::last`].
    pub fn last<E: Executor>(self, db: &E) -> impl Future<Output = Result<Option<M>>> + Send + use<'_, M, B, D, E> {
        self.query().last(db)
    }

    /// See [`QuerySet::get`].
    pub fn get<E: Executor, C: IntoQ<M>>(
        self,
        db: &E,
        condition: impl FnOnce(M::Fields<M, One>) -> C,
    ) -> impl Future<Output = Result<M>> + Send {
        self.query().get(db, condition)
    }

    /// See [`QuerySet::count`].
    pub fn count<E: Executor>(self, db: &E) -> impl Future<Output = Result<i64>> + Send + use<'_, M, B, D, E> {
        self.query().count(db)
    }

    /// See [`QuerySet::exists`].
    pub fn exists<E: Executor>(self, db: &E) -> impl Future<Output = Result<bool>> + Send + use<'_, M, B, D, E> {
        self.query().exists(db)
    }

    /// See [`QuerySet::in_bulk`].
    pub fn in_bulk<E: Executor>(
        self,
        db: &E,
        keys: impl IntoIterator<Item = M::Pk>,
    ) -> impl Future<Output = Result<HashMap<M::Pk, M>>> + Send {
        self.query().in_bulk(db, keys)
    }

    /// See [`QuerySet::in_bulk_by`].
    pub fn in_bulk_by<E: Executor, T: FieldType + Eq + Hash, C: OwnColumn, V: IntoValue<T>>(
        self,
        db: &E,
        field: impl FnOnce(M::Fields<M, Own>) -> Field<M, T, C>,
        values: impl IntoIterator<Item = V>,
    ) -> impl Future<Output = Result<HashMap<T, M>>> + Send {
        self.query().in_bulk_by(db, field, values)
    }

    /// See [`QuerySet::latest`].
    pub fn latest<E: Executor, O: IntoOrder<M>>(
        self,
        db: &E,
        order: impl FnOnce(M::Fields<M, One>) -> O,
    ) -> impl Future<Output = Result<M>> + Send {
        self.query().latest(db, order)
    }

    /// See [`QuerySet::earliest`].
    pub fn earliest<E: Executor, O: IntoOrder<M>>(
        self,
        db: &E,
        order: impl FnOnce(M::Fields<M, One>) -> O,
    ) -> impl Future<Output = Result<M>> + Send {
        self.query().earliest(db, order)
    }

    /// See [`QuerySet::page`].
    pub fn page<E: Executor>(
        self,
        db: &E,
        number: u64,
        per_page: u64,
    ) -> impl Future<Output = Result<Page<M>>> + Send + use<'_, M, B, D, E> {
        self.query().page(db, number, per_page)
    }

    /// See [`QuerySet::keyset`].
    pub fn keyset<E: Executor>(
        self,
        db: &E,
        per_page: u64,
        after: Option<&Cursor>,
    ) -> impl Future<Output = Result<KeysetPage<M>>> + Send {
        self.query().keyset(db, per_page, after)
    }

    /// See [`QuerySet::stream`].
    pub fn stream<E: Executor>(self, db: &E) -> RowStream<M> {
        self.query().stream(db)
    }

    /// See [`QuerySet::aggregate`].
    pub fn aggregate<E: Executor, S: Selection<M>>(
        self,
        db: &E,
        selection: impl FnOnce(M::Fields<M, One>) -> S,
    ) -> impl Future<Output = Result<S::Out>> + Send {
        self.query().aggregate(db, selection)
    }

    /// See [`QuerySet::update`].
    pub fn update<'e, E: Executor, A: IntoAssign<M>>(
        self,
        db: &'e E,
        assignments: impl FnOnce(M::Fields<M, Own>) -> A,
    ) -> BoxFuture<'e, u64> {
        self.query().update(db, assignments)
    }

    /// See [`QuerySet::delete`]. The rows themselves go, not only their places in the set.
    pub fn delete<E: Executor>(self, db: &E) -> BoxFuture<'_, Deleted> {
        self.query().delete(db)
    }
}
