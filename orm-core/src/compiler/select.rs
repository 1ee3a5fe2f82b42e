//! SELECT: what is read, grouped, counted.

use super::argument::Argument;
use super::combine;
use super::draft::Draft;
use super::joins::Reuse;
use super::resolve::Resolver;
use super::resolved::{GroupTerm, Node, ResolvedOrder, Subquery, Term};
use super::writer::Writer;
use crate::error::{Error, Result};
use crate::exec::{Backend, Work};
use crate::meta::ColumnType;
use crate::query::{Clause, Condition, Expr, Operand, Order, Path, Query, Select, lookup};
use crate::value::Value;
use std::sync::Arc;

pub(super) fn check(query: &Query) -> Result<bool> {
    match query.invalid {
        Some(reason) => Err(Error::Query(reason.to_owned())),
        None => Ok(!query.none && query.limit != Some(0)),
    }
}

/// The tables and conditions of a query, for statements that change its rows. `None`: no rows.
pub(super) fn restricted(query: &Query) -> Result<Option<Resolver>> {
    if !check(query)? {
        return Ok(None);
    }
    if let Some(combined) = &query.combined {
        return Err(Error::Query(format!(
            "Calling QuerySet.update() or QuerySet.delete() after {}() is not supported.",
            combined.op.name()
        )));
    }
    let mut rows = Resolver::new(query.model, 0);
    let mut query = query.clone();
    only_rows(&mut query);
    for clause in &query.clauses {
        match clause {
            Clause::Filter(condition) if condition.contains_aggregate() => {
                return Err(Error::Query(
                    "a condition on an aggregate cannot be used in update() or delete()".to_owned(),
                ));
            }
            Clause::Filter(condition) => rows.filter(condition)?,
            Clause::Annotate(expr) | Clause::Alias(expr) => {
                let term = rows.term(expr, &mut Reuse::All)?;
                rows.annotations.push(term);
            }
            Clause::Filtered(relation) => rows.filtered.push(Arc::clone(relation)),
            Clause::Related(_) | Clause::Anchor(_) => {}
        }
    }
    Ok((!is_empty(&rows.filters)).then_some(rows))
}

fn is_empty(filters: &[Node]) -> bool {
    filters.iter().any(|node| matches!(node, Node::Constant(false)))
}

/// A query within a query. `None`: no rows.
pub(super) fn within(query: &Query, depth: usize, outer: Vec<Term>) -> Result<Option<Subquery>> {
    // PostgreSQL's and MySQL's own limits are not far above, and the stack has one, too.
    const DEEPEST: usize = 20;
    if depth > DEEPEST {
        return Err(Error::Query(format!("queries are nested deeper than {DEEPEST}")));
    }
    if !check(query)? {
        return Ok(None);
    }
    resolve(query, query.is_sliced(), depth, outer)
}

/// A query within a query that is asked for a row, whatever is in it. `None`: no rows.
pub(super) fn exists_within(query: &Query, depth: usize, outer: Vec<Term>) -> Result<Option<Subquery>> {
    let mut inner = query.clone();
    let grouped = query.group.is_some() || has_aggregate(query);
    if !grouped && !query.is_sliced() {
        inner.select = Select::Columns(Vec::new());
        only_rows(&mut inner);
    }
    within(&inner, depth, outer)
}

/// Resolves a query. `None`: no rows.
pub(super) fn resolve(query: &Query, keep_order: bool, depth: usize, outer: Vec<Term>) -> Result<Option<Subquery>> {
    if let Some(combined) = &query.combined {
        return combine::resolve(query, combined, keep_order, depth, &outer);
    }
    let mut rows = Resolver::new(query.model, depth);
    rows.outer = outer;
    let mut added = Vec::new();
    let mut anchors = Vec::new();
    let mut group_keys = Vec::new();
    for clause in &query.clauses {
        match clause {
            Clause::Filter(condition) => rows.filter(condition)?,
            Clause::Annotate(expr) | Clause::Alias(expr) => {
                let term = rows.term(expr, &mut Reuse::All)?;
                if let Clause::Annotate(_) = clause {
                    added.push((term.clone(), expr.column_type(), Some(rows.annotations.len())));
                }
                rows.annotations.push(term);
            }
            Clause::Filtered(relation) => rows.filtered.push(Arc::clone(relation)),
            Clause::Related(path) => {
                let related = rows.related(path)?;
                let model = path.steps().last().map_or(query.model, |step| step.to());
                group_keys.extend(related.get(model.pk_index()).cloned());
                let types = model.fields.iter().map(|field| field.column_type());
                added.extend(related.into_iter().zip(types).map(|(term, ty)| (term, ty, None)));
            }
            Clause::Anchor(expr) => anchors.push((rows.term(expr, &mut Reuse::All)?, expr.column_type(), None)),
        }
    }
    let aggregating = matches!(query.select, Select::Aggregate(_));
    if is_empty(&rows.filters) && !aggregating {
        return Ok(None);
    }
    // Each column with the number of the annotation that it shows.
    let mut columns: Vec<(Term, ColumnType, Option<usize>)> = Vec::new();
    match &query.select {
        Select::Model => {
            let own = rows.related(&Path::root())?;
            let types = query.model.fields.iter().map(|field| field.column_type());
            columns.extend(own.into_iter().zip(types).map(|(term, ty)| (term, ty, None)));
            columns.append(&mut added);
        }
        Select::Columns(expressions) | Select::Aggregate(expressions) => {
            for expr in expressions {
                let shows = match expr {
                    Expr::Ref { annotation, .. } => Some(*annotation),
                    _ => None,
                };
                columns.push((rows.term(expr, &mut Reuse::All)?, expr.column_type(), shows));
            }
        }
    }
    columns.append(&mut anchors);
    // The model's own order would take part in the grouping.
    let own_order = query.group.is_some() && matches!(query.order, Order::Default);
    let order = if keep_order && !aggregating && !own_order {
        let place = |annotation| columns.iter().position(|(_, _, shows)| *shows == Some(annotation));
        rows.order(query, |annotation| Some(place(annotation)? + 1))?
    } else {
        Vec::new()
    };
    let (mut wheres, mut havings) = (Vec::new(), Vec::new());
    for node in std::mem::take(&mut rows.filters) {
        split_having(node, &mut wheres, &mut havings);
    }
    rows.filters = wheres;
    let columns: Vec<(Term, ColumnType)> = columns.into_iter().map(|(term, ty, _)| (term, ty)).collect();
    let grouped = !aggregating
        && (query.group.is_some()
            || !havings.is_empty()
            || columns.iter().any(|(term, _)| term.contains_aggregate())
            || order.iter().any(|o| o.term.contains_aggregate()));
    let group = if !grouped {
        None
    } else if let Some(by) = &query.group {
        Some(asked_group(by, &columns, &order, &havings, &mut rows)?)
    } else {
        Some(own_group(query, &columns, group_keys, &order))
    };
    Ok(Some(Subquery {
        compound: None,
        resolver: rows,
        columns,
        group,
        havings,
        distinct: query.distinct,
        order,
        limit: query.limit,
        offset: query.offset,
    }))
}

/// The grouping that was asked for, and what else must be grouped by for all to have one value: by
/// the rules of Django's `get_group_by`.
fn asked_group(
    by: &[Expr],
    columns: &[(Term, ColumnType)],
    order: &[ResolvedOrder],
    havings: &[Node],
    rows: &mut Resolver,
) -> Result<Vec<GroupTerm>> {
    let mut terms = Vec::new();
    for expr in by {
        rows.term(expr, &mut Reuse::All)?.group_terms(&mut terms);
    }
    let mut group: Vec<GroupTerm> = Vec::new();
    for (at, (term, _)) in columns.iter().enumerate() {
        if matches!(term, Term::Column { .. }) || term.contains_aggregate() {
            term.group_terms(&mut terms);
        } else if !matches!(term, Term::Value(_)) {
            group.push(GroupTerm::Position(at + 1));
        }
    }
    for order in order.iter().filter(|order| order.position.is_none()) {
        order.term.group_terms(&mut terms);
    }
    for node in havings {
        node.group_terms(&mut terms);
    }
    group.splice(0..0, terms.into_iter().map(GroupTerm::Term));
    Ok(group)
}

/// The grouping of rows of models, which are known by their keys, or of columns beside aggregates.
fn own_group(
    query: &Query,
    columns: &[(Term, ColumnType)],
    mut group_keys: Vec<Term>,
    order: &[ResolvedOrder],
) -> Vec<GroupTerm> {
    let mut group = Vec::new();
    let plain = |term: &Term| !term.contains_aggregate() && !matches!(term, Term::Value(_));
    if let Select::Columns(_) = query.select {
        group.extend(columns.iter().map(|(term, _)| term.clone()).filter(plain));
    } else {
        // A row is known by its key, and so is each row that comes with it.
        let own = query.model.fields.len();
        group.extend(columns.get(query.model.pk_index()).map(|(term, _)| term.clone()));
        group.append(&mut group_keys);
        let related = group_keys_width(query);
        let computed = columns.iter().skip(own + related).map(|(term, _)| term.clone());
        group.extend(computed.filter(plain));
    }
    group.extend(order.iter().map(|o| o.term.clone()).filter(plain));
    group.into_iter().map(GroupTerm::Term).collect()
}

/// Columns of related rows need no place in GROUP BY where all of them come first.
fn group_keys_width(query: &Query) -> usize {
    let mut width = 0;
    for clause in &query.clauses {
        match clause {
            Clause::Related(path) => width += path.steps().last().map_or(0, |step| step.to().fields.len()),
            Clause::Annotate(_) => break,
            Clause::Filter(_) | Clause::Alias(_) | Clause::Anchor(_) | Clause::Filtered(_) => {}
        }
    }
    width
}

/// Conditions on aggregates belong into HAVING, the others into WHERE.
fn split_having(node: Node, wheres: &mut Vec<Node>, havings: &mut Vec<Node>) {
    match node {
        Node::And(all) => {
            for one in all {
                split_having(one, wheres, havings);
            }
        }
        node if node.contains_aggregate() => havings.push(node),
        node => wheres.push(node),
    }
}

impl Writer {
    pub(super) fn select(&mut self, query: &Subquery, alias: bool) -> Result<()> {
        if let Some(compound) = &query.compound {
            return self.compound(query, compound, alias);
        }
        self.push("SELECT ");
        if query.distinct {
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
        if query.distinct {
            self.order_columns(query)?;
        }
        self.body(query)?;
        self.order(&query.order)?;
        self.limit(query.limit, query.offset);
        Ok(())
    }

    /// With DISTINCT, what rows are ordered by must be among what is read.
    fn order_columns(&mut self, query: &Subquery) -> Result<()> {
        let mut known = Vec::new();
        for (term, _) in &query.columns {
            known.push(self.alone(term)?);
        }
        for order in query.order.iter().filter(|order| order.position.is_none()) {
            let sql = self.alone(&order.term)?;
            if !known.contains(&sql) {
                self.push(", ");
                self.term(&order.term)?;
                known.push(sql);
            }
        }
        Ok(())
    }

    fn body(&mut self, query: &Subquery) -> Result<()> {
        self.tables(&query.resolver)?;
        self.filters(" WHERE ", &query.resolver.filters)?;
        if let Some(group) = &query.group {
            let mut seen: Vec<String> = Vec::new();
            for term in group {
                let sql = match term {
                    GroupTerm::Term(term) => self.alone(term)?,
                    GroupTerm::Position(at) => at.to_string(),
                };
                if seen.contains(&sql) {
                    continue;
                }
                self.push(if seen.is_empty() { " GROUP BY " } else { ", " });
                match term {
                    GroupTerm::Term(term) => self.term(term)?,
                    GroupTerm::Position(at) => self.push(&at.to_string()),
                }
                seen.push(sql);
            }
        }
        self.filters(" HAVING ", &query.havings)
    }
}

/// The SELECT of a query.
pub(super) fn select(query: &Query, backend: Backend) -> Result<Option<Draft>> {
    let aggregates = matches!(query.select, Select::Aggregate(_));
    if !check(query)? && !aggregates {
        return Ok(None);
    }
    let grouped = query.group.is_some() || query.combined.is_some() || has_aggregate(query);
    if aggregates && (query.distinct || query.is_sliced() || query.none || grouped) {
        return aggregate_over(query, backend);
    }
    let Some(resolved) = resolve(query, true, 0, Vec::new())? else {
        return Ok(None);
    };
    let mut writer = Writer::new(backend);
    writer.select(&resolved, false)?;
    Ok(Some(writer.draft(types(&resolved), Work::Read)))
}

fn types(resolved: &Subquery) -> Vec<ColumnType> {
    resolved.columns.iter().map(|(_, ty)| *ty).collect()
}

/// Whether rows are grouped: an annotation or a condition has an aggregate.
pub(super) fn has_aggregate(query: &Query) -> bool {
    query.clauses.iter().any(|clause| match clause {
        Clause::Filter(condition) => condition.contains_aggregate(),
        Clause::Annotate(expr) | Clause::Alias(expr) => expr.contains_aggregate(),
        Clause::Related(_) | Clause::Anchor(_) | Clause::Filtered(_) => false,
    })
}

/// Aggregates over rows that must be found first: sliced, distinct or grouped ones.
fn aggregate_over(query: &Query, backend: Backend) -> Result<Option<Draft>> {
    let Select::Aggregate(expressions) = &query.select else {
        return Ok(None);
    };
    let mut inner = query.clone();
    inner.select = match &query.group {
        Some(by) => Select::Columns(by.clone()),
        None => Select::Model,
    };
    if query.none && query.combined.is_none() {
        inner.none = false;
        inner.filter(Condition::lookup(
            Expr::key(Path::root(), query.model),
            &lookup::ISNULL,
            Operand::Flag(true),
        ));
    }
    let mut outer = Vec::with_capacity(expressions.len());
    for expr in expressions {
        outer.push((over(expr, &mut inner)?, expr.column_type()));
    }
    if query.none && query.combined.is_some() {
        return count_nothing(&outer, backend);
    }
    if matches!(&inner.select, Select::Columns(columns) if columns.is_empty()) {
        inner.select = Select::Columns(vec![Expr::Value(Value::Int(1))]);
    }
    let sliced = inner.is_sliced();
    let Some(resolved) = resolve(&inner, sliced, 0, Vec::new())? else {
        return count_nothing(&outer, backend);
    };
    let mut writer = Writer::new(backend);
    writer.push("SELECT ");
    writer.list(&outer, |w, (term, _)| w.term(term))?;
    writer.push(" FROM (");
    writer.select(&resolved, true)?;
    writer.push(") ");
    writer.identifier("subquery");
    Ok(Some(
        writer.draft(outer.iter().map(|(_, ty)| *ty).collect(), Work::Read),
    ))
}

/// An expression over the rows of a query within: what its aggregates are of is read there.
fn over(expr: &Expr, inner: &mut Query) -> Result<Term> {
    Ok(match expr {
        Expr::Aggregate(aggregate) => {
            if aggregate.filter.is_some() {
                return Err(Error::Query(
                    "a filtered aggregate cannot be taken over a sliced or distinct query".to_owned(),
                ));
            }
            let arg = aggregate.arg.as_ref().map(|arg| {
                let ty = arg.column_type();
                Box::new(Term::Inner {
                    name: read_within(inner, arg),
                    ty,
                })
            });
            Term::Aggregate {
                function: aggregate.function,
                arg,
                distinct: aggregate.distinct,
                filter: None,
            }
        }
        Expr::Value(value) => Term::Value(Argument::Value(value.clone())),
        Expr::Slot(slot) => Term::Value(Argument::Slot(*slot)),
        Expr::Call { function, args } => Term::Call {
            function,
            args: args.iter().map(|arg| over(arg, inner)).collect::<Result<_>>()?,
        },
        Expr::Arithmetic { op, left, right } => Term::Arithmetic {
            op: *op,
            left: Box::new(over(left, inner)?),
            right: Box::new(over(right, inner)?),
        },
        Expr::Cast(of, ty) => Term::Cast(Box::new(over(of, inner)?), *ty),
        Expr::Typed(of, ty) => Term::Typed(Box::new(over(of, inner)?), *ty),
        Expr::Column { .. }
        | Expr::Subquery(_)
        | Expr::Ref { .. }
        | Expr::Outer { .. }
        | Expr::Case(_)
        | Expr::Bool(_)
        | Expr::Key(..) => {
            return Err(Error::Query("only aggregates can be taken over rows".to_owned()));
        }
    })
}

/// Makes a query read one more column; gives its name.
fn read_within(inner: &mut Query, expr: &Expr) -> String {
    if inner.combined.is_some() {
        return format!("col{}", combine::read(inner, expr));
    }
    let before = match &mut inner.select {
        Select::Columns(columns) => {
            columns.push(expr.clone());
            columns.len() - 1
        }
        _ => {
            let before = inner_width(inner);
            inner.clauses.push(Clause::Annotate(expr.clone()));
            before
        }
    };
    format!("col{}", before + 1)
}

/// How many columns a query for models reads before further annotations.
fn inner_width(query: &Query) -> usize {
    let added = query.clauses.iter().map(|clause| match clause {
        Clause::Annotate(_) => 1,
        Clause::Related(path) => path.steps().last().map_or(0, |step| step.to().fields.len()),
        Clause::Filter(_) | Clause::Alias(_) | Clause::Anchor(_) | Clause::Filtered(_) => 0,
    });
    query.model.fields.len() + added.sum::<usize>()
}

/// Aggregates over no rows: counts are 0, everything else NULL.
fn count_nothing(outer: &[(Term, ColumnType)], backend: Backend) -> Result<Option<Draft>> {
    let mut writer = Writer::new(backend);
    writer.push("SELECT ");
    writer.list(outer, |w, (term, _)| {
        let counts = matches!(
            term,
            Term::Aggregate {
                function: crate::query::AggregateFunction::Count,
                ..
            }
        );
        w.push(if counts { "0" } else { "NULL" });
        Ok(())
    })?;
    Ok(Some(
        writer.draft(outer.iter().map(|(_, ty)| *ty).collect(), Work::Read),
    ))
}

/// Leaves out what has nothing to do with which rows there are, and how many.
fn only_rows(query: &mut Query) {
    let referred = query.clauses.iter().any(|clause| match clause {
        Clause::Filter(condition) => condition.refers(),
        Clause::Annotate(expr) | Clause::Alias(expr) => expr.refers(),
        Clause::Filtered(relation) => relation.condition.refers(),
        Clause::Related(_) | Clause::Anchor(_) => false,
    });
    query.clauses.retain(|clause| match clause {
        Clause::Filter(_) | Clause::Filtered(_) => true,
        // What is referred to goes by its number.
        Clause::Annotate(expr) | Clause::Alias(expr) => referred || expr.multiplies(),
        Clause::Related(_) | Clause::Anchor(_) => false,
    });
}

/// The number of a query's rows.
pub(super) fn count(query: &Query, backend: Backend) -> Result<Option<Draft>> {
    if !check(query)? {
        return Ok(None);
    }
    let columns_grouped = matches!(&query.select, Select::Columns(all) if all.iter().any(Expr::contains_aggregate));
    let grouped = query.group.is_some() || has_aggregate(query) || columns_grouped;
    let as_is = query.distinct || query.is_sliced() || query.combined.is_some() || grouped;
    let mut inner = query.clone();
    if !as_is {
        // What is only read does not change how many rows there are.
        inner.select = Select::Columns(Vec::new());
        only_rows(&mut inner);
    }
    let keep_order = query.is_sliced();
    let Some(resolved) = resolve(&inner, keep_order, 0, Vec::new())? else {
        return Ok(None);
    };
    let mut writer = Writer::new(backend);
    if as_is {
        writer.push("SELECT COUNT(*) FROM (");
        writer.select(&resolved, true)?;
        writer.push(") ");
        writer.identifier("subquery");
    } else {
        writer.push("SELECT COUNT(*)");
        writer.body(&resolved)?;
    }
    Ok(Some(writer.draft(vec![ColumnType::BigInteger], Work::Read)))
}

/// Whether a query has a row.
pub(super) fn exists(query: &Query, backend: Backend) -> Result<Option<Draft>> {
    if !check(query)? {
        return Ok(None);
    }
    let mut inner = query.clone();
    let columns_grouped = matches!(&query.select, Select::Columns(all) if all.iter().any(Expr::contains_aggregate));
    if let Some(combined) = &mut inner.combined {
        combine::for_exists(combined);
    } else if query.group.is_none() && !has_aggregate(query) && !columns_grouped {
        inner.select = Select::Columns(vec![Expr::Value(Value::Int(1))]);
        only_rows(&mut inner);
        inner.distinct = inner.distinct && inner.offset > 0;
        if inner.distinct {
            inner.select = query.select.clone();
        }
    }
    inner.limit = Some(1);
    let Some(resolved) = resolve(&inner, false, 0, Vec::new())? else {
        return Ok(None);
    };
    let mut writer = Writer::new(backend);
    writer.select(&resolved, false)?;
    Ok(Some(writer.draft(types(&resolved), Work::Read)))
}

/// The SELECT of some columns of a model's rows, for `delete`.
pub(super) fn select_keys(query: &Query, columns: &[Expr], backend: Backend) -> Result<Option<Draft>> {
    let mut keys = query.clone();
    keys.select = Select::Columns(columns.to_vec());
    keys.order = crate::query::Order::By(Vec::new());
    only_rows(&mut keys);
    select(&keys, backend)
}
