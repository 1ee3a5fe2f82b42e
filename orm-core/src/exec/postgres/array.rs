//! Arrays of integers and of texts, as most arrays are: written as they are sent, without a list of their
//! elements on the way.

use crate::value::{Kind, Value};
use sqlx::encode::IsNull;
use sqlx::error::BoxDynError;
use sqlx::postgres::{PgArgumentBuffer, PgTypeInfo, Postgres};
use sqlx::{Encode, Type};

/// The numbers that PostgreSQL has for the types of the elements.
const INT8: i32 = 20;
const TEXT: i32 = 25;

/// An array of integers.
pub(super) struct Integers<'v>(pub(super) &'v [Value]);

/// An array of texts.
pub(super) struct Texts<'v>(pub(super) &'v [Value]);

impl Type<Postgres> for Integers<'_> {
    fn type_info() -> PgTypeInfo {
        <[i64] as Type<Postgres>>::type_info()
    }
}

impl Type<Postgres> for Texts<'_> {
    fn type_info() -> PgTypeInfo {
        <[String] as Type<Postgres>>::type_info()
    }
}

impl Encode<'_, Postgres> for Integers<'_> {
    fn encode_by_ref(&self, to: &mut PgArgumentBuffer) -> Result<IsNull, BoxDynError> {
        begin(to, INT8, self.0.len(), 8 * self.0.len())?;
        for value in self.0 {
            match value {
                Value::Int(value) => element(to, &value.to_be_bytes())?,
                other => null(to, Kind::Int, other)?,
            }
        }
        Ok(IsNull::No)
    }
}

impl Encode<'_, Postgres> for Texts<'_> {
    fn encode_by_ref(&self, to: &mut PgArgumentBuffer) -> Result<IsNull, BoxDynError> {
        let length = |value: &Value| match value {
            Value::Text(text) => text.len(),
            _ => 0,
        };
        begin(to, TEXT, self.0.len(), self.0.iter().map(length).sum())?;
        for value in self.0 {
            match value {
                Value::Text(text) => element(to, text.as_bytes())?,
                other => null(to, Kind::Text, other)?,
            }
        }
        Ok(IsNull::No)
    }
}

/// The head of an array of so many elements, and room for them and their bytes.
fn begin(to: &mut PgArgumentBuffer, of: i32, elements: usize, bytes: usize) -> Result<(), BoxDynError> {
    to.reserve(20 + 4 * elements + bytes);
    let elements = i32::try_from(elements)?;
    // One dimension, no flags, the type, the length, the number of the first element.
    for word in [1, 0, of, elements, 1] {
        to.extend_from_slice(&i32::to_be_bytes(word));
    }
    Ok(())
}

fn element(to: &mut PgArgumentBuffer, bytes: &[u8]) -> Result<(), BoxDynError> {
    to.extend_from_slice(&i32::try_from(bytes.len())?.to_be_bytes());
    to.extend_from_slice(bytes);
    Ok(())
}

fn null(to: &mut PgArgumentBuffer, kind: Kind, found: &Value) -> Result<(), BoxDynError> {
    if !found.is_null() {
        return Err(super::bind::mixed(kind, found).into());
    }
    to.extend_from_slice(&(-1_i32).to_be_bytes());
    Ok(())
}
