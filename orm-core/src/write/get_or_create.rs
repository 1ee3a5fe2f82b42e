//! `get_or_create` and `update_or_create`.

use super::Insert;
use crate::error::{Error, Result};
use crate::exec::{Backend, BoxFuture, Executor, Handle, TakenRow};
use crate::fields::FieldList;
use crate::meta::FieldMeta;
use crate::model::Model;
use crate::query::{Condition, Expr, Lock, Operand, Path, Query, lookup};
use crate::queryset::QuerySet;
use crate::value::Value;

impl<M: Model> Insert<M> {
    /// Looks for a row by these fields; makes one where there is none. Tells whether it was made.
    ///
    /// One query, or two. When two tasks make the same row at once, one of them finds the other's.
    pub fn get_or_create<'e, E: Executor, L: FieldList<M>>(self, db: &'e E, by: L) -> BoxFuture<'e, (M, bool)> {
        let by = fields(by);
        let db = db.handle();
        Box::pin(async move { get_or_create(self, &by, Found::Stays, db).await })
    }

    /// Looks for a row by these fields and sets the others to what was given; makes one where there
    /// is none. Tells whether it was made. Two queries in one transaction, in which the row is locked.
    ///
    /// The row is saved as [`save`](Model::save) does it, hooks included.
    pub fn update_or_create<'e, E: Executor, L: FieldList<M>>(self, db: &'e E, by: L) -> BoxFuture<'e, (M, bool)> {
        let by = fields(by);
        let db = db.handle();
        Box::pin(async move {
            db.atomic(async move |tx| {
                let given = self.values.clone();
                let (row, created) = get_or_create(self, &by, Found::IsChanged, tx.handle()).await?;
                if created {
                    return Ok((row, true));
                }
                let mut values = row.values();
                for ((value, given), field) in values.iter_mut().zip(given).zip(M::meta().fields) {
                    if let (Some(given), false) = (given, by.iter().any(|by| by.name == field.name)) {
                        *value = given;
                    }
                }
                let mut row = M::decode(&mut TakenRow::new(&mut values), 0)?;
                super::save(&mut row, tx.handle()).await?;
                Ok((row, false))
            })
            .await
        })
    }
}

/// What happens to a row that is there already.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Found {
    /// it is given back as it is
    Stays,
    /// it is changed next, so nobody else may change it in between
    IsChanged,
}

fn fields<M: Model, L: FieldList<M>>(by: L) -> Vec<&'static FieldMeta> {
    let mut fields = Vec::new();
    by.push(&mut fields);
    fields
}

async fn get_or_create<M: Model>(
    insert: Insert<M>,
    by: &[&'static FieldMeta],
    found: Found,
    db: Handle<'_>,
) -> Result<(M, bool)> {
    let lock = found == Found::IsChanged && db.backend() != Backend::Sqlite;
    let mut found = find(&insert, by)?;
    if lock {
        // On SQLite a transaction is the only one that writes from its beginning on.
        found.more_mut().lock = Some(Lock::default());
    }
    let get = || -> BoxFuture<'_, M> {
        let found = QuerySet::<M>::from_query(found.clone());
        Box::pin(async move { found.get(&db, |_| ()).await })
    };
    // A savepoint, so that a transaction goes on where another task was faster.
    let make: BoxFuture<'_, M> = if db.in_transaction() {
        Box::pin(db.atomic(async move |tx| insert.run(tx.handle()).await))
    } else {
        Box::pin(insert.run(db))
    };
    get_or_make(get, make).await
}

/// The row that `get` finds, else the one that `make` makes, unless another task was faster. Tells
/// whether it was made.
pub(crate) async fn get_or_make<'a, T>(
    get: impl Fn() -> BoxFuture<'a, T>,
    make: BoxFuture<'a, T>,
) -> Result<(T, bool)> {
    match get().await {
        Err(Error::DoesNotExist { .. }) => {}
        other => return other.map(|row| (row, false)),
    }
    match make.await {
        Err(error) if error.is_unique_violation() => match get().await {
            // Another constraint was meant.
            Err(Error::DoesNotExist { .. }) => Err(error),
            other => other.map(|row| (row, false)),
        },
        other => other.map(|row| (row, true)),
    }
}

/// The query for a row that has the builder's values in these fields.
fn find<M: Model>(insert: &Insert<M>, by: &[&'static FieldMeta]) -> Result<Query> {
    let model = M::meta();
    let mut query = Query::new(model);
    let mut all = Condition::Constant(true);
    for field in by {
        let index = model.fields.iter().position(|f| f.name == field.name);
        let given = index.and_then(|index| insert.values.get(index)).and_then(Option::clone);
        let value = match (given, &field.default) {
            (Some(value), _) => value,
            (None, Some(default)) => (default.value)(),
            (None, None) => {
                let message = format!(
                    "{}.{} is looked for, but the builder does not set it",
                    model.name, field.name
                );
                return Err(Error::Query(message));
            }
        };
        let column = Expr::Column {
            path: Path::root(),
            field,
        };
        all = all.and(Condition::lookup(column, &lookup::EXACT, equal(value)));
    }
    query.filter(all);
    Ok(query)
}

fn equal(value: Value) -> Operand {
    Operand::One(Expr::Value(value))
}
