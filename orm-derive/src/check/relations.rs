//! Relations: their reverse names, and what a many-to-many relation says of its table.

use super::names;
use crate::errors::Errors;
use crate::parse::{Field, Model, RelationKind};
use quote::ToTokens;

pub fn check(model: &Model, errors: &mut Errors) {
    let relations: Vec<&Field> = model.fields.iter().filter(|field| field.relation().is_some()).collect();
    for (i, field) in relations.iter().enumerate() {
        own(field, errors);
        if !field.is_hidden() {
            with_others(model, field, &relations[..i], errors);
            with_fields(model, field, errors);
        }
    }
}

fn own(field: &Field, errors: &mut Errors) {
    let attrs = &field.attrs;
    for (literal, is_accessor) in [(&attrs.related_name, true), (&attrs.related_query_name, false)] {
        if let Some(literal) = literal
            && let Some(message) = names::related(literal, is_accessor)
        {
            errors.at(literal.span(), message);
        }
    }
    if let (Some(name), true) = (&attrs.related_name, field.is_symmetrical())
        && name.value() != "+"
    {
        let message = "`related_name` has no effect on a relation that holds both ways: add `symmetrical = false`";
        errors.at(name.span(), message);
    }
    match (&attrs.to_field, field.relation()) {
        (Some(to_field), Some(relation)) if relation.key.is_none() && field.is_column() => {
            let message = format!(
                "the type of a key by another field names the field's type: `ForeignKeyBy<{}, String>`",
                relation.target_name
            );
            errors.at(to_field.span(), message);
        }
        (None, Some(relation)) if relation.key.is_some() => {
            let message = "say which field of the other model it holds: `#[field(to_field = \"…\")]`";
            errors.at(field.span(), message);
        }
        (Some(to_field), _) if crate::tokens::ident(&to_field.value(), to_field.span()).is_err() => {
            errors.at(to_field.span(), format!("`{}` is not a name", to_field.value()));
        }
        _ => {}
    }
    if let (Some(fields), None) = (&attrs.through_fields, &attrs.through) {
        errors.at(fields.span, "`through_fields` needs `through` as well");
    }
    if let (Some(_), Some(through)) = (attrs.db_constraint, &attrs.through) {
        errors.at(
            through.span,
            "`db_constraint` is said on the foreign keys of the `through` model",
        );
    }
}

/// Two relations to one model need two names there.
fn with_others(model: &Model, field: &Field, before: &[&Field], errors: &mut Errors) {
    let own = model.ident.to_string();
    let target = |field: &Field| field.relation().map(|r| r.target.to_token_stream().to_string());
    for other in before
        .iter()
        .filter(|other| !other.is_hidden() && target(other) == target(field))
    {
        let to = field.relation().map_or("", |relation| relation.target_name.as_str());
        let what = if other.accessor_name(&own) == field.accessor_name(&own) {
            format!("accessor `{to}::{}`", field.accessor_name(&own))
        } else if other.query_name(&own) == field.query_name(&own) {
            format!("name `{}` in queries on `{to}`", field.query_name(&own))
        } else {
            continue;
        };
        let (field_name, other_name) = (&field.name, &other.name);
        let span = field
            .attrs
            .related_name
            .as_ref()
            .map_or(field.span(), syn::LitStr::span);
        errors.at(
            span,
            format!(
                "the reverse {what} of `{own}.{field_name}` clashes with that of `{own}.{other_name}`: \
                 add a `related_name` to one of them, such as `#[field(related_name = \"{field_name}_{}s\")]`",
                model.lower()
            ),
        );
        return;
    }
}

/// A model's relation to itself has its reverse side among the model's own fields.
fn with_fields(model: &Model, field: &Field, errors: &mut Errors) {
    if let Some(clash) = model.reverse_clash(field) {
        let query = field.query_name(&model.ident.to_string());
        let span = field
            .attrs
            .related_name
            .as_ref()
            .map_or(field.span(), syn::LitStr::span);
        let advice = match field.relation().map(|relation| relation.kind) {
            Some(RelationKind::OneToOne) => "its one row",
            _ => "its rows",
        };
        errors.at(
            span,
            format!(
                "the reverse name `{query}` of `{}.{}` clashes with the field `{}`: add a `related_name` for {advice}",
                model.ident, field.name, clash.name
            ),
        );
    }
}
