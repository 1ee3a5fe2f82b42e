//! Rows of several queries taken together: `union`, `intersection`, `difference`; and two sets of
//! conditions taken together: `a | b`.

use super::{Clause, Condition, Connector, Expr, Order, Query};

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

impl Query {
    /// Whether `none()` was said, or an empty slice taken.
    pub(crate) fn is_nothing(&self) -> bool {
        self.none || self.limit == Some(0)
    }

    /// The rows of this query and of others taken together.
    #[must_use]
    pub(crate) fn combine(mut self, op: SetOp, others: impl IntoIterator<Item = Query>, all: bool) -> Query {
        let mut parts = vec![self.clone()];
        parts.extend(others);
        for part in &mut parts {
            // The whole says what is read beside the rows.
            part.clauses.retain(|clause| !matches!(clause, Clause::Anchor(_)));
        }
        self.combined = Some(Box::new(Combined { op, all, parts }));
        self.order = Order::By(Vec::new());
        self.group = None;
        self.reversed = false;
        self.distinct = false;
        self.none = false;
        (self.offset, self.limit) = (0, None);
        // The parts have the conditions; what was computed keeps its name.
        self.clauses.retain(|clause| !matches!(clause, Clause::Filter(_)));
        self
    }

    /// `a & b`, `a | b`, `a ^ b`: this query for the rows that meet the conditions of both, or of one
    /// of them, in the order that the second was given.
    ///
    /// # Errors
    /// Why the two do not fit together.
    pub(crate) fn merge(mut self, other: Query, connector: Connector) -> Result<Query, &'static str> {
        let filtered = |query: &Query| query.clauses.iter().any(|clause| matches!(clause, Clause::Filtered(_)));
        if !self.model.is(other.model) {
            return Err("Cannot combine queries on two different base models.");
        } else if self.is_sliced() || other.is_sliced() {
            return Err("Cannot combine queries once a slice has been taken.");
        } else if self.distinct != other.distinct {
            return Err("Cannot combine a unique query with a non-unique query.");
        } else if !same_columns(self.distinct_on(), other.distinct_on()) {
            return Err("Cannot combine queries with different distinct fields.");
        } else if filtered(&other) {
            return Err("Cannot combine queries where the second has filtered relations.");
        } else if other.conditions().any(Condition::refers) {
            return Err("Cannot combine queries where the second has conditions on what it annotates.");
        }
        match (connector, self.walk(), other.walk()) {
            (_, None, None) | (Connector::And, Some(_), None) => {}
            (Connector::And, None, Some(walk)) => self.more_mut().walk = Some(walk.clone()),
            (Connector::And, Some(_), Some(_)) => return Err("Cannot combine two walks along a tree."),
            _ => return Err("Cannot combine queries by | or ^ where one walks along a tree."),
        }
        let right: Vec<Condition> = other.conditions().cloned().collect();
        if connector == Connector::And {
            self.clauses.extend(right.into_iter().map(Clause::Filter));
        } else {
            let left: Vec<Condition> = self.conditions().cloned().collect();
            let first = self.clauses.iter().position(|c| matches!(c, Clause::Filter(_)));
            // A condition comes after what it speaks of.
            let at = first.filter(|_| !filtered(&self) && !left.iter().any(Condition::refers));
            self.clauses.retain(|clause| !matches!(clause, Clause::Filter(_)));
            let exclusive = connector == Connector::Xor;
            let merged = Condition::Merged(Box::new(Merged { exclusive, left, right }));
            let at = at.unwrap_or(self.clauses.len());
            self.clauses.insert(at, Clause::Filter(merged));
        }
        match other.order {
            Order::By(terms) if !terms.is_empty() && !terms.iter().any(|term| term.expr.refers()) => {
                self.order = Order::By(terms);
            }
            _ => {}
        }
        Ok(self)
    }
}

fn same_columns(one: &[Expr], other: &[Expr]) -> bool {
    one.len() == other.len() && one.iter().zip(other).all(|(one, other)| one.is_same(other))
}
