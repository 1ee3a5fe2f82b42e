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
    /// of a document that is compared with what another one has under a key: which sort it is of
    pub document: Option<DocumentSort>,
}

/// The sorts of documents that databases have different texts for.
#[doc(hidden)]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DocumentSort {
    /// `null`, `true`, `false`
    Word,
    /// a number
    Number,
    /// a text, a list, an object
    Other,
}

impl DocumentSort {
    /// That of a document.
    pub(crate) fn of(document: &serde_json::Value) -> Self {
        match document {
            serde_json::Value::Null | serde_json::Value::Bool(_) => DocumentSort::Word,
            serde_json::Value::Number(_) => DocumentSort::Number,
            _ => DocumentSort::Other,
        }
    }
}
