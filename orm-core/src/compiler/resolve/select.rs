//! The parts of a SELECT, resolved in the order in which Django does it.

use super::joins::Reuse;
use super::repeat::repeats_values;
use super::window::is_windowed;
use super::{Resolver, compound, group, qualify};
use crate::compiler::resolved::{Node, Subquery, Term};
use crate::error::{Error, Misuse, Result};
use crate::meta::{ColumnType, ModelMeta};
use crate::query::{Clause, Condition, Expr, Operand, Order, Path, Query, Select, lookup};

pub(in crate::compiler) fn check(query: &Query) -> Result<bool> {
    match query.invalid {
        Some(reason) => Err(Error::Query(reason.to_owned())),
        None => Ok(!query.none && query.limit != Some(0)),
    }
}

/// The tables and conditions of a query, for statements that change its rows; with what was computed
/// for each row, where the statement `refers` to that. `None`: no rows.
pub(in crate::compiler) fn restricted(query: &Query, refers: bool) -> Result<Option<Resolver>> {
    if !check(query)? {
        return Ok(None);
    }
    if let Some(combined) = &query.combined {
        return Err(Error::Query(format!(
            "Calling QuerySet.update() or QuerySet.delete() after {}() is not supported.",
            combined.op.name()
        )));
    }
    if !query.distinct_on().is_empty() {
        let message = "Cannot call update() after .distinct(*fields).";
        return Err(Error::misuse(Misuse::Type, message));
    }
    let by_key;
    let query = if query.conditions().any(Condition::contains_aggregate) || is_windowed(query) {
        by_key = found_by_key(query);
        &by_key
    } else {
        query
    };
    let Some(mut rows) = Resolver::of(query, 0)? else {
        return Ok(None);
    };
    let refers = refers || self::refers(query);
    for clause in query.clauses.iter().filter(|clause| tells_rows(clause, refers)) {
        rows.clause(clause)?;
    }
    Ok((!is_empty(&rows.filters)).then_some(rows))
}

/// The same rows by their keys, which a query within tells: it has groups and windows.
fn found_by_key(query: &Query) -> Query {
    let key = Expr::key(Path::root(), query.model);
    let (mut keys, mut rows) = (query.clone(), query.clone());
    keys.order = Order::By(Vec::new());
    keys.choose(vec![key.clone()]);
    rows.clauses.retain(|clause| !matches!(clause, Clause::Filter(_)));
    rows.filter(Condition::lookup(key, &lookup::IN, Operand::Query(Box::new(keys))));
    rows
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
    resolve(
        query,
        query.is_sliced() || !query.distinct_on().is_empty(),
        depth,
        outer,
    )
}

/// A query within a query that is asked for a row, whatever is in it. `None`: no rows.
pub(super) fn exists_within(mut inner: Query, depth: usize, outer: Vec<Term>) -> Result<Option<Subquery>> {
    if !is_grouped(&inner) && !inner.is_sliced() {
        inner.select = Select::Columns(Vec::new());
        only_rows(&mut inner);
    }
    within(&inner, depth, outer)
}

/// Resolves a query. `None`: no rows.
pub(in crate::compiler) fn resolve(
    query: &Query,
    keep_order: bool,
    depth: usize,
    outer: Vec<Term>,
) -> Result<Option<Subquery>> {
    if let Some(combined) = &query.combined {
        return compound::resolve(query, combined, keep_order, depth, &outer);
    }
    let aggregating = matches!(query.select, Select::Aggregate(_));
    let mut rows = match Resolver::of(query, depth)? {
        Some(rows) => rows,
        None if !aggregating => return Ok(None),
        None => Resolver::without_rows(query.model, depth),
    };
    rows.outer = outer;
    let Some(Read { columns, group_keys }) = read(query, &mut rows)? else {
        return Ok(None);
    };
    // The model's own order would take part in the grouping.
    let own_order = query.group.is_some() && matches!(query.order, Order::Default);
    let mut order = if keep_order && !aggregating && !own_order {
        let place = |annotation| columns.iter().position(|(_, _, shows)| *shows == Some(annotation));
        rows.order(query, |annotation| Some(place(annotation)? + 1))?
    } else {
        Vec::new()
    };
    let mut distinct_on = Vec::new();
    for expr in query.distinct_on() {
        distinct_on.push(rows.term(expr, &mut Reuse::All)?);
    }
    let mut split = group::Split::default();
    for node in std::mem::take(&mut rows.filters) {
        split.add(node);
    }
    let group::Split {
        wheres,
        havings,
        outside,
    } = split;
    rows.filters = wheres;
    let mut columns: Vec<(Term, ColumnType)> = columns.into_iter().map(|(term, ty, _)| (term, ty)).collect();
    let width = columns.len();
    let (mut mixed, mut undecided) = (false, false);
    let outside = (!outside.is_empty()).then(|| {
        let outside = qualify::Outside::new(&mut columns, outside, &mut order, &mut distinct_on);
        (mixed, undecided) = (outside.mixed, outside.undecided);
        outside.into_parts()
    });
    let grouped = !aggregating
        && (query.group.is_some()
            || !havings.is_empty()
            || columns.iter().any(|(term, _)| term.contains_aggregate())
            || order.iter().any(|o| o.term.contains_aggregate()));
    if grouped && mixed {
        return Err(Error::Query(
            "Heterogeneous disjunctive predicates against window functions are not implemented when performing \
             conditional aggregation."
                .to_owned(),
        ));
    }
    let group = if !grouped {
        None
    } else if let Some(by) = &query.group {
        Some(group::asked(
            by,
            query.columns(),
            &columns,
            &order,
            &havings,
            &mut rows,
        )?)
    } else {
        Some(group::own(query, &columns, group_keys, &order, &havings))
    };
    let resolved = Subquery {
        within: None,
        compound: None,
        resolver: rows,
        columns,
        group,
        havings,
        repeats_values: repeats_values(query),
        undecided,
        distinct: query.distinct,
        distinct_on,
        order,
        limit: query.limit,
        offset: query.offset,
    };
    Ok(Some(match outside {
        Some(outside) => qualify::around(resolved, width, outside),
        None => resolved,
    }))
}

/// What a query reads.
struct Read {
    /// each with the number of the annotation that it shows
    columns: Vec<(Term, ColumnType, Option<usize>)>,
    /// the keys of the related rows
    group_keys: Vec<Term>,
}

/// Resolves the calls of a query in their order, and then what it reads. `None`: no rows.
fn read(query: &Query, rows: &mut Resolver) -> Result<Option<Read>> {
    let (mut added, mut anchors, mut group_keys) = (Vec::new(), Vec::new(), Vec::new());
    for clause in &query.clauses {
        rows.clause(clause)?;
        match clause {
            Clause::Annotate(expr) => {
                let computed = rows.annotations.iter().enumerate().next_back();
                added.extend(computed.map(|(number, term)| (term.clone(), expr.column_type(), Some(number))));
            }
            Clause::Related(path) => {
                let related = rows.related(path)?;
                let model = path.end(query.model);
                group_keys.extend(related.get(model.pk_index()).cloned());
                added.extend(of_fields(related, model));
            }
            Clause::Anchor(expr) => anchors.push((rows.term(expr, &mut Reuse::All)?, expr.column_type(), None)),
            Clause::Filter(_) | Clause::Alias(_) | Clause::Filtered(_) => {}
        }
    }
    if is_empty(&rows.filters) && !matches!(query.select, Select::Aggregate(_)) {
        return Ok(None);
    }
    let mut columns = Vec::new();
    match &query.select {
        Select::Model => {
            columns.extend(of_fields(rows.related(&Path::root())?, query.model));
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
    Ok(Some(Read { columns, group_keys }))
}

/// The columns of a whole row of a model.
fn of_fields(terms: Vec<Term>, model: &'static ModelMeta) -> impl Iterator<Item = (Term, ColumnType, Option<usize>)> {
    let types = model.fields.iter().map(|field| field.column_type());
    terms.into_iter().zip(types).map(|(term, ty)| (term, ty, None))
}

/// Whether rows are put together: as was asked, or since an aggregate is among what is read.
pub(in crate::compiler) fn is_grouped(query: &Query) -> bool {
    let selects = |columns: &[Expr]| columns.iter().any(Expr::contains_aggregate);
    query.group.is_some()
        || query.has_aggregate()
        || matches!(&query.select, Select::Columns(columns) if selects(columns))
}

/// Leaves out what has nothing to do with which rows there are, and how many.
pub(in crate::compiler) fn only_rows(query: &mut Query) {
    let refers = refers(query);
    query.clauses.retain(|clause| tells_rows(clause, refers));
}

/// Whether a call speaks of an annotation.
fn refers(query: &Query) -> bool {
    // Which of equal rows comes first may depend on all of them.
    let first = !query.distinct_on().is_empty();
    first
        || query.clauses.iter().any(|clause| match clause {
            Clause::Filter(condition) => condition.refers(),
            Clause::Annotate(expr) | Clause::Alias(expr) => expr.refers(),
            Clause::Filtered(relation) => relation.condition.refers(),
            Clause::Related(_) | Clause::Anchor(_) => false,
        })
}

/// Whether a call has to do with which rows there are; what is referred to goes by its number.
fn tells_rows(clause: &Clause, referred: bool) -> bool {
    match clause {
        Clause::Filter(_) | Clause::Filtered(_) => true,
        Clause::Annotate(expr) | Clause::Alias(expr) => referred || expr.multiplies(),
        Clause::Related(_) | Clause::Anchor(_) => false,
    }
}
