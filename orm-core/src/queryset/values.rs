//! `Values`: a query for columns in place of models.

use super::read::fetch_shapes;
use crate::compiler;
use crate::error::Result;
use crate::exec::{Backend, Executor};
use crate::query::Query;
use crate::row::Shape;
use std::marker::PhantomData;

/// A query whose rows are tuples of columns, or the values of one column.
///
/// `in_` takes it as a subquery where it has one column.
pub struct Values<T> {
    query: Query,
    marker: PhantomData<fn() -> T>,
}

impl<T> Values<T> {
    pub(crate) fn new(query: Query) -> Self {
        Values {
            query,
            marker: PhantomData,
        }
    }

    pub(crate) fn into_query(self) -> Query {
        self.query
    }

    /// Equal rows once.
    #[must_use]
    pub fn distinct(mut self) -> Self {
        self.query.distinct = true;
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

    /// The SQL for a database, with its arguments as comments would show them.
    ///
    /// # Errors
    /// As [`QuerySet::to_sql`](crate::QuerySet::to_sql).
    pub fn to_sql(&self, backend: Backend) -> Result<String> {
        compiler::to_sql(&self.query, backend)
    }
}

impl<T> Clone for Values<T> {
    fn clone(&self) -> Self {
        Values::new(self.query.clone())
    }
}

impl<T: Shape> Values<T> {
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
    /// As [`all`](Self::all).
    pub async fn first<E: Executor>(mut self, db: &E) -> Result<Option<T>> {
        super::terminal::order_for_first(&mut self.query);
        Ok(self.limit(1).all(db).await?.into_iter().next())
    }

    /// How many rows there are. One query.
    ///
    /// # Errors
    /// As [`all`](Self::all).
    pub async fn count<E: Executor>(self, db: &E) -> Result<i64> {
        super::terminal::count(&self.query, db.handle()).await
    }
}
