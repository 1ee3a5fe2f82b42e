//! `Json<T>`: a column that holds a document.

use super::FieldType;
use crate::error::{Error, Result};
use crate::exec::Source;
use crate::fields::{Cardinality, TypedExpr};
use crate::meta::ColumnType;
use crate::model::Model;
use crate::row::Part;
use crate::value::Value;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use std::ops::{Deref, DerefMut};

/// A JSON document in one column: `jsonb` on PostgreSQL, checked text elsewhere.
///
/// Without a parameter it holds any document, with one it holds what that type serializes to.
/// A value that cannot be serialized is stored as JSON `null`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Json<T = serde_json::Value>(pub T);

impl<T> FieldType for Json<T>
where
    T: Serialize + DeserializeOwned + Clone + Send + Sync + 'static,
{
    const COLUMN: ColumnType = ColumnType::Json;

    fn to_value(&self) -> Value {
        Value::Json(serde_json::to_value(&self.0).unwrap_or_default())
    }

    fn decode<S: Source>(source: &mut S, at: usize) -> Result<Self> {
        let document = source.json(at)?;
        serde_json::from_value(document)
            .map(Json)
            .map_err(|error| Error::decode(format!("column {at}"), error))
    }
}

impl<T> Part for Json<T>
where
    T: Serialize + DeserializeOwned + Clone + Send + Sync + 'static,
{
    type Handle<R: Model, C: Cardinality> = TypedExpr<R, Self, C>;

    fn width() -> usize {
        1
    }

    fn read<S: Source>(source: &mut S, at: usize) -> Result<Self> {
        <Self as FieldType>::decode(source, at)
    }
}

impl<T> From<T> for Json<T> {
    fn from(value: T) -> Self {
        Json(value)
    }
}

impl<T> Deref for Json<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T> DerefMut for Json<T> {
    fn deref_mut(&mut self) -> &mut T {
        &mut self.0
    }
}
