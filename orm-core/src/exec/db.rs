//! `Db`: a database, as the program holds it.

use super::connection::Connector;
use super::lease::{Context, Lease};
use super::observe::Observer;
use super::pool::{Pool, PoolSettings};
use super::url::{Scheme, redacted};
use super::{Backend, BoxFuture, Capture, DbOptions, Executor, Session, Tx, tx};
use crate::error::{Error, Result};
use chrono::{DateTime, Utc};
use std::sync::{Arc, OnceLock};

/// A database: its connections, its dialect. Clones are the same database, and cheap.
///
/// ```no_run
/// # async fn example<Library: orm_core::Model>() -> orm_core::Result<()> {
/// # use orm_core::Db;
/// let db = Db::connect("sqlite://library.db").await?;      // or postgres://…, mysql://…
/// let libraries = Library::objects().all(&db).await?;
/// # Ok(())
/// # }
/// ```
///
/// SQLite has one connection that writes, in whose queue transactions and writes stand, and several
/// that read at the same time. `sqlite::memory:` is a database of this `Db`'s own, with one
/// connection for everything.
#[derive(Clone)]
pub struct Db(Arc<Core>);

struct Core {
    backend: Backend,
    url: String,
    /// for everything, but for what `readers` are for
    writer: Arc<Pool>,
    /// for what only reads, where that makes a difference
    readers: Option<Arc<Pool>>,
    observer: Observer,
    /// what tells the present moment, where that is not the system
    clock: OnceLock<fn() -> DateTime<Utc>>,
}

/// The pools of a database, as its options ask for them.
pub(crate) struct Pools {
    pub(crate) writer: (Connector, PoolSettings),
    pub(crate) readers: Option<(Connector, PoolSettings)>,
}

impl Db {
    /// Opens the database at that URL. A SQLite file that does not exist is made.
    ///
    /// # Errors
    /// [`Error::Connection`], with what may help.
    pub async fn connect(url: &str) -> Result<Db> {
        Db::connect_with(DbOptions::new(url)).await
    }

    /// Opens a database with options.
    ///
    /// # Errors
    /// [`Error::Connection`], with what may help.
    pub async fn connect_with(options: DbOptions) -> Result<Db> {
        Db::opened(options).await
    }

    fn opened(options: DbOptions) -> BoxFuture<'static, Db> {
        Box::pin(Db::open(options))
    }

    async fn open(options: DbOptions) -> Result<Db> {
        let pools = match Scheme::of(&options.url)? {
            #[cfg(feature = "sqlite")]
            Scheme::Sqlite => super::sqlite::pools(&options)?,
            #[cfg(feature = "postgres")]
            Scheme::Postgres => super::postgres::pools(&options)?,
            #[cfg(feature = "mysql")]
            Scheme::MySql => super::mysql::pools(&options)?,
            #[allow(unreachable_patterns, reason = "depends on the features")]
            _ => {
                return Err(super::url::unreachable(
                    &options.url,
                    "support for it is not compiled in",
                ));
            }
        };
        let writer = Pool::new(pools.writer.0, pools.writer.1);
        writer.open().await?;
        let readers = pools
            .readers
            .map(|(connector, settings)| Pool::new(connector, settings));
        let backend = Self::backend_of(&options, &writer).await?;
        Ok(Db(Arc::new(Core {
            backend,
            url: redacted(&options.url),
            writer,
            readers,
            observer: Observer::default(),
            clock: OnceLock::new(),
        })))
    }

    async fn backend_of(options: &DbOptions, pool: &Arc<Pool>) -> Result<Backend> {
        match Scheme::of(&options.url)? {
            Scheme::Sqlite => Ok(Backend::Sqlite),
            Scheme::Postgres => Ok(Backend::Postgres),
            #[cfg(feature = "mysql")]
            Scheme::MySql => super::mysql::backend(&mut pool.acquire().await?).await,
            #[cfg(not(feature = "mysql"))]
            Scheme::MySql => {
                let _ = pool;
                Ok(Backend::MySql {
                    mariadb: false,
                    version: (8, 0),
                })
            }
        }
    }

    /// Which database it is.
    pub fn backend(&self) -> Backend {
        self.0.backend
    }

    /// Where it is, without the password.
    pub fn url(&self) -> &str {
        &self.0.url
    }

    /// A connection for tools: migrations, the shell, tests.
    ///
    /// # Errors
    /// [`Error::Connection`] where none becomes free.
    pub async fn session(&self) -> Result<Session> {
        Ok(Session::new(self.clone(), self.lease(true).await?))
    }

    /// Waits for what is running, and closes the connections. Every later use is an error.
    pub async fn close(&self) {
        if let Some(readers) = &self.0.readers {
            readers.close().await;
        }
        self.0.writer.close().await;
    }

    /// Runs `f` in a transaction: `Ok` commits it; `Err`, a panic and dropping the future roll it back.
    ///
    /// ```no_run
    /// # use orm::prelude::*;
    /// # #[derive(Model, Debug, Clone, PartialEq)]
    /// # struct Library { id: i64 }
    /// # #[derive(Model, Debug, Clone, PartialEq)]
    /// # struct Patron { id: i64, #[field(max_length = 9)] name: String, library: ForeignKey<Library> }
    /// # fn notify(patron: i64) {}
    /// # async fn example(db: Db, library: Library) -> orm::Result<()> {
    /// db.atomic(async |tx| {
    ///     let patron = Patron::create().name("Bob").library(&library).save(&tx).await?;
    ///     let id = patron.id;
    ///     tx.on_commit(move || notify(id));
    ///     Ok(patron)
    /// }).await?;
    /// # Ok(())
    /// # }
    /// # fn main() {}
    /// ```
    ///
    /// # Errors
    /// That of `f`, or of the database: deferred constraints are checked at the end.
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
        let lease = self.lease(true).await?;
        tx::run(tx::begin(self.clone(), lease).await?, f).await
    }

    /// From now on `auto_now` and `auto_now_add` take the present moment from this function, for
    /// tests that compare it. Only the first call has an effect.
    ///
    /// ```
    /// # async fn example(db: orm_core::Db) {
    /// use orm_core::chrono::{DateTime, Utc};
    ///
    /// db.set_clock(|| DateTime::<Utc>::UNIX_EPOCH);
    /// # }
    /// ```
    pub fn set_clock(&self, now: fn() -> DateTime<Utc>) {
        let _ = self.0.clock.set(now);
    }

    /// The present moment, as rows of this database are stamped with it.
    pub fn now(&self) -> DateTime<Utc> {
        self.0.clock.get().map_or_else(Utc::now, |now| now())
    }

    /// How many statements were run so far, without `BEGIN`, `COMMIT` and savepoints.
    pub fn query_count(&self) -> u64 {
        self.0.observer.count()
    }

    /// Collects the SQL that this database runs from now on.
    pub fn capture_queries(&self) -> Capture {
        Capture::new(self.clone())
    }

    pub(crate) fn observer(&self) -> &Observer {
        &self.0.observer
    }

    pub(crate) fn context(&self) -> Context<'_> {
        Context {
            backend: self.0.backend,
            observer: &self.0.observer,
        }
    }

    fn pool(&self, writes: bool) -> &Arc<Pool> {
        match &self.0.readers {
            Some(readers) if !writes => readers,
            _ => &self.0.writer,
        }
    }

    /// A connection, if one is there that needs nothing.
    pub(crate) fn try_lease(&self, writes: bool) -> Option<Lease> {
        self.pool(writes).try_acquire()
    }

    pub(crate) async fn lease(&self, writes: bool) -> Result<Lease> {
        self.pool(writes).acquire().await
    }

    pub(crate) fn has_one_connection(&self, writes: bool) -> bool {
        self.pool(writes).is_single()
    }
}

impl std::fmt::Debug for Db {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Db")
            .field("backend", &self.0.backend)
            .field("url", &self.0.url)
            .finish_non_exhaustive()
    }
}

/// Runs `f` in a transaction, or within one in a savepoint: [`Db::atomic`] for code that is generic
/// over the executor.
///
/// # Errors
/// As [`Db::atomic`].
pub async fn atomic<E: Executor, T, F, Fut>(db: &E, f: F) -> Result<T>
where
    F: FnOnce(Tx) -> Fut,
    Fut: Future<Output = Result<T>>,
{
    db.handle().atomic(f).await
}
