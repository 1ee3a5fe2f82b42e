//! `FilteredRelation`: a relation with a condition of its own and a name. By the rules of Django's
//! `add_filtered_relation` and `rename_prefix_from_q`.

use super::names::walk;
use super::{DynExpr, DynQ, DynQuerySet, Dynamic, Scope};
use crate::error::{Error, Misuse, Result};
use crate::query::{Clause, FilteredRelation};
use std::sync::Arc;

impl DynQuerySet {
    pub(super) fn add_relation(&mut self, name: String, relation: &str, mut condition: DynQ) -> Result<()> {
        if name.contains('.') {
            let message = format!("FilteredRelation doesn't support aliases with periods (got '{name}').");
            return Err(Error::misuse(Misuse::Value, message));
        }
        if relation.is_empty() {
            return Err(Error::misuse(Misuse::Value, "relation_name cannot be empty."));
        }
        let number = self
            .query
            .clauses
            .iter()
            .filter(|c| matches!(c, Clause::Filtered(_)))
            .count();
        let Ok(number) = u16::try_from(number) else {
            return Err(Error::misuse(Misuse::Value, "a query has too many filtered relations"));
        };
        let path = self.resolved(|scope| {
            let segments: Vec<&str> = relation.split("__").collect();
            let found = walk(scope, &segments, false)?;
            if found.column.is_some() || !found.rest.is_empty() {
                let message = format!("FilteredRelation's relation_name cannot contain lookups (got '{relation}').");
                return Err(Error::misuse(Misuse::Value, message));
            }
            each_name(&mut condition, &mut |of, renamed| {
                check(scope, &segments, relation, of)?;
                if let (true, Some(rest)) = (renamed, of.strip_prefix(relation))
                    && rest.starts_with("__")
                {
                    *of = format!("{name}{rest}");
                }
                Ok(())
            })?;
            Ok(found.path.filtered(number))
        })?;
        // From here on the name is known, and the condition speaks of it.
        self.relations.push((name.as_str().into(), path));
        let condition = self.resolved(|scope| condition.condition_of(scope))?;
        let filtered = FilteredRelation { name, condition };
        self.query.clauses.push(Clause::Filtered(Arc::new(filtered)));
        Ok(())
    }

    /// That a call does not name a filtered relation.
    pub(super) fn no_relation(&self, call: &str, name: &str) -> Result<()> {
        let first = name.split("__").next().unwrap_or_default();
        if self.relations.iter().any(|(known, _)| **known == *first) {
            let message = format!("{call}() is not supported with FilteredRelation.");
            return Err(Error::misuse(Misuse::Value, message));
        }
        Ok(())
    }
}

/// That a name in the condition is one of a column of the relation, or of the model.
fn check(scope: &Scope<'_>, relation: &[&str], relation_name: &str, name: &str) -> Result<()> {
    let segments: Vec<&str> = name.split("__").collect();
    if scope.annotated(&segments).is_some() {
        return Ok(());
    }
    let rest = walk(scope, &segments, false)?.rest;
    let fields = segments.len() - rest.len();
    let shift = if rest.is_empty() { 2 } else { 1 };
    let before = segments.iter().take(fields.saturating_sub(shift));
    if before.zip(relation).any(|(a, b)| a != b) {
        let message = format!(
            "FilteredRelation's condition doesn't support relations outside the '{relation_name}' (got '{name}')."
        );
        return Err(Error::misuse(Misuse::Value, message));
    }
    if fields > relation.len() + 1 {
        let message = format!(
            "FilteredRelation's condition doesn't support nested relations deeper than the relation_name (got \
             '{name}' for '{relation_name}')."
        );
        return Err(Error::misuse(Misuse::Value, message));
    }
    Ok(())
}

/// What is done with a name, and whether it may be another one then.
type Visit<'v> = &'v mut dyn FnMut(&mut String, bool) -> Result<()>;

/// All names in a condition.
fn each_name(condition: &mut DynQ, visit: Visit<'_>) -> Result<()> {
    match condition {
        DynQ::Leaf { name, value } => {
            visit(name, true)?;
            match value {
                // Django leaves a lone F as it is: it speaks of the relation without the condition.
                Dynamic::Expr(expr) => match &mut **expr {
                    DynExpr::F(name) => visit(name, false),
                    expr => each_in(expr, visit),
                },
                value => each_in_value(value, visit),
            }
        }
        DynQ::Expr(expr) => each_in(expr, visit),
        DynQ::Node { children, .. } => children.iter_mut().try_for_each(|child| each_name(child, visit)),
    }
}

fn each_in_value(value: &mut Dynamic, visit: Visit<'_>) -> Result<()> {
    match value {
        Dynamic::Expr(expr) => each_in(expr, visit),
        Dynamic::List(all) => all.iter_mut().try_for_each(|one| each_in_value(one, visit)),
        Dynamic::Query(_) => Err(no_query()),
        Dynamic::Value(_) | Dynamic::Big(_) | Dynamic::Record(_) => Ok(()),
    }
}

fn each_in(expr: &mut DynExpr, visit: Visit<'_>) -> Result<()> {
    match expr {
        DynExpr::F(name) => visit(name, true),
        DynExpr::Value(_) | DynExpr::Outer(_) | DynExpr::FilteredRelation { .. } => Ok(()),
        DynExpr::Combined { left, right, .. } => {
            each_in(left, visit)?;
            each_in(right, visit)
        }
        DynExpr::Call { args, .. } => args.iter_mut().try_for_each(|arg| each_in(arg, visit)),
        DynExpr::Aggregate {
            arg, filter, default, ..
        } => {
            if let Some(arg) = arg {
                each_in(arg, visit)?;
            }
            if let Some(filter) = filter {
                each_name(filter, visit)?;
            }
            default.as_mut().map_or(Ok(()), |default| each_in(default, visit))
        }
        DynExpr::Case { whens, default, .. } => {
            for (when, then) in whens {
                each_name(when, visit)?;
                each_in(then, visit)?;
            }
            default.as_mut().map_or(Ok(()), |default| each_in(default, visit))
        }
        DynExpr::Cast { of, .. } | DynExpr::Typed { of, .. } => each_in(of, visit),
        DynExpr::Condition(q) => each_name(q, visit),
        DynExpr::Subquery(_) | DynExpr::Exists(_) => Err(no_query()),
        DynExpr::Window(_) | DynExpr::WindowCall(_) => Err(Error::misuse(
            Misuse::Value,
            "A window within a FilteredRelation is not supported.",
        )),
    }
}

fn no_query() -> crate::Error {
    Error::misuse(
        Misuse::Value,
        "Passing a QuerySet within a FilteredRelation is not supported.",
    )
}
