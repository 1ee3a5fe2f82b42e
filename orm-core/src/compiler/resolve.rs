//! The first pass: conditions and expressions become trees over aliases; joins come into being.

use super::argument::Argument;
use super::joins::{Hop, JoinKind, Joins, Place, Reuse, hops, trim};
use super::promoter::{Connector, JoinPromoter};
use super::resolved::{Node, ResolvedOrder, Right, Subquery, Term};
use super::select;
use crate::error::{Error, Misuse, Result};
use crate::meta::{FieldMeta, ModelMeta};
use crate::query::{
    Aggregate, Condition, Expr, FilteredRelation, Lookup, LookupKind, Operand, Order, OrderTerm, Path, Query, Select,
    default_order, lookup,
};
use crate::value::Value;
use std::collections::HashSet;
use std::sync::Arc;

/// The state of one query while it is resolved, and its tables and conditions afterwards.
#[derive(Debug, Clone)]
pub(super) struct Resolver {
    pub(super) model: &'static ModelMeta,
    pub(super) joins: Joins,
    pub(super) filters: Vec<Node>,
    /// the first table was dropped since the second is tied to the outer query
    pub(super) start: usize,
    pub(super) depth: usize,
    /// the tables that the present filter has met
    pub(super) used: HashSet<usize>,
    /// what was annotated so far
    pub(super) annotations: Vec<Term>,
    /// what a query within a query takes from the row outside
    pub(super) outer: Vec<Term>,
    /// the relations with conditions that there are so far
    pub(super) filtered: Vec<Arc<FilteredRelation>>,
    /// whose conditions are being resolved, each with its table
    pub(super) within: Vec<(u16, usize)>,
}

/// Where a condition stands: under an odd number of NOTs, under any.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Polarity {
    pub(super) negated: bool,
    branch_negated: bool,
    /// within an expression, where rows are joined already: a negated condition over a to-many
    /// relation speaks of the joined row
    joined: bool,
}

impl Polarity {
    /// Of a condition within an expression or a join.
    pub(super) fn joined() -> Self {
        Polarity {
            joined: true,
            ..Polarity::default()
        }
    }
}

impl Resolver {
    pub(super) fn new(model: &'static ModelMeta, depth: usize) -> Self {
        let joins = Joins::new(model.table, depth);
        Resolver {
            model,
            joins,
            filters: Vec::new(),
            start: 0,
            depth,
            used: HashSet::new(),
            annotations: Vec::new(),
            outer: Vec::new(),
            filtered: Vec::new(),
            within: Vec::new(),
        }
    }

    /// One `filter`: a scope of its own for joins over to-many relations.
    pub(super) fn filter(&mut self, condition: &Condition) -> Result<()> {
        let inner = self.joins.inner();
        self.used = HashSet::new();
        // The votes of a single condition count as well, so it is a group of one.
        let children = match condition {
            Condition::And(all) => all.as_slice(),
            single => std::slice::from_ref(single),
        };
        let (node, _) = self.group(Connector::And, children, Polarity::default())?;
        self.filters.push(node);
        // What was inner before stays so: the conditions are connected by AND.
        self.joins.demote(inner);
        Ok(())
    }

    pub(super) fn condition(&mut self, condition: &Condition, polarity: Polarity) -> Result<(Node, HashSet<usize>)> {
        match condition {
            Condition::Constant(value) => Ok((Node::Constant(*value), HashSet::new())),
            Condition::Lookup { left, lookup, right } => self.lookup(left, lookup, right, polarity),
            Condition::Exists(query) => {
                let mut used = std::mem::take(&mut self.used);
                let node = self.exists(query, &mut Reuse::Only(&mut used));
                self.used = used;
                Ok((node?, HashSet::new()))
            }
            Condition::And(all) => self.group(Connector::And, all, polarity),
            Condition::Or(all) => self.group(Connector::Or, all, polarity),
            Condition::Xor(all) => self.group(Connector::Xor, all, polarity),
            Condition::Merged(merged) => self.merged(merged, polarity),
            Condition::Not(one) => {
                let polarity = Polarity {
                    negated: !polarity.negated,
                    branch_negated: true,
                    ..polarity
                };
                let (node, inner) = match &**one {
                    Condition::And(all) => self.group(Connector::And, all, polarity)?,
                    Condition::Or(all) => self.group(Connector::Or, all, polarity)?,
                    Condition::Xor(all) => self.group(Connector::Xor, all, polarity)?,
                    single => self.group(Connector::And, std::slice::from_ref(single), polarity)?,
                };
                Ok((node.not(), inner))
            }
        }
    }

    pub(super) fn group(
        &mut self,
        connector: Connector,
        children: &[Condition],
        polarity: Polarity,
    ) -> Result<(Node, HashSet<usize>)> {
        let mut promoter = JoinPromoter::new(connector, children.len(), polarity.negated);
        let mut nodes = Vec::with_capacity(children.len());
        for child in children {
            let (node, needed) = self.condition(child, polarity)?;
            promoter.vote(needed);
            nodes.push(node);
        }
        let inner = promoter.apply(&mut self.joins);
        let node = match connector {
            Connector::And => Node::all(nodes),
            Connector::Or => Node::any(nodes),
            Connector::Xor => Node::odd(nodes),
        };
        Ok((node, inner))
    }

    /// One lookup, with the tables that it needs a row in.
    fn lookup(
        &mut self,
        left: &Expr,
        lookup: &'static Lookup,
        right: &Operand,
        polarity: Polarity,
    ) -> Result<(Node, HashSet<usize>)> {
        let (lookup, right) = null_to_isnull(lookup, right)?;
        if left.contains_aggregate() {
            let left = self.term(left, &mut Reuse::All)?;
            let right = self.operand(&right, &mut HashSet::new())?;
            return Ok((leaf(left, lookup, right), HashSet::new()));
        }
        let Some((path, field)) = column_of(left) else {
            // A computed left side: its joins stay as they are.
            let mut tables = HashSet::new();
            let left = self.filter_term(left, &mut tables)?;
            let right = self.operand(&right, &mut tables)?;
            return Ok((leaf(left, lookup, right), HashSet::new()));
        };
        let mut tables = HashSet::new();
        let right_node = self.operand(&right, &mut tables)?;
        if polarity.branch_negated && path.is_many() && !polarity.joined {
            return self.split_exclude(left, path, lookup, right_node);
        }
        let all = path_hops(path);
        let mut used = std::mem::take(&mut self.used);
        let (place, met) = self.place(&all, field.column, field.null, &mut Reuse::Only(&mut used))?;
        self.used = used;
        tables.extend(met);
        let column = self.column(place, field);
        let term = rebuild(left, column.clone());
        let is_null = lookup.kind == LookupKind::IsNull;
        let wants_null = matches!(right_node, Right::Flag(true));
        let mut outer = is_null && wants_null && !polarity.negated;
        let mut nodes = Vec::with_capacity(3);
        if polarity.negated && !(is_null && wants_null) {
            outer = true;
            if !is_null {
                // `NOT (col = 1)` is unknown where col is NULL; `exclude` means those rows, too.
                if place.null || self.joins.tables[place.table].kind == JoinKind::Left {
                    nodes.push(leaf(column, &lookup::ISNULL, Right::Flag(false)));
                }
                if let Right::One(other @ Term::Column { null: true, .. }) = &right_node {
                    nodes.push(leaf(other.clone(), &lookup::ISNULL, Right::Flag(false)));
                }
            }
        }
        nodes.insert(0, leaf(term, lookup, right_node));
        Ok((Node::all(nodes), if outer { HashSet::new() } else { tables }))
    }

    /// Joins what a path needs; gives the place of its column and all tables met.
    pub(super) fn place(
        &mut self,
        hops: &[Hop],
        column: &'static str,
        null: bool,
        reuse: &mut Reuse<'_>,
    ) -> Result<(Place, HashSet<usize>)> {
        let (kept, column, null) = trim(hops, column, null);
        let (start, mut table) = self.start_of(hops);
        let mut met = HashSet::new();
        for hop in hops.get(start..kept).unwrap_or_default() {
            table = self.join(table, *hop, reuse)?;
            met.insert(table);
            if let Reuse::Only(used) = reuse {
                used.insert(table);
            }
        }
        Ok((Place { table, column, null }, met))
    }

    pub(super) fn column(&self, place: Place, field: &FieldMeta) -> Term {
        let join = &self.joins.tables[place.table];
        Term::Column {
            alias: join.alias.clone(),
            column: place.column,
            ty: field.column_type(),
            null: place.null,
        }
    }

    /// The columns of the model at the end of a path, for `select_related`.
    pub(super) fn related(&mut self, path: &Path) -> Result<Vec<Term>> {
        let all = path_hops(path);
        let mut table = 0;
        for hop in &all {
            table = self.join(table, *hop, &mut Reuse::All)?;
        }
        let model = path.steps().last().map_or(self.model, |step| step.to());
        let place = |field: &FieldMeta| Place {
            table,
            column: field.column,
            null: field.null,
        };
        Ok(model
            .fields
            .iter()
            .map(|field| self.column(place(field), field))
            .collect())
    }

    fn operand(&mut self, operand: &Operand, tables: &mut HashSet<usize>) -> Result<Right> {
        Ok(match operand {
            Operand::One(expr) => Right::One(self.filter_term(expr, tables)?),
            Operand::Many(all) => Right::Many(
                all.iter()
                    .map(|expr| self.filter_term(expr, tables))
                    .collect::<Result<_>>()?,
            ),
            Operand::Pair(a, b) => Right::Pair(self.filter_term(a, tables)?, self.filter_term(b, tables)?),
            Operand::Query(query) => {
                let mut used = std::mem::take(&mut self.used);
                let within = self.subquery(query, &mut Reuse::Only(&mut used));
                self.used = used;
                match within? {
                    Some(subquery) => Right::Query(Box::new(subquery)),
                    None => Right::Many(Vec::new()),
                }
            }
            Operand::Flag(yes) => Right::Flag(*yes),
        })
    }

    /// An expression within a filter: it shares the joins of this filter, and says which it met.
    fn filter_term(&mut self, expr: &Expr, tables: &mut HashSet<usize>) -> Result<Term> {
        let mut used = std::mem::take(&mut self.used);
        let term = match expr {
            Expr::Column { path, field } => {
                let reuse = &mut Reuse::Only(&mut used);
                let (place, met) = self.place(&path_hops(path), field.column, field.null, reuse)?;
                tables.extend(met);
                Ok(self.column(place, field))
            }
            computed => {
                let before = used.clone();
                let term = self.term(computed, &mut Reuse::Only(&mut used));
                tables.extend(used.difference(&before));
                term
            }
        };
        self.used = used;
        term
    }

    /// An expression; aggregates share all joins, as annotations do.
    pub(super) fn term(&mut self, expr: &Expr, reuse: &mut Reuse<'_>) -> Result<Term> {
        Ok(match expr {
            Expr::Column { path, field } => {
                let (place, _) = self.place(&path_hops(path), field.column, field.null, reuse)?;
                self.column(place, field)
            }
            Expr::Value(value) => Term::Value(Argument::Value(value.clone())),
            Expr::Slot(slot) => Term::Value(Argument::Slot(*slot)),
            Expr::Call { function, args } => {
                let args = args.iter().map(|arg| self.term(arg, reuse)).collect::<Result<_>>()?;
                Term::Call { function, args }
            }
            Expr::Aggregate(aggregate) => self.aggregate(aggregate)?,
            Expr::Ref { annotation, .. } => match self.annotations.get(*annotation) {
                Some(term) => term.clone(),
                None => return Err(Error::Query("an annotation is used before it is made".to_owned())),
            },
            Expr::Arithmetic { op, left, right } => {
                let (left, right) = (Box::new(self.term(left, reuse)?), Box::new(self.term(right, reuse)?));
                Term::Arithmetic { op: *op, left, right }
            }
            Expr::Case(case) => {
                let mut whens = Vec::with_capacity(case.whens.len());
                for (when, then) in &case.whens {
                    whens.push((self.joined(when)?, self.term(then, reuse)?));
                }
                Term::Case {
                    whens,
                    default: Box::new(self.term(&case.default, reuse)?),
                    ty: case.ty,
                }
            }
            Expr::Key(of, path) => Term::Key(Box::new(self.term(of, reuse)?), path.clone()),
            Expr::Cast(of, ty) => Term::Cast(Box::new(self.term(of, reuse)?), *ty),
            Expr::Typed(of, ty) => Term::Typed(Box::new(self.term(of, reuse)?), *ty),
            Expr::Bool(condition) => Term::Bool(Box::new(match &**condition {
                Condition::Exists(query) => self.exists(query, reuse)?,
                other => self.joined(other)?,
            })),
            Expr::Outer { number, .. } => match self.outer.get(*number) {
                Some(term) => term.clone(),
                None => {
                    return Err(Error::misuse(
                        Misuse::Value,
                        "This queryset contains a reference to an outer query and may only be used in a subquery.",
                    ));
                }
            },
            Expr::Subquery(query) => match self.subquery(query, reuse)? {
                Some(subquery) => Term::Subquery(Box::new(subquery)),
                None => Term::Value(Argument::Value(Value::Null(expr.column_type().kind()))),
            },
        })
    }

    /// A condition within an expression, where the rows are joined already: it shares all joins, and
    /// must not lose any row of the query.
    fn joined(&mut self, condition: &Condition) -> Result<Node> {
        let before = std::mem::replace(&mut self.used, (0..self.joins.tables.len()).collect());
        let inner = self.joins.inner();
        let (node, needed) = self.condition(condition, Polarity::joined())?;
        let outer: Vec<usize> = needed.into_iter().filter(|table| !inner.contains(table)).collect();
        self.joins.promote(outer);
        self.used = before;
        Ok(node)
    }

    /// A query within this one, which gives one column.
    fn subquery(&mut self, query: &Query, reuse: &mut Reuse<'_>) -> Result<Option<Subquery>> {
        let outer = self.outer_terms(query, reuse)?;
        subquery(query, self.depth + 1, outer)
    }

    /// Whether a query within this one has a row.
    fn exists(&mut self, query: &Query, reuse: &mut Reuse<'_>) -> Result<Node> {
        let outer = self.outer_terms(query, reuse)?;
        Ok(match select::exists_within(query, self.depth + 1, outer)? {
            Some(subquery) => Node::Exists(Box::new(subquery)),
            None => Node::Constant(false),
        })
    }

    /// What a query within takes from the row of this one.
    fn outer_terms(&mut self, query: &Query, reuse: &mut Reuse<'_>) -> Result<Vec<Term>> {
        query.outer.iter().map(|expr| self.term(expr, reuse)).collect()
    }

    fn aggregate(&mut self, aggregate: &Aggregate) -> Result<Term> {
        let arg = match &aggregate.arg {
            Some(Expr::Aggregate(_)) => {
                return Err(Error::Query("Cannot compute an aggregate of an aggregate.".to_owned()));
            }
            Some(arg) => Some(Box::new(self.term(arg, &mut Reuse::All)?)),
            None => None,
        };
        let filter = match &aggregate.filter {
            Some(condition) => Some(Box::new(self.joined(condition)?)),
            None => None,
        };
        Ok(Term::Aggregate {
            function: aggregate.function,
            arg,
            distinct: aggregate.distinct,
            filter,
        })
    }

    /// The order of the query's rows; `position` tells where an annotation is selected.
    pub(super) fn order(
        &mut self,
        query: &Query,
        position: impl Fn(usize) -> Option<usize>,
    ) -> Result<Vec<ResolvedOrder>> {
        let default;
        let terms: &[OrderTerm] = match &query.order {
            Order::Default => {
                default = default_order(self.model)?;
                &default
            }
            Order::By(terms) => terms,
        };
        let mut order = Vec::with_capacity(terms.len());
        for OrderTerm {
            expr,
            descending,
            nulls_first,
        } in terms
        {
            order.push(ResolvedOrder {
                term: self.term(expr, &mut Reuse::All)?,
                position: match expr {
                    Expr::Ref { annotation, .. } => position(*annotation),
                    _ => None,
                },
                descending: *descending != query.reversed,
                nulls_first: nulls_first.map(|first| first != query.reversed),
            });
        }
        Ok(order)
    }

    /// A SELECT of these columns over the tables and conditions, for EXISTS.
    pub(super) fn into_subquery(self) -> Subquery {
        Subquery {
            compound: None,
            resolver: self,
            columns: Vec::new(),
            group: None,
            havings: Vec::new(),
            distinct: false,
            order: Vec::new(),
            limit: None,
            offset: 0,
        }
    }
}

/// A query on the right of `in`, or as a value: one column. `None` where it has no rows for certain.
fn subquery(query: &Query, depth: usize, outer: Vec<Term>) -> Result<Option<Subquery>> {
    let width = match &query.select {
        Select::Model => 1,
        Select::Columns(columns) | Select::Aggregate(columns) => columns.len(),
    };
    if width != 1 {
        return Err(Error::Query(format!(
            "a query on the right of `in` gives one column, and this one gives {width}",
        )));
    }
    let keys;
    let query = if matches!(query.select, Select::Model) {
        let mut of_keys = query.clone();
        of_keys.select = Select::Columns(vec![Expr::key(Path::root(), query.model)]);
        keys = of_keys;
        &keys
    } else {
        query
    };
    // Which order the rows come in only matters where some are cut off.
    select::within(query, depth, outer)
}

/// The column that a lookup stands on, with or without transforms.
pub(super) fn column_of(expr: &Expr) -> Option<(&Path, &'static FieldMeta)> {
    match expr {
        Expr::Column { path, field } => Some((path, field)),
        Expr::Call { args, .. } if args.len() == 1 => column_of(&args[0]),
        Expr::Key(of, _) => column_of(of),
        _ => None,
    }
}

/// The transforms of an expression, over its resolved column.
pub(super) fn rebuild(expr: &Expr, column: Term) -> Term {
    match expr {
        Expr::Call { function, args } => Term::Call {
            function,
            args: args.iter().map(|arg| rebuild(arg, column.clone())).collect(),
        },
        Expr::Key(of, path) => Term::Key(Box::new(rebuild(of, column)), path.clone()),
        _ => column,
    }
}

pub(super) fn path_hops(path: &Path) -> Vec<Hop> {
    path.steps().iter().flat_map(|step| hops(*step)).collect()
}

/// A lookup with its constant results folded.
pub(super) fn leaf(left: Term, lookup: &'static Lookup, right: Right) -> Node {
    let right = match (lookup.kind, right) {
        // NULL is never one of a list, and equal values need to be there once only.
        (LookupKind::In, Right::Many(all)) => {
            let mut seen = HashSet::new();
            let kept: Vec<Term> = all
                .into_iter()
                .filter(|term| match term {
                    Term::Value(Argument::Value(value)) => !value.is_null() && seen.insert(value.clone()),
                    _ => true,
                })
                .collect();
            if kept.is_empty() {
                return Node::Constant(false);
            }
            Right::Many(kept)
        }
        (_, right) => right,
    };
    Node::Lookup { left, lookup, right }
}

/// `exact = None` is `isnull = true`; other lookups do not take NULL.
fn null_to_isnull(lookup: &'static Lookup, right: &Operand) -> Result<(&'static Lookup, Operand)> {
    match (lookup.kind, right) {
        (LookupKind::Exact | LookupKind::IExact, Operand::One(Expr::Value(Value::Null(_)))) => {
            Ok((&lookup::ISNULL, Operand::Flag(true)))
        }
        (_, Operand::One(Expr::Value(Value::Null(_)))) => {
            Err(Error::Query("Cannot use None as a query value".to_owned()))
        }
        _ => Ok((lookup, right.clone())),
    }
}
