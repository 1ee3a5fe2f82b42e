//! `Insert`: a new row in the making, behind the builders that the derive writes.

use super::rows::{NewRows, insert_one, insert_values, is_numbered, last_id};
use super::saving::Saving;
use super::{is_unset, now};
use crate::compiler::{self, NewRow};
use crate::error::{Error, Result};
use crate::exec::{BoxFuture, Executor, FilledRow, Handle, Inserted, TakenRow, ValueRow};
use crate::meta::{FieldMeta, ModelMeta, RelationMeta};
use crate::model::Model;
use crate::types;
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
    /// boxed, since few rows have one and builders are moved often
    link: Option<Box<Link>>,
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

/// A new row for `bulk_create` and `bulk_insert`: an instance, or a builder with all required fields set.
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
            if field.auto_now || field.auto_now_add {
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
            values: M::meta().fields.iter().map(|_| None).collect(),
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
        self.link = Some(Box::new(link));
        self
    }

    pub(crate) fn take_link(&mut self) -> Option<Box<Link>> {
        self.link.take()
    }

    /// Writes the row. One query, and a second one for the tie to a related set.
    pub fn save<E: Executor>(self, db: &E) -> Saving<'_, M> {
        Saving::new(self, db.handle())
    }

    /// Writes the row, if nothing is to be waited for and nothing else to be done.
    pub(super) fn run_now(mut self, db: Handle<'_>) -> Result<Now<M>> {
        if M::__HOOKS || self.link.is_some() || !db.inserts_now() {
            return Ok(Now::NotYet(self));
        }
        let Some(owes) = insert_now(M::meta(), &mut self.values, db)? else {
            return Ok(Now::NotYet(self));
        };
        let row = M::decode(&mut FilledRow(&mut self.values), 0)?;
        Ok(Now::Written { row, owes })
    }

    pub(super) async fn run(mut self, db: Handle<'_>) -> Result<M> {
        let link = self.take_link();
        let values = if M::__HOOKS {
            before_save::<M>(self.values, db)?
        } else {
            self.values
        };
        let row = match link {
            None => insert_row::<M>(values, db).await?,
            Some(link) => {
                let mut row = insert_linked(M::meta(), values, link, db).await?;
                M::decode(&mut TakenRow::new(&mut row), 0)?
            }
        };
        row.__after_save(true);
        Ok(row)
    }
}

/// What became of a row that was to be written at once.
pub(super) enum Now<M> {
    /// it is written; and whether the thread is to be given back for a moment
    Written { row: M, owes: bool },
    /// nothing was done
    NotYet(Insert<M>),
}

/// Inserts a row that lacks its number only, and puts the number in, if nothing is to be waited for; and
/// whether the thread is to be given back for a moment then. `None`: nothing was done.
fn insert_now(model: &'static ModelMeta, values: &mut [Option<Value>], db: Handle<'_>) -> Result<Option<bool>> {
    prepare(model, values, db)?;
    let Some(number) = only_number(model, values) else {
        return Ok(None);
    };
    let sql = compiler::numbered_row(model, number)?;
    let Some(Inserted { id, owes }) = db.insert_now(sql, values.iter().flatten())? else {
        return Ok(None);
    };
    values[number] = Some(last_id(model, id)?);
    Ok(Some(owes))
}

/// Where the number of a row stands that lacks nothing else.
fn only_number(model: &'static ModelMeta, values: &[Option<Value>]) -> Option<usize> {
    let mut gaps = values.iter().enumerate().filter(|(_, value)| value.is_none());
    let (number, _) = gaps.next()?;
    (gaps.next().is_none() && is_numbered(&model.fields[number])).then_some(number)
}

/// Inserts a row and ties it to another. Gives the row's values.
fn insert_linked<'a>(
    model: &'static ModelMeta,
    mut values: NewRow,
    link: Box<Link>,
    db: Handle<'a>,
) -> BoxFuture<'a, Vec<Value>> {
    Box::pin(db.atomic(async move |tx| {
        let db = tx.handle();
        prepare(model, &mut values, db)?;
        let row = insert_values(model, values, db).await?;
        let key = row.get(model.pk_index()).cloned();
        let key = key.ok_or_else(|| Error::decode(model.label(), "the new row has no key"))?;
        crate::related::link(link.relation, vec![link.pair(key)], &[], db).await?;
        Ok(row)
    }))
}

/// Runs the model's hook on a new row. What the database will give is not there yet, so the hook
/// sees a key of 0 and empty values in its place.
fn before_save<M: Model>(mut values: Vec<Option<Value>>, db: Handle<'_>) -> Result<Vec<Option<Value>>> {
    let model = M::meta();
    for (field, value) in model.fields.iter().zip(&mut values) {
        fill_in(model, field, value, db)?;
    }
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

/// Fills in defaults, where what is left `None` is the database's to give, and checks the rules of the rest.
fn prepare(model: &'static ModelMeta, values: &mut [Option<Value>], db: Handle<'_>) -> Result<()> {
    let mut certain = true;
    for (field, value) in model.fields.iter().zip(values.iter_mut()) {
        fill_in(model, field, value, db)?;
        certain &= value
            .as_ref()
            .is_none_or(|value| types::is_valid_for_certain(field, value));
    }
    if certain {
        return Ok(());
    }
    let given = model.fields.iter().zip(values.iter());
    super::report(model, given.filter_map(|(field, value)| Some((field, value.as_ref()?))))
}

/// Fills in a default.
#[inline]
fn fill_in(model: &ModelMeta, field: &FieldMeta, value: &mut Option<Value>, db: Handle<'_>) -> Result<()> {
    // 0 is no key yet, wherever it comes from; MySQL would number such a row unasked.
    if value.as_ref().is_some_and(is_unset) && field.auto() {
        *value = None;
    }
    if field.auto_now || (field.auto_now_add && value.is_none()) {
        *value = Some(now(field, db));
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
    Ok(())
}

/// Inserts a row and gives it back as it is now.
pub(crate) async fn insert_row<M: Model>(mut row: NewRow, db: Handle<'_>) -> Result<M> {
    prepare(M::meta(), &mut row, db)?;
    insert_one(row, db).await
}

/// Adds a row with its defaults, checked, to those that are to be sent; so many are to follow.
pub(super) fn add_row(rows: &mut NewRows, mut row: NewRow, to_follow: usize, db: Handle<'_>) -> Result<()> {
    prepare(rows.model, &mut row, db)?;
    rows.push(row, to_follow);
    Ok(())
}
