//! The calls of a [`DynQuerySet`] that write.

use super::{Given, Named, Saving, given, key_of};
use crate::compiler::{self, Compiled};
use crate::dynamic::names::no_field;
use crate::dynamic::{DynQ, DynQuerySet, Dynamic, Record, Row};
use crate::error::{Error, Misuse, Result};
use crate::exec::{BoxFuture, Executor, Handle};
use crate::meta::FieldMeta;
use crate::query::{Expr, Step, lookup};
use crate::value::Value;
use crate::write::{self, Deleted};

impl DynQuerySet {
    /// Inserts a row. One query.
    ///
    /// # Errors
    /// As [`Record::with`] and [`Record::save`].
    pub fn create<'e, E: Executor>(&self, db: &'e E, named: Named) -> BoxFuture<'e, Record> {
        let row = Record::with(self.model(), named);
        let db = db.handle();
        Box::pin(async move { insert(row?, db).await })
    }

    /// The row for which these lookups hold; where there is none, a new one with what they say (but for
    /// those with `__`) and the defaults. Tells whether it was made.
    ///
    /// One query, or two. When two tasks make the same row at once, one of them finds the other's.
    ///
    /// # Errors
    /// [`Error::MultipleObjectsReturned`], and as [`filter`](Self::filter) and [`create`](Self::create).
    pub fn get_or_create<'e, E: Executor>(
        &self,
        db: &'e E,
        named: Named,
        defaults: Named,
    ) -> BoxFuture<'e, (Record, bool)> {
        let rows = self.clone();
        let db = db.handle();
        Box::pin(async move { rows.get_or_make(named, defaults, db).await })
    }

    async fn get_or_make(&self, named: Named, defaults: Named, db: Handle<'_>) -> Result<(Record, bool)> {
        self.only_records("get_or_create")?;
        let condition = DynQ::all(
            named
                .iter()
                .map(|(name, value)| DynQ::leaf(name.clone(), value.clone())),
        );
        let get = || -> BoxFuture<'_, Record> {
            let condition = condition.clone();
            Box::pin(async move { self.the_record(db, condition).await })
        };
        let make = async move {
            let values = self.values_of_new(named, defaults)?;
            let row = Record::with(self.model(), values)?;
            // A savepoint, so that a transaction goes on where another task was faster.
            if db.in_transaction() {
                return db.atomic(async move |tx| insert(row, tx.handle()).await).await;
            }
            insert(row, db).await
        };
        write::get_or_make(get, Box::pin(make)).await
    }

    async fn the_record(&self, db: Handle<'_>, condition: DynQ) -> Result<Record> {
        match self.get(&db, condition).await? {
            Row::Record(row) => Ok(row),
            _ => Err(Error::DoesNotExist {
                model: self.model().name,
            }),
        }
    }

    /// What a new row is given by the lookups that did not find it, and by the defaults.
    fn values_of_new(&self, named: Named, defaults: Named) -> Result<Named> {
        let model = self.model();
        let mut values: Named = named.into_iter().filter(|(name, _)| !name.contains("__")).collect();
        for (name, value) in defaults {
            match values.iter_mut().find(|(known, _)| *known == name) {
                Some(known) => known.1 = value,
                None => values.push((name, value)),
            }
        }
        let probe = Record::unsaved(model);
        let mut unknown: Vec<&str> = values.iter().map(|(name, _)| name.as_str()).collect();
        unknown.retain(|name| probe.check_name(name).is_err());
        if unknown.is_empty() {
            return Ok(values);
        }
        unknown.sort_unstable();
        let message = format!(
            "Invalid field name(s) for model {}: '{}'.",
            model.name,
            unknown.join("', '")
        );
        Err(Error::misuse(Misuse::Field, message))
    }

    /// Sets these fields of the row for which the lookups hold; where there is none, makes one with what
    /// they say and `create_defaults`, or else the defaults. Tells whether it was made.
    ///
    /// Two queries in one transaction.
    ///
    /// # Errors
    /// As [`get_or_create`](Self::get_or_create) and [`Record::save`].
    pub fn update_or_create<'e, E: Executor>(
        &self,
        db: &'e E,
        named: Named,
        defaults: Named,
        create_defaults: Option<Named>,
    ) -> BoxFuture<'e, (Record, bool)> {
        let rows = self.clone();
        let db = db.handle();
        Box::pin(async move {
            db.atomic(async move |tx| {
                let db = tx.handle();
                let of_new = create_defaults.unwrap_or_else(|| defaults.clone());
                let (mut row, created) = rows.get_or_make(named, of_new, db).await?;
                if created {
                    return Ok((row, true));
                }
                let stamped = row.model().fields.iter().filter(|field| field.auto_now);
                let mut names: Vec<String> = stamped.map(|field| field.name.to_owned()).collect();
                for (name, value) in defaults {
                    row.set(&name, value)?;
                    names.push(name);
                }
                row.save_as(Saving::only(names), &db).await?;
                Ok((row, false))
            })
            .await
        })
    }

    /// Sets fields of all rows, to values or to what expressions give. Gives the number of rows. One
    /// query; `auto_now` does not run.
    ///
    /// # Errors
    /// [`Error::Misuse`] after a slice, and for what is no field of the model or comes from another
    /// table; [`Error::Validation`] for a value that breaks a rule of its field, and what the database
    /// says; nothing is changed then.
    pub fn update<'e, E: Executor>(&self, db: &'e E, named: Named) -> BoxFuture<'e, u64> {
        let rows = self.clone();
        let db = db.handle();
        Box::pin(async move { rows.change(named, db).await })
    }

    async fn change(mut self, named: Named, db: Handle<'_>) -> Result<u64> {
        self.not_combined("update")?;
        if self.is_sliced() {
            let message = "Cannot update a query once a slice has been taken.";
            return Err(Error::misuse(Misuse::Type, message));
        }
        let mut set = Vec::with_capacity(named.len());
        for (name, value) in named {
            set.push(self.assignment(&name, value)?);
        }
        if set.is_empty() {
            return Ok(0);
        }
        let values = set.iter().filter_map(|(field, expr)| match expr {
            Expr::Value(value) => Some((*field, value)),
            _ => None,
        });
        super::check(self.model(), values)?;
        match compiler::update(&self.query, &set, db.backend())? {
            Compiled::Statement(statement) => db.execute(&statement).await,
            Compiled::Empty => Ok(0),
        }
    }

    fn assignment(&mut self, name: &str, value: Dynamic) -> Result<(&'static FieldMeta, Expr)> {
        let model = self.model();
        let Some(field) = model.field(name).filter(|_| name != "pk") else {
            if Step::named(model, name).is_some() {
                let message = format!(
                    "Cannot update model field {}.{name} (only non-relations and foreign keys permitted).",
                    model.name
                );
                return Err(Error::misuse(Misuse::Field, message));
            }
            return Err(no_field(model, name));
        };
        let value = match (&field.relation, value) {
            (Some(relation), Dynamic::Record(row)) => Given::Value(key_of(relation, &row)?),
            (_, value) => given(model, field, value)?,
        };
        let expr = match value {
            Given::Value(value) => Expr::Value(value),
            Given::Expr(expr) => self.resolved(|scope| expr.resolve(scope))?,
        };
        Ok((field, expr))
    }

    /// Deletes all rows and, as `on_delete` says, those that refer to them.
    ///
    /// # Errors
    /// [`Error::Protected`], [`Error::Restricted`]; nothing is deleted then. [`Error::Misuse`] after a
    /// slice and after `values`.
    pub fn delete<'e, E: Executor>(&self, db: &'e E) -> BoxFuture<'e, Deleted> {
        let rows = self.clone();
        let db = db.handle();
        Box::pin(async move {
            rows.not_combined("delete")?;
            if rows.is_sliced() {
                let message = "Cannot use 'limit' or 'offset' with delete().";
                return Err(Error::misuse(Misuse::Type, message));
            }
            rows.only_records("delete")?;
            write::delete_query(rows.query, db).await
        })
    }

    /// The rows with these keys.
    pub(super) fn by_keys(model: &'static crate::meta::ModelMeta, keys: Vec<Value>) -> Self {
        let mut query = crate::query::Query::new(model);
        let keys = crate::query::Operand::Many(keys.into_iter().map(Expr::Value).collect());
        let key = Expr::key(crate::query::Path::root(), model);
        query.filter(crate::query::Condition::lookup(key, &lookup::IN, keys));
        DynQuerySet::from_query(query)
    }
}

/// Inserts a new row.
pub(super) async fn insert(mut row: Record, db: Handle<'_>) -> Result<Record> {
    row.save_as(Saving::new_row(), &db).await?;
    Ok(row)
}
