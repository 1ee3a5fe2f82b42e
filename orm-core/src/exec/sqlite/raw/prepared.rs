//! `Statements`: those that a connection keeps prepared.
//!
//! What must hold, and why it does:
//! - **The one used last is alive.** It is at the front of the cache, which evicts from its end and has
//!   room for one at least; whoever comes after it takes its place in `recent`, too.

use hashlink::LruCache;
use libsqlite3_sys as ffi;
use std::ffi::c_int;
use std::ptr::NonNull;
use std::sync::Arc;

/// A compiled statement.
pub(super) struct Prepared(pub(super) Compiled);

/// What is known of a compiled statement.
#[derive(Clone, Copy)]
pub(super) struct Compiled {
    pub(super) statement: NonNull<ffi::sqlite3_stmt>,
    pub(super) columns: c_int,
    pub(super) reads: bool,
    /// it took long when it last ran
    pub(super) slow: bool,
}

impl Drop for Prepared {
    fn drop(&mut self) {
        // SAFETY: it was prepared and is finalized here only; its connection is still open.
        unsafe { ffi::sqlite3_finalize(self.0.statement.as_ptr()) };
    }
}

/// The statements by their texts.
pub(super) struct Statements {
    known: LruCache<Arc<str>, Prepared>,
    /// the one used last, which is often the next one, too: its text need not be looked at
    recent: Option<(Arc<str>, Compiled)>,
}

impl Statements {
    pub(super) fn new(capacity: usize) -> Self {
        Statements {
            known: LruCache::new(capacity.max(1)),
            recent: None,
        }
    }

    /// The statement of a text, if it is kept.
    #[inline]
    pub(super) fn find(&mut self, sql: &Arc<str>) -> Option<Compiled> {
        match &self.recent {
            Some((recent, compiled)) if Arc::ptr_eq(recent, sql) => Some(*compiled),
            _ => self.look_up(sql),
        }
    }

    fn look_up(&mut self, sql: &Arc<str>) -> Option<Compiled> {
        let compiled = self.known.get(&**sql)?.0;
        self.recent = Some((Arc::clone(sql), compiled));
        Some(compiled)
    }

    /// Keeps the statement of a text.
    pub(super) fn keep(&mut self, sql: &Arc<str>, prepared: Prepared) -> Compiled {
        let compiled = prepared.0;
        self.known.insert(Arc::clone(sql), prepared);
        self.recent = Some((Arc::clone(sql), compiled));
        compiled
    }

    /// Notes whether the statement took long, for the next time.
    pub(super) fn mark_slow(&mut self, sql: &str, slow: bool) {
        if let Some(prepared) = self.known.peek_mut(sql) {
            prepared.0.slow = slow;
        }
        self.recent = None;
    }

    /// Finalizes all.
    pub(super) fn clear(&mut self) {
        self.recent = None;
        self.known.clear();
    }
}
