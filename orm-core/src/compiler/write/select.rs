//! SELECT as text, one part behind the other.

use super::{Alone, Writer};
use crate::compiler::resolve::joins::JoinKind;
use crate::compiler::resolve::{Resolver, qualify};
use crate::compiler::resolved::{GroupTerm, Node, ResolvedOrder, Subquery};
use crate::error::Result;

impl Writer {
    pub(in crate::compiler) fn select(&mut self, query: &Subquery, alias: bool) -> Result<()> {
        self.seeing_groups(|writer| writer.parts(query, alias))
    }

    fn parts(&mut self, query: &Subquery, alias: bool) -> Result<()> {
        if let Some(compound) = &query.compound {
            return self.compound(query, compound, alias);
        }
        let shares = self.shares_placeholders;
        self.shares_placeholders |= query.repeats_values;
        if let Some(walk) = &query.resolver.walk {
            self.with_walk(walk)?;
        }
        self.push("SELECT ");
        if !query.distinct_on.is_empty() {
            if !self.dialect().has_distinct_on() {
                return Err(self.unsupported("DISTINCT ON fields"));
            }
            self.push("DISTINCT ON (");
            self.list(&query.distinct_on, Writer::term)?;
            self.push(") ");
        } else if query.distinct {
            self.push("DISTINCT ");
        }
        if query.columns.is_empty() {
            self.push("1");
        }
        let mut index = 0;
        self.list(&query.columns, |w, (term, _)| {
            index += 1;
            w.lone_term(term)?;
            if alias {
                w.push(" AS ");
                w.identifier(&format!("col{index}"));
            }
            Ok(())
        })?;
        if query.distinct && query.distinct_on.is_empty() {
            self.order_columns(query)?;
        }
        self.body(query)?;
        self.order(&query.order)?;
        self.limit(query.limit, query.offset);
        self.shares_placeholders = shares;
        Ok(())
    }

    /// With DISTINCT, what rows are ordered by must be among what is read.
    fn order_columns(&mut self, query: &Subquery) -> Result<()> {
        let mut known = Vec::new();
        for (term, _) in &query.columns {
            known.push(self.alone(term)?);
        }
        for order in query.order.iter().filter(|order| order.position.is_none()) {
            let piece = self.alone(&order.term)?;
            if !self.is_one_of(&known, &piece) {
                self.push(", ");
                self.term(&order.term)?;
                known.push(piece);
            }
        }
        Ok(())
    }

    pub(in crate::compiler) fn body(&mut self, query: &Subquery) -> Result<()> {
        self.undecided |= query.undecided;
        match &query.within {
            Some(within) => {
                self.push(" FROM (");
                self.select(within, true)?;
                self.push(") ");
                self.identifier(qualify::QUALIFY);
            }
            None => self.tables(&query.resolver)?,
        }
        self.filters(" WHERE ", &query.resolver.filters)?;
        if let Some(group) = &query.group {
            let mut seen: Vec<Alone> = Vec::new();
            for term in group {
                let piece = match term {
                    GroupTerm::Term(term) => self.alone(term)?,
                    GroupTerm::Position(at) => Alone::place(*at),
                };
                if self.is_one_of(&seen, &piece) {
                    continue;
                }
                self.push(if seen.is_empty() { " GROUP BY " } else { ", " });
                match term {
                    GroupTerm::Term(term) => self.term(term)?,
                    GroupTerm::Position(at) => self.push(&at.to_string()),
                }
                seen.push(piece);
            }
        }
        self.hides_groups = !self.dialect().having_sees_groups();
        self.filters(" HAVING ", &query.havings)?;
        self.hides_groups = false;
        Ok(())
    }

    /// FROM and the joins.
    pub(super) fn tables(&mut self, resolver: &Resolver) -> Result<()> {
        let tables = &resolver.joins.tables;
        for index in resolver.joins.written(resolver.start) {
            let join = &tables[index];
            match &join.parent {
                Some((parent, hop)) if index > resolver.start => {
                    self.push(if join.kind == JoinKind::Inner {
                        " INNER JOIN "
                    } else {
                        " LEFT OUTER JOIN "
                    });
                    self.table(join.table, &join.alias);
                    self.push(" ON (");
                    self.column(&tables[*parent].alias, hop.from_column);
                    self.push(" = ");
                    self.column(&join.alias, hop.to_column);
                    if let Some(on) = &join.on {
                        self.on(&on.node)?;
                    }
                    self.push(")");
                }
                _ => {
                    self.push(" FROM ");
                    self.table(join.table, &join.alias);
                    if let Some(walk) = &resolver.walk {
                        self.walked(walk, &join.alias);
                    }
                }
            }
        }
        Ok(())
    }

    /// The further condition of a join.
    fn on(&mut self, node: &Node) -> Result<()> {
        self.push(" AND ");
        match node {
            Node::And(_) | Node::Or(_) | Node::Xor(_) => self.node(node),
            single => {
                self.push("(");
                self.node(single)?;
                self.push(")");
                Ok(())
            }
        }
    }

    pub(super) fn table(&mut self, table: &str, alias: &str) {
        self.identifier(table);
        if alias != table {
            self.push(" ");
            self.identifier(alias);
        }
    }

    pub(super) fn order(&mut self, order: &[ResolvedOrder]) -> Result<()> {
        let mut seen: Vec<Alone> = Vec::new();
        let mut first = true;
        for ResolvedOrder {
            term,
            position,
            descending,
            nulls_first,
        } in order
        {
            // The same term again would change nothing.
            let piece = match position {
                Some(position) => Alone::place(*position),
                None => self.alone(term)?,
            };
            if self.is_one_of(&seen, &piece) {
                continue;
            }
            seen.push(piece);
            self.push(if std::mem::take(&mut first) { " ORDER BY " } else { ", " });
            if let (Some(first), false) = (nulls_first, self.dialect().has_nulls_order()) {
                self.term(term)?;
                self.push(if *first { " IS NULL DESC, " } else { " IS NULL, " });
            }
            match position {
                Some(position) => self.push(&position.to_string()),
                None => self.term(term)?,
            }
            self.push(if *descending { " DESC" } else { " ASC" });
            if let (Some(first), true) = (nulls_first, self.dialect().has_nulls_order()) {
                self.push(if *first { " NULLS FIRST" } else { " NULLS LAST" });
            }
        }
        Ok(())
    }

    pub(super) fn limit(&mut self, limit: Option<u64>, offset: u64) {
        match (limit, offset) {
            (None, 0) => {}
            (Some(limit), _) => self.push(&format!(" LIMIT {limit}")),
            (None, _) => {
                if let Some(none) = self.dialect().no_limit() {
                    self.push(&format!(" LIMIT {none}"));
                }
            }
        }
        if offset > 0 {
            self.push(&format!(" OFFSET {offset}"));
        }
    }
}
