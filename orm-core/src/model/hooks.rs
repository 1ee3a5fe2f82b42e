//! `Hooks`: what a model does around its own writes.

use super::Model;
use crate::error::Result;

/// What happens before and after an instance is saved or deleted, for models with `#[model(hooks)]`.
///
/// Hooks run for `create().save()`, `save` and `delete` of one instance; statements for many rows
/// (`update`, `bulk_create`, `bulk_insert`, deletion of a queryset or by cascade) do not run them, as in Django.
pub trait Hooks: Model {
    /// Before the row is written; it may change the instance, and an error stops the writing.
    ///
    /// # Errors
    /// Whatever should keep the row from being written.
    fn before_save(&mut self) -> Result<()> {
        Ok(())
    }

    /// After the row was written; `created` where it is new.
    fn after_save(&self, created: bool) {
        let _ = created;
    }

    /// Before the row is deleted; an error keeps it.
    ///
    /// # Errors
    /// Whatever should keep the row.
    fn before_delete(&self) -> Result<()> {
        Ok(())
    }

    /// After the row was deleted.
    fn after_delete(&self) {}
}
