//! Relations with conditions of their own: joins with more than the keys in ON.

use super::joins::{Hop, On, Reuse};
use super::{Polarity, Resolver};
use crate::compiler::resolved::Node;
use crate::error::{Error, Result};
use crate::query::FilteredRelation;
use std::collections::HashSet;
use std::sync::Arc;

impl Resolver {
    /// The table at the end of one more hop, and where it is new, the condition of its relation.
    pub(super) fn join(&mut self, parent: usize, hop: Hop, reuse: &mut Reuse<'_>) -> Result<usize> {
        let Some(number) = hop.filtered else {
            return Ok(self.joins.join(parent, hop, None, reuse));
        };
        let Some(relation) = self.filtered.get(usize::from(number)).map(Arc::clone) else {
            return Err(Error::Query("a filtered relation is used before it is made".to_owned()));
        };
        let tables = self.joins.tables.len();
        let table = self.joins.join(parent, hop, Some(&relation.name), reuse);
        if table == tables {
            self.restrict(table, number, hop.many, &relation, reuse)?;
        }
        Ok(table)
    }

    fn restrict(
        &mut self,
        table: usize,
        number: u16,
        many: bool,
        relation: &FilteredRelation,
        reuse: &mut Reuse<'_>,
    ) -> Result<()> {
        // The condition of one may speak of another one.
        const DEEPEST: usize = 20;
        if self.within.len() == DEEPEST {
            return Err(Error::Query(format!(
                "filtered relations are nested deeper than {DEEPEST}"
            )));
        }
        let shared: HashSet<usize> = match reuse {
            Reuse::Only(tables) if many => tables.iter().copied().chain([table]).collect(),
            _ => (0..=table).collect(),
        };
        let before = std::mem::replace(&mut self.used, shared);
        let kinds: Vec<_> = self.joins.tables.iter().map(|join| join.kind).collect();
        self.within.push((number, table));
        let node = self.condition(&relation.condition, Polarity::joined());
        self.within.pop();
        let used = std::mem::replace(&mut self.used, before);
        if let Reuse::Only(tables) = reuse {
            tables.extend(used.into_iter().filter(|at| *at >= table));
        }
        // What stands in ON does not tell which rows there are.
        let known = kinds.len();
        for (join, kind) in self.joins.tables.iter_mut().zip(kinds) {
            join.kind = kind;
        }
        for at in known..self.joins.tables.len() {
            self.joins.restart(at);
        }
        match node?.0 {
            Node::Constant(true) => {}
            node => {
                let last = self.joins.tables.len() - 1;
                self.joins.tables[table].on = Some(Box::new(On { node, last }));
            }
        }
        Ok(())
    }

    /// Where a path begins, and how many of its hops lead there: within the condition of a filtered
    /// relation, the relation itself is the table that is being joined.
    pub(super) fn start_of(&self, hops: &[Hop]) -> (usize, usize) {
        let known = self.within.iter().rev().find_map(|(number, table)| {
            let at = hops.iter().position(|hop| hop.filtered == Some(*number))?;
            Some((at + 1, *table))
        });
        known.unwrap_or((0, 0))
    }
}
