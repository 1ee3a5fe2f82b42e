//! New rows, and the numbers that SQLite gives them.

use super::super::bind::bind_all;
use super::super::raw::{Raw, Step};
use super::rows::{Ignore, Rows};
use super::run::Run;
use super::{Place, SHORT, SqliteConnection, done};
use crate::exec::outcome::{Done, Failure, Inserted};
use crate::exec::{NumberedRows, Statement, Work};
use crate::value::Value;
use std::sync::Arc;

impl SqliteConnection {
    /// Runs an INSERT of one row within a transaction, if nothing is to be waited for. `None`: nothing was
    /// done.
    pub(crate) fn insert_now<'v>(
        &mut self,
        sql: &Arc<str>,
        values: impl Iterator<Item = &'v Value>,
    ) -> Result<Option<Inserted>, Failure> {
        let inserted = self.write_now(sql, values, |_| (), last_id)?;
        Ok(inserted.map(|(id, owes)| {
            if owes {
                self.watch.begin_slice();
            }
            Inserted { id, owes }
        }))
    }

    /// Runs a statement without rows that writes no more than it has values for, if nothing is to be waited
    /// for; and whether the thread is to be given back for a moment then. `None`: nothing was done.
    pub(super) fn execute_now(&mut self, statement: &Statement, before: i64) -> Result<Option<(Done, bool)>, Failure> {
        if !is_short(statement) || !statement.columns.is_empty() {
            return Ok(None);
        }
        self.write_now(&statement.sql, statement.args.iter(), |_| (), |raw| done(raw, before))
    }

    /// Whether it can tell the keys of new rows while it inserts them.
    pub(crate) async fn tells_numbers(&mut self, rows: &NumberedRows<'_>) -> Result<bool, Failure> {
        Ok(self.here().await?.numbers_are_keys(rows.table, rows.key))
    }

    /// Runs an INSERT of some rows whose key SQLite numbers, and gives the keys in their order.
    ///
    /// `None`, and nothing is inserted, where they are not known for certain.
    pub(crate) async fn insert_numbered(
        &mut self,
        statement: &Statement,
        rows: &NumberedRows<'_>,
    ) -> Result<Option<Vec<i64>>, Failure> {
        let [begin, end, undo] = if self.in_transaction().await? {
            [
                "SAVEPOINT orm_numbered",
                "RELEASE SAVEPOINT orm_numbered",
                "ROLLBACK TO SAVEPOINT orm_numbered; RELEASE SAVEPOINT orm_numbered",
            ]
        } else {
            ["BEGIN IMMEDIATE", "COMMIT", "ROLLBACK"]
        };
        self.control(begin).await?;
        let mut result = self.collect_numbers(statement, rows).await;
        if let Ok(Some(_)) = result
            && let Err(failure) = self.control(end).await
        {
            result = Err(failure);
        }
        if !matches!(result, Ok(Some(_))) {
            let undone = self.control(undo).await;
            if result.is_ok() {
                undone?;
            }
            // Else the error counts, after which SQLite may have undone everything by itself.
        }
        result
    }

    /// The same without a way back: the rows are inserted in any case.
    async fn collect_numbers(
        &mut self,
        statement: &Statement,
        rows: &NumberedRows<'_>,
    ) -> Result<Option<Vec<i64>>, Failure> {
        let collect = |raw: &mut Raw| raw.collect_numbers(rows.table, rows.count);
        let certain = |raw: &mut Raw| certain_numbers(raw, rows);
        if is_short(statement)
            && let Some((numbers, owes)) = self.write_now(&statement.sql, statement.args.iter(), collect, certain)?
        {
            if owes {
                self.give_way().await;
            }
            return Ok(numbers);
        }
        let mut run = self.start(statement).await?;
        collect(run.connection.here().await?);
        run.turn(Rows::new(statement, Ignore, usize::MAX), None).await?;
        let numbers = certain_numbers(run.connection.here().await?, rows);
        if run.owes() {
            run.connection.give_way().await;
        }
        Ok(numbers)
    }

    /// Runs a statement that writes no more rows than it has values for, with the values where they are.
    /// Gives what is found `after` it, and whether the thread is to be given back for a moment. `None`: there
    /// is something to be waited for, and nothing was done.
    fn write_now<'v, T>(
        &mut self,
        sql: &Arc<str>,
        values: impl Iterator<Item = &'v Value>,
        before: impl FnOnce(&mut Raw),
        after: impl FnOnce(&mut Raw) -> T,
    ) -> Result<Option<(T, bool)>, Failure> {
        let Place::Here(raw) = &mut self.raw else {
            return Ok(None);
        };
        if self.syncs {
            return Ok(None);
        }
        match raw.start(sql) {
            Ok(started) if !started.slow => {}
            Err(error) if !error.is_busy() => return Err(error.into()),
            _ => {
                raw.stop();
                return Ok(None);
            }
        }
        self.watch.begin(!raw.in_transaction());
        let run = Run::new(self, sql, false);
        let Place::Here(raw) = &mut run.connection.raw else {
            return Ok(None);
        };
        before(raw);
        Ok(match raw.run::<Failure>(|arguments| bind_all(values, arguments))? {
            Step::Row | Step::Done => Some((after(raw), run.owes())),
            Step::Busy | Step::OutOfTime => None,
        })
    }
}

/// Whether what it writes is bound and written within a slice.
fn is_short(statement: &Statement) -> bool {
    statement.work == Work::WriteKnown && statement.args.len() <= SHORT
}

/// The number of the row that the last statement inserted; 0 where it inserted none, as a trigger may wish.
fn last_id(raw: &mut Raw) -> u64 {
    match raw.changes() {
        0 => 0,
        _ => raw.last_insert_id().unsigned_abs(),
    }
}

/// The numbers of the rows that the last statement inserted, if they are those for certain.
fn certain_numbers(raw: &mut Raw, rows: &NumberedRows<'_>) -> Option<Vec<i64>> {
    let numbers = raw.take_numbers();
    // SQLite tells of each row that the statement inserts, and of those that its triggers insert
    // into the same table; but only the former are counted as changes.
    let inserted = usize::try_from(raw.changes()).unwrap_or(0);
    let certain = numbers.len() == rows.count && inserted == rows.count && raw.numbers_are_keys(rows.table, rows.key);
    certain.then_some(numbers)
}
