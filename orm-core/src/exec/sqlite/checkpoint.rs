//! `Checkpointer`: moves what the write-ahead log holds into the database, beside the writers.
//!
//! SQLite does it within the commit that makes the log too long, and that commit then waits for the
//! disk. Here a connection of its own does it.

use crate::exec::pool::Pool;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{Connection, Executor, SqliteConnection};
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, OnceLock, Weak};

/// After so many pages more; SQLite's own measure.
const PAGES: u32 = 1000;
/// From here on the log must come to an end: writers never paused for long enough.
const MANY: u32 = 8 * PAGES;

/// What the connections of a database that write share.
pub(crate) struct Checkpointer {
    options: SqliteConnectOptions,
    writer: OnceLock<Weak<Pool>>,
    running: AtomicBool,
    /// the length of the log after the last commit
    pages: AtomicU32,
    /// its length when a checkpoint last began; 0 after it began anew
    seen: AtomicU32,
}

impl Checkpointer {
    pub(super) fn new(options: SqliteConnectOptions) -> Arc<Self> {
        Arc::new(Checkpointer {
            options,
            writer: OnceLock::new(),
            running: AtomicBool::new(false),
            pages: AtomicU32::new(0),
            seen: AtomicU32::new(0),
        })
    }

    /// Makes the pool of the writer known.
    pub(super) fn attach(&self, writer: &Arc<Pool>) {
        self.writer.get_or_init(|| Arc::downgrade(writer));
    }

    /// After a commit: the log is that long.
    pub(super) fn committed(self: &Arc<Self>, pages: u32) {
        if !self.is_due(pages) || self.running.swap(true, Ordering::AcqRel) {
            return;
        }
        self.seen.store(pages, Ordering::Relaxed);
        let running = Running(Arc::clone(self));
        if let Ok(runtime) = tokio::runtime::Handle::try_current() {
            runtime.spawn(async move {
                if let Err(error) = running.0.checkpoint().await {
                    tracing::debug!(target: "orm::pool", %error, "a checkpoint of SQLite's write-ahead log failed");
                }
            });
        }
    }

    /// Notes the length of the log, and whether it grew enough since the last checkpoint. It goes on behind
    /// what was moved, until a writer finds that nobody reads in it.
    fn is_due(&self, pages: u32) -> bool {
        self.pages.store(pages, Ordering::Relaxed);
        let seen = self.seen.load(Ordering::Relaxed);
        if let Some(more) = pages.checked_sub(seen) {
            return more >= PAGES;
        }
        self.seen.store(0, Ordering::Relaxed);
        pages >= PAGES
    }

    async fn checkpoint(&self) -> Result<(), sqlx::Error> {
        let mut connection = SqliteConnection::connect_with(&self.options).await?;
        connection.execute("PRAGMA wal_checkpoint(PASSIVE)").await?;
        let many = self.pages.load(Ordering::Relaxed) >= MANY;
        if let Some(writer) = self.writer.get().and_then(Weak::upgrade).filter(|_| many)
            && let Ok(turn) = writer.acquire().await
        {
            // Little is left by now, and nobody writes meanwhile: the next commit begins the log anew.
            connection.execute("PRAGMA wal_checkpoint(PASSIVE)").await?;
            drop(turn);
        }
        connection.close().await
    }
}

/// There is one at a time, whatever becomes of it.
struct Running(Arc<Checkpointer>);

impl Drop for Running {
    fn drop(&mut self) {
        self.0.running.store(false, Ordering::Release);
    }
}

#[cfg(test)]
mod tests {
    use super::{Checkpointer, PAGES};
    use sqlx::sqlite::SqliteConnectOptions;
    use std::sync::atomic::Ordering;

    #[test]
    fn a_log_that_grows_on_is_not_moved_after_each_commit() {
        let checkpointer = Checkpointer::new(SqliteConnectOptions::new());
        let begin = |pages: u32| {
            let due = checkpointer.is_due(pages);
            if due {
                checkpointer.seen.store(pages, Ordering::Relaxed);
            }
            due
        };
        assert!(!begin(PAGES - 1));
        assert!(begin(PAGES + 5));
        assert!(!begin(PAGES + 10));
        assert!(!begin(2 * PAGES));
        assert!(begin(2 * PAGES + 5));
        // A writer began the log anew.
        assert!(!begin(10));
        assert!(begin(PAGES));
    }
}
