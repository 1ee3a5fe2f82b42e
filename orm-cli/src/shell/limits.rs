//! What one text, and what variables hold, may not exceed: nothing a user pastes hangs the shell.

use super::errors::{Result, ShellError};

/// Bytes of one text.
pub(super) const TEXT: usize = 64 * 1024;
/// Tokens of one text.
pub(super) const TOKENS: usize = 20_000;
/// How deep brackets and operators may nest. The parser and the evaluator recurse that often.
pub(super) const NESTING: usize = 100;
/// How deep a value may nest: variables outlive a line, so a value can be deeper than its text.
pub(super) const DEPTH: usize = 100;
/// How many levels a query set counts for: writing one within another goes that much deeper.
pub(super) const QUERY_SET: usize = 5;
/// Of how many parts a value may consist, those that it has twice counted twice.
pub(super) const PARTS: usize = 20_000;
/// Elements of one list.
pub(super) const ELEMENTS: usize = 10_000;
/// Bytes of one string.
pub(super) const STRING: usize = 1024 * 1024;
/// Characters that are printed of one value.
pub(super) const PRINTED: usize = 256 * 1024;
/// Rows of a query set that are printed, as Django does.
pub(super) const ROWS: usize = 20;

/// How deep a value nests and how many parts it has, so that neither grows beyond bounds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Extent {
    depth: usize,
    parts: usize,
}

impl Extent {
    /// A value without parts.
    pub(super) const ONE: Extent = Extent { depth: 1, parts: 1 };

    /// A query set: databases take long to plan many within one another, so twenty fill a value.
    pub(super) const QUERY_SET: Extent = Extent {
        depth: 1,
        parts: PARTS / 20,
    };

    /// A value around these.
    pub(super) fn around(parts: impl IntoIterator<Item = Extent>) -> Result<Extent> {
        Extent::of_rows(parts).checked()
    }

    /// A value that takes these in beside what it has, each so many levels deeper than by itself.
    pub(super) fn with(self, parts: impl IntoIterator<Item = Extent>, deeper: usize) -> Result<Extent> {
        let mut whole = self;
        whole.parts = whole.parts.saturating_add(1);
        for part in parts {
            whole.depth = whole.depth.max(part.depth + deeper);
            whole.parts = whole.parts.saturating_add(part.parts);
        }
        whole.checked()
    }

    /// What a database gave may be as large as it is; only putting it into something else is bounded.
    pub(super) fn of_rows(parts: impl IntoIterator<Item = Extent>) -> Extent {
        let mut whole = Extent { depth: 0, parts: 1 };
        for part in parts {
            whole.depth = whole.depth.max(part.depth);
            whole.parts = whole.parts.saturating_add(part.parts);
        }
        whole.depth += 1;
        whole
    }

    fn checked(self) -> Result<Extent> {
        if self.depth > DEPTH {
            Err(ShellError::new("RecursionError", "this value nests too deep"))
        } else if self.parts > PARTS {
            Err(ShellError::new("MemoryError", "this value has too many parts"))
        } else {
            Ok(self)
        }
    }
}
