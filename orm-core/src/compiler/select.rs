//! SELECT: its parts resolved, and written one behind the other.

use super::joins::Reuse;
use super::repeat::repeats_values;
use super::resolve::Resolver;
use super::resolved::{GroupTerm, Node, Subquery, Term};
use super::writer::{Alone, Writer};
use super::{combine, group, qualify};
use crate::error::{Error, Misuse, Result};
use crate::meta::ColumnType;
use crate::query::{Clause, Condition, Expr, Operand, Order, Path, Query, Select, lookup};

pub(super) fn check(query: &Query) -> Result<bool> {
    match query.invalid {
        Some(reason) => Err(Error::Query(reason.to_owned())),
        None => Ok(!query.none && query.limit != Some(0)),
    }
}

/// The tables and conditions of a query, for statements that change its rows; with what was computed
/// for each row, where the statement `refers` to that. `None`: no rows.
pub(super) fn restricted(query: &Query, refers: bool) -> Result<Option<Resolver>> {
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
    let of_groups = |clause: &Clause| matches!(clause, Clause::Filter(condition) if condition.contains_aggregate());
    if !refers && query.clauses.iter().any(of_groups) {
        // Rows are grouped within, where their keys are found.
        let mut rows = Query::new(query.model);
        rows.filter(Condition::lookup(
            Expr::key(Path::root(), query.model),
            &lookup::IN,
            Operand::Query(Box::new(query.clone())),
        ));
        return restricted(&rows, false);
    }
    let Some(mut rows) = Resolver::of(query, 0)? else {
        return Ok(None);
    };
    let refers = refers || self::refers(query);
    for clause in query.clauses.iter().filter(|clause| tells_rows(clause, refers)) {
        if let Clause::Filter(condition) = clause
            && condition.contains_aggregate()
        {
            return Err(Error::Query(
                "a condition on an aggregate cannot be used in an update() whose values refer to annotations"
                    .to_owned(),
            ));
        }
        rows.clause(clause)?;
    }
    if rows.filters.iter().any(Node::contains_window) {
        return Err(Error::Query(
            "a condition on a window cannot be used in update() or delete()".to_owned(),
        ));
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
pub(super) fn resolve(query: &Query, keep_order: bool, depth: usize, outer: Vec<Term>) -> Result<Option<Subquery>> {
    if let Some(combined) = &query.combined {
        return combine::resolve(query, combined, keep_order, depth, &outer);
    }
    let aggregating = matches!(query.select, Select::Aggregate(_));
    let mut rows = match Resolver::of(query, depth)? {
        Some(rows) => rows,
        None if !aggregating => return Ok(None),
        None => Resolver::without_rows(query.model, depth),
    };
    rows.outer = outer;
    let mut added = Vec::new();
    let mut anchors = Vec::new();
    let mut group_keys = Vec::new();
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
                let types = model.fields.iter().map(|field| field.column_type());
                added.extend(related.into_iter().zip(types).map(|(term, ty)| (term, ty, None)));
            }
            Clause::Anchor(expr) => anchors.push((rows.term(expr, &mut Reuse::All)?, expr.column_type(), None)),
            Clause::Filter(_) | Clause::Alias(_) | Clause::Filtered(_) => {}
        }
    }
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
    let (width, mut order) = (columns.len(), order);
    let mut mixed = false;
    let outside = (!outside.is_empty()).then(|| {
        let outside = qualify::Outside::new(&mut columns, outside, &mut order, &mut distinct_on);
        mixed = outside.mixed;
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

impl Writer {
    pub(super) fn select(&mut self, query: &Subquery, alias: bool) -> Result<()> {
        self.seeing_groups(|writer| writer.parts(query, alias))
    }

    fn parts(&mut self, query: &Subquery, alias: bool) -> Result<()> {
        if let Some(compound) = &query.compound {
            return self.compound(query, compound, alias);
        }
        let shares = self.shares_placeholders;
        self.shares_placeholders |= query.repeats_values;
        if let Some(walk) = &query.resolver.walk {
            self.with_walk(walk)?;
        }
        self.push("SELECT ");
        if !query.distinct_on.is_empty() {
            if !self.dialect().has_distinct_on() {
                return Err(self.unsupported("DISTINCT ON fields"));
            }
            self.push("DISTINCT ON (");
            self.list(&query.distinct_on, Writer::term)?;
            self.push(") ");
        } else if query.distinct {
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
        if query.distinct && query.distinct_on.is_empty() {
            self.order_columns(query)?;
        }
        self.body(query)?;
        self.order(&query.order)?;
        self.limit(query.limit, query.offset);
        self.shares_placeholders = shares;
        Ok(())
    }

    /// With DISTINCT, what rows are ordered by must be among what is read.
    fn order_columns(&mut self, query: &Subquery) -> Result<()> {
        let mut known = Vec::new();
        for (term, _) in &query.columns {
            known.push(self.alone(term)?);
        }
        for order in query.order.iter().filter(|order| order.position.is_none()) {
            let piece = self.alone(&order.term)?;
            if !known.contains(&piece) {
                self.push(", ");
                self.term(&order.term)?;
                known.push(piece);
            }
        }
        Ok(())
    }

    pub(super) fn body(&mut self, query: &Subquery) -> Result<()> {
        match &query.within {
            Some(within) => {
                self.push(" FROM (");
                self.select(within, true)?;
                self.push(") ");
                self.identifier(qualify::QUALIFY);
            }
            None => self.tables(&query.resolver)?,
        }
        self.filters(" WHERE ", &query.resolver.filters)?;
        if let Some(group) = &query.group {
            let mut seen: Vec<Alone> = Vec::new();
            for term in group {
                let piece = match term {
                    GroupTerm::Term(term) => self.alone(term)?,
                    GroupTerm::Position(at) => Alone::place(*at),
                };
                if seen.contains(&piece) {
                    continue;
                }
                self.push(if seen.is_empty() { " GROUP BY " } else { ", " });
                match term {
                    GroupTerm::Term(term) => self.term(term)?,
                    GroupTerm::Position(at) => self.push(&at.to_string()),
                }
                seen.push(piece);
            }
        }
        self.hides_groups = !self.dialect().having_sees_groups();
        self.filters(" HAVING ", &query.havings)?;
        self.hides_groups = false;
        Ok(())
    }
}

/// Whether rows are put together: as was asked, or since an aggregate is among what is read.
pub(super) fn is_grouped(query: &Query) -> bool {
    let selects = |columns: &[Expr]| columns.iter().any(Expr::contains_aggregate);
    query.group.is_some()
        || query.has_aggregate()
        || matches!(&query.select, Select::Columns(columns) if selects(columns))
}

/// Leaves out what has nothing to do with which rows there are, and how many.
pub(super) fn only_rows(query: &mut Query) {
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
