//! `NewRows`: new rows on their way into the database, in as few statements as can be.

use crate::compiler::{self, NewRow};
use crate::error::{Error, Result};
use crate::exec::{Backend, Handle, RowReader, Source, Statement};
use crate::meta::{FieldMeta, ModelMeta};
use crate::queryset::ValuesReader;
use crate::value::Value;

/// New rows of one model, complete and checked.
pub(super) struct NewRows {
    model: &'static ModelMeta,
    portions: Vec<Portion>,
}

/// Rows that leave the same columns out, as many as go into one statement.
struct Portion {
    rows: Vec<NewRow>,
    /// the columns that the database fills in
    left_out: Vec<&'static FieldMeta>,
}

/// Rows that are in the database now.
pub(super) struct Written {
    model: &'static ModelMeta,
    count: usize,
    left_out: Vec<&'static FieldMeta>,
    /// what was sent, as the statement took it
    sent: Vec<Value>,
    /// what the database gave back, row after row
    given: Vec<Value>,
}

impl NewRows {
    pub(super) fn new(model: &'static ModelMeta, rows: Vec<NewRow>, backend: Backend) -> Self {
        let mut portions: Vec<Portion> = Vec::new();
        for row in rows {
            match portions.last_mut() {
                Some(portion) if portion.takes(&row) => portion.rows.push(row),
                _ => portions.push(Portion::new(model, row)),
            }
        }
        let portions = portions
            .into_iter()
            .flat_map(|portion| portion.split(backend))
            .collect();
        NewRows { model, portions }
    }

    /// Whether all go in at once or none, without a transaction.
    pub(super) fn is_one_statement(&self, backend: Backend) -> bool {
        match self.portions.as_slice() {
            [] => true,
            [portion] => match portion.way(backend) {
                Way::Execute | Way::Returning | Way::Numbered | Way::LastId => true,
                Way::Ask => false,
            },
            _ => false,
        }
    }

    /// One query for each portion; on a MySQL without RETURNING one for each row.
    pub(super) async fn insert(self, db: Handle<'_>) -> Result<Vec<Written>> {
        let mut written = Vec::with_capacity(self.portions.len());
        for portion in self.portions {
            written.push(portion.insert(self.model, db).await?);
        }
        Ok(written)
    }
}

/// From so many rows on, PostgreSQL gives their numbers faster together than in a row each.
const MANY: usize = 256;

/// How to learn what the database filled in.
enum Way {
    /// there is nothing to learn
    Execute,
    /// by RETURNING
    Returning,
    /// only the numbers of many rows, which come together
    Numbered,
    /// the only thing is the number of the only row
    LastId,
    /// row by row: the number, and other columns by a query for them
    Ask,
}

impl Portion {
    fn new(model: &'static ModelMeta, first: NewRow) -> Self {
        let left_out = model.fields.iter().zip(&first).filter(|(_, value)| value.is_none());
        Portion {
            left_out: left_out.map(|(field, _)| field).collect(),
            rows: vec![first],
        }
    }

    /// In pieces that the database takes at once.
    fn split(self, backend: Backend) -> impl Iterator<Item = Portion> {
        let Portion { mut rows, left_out } = self;
        let width = rows.first().map_or(0, |row| row.iter().flatten().count());
        std::iter::from_fn(move || {
            if rows.is_empty() {
                return None;
            }
            let rest = rows.split_off(compiler::new_rows_at_once(rows.len(), width, backend));
            Some(Portion {
                rows: std::mem::replace(&mut rows, rest),
                left_out: left_out.clone(),
            })
        })
    }

    /// Whether the row leaves the same columns out.
    fn takes(&self, row: &NewRow) -> bool {
        let first = self.rows.first();
        first.is_some_and(|first| first.iter().map(Option::is_none).eq(row.iter().map(Option::is_none)))
    }

    fn way(&self, backend: Backend) -> Way {
        match self.left_out.as_slice() {
            [] => Way::Execute,
            // They tell the number of a row unasked, and SQLite's RETURNING needs a table of its own.
            [key] if is_numbered(key) && self.rows.len() == 1 && backend != Backend::Postgres => Way::LastId,
            [key] if key.auto() && self.rows.len() >= MANY && backend == Backend::Postgres => Way::Numbered,
            _ if backend.has_returning() => Way::Returning,
            _ => Way::Ask,
        }
    }

    async fn insert(self, model: &'static ModelMeta, db: Handle<'_>) -> Result<Written> {
        let backend = db.backend();
        let way = self.way(backend);
        let Portion { rows, left_out } = self;
        let count = rows.len();
        let (statement, given) = match way {
            Way::Execute => {
                let statement = compiler::insert(model, rows, &[], backend)?;
                db.execute(&statement).await?;
                (statement, Vec::new())
            }
            Way::LastId => {
                let statement = compiler::insert(model, rows, &[], backend)?;
                let key = last_id(model, &statement, db).await?;
                (statement, vec![key])
            }
            Way::Numbered => {
                let statement = compiler::insert_numbered(model, rows, backend)?;
                let given = db.fetch(&statement, NumbersReader).await?;
                (statement, given.into_iter().flatten().collect())
            }
            Way::Returning => {
                let statement = compiler::insert(model, rows, &left_out, backend)?;
                let given = returned(&statement, &left_out, db).await?;
                (statement, given)
            }
            Way::Ask => return ask(model, rows, &left_out, db).await,
        };
        if given.len() != count * left_out.len() {
            let found = given.len() / left_out.len().max(1);
            return Err(Error::Query(format!(
                "{count} rows were sent to {}, and the database gave {found} back",
                model.table
            )));
        }
        Ok(Written {
            model,
            count,
            left_out,
            sent: statement.args,
            given,
        })
    }
}

/// Whether the database numbers the rows, and so can tell the last number.
fn is_numbered(field: &FieldMeta) -> bool {
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

async fn returned(statement: &Statement, left_out: &[&FieldMeta], db: Handle<'_>) -> Result<Vec<Value>> {
    if matches!(left_out, [key] if key.auto()) {
        return db.fetch(statement, KeyReader).await;
    }
    let rows = db.fetch(statement, ValuesReader::of(&statement.columns)).await?;
    Ok(rows.into_iter().flatten().collect())
}

/// Inserts one row, and gives its number.
async fn last_id(model: &'static ModelMeta, statement: &Statement, db: Handle<'_>) -> Result<Value> {
    let id = db.insert_id(statement).await?;
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
async fn ask(
    model: &'static ModelMeta,
    rows: Vec<NewRow>,
    left_out: &[&'static FieldMeta],
    db: Handle<'_>,
) -> Result<Written> {
    // Before anything is written.
    if left_out.iter().any(|field| field.primary_key && !is_numbered(field)) {
        return Err(Error::Query(format!(
            "a new row of {} needs its key: this database does not tell the one that it would give",
            model.table
        )));
    }
    let rest: Vec<&'static FieldMeta> = left_out.iter().copied().filter(|field| !field.auto()).collect();
    let count = rows.len();
    let mut sent = Vec::with_capacity(count * model.fields.len());
    for mut row in rows {
        let statement = compiler::insert(model, vec![row.clone()], &[], db.backend())?;
        if row[model.pk_index()].is_none() {
            row[model.pk_index()] = Some(last_id(model, &statement, db).await?);
        } else {
            db.execute(&statement).await?;
        }
        if let (false, Some(key)) = (rest.is_empty(), row[model.pk_index()].clone()) {
            let given = super::save::read_columns(model, &rest, key, db).await?;
            let gaps = row.iter_mut().filter(|value| value.is_none());
            for (gap, value) in gaps.zip(given) {
                *gap = Some(value);
            }
        }
        sent.extend(row.into_iter().flatten());
    }
    Ok(Written {
        model,
        count,
        left_out: Vec::new(),
        sent,
        given: Vec::new(),
    })
}

impl Written {
    pub(super) fn len(&self) -> usize {
        self.count
    }

    /// Hands out the values of each row, in the order of the fields.
    pub(super) fn each(self, mut take: impl FnMut(&[Value]) -> Result<()>) -> Result<()> {
        let mut sent = compiler::arguments_by_row(self.sent);
        let mut given = self.given.into_iter();
        let gaps: Vec<bool> = self
            .model
            .fields
            .iter()
            .map(|field| self.left_out.iter().any(|other| std::ptr::eq(*other, field)))
            .collect();
        let mut row = Vec::with_capacity(gaps.len());
        for _ in 0..self.count {
            row.clear();
            row.extend(
                gaps.iter()
                    .map_while(|gap| if *gap { given.next() } else { sent.next() }),
            );
            take(&row)?;
        }
        Ok(())
    }
}
