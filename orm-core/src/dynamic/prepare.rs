//! Values on the right of a lookup, as the column takes them: by the rules of Django's fields.

use super::names::Place;
use super::{Dynamic, Scope};
use crate::error::{Error, Misuse, Result, ValidationError};
use crate::meta::{FieldMeta, ModelMeta};
use crate::query::{Condition, Expr, Lookup, LookupKind, Operand, OperandKind, Path, lookup as lookups};
use crate::types::coerce;
use crate::value::{Kind, Value};
use rust_decimal::prelude::ToPrimitive;

/// `place__lookup = value`.
pub(super) fn condition(
    scope: &Scope<'_>,
    place: Place,
    lookup: &'static Lookup,
    name: &str,
    value: &Dynamic,
) -> Result<Condition> {
    let null = matches!(value, Dynamic::Value(Value::Null(_)));
    let document = place.expr.column_type().kind() == Kind::Json;
    if document && lookup.operand == OperandKind::Many {
        return any_of(scope, &place, lookup, name, value);
    }
    // A document may be null, which is not NULL.
    if null && !(document && lookup.kind == LookupKind::Exact) {
        return match lookup.operand {
            OperandKind::Nullable => Ok(Condition::lookup(place.expr, &lookups::ISNULL, Operand::Flag(true))),
            OperandKind::Flag => Err(not_a_flag()),
            _ => Err(Error::misuse(
                Misuse::Value,
                format!("Cannot use None as a query value for {name:?}"),
            )),
        };
    }
    let operand = match lookup.operand {
        OperandKind::Flag => match value {
            Dynamic::Value(Value::Bool(yes)) => Operand::Flag(*yes),
            _ => return Err(not_a_flag()),
        },
        OperandKind::Nullable | OperandKind::One => match one(scope, &place, lookup, value)? {
            Prepared::Expr(expr) => Operand::One(expr),
            Prepared::Never => return Ok(Condition::Constant(false)),
            Prepared::Always => return Ok(Condition::Constant(true)),
        },
        OperandKind::Many => match value {
            Dynamic::Query(query) => Operand::Query(Box::new(query.column_for(scope, &place)?)),
            Dynamic::Expr(expr) => match expr.resolve(scope)? {
                Expr::Subquery(query) => Operand::Query(query),
                expr => Operand::Many(vec![expr]),
            },
            many => {
                let mut all = Vec::new();
                for value in items(many)? {
                    if let Prepared::Expr(expr) = one(scope, &place, lookup, &value)? {
                        all.push(expr);
                    }
                }
                Operand::Many(all)
            }
        },
        OperandKind::Pair => {
            let mut ends = items(value)?.into_iter();
            let (Some(low), Some(high), None) = (ends.next(), ends.next(), ends.next()) else {
                return Err(Error::misuse(Misuse::Value, "range takes two values"));
            };
            if document {
                // Databases compare documents with two ends each in its own way.
                return Ok(Condition::And(vec![
                    condition(scope, place.clone(), &lookups::GTE, name, &low)?,
                    condition(scope, place, &lookups::LTE, name, &high)?,
                ]));
            }
            let (low, high) = (one(scope, &place, lookup, &low)?, one(scope, &place, lookup, &high)?);
            let (Prepared::Expr(low), Prepared::Expr(high)) = (low, high) else {
                return Ok(Condition::Constant(false));
            };
            Operand::Pair(low, high)
        }
    };
    Ok(Condition::lookup(place.expr, lookup, operand))
}

/// `in` and the lookups of several keys, of documents: each is a lookup of its own.
fn any_of(scope: &Scope<'_>, place: &Place, lookup: &'static Lookup, name: &str, value: &Dynamic) -> Result<Condition> {
    let each = if lookup.kind == LookupKind::In {
        &lookups::EXACT
    } else {
        &lookups::HAS_KEY
    };
    let mut all = Vec::new();
    for item in items(value)? {
        all.push(condition(scope, place.clone(), each, name, &item)?);
    }
    Ok(match all.len() {
        _ if lookup.name == "has_keys" => Condition::And(all),
        0 => Condition::Constant(false),
        _ => Condition::Or(all),
    })
}

/// Whether a document stands on the right, rather than text.
fn takes_document(lookup: &Lookup) -> bool {
    !matches!(
        lookup.kind,
        LookupKind::HasKey | LookupKind::Match { .. } | LookupKind::Regex { .. } | LookupKind::IExact
    )
}

/// A value as a document.
fn json(value: &Dynamic) -> Result<serde_json::Value> {
    Ok(match value {
        Dynamic::List(items) => serde_json::Value::Array(items.iter().map(json).collect::<Result<_>>()?),
        Dynamic::Value(Value::Null(_)) => serde_json::Value::Null,
        Dynamic::Value(value) => match coerce(value.clone(), Kind::Json) {
            Ok(Value::Json(json)) => json,
            _ => super::value::text(value).into(),
        },
        other => {
            let message = format!("Object of type {} is not JSON serializable", other.type_name());
            return Err(Error::misuse(Misuse::Type, message));
        }
    })
}

/// What became of a value.
enum Prepared {
    Expr(Expr),
    /// no row can fit
    Never,
    /// every row fits
    Always,
}

fn not_a_flag() -> Error {
    Error::misuse(
        Misuse::Value,
        "The QuerySet value for an isnull lookup must be True or False.",
    )
}

/// The items of a list; a text is a list of its letters, as in Python.
fn items(value: &Dynamic) -> Result<Vec<Dynamic>> {
    match value {
        Dynamic::List(values) => Ok(values.clone()),
        Dynamic::Value(Value::Text(text)) => Ok(text
            .chars()
            .map(|c| Dynamic::Value(Value::Text(c.to_string())))
            .collect()),
        Dynamic::Value(Value::List(_, values)) => Ok(values.iter().cloned().map(Dynamic::Value).collect()),
        other => Err(Error::misuse(
            Misuse::Type,
            format!("'{}' object is not iterable", other.type_name()),
        )),
    }
}

fn one(scope: &Scope<'_>, place: &Place, lookup: &Lookup, value: &Dynamic) -> Result<Prepared> {
    match value {
        Dynamic::List(_) | Dynamic::Value(_)
            if place.expr.column_type().kind() == Kind::Json && takes_document(lookup) =>
        {
            Ok(Prepared::Expr(Expr::Value(Value::Json(json(value)?))))
        }
        Dynamic::Value(value) => plain(place, lookup, value),
        Dynamic::Big(digits) => Ok(big(place, lookup, digits)),
        Dynamic::Expr(expr) => Ok(Prepared::Expr(expr.resolve(scope)?)),
        Dynamic::Record(record) => {
            if !place.relation {
                return Err(wrong(place, &record.repr(), Misuse::Type));
            }
            if !std::ptr::eq(record.model(), place.model) {
                return Err(Error::misuse(
                    Misuse::Value,
                    format!("Cannot query \"{record}\": Must be \"{}\" instance.", place.model.name),
                ));
            }
            if record.pk().is_null() {
                return Err(Error::misuse(
                    Misuse::Value,
                    "Model instances passed to related filters must be saved.",
                ));
            }
            let key = place.field.and_then(|field| record.get(field.name));
            Ok(Prepared::Expr(Expr::Value(key.unwrap_or(record.pk()).clone())))
        }
        Dynamic::Query(query) => {
            let query = query.column_for(scope, place)?;
            if query.limit != Some(1) {
                return Err(Error::misuse(
                    Misuse::Value,
                    "The QuerySet value for an exact lookup must be limited to one result using slicing.",
                ));
            }
            Ok(Prepared::Expr(Expr::Subquery(Box::new(query))))
        }
        Dynamic::List(_) => Err(wrong(place, "a list", Misuse::Type)),
    }
}

/// One value as the column takes it.
fn plain(place: &Place, lookup: &Lookup, value: &Value) -> Result<Prepared> {
    let kind = place.expr.column_type().kind();
    let prepared = match (lookup.kind, value) {
        (_, Value::Null(_)) => Value::Null(kind),
        (LookupKind::HasKey | LookupKind::Match { .. } | LookupKind::Regex { .. } | LookupKind::IExact, value) => {
            Value::Text(super::value::text(value))
        }
        (lookup, value) => converted(place, lookup, value)?,
    };
    match prepared {
        // Such a column has no negative numbers.
        Value::Int(number) if number < 0 && is_positive(place) => Ok(big(place, lookup, "-1")),
        prepared => Ok(Prepared::Expr(Expr::Value(prepared))),
    }
}

/// A value as one of the column's kind.
fn converted(place: &Place, lookup: LookupKind, value: &Value) -> Result<Value> {
    let converted = match (place.expr.column_type().kind(), value) {
        (Kind::Text, value) => Some(Value::Text(super::value::text(value))),
        (Kind::Int, value) => integer(lookup, value).map(Value::Int),
        (Kind::Date, Value::DateTime(moment)) => Some(Value::Date(moment.date_naive())),
        (Kind::Time, Value::DateTime(moment)) => Some(Value::Time(moment.time())),
        (kind, value) => coerce(value.clone(), kind).ok(),
    };
    converted.ok_or_else(|| wrong(place, &super::value::repr(value), Misuse::Value))
}

/// A value that is to be written into a column of the model.
pub(super) fn for_column(model: &'static ModelMeta, field: &'static FieldMeta, value: &Dynamic) -> Result<Value> {
    let kind = field.column_type().kind();
    let mut named = field;
    while let Some(relation) = &named.relation {
        named = relation.target_field();
    }
    let path = Path::root();
    let place = Place {
        expr: Expr::Column { path, field },
        // Messages name the field that a key refers to.
        field: Some(named),
        model,
        relation: false,
        transformed: false,
    };
    match value {
        Dynamic::Value(Value::Null(_)) => Ok(Value::Null(kind)),
        Dynamic::Value(_) | Dynamic::List(_) if kind == Kind::Json => json(value).map(Value::Json),
        Dynamic::Value(value) => converted(&place, LookupKind::Exact, value),
        Dynamic::Big(digits) if kind == Kind::Int => {
            let message = format!("{digits} has more than 64 bits, which no column of integers holds");
            Err(Error::misuse(Misuse::Overflow, message))
        }
        Dynamic::Big(digits) => converted(&place, LookupKind::Exact, &Value::Text(digits.clone())),
        Dynamic::Record(row) => Err(wrong(&place, &row.repr(), Misuse::Type)),
        Dynamic::List(_) => Err(wrong(&place, "a list", Misuse::Type)),
        Dynamic::Query(_) if kind == Kind::Int => {
            let message = "int() argument must be a string, a bytes-like object or a number, not 'QuerySet'";
            Err(Error::misuse(Misuse::Type, message))
        }
        Dynamic::Query(_) => Err(wrong(&place, "a QuerySet", Misuse::Type)),
        Dynamic::Expr(_) => Err(wrong(&place, "an expression", Misuse::Type)),
    }
}

/// `int(value)`, as Python has it; limits from below are rounded up.
fn integer(lookup: LookupKind, value: &Value) -> Option<i64> {
    let whole = |number: f64| match lookup {
        LookupKind::Gte | LookupKind::Lt => number.ceil(),
        _ => number.trunc(),
    };
    match value {
        Value::Int(number) => Some(*number),
        Value::Bool(yes) => Some(i64::from(*yes)),
        Value::Float(number) => whole(*number).to_i64(),
        Value::Decimal(number) => number.trunc().to_i64(),
        Value::Text(text) => python_integer(text),
        _ => None,
    }
}

/// Blanks around it, a sign, and `_` between digits.
fn python_integer(text: &str) -> Option<i64> {
    let text = text.trim();
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    if digits.starts_with('_') || digits.ends_with('_') || digits.contains("__") {
        return None;
    }
    text.replace('_', "").parse().ok()
}

/// An integer that no column can hold: the answer is certain.
fn big(place: &Place, lookup: &Lookup, digits: &str) -> Prepared {
    let negative = digits.starts_with('-');
    if place.expr.column_type().kind() != Kind::Int {
        let text = Value::Text(digits.to_owned());
        return match coerce(text.clone(), place.expr.column_type().kind()) {
            Ok(value) => Prepared::Expr(Expr::Value(value)),
            Err(_) => Prepared::Expr(Expr::Value(text)),
        };
    }
    match lookup.kind {
        LookupKind::Gt | LookupKind::Gte if negative => Prepared::Always,
        LookupKind::Lt | LookupKind::Lte if !negative => Prepared::Always,
        _ => Prepared::Never,
    }
}

fn is_positive(place: &Place) -> bool {
    use super::FieldClass::{PositiveBigInteger, PositiveInteger, PositiveSmallInteger};
    matches!(
        place.class(),
        PositiveBigInteger | PositiveInteger | PositiveSmallInteger
    )
}

/// The error about a value that the column does not take, in Django's words.
fn wrong(place: &Place, shown: &str, kind: Misuse) -> Error {
    let column = place.expr.column_type().kind();
    let field = place.field.map_or("", |field| field.name);
    let text = shown.trim_matches('\'');
    let message = match column {
        Kind::Int | Kind::Float if kind == Misuse::Value => {
            return Error::Type {
                model: place.model.name.to_owned(),
                field: field.to_owned(),
                expected: column.name(),
                value: shown.to_owned(),
            };
        }
        Kind::Int | Kind::Float => {
            return Error::misuse(kind, format!("Field '{field}' expected a number but got {shown}."));
        }
        Kind::Bool => format!("“{text}” value must be either True or False."),
        Kind::Decimal => format!("“{text}” value must be a decimal number."),
        Kind::Date => format!("“{text}” value has an invalid date format. It must be in YYYY-MM-DD format."),
        Kind::DateTime => {
            format!("“{text}” value has an invalid format. It must be in YYYY-MM-DD HH:MM[:ss[.uuuuuu]][TZ] format.")
        }
        Kind::Time => format!("“{text}” value has an invalid format. It must be in HH:MM[:ss[.uuuuuu]] format."),
        Kind::Uuid => format!("“{text}” is not a valid UUID."),
        Kind::Duration => {
            return Error::misuse(Misuse::Attribute, format!("{shown} has no attribute 'days'"));
        }
        _ => return Error::misuse(Misuse::Type, format!("Field '{field}' does not take {shown}.")),
    };
    ValidationError::new(place.model.name, field, message).into()
}
