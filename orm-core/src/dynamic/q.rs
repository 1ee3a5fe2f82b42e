//! `DynQ`: conditions by name, combined as Django's `Q` objects are.

use super::{Connector, DynExpr, Dynamic, Scope, names};
use crate::error::{Error, Misuse, Result};
use crate::query::{Condition, Expr, Operand, lookup};
use crate::value::{Kind, Value};

/// A condition by name, or several of them.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum DynQ {
    /// `publications__title__startswith = "Science"`
    Leaf {
        /// relations, a field, transforms, a lookup
        name: String,
        /// the right-hand side
        value: Dynamic,
    },
    /// what an expression says: `Exists(…)`
    Expr(Box<DynExpr>),
    /// several together
    Node {
        /// how they are combined
        connector: Connector,
        /// whether the whole must not hold
        negated: bool,
        /// the parts; none of them says nothing
        children: Vec<DynQ>,
    },
}

impl DynQ {
    /// One condition.
    pub fn leaf(name: impl Into<String>, value: impl Into<Dynamic>) -> Self {
        DynQ::Leaf {
            name: name.into(),
            value: value.into(),
        }
    }

    /// All of these hold.
    pub fn all(children: impl IntoIterator<Item = DynQ>) -> Self {
        DynQ::Node {
            connector: Connector::And,
            negated: false,
            children: children.into_iter().collect(),
        }
    }

    /// Whether it says nothing, as `Q()` does.
    pub fn is_empty(&self) -> bool {
        matches!(self, DynQ::Node { children, .. } if children.is_empty())
    }

    /// Combines two, as `&`, `|` and `^` do; what says nothing is left out.
    #[must_use]
    pub fn combine(self, other: DynQ, connector: Connector) -> Self {
        if self.is_empty() {
            return other;
        }
        if other.is_empty() {
            return self;
        }
        let mut children = Vec::new();
        for part in [self, other] {
            match part {
                DynQ::Node {
                    connector: same,
                    negated: false,
                    children: parts,
                } if same == connector || parts.len() == 1 => children.extend(parts),
                part => children.push(part),
            }
        }
        DynQ::Node {
            connector,
            negated: false,
            children,
        }
    }

    /// It does not hold.
    #[must_use]
    pub fn negated(self) -> Self {
        match self {
            DynQ::Node {
                connector,
                negated,
                children,
            } if negated || children.len() != 1 => DynQ::Node {
                connector,
                negated: !negated,
                children,
            },
            one => DynQ::Node {
                connector: Connector::And,
                negated: true,
                children: vec![one],
            },
        }
    }

    /// The condition over some names; what says nothing holds always.
    pub(crate) fn condition_of(&self, scope: &Scope<'_>) -> Result<Condition> {
        Ok(self.condition(scope)?.unwrap_or(Condition::Constant(true)))
    }

    /// The condition over the names of a query. `None`: it says nothing.
    pub(super) fn condition(&self, scope: &Scope<'_>) -> Result<Option<Condition>> {
        match self {
            DynQ::Leaf { name, value } => names::lookup(scope, name, value).map(Some),
            DynQ::Expr(expr) => match expr.resolve(scope)? {
                Expr::Bool(condition) => Ok(Some(*condition)),
                expr if expr.column_type().kind() == Kind::Bool => {
                    let yes = Operand::One(Expr::Value(Value::Bool(true)));
                    Ok(Some(Condition::lookup(expr, &lookup::EXACT, yes)))
                }
                _ => Err(Error::misuse(
                    Misuse::Type,
                    "Cannot filter against a non-conditional expression.",
                )),
            },
            DynQ::Node {
                connector,
                negated,
                children,
            } => {
                let mut parts = Vec::with_capacity(children.len());
                for child in children {
                    parts.extend(child.condition(scope)?);
                }
                let whole = match (parts.len(), connector) {
                    (0, _) => return Ok(None),
                    (1, _) => parts.swap_remove(0),
                    (_, Connector::And) => Condition::And(parts),
                    (_, Connector::Or) => Condition::Or(parts),
                    (_, Connector::Xor) => Condition::Xor(parts),
                };
                Ok(Some(if *negated {
                    Condition::Not(Box::new(whole))
                } else {
                    whole
                }))
            }
        }
    }
}

impl From<DynExpr> for Dynamic {
    fn from(expr: DynExpr) -> Self {
        Dynamic::Expr(Box::new(expr))
    }
}
