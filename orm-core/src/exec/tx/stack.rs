//! The savepoints of a transaction, and whether it may still be committed.

use std::collections::VecDeque;

/// What runs after the commit.
pub(crate) type Callback = Box<dyn FnOnce() + Send>;

/// The number of the transaction itself among its savepoints.
pub(crate) const ROOT: u64 = 0;

const ENDED: &str = "it has ended; its handle is of no use after the `atomic` that gave it";
const OVERLAP: &str = "`atomic` blocks within it overlapped; run them one after the other. It can only be rolled back";
const RUNNING: &str = "an `atomic` within it is still running";
/// Django's advice about PostgreSQL.
const FAILED: &str = "a statement in it failed and PostgreSQL ignores what follows, so it was rolled back; \
     to go on after an error, put the call that may fail into an `atomic` of its own";

/// The transaction and the savepoints in it, the innermost last.
pub(crate) struct Stack {
    frames: Vec<Frame>,
    next: u64,
    /// why it can only be rolled back
    broken: Option<String>,
    /// savepoints whose `atomic` was dropped, to be rolled back before the next statement
    abandoned: VecDeque<u64>,
}

struct Frame {
    id: u64,
    /// a statement failed in it
    failed: bool,
    on_commit: Vec<Callback>,
}

/// How a savepoint must be ended.
pub(crate) enum Ending {
    Release,
    RollBack(String),
    /// it is gone or must not be touched
    Refuse(String),
}

impl Stack {
    pub(crate) fn new() -> Self {
        let root = Frame {
            id: ROOT,
            failed: false,
            on_commit: Vec::new(),
        };
        Stack {
            frames: vec![root],
            next: ROOT,
            broken: None,
            abandoned: VecDeque::new(),
        }
    }

    /// Whether statements may run for the handle of that level.
    pub(crate) fn check(&self, level: u64) -> Result<(), String> {
        if !self.frames.iter().any(|frame| frame.id == level) {
            return Err(ENDED.to_owned());
        }
        self.broken.clone().map_or(Ok(()), Err)
    }

    /// A number for the next savepoint.
    pub(crate) fn number(&mut self) -> u64 {
        self.next += 1;
        self.next
    }

    pub(crate) fn push(&mut self, id: u64) {
        self.frames.push(Frame {
            id,
            failed: false,
            on_commit: Vec::new(),
        });
    }

    /// From now on it can only be rolled back.
    pub(crate) fn break_with(&mut self, reason: impl Into<String>) {
        self.broken.get_or_insert_with(|| reason.into());
    }

    /// A statement failed, on a database that ignores what follows.
    pub(crate) fn note_failure(&mut self) {
        if let Some(top) = self.frames.last_mut() {
            top.failed = true;
        }
    }

    pub(crate) fn on_commit(&mut self, callback: Callback) {
        if let Some(top) = self.frames.last_mut() {
            top.on_commit.push(callback);
        }
    }

    /// How the savepoint ends after success.
    pub(crate) fn ending(&mut self, id: u64) -> Ending {
        if let Err(reason) = self.check(id) {
            self.frames.retain(|frame| frame.id != id);
            return Ending::Refuse(reason);
        }
        match self.frames.last() {
            Some(top) if top.id == id && top.failed => Ending::RollBack(FAILED.to_owned()),
            Some(top) if top.id == id => Ending::Release,
            _ => {
                self.frames.retain(|frame| frame.id != id);
                self.break_with(OVERLAP);
                Ending::Refuse(OVERLAP.to_owned())
            }
        }
    }

    /// The savepoint was released: what it registered belongs to the one around it.
    pub(crate) fn released(&mut self, id: u64) {
        if self.frames.last().is_some_and(|top| top.id == id)
            && let Some(frame) = self.frames.pop()
            && let Some(top) = self.frames.last_mut()
        {
            top.on_commit.extend(frame.on_commit);
        }
    }

    /// The savepoint is to be rolled back. Whether that makes sense.
    pub(crate) fn roll_back(&mut self, id: u64) -> bool {
        let is_top = self.frames.last().is_some_and(|top| top.id == id);
        let known = self.frames.iter().any(|frame| frame.id == id);
        self.frames.retain(|frame| frame.id != id);
        if known && !is_top {
            self.break_with(OVERLAP);
        }
        is_top && self.broken.is_none()
    }

    /// The future of the savepoint was dropped.
    pub(crate) fn abandon(&mut self, id: u64) {
        if self.roll_back(id) {
            self.abandoned.push_back(id);
        }
    }

    /// Whether a savepoint is to be rolled back before the next statement.
    pub(crate) fn has_abandoned(&self) -> bool {
        !self.abandoned.is_empty()
    }

    pub(crate) fn next_abandoned(&self) -> Option<u64> {
        self.abandoned.front().copied()
    }

    pub(crate) fn abandoned_is_done(&mut self) {
        self.abandoned.pop_front();
    }

    /// Why the transaction must not be committed.
    pub(crate) fn refusal(&self) -> Option<String> {
        if let Some(reason) = &self.broken {
            return Some(reason.clone());
        }
        match self.frames.as_slice() {
            [root] if root.failed => Some(FAILED.to_owned()),
            [_] => None,
            [] => Some(ENDED.to_owned()),
            _ => Some(RUNNING.to_owned()),
        }
    }

    /// The transaction has ended; gives what was to run after the commit.
    pub(crate) fn end(&mut self) -> Vec<Callback> {
        self.abandoned.clear();
        self.frames.drain(..).flat_map(|frame| frame.on_commit).collect()
    }
}
