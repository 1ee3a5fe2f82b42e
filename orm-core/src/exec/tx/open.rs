//! `OpenTx`: a transaction that stays open until somebody ends it.

use super::{Db, Guard, Tx, begin};
use crate::error::Result;

/// A transaction, or a savepoint within one, that is begun and ended by calls of their own: for tools
/// that read their statements one by one. Programs have [`Db::atomic`], which ends it whatever happens.
///
/// Dropping it rolls it back.
pub struct OpenTx(Guard);

impl OpenTx {
    /// Begins a transaction.
    ///
    /// # Errors
    /// What the database says.
    pub async fn begin(db: &Db) -> Result<Self> {
        begin(db.clone(), db.lease(true).await?).await.map(OpenTx)
    }

    /// Makes a savepoint, within which statements run until it is ended.
    ///
    /// # Errors
    /// What the database says.
    pub async fn savepoint(&self) -> Result<Self> {
        self.0.tx.savepoint().await.map(OpenTx)
    }

    /// Where its statements run.
    pub fn tx(&self) -> &Tx {
        &self.0.tx
    }

    /// Commits it, or releases the savepoint.
    ///
    /// # Errors
    /// What the database says: deferred constraints are checked at the end. It is rolled back then.
    pub async fn commit(mut self) -> Result<()> {
        for callback in self.0.succeed().await? {
            callback();
        }
        Ok(())
    }

    /// Undoes what was done in it.
    pub async fn roll_back(mut self) {
        self.0.fail().await;
    }
}

impl std::fmt::Debug for OpenTx {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("OpenTx").field(&self.0.tx).finish()
    }
}
