//! `bulk_create`, `bulk_insert` and `bulk_update`: many rows in few statements.

use super::check;
use crate::compiler::{self, Compiled, Existing, NewRow};
use crate::dynamic::names::no_field;
use crate::dynamic::{DynQuerySet, Record, Scope};
use crate::error::{Error, Misuse, Result};
use crate::exec::{BoxFuture, Executor, Handle};
use crate::meta::{FieldMeta, ModelMeta};
use crate::query::{Case, Condition, Expr, Operand, Path, lookup};
use crate::value::Value;
use crate::write::NewRows;

/// What happens to new rows that a unique constraint refuses.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Conflicts {
    /// the database's error; nothing is written
    #[default]
    Refuse,
    /// they are left out
    Ignore,
    /// the row that is there already gets some of their values
    Update {
        /// the fields by which it is known; none on MySQL
        unique: Vec<String>,
        /// the fields that are set
        set: Vec<String>,
    },
}

/// Rows that one UPDATE sets at most.
const MOST_UPDATED: usize = 500;

/// Arguments that it has at most: databases bound their number.
const MOST_ARGUMENTS: usize = 30_000;

impl DynQuerySet {
    /// Inserts rows of the model, and gives them back with their keys, in order. Rows that have a key
    /// go first, as in Django.
    ///
    /// One query for every few thousand rows of either sort, in one transaction where there are
    /// several; rows with expressions take a query each.
    ///
    /// # Errors
    /// [`Error::Validation`] before anything is sent,
    /// [`Error::Integrity`] from the database; no row is written then.
    pub fn bulk_create<'e, E: Executor>(&self, db: &'e E, rows: Vec<Record>) -> BoxFuture<'e, Vec<Record>> {
        self.bulk_create_over(db, rows, Conflicts::Refuse)
    }

    /// As [`bulk_create`](Self::bulk_create), with what is to be done about rows that are there already.
    /// Rows that are left alone do not get to know their keys.
    ///
    /// # Errors
    /// As [`bulk_create`](Self::bulk_create); [`Error::NotSupported`] where
    /// MySQL is told by which fields it is to know such rows, which it cannot.
    pub fn bulk_create_over<'e, E: Executor>(
        &self,
        db: &'e E,
        rows: Vec<Record>,
        conflicts: Conflicts,
    ) -> BoxFuture<'e, Vec<Record>> {
        let model = self.model();
        let db = db.handle();
        Box::pin(async move {
            if rows.iter().any(|row| !row.pending.is_empty()) {
                return one_by_one(model, rows, &conflicts, db).await;
            }
            let (mut batches, places) = batches(model, &rows, db)?;
            batches.cut(db.backend());
            match conflicts {
                Conflicts::Refuse => insert(rows, batches, places, db).await,
                conflicts => insert_over(rows, batches, places, conflicts, db).await,
            }
        })
    }

    /// Inserts rows of the model, and gives their number, as the database counts them:
    /// [`bulk_create`](Self::bulk_create) for loads, which reads nothing back, neither the keys nor what
    /// else the database fills in.
    ///
    /// One query for every few thousand rows, in one transaction where there are several; rows with
    /// expressions work as in `bulk_create`.
    ///
    /// # Errors
    /// As [`bulk_create`](Self::bulk_create); no row is written then.
    pub fn bulk_insert<'e, E: Executor>(&self, db: &'e E, rows: Vec<Record>) -> BoxFuture<'e, u64> {
        let model = self.model();
        let db = db.handle();
        Box::pin(async move {
            if rows.iter().any(|row| !row.pending.is_empty()) {
                let rows = one_by_one(model, rows, &Conflicts::Refuse, db).await?;
                return Ok(rows.len() as u64);
            }
            let (batches, _) = batches(model, &rows, db)?;
            batches.insert_unread(db).await
        })
    }

    /// Sets these fields in the database to what they are in the rows. Gives the number of rows that
    /// were there. One query for every few hundred rows, in one transaction where there are several.
    ///
    /// # Errors
    /// [`Error::Misuse`] for what is no column or the key, and for rows without
    /// a key; [`Error::Validation`], and what the database says: nothing is
    /// changed then.
    pub fn bulk_update<'e, E: Executor>(
        &self,
        db: &'e E,
        rows: &'e [Record],
        names: &'e [&'e str],
    ) -> BoxFuture<'e, u64> {
        let model = self.model();
        let db = db.handle();
        Box::pin(async move {
            let fields = fields(model, names)?;
            if rows.iter().any(|row| row.pk().is_null()) {
                let message = "All bulk_update() objects must have a primary key set.";
                return Err(Error::misuse(Misuse::Value, message));
            }
            let mut changes = Vec::new();
            // A field has a key and a value of each row, and the rows are found by their keys.
            let at_once = MOST_UPDATED.min(MOST_ARGUMENTS / (2 * fields.len() + 1)).max(1);
            for rows in rows.chunks(at_once) {
                changes.push(changes_of(model, &fields, rows)?);
            }
            match changes.len() {
                0 => Ok(0),
                1 => run(changes, db).await,
                _ => db.atomic(async move |tx| run(changes, tx.handle()).await).await,
            }
        })
    }
}

/// The rows, those that have a key first, and the place of each among those given.
fn batches(model: &'static ModelMeta, rows: &[Record], db: Handle<'_>) -> Result<(NewRows, Vec<usize>)> {
    let mut new = Vec::with_capacity(rows.len());
    for (place, row) in rows.iter().enumerate() {
        new.push((place, row_of(model, row, db)?));
    }
    let has_key = |(_, row): &(usize, NewRow)| row.get(model.pk_index()).is_some_and(Option::is_some);
    let (with_key, without): (Vec<_>, Vec<_>) = new.into_iter().partition(has_key);
    let mut batches = NewRows::new(model);
    let mut places = Vec::with_capacity(rows.len());
    for (place, row) in with_key.into_iter().chain(without) {
        places.push(place);
        batches.push(row, rows.len() - places.len());
    }
    Ok((batches, places))
}

/// Rows, and what is set in them.
type Changes = (DynQuerySet, Vec<(&'static FieldMeta, Expr)>);

async fn run(changes: Vec<Changes>, db: Handle<'_>) -> Result<u64> {
    let mut changed = 0;
    for (rows, set) in changes {
        if let Compiled::Statement(statement) = compiler::update(&rows.query, &set, db.backend())? {
            changed += db.execute(&statement).await?;
        }
    }
    Ok(changed)
}

async fn insert(mut rows: Vec<Record>, new: NewRows, places: Vec<usize>, db: Handle<'_>) -> Result<Vec<Record>> {
    let written = if new.is_one_statement(db.backend()) {
        new.insert_values(db).await?
    } else {
        db.atomic(async move |tx| new.insert_values(tx.handle()).await).await?
    };
    for (place, values) in places.into_iter().zip(written) {
        if let Some(row) = rows.get_mut(place) {
            row.become_saved(values);
        }
    }
    Ok(rows)
}

async fn insert_over(
    mut rows: Vec<Record>,
    new: NewRows,
    places: Vec<usize>,
    conflicts: Conflicts,
    db: Handle<'_>,
) -> Result<Vec<Record>> {
    let model = new.model();
    let (unique, set) = match &conflicts {
        Conflicts::Update { unique, set } => (columns(model, unique)?, columns(model, set)?),
        _ => (Vec::new(), Vec::new()),
    };
    let existing = match conflicts {
        Conflicts::Update { .. } => Existing::Change {
            unique: &unique,
            set: &set,
        },
        _ => Existing::Stay,
    };
    let wanted = matches!(existing, Existing::Change { .. });
    let keys = if new.statements() > 1 {
        let existing = &existing;
        db.atomic(async move |tx| new.insert_over(existing, wanted, tx.handle()).await)
            .await?
    } else {
        new.insert_over(&existing, wanted, db).await?
    };
    for (at, place) in places.into_iter().enumerate() {
        let Some(row) = rows.get_mut(place) else { continue };
        row.saved = true;
        if let Some(key) = keys.get(at) {
            row.put(model.pk_index(), key.clone());
        }
    }
    Ok(rows)
}

/// The columns of fields.
fn columns(model: &'static ModelMeta, names: &[String]) -> Result<Vec<&'static str>> {
    let column = |name: &String| {
        let field = model.field(name).ok_or_else(|| no_field(model, name))?;
        Ok(field.column)
    };
    names.iter().map(column).collect()
}

/// Rows with expressions, which no INSERT of many rows takes.
async fn one_by_one(
    model: &'static ModelMeta,
    rows: Vec<Record>,
    conflicts: &Conflicts,
    db: Handle<'_>,
) -> Result<Vec<Record>> {
    if *conflicts != Conflicts::Refuse {
        let message = "bulk_create() takes no expressions where it ignores or updates rows";
        return Err(Error::misuse(Misuse::NotSupported, message));
    }
    db.atomic(async move |tx| {
        let mut written = Vec::with_capacity(rows.len());
        for row in rows {
            row_of(model, &row, tx.handle())?;
            written.push(super::rows::insert(row, tx.handle()).await?);
        }
        Ok(written)
    })
    .await
}

fn row_of(model: &'static ModelMeta, row: &Record, db: Handle<'_>) -> Result<NewRow> {
    if !row.model().is(model) {
        let message = format!("{} is no {}", row.repr(), model.name);
        return Err(Error::misuse(Misuse::Type, message));
    }
    row.new_row(db)
}

fn fields(model: &'static ModelMeta, names: &[&str]) -> Result<Vec<(usize, &'static FieldMeta)>> {
    if names.is_empty() {
        return Err(Error::misuse(
            Misuse::Value,
            "Field names must be given to bulk_update().",
        ));
    }
    let mut fields = Vec::with_capacity(names.len());
    for name in names {
        if model.many_to_many.iter().any(|relation| relation.name == *name) {
            let message = "bulk_update() can only be used with concrete fields.";
            return Err(Error::misuse(Misuse::Value, message));
        }
        let place = |field: &&FieldMeta| *name != "pk" && (field.name == *name || field.attname() == *name);
        let found = model.fields.iter().enumerate().find(|(_, field)| place(field));
        fields.push(found.ok_or_else(|| no_field(model, name))?);
    }
    if fields.iter().any(|(_, field)| field.primary_key) {
        let message = "bulk_update() cannot be used with primary key fields.";
        return Err(Error::misuse(Misuse::Value, message));
    }
    Ok(fields)
}

/// One UPDATE: for each field a case for each row.
fn changes_of(model: &'static ModelMeta, fields: &[(usize, &'static FieldMeta)], rows: &[Record]) -> Result<Changes> {
    let mut set = Vec::with_capacity(fields.len());
    for (at, field) in fields {
        let ty = field.column_type();
        let mut whens = Vec::with_capacity(rows.len());
        for row in rows {
            let pending = row.pending.iter().find(|(other, _)| other == at);
            let value = match (pending, row.values().get(*at).and_then(Option::as_ref)) {
                (Some((_, expr)), _) => expr.resolve(&Scope::of(model))?,
                (None, Some(value)) => {
                    check(model, std::iter::once((*field, value)))?;
                    Expr::Value(value.clone())
                }
                // It was not loaded, and stays as it is.
                (None, None) => Expr::Column {
                    path: Path::root(),
                    field,
                },
            };
            let key = Expr::key(Path::root(), model);
            let this = Operand::One(Expr::Value(row.pk().clone()));
            whens.push((Condition::lookup(key, &lookup::EXACT, this), value));
        }
        let default = Expr::Value(Value::Null(ty.kind()));
        set.push((*field, Expr::Case(Box::new(Case { whens, default, ty }))));
    }
    let keys = rows.iter().map(|row| row.pk().clone()).collect();
    Ok((DynQuerySet::by_keys(model, keys), set))
}
