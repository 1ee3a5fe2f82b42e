//! Several queries in one: UNION, INTERSECT, EXCEPT, and the conditions of two query sets in one.

use super::joins::JoinKind;
use super::promoter::{Connector, JoinPromoter};
use super::{Polarity, Resolver, select};
use crate::compiler::resolved::{Compound, Node, ResolvedOrder, Subquery, Term};
use crate::error::{Error, Misuse, Result};
use crate::meta::ModelMeta;
use crate::query::{Clause, Combined, Expr, Merged, Order, OrderTerm, Path, Query, Select, SetOp};
use std::collections::HashSet;

/// Resolves a query over the rows of several. `None`: no rows.
pub(super) fn resolve(
    query: &Query,
    combined: &Combined,
    keep_order: bool,
    depth: usize,
    outer: &[Term],
) -> Result<Option<Subquery>> {
    let mut whole = query.clone();
    whole.combined = None;
    let terms: &[OrderTerm] = match &query.order {
        Order::By(terms) if keep_order => terms,
        _ => &[],
    };
    let order: Vec<ResolvedOrder> = terms
        .iter()
        .map(|term| {
            let position = read(&mut whole, &term.expr);
            ResolvedOrder {
                term: Term::Inner {
                    table: "subquery",
                    name: format!("col{position}"),
                    ty: term.expr.column_type(),
                },
                position: Some(position),
                descending: term.descending != query.reversed,
                nulls_first: term.nulls_first.map(|first| first != query.reversed),
            }
        })
        .collect();
    let mut parts = Vec::with_capacity(combined.parts.len());
    for (at, part) in combined.parts.iter().enumerate() {
        let resolved = match select::check(part)? {
            true => {
                let part = inheriting(part, &whole)?;
                let keep_order = part.is_sliced() || !part.distinct_on().is_empty();
                select::resolve(&part, keep_order, depth, outer.to_vec())?
            }
            false => None,
        };
        match (resolved, combined.op) {
            (Some(resolved), _) => parts.push(resolved),
            // Nothing comes from there, or nothing is taken away.
            (None, SetOp::Union) => {}
            (None, SetOp::Difference) if at > 0 => {}
            (None, _) => return Ok(None),
        }
    }
    let Some(mut columns) = parts.first().map(|part| part.columns.clone()) else {
        return Ok(None);
    };
    // What is read to order by stands behind what was asked for.
    columns.truncate(cells(query).len());
    // Alone, a part of a union still gives equal rows once where some of them are cut off.
    if let ([only], true) = (parts.as_mut_slice(), query.is_sliced() && !combined.all) {
        only.distinct |= only.compound.is_none() && only.limit.is_none() && only.offset == 0;
    }
    Ok(Some(Subquery {
        compound: Some(Box::new(Compound {
            op: combined.op,
            all: combined.all,
            parts,
            unfit: combined.parts.iter().find_map(unfit),
        })),
        columns,
        order,
        limit: query.limit,
        offset: query.offset,
        ..Resolver::new(query.model, depth).into_subquery()
    }))
}

/// What a part asks for that SQLite cannot do.
fn unfit(part: &Query) -> Option<&'static str> {
    let ordered = match &part.order {
        Order::Default => part.combined.is_none() && !part.model.ordering.is_empty(),
        Order::By(terms) => !terms.is_empty(),
    };
    if part.is_sliced() {
        Some("LIMIT/OFFSET not allowed in subqueries of compound statements.")
    } else if ordered {
        Some("ORDER BY not allowed in subqueries of compound statements.")
    } else {
        None
    }
}

/// Where a query over others reads an expression, from 1: it reads it beside the rest if need be.
pub(in crate::compiler) fn read(query: &mut Query, expr: &Expr) -> usize {
    let cells = cells(query);
    let found = cells
        .iter()
        .position(|cell| cell.as_ref().is_some_and(|cell| cell.is_same(expr)));
    if found.is_none() {
        query.clauses.push(Clause::Anchor(expr.clone()));
    }
    found.unwrap_or(cells.len()) + 1
}

/// What a query over others reads, cell by cell; those that no order can name are `None`.
fn cells(query: &Query) -> Vec<Option<Expr>> {
    let mut cells = Vec::new();
    let mut annotation = 0;
    if let Select::Columns(columns) | Select::Aggregate(columns) = &query.select {
        cells.extend(columns.iter().cloned().map(Some));
    } else {
        cells.extend(query.model.fields.iter().map(|field| {
            let path = Path::root();
            Some(Expr::Column { path, field })
        }));
        for clause in &query.clauses {
            match clause {
                Clause::Annotate(expr) => cells.push(Some(Expr::reference(annotation, expr))),
                Clause::Related(path) => {
                    let width = path.end(query.model).fields.len();
                    cells.extend(std::iter::repeat_n(None, width));
                }
                Clause::Alias(_) | Clause::Filter(_) | Clause::Anchor(_) | Clause::Filtered(_) => {}
            }
            annotation += usize::from(matches!(clause, Clause::Annotate(_) | Clause::Alias(_)));
        }
    }
    let beside = query.clauses.iter().filter_map(|clause| match clause {
        Clause::Anchor(expr) => Some(Some(expr.clone())),
        _ => None,
    });
    cells.extend(beside);
    cells
}

/// A part with what it takes from the whole: which columns and rows beside it gives, unless it says
/// so itself, and what the whole is ordered by.
fn inheriting(part: &Query, whole: &Query) -> Result<Query> {
    let mut own = part.clone();
    let beside: Vec<&Expr> = whole
        .clauses
        .iter()
        .filter_map(|clause| match clause {
            Clause::Anchor(expr) => Some(expr),
            _ => None,
        })
        .collect();
    if let Select::Model = part.select {
        if let Select::Columns(columns) = &whole.select {
            if part.group.is_none() && part.has_aggregate() {
                own.group = Some(part.row_group());
            }
            let columns = columns.iter().map(|expr| translated(expr, whole.model, part));
            own.select = Select::Columns(columns.collect::<Result<_>>()?);
        }
        relate(&mut own, whole);
    } else if !beside.is_empty() {
        return Err(no_such_column());
    }
    for expr in beside {
        let anchor = translated(expr, whole.model, part)?;
        own.clauses.push(Clause::Anchor(anchor));
    }
    Ok(own)
}

/// Reads the related rows beside a part's that the whole reads: in the place of its own, or behind
/// everything.
fn relate(part: &mut Query, whole: &Query) {
    let related = |query: &Query| {
        let clauses = query.clauses.iter().cloned();
        clauses
            .filter(|clause| matches!(clause, Clause::Related(_)))
            .collect::<Vec<_>>()
    };
    let wanted = match (part.model.is(whole.model), &whole.select) {
        (true, Select::Model) => related(whole),
        _ => Vec::new(),
    };
    if related(part).len() == wanted.len() {
        let own = part
            .clauses
            .iter_mut()
            .filter(|clause| matches!(clause, Clause::Related(_)));
        own.zip(wanted).for_each(|(own, wanted)| *own = wanted);
    } else {
        part.clauses.retain(|clause| !matches!(clause, Clause::Related(_)));
        part.clauses.extend(wanted);
    }
}

/// What the whole reads, in terms of one of its parts: a column of that name, an annotation of that
/// number.
fn translated(expr: &Expr, model: &'static ModelMeta, part: &Query) -> Result<Expr> {
    if let Expr::Ref { annotation, .. } = expr {
        let found = part.computed().nth(*annotation).ok_or_else(no_such_column)?;
        return Ok(Expr::reference(*annotation, found));
    }
    if model.is(part.model) {
        return Ok(expr.clone());
    }
    match expr {
        Expr::Column { path, field } if path.steps().is_empty() => {
            let field = part.model.field(field.name).ok_or_else(no_such_column)?;
            Ok(Expr::Column {
                path: Path::root(),
                field,
            })
        }
        Expr::Value(_) | Expr::Slot(_) => Ok(expr.clone()),
        _ => Err(no_such_column()),
    }
}

fn no_such_column() -> Error {
    Error::misuse(
        Misuse::Database,
        "ORDER BY term does not match any column in the result set.",
    )
}

/// Whether there is a row: the order of a union's parts is of no interest then.
pub(in crate::compiler) fn for_exists(combined: &mut Combined) {
    if combined.op != SetOp::Union {
        return;
    }
    for part in &mut combined.parts {
        if !part.is_sliced() {
            part.order = Order::By(Vec::new());
        }
        if let Some(inner) = &mut part.combined {
            for_exists(inner);
        }
    }
}

impl Resolver {
    /// The conditions of two query sets in one, by the rules of Django's `Query.combine`: each filter
    /// of the first has joins of its own; those of the second share them, each join once.
    pub(super) fn merged(&mut self, merged: &Merged, polarity: Polarity) -> Result<(Node, HashSet<usize>)> {
        let connector = if merged.exclusive {
            Connector::Xor
        } else {
            Connector::Or
        };
        let mut promoter = JoinPromoter::new(connector, 2, polarity.negated);
        let mut left = Vec::with_capacity(merged.left.len());
        for condition in &merged.left {
            self.used = HashSet::new();
            left.push(self.scope(condition, polarity)?);
        }
        let first: Vec<JoinKind> = self.joins.tables.iter().map(|join| join.kind).collect();
        promoter.vote(inner_of(&first));
        // For itself, the second would have joined them anew.
        for at in 1..self.joins.tables.len() {
            self.joins.restart(at);
        }
        let mut free: HashSet<usize> = (1..first.len()).collect();
        let mut met = HashSet::new();
        let mut right = Vec::with_capacity(merged.right.len());
        for condition in &merged.right {
            self.used = free.clone();
            self.joins.met.clear();
            right.push(self.scope(condition, polarity)?);
            free.retain(|table| !self.joins.met.contains(table));
            met.extend(self.joins.met.iter().copied());
        }
        let second: Vec<JoinKind> = self.joins.tables.iter().map(|join| join.kind).collect();
        promoter.vote(inner_of(&second).filter(|at| met.contains(at)));
        for (join, kind) in self.joins.tables.iter_mut().zip(first) {
            join.kind = kind;
        }
        let inner = promoter.apply(&mut self.joins);
        let sides = vec![Node::all(left), Node::all(right)];
        let node = if merged.exclusive {
            Node::odd(sides)
        } else {
            Node::any(sides)
        };
        Ok((node, inner))
    }
}

/// The joined tables that are inner.
fn inner_of(kinds: &[JoinKind]) -> impl Iterator<Item = usize> {
    let kinds = kinds.iter().enumerate().skip(1);
    kinds.filter(|(_, kind)| **kind == JoinKind::Inner).map(|(at, _)| at)
}
