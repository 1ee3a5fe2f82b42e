//! `update` and `delete` of all rows of a queryset.

use super::QuerySet;
use crate::compiler::{self, Compiled};
use crate::error::Error;
use crate::exec::{BoxFuture, Executor};
use crate::fields::{FieldSet, IntoAssign, Own};
use crate::model::Model;
use crate::query::Path;
use crate::row::Extras;
use crate::write::{self, Deleted};

impl<M: Model, X: Extras> QuerySet<M, X> {
    /// Sets columns of all rows: `update(&db, |b| b.votes().set(b.votes() + 1))`, or a tuple of
    /// assignments. Gives the number of rows. One query; `save`'s hooks and `auto_now` do not run.
    ///
    /// # Errors
    /// [`Error::Validation`] for a value that breaks a rule of its field,
    /// [`Error::Integrity`] from the database; nothing is changed then.
    pub fn update<'e, E: Executor, A: IntoAssign<M>>(
        self,
        db: &'e E,
        assignments: impl FnOnce(M::Fields<M, Own>) -> A,
    ) -> BoxFuture<'e, u64> {
        let mut set = Vec::new();
        assignments(M::Fields::at(Path::root())).push(&mut set);
        let query = self.query;
        let db = db.handle();
        Box::pin(async move {
            if query.is_sliced() {
                return Err(Error::Query(
                    "Cannot update a query once a slice has been taken.".to_owned(),
                ));
            }
            write::validate_assignments(query.model, &set)?;
            match compiler::update(&query, &set, db.backend())? {
                Compiled::Statement(statement) => db.execute(&statement).await,
                Compiled::Empty => Ok(0),
            }
        })
    }

    /// Deletes all rows and, as `on_delete` says, those that refer to them.
    ///
    /// # Errors
    /// [`Error::Protected`], [`Error::Restricted`]; nothing is deleted then.
    pub fn delete<E: Executor>(self, db: &E) -> BoxFuture<'_, Deleted> {
        let query = self.query;
        let db = db.handle();
        Box::pin(async move {
            if query.is_sliced() {
                return Err(Error::Query("Cannot use 'limit' or 'offset' with delete().".to_owned()));
            }
            write::delete_query(query, db).await
        })
    }
}
