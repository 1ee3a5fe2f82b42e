//! SELECT: what is read, grouped, counted.

use super::draft::Draft;
use super::joins::Reuse;
use super::resolve::Resolver;
use super::resolved::{Node, ResolvedOrder, Term};
use super::writer::Writer;
use crate::error::{Error, Result};
use crate::exec::{Backend, Work};
use crate::meta::ColumnType;
use crate::query::{Clause, Condition, Expr, Operand, Path, Query, Select, lookup};
use crate::value::Value;

/// A query with everything resolved.
struct Resolved {
    rows: Resolver,
    columns: Vec<(Term, ColumnType)>,
    order: Vec<ResolvedOrder>,
    wheres: Vec<Node>,
    havings: Vec<Node>,
    group: Option<Vec<Term>>,
}

fn check(query: &Query) -> Result<bool> {
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
    let mut rows = Resolver::new(query.model, 0);
    for condition in query.conditions() {
        if condition.contains_aggregate() {
            return Err(Error::Query(
                "a condition on an aggregate cannot be used in update() or delete()".to_owned(),
            ));
        }
        rows.filter(condition)?;
    }
    Ok((!is_empty(&rows.filters)).then_some(rows))
}

fn is_empty(filters: &[Node]) -> bool {
    filters.iter().any(|node| matches!(node, Node::Constant(false)))
}

/// Resolves a query; `extra` are expressions to be read besides. `None`: no rows.
fn resolve(query: &Query, keep_order: bool) -> Result<Option<Resolved>> {
    let mut rows = Resolver::new(query.model, 0);
    let mut annotations = Vec::new();
    let mut anchors = Vec::new();
    let mut group_keys = Vec::new();
    for clause in &query.clauses {
        match clause {
            Clause::Filter(condition) => rows.filter(condition)?,
            Clause::Annotate(expr) => {
                annotations.push((rows.term(expr, &mut Reuse::All)?, expr.column_type()));
            }
            Clause::Related(path) => {
                let related = rows.related(path);
                let model = path.steps().last().map_or(query.model, |step| step.to());
                group_keys.extend(related.get(model.pk_index()).cloned());
                let types = model.fields.iter().map(|field| field.column_type());
                annotations.extend(related.into_iter().zip(types));
            }
            Clause::Anchor(expr) => anchors.push((rows.term(expr, &mut Reuse::All)?, expr.column_type())),
        }
    }
    let aggregating = matches!(query.select, Select::Aggregate(_));
    if is_empty(&rows.filters) && !aggregating {
        return Ok(None);
    }
    let mut columns = match &query.select {
        Select::Model => {
            let own = rows.related(&Path::root());
            own.into_iter()
                .zip(query.model.fields.iter().map(|field| field.column_type()))
                .collect()
        }
        Select::Columns(expressions) | Select::Aggregate(expressions) => {
            let mut columns = Vec::with_capacity(expressions.len());
            for expr in expressions {
                columns.push((rows.term(expr, &mut Reuse::All)?, expr.column_type()));
            }
            columns
        }
    };
    if !aggregating {
        columns.append(&mut annotations);
    }
    columns.append(&mut anchors);
    let order = if keep_order && !aggregating {
        rows.order(query)?
    } else {
        Vec::new()
    };
    let (mut wheres, mut havings) = (Vec::new(), Vec::new());
    for node in std::mem::take(&mut rows.filters) {
        split_having(node, &mut wheres, &mut havings);
    }
    let grouped = !aggregating
        && (!havings.is_empty()
            || columns.iter().any(|(term, _)| term.contains_aggregate())
            || annotations.iter().any(|(term, _)| term.contains_aggregate())
            || order.iter().any(|o| o.term.contains_aggregate()));
    let group = grouped.then(|| {
        let plain = |term: &Term| !term.contains_aggregate() && !matches!(term, Term::Value(_));
        let mut group = Vec::new();
        if let Select::Columns(_) = query.select {
            group.extend(columns.iter().map(|(term, _)| term.clone()).filter(plain));
        } else {
            // A row is known by its key, and so is each row that comes with it.
            let own = query.model.fields.len();
            group.extend(columns.get(query.model.pk_index()).map(|(term, _)| term.clone()));
            group.append(&mut group_keys);
            let related = group_keys_width(query);
            group.extend(
                columns
                    .iter()
                    .skip(own + related)
                    .map(|(term, _)| term.clone())
                    .filter(plain),
            );
        }
        group.extend(order.iter().map(|o| o.term.clone()).filter(plain));
        group
    });
    Ok(Some(Resolved {
        rows,
        columns,
        order,
        wheres,
        havings,
        group,
    }))
}

/// Columns of related rows need no place in GROUP BY where all of them come first.
fn group_keys_width(query: &Query) -> usize {
    let mut width = 0;
    for clause in &query.clauses {
        match clause {
            Clause::Related(path) => width += path.steps().last().map_or(0, |step| step.to().fields.len()),
            Clause::Annotate(_) => break,
            Clause::Filter(_) | Clause::Anchor(_) => {}
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
    fn select(&mut self, query: &Query, resolved: &Resolved, alias: bool) -> Result<()> {
        self.push("SELECT ");
        if query.distinct {
            self.push("DISTINCT ");
        }
        if resolved.columns.is_empty() {
            self.push("1");
        }
        let mut index = 0;
        self.list(&resolved.columns, |w, (term, _)| {
            index += 1;
            w.term(term)?;
            if alias {
                w.push(" AS ");
                w.identifier(&format!("col{index}"));
            }
            Ok(())
        })?;
        if query.distinct {
            self.order_columns(resolved)?;
        }
        self.body(resolved)?;
        self.order(&resolved.order)?;
        self.limit(query.limit, query.offset);
        Ok(())
    }

    /// With DISTINCT, what rows are ordered by must be among what is read.
    fn order_columns(&mut self, resolved: &Resolved) -> Result<()> {
        let text = |term: &Term, w: &Writer| -> Result<String> {
            let mut alone = w.again();
            alone.term(term)?;
            Ok(alone.sql)
        };
        let mut known = Vec::new();
        for (term, _) in &resolved.columns {
            known.push(text(term, self)?);
        }
        for order in &resolved.order {
            let sql = text(&order.term, self)?;
            if !known.contains(&sql) {
                self.push(", ");
                self.term(&order.term)?;
                known.push(sql);
            }
        }
        Ok(())
    }

    fn body(&mut self, resolved: &Resolved) -> Result<()> {
        self.tables(&resolved.rows)?;
        self.filters(" WHERE ", &resolved.wheres)?;
        if let Some(group) = &resolved.group {
            let mut seen: Vec<String> = Vec::new();
            for term in group {
                let mut alone = self.again();
                alone.term(term)?;
                if seen.contains(&alone.sql) {
                    continue;
                }
                self.push(if seen.is_empty() { " GROUP BY " } else { ", " });
                self.term(term)?;
                seen.push(alone.sql);
            }
        }
        self.filters(" HAVING ", &resolved.havings)
    }
}

/// The SELECT of a query.
pub(super) fn select(query: &Query, backend: Backend) -> Result<Option<Draft>> {
    let aggregates = matches!(query.select, Select::Aggregate(_));
    if !check(query)? && !aggregates {
        return Ok(None);
    }
    if aggregates && (query.distinct || query.is_sliced() || query.none || has_aggregate(query)) {
        return aggregate_over(query, backend);
    }
    let Some(resolved) = resolve(query, true)? else {
        return Ok(None);
    };
    let mut writer = Writer::new(backend);
    writer.select(query, &resolved, false)?;
    Ok(Some(writer.draft(types(&resolved), Work::Read)))
}

fn types(resolved: &Resolved) -> Vec<ColumnType> {
    resolved.columns.iter().map(|(_, ty)| *ty).collect()
}

/// Whether rows are grouped: an annotation or a condition has an aggregate.
fn has_aggregate(query: &Query) -> bool {
    query.clauses.iter().any(|clause| match clause {
        Clause::Filter(condition) => condition.contains_aggregate(),
        Clause::Annotate(expr) => expr.contains_aggregate(),
        Clause::Related(_) | Clause::Anchor(_) => false,
    })
}

/// Aggregates over rows that must be found first: sliced, distinct or grouped ones.
fn aggregate_over(query: &Query, backend: Backend) -> Result<Option<Draft>> {
    let Select::Aggregate(expressions) = &query.select else {
        return Ok(None);
    };
    let mut inner = query.clone();
    inner.select = Select::Model;
    if query.none {
        inner.none = false;
        inner.filter(Condition::lookup(
            Expr::key(Path::root(), query.model),
            &lookup::ISNULL,
            Operand::Flag(true),
        ));
    }
    let mut outer = Vec::with_capacity(expressions.len());
    let first = inner_width(&inner);
    for expr in expressions {
        let Expr::Aggregate(aggregate) = expr else {
            return Err(Error::Query(
                "only plain aggregates can be taken over a sliced or distinct query".to_owned(),
            ));
        };
        if aggregate.filter.is_some() {
            return Err(Error::Query(
                "a filtered aggregate cannot be taken over a sliced or distinct query".to_owned(),
            ));
        }
        let arg = aggregate.arg.as_ref().map(|arg| {
            let name = format!("col{}", first + outer.len() + 1);
            inner.clauses.push(Clause::Annotate(arg.clone()));
            Box::new(Term::Inner {
                name,
                ty: arg.column_type(),
            })
        });
        if arg.is_none() {
            inner.clauses.push(Clause::Annotate(Expr::Value(Value::Int(1))));
        }
        let term = Term::Aggregate {
            function: aggregate.function,
            arg,
            distinct: aggregate.distinct,
            filter: None,
        };
        outer.push((term, expr.column_type()));
    }
    let sliced = inner.is_sliced();
    let Some(resolved) = resolve(&inner, sliced)? else {
        return count_nothing(&outer, backend);
    };
    let mut writer = Writer::new(backend);
    writer.push("SELECT ");
    writer.list(&outer, |w, (term, _)| w.term(term))?;
    writer.push(" FROM (");
    writer.select(&inner, &resolved, true)?;
    writer.push(") ");
    writer.identifier("subquery");
    Ok(Some(
        writer.draft(outer.iter().map(|(_, ty)| *ty).collect(), Work::Read),
    ))
}

/// How many columns a query for models reads before further annotations.
fn inner_width(query: &Query) -> usize {
    let added = query.clauses.iter().map(|clause| match clause {
        Clause::Annotate(_) => 1,
        Clause::Related(path) => path.steps().last().map_or(0, |step| step.to().fields.len()),
        Clause::Filter(_) | Clause::Anchor(_) => 0,
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

/// The number of a query's rows.
pub(super) fn count(query: &Query, backend: Backend) -> Result<Option<Draft>> {
    if !check(query)? {
        return Ok(None);
    }
    let columns_grouped = matches!(&query.select, Select::Columns(all) if all.iter().any(Expr::contains_aggregate));
    let as_is = query.distinct || query.is_sliced() || has_aggregate(query) || columns_grouped;
    let mut inner = query.clone();
    if !as_is {
        // What is only read does not change how many rows there are.
        inner.select = Select::Columns(Vec::new());
        inner.clauses.retain(|clause| matches!(clause, Clause::Filter(_)));
    }
    let keep_order = query.is_sliced();
    let Some(resolved) = resolve(&inner, keep_order)? else {
        return Ok(None);
    };
    let mut writer = Writer::new(backend);
    if as_is {
        writer.push("SELECT COUNT(*) FROM (");
        writer.select(&inner, &resolved, true)?;
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
    if !has_aggregate(query) && !columns_grouped {
        inner.select = Select::Columns(vec![Expr::Value(Value::Int(1))]);
        inner.clauses.retain(|clause| matches!(clause, Clause::Filter(_)));
        inner.distinct = inner.distinct && inner.offset > 0;
        if inner.distinct {
            inner.select = query.select.clone();
        }
    }
    inner.limit = Some(1);
    let Some(resolved) = resolve(&inner, false)? else {
        return Ok(None);
    };
    let mut writer = Writer::new(backend);
    writer.select(&inner, &resolved, false)?;
    Ok(Some(writer.draft(types(&resolved), Work::Read)))
}

/// The SELECT of some columns of a model's rows, for `delete`.
pub(super) fn select_keys(query: &Query, columns: &[Expr], backend: Backend) -> Result<Option<Draft>> {
    let mut keys = query.clone();
    keys.select = Select::Columns(columns.to_vec());
    keys.order = crate::query::Order::By(Vec::new());
    keys.clauses.retain(|clause| matches!(clause, Clause::Filter(_)));
    select(&keys, backend)
}
