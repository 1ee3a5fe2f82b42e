//! Query sets together: `union`, `intersection`, `difference`, and `a & b`, `a | b`, `a ^ b`.

use super::{Connector, DynQ, DynQuerySet, Dynamic};
use crate::error::{Error, Misuse, Result};
use crate::query::{Expr, Path, Select, SetOp};

impl DynQuerySet {
    /// The rows of this query and of the others; equal rows once, or all of them.
    #[must_use]
    pub fn union(self, others: Vec<DynQuerySet>, all: bool) -> Self {
        if others.is_empty() {
            return self;
        }
        if !self.query.is_nothing() {
            return self.with(SetOp::Union, others, all);
        }
        let mut others = others.into_iter().filter(|other| !other.query.is_nothing());
        match others.next() {
            None => self,
            Some(first) => first.union(others.collect(), all),
        }
    }

    /// The rows that are in this query and in all the others.
    #[must_use]
    pub fn intersection(self, others: Vec<DynQuerySet>) -> Self {
        if self.query.is_nothing() {
            return self;
        }
        match others.iter().position(|other| other.query.is_nothing()) {
            Some(nothing) => others.into_iter().nth(nothing).unwrap_or(self),
            None => self.with(SetOp::Intersection, others, false),
        }
    }

    /// The rows of this query that are in none of the others.
    #[must_use]
    pub fn difference(self, others: Vec<DynQuerySet>) -> Self {
        if self.query.is_nothing() {
            return self;
        }
        self.with(SetOp::Difference, others, false)
    }

    fn with(mut self, op: SetOp, others: Vec<DynQuerySet>, all: bool) -> Self {
        let others = others.into_iter().map(|other| other.query);
        self.query = self.query.combine(op, others, all);
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
            Some(combined) => Err(Error::misuse(
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
    /// [`Error::Misuse`] where the two do not fit together: of other models, of
    /// other values, after a slice, of several queries already.
    pub fn merge(self, other: DynQuerySet, connector: Connector) -> Result<Self> {
        let sign = match connector {
            Connector::And => "&",
            Connector::Or => "|",
            Connector::Xor => "^",
        };
        if self.query.combined.is_some() || other.query.combined.is_some() {
            let message = format!("Cannot use {sign} operator with combined queryset.");
            return Err(Error::misuse(Misuse::Type, message));
        }
        if !self.has_values_of(&other) {
            let message = "Merging 'QuerySet' classes must involve the same values in each case.";
            return Err(Error::misuse(Misuse::Type, message));
        }
        match (connector, self.query.is_nothing(), other.query.is_nothing()) {
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
                let has = |all: &[Expr], one: &Expr| all.iter().any(|other| one.is_same(other));
                own.iter().all(|one| has(others, one)) && others.iter().all(|one| has(own, one))
            }
            (Select::Columns(_), _) => false,
            _ => true,
        }
    }

    fn joined(mut self, other: DynQuerySet, connector: Connector) -> Result<Self> {
        let merged = self.query.merge(other.query, connector);
        self.query = merged.map_err(|message| Error::misuse(Misuse::Type, message))?;
        Ok(self)
    }
}
