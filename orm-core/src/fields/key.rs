//! What names a row of a model: an instance, its key, a foreign key.

use super::{No, Yes};
use crate::model::{ForeignKey, Model, OneToOne};
use crate::query::{Expr, Operand};
use crate::queryset::QuerySet;
use crate::types::FieldType;
use crate::value::Value;
use uuid::Uuid;

/// Names a row of `M`: a reference to it, its key, a foreign key to it; `None` where none is meant.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not name a row of `{M}`",
    label = "expected `&{M}`, its primary key or a `ForeignKey<{M}>`",
    note = "a new row can be named once `save` has given it back"
)]
pub trait IntoKey<M: Model> {
    /// [`Yes`] where it may be `None`
    type Null;

    /// The key.
    fn into_value(self) -> Value;
}

impl<M: Model> IntoKey<M> for &M {
    type Null = No;

    fn into_value(self) -> Value {
        self.pk().take_value()
    }
}

#[diagnostic::do_not_recommend]
impl<M: Model> IntoKey<M> for &&M {
    type Null = No;

    fn into_value(self) -> Value {
        self.pk().take_value()
    }
}

macro_rules! typed_keys {
    ($($key:ident)*) => { $(
        #[diagnostic::do_not_recommend]
        impl<M: Model> IntoKey<M> for $key<M> {
            type Null = No;

            fn into_value(self) -> Value {
                self.pk().take_value()
            }
        }

        #[diagnostic::do_not_recommend]
        impl<M: Model> IntoKey<M> for &$key<M> {
            type Null = No;

            fn into_value(self) -> Value {
                self.pk().take_value()
            }
        }

        #[diagnostic::do_not_recommend]
        impl<M: Model> IntoKey<M> for &Option<$key<M>> {
            type Null = Yes;

            fn into_value(self) -> Value {
                self.as_ref().map_or(null::<M>(), |key| key.pk().take_value())
            }
        }
    )* };
}

typed_keys!(ForeignKey OneToOne);

// The only `Option` by value: with a second one rustc could not tell which `None` is meant.
impl<M: Model> IntoKey<M> for Option<ForeignKey<M>> {
    type Null = Yes;

    fn into_value(self) -> Value {
        self.map_or(null::<M>(), |key| key.pk().take_value())
    }
}

fn null<M: Model>() -> Value {
    Value::Null(M::Pk::COLUMN.kind())
}

// A blanket over `M::Pk` would overlap with the references; so one impl for each type that keys
// have, and `#[derive(FieldType)]` writes one for its newtype.
macro_rules! plain_keys {
    ($($key:ty)*) => { $(
        #[diagnostic::do_not_recommend]
        impl<M: Model<Pk = $key>> IntoKey<M> for $key {
            type Null = No;

            fn into_value(self) -> Value {
                self.take_value()
            }
        }
    )* };
}

plain_keys!(i16 i32 i64 String Uuid);

#[diagnostic::do_not_recommend]
impl<M: Model<Pk = String>> IntoKey<M> for &str {
    type Null = No;

    fn into_value(self) -> Value {
        Value::Text(self.to_owned())
    }
}

/// Names several rows of `M`: lists of what [`IntoKey`] takes, one instance, or a query.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not name rows of `{M}`",
    label = "expected a list of `&{M}` or of keys, or a `QuerySet<{M}>`",
    note = "a new row can be named once `save` has given it back"
)]
pub trait IntoKeys<M: Model> {
    /// The untyped operand.
    fn into_operand(self) -> Operand;
}

fn many<M: Model, K: IntoKey<M>>(keys: impl IntoIterator<Item = K>) -> Operand {
    Operand::Many(keys.into_iter().map(|key| Expr::Value(key.into_value())).collect())
}

impl<M: Model, K: IntoKey<M>, const N: usize> IntoKeys<M> for [K; N] {
    fn into_operand(self) -> Operand {
        many::<M, K>(self)
    }
}

impl<M: Model, K: IntoKey<M>> IntoKeys<M> for Vec<K> {
    fn into_operand(self) -> Operand {
        many::<M, K>(self)
    }
}

#[diagnostic::do_not_recommend]
impl<M: Model> IntoKeys<M> for &Vec<M> {
    fn into_operand(self) -> Operand {
        many::<M, &M>(self)
    }
}

#[diagnostic::do_not_recommend]
impl<M: Model> IntoKeys<M> for &[M] {
    fn into_operand(self) -> Operand {
        many::<M, &M>(self)
    }
}

impl<M: Model> IntoKeys<M> for &M {
    fn into_operand(self) -> Operand {
        many::<M, &M>([self])
    }
}

impl<M: Model> IntoKeys<M> for QuerySet<M> {
    fn into_operand(self) -> Operand {
        Operand::Query(Box::new(self.into_query()))
    }
}
