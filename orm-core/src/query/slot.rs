//! `Slot`: the place of a value in a query that stands for all queries of its shape.

use crate::value::Kind;

/// The place of a value, or of a list of them, in a query that stands for all queries of its shape.
///
/// The compiler alone makes them, when it writes the SQL of a shape for the first time.
#[doc(hidden)]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Slot {
    /// which of the query's values, counted as the compiler walks them
    pub number: usize,
    /// their kind; no value in a slot is NULL
    pub kind: Kind,
    /// a list of any length rather than one value
    pub list: bool,
}
