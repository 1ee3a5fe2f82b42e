//! The resolved tree: columns are names behind aliases, and nothing is looked up any more.

pub(super) mod walk;
pub(super) mod window;

use super::argument::Argument;
use super::resolve::Resolver;
use crate::meta::ColumnType;
use crate::query::{AggregateFunction, ArithmeticOp, Function, Lookup, SetOp, arithmetic_type};
use window::WindowTerm;

/// Something that has a value.
#[derive(Debug, Clone)]
pub(super) enum Term {
    Column {
        alias: String,
        column: &'static str,
        ty: ColumnType,
        null: bool,
    },
    /// a column of a subquery in FROM
    Inner {
        table: &'static str,
        name: String,
        ty: ColumnType,
    },
    Value(Argument),
    Call {
        function: &'static Function,
        args: Vec<Term>,
    },
    Aggregate {
        function: AggregateFunction,
        arg: Option<Box<Term>>,
        distinct: bool,
        filter: Option<Box<Node>>,
    },
    Window(Box<WindowTerm>),
    Arithmetic {
        op: ArithmeticOp,
        left: Box<Term>,
        right: Box<Term>,
    },
    Subquery(Box<Subquery>),
    Case {
        whens: Vec<(Node, Term)>,
        default: Box<Term>,
        ty: ColumnType,
    },
    Cast(Box<Term>, ColumnType),
    Typed(Box<Term>, ColumnType),
    Bool(Box<Node>),
    Key(Box<Term>, Vec<String>),
}

/// Something that is true or false.
#[derive(Debug, Clone)]
pub(super) enum Node {
    Constant(bool),
    Lookup {
        left: Term,
        lookup: &'static Lookup,
        right: Right,
    },
    And(Vec<Node>),
    Or(Vec<Node>),
    /// an odd number of them hold; one that is NULL does not
    Xor(Vec<Node>),
    Not(Box<Node>),
    Exists(Box<Subquery>),
}

/// The right-hand side of a lookup.
#[derive(Debug, Clone)]
pub(super) enum Right {
    One(Term),
    Many(Vec<Term>),
    Pair(Term, Term),
    Query(Box<Subquery>),
    Flag(bool),
}

/// A SELECT with everything resolved: a query, or a query within a query.
#[derive(Debug, Clone)]
pub(super) struct Subquery {
    /// the queries whose rows these are; there is nothing of its own then but order and limits
    pub(super) compound: Option<Box<Compound>>,
    /// the query whose rows these are, in FROM; the tables are its
    pub(super) within: Option<Box<Subquery>>,
    /// its tables, and what goes into WHERE
    pub(super) resolver: Resolver,
    /// what it gives; nothing for EXISTS
    pub(super) columns: Vec<(Term, ColumnType)>,
    pub(super) group: Option<Vec<GroupTerm>>,
    pub(super) havings: Vec<Node>,
    /// something with a value in it is said more than once
    pub(super) repeats_values: bool,
    /// for other values in its slots it is another query
    pub(super) undecided: bool,
    pub(super) distinct: bool,
    /// the first row alone of those that are equal in these
    pub(super) distinct_on: Vec<Term>,
    pub(super) order: Vec<ResolvedOrder>,
    pub(super) limit: Option<u64>,
    pub(super) offset: u64,
}

/// Several SELECTs between which a keyword stands.
#[derive(Debug, Clone)]
pub(super) struct Compound {
    pub(super) op: SetOp,
    pub(super) all: bool,
    pub(super) parts: Vec<Subquery>,
    /// what a part asked for that not every database can do there
    pub(super) unfit: Option<&'static str>,
}

/// One term of GROUP BY.
#[derive(Debug, Clone)]
pub(super) enum GroupTerm {
    Term(Term),
    /// a computed column that is selected, by its position from 1: written twice it would have other
    /// arguments, and PostgreSQL would take it for another one
    Position(usize),
}

/// One term of an order.
#[derive(Debug, Clone)]
pub(super) struct ResolvedOrder {
    pub(super) term: Term,
    /// where it is selected, from 1
    pub(super) position: Option<usize>,
    pub(super) descending: bool,
    pub(super) nulls_first: Option<bool>,
}

impl Term {
    /// Calls `test` with the terms that it is made of, until one passes; queries within are not looked
    /// into.
    pub(super) fn any_part(&self, test: &mut dyn FnMut(&Term) -> bool) -> bool {
        match self {
            Term::Call { args, .. } => args.iter().any(&mut *test),
            Term::Aggregate { arg, filter, .. } => {
                let filtered = filter.as_ref().is_some_and(|filter| filter.any_part(test));
                filtered || arg.as_ref().is_some_and(|arg| test(arg))
            }
            Term::Window(window) => window.any_part(test),
            Term::Arithmetic { left, right, .. } => test(left) || test(right),
            Term::Case { whens, default, .. } => {
                whens.iter().any(|(when, then)| when.any_part(test) || test(then)) || test(default)
            }
            Term::Cast(of, _) | Term::Typed(of, _) | Term::Key(of, _) => test(of),
            Term::Bool(node) => node.any_part(test),
            Term::Column { .. } | Term::Inner { .. } | Term::Value(_) | Term::Subquery(_) => false,
        }
    }

    pub(super) fn contains_aggregate(&self) -> bool {
        matches!(self, Term::Aggregate { .. }) || self.any_part(&mut |part| part.contains_aggregate())
    }

    pub(super) fn contains_window(&self) -> bool {
        matches!(self, Term::Window(_)) || self.any_part(&mut |part| part.contains_window())
    }

    /// Whether it is computed from groups of rows, so that it cannot be grouped by.
    pub(super) fn is_of_groups(&self) -> bool {
        self.contains_aggregate() || self.contains_window()
    }

    /// What must be grouped by for the term to have one value: it, or the parts beside its aggregates.
    pub(super) fn group_terms(&self, into: &mut Vec<Term>) {
        match self {
            Term::Value(_) | Term::Aggregate { .. } => {}
            Term::Window(window) => window.group_terms(into),
            Term::Call { args, .. } if self.is_of_groups() => args.iter().for_each(|arg| arg.group_terms(into)),
            Term::Arithmetic { left, right, .. } if self.is_of_groups() => {
                left.group_terms(into);
                right.group_terms(into);
            }
            Term::Case { whens, default, .. } if self.is_of_groups() => {
                for (when, then) in whens {
                    when.group_terms(into);
                    then.group_terms(into);
                }
                default.group_terms(into);
            }
            Term::Cast(of, _) | Term::Typed(of, _) if self.is_of_groups() => of.group_terms(into),
            Term::Bool(node) if self.is_of_groups() => node.group_terms(into),
            Term::Call { args, .. } if args.iter().all(|arg| matches!(arg, Term::Value(_))) => {}
            term => into.push(term.clone()),
        }
    }

    /// The columns that it is made of; queries within and aggregates are not looked into.
    pub(super) fn columns(&self, into: &mut Vec<Term>) {
        match self {
            Term::Column { .. } => into.push(self.clone()),
            Term::Aggregate { .. } => {}
            whole => {
                whole.any_part(&mut |part| {
                    part.columns(into);
                    false
                });
            }
        }
    }

    /// What the term gives, as far as arithmetic needs to know.
    pub(super) fn column_type(&self) -> ColumnType {
        match self {
            Term::Column { ty, .. } | Term::Inner { ty, .. } | Term::Case { ty, .. } => *ty,
            Term::Cast(_, ty) | Term::Typed(_, ty) => *ty,
            Term::Bool(_) => ColumnType::Boolean,
            Term::Window(window) => window.ty,
            Term::Key(..) => ColumnType::Json,
            Term::Value(value) => ColumnType::of_kind(value.kind()),
            Term::Call { function, args } => function.output.of(args.iter().map(Term::column_type)),
            Term::Aggregate { function, arg, .. } => {
                function.output(arg.as_ref().map_or(ColumnType::BigInteger, |arg| arg.column_type()))
            }
            Term::Arithmetic { op, left, right } => arithmetic_type(*op, left.column_type(), right.column_type()),
            Term::Subquery(query) => query.columns.first().map_or(ColumnType::BigInteger, |(_, ty)| *ty),
        }
    }
}

impl Node {
    /// Calls `test` with the terms that it is made of, until one passes.
    pub(super) fn any_part(&self, test: &mut dyn FnMut(&Term) -> bool) -> bool {
        match self {
            Node::Constant(_) | Node::Exists(_) => false,
            Node::Lookup { left, right, .. } => {
                test(left)
                    || match right {
                        Right::One(term) => test(term),
                        Right::Many(terms) => terms.iter().any(&mut *test),
                        Right::Pair(a, b) => test(a) || test(b),
                        Right::Query(_) | Right::Flag(_) => false,
                    }
            }
            Node::And(all) | Node::Or(all) | Node::Xor(all) => all.iter().any(|node| node.any_part(test)),
            Node::Not(one) => one.any_part(test),
        }
    }

    pub(super) fn contains_aggregate(&self) -> bool {
        self.any_part(&mut |term| term.contains_aggregate())
    }

    pub(super) fn contains_window(&self) -> bool {
        self.any_part(&mut |term| term.contains_window())
    }

    /// What must be grouped by for the condition to have one value.
    pub(super) fn group_terms(&self, into: &mut Vec<Term>) {
        match self {
            Node::Constant(_) | Node::Exists(_) => {}
            Node::Lookup { left, right, .. } => {
                left.group_terms(into);
                match right {
                    Right::One(term) => term.group_terms(into),
                    Right::Many(terms) => terms.iter().for_each(|term| term.group_terms(into)),
                    Right::Pair(low, high) => {
                        low.group_terms(into);
                        high.group_terms(into);
                    }
                    Right::Query(_) | Right::Flag(_) => {}
                }
            }
            Node::And(all) | Node::Or(all) | Node::Xor(all) => all.iter().for_each(|node| node.group_terms(into)),
            Node::Not(one) => one.group_terms(into),
        }
    }

    /// All hold; constants are folded.
    pub(super) fn all(nodes: Vec<Node>) -> Node {
        let mut kept = Vec::with_capacity(nodes.len());
        for node in nodes {
            match node {
                Node::Constant(true) => {}
                Node::Constant(false) => return Node::Constant(false),
                other => kept.push(other),
            }
        }
        match kept.len() {
            0 => Node::Constant(true),
            1 => kept.swap_remove(0),
            _ => Node::And(kept),
        }
    }

    /// One holds; constants are folded.
    pub(super) fn any(nodes: Vec<Node>) -> Node {
        let mut kept = Vec::with_capacity(nodes.len());
        for node in nodes {
            match node {
                Node::Constant(false) => {}
                Node::Constant(true) => return Node::Constant(true),
                other => kept.push(other),
            }
        }
        match kept.len() {
            0 => Node::Constant(false),
            1 => kept.swap_remove(0),
            _ => Node::Or(kept),
        }
    }

    /// An odd number of them hold; constants are folded.
    pub(super) fn odd(nodes: Vec<Node>) -> Node {
        let (mut kept, mut odd) = (Vec::with_capacity(nodes.len()), false);
        for node in nodes {
            match node {
                Node::Constant(value) => odd ^= value,
                other => kept.push(other),
            }
        }
        let whole = match kept.len() {
            0 => return Node::Constant(odd),
            1 if !odd => kept.swap_remove(0),
            _ => Node::Xor(kept),
        };
        if odd { whole.not() } else { whole }
    }

    /// It does not hold; constants are folded.
    pub(super) fn not(self) -> Node {
        match self {
            Node::Constant(value) => Node::Constant(!value),
            other => Node::Not(Box::new(other)),
        }
    }
}
