//! The attributes of one field among each other, and with the field's type.

use crate::errors::Errors;
use crate::parse::{Class, DeleteRule, Field, Model};

/// Exactly one field is the primary key.
pub fn primary_key(model: &Model, errors: &mut Errors) {
    let marked: Vec<&Field> = model
        .columns()
        .filter(|field| field.attrs.primary_key.is_some())
        .collect();
    let id = model.columns().find(|field| field.name == "id");
    for second in marked.iter().skip(1) {
        let first = &marked[0].name;
        errors.at(
            second.span(),
            format!("this model has two primary keys: `{first}` is marked as well"),
        );
    }
    match (marked.first(), id) {
        (None, None) => {
            let message = "this model has no primary key: add `pub id: i64` or mark a field `#[field(primary_key)]`";
            errors.at(model.ident.span(), message);
        }
        (Some(key), Some(id)) if key.name != "id" => {
            let message = format!(
                "`id` is the primary key by its name, and `{}` is marked as one: keep one of them",
                key.name
            );
            errors.at(id.span(), message);
        }
        _ => {}
    }
    if let Some(key) = model.primary_key()
        && key.nullable
    {
        errors.fatal(key.span(), "a primary key cannot be `Option`: it is never NULL");
    }
}

pub fn check(model: &Model, field: &Field, errors: &mut Errors) {
    if !field.is_column() {
        if field.kind.is_many_to_many() && field.nullable {
            errors.at(
                field.span(),
                "a many-to-many field holds nothing, so it is no `Option`: no related rows is an empty set",
            );
        }
        return;
    }
    length(model, field, errors);
    digits(field, errors);
    moments(field, errors);
    choices(field, errors);
    on_delete(field, errors);
}

fn length(model: &Model, field: &Field, errors: &mut Errors) {
    if let Some(length) = &field.attrs.max_length
        && **length == 0
    {
        errors.at(length.span, "`max_length` is at least 1");
    }
    if field.class() != Some(Class::Text) || field.max_length().is_some() {
        return;
    }
    let is_key = model.primary_key().is_some_and(|key| key.name == field.name);
    let named = |name: &str| model.field(name).is_some_and(|named| named.name == field.name);
    let attrs = &model.attrs;
    let grouped = attrs.unique_together.iter().flatten().any(|name| named(&name.value()))
        || attrs
            .unique
            .iter()
            .flat_map(|unique| &unique.fields)
            .any(|name| named(&name.value()));
    let indexed = field.attrs.index
        || attrs
            .indexes
            .iter()
            .flat_map(|index| &index.fields)
            .any(|term| named(&term.path));
    let what = if is_key {
        "a primary key"
    } else if field.attrs.unique || grouped {
        "a unique text"
    } else if indexed {
        "an indexed text"
    } else {
        return;
    };
    let name = &field.name;
    errors.at(
        field.span(),
        format!("{what} needs a length, which MySQL asks for: mark `{name}` `#[field(max_length = …)]`"),
    );
}

fn digits(field: &Field, errors: &mut Errors) {
    let (digits, places) = (&field.attrs.max_digits, &field.attrs.decimal_places);
    match (digits, places) {
        (Some(digits), Some(places)) if **places > **digits => {
            errors.at(places.span, "`decimal_places` cannot be greater than `max_digits`");
        }
        (Some(digits), _) if **digits == 0 => errors.at(digits.span, "`max_digits` is at least 1"),
        (Some(digits), None) => errors.at(digits.span, "`max_digits` needs `decimal_places` as well"),
        (None, Some(places)) => errors.at(places.span, "`decimal_places` needs `max_digits` as well"),
        (None, None) if field.class() == Some(Class::Decimal) => {
            let message = format!(
                "a `Decimal` needs its digits: mark `{}` `#[field(max_digits = 10, decimal_places = 2)]`",
                field.name
            );
            errors.at(field.span(), message);
        }
        _ => {}
    }
}

fn moments(field: &Field, errors: &mut Errors) {
    let attrs = &field.attrs;
    let mut given = [
        attrs.auto_now.as_ref().map(|at| ("auto_now", at.span)),
        attrs.auto_now_add.as_ref().map(|at| ("auto_now_add", at.span)),
        attrs.default.as_ref().map(|at| ("default", at.span)),
    ]
    .into_iter()
    .flatten();
    let first = given.next();
    let automatic = attrs.auto_now.is_some() || attrs.auto_now_add.is_some();
    if let (Some((first, _)), Some((second, span)), true) = (first, given.next(), automatic) {
        errors.at(
            span,
            format!("`{first}` and `{second}` exclude each other: each says what a new row has"),
        );
    }
}

fn choices(field: &Field, errors: &mut Errors) {
    let Some(choices) = &field.attrs.choices else { return };
    if choices.is_empty() {
        let span = field.attrs.span_of("choices").unwrap_or(field.span());
        errors.at(span, "`choices` needs at least one value");
    }
    for (i, (value, _, span)) in choices.iter().enumerate() {
        if choices[..i].iter().any(|(other, _, _)| other == value) {
            errors.at(*span, format!("the choice `{value}` stands here twice"));
        }
        if let Some(length) = field
            .max_length()
            .filter(|length| value.chars().count() > *length as usize)
        {
            errors.at(
                *span,
                format!("the choice `{value}` is longer than `max_length = {length}`"),
            );
        }
        if field.class() == Some(Class::Integer) && value.parse::<i64>().is_err() {
            errors.at(
                *span,
                format!(
                    "the choice `{value}` is no integer, and the field is `{}`",
                    field.written
                ),
            );
        }
    }
}

fn on_delete(field: &Field, errors: &mut Errors) {
    let Some(rule) = &field.attrs.on_delete else { return };
    match **rule {
        DeleteRule::SetNull if !field.nullable => {
            let written = &field.written;
            errors.at(
                rule.span,
                format!("`SET_NULL` needs a key that may be NULL: make the field `Option<{written}>`"),
            );
        }
        DeleteRule::SetDefault if field.attrs.default.is_none() && !field.nullable => {
            errors.at(rule.span, "`SET_DEFAULT` needs a default: add `default = …`");
        }
        _ => {}
    }
    if let Some(at) = &field.attrs.primary_key
        && **rule == DeleteRule::SetNull
    {
        errors.at(at.span, "a primary key is never NULL, so `SET_NULL` cannot be");
    }
}
