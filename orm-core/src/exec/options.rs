//! `DbOptions`: how to connect.

use std::time::Duration;

/// Where a database is and how its connections are kept.
///
/// ```no_run
/// # use orm_core::{Db, DbOptions};
/// # async fn example() -> orm_core::Result<()> {
/// let db = Db::connect_with(DbOptions::new("postgres://localhost/library").max_connections(20)).await?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
#[non_exhaustive]
pub struct DbOptions {
    pub(crate) url: String,
    pub(crate) max_connections: u32,
    pub(crate) min_connections: u32,
    pub(crate) acquire_timeout: Duration,
    pub(crate) statement_cache_capacity: Option<usize>,
    pub(crate) busy_timeout: Duration,
    pub(crate) readers: u32,
    pub(crate) poll_budget: Duration,
}

impl DbOptions {
    /// The defaults for that URL.
    pub fn new(url: impl Into<String>) -> Self {
        let cpus = std::thread::available_parallelism().map_or(4, |n| u32::try_from(n.get()).unwrap_or(4));
        DbOptions {
            url: url.into(),
            max_connections: 10,
            min_connections: 0,
            acquire_timeout: Duration::from_secs(30),
            statement_cache_capacity: None,
            busy_timeout: Duration::from_secs(5),
            readers: cpus.max(4),
            poll_budget: Duration::from_millis(1),
        }
    }

    /// The most connections at a time; 10 by default. SQLite has one that writes and
    /// [`readers`](Self::readers).
    #[must_use]
    pub fn max_connections(mut self, connections: u32) -> Self {
        self.max_connections = connections.max(1);
        self
    }

    /// So many connections are opened at once and kept; none by default.
    #[must_use]
    pub fn min_connections(mut self, connections: u32) -> Self {
        self.min_connections = connections;
        self
    }

    /// How long to wait for a connection; 30 s by default.
    #[must_use]
    pub fn acquire_timeout(mut self, timeout: Duration) -> Self {
        self.acquire_timeout = timeout;
        self
    }

    /// How many prepared statements each connection keeps; 256 for SQLite, else 512.
    #[must_use]
    pub fn statement_cache_capacity(mut self, statements: usize) -> Self {
        self.statement_cache_capacity = Some(statements);
        self
    }

    /// SQLite: how long to wait while another process writes; 5 s by default.
    #[must_use]
    pub fn busy_timeout(mut self, timeout: Duration) -> Self {
        self.busy_timeout = timeout;
        self
    }

    /// SQLite: how many connections read at a time; one a CPU and at least 4 by default.
    #[must_use]
    pub fn readers(mut self, connections: u32) -> Self {
        self.readers = connections.max(1);
        self
    }

    /// SQLite: how long a statement may hold the thread of whoever awaits it; 1 ms by default. Then
    /// it lets other tasks run, and if it goes on for long, it moves to tokio's blocking pool.
    #[must_use]
    pub fn poll_budget(mut self, budget: Duration) -> Self {
        self.poll_budget = budget;
        self
    }
}

impl std::fmt::Debug for DbOptions {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("DbOptions")
            .field("url", &super::url::redacted(&self.url))
            .field("max_connections", &self.max_connections)
            .field("min_connections", &self.min_connections)
            .field("acquire_timeout", &self.acquire_timeout)
            .finish_non_exhaustive()
    }
}
