//! `Executor`: what queries run on, a database or a transaction.

use super::lease::{Context, Lease};
use super::sink::Sink;
use super::tx::Held;
use super::{Backend, Db, Inserted, NumberedRows, Source, Statement, Tx, once};
use crate::error::{Error, Result};
use crate::value::Value;
use std::pin::Pin;
use std::sync::Arc;
use tokio::sync::mpsc::Sender;

/// A boxed future that can be sent to another thread.
pub type BoxFuture<'e, T> = Pin<Box<dyn Future<Output = Result<T>> + Send + 'e>>;

/// A [`Db`] or a [`Tx`], or a reference to one.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a database or a transaction",
    label = "expected `&Db` or `&Tx`"
)]
pub trait Executor: Send + Sync {
    /// Which of the two it is.
    #[doc(hidden)]
    fn handle(&self) -> Handle<'_>;
}

impl Executor for Db {
    fn handle(&self) -> Handle<'_> {
        Handle(Target::Db(self))
    }
}

impl Executor for Tx {
    fn handle(&self) -> Handle<'_> {
        Handle(Target::Tx(self))
    }
}

impl Executor for Handle<'_> {
    fn handle(&self) -> Handle<'_> {
        *self
    }
}

impl Executor for OwnedHandle {
    fn handle(&self) -> Handle<'_> {
        OwnedHandle::handle(self)
    }
}

impl<E: Executor + ?Sized> Executor for &E {
    fn handle(&self) -> Handle<'_> {
        (**self).handle()
    }
}

impl<E: Executor + ?Sized> Executor for Arc<E> {
    fn handle(&self) -> Handle<'_> {
        (**self).handle()
    }
}

/// Makes something of each row.
#[doc(hidden)]
pub trait RowReader: Send + 'static {
    /// What it makes.
    type Out: Send + 'static;

    /// Reads one row.
    ///
    /// # Errors
    /// [`Error::Decode`] where a cell does not fit.
    fn read<S: Source>(&mut self, row: &mut S) -> Result<Self::Out>;
}

/// A borrowed [`Db`] or [`Tx`], which runs statements.
#[doc(hidden)]
#[derive(Clone, Copy)]
pub struct Handle<'a>(Target<'a>);

#[derive(Clone, Copy)]
enum Target<'a> {
    Db(&'a Db),
    Tx(&'a Tx),
}

/// An owned [`Db`] or [`Tx`], for tasks of their own.
#[doc(hidden)]
#[derive(Clone)]
pub struct OwnedHandle(Owned);

#[derive(Clone)]
enum Owned {
    Db(Db),
    Tx(Tx),
}

impl OwnedHandle {
    /// The handle to run statements with.
    pub fn handle(&self) -> Handle<'_> {
        Handle(match &self.0 {
            Owned::Db(db) => Target::Db(db),
            Owned::Tx(tx) => Target::Tx(tx),
        })
    }
}

/// The connection of a statement.
enum Connected<'a> {
    /// from the pool, for this statement
    Own(Lease),
    /// the transaction's
    Tx(Held<'a>),
}

impl Connected<'_> {
    fn lease(&mut self) -> Result<&mut Lease> {
        match self {
            Connected::Own(lease) => Ok(lease),
            Connected::Tx(held) => held.lease(),
        }
    }
}

#[allow(clippy::missing_errors_doc, reason = "all give what the database says")]
impl<'a> Handle<'a> {
    /// Which database it is.
    pub fn backend(self) -> Backend {
        self.context().backend
    }

    /// The present moment, as rows are stamped with it.
    pub fn now(self) -> chrono::DateTime<chrono::Utc> {
        match self.0 {
            Target::Db(db) => db.now(),
            Target::Tx(tx) => tx.db().now(),
        }
    }

    /// The same, owned.
    #[allow(clippy::wrong_self_convention, reason = "a handle is as cheap as a reference")]
    pub fn to_owned(self) -> OwnedHandle {
        OwnedHandle(match self.0 {
            Target::Db(db) => Owned::Db(db.clone()),
            Target::Tx(tx) => Owned::Tx(tx.clone()),
        })
    }

    /// Whether this is a transaction.
    pub fn in_transaction(self) -> bool {
        matches!(self.0, Target::Tx(_))
    }

    /// All rows of a statement.
    pub async fn fetch<R: RowReader>(self, statement: &Statement, reader: R) -> Result<Vec<R::Out>> {
        let mut connected = self.connect(statement.work.writes()).await?;
        let fetched = once!(connected.lease()?.fetch(self.context(), statement, reader));
        match fetched {
            Ok(rows) => Ok(rows),
            Err(error) => Err(self.failed(connected, statement, error).await),
        }
    }

    /// The rows in portions of `size`, until the receiver is dropped.
    ///
    /// Where there is one connection only (in a transaction, and in SQLite's memory), it does not
    /// keep it while it waits for the receiver, who may need it; the rows wait in memory then.
    pub async fn fetch_portions<R: RowReader>(
        self,
        statement: &Statement,
        reader: R,
        size: usize,
        to: Sender<Vec<R::Out>>,
    ) -> Result<()> {
        let buffered = match self.0 {
            Target::Db(db) => db.has_one_connection(statement.work.writes()),
            Target::Tx(_) => true,
        };
        let mut sink = Sink {
            size,
            to,
            buffered,
            left: std::collections::VecDeque::new(),
        };
        let mut connected = self.connect(statement.work.writes()).await?;
        let result = once!(
            connected
                .lease()?
                .portions(self.context(), statement, reader, &mut sink)
        );
        if let Err(error) = result {
            return Err(self.failed(connected, statement, error).await);
        }
        drop(connected);
        sink.finish().await;
        Ok(())
    }

    /// Whether there is at least one row.
    pub async fn fetch_any(self, statement: &Statement) -> Result<bool> {
        Ok(!self.fetch(statement, NothingReader).await?.is_empty())
    }

    /// The first column of the first row, an integer.
    pub async fn fetch_int(self, statement: &Statement) -> Result<i64> {
        let rows = self.fetch(statement, IntReader).await?;
        rows.first()
            .copied()
            .ok_or_else(|| Error::decode("column 0", "there is no row"))
    }

    /// Runs a statement, and gives the number of rows that it matched.
    pub async fn execute(self, statement: &Statement) -> Result<u64> {
        Ok(once!(self.run(statement))?.affected)
    }

    /// Runs an INSERT, and gives the number of the (first) row. For databases without RETURNING.
    pub async fn insert_id(self, statement: &Statement) -> Result<u64> {
        match self.insert_now(&statement.sql, statement.args.iter())? {
            Some(Inserted { id, owes: false }) => Ok(id),
            Some(Inserted { id, owes: true }) => {
                tokio::task::yield_now().await;
                Ok(id)
            }
            None => Ok(self.boxed_run(statement).await?.last_id),
        }
    }

    /// Whether [`insert_now`](Self::insert_now) may do something.
    pub(crate) fn inserts_now(self) -> bool {
        matches!(self.0, Target::Tx(tx) if tx.backend() == Backend::Sqlite)
    }

    /// Runs an INSERT of one row, and gives its number, if that needs no waiting: within a transaction of
    /// SQLite. `None`: nothing was done.
    pub(crate) fn insert_now<'v>(
        self,
        sql: &Arc<str>,
        values: impl Iterator<Item = &'v Value>,
    ) -> Result<Option<Inserted>> {
        let Target::Tx(tx) = self.0 else { return Ok(None) };
        if !self.inserts_now() {
            return Ok(None);
        }
        let Some(mut held) = tx.try_hold()? else {
            return Ok(None);
        };
        let result = held.lease()?.insert_now(self.context(), sql, values);
        if result.is_err() {
            held.note_failure();
        }
        result
    }

    /// Runs an INSERT of rows that the database numbers, and gives the numbers in their order.
    ///
    /// `None`, and nothing is inserted, where they are not known for certain without RETURNING.
    pub(crate) async fn insert_numbered(
        self,
        statement: &Statement,
        rows: &NumberedRows<'_>,
    ) -> Result<Option<Vec<i64>>> {
        let mut connected = self.connect(true).await?;
        let lease = connected.lease()?;
        match lease.insert_numbered(self.context(), statement, rows).await {
            Ok(numbers) => Ok(numbers),
            Err(error) => Err(self.failed(connected, statement, error).await),
        }
    }

    fn boxed_run<'s>(self, statement: &'s Statement) -> BoxFuture<'s, super::outcome::Done>
    where
        'a: 's,
    {
        Box::pin(self.run(statement))
    }

    async fn run(self, statement: &Statement) -> Result<super::outcome::Done> {
        let mut connected = self.connect(statement.work.writes()).await?;
        match connected.lease()?.execute(self.context(), statement).await {
            Ok(done) => Ok(done),
            Err(error) => Err(self.failed(connected, statement, error).await),
        }
    }

    /// Runs `f` in a transaction; within one, in a savepoint.
    pub async fn atomic<T, F, Fut>(self, f: F) -> Result<T>
    where
        F: FnOnce(Tx) -> Fut,
        Fut: Future<Output = Result<T>>,
    {
        match self.0 {
            Target::Db(db) => db.atomic(f).await,
            Target::Tx(tx) => tx.atomic(f).await,
        }
    }

    fn context(self) -> Context<'a> {
        match self.0 {
            Target::Db(db) => db.context(),
            Target::Tx(tx) => tx.context(),
        }
    }

    // What is seldom needed is boxed, here and below: a future has room for all that it may ever
    // hold, and is moved with it. It is boxed as a `dyn Future`, by a plain function: then it is
    // compiled here, once, and not anew in each crate that runs queries.
    async fn connect(self, writes: bool) -> Result<Connected<'a>> {
        let connected = match self.0 {
            Target::Db(db) => db.try_lease(writes).map(Connected::Own),
            Target::Tx(tx) => tx.try_hold()?.map(Connected::Tx),
        };
        match connected {
            Some(connected) => Ok(connected),
            None => self.wait_for_connection(writes).await,
        }
    }

    fn wait_for_connection(self, writes: bool) -> BoxFuture<'a, Connected<'a>> {
        Box::pin(async move {
            Ok(match self.0 {
                Target::Db(db) => Connected::Own(db.lease(writes).await?),
                Target::Tx(tx) => Connected::Tx(tx.hold().await?),
            })
        })
    }

    /// Notes that a statement failed, and says more about it.
    async fn failed(self, connected: Connected<'a>, statement: &Statement, error: Error) -> Error {
        let lease = match connected {
            Connected::Tx(mut held) => {
                held.note_failure();
                return error;
            }
            Connected::Own(lease) => lease,
        };
        #[cfg(feature = "sqlite")]
        if let (Target::Db(db), Backend::Sqlite) = (self.0, self.backend()) {
            return super::sqlite::explain_statement(db, lease, statement, error).await;
        }
        drop(lease);
        let _ = statement;
        error
    }
}

struct NothingReader;

impl RowReader for NothingReader {
    type Out = ();

    fn read<S: Source>(&mut self, _: &mut S) -> Result<()> {
        Ok(())
    }
}

struct IntReader;

impl RowReader for IntReader {
    type Out = i64;

    fn read<S: Source>(&mut self, row: &mut S) -> Result<i64> {
        row.int(0)
    }
}
