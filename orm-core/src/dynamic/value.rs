//! `Dynamic`: a value whose column is known at run time only; values as Python prints them.

use super::{DynExpr, DynQuerySet, Record};
use crate::model::Model;
use crate::queryset::{QuerySet, Values};
use crate::types::FieldType;
use crate::value::{Kind, Value};
use std::sync::Arc;

/// What `filter_dyn` takes: a value, a list, a row, an expression or a query.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum Dynamic {
    /// one value
    Value(Value),
    /// an integer of more than 64 bits, as its digits
    Big(String),
    /// several
    List(Vec<Dynamic>),
    /// a row, which stands for its key
    Record(Arc<Record>),
    /// the value of an expression
    Expr(Box<DynExpr>),
    /// the rows of a query
    Query(Box<DynQuerySet>),
}

impl Dynamic {
    /// Python's name for its type.
    pub fn type_name(&self) -> &str {
        match self {
            Dynamic::Value(value) => match value {
                Value::Null(_) => "NoneType",
                Value::Bool(_) => "bool",
                Value::Int(_) => "int",
                Value::Float(_) => "float",
                Value::Text(_) => "str",
                Value::Bytes(_) => "bytes",
                Value::Decimal(_) => "decimal.Decimal",
                Value::Date(_) => "datetime.date",
                Value::Time(_) => "datetime.time",
                Value::DateTime(_) => "datetime.datetime",
                Value::Duration(_) => "datetime.timedelta",
                Value::Uuid(_) => "UUID",
                Value::Json(_) => "dict",
                Value::List(..) => "list",
            },
            Dynamic::Big(_) => "int",
            Dynamic::List(_) => "list",
            Dynamic::Record(record) => record.model().name,
            Dynamic::Expr(_) => "Expression",
            Dynamic::Query(_) => "QuerySet",
        }
    }
}

/// A value as Python's `str` gives it.
pub(super) fn text(value: &Value) -> String {
    match value {
        Value::Null(_) => "None".to_owned(),
        Value::Bool(true) => "True".to_owned(),
        Value::Bool(false) => "False".to_owned(),
        Value::Int(number) => number.to_string(),
        Value::Float(number) if number.fract() == 0.0 && number.abs() < 1e16 => format!("{number:.1}"),
        Value::Float(number) => number.to_string(),
        Value::Text(text) => text.clone(),
        Value::Bytes(bytes) => String::from_utf8_lossy(bytes).into_owned(),
        Value::Decimal(number) => number.to_string(),
        Value::Date(date) => date.format("%Y-%m-%d").to_string(),
        Value::Time(time) => time.format("%H:%M:%S%.f").to_string(),
        Value::DateTime(moment) => moment.format("%Y-%m-%d %H:%M:%S%.f+00:00").to_string(),
        Value::Duration(length) => {
            let seconds = length.num_seconds();
            let (days, rest) = (seconds.div_euclid(86_400), seconds.rem_euclid(86_400));
            let clock = format!("{}:{:02}:{:02}", rest / 3600, rest / 60 % 60, rest % 60);
            match days {
                0 => clock,
                1 | -1 => format!("{days} day, {clock}"),
                _ => format!("{days} days, {clock}"),
            }
        }
        Value::Uuid(id) => id.to_string(),
        Value::Json(json) => json.to_string(),
        Value::List(_, values) => {
            let items: Vec<String> = values.iter().map(repr).collect();
            format!("[{}]", items.join(", "))
        }
    }
}

/// A value as Python's `repr` gives it, as far as messages need it.
pub(super) fn repr(value: &Value) -> String {
    match value {
        Value::Text(text) if text.contains('\'') && !text.contains('"') => format!("\"{text}\""),
        Value::Text(text) => format!("'{}'", text.replace('\\', "\\\\").replace('\'', "\\'")),
        Value::Decimal(number) => format!("Decimal('{number}')"),
        Value::Uuid(id) => format!("UUID('{id}')"),
        other => text(other),
    }
}

impl From<Value> for Dynamic {
    fn from(value: Value) -> Self {
        Dynamic::Value(value)
    }
}

impl From<&str> for Dynamic {
    fn from(text: &str) -> Self {
        Dynamic::Value(Value::Text(text.to_owned()))
    }
}

macro_rules! values {
    ($($type:ty)*) => { $(
        impl From<$type> for Dynamic {
            fn from(value: $type) -> Self {
                Dynamic::Value(FieldType::to_value(&value))
            }
        }
    )* };
}

values! {
    bool i16 i32 i64 f64 String rust_decimal::Decimal chrono::NaiveDate chrono::NaiveTime
    chrono::DateTime<chrono::Utc> chrono::TimeDelta uuid::Uuid
}

impl From<serde_json::Value> for Dynamic {
    fn from(value: serde_json::Value) -> Self {
        Dynamic::Value(Value::Json(value))
    }
}

impl<T: Into<Dynamic>> From<Option<T>> for Dynamic {
    fn from(value: Option<T>) -> Self {
        value.map_or(Dynamic::Value(Value::Null(Kind::Text)), Into::into)
    }
}

impl<T: Into<Dynamic>> From<Vec<T>> for Dynamic {
    fn from(values: Vec<T>) -> Self {
        Dynamic::List(values.into_iter().map(Into::into).collect())
    }
}

impl<T: Into<Dynamic>, const N: usize> From<[T; N]> for Dynamic {
    fn from(values: [T; N]) -> Self {
        Dynamic::List(values.into_iter().map(Into::into).collect())
    }
}

impl<A: Into<Dynamic>, B: Into<Dynamic>> From<(A, B)> for Dynamic {
    fn from((low, high): (A, B)) -> Self {
        Dynamic::List(vec![low.into(), high.into()])
    }
}

/// An instance stands for its key.
impl<M: Model> From<&M> for Dynamic {
    fn from(row: &M) -> Self {
        Dynamic::Value(row.pk().to_value())
    }
}

impl<M: Model> From<QuerySet<M>> for Dynamic {
    fn from(rows: QuerySet<M>) -> Self {
        Dynamic::Query(Box::new(DynQuerySet::from_query(rows.into_query())))
    }
}

impl From<DynQuerySet> for Dynamic {
    fn from(rows: DynQuerySet) -> Self {
        Dynamic::Query(Box::new(rows))
    }
}

impl<M, T> From<Values<M, T>> for Dynamic {
    fn from(values: Values<M, T>) -> Self {
        Dynamic::Query(Box::new(DynQuerySet::from_query(values.into_query())))
    }
}
