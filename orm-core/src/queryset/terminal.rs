//! The calls that ask the database: `all`, `first`, `get`, `count`, `exists`, `in_bulk`, `aggregate` …

use super::QuerySet;
use super::read::{fetch_rows, fetch_shapes};
use crate::compiler::{self, Compiled};
use crate::error::{Error, Misuse, Result};
use crate::exec::{Backend, Executor, Handle, ValueRow, once};
use crate::fields::{Field, FieldSet, IntoOrder, IntoQ, IntoValue, One, Own, OwnColumn, Selection, root, value_of};
use crate::model::Model;
use crate::query::{Condition, Expr, Operand, Order, OrderTerm, Path, Query, lookup, orders};
use crate::row::Extras;
use crate::types::FieldType;
use std::collections::HashMap;
use std::hash::Hash;

/// `get` looks no further: whether 21 or a million rows match makes no difference to its error.
pub(crate) const MAX_GET_RESULTS: u64 = 21;

impl<M: Model, X: Extras> QuerySet<M, X> {
    /// All rows. One query, and one more for each `prefetch_related`.
    ///
    /// # Errors
    /// What the database says, and [`Error::Decode`] where a row does not fit the model.
    pub fn all<E: Executor>(self, db: &E) -> impl Future<Output = Result<Vec<X::Row<M>>>> + Send {
        let db = db.handle();
        async move { once!(fetch_rows::<M, X>(&self.query, &self.prefetches, db)) }
    }

    /// The first row, by primary key where nothing else orders them. One query.
    ///
    /// # Errors
    /// As [`all`](Self::all).
    pub fn first<E: Executor>(mut self, db: &E) -> impl Future<Output = Result<Option<X::Row<M>>>> + Send {
        order_for_first(&mut self.query);
        let rows = self.limit(1).all(db);
        async move { Ok(rows.await?.into_iter().next()) }
    }

    /// The last row, by primary key where nothing else orders them. One query.
    ///
    /// # Errors
    /// As [`all`](Self::all).
    pub fn last<E: Executor>(mut self, db: &E) -> impl Future<Output = Result<Option<X::Row<M>>>> + Send {
        order_for_first(&mut self.query);
        let rows = self.reverse().limit(1).all(db);
        async move { Ok(rows.await?.into_iter().next()) }
    }

    /// The one row for which the condition holds; `|_| ()` adds none. One query.
    ///
    /// # Errors
    /// [`Error::DoesNotExist`], [`Error::MultipleObjectsReturned`].
    pub fn get<E: Executor, C: IntoQ<M>>(
        mut self,
        db: &E,
        condition: impl FnOnce(M::Fields<M, One>) -> C,
    ) -> impl Future<Output = Result<X::Row<M>>> + Send {
        self.filter_if_any(condition(root::<M>()).into_q().into_condition());
        if !self.query.is_sliced() {
            // The order matters only where it says which of equal rows is meant.
            if self.query.distinct_on().is_empty() {
                self.query.order = Order::By(Vec::new());
            }
            // A key has one row at most, and PostgreSQL has a step less then.
            if !self.query.is_by_key_alone() {
                self.query.slice(0, Some(MAX_GET_RESULTS));
            }
        }
        let rows = self.all(db);
        async move { exactly_one(M::meta().name, rows.await?) }
    }

    fn filter_if_any(&mut self, condition: Condition) {
        if !matches!(condition, Condition::Constant(true)) {
            self.query.filter(condition);
        }
    }

    /// How many rows there are. One query.
    ///
    /// # Errors
    /// What the database says.
    pub fn count<E: Executor>(self, db: &E) -> impl Future<Output = Result<i64>> + Send {
        let db = db.handle();
        async move { count(&self.query, db).await }
    }

    /// Whether there is a row. One query.
    ///
    /// # Errors
    /// What the database says.
    pub fn exists<E: Executor>(self, db: &E) -> impl Future<Output = Result<bool>> + Send {
        let db = db.handle();
        async move { exists(&self.query, db).await }
    }

    /// Whether that row is among them. One query.
    ///
    /// # Errors
    /// [`Error::Query`] after a slice, and what the database says.
    pub fn contains<E: Executor>(mut self, db: &E, row: &M) -> impl Future<Output = Result<bool>> + Send {
        let key = Operand::One(Expr::Value(row.pk().take_value()));
        self.query.filter(Condition::lookup(Self::key(), &lookup::EXACT, key));
        self.exists(db)
    }

    /// The rows with these keys, by key. One query; keys without a row are left out.
    ///
    /// # Errors
    /// As [`all`](Self::all).
    pub fn in_bulk<E: Executor>(
        mut self,
        db: &E,
        keys: impl IntoIterator<Item = M::Pk>,
    ) -> impl Future<Output = Result<HashMap<M::Pk, X::Row<M>>>> + Send {
        let keys = keys.into_iter().map(|key| Expr::Value(key.take_value())).collect();
        if self.query.is_sliced() {
            self.query.invalid = Some("Cannot use 'limit' or 'offset' with in_bulk().");
        }
        self.query
            .filter(Condition::lookup(Self::key(), &lookup::IN, Operand::Many(keys)));
        let rows = self.all(db);
        async move {
            Ok(rows
                .await?
                .into_iter()
                .map(|row| (X::model::<M>(&row).pk(), row))
                .collect())
        }
    }

    /// The rows that have these values in a unique field, by value. One query; values without a row are
    /// left out.
    ///
    /// # Errors
    /// [`Error::Misuse`] for a field that is not unique, before anything is run; else as
    /// [`all`](Self::all).
    pub fn in_bulk_by<E: Executor, T: FieldType + Eq + Hash, C: OwnColumn, V: IntoValue<T>>(
        mut self,
        db: &E,
        field: impl FnOnce(M::Fields<M, Own>) -> Field<M, T, C>,
        values: impl IntoIterator<Item = V>,
    ) -> impl Future<Output = Result<HashMap<T, X::Row<M>>>> + Send {
        let field = field(M::Fields::at(Path::root())).meta();
        let values = values
            .into_iter()
            .map(|value| Expr::Value(value.into_value()))
            .collect();
        let column = Expr::Column {
            path: Path::root(),
            field,
        };
        if self.query.is_sliced() {
            self.query.invalid = Some("Cannot use 'limit' or 'offset' with in_bulk().");
        }
        self.query
            .filter(Condition::lookup(column, &lookup::IN, Operand::Many(values)));
        let rows = self.all(db);
        async move {
            if !M::meta().has_unique(field.name) {
                let message = format!("in_bulk()'s field must be a unique field but '{}' isn't.", field.name);
                return Err(Error::misuse(Misuse::Value, message));
            }
            let mut found = HashMap::new();
            for row in rows.await? {
                let value = [value_of(X::model::<M>(&row), field)];
                found.insert(T::decode(&mut ValueRow(&value), 0)?, row);
            }
            Ok(found)
        }
    }

    /// The row that comes last in the given order; `|_| ()` is the model's `get_latest_by`. One query.
    ///
    /// # Errors
    /// [`Error::DoesNotExist`] where there is none, [`Error::Query`] where no order is known.
    pub fn latest<E: Executor, O: IntoOrder<M>>(
        self,
        db: &E,
        order: impl FnOnce(M::Fields<M, One>) -> O,
    ) -> impl Future<Output = Result<X::Row<M>>> + Send {
        self.in_order(order(root::<M>())).reverse().first_or_error(db)
    }

    /// The row that comes first in the given order; `|_| ()` is the model's `get_latest_by`. One query.
    ///
    /// # Errors
    /// As [`latest`](Self::latest).
    pub fn earliest<E: Executor, O: IntoOrder<M>>(
        self,
        db: &E,
        order: impl FnOnce(M::Fields<M, One>) -> O,
    ) -> impl Future<Output = Result<X::Row<M>>> + Send {
        self.in_order(order(root::<M>())).first_or_error(db)
    }

    fn in_order<O: IntoOrder<M>>(mut self, order: O) -> Self {
        let mut by = Vec::new();
        order.push(&mut by);
        if by.is_empty() {
            by = orders(M::meta(), M::meta().get_latest_by).unwrap_or_default();
        }
        if by.is_empty() {
            self.query.invalid = Some("earliest() and latest() require fields or the model's get_latest_by.");
        }
        self.query.reorder(by);
        self
    }

    fn first_or_error<E: Executor>(self, db: &E) -> impl Future<Output = Result<X::Row<M>>> + Send {
        let rows = self.limit(1).all(db);
        async move {
            rows.await?
                .into_iter()
                .next()
                .ok_or(Error::DoesNotExist { model: M::meta().name })
        }
    }

    /// Aggregates over all rows: one, or a tuple of them. One query.
    ///
    /// # Errors
    /// What the database says.
    pub fn aggregate<E: Executor, S: Selection<M>>(
        self,
        db: &E,
        selection: impl FnOnce(M::Fields<M, One>) -> S,
    ) -> impl Future<Output = Result<S::Out>> + Send {
        aggregate(self.query, selection(root::<M>()), db.handle())
    }

    /// The SQL that [`all`](Self::all) would run, with its arguments filled in for reading.
    ///
    /// # Errors
    /// [`Error::Query`] where the query makes no sense, [`Error::NotSupported`] where the database
    /// cannot do it.
    pub fn to_sql(&self, backend: Backend) -> Result<String> {
        compiler::to_sql(&self.query, backend)
    }
}

/// Counts the rows of any query.
pub(crate) async fn count(query: &Query, db: Handle<'_>) -> Result<i64> {
    let Compiled::Statement(statement) = compiler::count(query, db.backend())? else {
        return Ok(0);
    };
    db.fetch_int(&statement).await
}

/// Whether any query has a row.
pub(crate) async fn exists(query: &Query, db: Handle<'_>) -> Result<bool> {
    let Compiled::Statement(statement) = compiler::exists(query, db.backend())? else {
        return Ok(false);
    };
    db.fetch_any(&statement).await
}

/// Aggregates over the rows of any query.
pub(super) fn aggregate<M, S: Selection<M>>(
    mut query: Query,
    selection: S,
    db: Handle<'_>,
) -> impl Future<Output = Result<S::Out>> + Send + use<'_, M, S> {
    let mut expressions = Vec::new();
    selection.push(&mut expressions);
    query.aggregate(expressions);
    async move {
        let rows = fetch_shapes::<S::Out>(&query, db).await?;
        let row = rows.into_iter().next();
        row.ok_or_else(|| Error::Query("the database gave no row of aggregates".to_owned()))
    }
}

/// Exactly one row, or Django's two errors.
pub(crate) fn exactly_one<T>(model: &'static str, mut rows: Vec<T>) -> Result<T> {
    match (rows.pop(), rows.len()) {
        (None, _) => Err(Error::DoesNotExist { model }),
        (Some(row), 0) => Ok(row),
        (Some(_), more) => {
            let found = more as u64 + 1;
            let found = if found < MAX_GET_RESULTS {
                found.to_string()
            } else {
                "more than 20".to_owned()
            };
            Err(Error::MultipleObjectsReturned { model, found })
        }
    }
}

/// Orders by primary key where nothing else does.
pub(crate) fn order_for_first(query: &mut Query) {
    if !query.is_ordered() {
        let expr = Expr::key(Path::root(), query.model);
        query.order = Order::By(vec![OrderTerm {
            expr,
            descending: false,
            nulls_first: None,
        }]);
    }
}
