//! Between the shell's values and those of queries and rows.

use super::errors::{Result, ShellError};
use super::object::Obj;
use super::record::Instance;
use orm_core::chrono::{DateTime, Utc};
use orm_core::dynamic::{DynExpr, Dynamic, Row};
use orm_core::serde_json::{Map, Number, Value as Json};
use orm_core::value::{Kind, Value};
use std::sync::Arc;

/// What stands on the right of a lookup.
pub(super) fn dynamic(value: &Obj) -> Result<Dynamic> {
    Ok(match value {
        Obj::Int(number) if i64::try_from(*number).is_err() => Dynamic::Big(number.to_string()),
        Obj::List(items) | Obj::Tuple(items) => {
            Dynamic::List(items.as_slice().iter().map(dynamic).collect::<Result<_>>()?)
        }
        Obj::Record(row) => Dynamic::Record(Arc::new(row.record())),
        Obj::QuerySet(tree) => Dynamic::Query(Box::new(tree.value.clone())),
        Obj::Expr(tree) => Dynamic::Expr(Box::new(tree.value.clone())),
        Obj::Q(tree) => Dynamic::Expr(Box::new(DynExpr::Condition(Box::new(tree.value.clone())))),
        other => Dynamic::Value(plain(other)?),
    })
}

/// A value that needs no database.
pub(super) fn plain(value: &Obj) -> Result<Value> {
    Ok(match value {
        Obj::None => Value::Null(Kind::Text),
        Obj::Bool(value) => Value::Bool(*value),
        Obj::Int(value) => match i64::try_from(*value) {
            Ok(value) => Value::Int(value),
            Err(_) => return Err(ShellError::new("OverflowError", "the integer has more than 64 bits")),
        },
        Obj::Float(value) => Value::Float(*value),
        Obj::Str(text) => Value::Text(text.to_string()),
        Obj::Bytes(bytes) => Value::Bytes(bytes.to_vec()),
        Obj::Decimal(value) => Value::Decimal(*value),
        // Columns of decimals refuse the text, as they refuse the number.
        Obj::NoNumber(name) => Value::Text((*name).to_owned()),
        Obj::Date(date) => Value::Date(*date),
        Obj::DateTime { at, .. } => Value::DateTime(DateTime::<Utc>::from_naive_utc_and_offset(*at, Utc)),
        Obj::Time(time) => Value::Time(*time),
        Obj::Delta(delta) => Value::Duration(*delta),
        Obj::Uuid(uuid) => Value::Uuid(*uuid),
        Obj::Dict(_) | Obj::List(_) | Obj::Tuple(_) => Value::Json(json(value)?),
        other => {
            let message = format!("a {} cannot be a value in a query", other.type_name());
            return Err(ShellError::type_error(message));
        }
    })
}

/// The value as a JSON document.
fn json(value: &Obj) -> Result<Json> {
    Ok(match value {
        Obj::None => Json::Null,
        Obj::Bool(value) => Json::Bool(*value),
        Obj::Int(number) => match (i64::try_from(*number), u64::try_from(*number)) {
            (Ok(number), _) => number.into(),
            (_, Ok(number)) => number.into(),
            _ => return Err(ShellError::new("OverflowError", "the integer has more than 64 bits")),
        },
        Obj::Float(value) => Number::from_f64(*value)
            .map(Json::Number)
            .ok_or_else(|| ShellError::value_error("Out of range float values are not JSON compliant"))?,
        Obj::Str(text) => Json::String(text.to_string()),
        Obj::List(items) | Obj::Tuple(items) => Json::Array(items.as_slice().iter().map(json).collect::<Result<_>>()?),
        Obj::Dict(pairs) => {
            let mut object = Map::new();
            for (key, value) in pairs.as_slice() {
                let key = match key {
                    Obj::Str(text) => text.to_string(),
                    Obj::None => "null".to_owned(),
                    Obj::Bool(value) => value.to_string(),
                    Obj::Int(_) | Obj::Float(_) => super::print::repr(key),
                    other => {
                        let message = format!("keys must be str, int, float, bool or None, not {}", other.type_name());
                        return Err(ShellError::type_error(message));
                    }
                };
                object.insert(key, json(value)?);
            }
            Json::Object(object)
        }
        other => {
            let message = format!("Object of type {} is not JSON serializable", other.type_name());
            return Err(ShellError::type_error(message));
        }
    })
}

/// An argument that is an expression: names are fields, other values are themselves.
pub(super) fn expression(value: &Obj) -> Result<DynExpr> {
    match value {
        Obj::Expr(tree) => Ok(tree.value.clone()),
        Obj::Q(tree) => Ok(DynExpr::Condition(Box::new(tree.value.clone()))),
        Obj::Str(name) => Ok(DynExpr::f(&**name)),
        other => literal(other),
    }
}

/// An operand of an operator between expressions: a text is itself.
pub(super) fn literal(value: &Obj) -> Result<DynExpr> {
    match value {
        Obj::Expr(tree) => Ok(tree.value.clone()),
        Obj::Q(tree) => Ok(DynExpr::Condition(Box::new(tree.value.clone()))),
        other => Ok(DynExpr::Value(plain(other)?)),
    }
}

/// A value of a row.
pub(super) fn obj(value: &Value) -> Obj {
    match value {
        Value::Null(_) => Obj::None,
        Value::Bool(value) => Obj::Bool(*value),
        Value::Int(value) => Obj::Int(i128::from(*value)),
        Value::Float(value) => Obj::Float(*value),
        Value::Text(text) => Obj::Str(text.as_str().into()),
        Value::Bytes(bytes) => Obj::Bytes(bytes.as_slice().into()),
        Value::Decimal(value) => Obj::Decimal(*value),
        Value::Date(date) => Obj::Date(*date),
        Value::Time(time) => Obj::Time(*time),
        Value::DateTime(at) => Obj::DateTime {
            at: at.naive_utc(),
            aware: true,
        },
        Value::Duration(delta) => Obj::Delta(*delta),
        Value::Uuid(uuid) => Obj::Uuid(*uuid),
        Value::Json(json) => of_json(json),
        Value::List(_, values) => Obj::rows(values.iter().map(obj).collect()),
    }
}

fn of_json(value: &Json) -> Obj {
    match value {
        Json::Null => Obj::None,
        Json::Bool(value) => Obj::Bool(*value),
        Json::Number(number) => match (number.as_i64(), number.as_u64()) {
            (Some(number), _) => Obj::Int(i128::from(number)),
            (_, Some(number)) => Obj::Int(i128::from(number)),
            _ => Obj::Float(number.as_f64().unwrap_or(f64::NAN)),
        },
        Json::String(text) => Obj::Str(text.as_str().into()),
        Json::Array(items) => Obj::rows(items.iter().map(of_json).collect()),
        Json::Object(entries) => {
            let pairs = entries
                .iter()
                .map(|(key, value)| (Obj::Str(key.as_str().into()), of_json(value)));
            Obj::dict_row(pairs.collect(), false)
        }
    }
}

/// A row in the shape in which it came.
pub(super) fn row(row: Row) -> Result<Obj> {
    Ok(match row {
        Row::Record(record) => Obj::Record(Instance::saved(record)),
        Row::Dict(entries) => {
            let pairs = entries.into_iter().map(|(name, value)| (Obj::Str(name), obj(&value)));
            Obj::dict_row(pairs.collect(), false)
        }
        Row::List(values) => Obj::tuple_row(values.iter().map(obj).collect()),
        Row::Flat(value) => obj(&value),
        _ => {
            return Err(ShellError::type_error(
                "this row has a shape that the shell does not know",
            ));
        }
    })
}
