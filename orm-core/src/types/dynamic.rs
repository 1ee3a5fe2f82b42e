//! `Dynamic`: a value whose column is known at run time only.

use crate::model::Model;
use crate::query::Query;
use crate::queryset::{QuerySet, Values};
use crate::types::FieldType;
use crate::value::{Kind, Value};

/// What `filter_dyn` takes: a value, a list, or a query.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum Dynamic {
    /// one value
    Value(Value),
    /// several
    List(Vec<Dynamic>),
    /// the rows of a query
    Query(Box<Query>),
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
        Dynamic::Query(Box::new(rows.into_query()))
    }
}

impl<T> From<Values<T>> for Dynamic {
    fn from(values: Values<T>) -> Self {
        Dynamic::Query(Box::new(values.into_query()))
    }
}
