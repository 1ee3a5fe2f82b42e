//! Conditions on windows stand outside of the query that computes these, as in Django's
//! `get_qualify_sql`.

use super::{Resolver, leaf};
use crate::compiler::argument::Argument;
use crate::compiler::resolved::window::same;
use crate::compiler::resolved::{Node, ResolvedOrder, Right, Subquery, Term};
use crate::meta::ColumnType;
use crate::query::lookup;
use crate::value::Value;

/// The alias of the query that computes what conditions are on.
pub(in crate::compiler) const QUALIFY: &str = "qualify";

/// What a query computes for conditions outside of it.
pub(super) struct Outside<'c> {
    columns: &'c mut Vec<(Term, ColumnType)>,
    filters: Vec<Node>,
    order: Vec<ResolvedOrder>,
    distinct_on: Vec<Term>,
    /// a condition outside has nothing to do with windows nor groups, but must stay beside one that has
    pub(super) mixed: bool,
    /// values in slots were compared: for other values other columns are computed
    pub(super) undecided: bool,
}

impl<'c> Outside<'c> {
    /// Takes the conditions, and with them the order, out of a query that has these columns.
    pub(super) fn new(
        columns: &'c mut Vec<(Term, ColumnType)>,
        conditions: Vec<Node>,
        order: &mut Vec<ResolvedOrder>,
        distinct_on: &mut Vec<Term>,
    ) -> Self {
        let mut outside = Outside {
            columns,
            filters: Vec::new(),
            order: Vec::new(),
            distinct_on: Vec::new(),
            mixed: false,
            undecided: false,
        };
        outside.filters = conditions.into_iter().map(|node| outside.node(node)).collect();
        outside.order = std::mem::take(order)
            .into_iter()
            .map(|order| ResolvedOrder {
                term: outside.term(order.term),
                ..order
            })
            .collect();
        let distinct_on = std::mem::take(distinct_on);
        outside.distinct_on = distinct_on.into_iter().map(|term| outside.term(term)).collect();
        outside
    }

    fn node(&mut self, node: Node) -> Node {
        match node {
            Node::And(all) if all.iter().any(Node::contains_window) => Node::And(self.nodes(all)),
            Node::Or(all) if all.iter().any(Node::contains_window) => Node::Or(self.nodes(all)),
            Node::Xor(all) if all.iter().any(Node::contains_window) => Node::Xor(self.nodes(all)),
            Node::Not(one) => Node::Not(Box::new(self.node(*one))),
            Node::Constant(value) => Node::Constant(value),
            Node::Lookup { left, lookup, right } if left.contains_window() || is_of_window(&right) => Node::Lookup {
                left: self.term(left),
                lookup,
                right: self.right(right),
            },
            // Whether it holds is told from within, where its tables are.
            other => {
                self.mixed |= !other.contains_aggregate();
                let holds = self.term(Term::Bool(Box::new(other)));
                let yes = Term::Value(Argument::Value(Value::Bool(true)));
                leaf(holds, &lookup::EXACT, Right::One(yes))
            }
        }
    }

    fn nodes(&mut self, all: Vec<Node>) -> Vec<Node> {
        all.into_iter().map(|node| self.node(node)).collect()
    }

    fn right(&mut self, right: Right) -> Right {
        match right {
            Right::One(term) => Right::One(self.term(term)),
            Right::Many(all) => Right::Many(all.into_iter().map(|term| self.term(term)).collect()),
            Right::Pair(low, high) => Right::Pair(self.term(low), self.term(high)),
            other @ (Right::Query(_) | Right::Flag(_)) => other,
        }
    }

    /// A term as it is read outside: it is computed within, once.
    fn term(&mut self, term: Term) -> Term {
        if let Term::Value(_) = term {
            return term;
        }
        let ty = term.column_type();
        let known = self
            .columns
            .iter()
            .position(|(known, _)| same(known, &term, Argument::eq));
        let mut before = self.columns.iter().take(known.unwrap_or(self.columns.len()));
        self.undecided |= before.any(|(known, _)| same(known, &term, Argument::may_equal));
        let at = known.unwrap_or_else(|| {
            self.columns.push((term, ty));
            self.columns.len() - 1
        });
        inner(at, ty)
    }

    /// The conditions outside, the order, and what rows are equal in.
    pub(super) fn into_parts(self) -> (Vec<Node>, Vec<ResolvedOrder>, Vec<Term>) {
        (self.filters, self.order, self.distinct_on)
    }
}

/// A query around one that computes what its conditions are on; of its columns the first `width` are
/// read.
pub(super) fn around(
    mut computes: Subquery,
    width: usize,
    (filters, order, distinct_on): (Vec<Node>, Vec<ResolvedOrder>, Vec<Term>),
) -> Subquery {
    let mut resolver = Resolver::new(computes.resolver.model, computes.resolver.depth);
    resolver.filters = filters;
    let read = computes.columns.iter().take(width).enumerate();
    Subquery {
        compound: None,
        resolver,
        columns: read.map(|(at, (_, ty))| (inner(at, *ty), *ty)).collect(),
        group: None,
        havings: Vec::new(),
        repeats_values: false,
        undecided: false,
        distinct: std::mem::take(&mut computes.distinct),
        distinct_on,
        order,
        limit: computes.limit.take(),
        offset: std::mem::take(&mut computes.offset),
        within: Some(Box::new(computes)),
    }
}

fn inner(at: usize, ty: ColumnType) -> Term {
    Term::Inner {
        table: QUALIFY,
        name: format!("col{}", at + 1),
        ty,
    }
}

fn is_of_window(right: &Right) -> bool {
    match right {
        Right::One(term) => term.contains_window(),
        Right::Many(terms) => terms.iter().any(Term::contains_window),
        Right::Pair(low, high) => low.contains_window() || high.contains_window(),
        Right::Query(_) | Right::Flag(_) => false,
    }
}
