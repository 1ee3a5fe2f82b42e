//! `Questioner`: whom the autodetector asks what no comparison can tell.

use crate::error::{MigrateError, Result};
use crate::literal::Literal;
use crate::state::{FieldState, ModelState};

/// What to do about NULLs in a column that shall hold none any more.
#[derive(Debug, Clone, PartialEq)]
pub enum Alteration {
    /// put this value in their place
    Default(Literal),
    /// nothing: they were taken care of, or the migration may fail
    Ignore,
}

/// Whom the autodetector asks. An error ends the detection and is handed on.
pub trait Questioner {
    /// A required field without a default is added: what shall the existing rows hold?
    fn ask_not_null_addition(&mut self, model: &ModelState, field: &FieldState) -> Result<Literal>;

    /// A field that allowed NULL no longer does: what about the rows that hold it?
    fn ask_not_null_alteration(&mut self, model: &ModelState, field: &FieldState) -> Result<Alteration>;

    /// A field that is set on the first save is added: what shall the existing rows hold?
    fn ask_auto_now_add_addition(&mut self, model: &ModelState, field: &FieldState) -> Result<Literal>;

    /// A unique field whose default is made by a function is added; all existing rows would get
    /// the same value, which fails if there are two of them. An error stops here.
    fn ask_unique_callable_default_addition(&mut self, model: &ModelState, field: &FieldState) -> Result<()>;

    /// Was this field renamed? The alternative is that one was removed and one added.
    fn ask_rename_field(&mut self, model: &ModelState, old: &FieldState, new: &FieldState) -> Result<bool>;

    /// Was this model renamed? The alternative is that one was deleted and one created.
    fn ask_rename_model(&mut self, old: &ModelState, new: &ModelState) -> Result<bool>;
}

/// Nobody is there: what needs an answer is an error that names the field, and nothing was renamed.
#[derive(Debug, Clone, Copy, Default)]
pub struct NonInteractive;

impl Questioner for NonInteractive {
    fn ask_not_null_addition(&mut self, model: &ModelState, field: &FieldState) -> Result<Literal> {
        Err(MigrateError::Unanswered(format!(
            "field '{}' on model '{}' is new, required and has no default, so nothing says what existing rows hold. \
             Give it a default, make it an Option, or run at a terminal without --no-input to enter a one-off default",
            field.name, model.name
        )))
    }

    fn ask_not_null_alteration(&mut self, model: &ModelState, field: &FieldState) -> Result<Alteration> {
        Err(MigrateError::Unanswered(format!(
            "field '{}' on model '{}' no longer allows NULL and has no default, so nothing says what rows that hold \
             NULL get. Give it a default, or run at a terminal without --no-input to enter a one-off default",
            field.name, model.name
        )))
    }

    fn ask_auto_now_add_addition(&mut self, model: &ModelState, field: &FieldState) -> Result<Literal> {
        Err(MigrateError::Unanswered(format!(
            "field '{}' on model '{}' is set on the first save, so nothing says what existing rows hold. Give it a \
             default, make it an Option, or run at a terminal without --no-input to enter a one-off default",
            field.name, model.name
        )))
    }

    fn ask_unique_callable_default_addition(&mut self, _model: &ModelState, _field: &FieldState) -> Result<()> {
        Ok(())
    }

    fn ask_rename_field(&mut self, _model: &ModelState, _old: &FieldState, _new: &FieldState) -> Result<bool> {
        Ok(false)
    }

    fn ask_rename_model(&mut self, _old: &ModelState, _new: &ModelState) -> Result<bool> {
        Ok(false)
    }
}
