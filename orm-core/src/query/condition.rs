//! Everything that is true or false of a row.

use super::{Expr, Lookup, LookupKind, Merged, Query};
use crate::value::Value;

/// Something that is true, false or NULL of each row.
#[derive(Debug, Clone)]
pub enum Condition {
    /// always or never
    Constant(bool),
    /// `left__lookup = right`
    Lookup {
        /// what is compared
        left: Expr,
        /// how
        lookup: &'static Lookup,
        /// with what
        right: Operand,
    },
    /// a query has a row
    Exists(Box<Query>),
    /// all hold
    And(Vec<Condition>),
    /// one holds
    Or(Vec<Condition>),
    /// an odd number of them hold; one that is NULL does not
    Xor(Vec<Condition>),
    /// it does not hold
    Not(Box<Condition>),
    /// those of one query set or those of another
    Merged(Box<Merged>),
}

/// The right-hand side of a lookup.
#[derive(Debug, Clone)]
pub enum Operand {
    /// one value or expression
    One(Expr),
    /// several, for `in`
    Many(Vec<Expr>),
    /// two, for `range`
    Pair(Expr, Expr),
    /// the rows of a query, for `in`
    Query(Box<Query>),
    /// yes or no, for `isnull`
    Flag(bool),
}

/// How conditions are combined.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs, reason = "they say it")]
pub enum Connector {
    And,
    Or,
    /// an odd number of them
    Xor,
}

impl Operand {
    /// The document that it is, where what another one has under a key is compared with it.
    pub(crate) fn compared_document(&self, left: &Expr) -> Option<&serde_json::Value> {
        match (left, self) {
            (Expr::Key(..), Operand::One(Expr::Value(Value::Json(document)))) => Some(document),
            _ => None,
        }
    }
}

impl Condition {
    /// `left__lookup = right`.
    #[inline]
    pub fn lookup(left: Expr, lookup: &'static Lookup, right: Operand) -> Self {
        Condition::Lookup { left, lookup, right }
    }

    /// Whether it holds for the row of a given key alone.
    pub(crate) fn is_of_key(&self) -> bool {
        match self {
            Condition::Lookup {
                left: Expr::Column { path, field },
                lookup,
                right: Operand::One(Expr::Value(_) | Expr::Slot(_)),
            } => lookup.kind == LookupKind::Exact && path.steps().is_empty() && field.primary_key,
            _ => false,
        }
    }

    /// Both hold.
    #[must_use]
    pub fn and(self, other: Condition) -> Self {
        match (self, other) {
            (Condition::Constant(true), c) | (c, Condition::Constant(true)) => c,
            (Condition::And(mut all), Condition::And(more)) => {
                all.extend(more);
                Condition::And(all)
            }
            (Condition::And(mut all), one) => {
                all.push(one);
                Condition::And(all)
            }
            (one, other) => Condition::And(vec![one, other]),
        }
    }

    /// One of them holds.
    #[must_use]
    pub fn or(self, other: Condition) -> Self {
        match (self, other) {
            (Condition::Constant(false), c) | (c, Condition::Constant(false)) => c,
            (Condition::Or(mut all), Condition::Or(more)) => {
                all.extend(more);
                Condition::Or(all)
            }
            (Condition::Or(mut all), one) => {
                all.push(one);
                Condition::Or(all)
            }
            (one, other) => Condition::Or(vec![one, other]),
        }
    }

    /// One of them holds, and the other does not.
    #[must_use]
    pub fn xor(self, other: Condition) -> Self {
        match (self, other) {
            (Condition::Constant(false), c) | (c, Condition::Constant(false)) => c,
            (Condition::Xor(mut all), Condition::Xor(more)) => {
                all.extend(more);
                Condition::Xor(all)
            }
            (Condition::Xor(mut all), one) | (one, Condition::Xor(mut all)) => {
                all.push(one);
                Condition::Xor(all)
            }
            (one, other) => Condition::Xor(vec![one, other]),
        }
    }

    /// It does not hold.
    #[must_use]
    pub fn negated(self) -> Self {
        match self {
            Condition::Constant(value) => Condition::Constant(!value),
            other => Condition::Not(Box::new(other)),
        }
    }

    /// Calls `test` with the expressions that it is made of, until one passes.
    pub(crate) fn any_part(&self, test: &mut dyn FnMut(&Expr) -> bool) -> bool {
        match self {
            Condition::Constant(_) | Condition::Exists(_) => false,
            Condition::Lookup { left, right, .. } => {
                test(left)
                    || match right {
                        Operand::One(expr) => test(expr),
                        Operand::Many(all) => all.iter().any(&mut *test),
                        Operand::Pair(a, b) => test(a) || test(b),
                        Operand::Query(_) | Operand::Flag(_) => false,
                    }
            }
            Condition::And(all) | Condition::Or(all) | Condition::Xor(all) => all.iter().any(|one| one.any_part(test)),
            Condition::Not(one) => one.any_part(test),
            Condition::Merged(merged) => {
                let mut parts = merged.left.iter().chain(&merged.right);
                parts.any(|one| one.any_part(test))
            }
        }
    }

    /// Whether it speaks of an annotation.
    pub fn refers(&self) -> bool {
        self.any_part(&mut |expr| expr.refers())
    }

    /// Whether an aggregate is part of it, so that it belongs into HAVING.
    pub fn contains_aggregate(&self) -> bool {
        self.any_part(&mut |expr| expr.contains_aggregate())
    }
}
