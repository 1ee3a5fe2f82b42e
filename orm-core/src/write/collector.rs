//! Deleting rows with what refers to them, as `on_delete` says: Django's collector.

mod order;

use super::validate_assignments;
use crate::compiler::{self, Compiled};
use crate::error::{Error, Misuse, Result};
use crate::exec::{Backend, Executor, Handle, Work};
use crate::meta::{ModelMeta, OnDelete, RelationKind, RelationMeta, Through};
use crate::model::Model;
use crate::query::{Clause, Condition, Expr, Operand, Path, Query, Step, lookup};
use crate::queryset::ValuesReader;
use crate::types::FieldType;
use crate::value::Value;
use order::{dependents_first, leads_to};
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
    let deleted = delete_keys(M::meta(), vec![row.pk().to_value()], db).await?;
    row.__after_delete();
    Ok(deleted)
}

/// Deletes the rows of a query.
pub(crate) async fn delete_query(mut query: Query, db: Handle<'_>) -> Result<Deleted> {
    let model = query.model;
    if let Some(more) = &mut query.more {
        // What is deleted needs no lock.
        more.lock = None;
    }
    if !query.distinct_on().is_empty() {
        let message = "Cannot call delete() after .distinct(*fields).";
        return Err(Error::misuse(Misuse::Type, message));
    }
    let by_aggregate = |clause: &Clause| matches!(clause, Clause::Filter(filter) if filter.contains_aggregate());
    let by_group = query.distinct || query.clauses.iter().any(by_aggregate) || compiler::is_windowed(&query);
    if goes_alone(model) && !by_group {
        let mut deleted = Deleted::default();
        if let Compiled::Statement(statement) = compiler::delete(&query, db.backend())? {
            deleted.add(model.label(), db.execute(&statement).await?);
        }
        return Ok(deleted);
    }
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
    if goes_alone(model) && keys.len() <= PORTION {
        let mut deleted = Deleted::default();
        let statement = compiler::delete_in(model.table, model.pk().column, &keys, Work::WriteKnown, db.backend())?;
        deleted.add(model.label(), db.execute(&statement).await?);
        return Ok(deleted);
    }
    db.atomic(async move |tx| {
        let db = tx.handle();
        let mut collector = Collector::default();
        collector.collect(model, keys, db).await?;
        collector.check(db).await?;
        collector.run(db).await
    })
    .await
}

/// Whether nothing has to be done about what refers to the model's rows when they go: they need not be
/// known one by one.
fn goes_alone(model: &'static ModelMeta) -> bool {
    let of_no_concern = |relation: &&RelationMeta| {
        relation.kind != RelationKind::ManyToMany && relation.on_delete == OnDelete::DoNothing
    };
    model.many_to_many.is_empty() && model.reverse_relations().iter().all(of_no_concern)
}

/// What a deletion would do, found out before anything is changed.
#[derive(Default)]
struct Collector {
    /// the rows to go, in the order in which they were found
    rows: Vec<(&'static ModelMeta, Vec<Value>)>,
    /// rows to go that [go alone](goes_alone): those that refer by these relations to rows with these keys
    alone: Vec<(&'static ModelMeta, Vec<Referring>)>,
    /// rows of join tables to go: those that name these keys on these sides
    links: Vec<(&'static RelationMeta, Vec<&'static str>, Vec<Value>)>,
    /// keys to be changed, and their new value
    updates: Vec<(Referring, Value)>,
    protected: Vec<String>,
    protected_model: Option<&'static str>,
    /// rows that must go by another way
    restricted: Vec<Referring>,
}

/// The rows that refer by this relation to rows with these keys.
#[derive(Clone)]
struct Referring(&'static RelationMeta, Vec<Value>);

impl Referring {
    fn model(&self) -> &'static ModelMeta {
        (self.0.source)()
    }

    /// That a row is one of them, in portions.
    fn conditions(&self) -> Vec<Condition> {
        let Some(field) = self.0.field() else { return Vec::new() };
        // Keys are primary keys: what refers by another field is found over its target.
        let column = match self.0.to_field {
            None => Expr::Column {
                path: Path::root(),
                field,
            },
            Some(_) => Expr::key(Path::root().then(Step::forward(self.0)), self.model()),
        };
        let condition = |keys: &[Value]| {
            let keys = Operand::Many(keys.iter().cloned().map(Expr::Value).collect());
            Condition::lookup(column.clone(), &lookup::IN, keys)
        };
        self.1.chunks(PORTION).map(condition).collect()
    }

    /// Their keys, but for those of other rows.
    async fn keys(&self, but: &[Referring], db: Handle<'_>) -> Result<Vec<Value>> {
        if fit_together(but) {
            return self.keys_at_once(but, db).await;
        }
        let mut found = self.keys_at_once(&[], db).await?;
        for other in but {
            let others: HashSet<Value> = other.keys_at_once(&[], db).await?.into_iter().collect();
            found.retain(|key| !others.contains(key));
        }
        Ok(found)
    }

    async fn keys_at_once(&self, but: &[Referring], db: Handle<'_>) -> Result<Vec<Value>> {
        let mut found = Vec::new();
        for condition in self.conditions() {
            let mut query = Query::new(self.model());
            query.filter(condition);
            for other in but.iter().flat_map(Referring::conditions) {
                query.filter(Condition::Not(Box::new(other)));
            }
            let pk = vec![Expr::key(Path::root(), query.model)];
            if let Compiled::Statement(statement) = compiler::select_keys(&query, pk, db.backend())? {
                let rows = db.fetch(&statement, ValuesReader::of(&statement.columns)).await?;
                found.extend(first_values(rows));
            }
        }
        Ok(found)
    }
}

/// Whether one statement can ask for all of these.
fn fit_together(rows: &[Referring]) -> bool {
    rows.iter().map(|Referring(_, keys)| keys.len()).sum::<usize>() <= PORTION
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
                let referring = Referring(relation, keys.clone());
                match relation.on_delete {
                    OnDelete::DoNothing => {}
                    OnDelete::SetNull => self.updates.push((referring, null(relation))),
                    OnDelete::Set => {
                        let value = relation.set_value.map(|set| (set.value)());
                        self.updates.push((referring, value.unwrap_or_else(|| null(relation))));
                    }
                    OnDelete::SetDefault => {
                        let default = relation.field().and_then(|field| field.default.as_ref());
                        let value = default.map(|default| (default.value)());
                        self.updates.push((referring, value.unwrap_or_else(|| null(relation))));
                    }
                    OnDelete::Cascade if goes_alone(referring.model()) => self.add_alone(referring),
                    OnDelete::Cascade => {
                        let found = referring.keys(&[], db).await?;
                        // MySQL checks each key at once, and in a circle no order of the rows is right.
                        let at_once = matches!(db.backend(), Backend::MySql { .. });
                        if at_once && relation.null && !found.is_empty() && leads_to(model, referring.model()) {
                            self.updates.push((referring, null(relation)));
                        }
                        work.push(((relation.source)(), found));
                    }
                    OnDelete::Protect => {
                        if !referring.keys(&[], db).await?.is_empty() {
                            let source = referring.model().name;
                            self.protected.push(format!("{source}.{}", relation.name));
                            self.protected_model.get_or_insert(model.name);
                        }
                    }
                    OnDelete::Restrict => self.restricted.push(referring),
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

    /// Notes rows that go without being known.
    fn add_alone(&mut self, rows: Referring) {
        let model = rows.model();
        match self.alone.iter_mut().find(|(known, _)| known.is(model)) {
            Some((_, all)) => all.push(rows),
            None => self.alone.push((model, vec![rows])),
        }
    }

    /// Notes the rows of a join table. Those of a model of the user's are found as its own rows.
    fn link(&mut self, relation: &'static RelationMeta, reverse: bool, keys: &[Value]) {
        let Some(Through::Auto {
            source_column,
            target_column,
            ..
        }) = relation.through
        else {
            return;
        };
        let column = if reverse { target_column } else { source_column };
        // Both sides of a relation of a model to itself go at once.
        let mut known = self.links.iter_mut();
        let other_side = known.find(|(known, _, of)| known.is(relation) && of == keys);
        match other_side {
            Some((_, columns, _)) => columns.push(column),
            None => self.links.push((relation, vec![column], keys.to_vec())),
        }
    }

    async fn check(&self, db: Handle<'_>) -> Result<()> {
        if let Some(model) = self.protected_model {
            return Err(Error::Protected {
                model,
                relations: self.protected.clone(),
            });
        }
        let mut relations = Vec::new();
        let mut model = None;
        for restricted in &self.restricted {
            let source = restricted.model();
            let alone = self.alone.iter().find(|(known, _)| known.is(source));
            let alone = alone.map_or(&[][..], |(_, rows)| rows);
            let known = self.rows.iter().filter(|(m, _)| m.is(source));
            let going: HashSet<&Value> = known.flat_map(|(_, keys)| keys).collect();
            let found = restricted.keys(alone, db).await?;
            if found.iter().any(|key| !going.contains(key)) {
                let relation = restricted.0;
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
        for (relation, columns, keys) in self.links {
            let (table, ..) = compiler::through(relation);
            let label = format!("{}_{}", (relation.source)().label(), relation.name);
            for keys in keys.chunks(PORTION) {
                let statement = match columns.as_slice() {
                    [one, other] => compiler::delete_linked(table, [*one, *other], keys, db.backend())?,
                    columns => {
                        let column = columns.first().copied().unwrap_or_default();
                        compiler::delete_in(table, column, keys, Work::WriteAny, db.backend())?
                    }
                };
                deleted.add(label.clone(), db.execute(&statement).await?);
            }
        }
        for (model, rows) in self.alone {
            let mut conditions: Vec<Condition> = rows.iter().flat_map(Referring::conditions).collect();
            if conditions.len() > 1 && fit_together(&rows) {
                conditions = vec![Condition::Or(conditions)];
            }
            for condition in conditions {
                let mut query = Query::new(model);
                query.filter(condition);
                if let Compiled::Statement(statement) = compiler::delete(&query, db.backend())? {
                    deleted.add(model.label(), db.execute(&statement).await?);
                }
            }
        }
        let changed: Vec<&RelationMeta> = self.updates.iter().map(|(rows, _)| rows.0).collect();
        let in_order = dependents_first(self.rows, &changed);
        for (rows, value) in self.updates {
            let Some(field) = rows.0.field() else { continue };
            let set = [(field, Expr::Value(value))];
            validate_assignments(rows.model(), &set)?;
            for condition in rows.conditions() {
                let mut query = Query::new(rows.model());
                query.filter(condition);
                if let Compiled::Statement(statement) = compiler::update(&query, &set, db.backend())? {
                    db.execute(&statement).await?;
                }
            }
        }
        for (model, keys) in in_order {
            for keys in keys.chunks(PORTION) {
                let statement =
                    compiler::delete_in(model.table, model.pk().column, keys, Work::WriteKnown, db.backend())?;
                deleted.add(model.label(), db.execute(&statement).await?);
            }
        }
        Ok(deleted)
    }
}

/// No row, as the key of that relation says it.
fn null(relation: &RelationMeta) -> Value {
    Value::Null(relation.target_field().column_type().kind())
}
