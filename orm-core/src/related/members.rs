//! `add`, `remove`, `set`, `clear`.

use super::{CanDetach, RelatedSet};
use crate::compiler::{self, Batch, Compiled};
use crate::error::{Error, Misuse, Result, ValidationError};
use crate::exec::{BoxFuture, Executor, Handle, Statement};
use crate::fields::IntoKeys;
use crate::meta::{ModelMeta, RelationMeta, Through};
use crate::model::Model;
use crate::query::{Condition, Expr, Operand, Path, Query, Step, lookup};
use crate::queryset::ValuesReader;
use crate::value::Value;
use crate::write::pieces;
use std::collections::HashSet;

/// So many keys go into one statement.
const PORTION: usize = 5_000;

impl<M: Model, B, D> RelatedSet<M, B, D> {
    /// Adds rows; those that are in already stay. One query; two over a through model.
    ///
    /// # Errors
    /// [`Error::Integrity`] where a key names no row.
    pub fn add<'e, E: Executor, K: IntoKeys<M>>(self, db: &'e E, rows: K) -> BoxFuture<'e, ()> {
        let rows = rows.into_operand();
        let db = db.handle();
        Box::pin(async move {
            let keys = keys(M::meta(), rows, db).await?;
            add(self.step, &self.key, keys, &[], db).await
        })
    }

    /// Makes these rows the whole set: adds those that are missing, removes the others. Up to three
    /// queries, in one transaction.
    ///
    /// # Errors
    /// As [`add`](Self::add); the set is as before then.
    pub fn set<'e, E: Executor, K: IntoKeys<M>>(self, db: &'e E, rows: K) -> BoxFuture<'e, ()>
    where
        D: CanDetach,
    {
        let rows = rows.into_operand();
        let db = db.handle();
        Box::pin(async move {
            db.atomic(async move |tx| {
                let wanted = keys(M::meta(), rows, tx.handle()).await?;
                replace(self.step, &self.key, wanted, &[], tx.handle()).await
            })
            .await
        })
    }

    /// Takes rows out of the set; the rows themselves stay. One query; two in a transaction over a
    /// symmetrical relation.
    ///
    /// # Errors
    /// What the database says.
    pub fn remove<'e, E: Executor, K: IntoKeys<M>>(self, db: &'e E, rows: K) -> BoxFuture<'e, ()>
    where
        D: CanDetach,
    {
        let rows = rows.into_operand();
        let db = db.handle();
        Box::pin(async move {
            let keys = keys(M::meta(), rows, db).await?;
            remove(self.step, &self.key, Some(keys), db).await
        })
    }

    /// Takes all rows out of the set; the rows themselves stay. One query.
    ///
    /// # Errors
    /// What the database says.
    pub fn clear<E: Executor>(self, db: &E) -> BoxFuture<'_, ()>
    where
        D: CanDetach,
    {
        let db = db.handle();
        Box::pin(async move { remove(self.step, &self.key, None, db).await })
    }
}

/// The keys of what was given: a list as it is, a query by asking.
async fn keys(model: &'static ModelMeta, rows: Operand, db: Handle<'_>) -> Result<Vec<Value>> {
    let mut seen = HashSet::new();
    match rows {
        Operand::Many(all) => Ok(all
            .into_iter()
            .filter_map(|expr| {
                if let Expr::Value(value) = expr {
                    Some(value)
                } else {
                    None
                }
            })
            .filter(|key| !key.is_null() && seen.insert(key.clone()))
            .collect()),
        Operand::Query(query) => read_keys(&query, db).await,
        _ => Err(Error::Query(format!("expected rows of {}", model.name))),
    }
}

async fn read_keys(query: &Query, db: Handle<'_>) -> Result<Vec<Value>> {
    let pk = vec![Expr::key(Path::root(), query.model)];
    let Compiled::Statement(statement) = compiler::select_keys(query, pk, db.backend())? else {
        return Ok(Vec::new());
    };
    let rows = db.fetch(&statement, ValuesReader::of(&statement.columns)).await?;
    let mut seen = HashSet::new();
    Ok(rows
        .into_iter()
        .filter_map(|mut row| row.pop())
        .filter(|key| seen.insert(key.clone()))
        .collect())
}

/// The rows at the end of a step from the row with that key.
pub(crate) fn members(step: Step, owner: &Value) -> Query {
    let mut query = Query::new(step.to());
    let back = Expr::Column {
        path: Path::root().then(step.inverse()),
        field: step.near_key(),
    };
    // Nothing refers to a row that lacks the value.
    query.none = owner.is_null();
    let owner = Operand::One(Expr::Value(owner.clone()));
    query.filter(Condition::lookup(back, &lookup::EXACT, owner));
    query
}

/// What rows of a through model are given beside their keys, by the indexes of its fields.
pub(crate) type Given<'a> = &'a [(usize, Value)];

/// Makes these rows the whole set.
pub(crate) async fn replace(
    step: Step,
    owner: &Value,
    wanted: Vec<Value>,
    given: Given<'_>,
    db: Handle<'_>,
) -> Result<()> {
    let present = read_keys(&members(step, owner), db).await?;
    let keep: HashSet<&Value> = wanted.iter().collect();
    let gone: Vec<Value> = present.iter().filter(|key| !keep.contains(key)).cloned().collect();
    let known: HashSet<&Value> = present.iter().collect();
    let new: Vec<Value> = wanted.iter().filter(|key| !known.contains(key)).cloned().collect();
    remove(step, owner, Some(gone), db).await?;
    add(step, owner, new, given, db).await
}

/// Adds rows; those that are in already stay.
pub(crate) async fn add(step: Step, owner: &Value, keys: Vec<Value>, given: Given<'_>, db: Handle<'_>) -> Result<()> {
    if keys.is_empty() {
        return Ok(());
    }
    if owner.is_null() {
        let (model, field) = (step.from().name, step.near_key().name);
        let message = format!("this {model} needs a value for its field {field:?} before anything can refer to it");
        return Err(Error::misuse(Misuse::Value, message));
    }
    let relation = step.relation;
    if relation.through.is_none() {
        return assign(step, None, Some(&keys), owner, db).await;
    }
    let pair = |key: Value| {
        if step.reverse {
            (key, owner.clone())
        } else {
            (owner.clone(), key)
        }
    };
    link(relation, keys.into_iter().map(pair).collect(), given, db).await
}

/// Puts pairs into the join table; for a symmetrical relation both ways round.
pub(crate) async fn link(
    relation: &'static RelationMeta,
    mut pairs: Vec<(Value, Value)>,
    given: Given<'_>,
    db: Handle<'_>,
) -> Result<()> {
    if relation.symmetrical {
        let mirrored: Vec<_> = pairs
            .iter()
            .map(|(a, b)| (b.clone(), a.clone()))
            .filter(|(a, b)| a != b)
            .collect();
        pairs.extend(mirrored);
    }
    if let Some(Through::Model { model, .. }) = relation.through {
        return link_through(relation, model(), pairs, given, db).await;
    }
    let statements = pairs.chunks(PORTION);
    let statements = statements.map(|pairs| compiler::insert_links(relation, pairs, db.backend()));
    execute_all(&statements.collect::<Result<Vec<_>>>()?, db).await
}

/// Rows of a through model of the user's: the two keys, what is given, and defaults for the rest.
async fn link_through(
    relation: &'static RelationMeta,
    model: &'static ModelMeta,
    pairs: Vec<(Value, Value)>,
    given: Given<'_>,
    db: Handle<'_>,
) -> Result<()> {
    let (table, source, target) = compiler::through(relation);
    if source.is_empty() || target.is_empty() {
        return Err(Error::Query(format!(
            "{table} has no foreign keys to both sides of {}.{}: name them with `through_fields`",
            (relation.source)().name,
            relation.name
        )));
    }
    let at = |column: &str| model.fields.iter().position(|f| f.column == column).unwrap_or(0);
    let (source, target) = (at(source), at(target));
    let mut known = HashSet::new();
    for pairs in pairs.chunks(PORTION) {
        known.extend(linked(model, source, target, pairs, db).await?);
    }
    let mut batch: Option<Batch> = None;
    for pair in pairs.into_iter().filter(|pair| !known.contains(pair)) {
        let mut row = Vec::with_capacity(model.fields.len());
        for (index, field) in model.fields.iter().enumerate() {
            let set = given.iter().find(|(at, _)| *at == index);
            if let Some((_, value)) = set.filter(|_| index != source && index != target) {
                row.push(Some(value.clone()));
                continue;
            }
            row.push(match (index, &field.default) {
                _ if index == source => Some(pair.0.clone()),
                _ if index == target => Some(pair.1.clone()),
                _ if field.auto() || field.db_default.is_some() => None,
                _ if field.auto_now || field.auto_now_add => Some(crate::write::now(field, db)),
                (_, Some(default)) => Some((default.value)()),
                (_, None) if field.null => Some(Value::Null(field.column_type().kind())),
                (_, None) => {
                    let message = "This field is required, so rows are added by the through model itself.";
                    return Err(ValidationError::new(model.name, field.name, message).into());
                }
            });
        }
        match &mut batch {
            Some(batch) => batch.push(row, 0),
            None => batch = Some(Batch::of(model, row)),
        }
    }
    let statements = batch.into_iter().flat_map(|batch| pieces(batch, db.backend()));
    let statements = statements.map(|rows| compiler::insert(rows, false, db.backend()));
    execute_all(&statements.collect::<Result<Vec<_>>>()?, db).await
}

/// Runs all of these statements or none.
async fn execute_all(statements: &[Statement], db: Handle<'_>) -> Result<()> {
    if statements.len() < 2 {
        for statement in statements {
            db.execute(statement).await?;
        }
        return Ok(());
    }
    db.atomic(async move |tx| {
        for statement in statements {
            tx.handle().execute(statement).await?;
        }
        Ok(())
    })
    .await
}

/// Those pairs that are in the through model's table already.
async fn linked(
    model: &'static ModelMeta,
    source: usize,
    target: usize,
    pairs: &[(Value, Value)],
    db: Handle<'_>,
) -> Result<HashSet<(Value, Value)>> {
    let column = |index: usize| Expr::Column {
        path: Path::root(),
        field: &model.fields[index],
    };
    let mut query = Query::new(model);
    let each_once = |side: fn(&(Value, Value)) -> &Value| {
        let mut seen = HashSet::new();
        let values = pairs.iter().map(side).filter(|value| seen.insert(*value));
        values.cloned().map(Expr::Value).collect()
    };
    let sources = each_once(|pair| &pair.0);
    let targets = each_once(|pair| &pair.1);
    query.filter(Condition::And(vec![
        Condition::lookup(column(source), &lookup::IN, Operand::Many(sources)),
        Condition::lookup(column(target), &lookup::IN, Operand::Many(targets)),
    ]));
    let columns = vec![column(source), column(target)];
    let Compiled::Statement(statement) = compiler::select_keys(&query, columns, db.backend())? else {
        return Ok(HashSet::new());
    };
    let rows = db.fetch(&statement, ValuesReader::of(&statement.columns)).await?;
    Ok(rows
        .into_iter()
        .filter_map(|mut row| Some((row.pop()?, row.pop()?)))
        .map(|(b, a)| (a, b))
        .collect())
}

/// Takes rows out: these, or all.
pub(crate) async fn remove(step: Step, owner: &Value, keys: Option<Vec<Value>>, db: Handle<'_>) -> Result<()> {
    if keys.as_ref().is_some_and(Vec::is_empty) {
        return Ok(());
    }
    let relation = step.relation;
    if relation.through.is_none() {
        let null = Value::Null(owner.kind());
        return assign(step, Some(owner), keys.as_deref(), &null, db).await;
    }
    let (_, source, target) = compiler::through(relation);
    let (own, other) = if step.reverse {
        (target, source)
    } else {
        (source, target)
    };
    if let (true, None, Some(Through::Auto { table, .. })) = (relation.symmetrical, &keys, relation.through) {
        let owner = std::slice::from_ref(owner);
        db.execute(&compiler::delete_linked(table, [own, other], owner, db.backend())?)
            .await?;
        return Ok(());
    }
    let mut statements = Vec::new();
    for keys in portions(keys.as_deref()) {
        statements.push(compiler::delete_links(relation, own, other, owner, keys, db.backend())?);
        if relation.symmetrical {
            statements.push(compiler::delete_links(relation, other, own, owner, keys, db.backend())?);
        }
    }
    execute_all(&statements, db).await
}

/// As many keys as go into one statement, again and again; once `None` where all rows are meant.
fn portions(keys: Option<&[Value]>) -> impl Iterator<Item = Option<&[Value]>> {
    let all = keys.is_none().then_some(None);
    let some = keys.into_iter().flat_map(|keys| keys.chunks(PORTION).map(Some));
    all.into_iter().chain(some)
}

/// Sets the foreign keys of rows: those of an owner, or of any; with these keys, or with any.
async fn assign(step: Step, owner: Option<&Value>, keys: Option<&[Value]>, to: &Value, db: Handle<'_>) -> Result<()> {
    let Some(field) = step.relation.field() else {
        return Ok(());
    };
    let mut statements = Vec::new();
    for keys in portions(keys) {
        let mut query = Query::new(step.to());
        if let Some(owner) = owner {
            let column = Expr::Column {
                path: Path::root(),
                field,
            };
            let owner = Operand::One(Expr::Value(owner.clone()));
            query.filter(Condition::lookup(column, &lookup::EXACT, owner));
        }
        if let Some(keys) = keys {
            let key = Expr::key(Path::root(), query.model);
            let keys = Operand::Many(keys.iter().cloned().map(Expr::Value).collect());
            query.filter(Condition::lookup(key, &lookup::IN, keys));
        }
        if let Compiled::Statement(statement) =
            compiler::update(&query, &[(field, Expr::Value(to.clone()))], db.backend())?
        {
            statements.push(statement);
        }
    }
    execute_all(&statements, db).await
}
