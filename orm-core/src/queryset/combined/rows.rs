//! `Rows`: everything that is a query with typed rows.

use super::CombinedSet;
use crate::error::Result;
use crate::exec::Handle;
use crate::model::Model;
use crate::query::Query;
use crate::queryset::read::{fetch_rows, fetch_shapes};
use crate::queryset::{QuerySet, Values};
use crate::row::{Extras, Shape};

/// A query with rows of a type: [`QuerySet`], [`Values`], [`CombinedSet`]. Two of
/// them whose rows have the same type can be taken together.
#[diagnostic::on_unimplemented(message = "`{Self}` is not a query", label = "expected a queryset")]
pub trait Rows: sealed::Sealed + Sized + Send {
    /// the model that it starts at
    type Model: Model;
    /// what it gives
    type Row: Send + 'static;

    /// The untyped query.
    #[doc(hidden)]
    fn query(&self) -> &Query;

    /// The untyped query, to be changed.
    #[doc(hidden)]
    fn query_mut(&mut self) -> &mut Query;

    /// The untyped query alone.
    #[doc(hidden)]
    fn into_query(self) -> Query;

    /// All rows.
    #[doc(hidden)]
    fn fetch(self, db: Handle<'_>) -> impl Future<Output = Result<Vec<Self::Row>>> + Send;
}

mod sealed {
    pub trait Sealed {}
}

impl<M: Model, X: Extras> sealed::Sealed for QuerySet<M, X> {}

impl<M: Model, X: Extras> Rows for QuerySet<M, X> {
    type Model = M;
    type Row = X::Row<M>;

    fn query(&self) -> &Query {
        &self.query
    }

    fn query_mut(&mut self) -> &mut Query {
        &mut self.query
    }

    fn into_query(self) -> Query {
        self.query
    }

    async fn fetch(self, db: Handle<'_>) -> Result<Vec<Self::Row>> {
        fetch_rows::<M, X>(&self.query, &self.prefetches, db).await
    }
}

impl<M: Model, T: Shape> sealed::Sealed for Values<M, T> {}

impl<M: Model, T: Shape> Rows for Values<M, T> {
    type Model = M;
    type Row = T;

    fn query(&self) -> &Query {
        self.query()
    }

    fn query_mut(&mut self) -> &mut Query {
        self.query_mut()
    }

    fn into_query(self) -> Query {
        self.into_query()
    }

    async fn fetch(self, db: Handle<'_>) -> Result<Vec<T>> {
        fetch_shapes(self.query(), db).await
    }
}

impl<S: Rows> sealed::Sealed for CombinedSet<S> {}

impl<S: Rows> Rows for CombinedSet<S> {
    type Model = S::Model;
    type Row = S::Row;

    fn query(&self) -> &Query {
        self.rows.query()
    }

    fn query_mut(&mut self) -> &mut Query {
        self.rows.query_mut()
    }

    fn into_query(self) -> Query {
        self.rows.into_query()
    }

    async fn fetch(self, db: Handle<'_>) -> Result<Vec<S::Row>> {
        self.rows.fetch(db).await
    }
}
