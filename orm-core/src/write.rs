//! Writing rows: create, save, delete, and what belongs to them.

mod bulk;
mod collector;
mod computed;
mod get_or_create;
mod insert;
mod rows;
mod save;
mod saving;
mod written;

pub use collector::Deleted;
pub(crate) use collector::{delete, delete_keys, delete_query};
pub(crate) use computed::insert_computed;
pub(crate) use get_or_create::get_or_make;
pub(crate) use insert::Link;
use insert::insert_row;
pub use insert::{FromInsert, Insert, IntoInsert, Missing, Set};
pub(crate) use rows::{NewRows, insert_values, pieces};
pub(crate) use save::{by_key, key_exists, refresh, save};
pub use saving::Saving;

use crate::error::{Result, ValidationError};
use crate::exec::Handle;
use crate::meta::{FieldMeta, ModelMeta};
use crate::query::Expr;
use crate::types;
use crate::value::Value;

/// Checks the rules of all fields.
pub(crate) fn validate(model: &'static ModelMeta, values: &[Value]) -> Result<()> {
    let checked = model
        .fields
        .iter()
        .zip(values)
        .filter(|(field, value)| !(field.auto() && is_unset(value)));
    report(model, checked)
}

/// Checks the rules of the fields that an `update` sets to plain values.
pub(crate) fn validate_assignments(model: &'static ModelMeta, set: &[(&'static FieldMeta, Expr)]) -> Result<()> {
    let values = set.iter().filter_map(|(field, expr)| match expr {
        Expr::Value(value) => Some((*field, value)),
        _ => None,
    });
    report(model, values)
}

/// Tells of all rules that are broken.
pub(crate) fn report<'a>(model: &ModelMeta, values: impl Iterator<Item = (&'a FieldMeta, &'a Value)>) -> Result<()> {
    let mut fields = Vec::new();
    for (field, value) in values {
        let messages = types::validate(field, value);
        if !messages.is_empty() {
            fields.push((field.name.to_owned(), messages));
        }
    }
    if fields.is_empty() {
        Ok(())
    } else {
        Err(ValidationError {
            model: model.name.to_owned(),
            fields,
        }
        .into())
    }
}

/// Whether the database has not numbered the row yet.
pub(crate) fn is_unset(key: &Value) -> bool {
    matches!(key, Value::Int(0) | Value::Null(_))
}

/// What `auto_now` and `auto_now_add` set: the present moment, as the column holds it.
pub(crate) fn now(field: &FieldMeta, db: Handle<'_>) -> Value {
    use crate::types::FieldType;
    use crate::value::Kind;
    let now = db.now();
    match field.column_type().kind() {
        Kind::Date => now.date_naive().to_value(),
        Kind::Time => now.time().to_value(),
        _ => now.to_value(),
    }
}
