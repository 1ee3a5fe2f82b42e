//! Aggregates over rows that a query within finds first.

use crate::compiler::argument::Argument;
use crate::compiler::draft::Draft;
use crate::compiler::resolve::{compound, select};
use crate::compiler::resolved::Term;
use crate::compiler::write::Writer;
use crate::error::{Error, Result};
use crate::exec::{Backend, Work};
use crate::meta::ColumnType;
use crate::query::{AggregateFunction, Clause, Condition, Expr, Operand, Path, Query, Select, lookup};
use crate::value::Value;

/// Aggregates over rows that must be found first: sliced, distinct or grouped ones.
pub(super) fn aggregate(query: &Query, backend: Backend) -> Result<Option<Draft>> {
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
    let sliced = inner.is_sliced() || !inner.distinct_on().is_empty();
    let Some(resolved) = select::resolve(&inner, sliced, 0, Vec::new())? else {
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
                    table: "subquery",
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
        | Expr::Outside(_)
        | Expr::Case(_)
        | Expr::Bool(_)
        | Expr::Window(_)
        | Expr::Walked(_)
        | Expr::Key(..) => {
            return Err(Error::Query("only aggregates can be taken over rows".to_owned()));
        }
    })
}

/// Makes a query read one more column; gives its name.
fn read_within(inner: &mut Query, expr: &Expr) -> String {
    if inner.combined.is_some() {
        return format!("col{}", compound::read(inner, expr));
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
        Clause::Related(path) => path.end(query.model).fields.len(),
        Clause::Filter(_) | Clause::Alias(_) | Clause::Anchor(_) | Clause::Filtered(_) => 0,
    });
    query.model.fields.len() + added.sum::<usize>()
}

/// Of no rows counts are 0, and other aggregates NULL.
fn of_nothing(term: Term) -> Term {
    match term {
        Term::Aggregate {
            function: AggregateFunction::Count,
            ..
        } => Term::Value(Argument::Value(Value::Int(0))),
        Term::Aggregate { .. } => Term::Value(Argument::Value(Value::Null(term.column_type().kind()))),
        Term::Call { function, args } => Term::Call {
            function,
            args: args.into_iter().map(of_nothing).collect(),
        },
        Term::Arithmetic { op, left, right } => Term::Arithmetic {
            op,
            left: Box::new(of_nothing(*left)),
            right: Box::new(of_nothing(*right)),
        },
        Term::Cast(of, ty) => Term::Cast(Box::new(of_nothing(*of)), ty),
        Term::Typed(of, ty) => Term::Typed(Box::new(of_nothing(*of)), ty),
        other => other,
    }
}

/// Aggregates over no rows.
fn count_nothing(outer: &[(Term, ColumnType)], backend: Backend) -> Result<Option<Draft>> {
    let mut writer = Writer::new(backend);
    writer.push("SELECT ");
    writer.list(outer, |w, (term, _)| w.lone_term(&of_nothing(term.clone())))?;
    Ok(Some(
        writer.draft(outer.iter().map(|(_, ty)| *ty).collect(), Work::Read),
    ))
}
