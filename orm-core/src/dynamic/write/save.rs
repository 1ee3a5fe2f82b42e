//! Saving one row, by the rules of Django's `save_table`; deleting it, and reading it again.

use super::check;
use crate::compiler::{self, Compiled, NewRow};
use crate::dynamic::names::no_field;
use crate::dynamic::{DynQ, DynQuerySet, Dynamic, Record, Row, Scope};
use crate::error::{Error, Misuse, Result};
use crate::exec::{BoxFuture, Executor, Handle};
use crate::meta::FieldMeta;
use crate::query::Expr;
use crate::value::Value;
use crate::write::{self, Deleted};

/// How a row is to be saved; by default as the row itself tells.
#[derive(Debug, Clone, Default)]
pub struct Saving {
    /// INSERT, whether or not there is such a row
    pub force_insert: bool,
    /// UPDATE, and an error where there is no such row
    pub force_update: bool,
    /// UPDATE of these fields alone, and an error where there is no such row
    pub update_fields: Option<Vec<String>>,
}

impl Saving {
    /// As a new row.
    pub fn new_row() -> Self {
        Saving {
            force_insert: true,
            ..Saving::default()
        }
    }

    /// These fields alone.
    pub fn only(names: impl IntoIterator<Item = String>) -> Self {
        Saving {
            update_fields: Some(names.into_iter().collect()),
            ..Saving::default()
        }
    }
}

impl Record {
    /// Writes the row: an UPDATE, and where no row has the key an INSERT; only the INSERT where it has
    /// no key yet. Fields that were not loaded are left alone. `auto_now` fields and a new key are set
    /// on the row. One query, or two.
    ///
    /// # Errors
    /// [`Error::Validation`] before anything is sent,
    /// [`Error::Integrity`] from the database.
    pub fn save<'e, E: Executor>(&'e mut self, db: &'e E) -> BoxFuture<'e, ()> {
        Box::pin(self.write(Saving::default(), db.handle()))
    }

    /// As [`save`](Self::save), in the way that is said.
    ///
    /// # Errors
    /// As [`save`](Self::save); [`Error::Misuse`] where what is forced does not
    /// go together, or cannot be done.
    pub fn save_as<'e, E: Executor>(&'e mut self, how: Saving, db: &'e E) -> BoxFuture<'e, ()> {
        Box::pin(self.write(how, db.handle()))
    }

    async fn write(&mut self, how: Saving, db: Handle<'_>) -> Result<()> {
        if how.force_insert && (how.force_update || how.update_fields.is_some()) {
            let message = "Cannot force both insert and updating in model saving.";
            return Err(Error::misuse(Misuse::Value, message));
        }
        let only = self.only(&how)?;
        if how.update_fields.is_some() && only.as_ref().is_some_and(Vec::is_empty) {
            return Ok(());
        }
        self.before_save()?;
        let pk = self.model.pk();
        let has_key = !self.pk().is_null();
        if !has_key && (how.force_update || only.is_some()) {
            let message = "Cannot force an update in save() with no primary key.";
            return Err(Error::misuse(Misuse::Value, message));
        }
        let made_up = !self.saved && (pk.default.is_some() || pk.db_default.is_some());
        let new = !has_key || how.force_insert || (made_up && only.is_none() && !how.force_update);
        if !new && self.update(only.as_deref(), db).await? {
            self.after_save(false);
            return Ok(());
        }
        if how.force_update || (only.is_some() && !new) {
            let message = match how.update_fields {
                Some(_) => "Save with update_fields did not affect any rows.",
                None => "Forced update did not affect any rows.",
            };
            return Err(Error::misuse(Misuse::Database, message));
        }
        self.insert(db).await?;
        self.after_save(true);
        Ok(())
    }

    /// The fields that alone are to be written, by their indexes.
    fn only(&self, how: &Saving) -> Result<Option<Vec<usize>>> {
        let pk = self.model.pk_index();
        let Some(names) = &how.update_fields else {
            let deferred = self.saved && !how.force_insert && self.values.iter().any(Option::is_none);
            let loaded = |at: &usize| *at != pk && self.values.get(*at).is_some_and(Option::is_some);
            return Ok(deferred.then(|| (0..self.values.len()).filter(loaded).collect()));
        };
        let mut only = Vec::with_capacity(names.len());
        let mut unknown: Vec<&str> = Vec::new();
        for name in names {
            match self.place(name).filter(|at| *at != pk && name != "pk") {
                Some(at) => only.push(at),
                None => unknown.push(name),
            }
        }
        if unknown.is_empty() {
            return Ok(Some(only));
        }
        unknown.sort_unstable();
        let message = format!(
            "The following fields do not exist in this model, are m2m fields, primary keys, or are non-concrete \
             fields: {}",
            unknown.join(", ")
        );
        Err(Error::misuse(Misuse::Value, message))
    }

    /// Whether there was a row to update.
    async fn update(&mut self, only: Option<&[usize]>, db: Handle<'_>) -> Result<bool> {
        let (model, key) = (self.model, self.pk().clone());
        let set = self.changes(only, db)?;
        let updated = if set.is_empty() {
            only.is_some() || write::key_exists(model, key, db).await?
        } else {
            match compiler::update(&write::by_key(model, key), &set, db.backend())? {
                Compiled::Statement(statement) => db.execute(&statement).await? > 0,
                Compiled::Empty => false,
            }
        };
        if updated {
            for (field, expr) in set {
                if let (true, Expr::Value(value), Some(at)) = (field.auto_now, expr, self.place(field.name)) {
                    self.put(at, value);
                }
            }
            self.saved = true;
        }
        Ok(updated)
    }

    /// What an UPDATE sets.
    fn changes(&self, only: Option<&[usize]>, db: Handle<'_>) -> Result<Vec<(&'static FieldMeta, Expr)>> {
        let mut set = Vec::new();
        for (at, field) in self.model.fields.iter().enumerate() {
            if at == self.model.pk_index() || only.is_some_and(|only| !only.contains(&at)) {
                continue;
            }
            let pending = self.pending.iter().find(|(other, _)| *other == at);
            let value = self.values.get(at).and_then(Option::as_ref);
            set.push(match (pending, value) {
                _ if field.auto_now => (field, Expr::Value(write::now(field, db))),
                (Some((_, expr)), _) => (field, expr.resolve(&Scope::of(self.model))?),
                (None, Some(value)) => (field, Expr::Value(value.clone())),
                (None, None) => continue,
            });
        }
        let values = set.iter().filter_map(|(field, expr)| match expr {
            Expr::Value(value) => Some((*field, value)),
            _ => None,
        });
        check(self.model, values)?;
        Ok(set)
    }

    async fn insert(&mut self, db: Handle<'_>) -> Result<()> {
        let row = self.new_row(db)?;
        let values = if self.pending.is_empty() {
            write::insert_values(self.model, row, db).await?
        } else {
            let mut computed = Vec::with_capacity(self.pending.len());
            for (at, expr) in &self.pending {
                computed.push((*at, expr.resolve(&Scope::of(self.model))?));
            }
            write::insert_computed(self.model, row, computed, db).await?
        };
        self.become_saved(values);
        Ok(())
    }

    /// The row as it is now in the database.
    pub(super) fn become_saved(&mut self, values: Vec<Value>) {
        self.values = values.into_iter().map(Some).collect();
        self.pending.clear();
        self.saved = true;
    }

    /// The row as it is to be inserted: stamped, and checked.
    pub(super) fn new_row(&self, db: Handle<'_>) -> Result<NewRow> {
        let fields = self.model.fields.iter().zip(&self.values);
        let row: NewRow = fields
            .map(|(field, value)| match value {
                _ if field.auto_now || field.auto_now_add => Some(write::now(field, db)),
                Some(Value::Null(_)) if field.auto() => None,
                value => value.clone(),
            })
            .collect();
        let given = self.model.fields.iter().zip(&row);
        check(
            self.model,
            given.filter_map(|(field, value)| Some((field, value.as_ref()?))),
        )?;
        Ok(row)
    }

    /// Deletes the row and, as `on_delete` says, those that refer to it. It has no key afterwards.
    ///
    /// One query for the row and up to two for each relation that points here, in one transaction.
    ///
    /// # Errors
    /// [`Error::Protected`], [`Error::Restricted`]:
    /// nothing is deleted then. [`Error::Misuse`] for a row without a key.
    pub fn delete<'e, E: Executor>(&'e mut self, db: &'e E) -> BoxFuture<'e, Deleted> {
        let db = db.handle();
        Box::pin(async move {
            let (model, key) = (self.model, self.pk().clone());
            if key.is_null() {
                let message = format!(
                    "{} object can't be deleted because its {} attribute is set to None.",
                    model.name,
                    model.pk().attname()
                );
                return Err(Error::misuse(Misuse::Value, message));
            }
            self.before_delete()?;
            let kind = key.kind();
            let deleted = write::delete_keys(model, vec![key], db).await?;
            self.after_delete();
            self.put(model.pk_index(), Value::Null(kind));
            Ok(deleted)
        })
    }

    /// Reads the row again, or these of its fields: what was set and not saved is forgotten, and so are
    /// the rows that were loaded with it. One query.
    ///
    /// # Errors
    /// [`Error::DoesNotExist`] where it is gone,
    /// [`Error::Misuse`] for a name that is no field.
    pub fn refresh<'e, E: Executor>(&'e mut self, db: &'e E, names: Option<&'e [&'e str]>) -> BoxFuture<'e, ()> {
        let db = db.handle();
        Box::pin(async move {
            let model = self.model;
            let all = |at: &usize| self.values.get(*at).is_some_and(Option::is_some);
            let places: Vec<usize> = match names {
                None => (0..self.values.len()).filter(all).collect(),
                Some(names) => {
                    let known = |name: &&str| model.relation(name).is_some();
                    let fields = names.iter().filter(|name| self.place(name).is_some() || !known(name));
                    let place = |name: &&str| self.place(name).ok_or_else(|| no_field(model, name));
                    fields.map(place).collect::<Result<_>>()?
                }
            };
            let columns = places.iter().filter_map(|at| model.fields.get(*at));
            let columns: Vec<_> = columns.map(|field| field.attname().as_str().into()).collect();
            if !columns.is_empty() {
                let rows = DynQuerySet::new(model).values_list(columns, false)?;
                let this = DynQ::leaf("pk", Dynamic::Value(self.pk().clone()));
                if let Row::List(values) = rows.get(&db, this).await? {
                    for (at, value) in places.iter().zip(values) {
                        self.put(*at, value);
                    }
                }
            }
            self.pending.retain(|(at, _)| !places.contains(at));
            match names {
                None => self.related.clear(),
                Some(names) => self.related.retain(|(known, _)| !names.contains(&&**known)),
            }
            self.saved = true;
            Ok(())
        })
    }
}
