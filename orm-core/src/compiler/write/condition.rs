//! The second pass: conditions as text.

use super::Writer;
use crate::compiler::argument::Argument;
use crate::compiler::resolved::{Node, Right, Term};
use crate::dialect::{Items, Pattern, PatternOf};
use crate::error::{Error, Result};
use crate::query::lookup::LookupKind;
use crate::value::Kind;

impl Writer {
    pub(super) fn node(&mut self, node: &Node) -> Result<()> {
        match node {
            Node::Constant(value) => self.push(if *value { "1 = 1" } else { "0 = 1" }),
            Node::And(all) => self.connected(all, " AND ")?,
            Node::Or(all) => self.connected(all, " OR ")?,
            Node::Xor(all) => self.odd(all)?,
            Node::Not(one) => {
                self.push("NOT (");
                self.node(one)?;
                self.push(")");
            }
            Node::Exists(query) => {
                self.push("EXISTS");
                self.subquery(query)?;
            }
            Node::Lookup { left, lookup, right } => self.lookup(left, lookup.kind, right)?,
        }
        Ok(())
    }

    fn connected(&mut self, nodes: &[Node], by: &str) -> Result<()> {
        self.push("(");
        for (index, node) in nodes.iter().enumerate() {
            if index > 0 {
                self.push(by);
            }
            self.node(node)?;
        }
        self.push(")");
        Ok(())
    }

    /// One holds, and an odd number of them do; a condition that is NULL does not.
    fn odd(&mut self, nodes: &[Node]) -> Result<()> {
        self.push("(");
        self.connected(nodes, " OR ")?;
        self.push(" AND 1 = (");
        for (index, node) in nodes.iter().enumerate() {
            self.push(if index > 0 { " + CASE WHEN " } else { "CASE WHEN " });
            self.node(node)?;
            self.push(" THEN 1 ELSE 0 END");
        }
        self.push(if nodes.len() > 2 { ") % 2)" } else { "))" });
        Ok(())
    }

    fn lookup(&mut self, left: &Term, kind: LookupKind, right: &Right) -> Result<()> {
        if left.column_type().kind() == Kind::Json
            && let Some(written) = self.json_lookup(left, kind, right)
        {
            return written;
        }
        match (kind, right) {
            (LookupKind::Exact, Right::One(right)) if left.column_type().kind() == Kind::Json => self
                .dialect()
                .json_exact(self, &mut |w| w.term(left), &mut |w| w.term(right)),
            (LookupKind::IExact, Right::One(right)) => self
                .dialect()
                .iexact(self, &mut |w| w.term(left), &mut |w| w.term(right)),
            (LookupKind::Regex { ignore_case }, Right::One(right)) => {
                let of = left.column_type();
                self.dialect()
                    .regex(self, of, &mut |w| w.term(left), &mut |w| w.term(right), ignore_case)
            }
            (LookupKind::Match { part, ignore_case }, Right::One(Term::Value(text))) if text.is_a(Kind::Text) => {
                let pattern = Pattern {
                    part,
                    ignore_case,
                    column: left.column_type(),
                    of: PatternOf::Text(text),
                };
                self.dialect().matches(self, &mut |w| w.term(left), pattern)
            }
            (LookupKind::Match { part, ignore_case }, Right::One(right)) => {
                let mut piece = |w: &mut Writer| w.term(right);
                let pattern = Pattern {
                    part,
                    ignore_case,
                    column: left.column_type(),
                    of: PatternOf::Piece(&mut piece),
                };
                self.dialect().matches(self, &mut |w| w.term(left), pattern)
            }
            (LookupKind::Range, Right::Pair(low, high)) => {
                self.term(left)?;
                self.push(" BETWEEN ");
                self.term(low)?;
                self.push(" AND ");
                self.term(high)
            }
            (LookupKind::IsNull, Right::Flag(yes)) => {
                self.term(left)?;
                self.push(if *yes { " IS NULL" } else { " IS NOT NULL" });
                Ok(())
            }
            (LookupKind::In, Right::Many(terms)) => self.one_of(left, terms),
            (LookupKind::In, Right::Query(query)) => {
                self.term(left)?;
                self.push(" IN ");
                // MySQL takes no LIMIT directly within IN.
                if (query.limit.is_some() || query.offset > 0) && !self.dialect().reads_what_it_writes() {
                    self.push("(SELECT * FROM ");
                    self.subquery(query)?;
                    self.push(" AS ");
                    self.identifier("subquery");
                    self.push(")");
                    return Ok(());
                }
                self.subquery(query)
            }
            (kind, right) => match (kind.sign(), right) {
                (Some(sign), Right::One(right)) => {
                    self.term(left)?;
                    self.push(sign);
                    self.term(right)
                }
                _ => Err(Error::Query("this lookup does not take that value".to_owned())),
            },
        }
    }

    fn one_of(&mut self, left: &Term, terms: &[Term]) -> Result<()> {
        let values: Vec<Argument> = terms
            .iter()
            .filter_map(|term| {
                if let Term::Value(value) = term {
                    Some(value.clone())
                } else {
                    None
                }
            })
            .collect();
        if values.len() == terms.len() {
            let items = match values.as_slice() {
                [Argument::Slot(slot)] if slot.list => Items::All(*slot),
                _ => Items::These(values),
            };
            return self.dialect().one_of(self, &mut |w| w.term(left), items);
        }
        self.term(left)?;
        self.push(" IN (");
        self.list(terms, |w, term| w.term(term))?;
        self.push(")");
        Ok(())
    }

    /// WHERE or HAVING.
    pub(in crate::compiler) fn filters(&mut self, keyword: &str, nodes: &[Node]) -> Result<()> {
        match Node::all(nodes.to_vec()) {
            Node::Constant(true) => Ok(()),
            Node::And(all) => {
                self.push(keyword);
                for (index, node) in all.iter().enumerate() {
                    if index > 0 {
                        self.push(" AND ");
                    }
                    self.node(node)?;
                }
                Ok(())
            }
            node => {
                self.push(keyword);
                self.node(&node)
            }
        }
    }
}
