//! `Tx`: a transaction.

mod open;
mod stack;

pub use open::OpenTx;

use super::lease::{Context, Lease, Progress};
use super::{Backend, Db, lock, once};
use crate::error::{Aftermath, Error, Result};
use stack::{Callback, Ending, ROOT, Stack};
use std::sync::{Arc, Mutex};

const INTERRUPTED: &str = "a statement in it was interrupted when its future was dropped. It can only be rolled back";

/// A transaction, as [`Db::atomic`] hands it out. Clones are the same transaction, and cheap.
///
/// Its statements run one after the other, whoever sends them. After the end of the `atomic` that
/// gave it, every use is an error.
#[derive(Clone)]
pub struct Tx {
    shared: Arc<Shared>,
    /// the savepoint whose end is this handle's end
    level: u64,
}

struct Shared {
    db: Db,
    /// there until the end
    lease: tokio::sync::Mutex<Option<Lease>>,
    stack: Mutex<Stack>,
}

impl Tx {
    /// Runs `f` in a savepoint: `Err`, a panic and dropping the future undo what it did, and the
    /// transaction goes on.
    ///
    /// # Errors
    /// That of `f`, or of the database.
    pub async fn atomic<T, F, Fut>(&self, f: F) -> Result<T>
    where
        F: FnOnce(Tx) -> Fut,
        Fut: Future<Output = Result<T>>,
    {
        self.atomic_with(f).await
    }

    /// As [`atomic`](Self::atomic), for an error type of the user's own.
    ///
    /// # Errors
    /// As [`atomic`](Self::atomic).
    pub async fn atomic_with<T, E, F, Fut>(&self, f: F) -> Result<T, E>
    where
        E: From<Error>,
        F: FnOnce(Tx) -> Fut,
        Fut: Future<Output = Result<T, E>>,
    {
        run(self.savepoint().await?, f).await
    }

    /// Runs `f` after the transaction was committed; never, if it is not, or if the savepoint that
    /// is the innermost now is rolled back.
    pub fn on_commit(&self, f: impl FnOnce() + Send + 'static) {
        let mut stack = lock(&self.shared.stack);
        match stack.check(self.level) {
            Ok(()) => stack.on_commit(Box::new(f)),
            Err(reason) => tracing::warn!(target: "orm::sql", reason, "on_commit: the transaction is of no use"),
        }
    }

    /// Which database it is.
    pub fn backend(&self) -> Backend {
        self.shared.db.backend()
    }

    pub(crate) fn db(&self) -> &Db {
        &self.shared.db
    }

    pub(crate) fn context(&self) -> Context<'_> {
        self.shared.db.context()
    }

    /// Whether statements may run; and if so, whether savepoints were abandoned.
    fn check(&self) -> Result<bool> {
        let stack = lock(&self.shared.stack);
        stack.check(self.level).map_err(Error::Transaction)?;
        Ok(stack.has_abandoned())
    }

    /// The connection, if no other statement has it and nothing is to be done first.
    pub(crate) fn try_hold(&self) -> Result<Option<Held<'_>>> {
        let Ok(slot) = self.shared.lease.try_lock() else {
            return Ok(None);
        };
        let abandoned = self.check()?;
        let calm = slot.as_ref().is_some_and(|lease| lease.progress() == Progress::Calm);
        let shared = &self.shared;
        Ok((calm && !abandoned).then_some(Held { slot, shared }))
    }

    /// The connection, once no other statement has it.
    pub(crate) async fn hold(&self) -> Result<Held<'_>> {
        let mut held = match self.shared.lease.try_lock() {
            Ok(slot) => Held {
                slot,
                shared: &self.shared,
            },
            Err(_) => {
                self.check()?;
                self.shared.hold().await
            }
        };
        // It may have ended in the meantime.
        let abandoned = self.check()?;
        if abandoned || held.lease()?.progress() != Progress::Calm {
            held.catch_up().await?;
            self.check()?;
        }
        Ok(held)
    }

    async fn savepoint(&self) -> Result<Guard> {
        let mut held = self.hold().await?;
        let id = lock(&self.shared.stack).number();
        held.control(&format!("SAVEPOINT sp_{id}")).await?;
        lock(&self.shared.stack).push(id);
        Ok(Guard {
            tx: Tx {
                shared: Arc::clone(&self.shared),
                level: id,
            },
            ended: false,
        })
    }
}

impl std::fmt::Debug for Tx {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Tx")
            .field("db", &self.shared.db)
            .finish_non_exhaustive()
    }
}

impl Shared {
    async fn hold(&self) -> Held<'_> {
        Held {
            slot: self.lease.lock().await,
            shared: self,
        }
    }
}

/// The connection of a transaction, for one statement.
pub(crate) struct Held<'a> {
    slot: tokio::sync::MutexGuard<'a, Option<Lease>>,
    shared: &'a Shared,
}

impl Held<'_> {
    pub(crate) fn lease(&mut self) -> Result<&mut Lease> {
        self.slot
            .as_mut()
            .ok_or_else(|| Error::Transaction("it has ended".to_owned()))
    }

    /// Notes what the last error means for the transaction.
    pub(crate) fn note_failure(&mut self) {
        let Some(lease) = self.slot.as_mut() else { return };
        let mut stack = lock(&self.shared.stack);
        match lease.take_aftermath() {
            Aftermath::Nothing => {}
            Aftermath::StatementFailed => {
                if self.shared.db.backend() == Backend::Postgres {
                    stack.note_failure();
                }
            }
            #[cfg(any(feature = "sqlite", feature = "mysql"))]
            Aftermath::TransactionLost(reason) => stack.break_with(reason),
            Aftermath::ConnectionLost => stack.break_with("the connection was lost, and it with it"),
        }
    }

    async fn control(&mut self, sql: &str) -> Result<()> {
        let result = once!(self.lease()?.control(sql));
        if result.is_err() {
            self.note_failure();
        }
        result
    }

    async fn undo_savepoint(&mut self, id: u64) -> Result<()> {
        let result = self
            .control(&format!("ROLLBACK TO SAVEPOINT sp_{id}; RELEASE SAVEPOINT sp_{id}"))
            .await;
        if let Err(error) = &result {
            lock(&self.shared.stack).break_with(format!("a savepoint could not be rolled back: {error}"));
        }
        result
    }

    /// Brings the connection into order after futures were dropped.
    async fn catch_up(&mut self) -> Result<()> {
        let progress = self.lease()?.progress();
        let interrupted = progress != Progress::Calm && self.shared.db.backend() == Backend::Postgres;
        match self.shared.db.backend() {
            // The driver cannot know where in the answer it is.
            Backend::MySql { .. } if progress == Progress::Running => {
                self.lease()?.mark_broken();
                lock(&self.shared.stack).break_with(INTERRUPTED);
                return Ok(());
            }
            // An interrupted statement that wrote took the transaction with it.
            #[cfg(feature = "sqlite")]
            Backend::Sqlite if progress != Progress::Calm => {
                self.lease()?.mark_calm();
                if !self.lease()?.in_transaction().await? {
                    lock(&self.shared.stack).break_with(INTERRUPTED);
                    return Ok(());
                }
            }
            Backend::Postgres if interrupted => self.lease()?.settle().await,
            _ => self.lease()?.mark_calm(),
        }
        let mut abandoned = false;
        loop {
            let next = lock(&self.shared.stack).next_abandoned();
            let Some(id) = next else { break };
            self.undo_savepoint(id).await?;
            lock(&self.shared.stack).abandoned_is_done();
            abandoned = true;
        }
        if interrupted && !abandoned {
            // The interrupted statement may have failed; any statement tells.
            self.control("SELECT 1").await.ok();
        }
        Ok(())
    }

    /// Ends the transaction without a commit.
    async fn roll_back(&mut self) {
        lock(&self.shared.stack).end();
        if let Some(mut lease) = self.slot.take()
            && let Err(error) = lease.rollback().await
        {
            tracing::debug!(target: "orm::sql", %error, "ROLLBACK failed, the connection was closed");
        }
    }
}

/// Ends the transaction or the savepoint, however its `atomic` ends.
pub(crate) struct Guard {
    tx: Tx,
    ended: bool,
}

/// Begins a transaction.
pub(crate) async fn begin(db: Db, mut lease: Lease) -> Result<Guard> {
    let sql = match db.backend() {
        // Two transactions that read and then write would fail instead of waiting.
        Backend::Sqlite => "BEGIN IMMEDIATE",
        Backend::Postgres | Backend::MySql { .. } => "BEGIN",
    };
    lease.mark_dirty(true);
    let shared = Shared {
        db,
        lease: tokio::sync::Mutex::new(Some(lease)),
        stack: Mutex::new(Stack::new()),
    };
    // From here on dropping the future rolls back.
    let guard = Guard {
        tx: Tx {
            shared: Arc::new(shared),
            level: ROOT,
        },
        ended: false,
    };
    guard.tx.shared.hold().await.control(sql).await?;
    Ok(guard)
}

/// Runs the body of an `atomic`.
pub(crate) async fn run<T, E, F, Fut>(mut guard: Guard, f: F) -> Result<T, E>
where
    E: From<Error>,
    F: FnOnce(Tx) -> Fut,
    Fut: Future<Output = Result<T, E>>,
{
    match f(guard.tx.clone()).await {
        Ok(value) => {
            for callback in guard.succeed().await? {
                callback();
            }
            Ok(value)
        }
        Err(error) => {
            guard.fail().await;
            Err(error)
        }
    }
}

impl Guard {
    /// The transaction.
    #[cfg(feature = "sqlite")]
    pub(crate) fn tx(&self) -> &Tx {
        &self.tx
    }

    async fn succeed(&mut self) -> Result<Vec<Callback>> {
        let result = match self.tx.level {
            ROOT => self.commit().await,
            id => self.release(id).await.map(|()| Vec::new()),
        };
        self.ended = true;
        result
    }

    async fn commit(&self) -> Result<Vec<Callback>> {
        let shared = &self.tx.shared;
        let mut held = shared.hold().await;
        held.catch_up().await.ok();
        let refusal = lock(&shared.stack).refusal();
        if let Some(reason) = refusal {
            held.roll_back().await;
            return Err(Error::Transaction(reason));
        }
        match held.control("COMMIT").await {
            Ok(()) => {
                held.lease()?.mark_dirty(false);
                // The connection is free for others before the callbacks run.
                held.slot.take();
                Ok(lock(&shared.stack).end())
            }
            Err(error) => {
                #[cfg(feature = "sqlite")]
                let error = match (shared.db.backend(), held.lease()) {
                    (Backend::Sqlite, Ok(lease)) => super::sqlite::explain_commit(lease, error).await,
                    _ => error,
                };
                held.roll_back().await;
                Err(error)
            }
        }
    }

    async fn release(&self, id: u64) -> Result<()> {
        let shared = &self.tx.shared;
        let mut held = shared.hold().await;
        held.catch_up().await.ok();
        let ending = lock(&shared.stack).ending(id);
        match ending {
            Ending::Release => {
                if let Err(error) = held.control(&format!("RELEASE SAVEPOINT sp_{id}")).await {
                    let mut stack = lock(&shared.stack);
                    stack.break_with(format!("a savepoint could not be released: {error}"));
                    stack.roll_back(id);
                    return Err(error);
                }
                lock(&shared.stack).released(id);
                Ok(())
            }
            Ending::RollBack(reason) => {
                lock(&shared.stack).roll_back(id);
                held.undo_savepoint(id).await?;
                Err(Error::Transaction(reason))
            }
            Ending::Refuse(reason) => Err(Error::Transaction(reason)),
        }
    }

    /// Undoes everything since the beginning.
    pub(crate) async fn fail(&mut self) {
        let shared = &self.tx.shared;
        match self.tx.level {
            ROOT => {
                // From this moment on every use of a clone is an error.
                lock(&shared.stack).end();
                shared.hold().await.roll_back().await;
            }
            id => {
                let mut held = shared.hold().await;
                held.catch_up().await.ok();
                let sensible = lock(&shared.stack).roll_back(id);
                if sensible && let Err(error) = held.undo_savepoint(id).await {
                    tracing::debug!(target: "orm::sql", %error, "ROLLBACK TO SAVEPOINT failed");
                }
            }
        }
        self.ended = true;
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        if self.ended {
            return;
        }
        let shared = &self.tx.shared;
        match self.tx.level {
            ROOT => {
                lock(&shared.stack).end();
                let shared = Arc::clone(shared);
                match tokio::runtime::Handle::try_current() {
                    Ok(runtime) => {
                        runtime.spawn(async move { shared.hold().await.roll_back().await });
                    }
                    // The connection goes back as it is, and whoever takes it next rolls back.
                    Err(_) => drop(shared.lease.try_lock().ok().and_then(|mut slot| slot.take())),
                }
            }
            id => lock(&shared.stack).abandon(id),
        }
    }
}
