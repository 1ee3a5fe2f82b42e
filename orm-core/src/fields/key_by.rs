//! What names a row of a model for a key that refers to another field than the primary key.

use super::{No, Yes};
use crate::meta::FieldMeta;
use crate::model::{ForeignKeyBy, Model, OneToOneBy};
use crate::types::FieldType;
use crate::value::Value;
use std::hash::Hash;
use uuid::Uuid;

/// Names a row of `M` by a field of the type `K`: a reference to the row, the field's value, a
/// [`ForeignKeyBy`]; `None` where none is meant.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not name a row of `{M}`",
    label = "expected `&{M}`, a `{K}` or a `ForeignKeyBy<{M}, {K}>`",
    note = "a new row can be named once `save` has given it back"
)]
pub trait IntoKeyBy<M: Model, K> {
    /// [`Yes`] where it may be `None`
    type Null;

    /// The value of that field of `M`.
    fn into_value(self, field: &FieldMeta) -> Value;
}

impl<M: Model, K> IntoKeyBy<M, K> for &M {
    type Null = No;

    fn into_value(self, field: &FieldMeta) -> Value {
        value_of(self, field)
    }
}

/// The value of a row's field.
pub(crate) fn value_of<M: Model>(row: &M, field: &FieldMeta) -> Value {
    let at = M::meta().fields.iter().position(|own| own.name == field.name);
    let value = at.and_then(|at| row.values().into_iter().nth(at));
    value.unwrap_or(Value::Null(field.column_type().kind()))
}

macro_rules! typed_keys {
    ($($key:ident)*) => { $(
        #[diagnostic::do_not_recommend]
        impl<M: Model, K: FieldType + Eq + Hash> IntoKeyBy<M, K> for $key<M, K> {
            type Null = No;

            fn into_value(self, _: &FieldMeta) -> Value {
                self.key().take_value()
            }
        }

        #[diagnostic::do_not_recommend]
        impl<M: Model, K: FieldType + Eq + Hash> IntoKeyBy<M, K> for &$key<M, K> {
            type Null = No;

            fn into_value(self, _: &FieldMeta) -> Value {
                self.key().take_value()
            }
        }
    )* };
}

typed_keys!(ForeignKeyBy OneToOneBy);

// The only `Option`: with a second one rustc could not tell which `None` is meant.
impl<M: Model, K: FieldType + Eq + Hash> IntoKeyBy<M, K> for Option<ForeignKeyBy<M, K>> {
    type Null = Yes;

    fn into_value(self, _: &FieldMeta) -> Value {
        self.map_or(Value::Null(K::COLUMN.kind()), |key| key.key().take_value())
    }
}

// As for `IntoKey`, a blanket over `K` would overlap with the references.
macro_rules! plain_keys {
    ($($key:ty)*) => { $(
        #[diagnostic::do_not_recommend]
        impl<M: Model> IntoKeyBy<M, $key> for $key {
            type Null = No;

            fn into_value(self, _: &FieldMeta) -> Value {
                self.take_value()
            }
        }
    )* };
}

plain_keys!(i16 i32 i64 String Uuid);

#[diagnostic::do_not_recommend]
impl<M: Model> IntoKeyBy<M, String> for &str {
    type Null = No;

    fn into_value(self, _: &FieldMeta) -> Value {
        Value::Text(self.to_owned())
    }
}
