//! The calls that ask the database for columns.

use super::Values;
use crate::error::Result;
use crate::exec::Executor;
use crate::fields::{One, Selection, root};
use crate::model::Model;
use crate::query::Query;
use crate::queryset::read::fetch_shapes;
use crate::queryset::terminal::{aggregate, count, exists, order_for_first};
use crate::row::Shape;

impl<M, T: Shape> Values<M, T> {
    /// All rows. One query.
    ///
    /// # Errors
    /// What the database says, and [`Error::Decode`](crate::Error::Decode).
    pub async fn all<E: Executor>(self, db: &E) -> Result<Vec<T>> {
        fetch_shapes(&self.query, db.handle()).await
    }

    /// The first row, by primary key where nothing else orders them. One query.
    ///
    /// # Errors
    /// As [`all`](Self::all), and [`Error::Query`](crate::Error::Query) for groups without an order.
    pub async fn first<E: Executor>(mut self, db: &E) -> Result<Option<T>> {
        order_groups_for_first(&mut self.query);
        Ok(self.limit(1).all(db).await?.into_iter().next())
    }

    /// The last row, by primary key where nothing else orders them. One query.
    ///
    /// # Errors
    /// As [`first`](Self::first).
    pub async fn last<E: Executor>(mut self, db: &E) -> Result<Option<T>> {
        order_groups_for_first(&mut self.query);
        Ok(self.reverse().limit(1).all(db).await?.into_iter().next())
    }

    /// How many rows there are. One query.
    ///
    /// # Errors
    /// As [`all`](Self::all).
    pub async fn count<E: Executor>(self, db: &E) -> Result<i64> {
        count(&self.query, db.handle()).await
    }

    /// Whether there is a row. One query.
    ///
    /// # Errors
    /// As [`all`](Self::all).
    pub async fn exists<E: Executor>(self, db: &E) -> Result<bool> {
        exists(&self.query, db.handle()).await
    }
}

impl<M: Model, T: Shape> Values<M, T> {
    /// Aggregates over all rows, from their columns: one, or a tuple of them. One query.
    ///
    /// # Errors
    /// What the database says.
    pub fn aggregate_with<E: Executor, S: Selection<M>>(
        self,
        db: &E,
        selection: impl FnOnce(M::Fields<M, One>, T::Handle<M>) -> S,
    ) -> impl Future<Output = Result<S::Out>> + Send {
        let selection = selection(root::<M>(), self.handle());
        aggregate(self.query, selection, db.handle())
    }
}

/// Groups have no key to be ordered by.
fn order_groups_for_first(query: &mut Query) {
    if query.group.is_some() && !query.is_ordered() {
        query.invalid =
            Some("Cannot use first() or last() on an unordered query of groups. Add an ordering with order_by().");
    }
    order_for_first(query);
}
