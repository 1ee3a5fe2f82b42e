//! Values that the text of a query says more than once, since rows are grouped or ordered by what is
//! computed with them.
//!
//! Databases take the same text with another placeholder for another expression. So equal values
//! share a placeholder in these queries, and their text depends on which values are equal.

use super::select::is_grouped;
use crate::query::{Expr, Order, Query, Select};

/// Whether the text of the query says something with a value in it more than once.
pub(in crate::compiler) fn repeats_values(query: &Query) -> bool {
    let ordered = match &query.order {
        Order::Default => 0,
        Order::By(terms) => terms.iter().filter(|term| says_value(query, &term.expr)).count(),
    };
    if ordered > 1 || query.distinct_on().iter().any(|expr| says_value(query, expr)) {
        return true;
    }
    let plain = matches!(query.select, Select::Model) && query.group.is_none();
    if ordered == 0 && plain && query.computed().next().is_none() {
        return false;
    }
    let by = query.group.as_deref().unwrap_or(&[]);
    let grouped = is_grouped(query);
    (ordered == 1 && (grouped || query.distinct))
        || by.iter().filter(|expr| says_value(query, expr)).count() > 1
        || (grouped && {
            let conditions = query.conditions().filter(|condition| condition.contains_aggregate());
            let mut read = query.columns().iter().chain(query.computed());
            read.any(|expr| is_mixed(query, expr))
                || conditions
                    .into_iter()
                    .any(|condition| condition.any_part(&mut |part| is_beside(query, part)))
        })
}

/// Whether a value is part of an expression, so that its text has a placeholder. What is selected by a
/// reference is said by its place.
fn says_value(query: &Query, expr: &Expr) -> bool {
    match expr {
        Expr::Value(_) | Expr::Slot(_) | Expr::Key(..) | Expr::Subquery(_) => true,
        Expr::Ref { annotation, .. } => {
            let is_it = |column: &Expr| matches!(column, Expr::Ref { annotation: other, .. } if other == annotation);
            let selected = matches!(query.select, Select::Model) || query.columns().iter().any(is_it);
            let mut computed = query.computed();
            !selected && computed.nth(*annotation).is_some_and(|expr| says_value(query, expr))
        }
        other => other.any_part(&mut |part| says_value(query, part)),
    }
}

/// Whether what is read of a group has a part that is grouped by and has a value in it.
fn is_mixed(query: &Query, expr: &Expr) -> bool {
    (expr.contains_aggregate() || expr.contains_window()) && is_beside(query, expr)
}

/// Whether something with a value in it stands beside an aggregate.
fn is_beside(query: &Query, expr: &Expr) -> bool {
    match expr {
        Expr::Aggregate(_) | Expr::Value(_) | Expr::Slot(_) => false,
        other if other.contains_aggregate() => other.any_part(&mut |part| is_beside(query, part)),
        other => says_value(query, other),
    }
}
