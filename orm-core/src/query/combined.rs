//! Rows of several queries taken together: `union`, `intersection`, `difference`; and two sets of
//! conditions taken together: `a | b`.

use super::{Condition, Query};

/// Several queries whose rows are taken together. The query that holds it says what is read of them,
/// in which order, and which of the rows.
#[derive(Debug, Clone)]
pub struct Combined {
    /// how
    pub op: SetOp,
    /// equal rows stay, for a union
    pub all: bool,
    /// the queries; one that selects nothing of its own gives what the whole selects
    pub parts: Vec<Query>,
}

/// How the rows of queries are taken together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SetOp {
    /// rows of any
    Union,
    /// rows of all
    Intersection,
    /// rows of the first that no other has
    Difference,
}

impl SetOp {
    /// The method that does it.
    pub fn name(self) -> &'static str {
        match self {
            SetOp::Union => "union",
            SetOp::Intersection => "intersection",
            SetOp::Difference => "difference",
        }
    }

    /// The keyword between two queries.
    pub(crate) fn sql(self) -> &'static str {
        match self {
            SetOp::Union => "UNION",
            SetOp::Intersection => "INTERSECT",
            SetOp::Difference => "EXCEPT",
        }
    }
}

/// The conditions of two query sets in one: those of the first hold, or those of the second. Each
/// one was a `filter`; one of the second shares a join over a to-many relation with the first.
#[derive(Debug, Clone)]
pub struct Merged {
    /// not both
    pub exclusive: bool,
    /// the conditions of the first
    pub left: Vec<Condition>,
    /// the conditions of the second
    pub right: Vec<Condition>,
}
