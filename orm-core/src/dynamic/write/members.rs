//! `DynRelated`: the rows at the other end of a to-many relation of one row, which can be changed.

use super::rows::insert;
use super::{Named, column_value};
use crate::dynamic::{DynQuerySet, Dynamic, Record};
use crate::error::{Error, Misuse, Result};
use crate::exec::{BoxFuture, Executor, Handle};
use crate::meta::{ModelMeta, RelationKind, RelationMeta, Through};
use crate::query::Step;
use crate::related;
use crate::value::Value;
use std::collections::HashSet;
use std::sync::Arc;

/// The rows that are related to one row over a relation to many.
#[derive(Debug, Clone)]
pub struct DynRelated {
    step: Step,
    owner: Arc<Record>,
    /// what the other side is found by
    key: Value,
}

impl Record {
    /// The rows at the other end of a relation to many, by the name of its attribute: `books`,
    /// `article_set`. No query. `None`: there is no such relation.
    ///
    /// # Errors
    /// [`Error::Misuse`] for a row without a key.
    pub fn related_set(&self, name: &str) -> Option<Result<DynRelated>> {
        let model = self.model();
        let forward = model.many_to_many.iter().find(|relation| relation.name == name);
        let mut reverse = model.reverse_relations().iter().copied();
        let step = forward.map(Step::forward).or_else(|| {
            let named = |relation: &&RelationMeta| !relation.hidden() && relation.accessor_name() == name;
            reverse.find(named).map(Step::reverse)
        });
        let step = step.filter(|step| step.is_many())?;
        Some(DynRelated::new(step, self.clone()))
    }
}

impl DynRelated {
    /// The rows at the end of a step to many.
    fn new(step: Step, owner: Record) -> Result<Self> {
        let key = step.near_key();
        match owner.get(key.name) {
            Some(value) if !value.is_null() => Ok(DynRelated {
                step,
                key: value.clone(),
                owner: Arc::new(owner),
            }),
            _ => Err(Error::misuse(
                Misuse::Value,
                match step.relation.kind {
                    RelationKind::ManyToMany => format!(
                        "\"{}\" needs to have a value for field \"{}\" before this many-to-many relationship can be used.",
                        owner.repr(),
                        key.name
                    ),
                    _ => format!(
                        "{} instance needs to have a primary key value before this relationship can be used.",
                        owner.repr()
                    ),
                },
            )),
        }
    }

    /// The model of the rows.
    pub fn model(&self) -> &'static ModelMeta {
        self.step.to()
    }

    /// Whether rows can leave the set: over a many-to-many relation and a nullable foreign key.
    pub fn can_detach(&self) -> bool {
        self.step.relation.through.is_some() || self.step.relation.null
    }

    /// The rows, to be asked for.
    pub fn rows(&self) -> DynQuerySet {
        let rows = DynQuerySet::from_query(related::members(self.step, &self.key));
        match self.step.relation.through {
            Some(_) => rows.sticky(),
            None => rows,
        }
    }

    /// Adds rows, or over a many-to-many relation keys; those that are in already stay. One query; two
    /// over a through model.
    ///
    /// `through_defaults` are set in new rows of a through model.
    ///
    /// # Errors
    /// [`Error::Misuse`] for what is no row of the model, or not saved yet;
    /// [`Error::Integrity`] where a key names no row.
    pub fn add<'e, E: Executor>(&'e self, db: &'e E, rows: Vec<Dynamic>, through_defaults: Named) -> BoxFuture<'e, ()> {
        let db = db.handle();
        Box::pin(async move {
            let (keys, given) = (self.keys(&rows)?, self.given(through_defaults)?);
            related::add(self.step, &self.key, keys, &given, db).await
        })
    }

    /// Takes rows out of the set; the rows themselves stay. One query.
    ///
    /// # Errors
    /// As [`add`](Self::add); over a foreign key also where a row is not in the set.
    pub fn remove<'e, E: Executor>(&'e self, db: &'e E, rows: Vec<Dynamic>) -> BoxFuture<'e, ()> {
        let db = db.handle();
        Box::pin(async move {
            self.detachable("remove")?;
            let keys = self.keys(&rows)?;
            if self.step.relation.through.is_none() {
                for row in &rows {
                    self.check_member(row)?;
                }
            }
            related::remove(self.step, &self.key, Some(keys), db).await
        })
    }

    /// Takes all rows out of the set; the rows themselves stay. One query.
    ///
    /// # Errors
    /// [`Error::Misuse`] over a required foreign key, and what the database says.
    pub fn clear<'e, E: Executor>(&'e self, db: &'e E) -> BoxFuture<'e, ()> {
        let db = db.handle();
        Box::pin(async move {
            self.detachable("clear")?;
            related::remove(self.step, &self.key, None, db).await
        })
    }

    /// Makes these rows the whole set: adds those that are missing, removes the others; with `clear` it
    /// removes all first. Up to three queries, in one transaction. Over a required foreign key rows are
    /// added alone, as in Django.
    ///
    /// # Errors
    /// As [`add`](Self::add); the set is as before then.
    pub fn set<'e, E: Executor>(
        &'e self,
        db: &'e E,
        rows: Vec<Dynamic>,
        clear: bool,
        through_defaults: Named,
    ) -> BoxFuture<'e, ()> {
        let db = db.handle();
        Box::pin(async move {
            let (keys, given) = (self.keys(&rows)?, self.given(through_defaults)?);
            if !self.can_detach() {
                return related::add(self.step, &self.key, keys, &given, db).await;
            }
            db.atomic(async move |tx| {
                let db = tx.handle();
                if clear {
                    related::remove(self.step, &self.key, None, db).await?;
                    return related::add(self.step, &self.key, keys, &given, db).await;
                }
                related::replace(self.step, &self.key, keys, &given, db).await
            })
            .await
        })
    }

    /// Inserts a row that belongs to the set. One query, and over a many-to-many relation a second one,
    /// in one transaction.
    ///
    /// # Errors
    /// As [`DynQuerySet::create`].
    pub fn create<'e, E: Executor>(
        &'e self,
        db: &'e E,
        named: Named,
        through_defaults: Named,
    ) -> BoxFuture<'e, Record> {
        let db = db.handle();
        Box::pin(async move {
            if self.step.relation.through.is_none() {
                return DynQuerySet::new(self.model()).create(&db, self.with_key(named)).await;
            }
            let given = self.given(through_defaults)?;
            let row = Record::with(self.model(), named)?;
            db.atomic(async move |tx| {
                let row = insert(row, tx.handle()).await?;
                self.tie(&row, &given, tx.handle()).await?;
                Ok(row)
            })
            .await
        })
    }

    /// As [`DynQuerySet::get_or_create`], among the rows of the set.
    ///
    /// # Errors
    /// As [`DynQuerySet::get_or_create`].
    pub fn get_or_create<'e, E: Executor>(
        &'e self,
        db: &'e E,
        named: Named,
        defaults: Named,
        through_defaults: Named,
    ) -> BoxFuture<'e, (Record, bool)> {
        let db = db.handle();
        Box::pin(async move {
            if self.step.relation.through.is_none() {
                let rows = DynQuerySet::new(self.model());
                return rows.get_or_create(&db, self.with_key(named), defaults).await;
            }
            let given = self.given(through_defaults)?;
            db.atomic(async move |tx| {
                let made = self.rows().get_or_create(&tx, named, defaults).await?;
                self.tie_new(made, &given, tx.handle()).await
            })
            .await
        })
    }

    /// As [`DynQuerySet::update_or_create`], among the rows of the set.
    ///
    /// # Errors
    /// As [`DynQuerySet::update_or_create`].
    pub fn update_or_create<'e, E: Executor>(
        &'e self,
        db: &'e E,
        named: Named,
        defaults: Named,
        create_defaults: Option<Named>,
        through_defaults: Named,
    ) -> BoxFuture<'e, (Record, bool)> {
        let db = db.handle();
        Box::pin(async move {
            if self.step.relation.through.is_none() {
                let rows = DynQuerySet::new(self.model());
                let named = self.with_key(named);
                return rows.update_or_create(&db, named, defaults, create_defaults).await;
            }
            let given = self.given(through_defaults)?;
            db.atomic(async move |tx| {
                let made = self
                    .rows()
                    .update_or_create(&tx, named, defaults, create_defaults)
                    .await?;
                self.tie_new(made, &given, tx.handle()).await
            })
            .await
        })
    }

    async fn tie_new(&self, made: (Record, bool), given: related::Given<'_>, db: Handle<'_>) -> Result<(Record, bool)> {
        if made.1 {
            self.tie(&made.0, given, db).await?;
        }
        Ok(made)
    }

    async fn tie(&self, row: &Record, given: related::Given<'_>, db: Handle<'_>) -> Result<()> {
        related::add(self.step, &self.key, vec![row.pk().clone()], given, db).await
    }

    /// The values of a row that belongs to the set, over a foreign key.
    fn with_key(&self, mut named: Named) -> Named {
        named.retain(|(name, _)| name != self.step.relation.name);
        named.push((self.step.relation.name.to_owned(), Arc::clone(&self.owner).into()));
        named
    }

    fn detachable(&self, call: &str) -> Result<()> {
        if self.can_detach() {
            return Ok(());
        }
        let message = format!("'RelatedManager' object has no attribute '{call}'");
        Err(Error::misuse(Misuse::Attribute, message))
    }

    /// The keys of what was given, each once.
    fn keys(&self, rows: &[Dynamic]) -> Result<Vec<Value>> {
        let mut seen = HashSet::new();
        let mut keys: Vec<Value> = Vec::with_capacity(rows.len());
        for row in rows {
            let key = self.key_of(row)?;
            if seen.insert(key.clone()) {
                keys.push(key);
            }
        }
        Ok(keys)
    }

    fn key_of(&self, given: &Dynamic) -> Result<Value> {
        let model = self.model();
        let by_key = self.step.relation.through.is_some();
        match given {
            Dynamic::Record(row) if row.model().is(model) => {
                let known = !row.pk().is_null();
                if known && (by_key || row.is_saved()) {
                    return Ok(row.pk().clone());
                }
                let message = if by_key {
                    format!(
                        "Cannot add \"{}\": the value for field \"{}\" is None",
                        row.repr(),
                        model.model_name()
                    )
                } else {
                    format!(
                        "{} instance isn't saved. Use bulk=False or save the object first.",
                        row.repr()
                    )
                };
                Err(Error::misuse(Misuse::Value, message))
            }
            Dynamic::Record(row) => Err(self.not_of(&row.repr())),
            key if by_key => column_value(model, model.pk(), key),
            Dynamic::Value(value) => Err(self.not_of(&crate::dynamic::value::repr(value))),
            other => Err(self.not_of(other.type_name())),
        }
    }

    fn not_of(&self, what: &str) -> crate::Error {
        let message = format!("'{}' instance expected, got {what}", self.model().name);
        Error::misuse(Misuse::Type, message)
    }

    /// That a row's foreign key names the owner.
    fn check_member(&self, row: &Dynamic) -> Result<()> {
        match row {
            Dynamic::Record(row) if row.get(self.step.relation.name) != Some(&self.key) => {
                let message = format!("{} is not related to {}.", row.repr(), self.owner.repr());
                Err(Error::misuse(Misuse::NotThere, message))
            }
            _ => Ok(()),
        }
    }

    /// What rows of the through model are given beside their keys.
    fn given(&self, named: Named) -> Result<Vec<(usize, Value)>> {
        let Some(Through::Model { model, .. }) = self.step.relation.through else {
            return Ok(Vec::new());
        };
        let row = Record::with(model(), named)?;
        if !row.pending.is_empty() {
            let message = "through_defaults takes values, and no expressions";
            return Err(Error::misuse(Misuse::NotSupported, message));
        }
        let fields = row.model().fields.iter().zip(row.values()).enumerate();
        let set = fields.filter(|(_, (field, _))| !field.auto() && !field.auto_now && !field.auto_now_add);
        Ok(set.filter_map(|(at, (_, value))| Some((at, value.clone()?))).collect())
    }
}
