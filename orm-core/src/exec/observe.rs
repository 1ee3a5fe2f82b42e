//! What is told of every statement: a tracing event, a count, and captures for tests.

use super::{Statement, lock};
use std::fmt::Display;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Instant;

/// Counts and reports the statements of one database.
#[derive(Default)]
pub(crate) struct Observer {
    statements: AtomicU64,
    capturing: AtomicUsize,
    captures: Mutex<Vec<Arc<Mutex<Vec<String>>>>>,
}

impl Observer {
    pub(crate) fn count(&self) -> u64 {
        self.statements.load(Ordering::Relaxed)
    }

    /// Notes a statement that is about to run. The clock is looked at where somebody listens.
    pub(crate) fn started(&self, sql: &str) -> Option<Instant> {
        self.statements.fetch_add(1, Ordering::Relaxed);
        if self.capturing.load(Ordering::Relaxed) > 0 {
            for capture in lock(&self.captures).iter() {
                lock(capture).push(sql.to_owned());
            }
        }
        is_traced().then(Instant::now)
    }

    /// Whether somebody wants to know of a statement before it runs, or how long it takes.
    pub(crate) fn is_listened_to(&self) -> bool {
        self.capturing.load(Ordering::Relaxed) > 0 || is_traced()
    }

    fn capture(&self) -> Arc<Mutex<Vec<String>>> {
        let queries = Arc::new(Mutex::new(Vec::new()));
        lock(&self.captures).push(Arc::clone(&queries));
        self.capturing.fetch_add(1, Ordering::Relaxed);
        queries
    }

    fn end_capture(&self, queries: &Arc<Mutex<Vec<String>>>) {
        self.capturing.fetch_sub(1, Ordering::Relaxed);
        lock(&self.captures).retain(|other| !Arc::ptr_eq(other, queries));
    }
}

fn is_traced() -> bool {
    tracing::enabled!(target: "orm::sql", tracing::Level::DEBUG)
}

/// Tells of a statement that ran.
pub(crate) fn ran(statement: &Statement, started: Option<Instant>, outcome: Result<u64, &dyn Display>) {
    let Some(started) = started else { return };
    let sql = &*statement.sql;
    let elapsed = started.elapsed();
    match outcome {
        Ok(rows) => tracing::debug!(target: "orm::sql", sql, rows, ?elapsed),
        Err(error) => tracing::debug!(target: "orm::sql", sql, %error, ?elapsed),
    }
    tracing::trace!(target: "orm::sql", sql, args = ?statement.args);
}

/// The SQL that one [`Db`](super::Db) and its transactions run while this value lives, for tests:
///
/// ```no_run
/// # async fn example<Library: orm_core::Model>(db: orm_core::Db) -> orm_core::Result<()> {
/// let capture = db.capture_queries();
/// Library::objects().all(&db).await?;
/// assert_eq!(capture.queries().len(), 1);
/// # Ok(())
/// # }
/// ```
pub struct Capture {
    db: super::Db,
    queries: Arc<Mutex<Vec<String>>>,
}

impl Capture {
    pub(crate) fn new(db: super::Db) -> Self {
        let queries = db.observer().capture();
        Capture { db, queries }
    }

    /// The SQL so far, without `BEGIN`, `COMMIT` and savepoints.
    pub fn queries(&self) -> Vec<String> {
        lock(&self.queries).clone()
    }
}

impl Drop for Capture {
    fn drop(&mut self) {
        self.db.observer().end_capture(&self.queries);
    }
}
