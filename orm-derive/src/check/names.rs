//! Names of fields and columns: what Django refuses, and what would hide a method.

use crate::errors::Errors;
use crate::names::nearest;
use crate::parse::{Field, Model};
use crate::tokens;
use proc_macro2::Span;
use syn::LitStr;

/// What the builder of new rows has for methods.
const BUILDER: &[&str] = &["create", "save", "get_or_create", "update_or_create"];
/// What a model has for methods.
const MODEL: &[&str] = &[
    "create", "save", "delete", "pk", "objects", "q", "raw", "refresh", "validate", "meta", "values", "decode",
];

pub fn check(model: &Model, errors: &mut Errors) {
    for field in &model.fields {
        own(field, errors);
    }
    clashes(model, errors);
    if model.app.is_empty() || model.app.contains(['.', ' ', '"']) {
        let span = model.attrs.app.as_ref().map_or_else(Span::call_site, LitStr::span);
        errors.at(
            span,
            format!("`{}` is no app label: expected a name such as `library`", model.app),
        );
    }
}

fn own(field: &Field, errors: &mut Errors) {
    let name = field.name.as_str();
    let span = field.span();
    if name == "pk" {
        errors.at(span, "`pk` is a reserved word: it is another name for the primary key");
    } else if let Some(message) = unfit(name) {
        errors.at(span, format!("the field name `{name}` {message}"));
    } else if field.relation().is_some() && (MODEL.contains(&name) || BUILDER.contains(&name)) {
        errors.fatal(
            span,
            format!("a relation cannot be called `{name}`: its accessor would hide the model's method of that name"),
        );
    } else if BUILDER.contains(&name) {
        errors.fatal(
            span,
            format!("a field cannot be called `{name}`: its setter would clash with the method of `create()`"),
        );
    }
    if let Some(column) = &field.attrs.column
        && column.value().is_empty()
    {
        errors.at(column.span(), "a column has a name");
    }
}

/// Why a name cannot stand in a query.
fn unfit(name: &str) -> Option<&'static str> {
    if name.contains("__") {
        Some("must not contain `__`, which joins names in queries")
    } else if name.ends_with('_') {
        Some("must not end with an underscore")
    } else {
        None
    }
}

/// What is wrong with a `related_name`.
pub fn related(literal: &LitStr, is_accessor: bool) -> Option<String> {
    let name = literal.value();
    if name == "+" && is_accessor {
        return None;
    }
    if !tokens::is_ident(&name) || name.starts_with("r#") {
        return Some(format!("`{name}` is not a name"));
    }
    if let Some(message) = unfit(&name) {
        return Some(format!("the reverse name `{name}` {message}"));
    }
    let hides = is_accessor && MODEL.contains(&name.as_str());
    hides
        .then(|| format!("a reverse accessor cannot be called `{name}`: it would hide the model's method of that name"))
}

fn clashes(model: &Model, errors: &mut Errors) {
    let columns: Vec<&Field> = model.columns().collect();
    for (i, field) in columns.iter().enumerate() {
        let column = field.column();
        let Some(other) = columns[..i]
            .iter()
            .find(|other| other.column().eq_ignore_ascii_case(&column))
        else {
            continue;
        };
        let span = field.attrs.column.as_ref().map_or(field.span(), LitStr::span);
        errors.fatal(
            span,
            format!("the column `{column}` is that of the field `{}` already", other.name),
        );
    }
    // `library: ForeignKey<_>` brings the method `library_id` with it.
    for key in columns.iter().filter(|field| field.relation().is_some()) {
        let attname = key.attname();
        let same_name = model.fields.iter().find(|field| field.name == attname);
        if let Some(field) = same_name.filter(|field| !field.column().eq_ignore_ascii_case(&key.column())) {
            let message = format!(
                "`{attname}` is the name of the key that the relation `{}` has already",
                key.name
            );
            errors.fatal(field.span(), message);
        }
    }
}

/// The field that a name in an attribute means; a mistake at the name where there is none.
pub fn resolve<'m>(model: &'m Model, name: &str, span: Span, errors: &mut Errors) -> Option<&'m Field> {
    let found = model.field(name);
    if found.is_none() {
        let choices: Vec<&str> = model.fields.iter().map(|field| field.name.as_str()).collect();
        let hint = nearest(name, choices.iter().copied()).map(|near| format!("did you mean `{near}`? Its"));
        let list = choices.join(", ");
        errors.at(
            span,
            format!(
                "`{}` has no field `{name}`; {} fields are {list}",
                model.ident,
                hint.unwrap_or_else(|| "its".to_owned())
            ),
        );
    }
    found
}
