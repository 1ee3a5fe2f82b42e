//! Deleting rows with what refers to them, as `on_delete` says: Django's collector.

use super::validate_assignments;
use crate::compiler::{self, Compiled};
use crate::error::{Error, Result};
use crate::exec::{Executor, Handle, Work};
use crate::meta::{ModelMeta, OnDelete, RelationKind, RelationMeta, Through};
use crate::model::Model;
use crate::query::{Condition, Expr, Operand, Path, Query, Step, lookup};
use crate::queryset::ValuesReader;
use crate::types::FieldType;
use crate::value::Value;
use std::collections::{BTreeMap, HashSet};

/// What a deletion removed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Deleted {
    /// rows in all
    pub total: u64,
    /// rows by model: `library.Book`; join tables as `library.Book_libraries`
    pub by_model: BTreeMap<String, u64>,
}

impl Deleted {
    fn add(&mut self, label: String, rows: u64) {
        if rows > 0 {
            self.total += rows;
            *self.by_model.entry(label).or_default() += rows;
        }
    }
}

/// So many keys go into one statement.
const PORTION: usize = 10_000;

/// Deletes one instance.
pub(crate) async fn delete<M: Model>(row: &M, db: Handle<'_>) -> Result<Deleted> {
    row.__before_delete()?;
    let model = M::meta();
    let deleted = delete_keys(model, vec![row.pk().to_value()], db).await?;
    row.__after_delete();
    Ok(deleted)
}

/// Deletes the rows of a query.
pub(crate) async fn delete_query(query: Query, db: Handle<'_>) -> Result<Deleted> {
    let model = query.model;
    let pk = vec![Expr::key(Path::root(), model)];
    let Compiled::Statement(statement) = compiler::select_keys(&query, pk, db.backend())? else {
        return Ok(Deleted::default());
    };
    let keys = first_values(db.fetch(&statement, ValuesReader::of(&statement.columns)).await?);
    delete_keys(model, keys, db).await
}

fn first_values(rows: Vec<Vec<Value>>) -> Vec<Value> {
    let mut seen = HashSet::new();
    rows.into_iter()
        .filter_map(|mut row| row.pop())
        .filter(|key| seen.insert(key.clone()))
        .collect()
}

/// Deletes the rows with these keys.
pub(crate) async fn delete_keys(model: &'static ModelMeta, keys: Vec<Value>, db: Handle<'_>) -> Result<Deleted> {
    if keys.is_empty() {
        return Ok(Deleted::default());
    }
    if model.reverse_relations().is_empty() && model.many_to_many.is_empty() && keys.len() <= PORTION {
        let mut deleted = Deleted::default();
        let statement = compiler::delete_in(model.table, model.pk().column, &keys, Work::WriteKnown, db.backend())?;
        deleted.add(model.label(), db.execute(&statement).await?);
        return Ok(deleted);
    }
    db.atomic(async move |tx| {
        let db = tx.handle();
        let mut collector = Collector::default();
        collector.collect(model, keys, db).await?;
        collector.check()?;
        collector.run(db).await
    })
    .await
}

/// What a deletion would do, found out before anything is changed.
#[derive(Default)]
struct Collector {
    /// the rows to go, in the order in which they were found
    rows: Vec<(&'static ModelMeta, Vec<Value>)>,
    /// rows of join tables to go: table, column, keys, label
    links: Vec<(&'static RelationMeta, &'static str, Vec<Value>)>,
    /// keys to be changed: the relation, the rows, the new value
    updates: Vec<(&'static RelationMeta, Vec<Value>, Value)>,
    protected: Vec<String>,
    protected_model: Option<&'static str>,
    /// rows that must go by another way
    restricted: Vec<(&'static RelationMeta, Vec<Value>)>,
}

impl Collector {
    async fn collect(&mut self, model: &'static ModelMeta, keys: Vec<Value>, db: Handle<'_>) -> Result<()> {
        // A list of work in place of recursion: models may refer to each other in a circle.
        let mut work = vec![(model, keys)];
        while let Some((model, keys)) = work.pop() {
            let keys = self.add(model, keys);
            if keys.is_empty() {
                continue;
            }
            for relation in model.many_to_many {
                self.link(relation, false, &keys);
            }
            for relation in model.reverse_relations() {
                if relation.kind == RelationKind::ManyToMany {
                    self.link(relation, true, &keys);
                    continue;
                }
                if relation.on_delete == OnDelete::DoNothing {
                    continue;
                }
                let referring = referring(relation, &keys, db).await?;
                if referring.is_empty() {
                    continue;
                }
                match relation.on_delete {
                    OnDelete::Cascade => work.push(((relation.source)(), referring)),
                    OnDelete::Protect => {
                        self.protected
                            .push(format!("{}.{}", (relation.source)().name, relation.name));
                        self.protected_model.get_or_insert(model.name);
                    }
                    OnDelete::Restrict => self.restricted.push((relation, referring)),
                    OnDelete::SetNull => {
                        let null = Value::Null(relation.target_field().column_type().kind());
                        self.updates.push((relation, referring, null));
                    }
                    OnDelete::SetDefault => {
                        let default = relation.field().and_then(|field| field.default.as_ref());
                        let value = default.map(|default| (default.value)());
                        let null = Value::Null(relation.target_field().column_type().kind());
                        self.updates.push((relation, referring, value.unwrap_or(null)));
                    }
                    OnDelete::DoNothing => {}
                }
            }
        }
        Ok(())
    }

    /// Notes rows; gives those that are new.
    fn add(&mut self, model: &'static ModelMeta, keys: Vec<Value>) -> Vec<Value> {
        let known: HashSet<&Value> = self
            .rows
            .iter()
            .filter(|(m, _)| m.is(model))
            .flat_map(|(_, k)| k)
            .collect();
        let new: Vec<Value> = keys.into_iter().filter(|key| !known.contains(key)).collect();
        if !new.is_empty() {
            self.rows.push((model, new.clone()));
        }
        new
    }

    /// Notes the rows of a join table. Those of a model of the user's are found as its own rows.
    fn link(&mut self, relation: &'static RelationMeta, reverse: bool, keys: &[Value]) {
        if let Some(Through::Auto {
            source_column,
            target_column,
            ..
        }) = relation.through
        {
            let column = if reverse { target_column } else { source_column };
            self.links.push((relation, column, keys.to_vec()));
        }
    }

    fn check(&self) -> Result<()> {
        if let Some(model) = self.protected_model {
            return Err(Error::Protected {
                model,
                relations: self.protected.clone(),
            });
        }
        let mut relations = Vec::new();
        let mut model = None;
        for (relation, keys) in &self.restricted {
            let source = (relation.source)();
            let going: HashSet<&Value> = self
                .rows
                .iter()
                .filter(|(m, _)| m.is(source))
                .flat_map(|(_, k)| k)
                .collect();
            if keys.iter().any(|key| !going.contains(key)) {
                relations.push(format!("{}.{}", source.name, relation.name));
                model.get_or_insert((relation.target)().name);
            }
        }
        match model {
            Some(model) => Err(Error::Restricted { model, relations }),
            None => Ok(()),
        }
    }

    async fn run(self, db: Handle<'_>) -> Result<Deleted> {
        let mut deleted = Deleted::default();
        for (relation, keys, value) in self.updates {
            let Some(field) = relation.field() else { continue };
            let set = [(field, Expr::Value(value))];
            validate_assignments((relation.source)(), &set)?;
            for keys in keys.chunks(PORTION) {
                let mut query = Query::new((relation.source)());
                let keys = Operand::Many(keys.iter().cloned().map(Expr::Value).collect());
                query.filter(Condition::lookup(
                    Expr::key(Path::root(), query.model),
                    &lookup::IN,
                    keys,
                ));
                if let Compiled::Statement(statement) = compiler::update(&query, &set, db.backend())? {
                    db.execute(&statement).await?;
                }
            }
        }
        for (relation, column, keys) in self.links {
            let (table, ..) = compiler::through(relation);
            let label = format!("{}_{}", (relation.source)().label(), relation.name);
            for keys in keys.chunks(PORTION) {
                let statement = compiler::delete_in(table, column, keys, Work::WriteAny, db.backend())?;
                deleted.add(label.clone(), db.execute(&statement).await?);
            }
        }
        for (model, keys) in dependents_first(self.rows) {
            for keys in keys.chunks(PORTION) {
                let statement =
                    compiler::delete_in(model.table, model.pk().column, keys, Work::WriteKnown, db.backend())?;
                deleted.add(model.label(), db.execute(&statement).await?);
            }
        }
        Ok(deleted)
    }
}

/// Models whose rows refer to others come before those others: MySQL checks keys at once.
fn dependents_first(rows: Vec<(&'static ModelMeta, Vec<Value>)>) -> Vec<(&'static ModelMeta, Vec<Value>)> {
    let mut merged: Vec<(&'static ModelMeta, Vec<Value>)> = Vec::new();
    for (model, keys) in rows {
        match merged.iter_mut().find(|(m, _)| m.is(model)) {
            // Rows found later refer to rows found earlier.
            Some((_, all)) => {
                let mut later = keys;
                later.append(all);
                *all = later;
            }
            None => merged.push((model, keys)),
        }
    }
    let refers = |a: &ModelMeta, b: &ModelMeta| {
        !a.is(b)
            && a.fields
                .iter()
                .filter_map(|f| f.relation.as_ref())
                .any(|r| (r.target)().is(b))
    };
    let mut ordered = Vec::with_capacity(merged.len());
    while !merged.is_empty() {
        let free = merged
            .iter()
            .position(|(model, _)| !merged.iter().any(|(other, _)| refers(other, model)));
        // In a circle the one that was found last comes first; deferred constraints do the rest.
        ordered.push(merged.remove(free.unwrap_or(merged.len() - 1)));
    }
    ordered
}

/// The keys of the rows that refer to some rows.
async fn referring(relation: &'static RelationMeta, keys: &[Value], db: Handle<'_>) -> Result<Vec<Value>> {
    let source = (relation.source)();
    let Some(field) = relation.field() else {
        return Ok(Vec::new());
    };
    let mut found = Vec::new();
    for keys in keys.chunks(PORTION) {
        let mut query = Query::new(source);
        // Keys are primary keys: what refers by another field is found over its target.
        let column = match relation.to_field {
            None => Expr::Column {
                path: Path::root(),
                field,
            },
            Some(_) => Expr::key(Path::root().then(Step::forward(relation)), source),
        };
        let keys = Operand::Many(keys.iter().cloned().map(Expr::Value).collect());
        query.filter(Condition::lookup(column, &lookup::IN, keys));
        let pk = vec![Expr::key(Path::root(), source)];
        if let Compiled::Statement(statement) = compiler::select_keys(&query, pk, db.backend())? {
            found.extend(first_values(
                db.fetch(&statement, ValuesReader::of(&statement.columns)).await?,
            ));
        }
    }
    Ok(found)
}
