//! Query sets together: `union`, `intersection`, `difference`, and `a & b`, `a | b`, `a ^ b`.

use super::names::misuse;
use super::{Connector, DynQ, DynQuerySet, Dynamic};
use crate::compiler::same_expression;
use crate::error::{Misuse, Result};
use crate::query::{Clause, Combined, Condition, Expr, Merged, Order, Path, Select, SetOp};

impl DynQuerySet {
    /// The rows of this query and of the others; equal rows once, or all of them.
    #[must_use]
    pub fn union(self, others: Vec<DynQuerySet>, all: bool) -> Self {
        if others.is_empty() {
            return self;
        }
        if !self.is_none() {
            return self.with(SetOp::Union, others, all);
        }
        let mut others = others.into_iter().filter(|other| !other.is_none());
        match others.next() {
            None => self,
            Some(first) => first.union(others.collect(), all),
        }
    }

    /// The rows that are in this query and in all the others.
    #[must_use]
    pub fn intersection(self, others: Vec<DynQuerySet>) -> Self {
        if self.is_none() {
            return self;
        }
        match others.iter().position(DynQuerySet::is_none) {
            Some(nothing) => others.into_iter().nth(nothing).unwrap_or(self),
            None => self.with(SetOp::Intersection, others, false),
        }
    }

    /// The rows of this query that are in none of the others.
    #[must_use]
    pub fn difference(self, others: Vec<DynQuerySet>) -> Self {
        if self.is_none() {
            return self;
        }
        self.with(SetOp::Difference, others, false)
    }

    /// Whether `none()` was said, or an empty slice taken.
    fn is_none(&self) -> bool {
        self.query.none || self.query.limit == Some(0)
    }

    fn with(mut self, op: SetOp, others: Vec<DynQuerySet>, all: bool) -> Self {
        let mut parts = vec![self.query.clone()];
        parts.extend(others.into_iter().map(|other| other.query));
        let query = &mut self.query;
        query.combined = Some(Box::new(Combined { op, all, parts }));
        query.order = Order::By(Vec::new());
        query.group = None;
        query.reversed = false;
        query.distinct = false;
        (query.offset, query.limit) = (0, None);
        // The parts have the conditions; what was computed keeps its name.
        let kept = |clause: &Clause| !matches!(clause, Clause::Filter(_) | Clause::Anchor(_));
        query.clauses.retain(kept);
        self.grouped = false;
        self
    }

    /// That the rows are those of one query.
    pub(super) fn not_combined(&self, call: &str) -> Result<()> {
        self.not_combined_for(&format!("{call}()"))
    }

    /// The same, for a call that is described.
    pub(super) fn not_combined_for(&self, call: &str) -> Result<()> {
        match &self.query.combined {
            None => Ok(()),
            Some(combined) => Err(misuse(
                Misuse::NotSupported,
                format!(
                    "Calling QuerySet.{call} after {}() is not supported.",
                    combined.op.name()
                ),
            )),
        }
    }

    /// `a & b`, `a | b`, `a ^ b`: the rows for which the conditions of both hold, or of one of them.
    /// The rest is that of the first, but for an order that the second has.
    ///
    /// # Errors
    /// [`Error::Misuse`](crate::Error::Misuse) where the two do not fit together: of other models, of
    /// other values, after a slice, of several queries already.
    pub fn merge(self, other: DynQuerySet, connector: Connector) -> Result<Self> {
        let sign = match connector {
            Connector::And => "&",
            Connector::Or => "|",
            Connector::Xor => "^",
        };
        if self.query.combined.is_some() || other.query.combined.is_some() {
            let message = format!("Cannot use {sign} operator with combined queryset.");
            return Err(misuse(Misuse::Type, message));
        }
        if !self.has_values_of(&other) {
            let message = "Merging 'QuerySet' classes must involve the same values in each case.";
            return Err(misuse(Misuse::Type, message));
        }
        match (connector, self.is_none(), other.is_none()) {
            (Connector::And, _, true) | (Connector::Or | Connector::Xor, true, _) => return Ok(other),
            (Connector::And, true, _) | (Connector::Or | Connector::Xor, _, true) => return Ok(self),
            _ => {}
        }
        let (own, other) = match connector {
            Connector::And => (self, other),
            _ => (self.unsliced()?, other.unsliced()?),
        };
        own.joined(other, connector)
    }

    /// A query of the same rows to which conditions can be added.
    fn unsliced(self) -> Result<Self> {
        if !self.is_sliced() {
            return Ok(self);
        }
        let mut keys = self;
        let all = DynQuerySet::new(keys.query.model);
        keys.query.select = Select::Columns(vec![Expr::key(Path::root(), keys.query.model)]);
        all.filter(DynQ::leaf("pk__in", Dynamic::Query(Box::new(keys))))
    }

    fn has_values_of(&self, other: &DynQuerySet) -> bool {
        match (&self.query.select, &other.query.select) {
            (Select::Columns(own), Select::Columns(others)) => {
                let has = |all: &[Expr], one: &Expr| all.iter().any(|other| same_expression(one, other));
                own.iter().all(|one| has(others, one)) && others.iter().all(|one| has(own, one))
            }
            (Select::Columns(_), _) => false,
            _ => true,
        }
    }

    fn joined(mut self, other: DynQuerySet, connector: Connector) -> Result<Self> {
        let own = &mut self.query;
        let refused = if !own.model.is(other.query.model) {
            Some("Cannot combine queries on two different base models.")
        } else if own.is_sliced() {
            Some("Cannot combine queries once a slice has been taken.")
        } else if own.distinct != other.query.distinct {
            Some("Cannot combine a unique query with a non-unique query.")
        } else if !other.relations.is_empty() {
            Some("Cannot combine queries where the second has filtered relations.")
        } else if other.query.conditions().any(Condition::refers) {
            Some("Cannot combine queries where the second has conditions on what it annotates.")
        } else {
            None
        };
        if let Some(message) = refused {
            return Err(misuse(Misuse::Type, message));
        }
        let right: Vec<Condition> = other.query.conditions().cloned().collect();
        if connector == Connector::And {
            own.clauses.extend(right.into_iter().map(Clause::Filter));
        } else {
            let left: Vec<Condition> = own.conditions().cloned().collect();
            let first = own.clauses.iter().position(|c| matches!(c, Clause::Filter(_)));
            // A condition comes after what it speaks of.
            let at = first.filter(|_| self.relations.is_empty() && !left.iter().any(Condition::refers));
            own.clauses.retain(|clause| !matches!(clause, Clause::Filter(_)));
            let exclusive = connector == Connector::Xor;
            let merged = Condition::Merged(Box::new(Merged { exclusive, left, right }));
            let at = at.unwrap_or(own.clauses.len());
            own.clauses.insert(at, Clause::Filter(merged));
        }
        match other.query.order {
            Order::By(terms) if !terms.is_empty() && !terms.iter().any(|term| term.expr.refers()) => {
                own.order = Order::By(terms);
            }
            _ => {}
        }
        Ok(self)
    }
}
