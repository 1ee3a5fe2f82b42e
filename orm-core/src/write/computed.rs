//! A new row of whose values the database computes some.

use super::rows::last_id;
use super::save::read_columns;
use crate::compiler::{self, NewRow};
use crate::error::{Error, Result};
use crate::exec::Handle;
use crate::meta::{FieldMeta, ModelMeta};
use crate::query::Expr;
use crate::queryset::ValuesReader;
use crate::value::Value;

/// Inserts a row, checked, and gives its values as they are in the database. One query; two where the
/// database cannot tell what it computed.
pub(crate) async fn insert_computed(
    model: &'static ModelMeta,
    row: NewRow,
    computed: Vec<(usize, Expr)>,
    db: Handle<'_>,
) -> Result<Vec<Value>> {
    let is_computed = |at: usize| computed.iter().any(|(other, _)| *other == at);
    // What comes back stands in the places of the row that are empty now.
    let mut values: NewRow = row;
    let mut sent: Vec<(&'static FieldMeta, Expr)> = Vec::with_capacity(values.len());
    let mut back: Vec<&'static FieldMeta> = Vec::new();
    for (at, (field, value)) in model.fields.iter().zip(&mut values).enumerate() {
        match value {
            Some(value) if !is_computed(at) => sent.push((field, Expr::Value(value.clone()))),
            empty => {
                *empty = None;
                back.push(field);
            }
        }
    }
    for (at, expr) in computed {
        sent.extend(model.fields.get(at).map(|field| (field, expr)));
    }
    let backend = db.backend();
    let told = if backend.has_returning() {
        let statement = compiler::insert_computed(model, sent, &back, backend)?;
        let rows = db.fetch(&statement, ValuesReader::of(&statement.columns)).await?;
        rows.into_iter().next().unwrap_or_default()
    } else {
        let statement = compiler::insert_computed(model, sent, &[], backend)?;
        let id = db.insert_id(&statement).await?;
        let key = match values.get(model.pk_index()) {
            Some(Some(key)) => key.clone(),
            _ => last_id(model, id)?,
        };
        read_columns(model, &back, key, db).await?
    };
    let mut told = told.into_iter();
    let row: Option<Vec<Value>> = values.into_iter().map(|value| value.or_else(|| told.next())).collect();
    row.ok_or_else(|| Error::Query(format!("the database did not tell the new row of {}", model.table)))
}
