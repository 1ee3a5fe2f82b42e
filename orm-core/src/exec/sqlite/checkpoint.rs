//! `Checkpointer`: moves what the write-ahead log holds into the database, beside the writers.
//!
//! SQLite does it within the commit that makes the log too long, and that commit then waits for the
//! disk. Here a connection of its own does it.

use crate::exec::pool::Pool;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{Connection, Executor, SqliteConnection};
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, OnceLock, Weak};

/// SQLite's own measure.
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
}

impl Checkpointer {
    pub(super) fn new(options: SqliteConnectOptions) -> Arc<Self> {
        Arc::new(Checkpointer {
            options,
            writer: OnceLock::new(),
            running: AtomicBool::new(false),
            pages: AtomicU32::new(0),
        })
    }

    /// Makes the pool of the writer known.
    pub(super) fn attach(&self, writer: &Arc<Pool>) {
        self.writer.get_or_init(|| Arc::downgrade(writer));
    }

    /// After a commit: the log is that long.
    pub(super) fn committed(self: &Arc<Self>, pages: u32) {
        self.pages.store(pages, Ordering::Relaxed);
        if pages < PAGES || self.running.swap(true, Ordering::AcqRel) {
            return;
        }
        let running = Running(Arc::clone(self));
        if let Ok(runtime) = tokio::runtime::Handle::try_current() {
            runtime.spawn(async move {
                if let Err(error) = running.0.checkpoint().await {
                    tracing::debug!(target: "orm::pool", %error, "a checkpoint of SQLite's write-ahead log failed");
                }
            });
        }
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
