//! The methods that give another query set.

use crate::shell::args::{Args, is_true, several};
use crate::shell::construct;
use crate::shell::convert;
use crate::shell::errors::{Result, ShellError};
use crate::shell::object::Obj;
use orm_core::dynamic::{DynColumn, DynExpr, DynOrder, DynQ, DynQuerySet};
use orm_core::query::{Lock, TimeZone};

/// What a call of `filter` says: conditions first, then names in alphabetical order, as Django
/// takes them.
pub(in crate::shell) fn condition(args: Args) -> Result<DynQ> {
    let mut children = args.positional.iter().map(one_condition).collect::<Result<Vec<_>>>()?;
    let mut named = args.named;
    named.sort_by(|(a, _), (b, _)| a.cmp(b));
    for (name, value) in named {
        children.push(DynQ::leaf(name, convert::dynamic(&value)?));
    }
    Ok(DynQ::all(children))
}

/// A `Q`, or a pair of a name and a value; a text of two letters is such a pair in Python.
fn one_condition(value: &Obj) -> Result<DynQ> {
    let parts: Vec<Obj> = match value {
        Obj::Q(tree) => return Ok(tree.value.clone()),
        Obj::Expr(tree) => return Ok(DynQ::Expr(Box::new(tree.value.clone()))),
        Obj::List(items) | Obj::Tuple(items) => items.as_slice().to_vec(),
        Obj::Str(text) => text.chars().take(3).map(|c| Obj::Str(c.to_string().into())).collect(),
        other => {
            let message = format!("cannot unpack non-iterable {} object", other.type_name());
            return Err(ShellError::type_error(message));
        }
    };
    match parts.as_slice() {
        [Obj::Str(name), value] => Ok(DynQ::leaf(&**name, convert::dynamic(value)?)),
        [_, _] => Err(ShellError::type_error("the name of a condition must be a str")),
        [] | [_] => Err(ShellError::value_error(format!(
            "not enough values to unpack (expected 2, got {})",
            parts.len()
        ))),
        _ => Err(ShellError::value_error("too many values to unpack (expected 2)")),
    }
}

pub(super) fn filter(rows: DynQuerySet, args: Args) -> Result<DynQuerySet> {
    Ok(rows.filter(condition(args)?)?)
}

pub(super) fn exclude(rows: DynQuerySet, args: Args) -> Result<DynQuerySet> {
    Ok(rows.exclude(condition(args)?)?)
}

/// The terms of `order_by` and `latest`.
pub(in crate::shell) fn terms(values: &[Obj]) -> Result<Vec<DynOrder>> {
    let term = |value: &Obj| match value {
        Obj::Str(name) => Ok(DynOrder::from(&**name)),
        Obj::Order(tree) => Ok(tree.value.clone()),
        Obj::Expr(tree) => Ok(DynOrder::asc(tree.value.clone())),
        other => {
            let message = format!("a {} is nothing to order by", other.type_name());
            Err(ShellError::type_error(message))
        }
    };
    values.iter().map(term).collect()
}

pub(super) fn order_by(rows: DynQuerySet, args: Args) -> Result<DynQuerySet> {
    let terms = terms(&args.only_positional("order_by")?)?;
    Ok(rows.order_by(terms)?)
}

/// The names that a call is given; `None` stands for the one argument `None`.
fn names(call: &str, args: Args) -> Result<Option<Vec<String>>> {
    let given = args.only_positional(call)?;
    if let [Obj::None] = given.as_slice() {
        return Ok(None);
    }
    let name = |value: &Obj| match value {
        Obj::Str(name) => Ok(name.to_string()),
        other => Err(ShellError::attribute(format!(
            "'{}' object has no attribute 'split'",
            other.type_name()
        ))),
    };
    given.iter().map(name).collect::<Result<_>>().map(Some)
}

pub(super) fn select_related(rows: DynQuerySet, args: Args) -> Result<DynQuerySet> {
    Ok(match names("select_related", args)? {
        None => rows.select_nothing_related()?,
        Some(names) if names.is_empty() => rows.select_all_related()?,
        Some(names) => rows.select_related(names.iter().map(String::as_str))?,
    })
}

pub(super) fn prefetch_related(rows: DynQuerySet, args: Args) -> Result<DynQuerySet> {
    Ok(match names("prefetch_related", args)? {
        None => rows.prefetch_nothing(),
        Some(names) => rows.prefetch_related(names.iter().map(String::as_str))?,
    })
}

pub(super) fn defer(rows: DynQuerySet, args: Args) -> Result<DynQuerySet> {
    Ok(match names("defer", args)? {
        None => rows.defer_nothing()?,
        Some(names) => rows.defer(names.iter().map(String::as_str))?,
    })
}

pub(super) fn only(rows: DynQuerySet, args: Args) -> Result<DynQuerySet> {
    match names("only", args)? {
        None => Err(ShellError::type_error("Cannot pass None as an argument to only().")),
        Some(names) => Ok(rows.only(names.iter().map(String::as_str))?),
    }
}

pub(super) fn distinct(rows: DynQuerySet, args: Args) -> Result<DynQuerySet> {
    match names("distinct", args)? {
        Some(names) if !names.is_empty() => Ok(rows.distinct_on(names.iter().map(String::as_str))?),
        _ => Ok(rows.distinct()?),
    }
}

/// `select_for_update(nowait=False, skip_locked=False, of=("self",), no_key=False)`
pub(super) fn select_for_update(rows: DynQuerySet, args: Args) -> Result<DynQuerySet> {
    let names = ["nowait", "skip_locked", "of", "no_key"];
    let [nowait, skip_locked, of, no_key] = args.bind("select_for_update", names, 0)?;
    let mut lock = Lock {
        nowait: is_true(nowait),
        skip_locked: is_true(skip_locked),
        no_key: is_true(no_key),
        of: Vec::new(),
    };
    if lock.nowait && lock.skip_locked {
        let message = "The nowait option cannot be used with skip_locked.";
        return Err(ShellError::value_error(message));
    }
    for name in several(of) {
        match name {
            Obj::Str(name) => lock.of.push(rows.path_of(&name)?),
            other => {
                let message = format!("select_for_update(of=…) takes names, and not a {}", other.type_name());
                return Err(ShellError::type_error(message));
            }
        }
    }
    Ok(rows.select_for_update(lock)?)
}

/// The query sets that a call of `union` and its like is given.
fn query_sets(call: &str, values: &[Obj]) -> Result<Vec<DynQuerySet>> {
    let query_set = |value: &Obj| match value {
        Obj::QuerySet(tree) => Ok(tree.value.clone()),
        other => {
            let message = format!("{call}() takes query sets, and not a {}", other.type_name());
            Err(ShellError::type_error(message))
        }
    };
    values.iter().map(query_set).collect()
}

pub(super) fn union(rows: DynQuerySet, mut args: Args) -> Result<DynQuerySet> {
    let all = is_true(args.take("all"));
    let others = query_sets("union", &args.only_positional("union")?)?;
    Ok(rows.union(others, all))
}

pub(super) fn intersection(rows: DynQuerySet, args: Args) -> Result<DynQuerySet> {
    let others = query_sets("intersection", &args.only_positional("intersection")?)?;
    Ok(rows.intersection(others))
}

pub(super) fn difference(rows: DynQuerySet, args: Args) -> Result<DynQuerySet> {
    let others = query_sets("difference", &args.only_positional("difference")?)?;
    Ok(rows.difference(others))
}

/// The field, the unit and the direction that `dates` and `datetimes` are given.
fn units(call: &str, field: Option<Obj>, unit: Option<Obj>, order: Option<Obj>) -> Result<(String, String, bool)> {
    let text = |value: Option<Obj>| match value {
        Some(Obj::Str(text)) => Ok(text.to_string()),
        Some(other) => Err(ShellError::type_error(format!(
            "{call}() takes texts, and not a {}",
            other.type_name()
        ))),
        None => Ok(String::new()),
    };
    let descending = match order {
        None => false,
        Some(Obj::Str(order)) if &*order == "ASC" => false,
        Some(Obj::Str(order)) if &*order == "DESC" => true,
        Some(_) => return Err(ShellError::value_error("'order' must be either 'ASC' or 'DESC'.")),
    };
    Ok((text(field)?, text(unit)?, descending))
}

pub(super) fn dates(rows: DynQuerySet, args: Args) -> Result<DynQuerySet> {
    let [field, unit, order] = args.bind("dates", ["field_name", "kind", "order"], 2)?;
    let (field, unit, descending) = units("dates", field, unit, order)?;
    Ok(rows.dates(&field, &unit, descending)?)
}

pub(super) fn datetimes(rows: DynQuerySet, args: Args) -> Result<DynQuerySet> {
    let names = ["field_name", "kind", "order", "tzinfo"];
    let [field, unit, order, zone] = args.bind("datetimes", names, 2)?;
    let zone = construct::zone("datetimes", zone)?.unwrap_or(TimeZone::UTC);
    let (field, unit, descending) = units("datetimes", field, unit, order)?;
    Ok(rows.datetimes_in(&field, &unit, descending, &zone)?)
}

/// Expressions with the names under which they are found: those given, else the expressions' own.
pub(super) fn named_expressions(call: &str, what: &str, args: Args) -> Result<Vec<(String, DynExpr)>> {
    let mut all: Vec<(String, DynExpr)> = Vec::new();
    for value in &args.positional {
        let expr = only_expression(call, value)?;
        let Some(name) = expr.default_alias() else {
            return Err(ShellError::type_error(format!("Complex {what} require an alias")));
        };
        if args.named.iter().any(|(known, _)| *known == name) {
            return Err(ShellError::type_error(format!(
                "The named annotation '{name}' conflicts with the default name for another annotation."
            )));
        }
        all.push((name, expr));
    }
    for (name, value) in &args.named {
        all.push((name.clone(), only_expression(call, value)?));
    }
    Ok(all)
}

fn only_expression(call: &str, value: &Obj) -> Result<DynExpr> {
    match value {
        Obj::Expr(tree) => Ok(tree.value.clone()),
        Obj::Q(tree) => Ok(DynExpr::Condition(Box::new(tree.value.clone()))),
        other => Err(ShellError::type_error(format!(
            "QuerySet.{call}() received non-expression(s): {}.",
            crate::shell::print::repr(other)
        ))),
    }
}

pub(super) fn annotate(rows: DynQuerySet, args: Args) -> Result<DynQuerySet> {
    Ok(rows.annotate(named_expressions("annotate", "annotations", args)?)?)
}

pub(super) fn alias(rows: DynQuerySet, args: Args) -> Result<DynQuerySet> {
    Ok(rows.alias(named_expressions("alias", "annotations", args)?)?)
}

pub(super) fn values(rows: DynQuerySet, args: Args) -> Result<DynQuerySet> {
    Ok(rows.values(columns("values", args)?)?)
}

pub(super) fn values_list(rows: DynQuerySet, mut args: Args) -> Result<DynQuerySet> {
    let flat = is_true(args.take("flat"));
    let positional = args.only_positional("values_list")?;
    let args = Args {
        positional,
        named: Vec::new(),
    };
    Ok(rows.values_list(columns("values_list", args)?, flat)?)
}

/// The columns of `values`: names, and expressions with names of their own or numbered ones.
fn columns(call: &str, args: Args) -> Result<Vec<DynColumn>> {
    let mut all = Vec::new();
    for value in &args.positional {
        let column = match value {
            Obj::Str(name) => DynColumn::Name(name.to_string()),
            value => {
                let expr = only_expression(call, value)?;
                let name = expr
                    .default_alias()
                    .unwrap_or_else(|| format!("{}{}", expr.class_name().to_lowercase(), all.len() + 1));
                DynColumn::Expr(name, expr)
            }
        };
        all.push(column);
    }
    for (name, value) in &args.named {
        all.push(DynColumn::Expr(name.clone(), only_expression(call, value)?));
    }
    Ok(all)
}
