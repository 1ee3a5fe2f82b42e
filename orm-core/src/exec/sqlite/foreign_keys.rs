//! Which foreign key failed: SQLite says only that one did.
//!
//! `PRAGMA foreign_key_check` finds the rows that refer to nothing while they are still there: in
//! the transaction that cannot be committed, or in one in which the statement runs once more.

use crate::error::{Error, IntegrityKind, Result};
use crate::exec::lease::Lease;
use crate::exec::{Backend, BoxFuture, Db, Statement, Work, once, tx};
use crate::meta::ColumnType;
use crate::queryset::ValuesReader;
use crate::value::{Kind, Value};

/// Completes the error of a statement that failed outside of a transaction.
pub(crate) async fn explain_statement(db: &Db, lease: Lease, statement: &Statement, error: Error) -> Error {
    if !is_unexplained(&error) {
        return error;
    }
    match boxed_repeat(db, lease, statement).await {
        Ok(Some(place)) => place.complete(error),
        Ok(None) | Err(_) => error,
    }
}

/// Boxed by a plain function, so that it is compiled here and not anew in each crate that runs queries.
fn boxed_repeat<'a>(db: &'a Db, lease: Lease, statement: &'a Statement) -> BoxFuture<'a, Option<Place>> {
    Box::pin(repeat(db, lease, statement))
}

/// Completes the error of a commit; the transaction is still open.
pub(crate) async fn explain_commit(lease: &mut Lease, error: Error) -> Error {
    if !is_unexplained(&error) {
        return error;
    }
    match find(lease).await {
        Ok(Some(place)) => place.complete(error),
        Ok(None) | Err(_) => error,
    }
}

fn is_unexplained(error: &Error) -> bool {
    matches!(
        error,
        Error::Integrity {
            kind: IntegrityKind::ForeignKey,
            table: None,
            ..
        }
    )
}

/// Runs the statement in a transaction that is rolled back.
async fn repeat(db: &Db, lease: Lease, statement: &Statement) -> Result<Option<Place>> {
    let mut guard = tx::begin(db.clone(), lease).await?;
    let place = {
        let mut held = guard.tx().hold().await?;
        let lease = held.lease()?;
        // Not every key is declared as deferred.
        once!(lease.control("PRAGMA defer_foreign_keys = ON"))?;
        lease.probe(Backend::Sqlite, statement, Ignore).await?;
        find(lease).await?
    };
    guard.fail().await;
    Ok(place)
}

struct Place {
    table: String,
    columns: Vec<String>,
}

impl Place {
    fn complete(self, error: Error) -> Error {
        match error {
            Error::Integrity {
                kind,
                constraint,
                message,
                ..
            } => Error::Integrity {
                kind,
                constraint,
                table: Some(self.table),
                columns: self.columns,
                message,
            },
            other => other,
        }
    }
}

async fn find(lease: &mut Lease) -> Result<Option<Place>> {
    let kinds = [Kind::Text, Kind::Int, Kind::Text, Kind::Int];
    let broken = probe(lease, "PRAGMA foreign_key_check".to_owned(), &kinds).await?;
    let Some([Value::Text(table), _, _, Value::Int(key)]) = broken.first().map(Vec::as_slice) else {
        return Ok(None);
    };
    let kinds = [Kind::Int, Kind::Int, Kind::Text, Kind::Text];
    let sql = format!("PRAGMA foreign_key_list(\"{}\")", table.replace('"', "\"\""));
    let keys = probe(lease, sql, &kinds).await?;
    let columns = keys
        .iter()
        .filter_map(|row| match row.as_slice() {
            [Value::Int(id), _, _, Value::Text(column)] if id == key => Some(column.clone()),
            _ => None,
        })
        .collect();
    Ok(Some(Place {
        table: table.clone(),
        columns,
    }))
}

async fn probe(lease: &mut Lease, sql: String, kinds: &[Kind]) -> Result<Vec<Vec<Value>>> {
    let columns = kinds.iter().map(|kind| ColumnType::of_kind(*kind)).collect();
    let statement = Statement {
        sql: sql.into(),
        args: Vec::new(),
        columns,
        work: Work::Read,
    };
    lease
        .probe(Backend::Sqlite, &statement, ValuesReader(kinds.to_vec()))
        .await
}

struct Ignore;

impl crate::exec::RowReader for Ignore {
    type Out = ();

    fn read<S: crate::exec::Source>(&mut self, _: &mut S) -> Result<()> {
        Ok(())
    }
}
