//! `Insert`: a new row in the making, behind the builders that the derive writes.

use super::{is_unset, now};
use crate::compiler;
use crate::error::{Error, Result};
use crate::exec::{BoxFuture, Executor, Handle, ValueRow};
use crate::meta::{FieldMeta, ModelMeta, RelationMeta};
use crate::model::Model;
use crate::types::FieldType;
use crate::value::Value;
use std::marker::PhantomData;

/// Marks a required field that is set.
#[derive(Debug, Clone, Copy)]
pub struct Set;

/// Marks a required field that is not set yet.
#[derive(Debug, Clone, Copy)]
pub struct Missing;

/// A new row in the making.
///
/// Without bounds, here and in the traits: else a model that lacks something has an error for each.
#[derive(Clone)]
pub struct Insert<M> {
    pub(super) values: Vec<Option<Value>>,
    link: Option<Link>,
    marker: PhantomData<fn() -> M>,
}

/// The row of a join table that ties a new row to the one whose related set made it.
#[derive(Clone)]
pub(crate) struct Link {
    pub(crate) relation: &'static RelationMeta,
    /// the new row is on the declaring side
    pub(crate) new_is_source: bool,
    /// the key of the other row
    pub(crate) key: Value,
}

/// A builder that wraps an [`Insert`].
pub trait FromInsert<M> {
    /// The builder with what is set so far.
    fn from_insert(insert: Insert<M>) -> Self;
}

/// A new row for `bulk_create`: an instance, or a builder with all required fields set.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a complete new `{M}`",
    label = "expected a `{M}` or a builder with all required fields set"
)]
pub trait IntoInsert<M> {
    /// The row in the making.
    fn into_insert(self) -> Insert<M>;
}

impl<M: Model> IntoInsert<M> for Insert<M> {
    fn into_insert(self) -> Insert<M> {
        self
    }
}

impl<M: Model> IntoInsert<M> for M {
    fn into_insert(self) -> Insert<M> {
        let mut insert = Insert::new();
        insert.values = self.values().into_iter().map(Some).collect();
        for (field, value) in M::meta().fields.iter().zip(&mut insert.values) {
            let unset_key = field.auto() && value.as_ref().is_some_and(is_unset);
            if unset_key || field.auto_now || field.auto_now_add {
                *value = None;
            }
        }
        insert
    }
}

impl<M: Model> Default for Insert<M> {
    fn default() -> Self {
        Insert::new()
    }
}

impl<M: Model> Insert<M> {
    /// Nothing is set.
    pub fn new() -> Self {
        Insert {
            values: vec![None; M::meta().fields.len()],
            link: None,
            marker: PhantomData,
        }
    }

    /// Sets the field with that index.
    #[must_use]
    pub fn with(mut self, index: usize, value: Value) -> Self {
        if let Some(place) = self.values.get_mut(index) {
            *place = Some(value);
        }
        self
    }

    pub(crate) fn linked(mut self, link: Link) -> Self {
        self.link = Some(link);
        self
    }

    pub(crate) fn take_link(&mut self) -> Option<Link> {
        self.link.take()
    }

    /// Writes the row. One query, and a second one for the tie to a related set.
    pub fn save<E: Executor>(self, db: &E) -> BoxFuture<'_, M> {
        let db = db.handle();
        Box::pin(self.run(db))
    }

    pub(super) async fn run(mut self, db: Handle<'_>) -> Result<M> {
        let link = self.take_link();
        let values = if M::__HOOKS {
            before_save::<M>(self.values)?
        } else {
            self.values
        };
        let row = match link {
            None => one(insert_rows::<M>(vec![values], db).await?)?,
            Some(link) => {
                db.atomic(async move |tx| {
                    let row: M = one(insert_rows::<M>(vec![values], tx.handle()).await?)?;
                    let pair = link.pair(row.pk().to_value());
                    crate::related::link(link.relation, vec![pair], tx.handle()).await?;
                    Ok(row)
                })
                .await?
            }
        };
        row.__after_save(true);
        Ok(row)
    }
}

/// Runs the model's hook on a new row. What the database will give is not there yet, so the hook
/// sees a key of 0 and empty values in its place.
fn before_save<M: Model>(mut values: Vec<Option<Value>>) -> Result<Vec<Option<Value>>> {
    let model = M::meta();
    complete(model, &mut values)?;
    let seen: Vec<Value> = values
        .iter()
        .zip(model.fields)
        .map(|(value, field)| match (value, &field.db_default) {
            (Some(value), _) => value.clone(),
            (None, Some(default)) => (default.value)(),
            (None, None) => Value::Int(0),
        })
        .collect();
    let mut row = M::decode(&mut ValueRow(&seen), 0)?;
    row.__before_save()?;
    let after = row.values();
    for ((value, before), after) in values.iter_mut().zip(seen).zip(after) {
        if before != after {
            *value = Some(after);
        }
    }
    Ok(values)
}

impl Link {
    pub(crate) fn pair(&self, new: Value) -> (Value, Value) {
        if self.new_is_source {
            (new, self.key.clone())
        } else {
            (self.key.clone(), new)
        }
    }
}

fn one<M>(rows: Vec<M>) -> Result<M> {
    rows.into_iter()
        .next()
        .ok_or_else(|| Error::Query("the database gave no row back".to_owned()))
}

/// Fills in defaults: what is left `None` is the database's to give.
fn complete(model: &'static ModelMeta, values: &mut [Option<Value>]) -> Result<()> {
    for (field, value) in model.fields.iter().zip(values.iter_mut()) {
        if field.auto_now || (field.auto_now_add && value.is_none()) {
            *value = Some(now(field));
        } else if value.is_none() {
            *value = match (&field.default, &field.db_default) {
                (Some(default), _) => Some((default.value)()),
                (None, Some(_)) => None,
                (None, None) if field.null => Some(Value::Null(field.column_type().kind())),
                (None, None) if field.auto() => None,
                (None, None) => {
                    let message = "This field is required.";
                    return Err(crate::error::ValidationError::new(model.name, field.name, message).into());
                }
            };
        }
    }
    Ok(())
}

/// Checks the rules of what is set.
fn check(model: &'static ModelMeta, values: &[Option<Value>]) -> Result<()> {
    let given = model
        .fields
        .iter()
        .zip(values)
        .filter_map(|(field, value)| Some((field, value.as_ref()?)));
    super::report(model, given)
}

/// So many arguments a statement may have at most, on every database.
const MAX_ARGS: usize = 30_000;

/// Inserts rows and gives them back as they are now. One query for each group of rows that leave
/// the same columns out; on a MySQL without RETURNING one for each row.
pub(crate) async fn insert_rows<M: Model>(mut rows: Vec<Vec<Option<Value>>>, db: Handle<'_>) -> Result<Vec<M>> {
    let model = M::meta();
    for row in &mut rows {
        complete(model, row)?;
        check(model, row)?;
    }
    let backend = db.backend();
    let mut start = 0;
    let mut done = Vec::with_capacity(rows.len());
    while start < rows.len() {
        let first = &rows[start];
        let left_out: Vec<&'static FieldMeta> = model
            .fields
            .iter()
            .zip(first)
            .filter(|(_, value)| value.is_none())
            .map(|(field, _)| field)
            .collect();
        let width = (model.fields.len() - left_out.len()).max(1);
        // A row without any value has a statement of its own: there is no list of columns to repeat.
        let most = if left_out.len() == model.fields.len() {
            1
        } else {
            (MAX_ARGS / width).max(1)
        };
        let end = (start..rows.len())
            .take(most)
            .take_while(|at| {
                rows[*at]
                    .iter()
                    .map(Option::is_none)
                    .eq(first.iter().map(Option::is_none))
            })
            .last()
            .unwrap_or(start)
            + 1;
        let group = &mut rows[start..end];
        if left_out.is_empty() {
            let statement = compiler::insert(model, group, &[], backend)?;
            db.execute(&statement).await?;
        } else if backend.has_returning() {
            let statement = compiler::insert(model, group, &left_out, backend)?;
            let given = db
                .fetch(&statement, crate::queryset::ValuesReader::of(&statement.columns))
                .await?;
            for (row, given) in group.iter_mut().zip(given) {
                fill(row, given);
            }
        } else {
            insert_and_ask(model, group, &left_out, db).await?;
        }
        for row in group {
            let values: Vec<Value> = row
                .iter_mut()
                .zip(model.fields)
                .map(|(v, f)| v.take().unwrap_or(Value::Null(f.column_type().kind())))
                .collect();
            done.push(M::decode(&mut ValueRow(&values), 0)?);
        }
        start = end;
    }
    Ok(done)
}

/// Puts what the database gave where the row left it out.
fn fill(row: &mut [Option<Value>], given: Vec<Value>) {
    let gaps = row.iter_mut().filter(|value| value.is_none());
    for (gap, value) in gaps.zip(given) {
        *gap = Some(value);
    }
}

/// Without RETURNING: the key is the last one numbered, and other columns are read by it.
async fn insert_and_ask(
    model: &'static ModelMeta,
    group: &mut [Vec<Option<Value>>],
    left_out: &[&'static FieldMeta],
    db: Handle<'_>,
) -> Result<()> {
    let backend = db.backend();
    for row in group {
        let statement = compiler::insert(model, std::slice::from_ref(row), &[], backend)?;
        let id = db.insert_id(&statement).await?;
        let pk = &mut row[model.pk_index()];
        if pk.is_none() {
            let id =
                i64::try_from(id).map_err(|_| Error::decode(model.label(), "the new key has more than 63 bits"))?;
            *pk = Some(Value::Int(id));
        }
        let rest: Vec<&'static FieldMeta> = left_out.iter().copied().filter(|field| !field.auto()).collect();
        if let (false, Some(key)) = (rest.is_empty(), row[model.pk_index()].clone()) {
            let given = super::save::read_columns(model, &rest, key, db).await?;
            fill(row, given);
        }
    }
    Ok(())
}
