//! `Watch`: what a running statement is told from outside, and what it tells.

use libsqlite3_sys::sqlite3_stmt;
use std::ptr;
use std::sync::LazyLock;
use std::sync::atomic::{AtomicBool, AtomicPtr, AtomicU32, AtomicU64, Ordering::Relaxed};
use std::time::{Duration, Instant};

/// Of the debt, so much is a slice.
const DUE: u32 = 500;
/// What a tick stands for.
const TICK: u32 = 30;

/// Shared by a connection, by whoever awaits its statement, and by SQLite, which calls
/// [`tick`](Self::tick) every thousand steps of its machine.
///
/// Nothing else is read or written by way of these values, so all accesses are relaxed.
#[derive(Debug)]
pub(super) struct Watch {
    /// so long a statement may hold the caller's thread at a time, in nanoseconds
    slice: u64,
    /// nobody awaits the statement any more
    cancelled: AtomicBool,
    /// the statement can be stopped and run again elsewhere
    restartable: AtomicBool,
    /// it was stopped for that
    out_of_time: AtomicBool,
    /// when the slice began, in nanoseconds; 0 before anybody looked
    began: AtomicU64,
    /// what statements did on callers' threads since one gave its thread back, in microseconds or so
    debt: AtomicU32,
    /// the pages of the write-ahead log after the last commit
    wal_pages: AtomicU32,
    /// SQLite's statement that runs, or null
    statement: AtomicPtr<sqlite3_stmt>,
}

impl Watch {
    pub(super) fn new(slice: Duration) -> Self {
        Watch {
            slice: u64::try_from(slice.as_nanos()).unwrap_or(u64::MAX),
            cancelled: AtomicBool::new(false),
            restartable: AtomicBool::new(false),
            out_of_time: AtomicBool::new(false),
            began: AtomicU64::new(0),
            debt: AtomicU32::new(0),
            wal_pages: AtomicU32::new(0),
            statement: AtomicPtr::new(ptr::null_mut()),
        }
    }

    /// How long a slice is.
    pub(super) fn slice(&self) -> Duration {
        Duration::from_nanos(self.slice)
    }

    /// A statement begins on the caller's thread, or goes on on a thread that may wait.
    pub(super) fn begin(&self, restartable: bool) {
        self.cancelled.store(false, Relaxed);
        self.out_of_time.store(false, Relaxed);
        self.restartable.store(restartable, Relaxed);
        self.began.store(0, Relaxed);
    }

    /// The caller's thread was given back for a moment.
    pub(super) fn begin_slice(&self) {
        self.began.store(0, Relaxed);
        self.debt.store(0, Relaxed);
    }

    /// Adds to what was done on callers' threads.
    pub(super) fn owe(&self, debt: u32) {
        // Not in one step: only whoever runs a statement adds, and it is an estimate.
        self.debt.store(self.debt.load(Relaxed).saturating_add(debt), Relaxed);
    }

    /// Whether a thread should be given back for a moment: many short statements in a row hold it
    /// as a long one does.
    pub(super) fn is_due(&self) -> bool {
        self.debt.load(Relaxed) >= DUE
    }

    /// From now on there is all the time in the world.
    pub(super) fn allow_all_time(&self) {
        self.restartable.store(false, Relaxed);
        self.out_of_time.store(false, Relaxed);
    }

    /// Stops the statement.
    pub(super) fn cancel(&self) {
        self.cancelled.store(true, Relaxed);
    }

    /// Whether the statement was stopped because it took long.
    pub(super) fn is_out_of_time(&self) -> bool {
        self.out_of_time.load(Relaxed)
    }

    /// Whether the slice is over. The first question begins it.
    pub(super) fn slice_is_over(&self) -> bool {
        let now = now();
        match self.began.load(Relaxed) {
            0 => {
                self.began.store(now, Relaxed);
                false
            }
            began => now.saturating_sub(began) > self.slice,
        }
    }

    /// Whether the statement must stop.
    pub(super) fn tick(&self) -> bool {
        if self.cancelled.load(Relaxed) {
            return true;
        }
        self.owe(TICK);
        let stop = self.restartable.load(Relaxed) && self.slice_is_over();
        if stop {
            self.out_of_time.store(true, Relaxed);
        }
        stop
    }

    /// Notes which statement runs.
    pub(super) fn note_statement(&self, statement: *mut sqlite3_stmt) {
        self.statement.store(statement, Relaxed);
    }

    /// The statement that runs, or null.
    pub(super) fn statement(&self) -> *mut sqlite3_stmt {
        self.statement.load(Relaxed)
    }

    /// Notes the length of the write-ahead log.
    pub(super) fn committed(&self, wal_pages: u32) {
        self.wal_pages.store(wal_pages, Relaxed);
    }

    /// Whether a commit has not been told of yet.
    pub(super) fn has_committed(&self) -> bool {
        self.wal_pages.load(Relaxed) > 0
    }

    /// The length of the write-ahead log, once after each commit.
    pub(super) fn take_wal_pages(&self) -> u32 {
        match self.wal_pages.load(Relaxed) {
            0 => 0,
            _ => self.wal_pages.swap(0, Relaxed),
        }
    }
}

/// Nanoseconds on a clock of our own, never 0.
fn now() -> u64 {
    static START: LazyLock<Instant> = LazyLock::new(Instant::now);
    u64::try_from(START.elapsed().as_nanos()).unwrap_or(u64::MAX).max(1)
}
