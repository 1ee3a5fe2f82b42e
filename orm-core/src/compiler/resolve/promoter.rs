//! Which joins a condition makes inner or outer: Django's votes.

use super::joins::Joins;
use std::collections::{HashMap, HashSet};

/// How the children of a condition are combined.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Connector {
    And,
    Or,
    Xor,
}

/// Collects, for each table, how many children of a condition need a row in it.
pub(super) struct JoinPromoter {
    connector: Connector,
    children: usize,
    votes: HashMap<usize, usize>,
}

impl JoinPromoter {
    /// `NOT (a AND b)` is `NOT a OR NOT b`, so a negated condition counts the other way round. With
    /// XOR joins stay as they are.
    pub(super) fn new(connector: Connector, children: usize, negated: bool) -> Self {
        let connector = match (connector, negated) {
            (Connector::And, true) => Connector::Or,
            (_, true) => Connector::And,
            (connector, false) => connector,
        };
        JoinPromoter {
            connector,
            children,
            votes: HashMap::new(),
        }
    }

    pub(super) fn vote(&mut self, tables: impl IntoIterator<Item = usize>) {
        for table in tables {
            *self.votes.entry(table).or_default() += 1;
        }
    }

    /// Changes the joins; gives those that are now inner.
    pub(super) fn apply(self, joins: &mut Joins) -> HashSet<usize> {
        // OR: a row without a partner may still meet the other side, unless all sides need it.
        let all = |votes: usize| match self.connector {
            Connector::And => true,
            Connector::Or => votes == self.children,
            Connector::Xor => false,
        };
        let promote = self
            .votes
            .iter()
            .filter(|(_, votes)| self.connector == Connector::Or && **votes < self.children);
        joins.promote(promote.map(|(table, _)| *table));
        let inner: HashSet<usize> = self
            .votes
            .iter()
            .filter(|(_, v)| all(**v))
            .map(|(table, _)| *table)
            .collect();
        joins.demote(inner.iter().copied());
        inner
    }
}
