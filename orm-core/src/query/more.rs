//! What few queries ask for: `DISTINCT ON`, locks, walks along trees.

use super::{Expr, Path, Query, Step};

/// What few queries ask for.
#[derive(Debug, Clone, Default)]
pub struct More {
    /// the first row of each group of rows that are equal in these
    pub distinct_on: Vec<Expr>,
    /// the rows are locked up to the end of the transaction
    pub lock: Option<Lock>,
    /// the rows are those of a walk along a tree
    pub walk: Option<Walk>,
}

/// `SELECT … FOR UPDATE`.
#[derive(Debug, Clone, Default)]
pub struct Lock {
    /// an error where a row is locked by another transaction already
    pub nowait: bool,
    /// rows that are locked already are left out
    pub skip_locked: bool,
    /// keys stay as they are, so that rows which refer to these may still come into being
    pub no_key: bool,
    /// only the rows at the ends of these paths; all that are read where there are none
    pub of: Vec<Path>,
}

/// Rows that are reached from others by going along one foreign key, again and again.
#[derive(Debug, Clone)]
pub struct Walk {
    /// the rows where it begins
    pub start: Box<Query>,
    /// the foreign key of a model to itself, towards the root
    pub step: Step,
    /// away from the root rather than towards it
    pub down: bool,
    /// the rows where it begins belong to it
    pub with_start: bool,
    /// no further than that
    pub max_depth: Option<u32>,
}

/// What a walk tells of each of its rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Walked {
    /// how many steps it is from where the walk began
    Depth,
    /// the keys on the way there, in a form that sorts by them
    Path,
}
