//! What a model says of its rows as a whole: order, indexes, constraints.

use super::names::resolve;
use crate::errors::Errors;
use crate::parse::{Compare, Field, Model, Operand, RowCondition, Term};
use crate::tokens;
use proc_macro2::Span;
use syn::{Lit, LitStr};

/// The longest name of an index in Django.
const INDEX_NAME: usize = 30;

pub fn check(model: &Model, errors: &mut Errors) {
    let attrs = &model.attrs;
    for term in attrs.ordering.iter().chain(&attrs.get_latest_by) {
        ordering(model, term, errors);
    }
    for group in &attrs.unique_together {
        let names = group.iter().map(|name| (name.value(), name.span()));
        columns(model, names, errors);
        if let [only] = group.as_slice() {
            let name = only.value();
            errors.at(
                only.span(),
                format!("`unique_together` is about two fields or more: mark `{name}` `#[field(unique)]`"),
            );
        }
    }
    for unique in &attrs.unique {
        columns(
            model,
            unique.fields.iter().map(|name| (name.value(), name.span())),
            errors,
        );
        conditions(model, unique.condition.as_ref(), errors);
    }
    for index in &attrs.indexes {
        columns(
            model,
            index.fields.iter().map(|term| (term.path.clone(), term.span)),
            errors,
        );
        conditions(model, index.condition.as_ref(), errors);
        match &index.name {
            Some(name) => index_name(name, errors),
            None if index.condition.is_some() => {
                errors.at(index.span, "an index with a condition needs `name = \"…\"`")
            }
            None => {}
        }
    }
    for check in &attrs.checks {
        conditions(model, Some(&check.condition), errors);
    }
    let unique = attrs.unique.iter().map(|unique| &unique.name);
    let indexes = attrs.indexes.iter().filter_map(|index| index.name.as_ref());
    let names: Vec<&LitStr> = unique
        .chain(indexes)
        .chain(attrs.checks.iter().map(|check| &check.name))
        .collect();
    for (i, name) in names.iter().enumerate() {
        if name.value().is_empty() {
            errors.at(name.span(), "a constraint has a name");
        } else if names[..i].iter().any(|other| other.value() == name.value()) {
            errors.at(
                name.span(),
                format!("`{}` is the name of another index or constraint already", name.value()),
            );
        }
    }
}

fn ordering(model: &Model, term: &Term, errors: &mut Errors) {
    // Random order, as in Django.
    if term.path == "?" {
        errors.at(
            term.span,
            "`?` cannot be a default order; a query can be ordered at random",
        );
        return;
    }
    // The other models are not known here: of a path only the first part can be seen.
    let (first, rest) = term
        .path
        .split_once("__")
        .map_or((term.path.as_str(), None), |(first, rest)| (first, Some(rest)));
    if let Some(field) = resolve(model, first, term.span, errors)
        && rest.is_some()
        && field.relation().is_none()
    {
        errors.at(term.span, format!("`{first}` is no relation, so nothing can follow it"));
    }
}

fn columns(model: &Model, names: impl Iterator<Item = (String, Span)>, errors: &mut Errors) {
    let mut seen: Vec<&str> = Vec::new();
    for (name, span) in names {
        let Some(field) = column(model, &name, span, errors) else {
            continue;
        };
        if seen.contains(&field.name.as_str()) {
            errors.at(span, format!("`{name}` stands here twice"));
        }
        seen.push(&field.name);
    }
}

fn column<'m>(model: &'m Model, name: &str, span: Span, errors: &mut Errors) -> Option<&'m Field> {
    let field = resolve(model, name, span, errors)?;
    if !field.is_column() {
        errors.at(span, format!("`{name}` is a many-to-many relation and has no column"));
    }
    Some(field)
}

fn index_name(name: &LitStr, errors: &mut Errors) {
    let text = name.value();
    if text.chars().count() > INDEX_NAME {
        errors.at(
            name.span(),
            format!("the name of an index has at most {INDEX_NAME} characters"),
        );
    } else if text.starts_with(|c: char| c == '_' || c.is_ascii_digit()) {
        errors.at(name.span(), "the name of an index begins with a letter");
    }
}

fn conditions(model: &Model, condition: Option<&RowCondition>, errors: &mut Errors) {
    match condition {
        Some(RowCondition::And(all) | RowCondition::Or(all)) => {
            for one in all {
                conditions(model, Some(one), errors);
            }
        }
        Some(RowCondition::Not(one)) => conditions(model, Some(one), errors),
        Some(RowCondition::Compare(compare)) => compared(model, compare, errors),
        None => {}
    }
}

fn compared(model: &Model, compare: &Compare, errors: &mut Errors) {
    column(model, &compare.field, compare.span, errors);
    operand(model, &compare.value, errors);
}

fn operand(model: &Model, value: &Operand, errors: &mut Errors) {
    match value {
        Operand::Field(name) => drop(column(model, &name.to_string(), name.span(), errors)),
        Operand::List(values) => values.iter().for_each(|value| operand(model, value, errors)),
        Operand::Literal(expr) => {
            if let Some(Lit::Int(number)) = tokens::literal(expr)
                && number.base10_parse::<i64>().is_err()
            {
                errors.on(expr, "this number does not fit into 64 bits");
            }
        }
    }
}
