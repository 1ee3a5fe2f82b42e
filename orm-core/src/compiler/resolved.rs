//! The resolved tree: columns are names behind aliases, and nothing is looked up any more.

use super::argument::Argument;
use super::resolve::Resolver;
use crate::meta::ColumnType;
use crate::query::{AggregateFunction, ArithmeticOp, Function, Lookup};

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
    Arithmetic {
        op: ArithmeticOp,
        left: Box<Term>,
        right: Box<Term>,
    },
    Subquery(Box<Subquery>),
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

/// A query within a query.
#[derive(Debug, Clone)]
pub(super) struct Subquery {
    pub(super) resolver: Resolver,
    /// what it gives; nothing for EXISTS
    pub(super) columns: Vec<Term>,
    pub(super) distinct: bool,
    pub(super) order: Vec<ResolvedOrder>,
    pub(super) limit: Option<u64>,
    pub(super) offset: u64,
}

/// One term of an order.
#[derive(Debug, Clone)]
pub(super) struct ResolvedOrder {
    pub(super) term: Term,
    pub(super) descending: bool,
    pub(super) nulls_first: Option<bool>,
}

impl Term {
    pub(super) fn contains_aggregate(&self) -> bool {
        match self {
            Term::Aggregate { .. } => true,
            Term::Call { args, .. } => args.iter().any(Term::contains_aggregate),
            Term::Arithmetic { left, right, .. } => left.contains_aggregate() || right.contains_aggregate(),
            Term::Column { .. } | Term::Inner { .. } | Term::Value(_) | Term::Subquery(_) => false,
        }
    }

    /// What the term gives, as far as arithmetic needs to know.
    pub(super) fn column_type(&self) -> ColumnType {
        match self {
            Term::Column { ty, .. } | Term::Inner { ty, .. } => *ty,
            Term::Value(value) => ColumnType::of_kind(value.kind()),
            Term::Call { function, args } => {
                let types: Vec<ColumnType> = args.iter().map(Term::column_type).collect();
                (function.output)(&types)
            }
            Term::Aggregate {
                function: AggregateFunction::Count,
                ..
            } => ColumnType::BigInteger,
            Term::Aggregate { arg, .. } => arg.as_ref().map_or(ColumnType::BigInteger, |arg| arg.column_type()),
            Term::Arithmetic { left, .. } => left.column_type(),
            Term::Subquery(query) => query.columns.first().map_or(ColumnType::BigInteger, Term::column_type),
        }
    }
}

impl Node {
    pub(super) fn contains_aggregate(&self) -> bool {
        match self {
            Node::Constant(_) | Node::Exists(_) => false,
            Node::Lookup { left, right, .. } => {
                left.contains_aggregate()
                    || match right {
                        Right::One(term) => term.contains_aggregate(),
                        Right::Many(terms) => terms.iter().any(Term::contains_aggregate),
                        Right::Pair(a, b) => a.contains_aggregate() || b.contains_aggregate(),
                        Right::Query(_) | Right::Flag(_) => false,
                    }
            }
            Node::And(all) | Node::Or(all) => all.iter().any(Node::contains_aggregate),
            Node::Not(one) => one.contains_aggregate(),
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

    /// It does not hold; constants are folded.
    pub(super) fn not(self) -> Node {
        match self {
            Node::Constant(value) => Node::Constant(!value),
            other => Node::Not(Box::new(other)),
        }
    }
}
