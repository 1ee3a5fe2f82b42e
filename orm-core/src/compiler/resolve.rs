//! The first pass: conditions and expressions become trees over aliases; joins come into being.

pub(super) mod compound;
mod exclude;
mod filtered;
mod group;
pub(super) mod joins;
mod promoter;
pub(super) mod qualify;
pub(super) mod repeat;
pub(super) mod select;
mod terms;
mod walk;
pub(super) mod window;
pub(super) mod years;

use super::argument::Argument;
use super::resolved::walk::WalkTerm;
use super::resolved::{Node, Right, Subquery, Term};
use crate::error::{Error, Result};
use crate::meta::{FieldMeta, ModelMeta};
use crate::query::{Clause, Condition, Expr, FilteredRelation, Lookup, LookupKind, Operand, Path, lookup};
use crate::value::Value;
use joins::{Hop, JoinKind, Joins, Place, Reuse, hops, trim};
use promoter::{Connector, JoinPromoter};
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
    /// the walk whose rows these are
    pub(super) walk: Option<Box<WalkTerm>>,
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
            walk: None,
            within: Vec::new(),
        }
    }

    /// Takes in a call of the query that others may speak of: a filter, an annotation, a relation with
    /// a condition.
    pub(super) fn clause(&mut self, clause: &Clause) -> Result<()> {
        match clause {
            Clause::Filter(condition) => self.filter(condition)?,
            Clause::Annotate(expr) | Clause::Alias(expr) => {
                let term = self.term(expr, &mut Reuse::All)?;
                self.annotations.push(term);
            }
            Clause::Filtered(relation) => self.filtered.push(Arc::clone(relation)),
            Clause::Related(_) | Clause::Anchor(_) => {}
        }
        Ok(())
    }

    /// One `filter`: a scope of its own for joins over to-many relations.
    fn filter(&mut self, condition: &Condition) -> Result<()> {
        self.used = HashSet::new();
        let node = self.scope(condition, Polarity::default())?;
        self.filters.push(node);
        Ok(())
    }

    /// The condition of one filter; `used` are the joins that it shares.
    pub(super) fn scope(&mut self, condition: &Condition, polarity: Polarity) -> Result<Node> {
        let inner = self.joins.inner();
        // The votes of a single condition count as well, so it is a group of one.
        let children = match condition {
            Condition::And(all) => all.as_slice(),
            single => std::slice::from_ref(single),
        };
        let (node, _) = self.group(Connector::And, children, polarity)?;
        // What was inner before stays so: the conditions are connected by AND.
        self.joins.demote(inner);
        Ok(node)
    }

    pub(super) fn condition(&mut self, condition: &Condition, polarity: Polarity) -> Result<(Node, HashSet<usize>)> {
        match condition {
            Condition::Constant(value) => Ok((Node::Constant(*value), HashSet::new())),
            Condition::Lookup { left, lookup, right } => self.lookup(left, lookup, right, polarity),
            Condition::Exists(query) => {
                let node = self.sharing(|rows, reuse| rows.exists(query, reuse))?;
                Ok((node, HashSet::new()))
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

    fn group(
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

    /// Resolves something that shares the joins of the present filter, and adds to them.
    fn sharing<T>(&mut self, resolve: impl FnOnce(&mut Self, &mut Reuse<'_>) -> Result<T>) -> Result<T> {
        let mut used = std::mem::take(&mut self.used);
        let resolved = resolve(self, &mut Reuse::Only(&mut used));
        self.used = used;
        resolved
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
        let (place, met) = self.sharing(|rows, reuse| rows.place(&all, field.column, field.null, reuse))?;
        tables.extend(met);
        let column = self.column(place, field);
        let is_null = lookup.kind == LookupKind::IsNull;
        let wants_null = matches!(right_node, Right::Flag(true));
        let mut outer = is_null && wants_null && !polarity.negated;
        let mut nodes = Vec::with_capacity(3);
        if polarity.negated && !(is_null && wants_null) {
            outer = true;
            if !is_null {
                // `NOT (col = 1)` is unknown where col is NULL; `exclude` means those rows, too.
                if place.null || self.joins.tables[place.table].kind == JoinKind::Left {
                    nodes.push(leaf(column.clone(), &lookup::ISNULL, Right::Flag(false)));
                }
                if let Right::One(other @ Term::Column { null: true, .. }) = &right_node {
                    nodes.push(leaf(other.clone(), &lookup::ISNULL, Right::Flag(false)));
                }
            }
        }
        nodes.insert(0, years::on_column(left, column, lookup, right_node));
        Ok((Node::all(nodes), if outer { HashSet::new() } else { tables }))
    }

    /// Joins what a path needs; gives the place of its column and all tables met.
    fn place(
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

    fn column(&self, place: Place, field: &FieldMeta) -> Term {
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
        let model = path.end(self.model);
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
            Operand::Query(query) => match self.sharing(|rows, reuse| rows.subquery(query, reuse))? {
                Some(subquery) => Right::Query(Box::new(subquery)),
                None => Right::Many(Vec::new()),
            },
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

    /// A SELECT over the tables and conditions that reads nothing, for EXISTS.
    pub(super) fn into_subquery(self) -> Subquery {
        Subquery {
            within: None,
            compound: None,
            resolver: self,
            columns: Vec::new(),
            group: None,
            havings: Vec::new(),
            repeats_values: false,
            undecided: false,
            distinct: false,
            distinct_on: Vec::new(),
            order: Vec::new(),
            limit: None,
            offset: 0,
        }
    }
}

/// The column that a lookup stands on, with or without transforms.
pub(super) fn column_of(expr: &Expr) -> Option<(&Path, &'static FieldMeta)> {
    match expr {
        Expr::Column { path, field } => Some((path, field)),
        Expr::Call { function, args } if args.len() == 1 || function.is_of_zone() => column_of(args.first()?),
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
        Expr::Value(value) => Term::Value(Argument::Value(value.clone())),
        Expr::Slot(slot) => Term::Value(Argument::Slot(*slot)),
        _ => column,
    }
}

fn path_hops(path: &Path) -> Vec<Hop> {
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
