//! `select_for_update`: rows that stay as they are up to the end of the transaction.

use super::QuerySet;
use crate::fields::{FieldSet, One, ToOne, root};
use crate::model::Model;
use crate::query::Lock;
use crate::row::Extras;
use std::marker::PhantomData;

/// How rows are locked; [`QuerySet::select_for_update_with`] hands it out.
pub struct RowLock<M> {
    lock: Lock,
    marker: PhantomData<fn() -> M>,
}

impl<M: Model> RowLock<M> {
    /// An error at once where another transaction has locked a row, rather than waiting for it.
    #[must_use]
    pub fn nowait(mut self) -> Self {
        self.lock.nowait = true;
        self
    }

    /// Leaves out the rows that another transaction has locked, rather than waiting for it.
    #[must_use]
    pub fn skip_locked(mut self) -> Self {
        self.lock.skip_locked = true;
        self
    }

    /// Lets others refer to the rows meanwhile, whose keys stay as they are. PostgreSQL alone has it.
    #[must_use]
    pub fn no_key(mut self) -> Self {
        self.lock.no_key = true;
        self
    }

    /// Locks only the rows at the end of this path, and of those given before: `of(|b| b)` is the row
    /// itself, `of(|b| b.publisher())` one that `select_related` reads. PostgreSQL and MySQL have it.
    #[must_use]
    pub fn of<F: FieldSet<Root = M, Card: ToOne>>(mut self, path: impl FnOnce(M::Fields<M, One>) -> F) -> Self {
        self.lock.of.push(path(root::<M>()).path().clone());
        self
    }
}

impl<M: Model, X: Extras> QuerySet<M, X> {
    /// Locks the rows that are read up to the end of the transaction: another transaction that wants
    /// to change or to lock them waits.
    ///
    /// Reading them outside of a transaction is [`Error::Transaction`](crate::Error::Transaction), on
    /// every database. SQLite has no locks of rows, and there it is
    /// [`Error::NotSupported`](crate::Error::NotSupported): a transaction of
    /// [`atomic`](crate::Db::atomic) is the only one that writes from its beginning on. A condition on a
    /// window does not go with it.
    ///
    /// ```text
    /// db.atomic(async |tx| {
    ///     let mut book = Book::objects().select_for_update().get(&tx, q!(id = 1)).await?;
    ///     book.pages += 1;
    ///     book.save(&tx).await
    /// }).await?;
    /// ```
    #[must_use]
    pub fn select_for_update(self) -> Self {
        self.select_for_update_with(|lock| lock)
    }

    /// The same with options: `select_for_update_with(|lock| lock.skip_locked())`. One that a database
    /// does not have is [`Error::NotSupported`](crate::Error::NotSupported), and nothing is read; SQLite
    /// has none of them.
    #[must_use]
    pub fn select_for_update_with(mut self, options: impl FnOnce(RowLock<M>) -> RowLock<M>) -> Self {
        let lock = RowLock {
            lock: Lock::default(),
            marker: PhantomData,
        };
        self.query.more_mut().lock = Some(options(lock).lock);
        self
    }
}
