//! New rows on their way into the database, in as few statements as can be.

use super::written::Written;
use crate::compiler::{self, Batch, Existing, NewRow};
use crate::error::{Error, Result};
use crate::exec::{Backend, BoxFuture, Executor, Handle, NumberedRows, RowReader, Source, Statement, TakenRow};
use crate::meta::{FieldMeta, ModelMeta};
use crate::model::Model;
use crate::queryset::ValuesReader;
use crate::value::Value;
use smallvec::{SmallVec, smallvec};

/// New rows of one model, complete and checked.
pub(crate) struct NewRows {
    pub(super) model: &'static ModelMeta,
    batches: Vec<Batch>,
}

impl NewRows {
    pub(crate) fn new(model: &'static ModelMeta) -> Self {
        NewRows {
            model,
            batches: Vec::new(),
        }
    }

    /// Adds a row; about so many are to follow.
    pub(crate) fn push(&mut self, row: NewRow, to_follow: usize) {
        match self.batches.last_mut() {
            Some(batch) if batch.takes(&row) => batch.push(row, to_follow),
            _ => self.batches.push(Batch::of(self.model, row)),
        }
    }

    /// In pieces that the database takes at once.
    pub(crate) fn cut(&mut self, backend: Backend) {
        let batches = std::mem::take(&mut self.batches);
        self.batches = batches.into_iter().flat_map(|batch| pieces(batch, backend)).collect();
    }

    /// Whether there is nothing to insert.
    pub(super) fn is_empty(&self) -> bool {
        self.batches.is_empty()
    }

    /// Whether all go in at once or none, without a transaction.
    pub(crate) fn is_one_statement(&self, backend: Backend) -> bool {
        match self.batches.as_slice() {
            [] => true,
            [batch] => match Way::of(batch, backend) {
                Way::Execute | Way::Returning | Way::Numbered | Way::Collected | Way::LastId => true,
                Way::Ask => false,
            },
            _ => false,
        }
    }

    /// Inserts rows some of which may be there already. Gives the keys of all, in order, where `keys` asks
    /// for them and the database can tell.
    pub(crate) async fn insert_over(self, existing: &Existing<'_>, keys: bool, db: Handle<'_>) -> Result<Vec<Value>> {
        let backend = db.backend();
        let keys = keys && backend.has_returning();
        let mut told = Vec::new();
        for batch in self.batches {
            let statement = compiler::insert_over(batch, existing, keys, backend)?;
            if keys {
                let rows = db.fetch(&statement, ValuesReader::of(&statement.columns)).await?;
                told.extend(rows.into_iter().flatten());
            } else {
                db.execute(&statement).await?;
            }
        }
        Ok(told)
    }

    /// Their model.
    pub(crate) fn model(&self) -> &'static ModelMeta {
        self.model
    }

    /// How many statements it takes, at least.
    pub(crate) fn statements(&self) -> usize {
        self.batches.len()
    }

    /// Inserts the rows, all or none, and gives their number; nothing is read back.
    pub(crate) async fn insert_unread(mut self, db: Handle<'_>) -> Result<u64> {
        self.cut(db.backend());
        let many = self
            .batches
            .iter()
            .any(|batch| compiler::wants_copy(batch, db.backend()));
        // A COPY whose future is dropped leaves a connection that has to be closed, and with it what a
        // transaction of the user's has done so far.
        let copy = many && !db.in_transaction() && db.fetch_any(&compiler::copies(self.model)).await?;
        if self.batches.len() > 1 {
            return db.atomic(async move |tx| self.send(copy, tx.handle()).await).await;
        }
        self.send(copy, db).await
    }

    async fn send(self, copy: bool, db: Handle<'_>) -> Result<u64> {
        let mut inserted = 0;
        for batch in self.batches {
            let statement = if copy && compiler::wants_copy(&batch, db.backend()) {
                compiler::copy(batch)?
            } else {
                compiler::insert(batch, false, db.backend())?
            };
            inserted += db.execute(&statement).await?;
        }
        Ok(inserted)
    }

    /// Inserts the rows, and gives the values of each as they are in the database.
    pub(crate) async fn insert_values(self, db: Handle<'_>) -> Result<Vec<Vec<Value>>> {
        let mut rows = Vec::with_capacity(self.batches.iter().map(|batch| batch.count).sum());
        for batch in self.batches {
            let mut written = boxed_insert(batch, db).await?.rows();
            let mut row = Vec::new();
            while written.next_into(&mut row) {
                rows.push(std::mem::take(&mut row));
            }
        }
        Ok(rows)
    }

    /// Inserts the rows, and gives them as they are in the database.
    ///
    /// One query for each batch; on a MySQL without RETURNING one for each row.
    pub(super) async fn insert<M: Model>(self, db: Handle<'_>) -> Result<Vec<M>> {
        let mut rows = Vec::with_capacity(self.batches.iter().map(|batch| batch.count).sum());
        for batch in self.batches {
            boxed_insert(batch, db).await?.read(&mut rows)?;
        }
        Ok(rows)
    }
}

/// Inserts one row, complete and checked, and gives it as it is in the database.
pub(super) async fn insert_one<M: Model>(row: NewRow, db: Handle<'_>) -> Result<M> {
    let batch = Batch::of(M::meta(), row);
    // Most rows lack their number only, which needs no more than this.
    if let [gap] = batch.left_out.as_slice() {
        let gap = *gap;
        let (mut statement, mut key) = match Way::of(&batch, db.backend()) {
            Way::LastId => {
                let statement = compiler::insert(batch, false, db.backend())?;
                let key = last_id(M::meta(), db.insert_id(&statement).await?)?;
                (statement, key)
            }
            Way::Returning if M::meta().fields[gap].auto() => boxed_returned_key(batch, db).await?,
            _ => return boxed_insert(batch, db).await?.into_row(),
        };
        return M::decode(&mut TakenRow::with(&mut statement.args, gap, &mut key), 0);
    }
    boxed_insert(batch, db).await?.into_row()
}

/// Boxed by a plain function, so that it is compiled here and not anew in each crate that inserts.
fn boxed_insert(batch: Batch, db: Handle<'_>) -> BoxFuture<'_, Written> {
    Box::pin(insert(batch, db))
}

/// As [`boxed_insert`].
fn boxed_returned_key(batch: Batch, db: Handle<'_>) -> BoxFuture<'_, (Statement, Value)> {
    Box::pin(returned_key(batch, db))
}

/// Inserts one row, and gives the statement that did and the number that it returned.
async fn returned_key(batch: Batch, db: Handle<'_>) -> Result<(Statement, Value)> {
    let model = batch.model;
    let statement = compiler::insert(batch, true, db.backend())?;
    let mut keys = db.fetch(&statement, KeyReader).await?;
    match (keys.pop(), keys.len()) {
        (Some(key), 0) => Ok((statement, key)),
        (last, others) => Err(miscounted(model, 1, others + usize::from(last.is_some()))),
    }
}

/// As [`insert_one`], for a row without a type: gives the values of all columns.
pub(crate) async fn insert_values(model: &'static ModelMeta, row: NewRow, db: Handle<'_>) -> Result<Vec<Value>> {
    let mut values = Vec::new();
    boxed_insert(Batch::of(model, row), db)
        .await?
        .rows()
        .next_into(&mut values);
    Ok(values)
}

/// A batch in pieces that the database takes at once.
pub(crate) fn pieces(batch: Batch, backend: Backend) -> impl Iterator<Item = Batch> {
    let mut left = Some(batch);
    std::iter::from_fn(move || {
        let mut batch = left.take()?;
        let rest = batch.split_off(compiler::new_rows_at_once(batch.count, batch.width(), backend));
        left = (rest.count > 0).then_some(rest);
        Some(batch)
    })
}

/// From so many rows on, PostgreSQL gives their numbers faster together than in a row each.
const MANY: usize = 256;

/// From so many rows on, SQLite tells their numbers faster while it inserts them.
const SOME: usize = 16;

/// How to learn what the database filled in.
enum Way {
    /// there is nothing to learn
    Execute,
    /// by RETURNING
    Returning,
    /// only the numbers of many rows, which come together
    Numbered,
    /// only the numbers of some rows, which come one by one
    Collected,
    /// the only thing is the number of the only row
    LastId,
    /// row by row: the number, and other columns by a query for them
    Ask,
}

impl Way {
    fn of(batch: &Batch, backend: Backend) -> Self {
        let numbered = matches!(batch.left_out.as_slice(), [key] if is_numbered(&batch.model.fields[*key]));
        match backend {
            _ if batch.left_out.is_empty() => Way::Execute,
            // They tell the number of a row unasked, and SQLite's RETURNING needs a table of its own.
            Backend::Sqlite | Backend::MySql { .. } if numbered && batch.count == 1 => Way::LastId,
            Backend::Sqlite if numbered && batch.count >= SOME => Way::Collected,
            Backend::Postgres if numbered && batch.count >= MANY => Way::Numbered,
            _ if backend.has_returning() => Way::Returning,
            _ => Way::Ask,
        }
    }
}

async fn insert(batch: Batch, db: Handle<'_>) -> Result<Written> {
    let backend = db.backend();
    let (model, count, left_out) = (batch.model, batch.count, batch.left_out.clone());
    let (statement, given) = match Way::of(&batch, backend) {
        Way::Execute => {
            let statement = compiler::insert(batch, false, backend)?;
            db.execute(&statement).await?;
            (statement, SmallVec::new())
        }
        Way::LastId => {
            let statement = compiler::insert(batch, false, backend)?;
            let key = last_id(model, db.insert_id(&statement).await?)?;
            (statement, smallvec![key])
        }
        Way::Numbered => {
            let statement = compiler::insert_numbered(batch, backend)?;
            let given = db.fetch(&statement, NumbersReader).await?;
            (statement, given.into_iter().flatten().collect())
        }
        Way::Collected => {
            let statement = compiler::insert(batch, false, backend)?;
            let (table, key) = (model.table, model.pk().column);
            match db
                .insert_numbered(&statement, &NumberedRows { table, key, count })
                .await?
            {
                Some(numbers) => {
                    let numbers: Vec<Value> = numbers.into_iter().map(Value::Int).collect();
                    (statement, numbers.into())
                }
                None => {
                    let values = statement.args;
                    let batch = Batch {
                        model,
                        count,
                        left_out: left_out.clone(),
                        values,
                    };
                    returning(batch, db).await?
                }
            }
        }
        Way::Returning => returning(batch, db).await?,
        Way::Ask => return ask(batch, db).await,
    };
    if given.len() != count * left_out.len() {
        return Err(miscounted(model, count, given.len() / left_out.len().max(1)));
    }
    Ok(Written {
        model,
        count,
        left_out,
        sent: statement.args,
        given,
    })
}

fn miscounted(model: &ModelMeta, sent: usize, found: usize) -> Error {
    Error::Query(format!(
        "{sent} rows were sent to {}, and the database gave {found} back",
        model.table
    ))
}

/// Whether the database numbers the rows, and so can tell the last number.
pub(super) fn is_numbered(field: &FieldMeta) -> bool {
    field.auto() && field.db_default.is_none()
}

/// Reads the number of a row, which is all that the database fills in nearly always.
struct KeyReader;

impl RowReader for KeyReader {
    type Out = Value;

    fn read<S: Source>(&mut self, row: &mut S) -> Result<Value> {
        row.int(0).map(Value::Int)
    }
}

/// Reads numbers that come together; no row, no bytes.
struct NumbersReader;

impl RowReader for NumbersReader {
    type Out = Vec<Value>;

    fn read<S: Source>(&mut self, row: &mut S) -> Result<Vec<Value>> {
        if row.is_null(0)? {
            return Ok(Vec::new());
        }
        let (numbers, _) = row.bytes(0)?.as_chunks::<8>();
        Ok(numbers
            .iter()
            .map(|bytes| Value::Int(i64::from_be_bytes(*bytes)))
            .collect())
    }
}

/// Inserts rows, and gives the statement that did and what it returned, row after row.
async fn returning(batch: Batch, db: Handle<'_>) -> Result<(Statement, SmallVec<[Value; 1]>)> {
    let only_key = matches!(batch.left_out.as_slice(), [key] if batch.model.fields[*key].auto());
    let statement = compiler::insert(batch, true, db.backend())?;
    let given: Vec<Value> = if only_key {
        db.fetch(&statement, KeyReader).await?
    } else {
        let rows = db.fetch(&statement, ValuesReader::of(&statement.columns)).await?;
        rows.into_iter().flatten().collect()
    };
    Ok((statement, given.into()))
}

/// The number of a new row, as the database told it.
pub(super) fn last_id(model: &'static ModelMeta, id: u64) -> Result<Value> {
    match i64::try_from(id) {
        Ok(0) => Err(Error::Query(format!(
            "the database did not number the new row of {}",
            model.table
        ))),
        Ok(id) => Ok(Value::Int(id)),
        Err(_) => Err(Error::decode(model.label(), "the new key has more than 63 bits")),
    }
}

/// Without RETURNING: the key is the last one numbered, and other columns are read by it.
async fn ask(mut batch: Batch, db: Handle<'_>) -> Result<Written> {
    let (model, count, left_out) = (batch.model, batch.count, batch.left_out.clone());
    let pk = model.pk_index();
    let numbered = left_out.contains(&pk);
    if numbered && !is_numbered(model.pk()) {
        return Err(Error::NotSupported {
            feature: format!("a new {} whose key the database makes up", model.name),
            database: db.backend().name(),
        });
    }
    let rest: Vec<&'static FieldMeta> = batch.filled_in().filter(|field| !field.auto()).collect();
    let key_at = pk - left_out.iter().filter(|index| **index < pk).count();
    let (mut sent, mut given) = (Vec::with_capacity(batch.values.len()), SmallVec::new());
    while batch.count > 0 {
        let others = batch.split_off(1);
        let row = std::mem::replace(&mut batch, others);
        let statement = compiler::insert(row, false, db.backend())?;
        let key = if numbered {
            last_id(model, db.insert_id(&statement).await?)?
        } else {
            db.execute(&statement).await?;
            statement.args[key_at].clone()
        };
        let mut read = if rest.is_empty() {
            Vec::new()
        } else {
            super::save::read_columns(model, &rest, key.clone(), db).await?
        }
        .into_iter();
        given.extend(left_out.iter().filter_map(|index| match model.fields[*index].auto() {
            true => Some(key.clone()),
            false => read.next(),
        }));
        sent.extend(statement.args);
    }
    Ok(Written {
        model,
        count,
        left_out,
        sent,
        given,
    })
}
