//! `Session`: one connection, for tools that write their own SQL.

use super::lease::Lease;
use super::{Backend, Db, Statement, Work};
use crate::error::{Error, Result};
use crate::meta::ColumnType;
use crate::queryset::ValuesReader;
use crate::value::{Kind, Value};

/// One connection of a [`Db`], with SQL as it is written: for migrations, the shell and tests.
///
/// What it leaves behind (an open transaction, settings) ends with it. Over SQLite it is the
/// connection that writes, so nothing else writes meanwhile.
pub struct Session {
    db: Db,
    /// there until the end
    lease: Option<Lease>,
}

impl Session {
    pub(crate) fn new(db: Db, mut lease: Lease) -> Self {
        lease.mark_dirty(true);
        Session { db, lease: Some(lease) }
    }

    /// Which database it is.
    pub fn backend(&self) -> Backend {
        self.db.backend()
    }

    /// Runs one statement, with the database's own placeholders, and gives the number of rows that
    /// it changed.
    ///
    /// # Errors
    /// What the database says.
    pub async fn execute(&mut self, sql: &str, args: &[Value]) -> Result<u64> {
        let statement = statement(sql, args, &[]);
        let (db, lease) = self.parts()?;
        Ok(lease.execute(db.context(), &statement).await?.affected)
    }

    /// Runs any number of statements, which are not prepared.
    ///
    /// # Errors
    /// What the database says of the first that fails.
    pub async fn execute_script(&mut self, sql: &str) -> Result<()> {
        if sql.trim().is_empty() {
            return Ok(());
        }
        let (db, lease) = self.parts()?;
        lease.script(db.context(), sql).await?;
        Ok(())
    }

    /// The rows of one statement, whose columns are of these kinds.
    ///
    /// # Errors
    /// What the database says, [`Error::Decode`] where a cell is of another kind.
    pub async fn fetch(&mut self, sql: &str, args: &[Value], kinds: &[Kind]) -> Result<Vec<Vec<Value>>> {
        let statement = statement(sql, args, kinds);
        let (db, lease) = self.parts()?;
        lease
            .fetch(db.context(), &statement, ValuesReader(kinds.to_vec()))
            .await
    }

    /// Gives the connection back.
    pub async fn release(mut self) {
        if let Some(lease) = self.lease.take() {
            clean(self.backend(), lease).await;
        }
    }

    fn parts(&mut self) -> Result<(&Db, &mut Lease)> {
        match &mut self.lease {
            Some(lease) => Ok((&self.db, lease)),
            None => Err(Error::Transaction("the session has ended".to_owned())),
        }
    }
}

fn statement(sql: &str, args: &[Value], kinds: &[Kind]) -> Statement {
    let columns = kinds.iter().map(|kind| ColumnType::of_kind(*kind)).collect();
    Statement {
        sql: sql.into(),
        args: args.to_vec(),
        columns,
        work: Work::WriteAny,
    }
}

/// Nobody knows what was set in it: SQLite's only writer is put in order, others are closed.
async fn clean(backend: Backend, mut lease: Lease) {
    if backend != Backend::Sqlite {
        return lease.close().await;
    }
    if let Err(error) = lease.restore().await {
        tracing::debug!(target: "orm::sql", %error, "a session could not be put in order");
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        let Some(mut lease) = self.lease.take() else { return };
        let backend = self.backend();
        match tokio::runtime::Handle::try_current() {
            Ok(runtime) if backend == Backend::Sqlite => {
                runtime.spawn(clean(backend, lease));
            }
            _ if backend == Backend::Sqlite => drop(lease),
            _ => lease.mark_broken(),
        }
    }
}
