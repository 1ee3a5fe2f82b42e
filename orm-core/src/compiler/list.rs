//! How the values of a list stand in the SQL of a shape.

use crate::dialect;
use crate::exec::Backend;
use crate::query::Expr;
use crate::value::{Kind, Value};
use smallvec::SmallVec;

/// Lists up to this length have placeholders of their own, in a text for each length.
const SHORT: usize = 16;

/// So many placeholders are in a statement before lists are left as they are; SQLite takes 32,766.
const ROOM: usize = 30_000;

/// How many placeholders a list of that length has, after so many others in the statement.
///
/// Its last value is repeated, which changes nothing: a text for each length would be prepared each
/// time, and push others out of the cache of statements.
pub(crate) fn padded(length: usize, before: usize) -> usize {
    let even = match length {
        0 => 0,
        1..=1024 => length.next_power_of_two(),
        _ => length.next_multiple_of(1000),
    };
    if before + even <= ROOM { even } else { length }
}

/// How the values of a list stand in the SQL.
pub(super) enum Listed {
    /// no value is left: nothing is one of them
    Nothing,
    /// a placeholder for each of those at these places
    Each(SmallVec<[usize; SHORT]>),
    /// one slot for all of them, which are of that kind
    All(Kind),
}

/// What the database and the place of a list allow.
#[derive(Clone, Copy)]
pub(super) struct Lists {
    /// a list is one argument
    arrays: bool,
    /// what stands here is written once, so that placeholders can be put in later
    pub(super) once: bool,
}

impl Lists {
    pub(super) fn new(backend: Backend) -> Self {
        Lists {
            arrays: dialect::of(backend).has_arrays(),
            once: true,
        }
    }

    /// The list of an `in`. `None` where the text depends on its values in another way.
    pub(super) fn of(self, all: &[Expr]) -> Option<Listed> {
        let mut kind = None;
        let mut mixed = false;
        for expr in all {
            match expr {
                Expr::Value(Value::List(..)) => return None,
                Expr::Value(Value::Null(_)) => {}
                Expr::Value(value) => mixed |= *kind.get_or_insert(value.kind()) != value.kind(),
                _ => return None,
            }
        }
        let Some(kind) = kind else {
            return Some(Listed::Nothing);
        };
        if self.arrays {
            return Some(Listed::All(kind));
        }
        if all.len() > SHORT {
            return (self.once && !mixed).then_some(Listed::All(kind));
        }
        let mut kept: SmallVec<[usize; SHORT]> = SmallVec::new();
        for (at, expr) in all.iter().enumerate() {
            if let Expr::Value(value) = expr
                && !value.is_null()
                && !kept
                    .iter()
                    .any(|before| matches!(&all[*before], Expr::Value(other) if other == value))
            {
                kept.push(at);
            }
        }
        Some(Listed::Each(kept))
    }

    /// A list of keys, which all count.
    pub(super) fn of_keys(self, keys: &[Value]) -> Option<Listed> {
        let kind = keys.first()?.kind();
        if keys
            .iter()
            .any(|key| key.kind() != kind || matches!(key, Value::Null(_) | Value::List(..)))
        {
            return None;
        }
        if self.arrays || keys.len() > SHORT {
            return Some(Listed::All(kind));
        }
        Some(Listed::Each((0..keys.len()).collect()))
    }
}
