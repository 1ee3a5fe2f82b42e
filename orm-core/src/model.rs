//! `Model`: a struct that is a table; the typed keys that relate models.

mod columns;
mod hooks;
mod keys;

pub use columns::{Column, ColumnRefs, Columns};
pub(crate) use columns::{named, optional};
pub use hooks::Hooks;
pub use keys::{ForeignKey, ForeignKeyBy, ManyToMany, OneToOne, OneToOneBy};

use crate::error::Result;
use crate::exec::{Executor, Source};
use crate::fields::{Cardinality, FieldSet, IntoQ, One, Q};
use crate::meta::ModelMeta;
use crate::queryset::{QuerySet, RawArgs, RawQuerySet};
use crate::row::Part;
use crate::types::FieldType;
use crate::value::Value;
use crate::write::{self, Deleted};
use std::hash::Hash;

/// A struct whose instances are the rows of a table. `#[derive(Model)]` implements it.
#[diagnostic::on_unimplemented(message = "`{Self}` is not a model", note = "add `#[derive(Model)]`")]
pub trait Model: Part + Sync {
    /// the type of the primary key
    type Pk: FieldType + Part + PartialEq + Eq + Hash;
    /// the model's fields at the end of a path
    type Fields<R: Model, C: Cardinality>: FieldSet<Root = R, Card = C, Model = Self>;
    /// the builder of new rows with nothing set
    type Create;

    /// The static description.
    fn meta() -> &'static ModelMeta;

    /// The primary key.
    fn pk(&self) -> Self::Pk;

    /// Reads an instance from the columns that begin at `at`, in the order of the fields.
    ///
    /// # Errors
    /// [`Error::Decode`](crate::Error::Decode), which names model and field.
    fn decode<S: Source>(source: &mut S, at: usize) -> Result<Self> {
        Self::read(source, at)
    }

    /// The values of all columns, in the order of the fields.
    fn values(&self) -> Vec<Value>;

    /// All rows: where every query begins. It costs nothing.
    fn objects() -> QuerySet<Self> {
        QuerySet::new()
    }

    /// The rows that SQL of one's own gives, by the names of its columns: `SELECT *` of the table, or
    /// all of its columns in any order. `{}` stands for an argument, as [`raw`](crate::queryset::raw)
    /// tells.
    ///
    /// ```text
    /// Book::raw("SELECT * FROM shop_book WHERE pages > {}", (300,)).all(&db).await?
    /// ```
    fn raw(sql: impl Into<String>, args: impl RawArgs) -> RawQuerySet<Self> {
        RawQuerySet::new(sql.into(), args.into_args())
    }

    /// A condition on its own: `Article::q(q!(headline = "x"))`.
    fn q<C: IntoQ<Self>>(condition: impl FnOnce(Self::Fields<Self, One>) -> C) -> Q<Self> {
        Q::new(condition)
    }

    /// Writes the row: an UPDATE, and where no row has the key an INSERT; only the INSERT where the
    /// database numbers rows and the key is still 0. `auto_now` fields and a new key are set on the
    /// instance. One query, or two.
    ///
    /// # Errors
    /// [`Error::Validation`](crate::Error::Validation) before anything is sent,
    /// [`Error::Integrity`](crate::Error::Integrity) from the database.
    fn save<E: Executor>(&mut self, db: &E) -> impl Future<Output = Result<()>> + Send {
        write::save(self, db.handle())
    }

    /// Deletes the row and, as `on_delete` says, those that refer to it.
    ///
    /// One query for the row and up to two for each relation that points here, in one transaction.
    ///
    /// # Errors
    /// [`Error::Protected`](crate::Error::Protected), [`Error::Restricted`](crate::Error::Restricted);
    /// nothing is deleted then.
    fn delete<E: Executor>(&self, db: &E) -> impl Future<Output = Result<Deleted>> + Send {
        write::delete(self, db.handle())
    }

    /// Reads the row again. One query.
    ///
    /// # Errors
    /// [`Error::DoesNotExist`](crate::Error::DoesNotExist) where it is gone.
    fn refresh<E: Executor>(&mut self, db: &E) -> impl Future<Output = Result<()>> + Send {
        write::refresh(self, db.handle())
    }

    /// Checks the fields' rules without writing anything. No query.
    ///
    /// # Errors
    /// [`Error::Validation`](crate::Error::Validation) with every field that breaks a rule.
    fn validate(&self) -> Result<()> {
        write::validate(Self::meta(), &self.values())
    }

    /// For the derive: whether the model has [`Hooks`].
    #[doc(hidden)]
    const __HOOKS: bool = false;

    /// For the derive: calls [`Hooks::before_save`] where the model has hooks.
    #[doc(hidden)]
    fn __before_save(&mut self) -> Result<()> {
        Ok(())
    }

    /// For the derive: calls [`Hooks::after_save`].
    #[doc(hidden)]
    fn __after_save(&self, created: bool) {
        let _ = created;
    }

    /// For the derive: calls [`Hooks::before_delete`].
    #[doc(hidden)]
    fn __before_delete(&self) -> Result<()> {
        Ok(())
    }

    /// For the derive: calls [`Hooks::after_delete`].
    #[doc(hidden)]
    fn __after_delete(&self) {}
}
