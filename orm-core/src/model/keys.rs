//! The types of relation fields: typed keys, which are plain data, and the many-to-many marker.

use super::Model;
use crate::error::Result;
use crate::exec::Source;
use crate::types::FieldType;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::marker::PhantomData;

// The markers stand last, since rustc asks the last field whether the whole has a size: where `M` is
// no model, that would be dozens of errors more.

/// A foreign key: the key of a row of `M`, as a type of its own. `Copy` where the key is.
pub struct ForeignKey<M: Model>(M::Pk, PhantomData<fn() -> M>);

/// A foreign key that no two rows share.
pub struct OneToOne<M: Model>(M::Pk, PhantomData<fn() -> M>);

/// A foreign key that holds another unique field of `M` than the primary key:
/// `#[field(to_field = "slug")] tag: ForeignKeyBy<Tag, String>`.
pub struct ForeignKeyBy<M: Model, K: FieldType + Eq + Hash>(K, PhantomData<fn() -> M>);

/// A [`ForeignKeyBy`] that no two rows share.
pub struct OneToOneBy<M: Model, K: FieldType + Eq + Hash>(K, PhantomData<fn() -> M>);

macro_rules! typed_key {
    ($name:ident [$($params:tt)*] [$($args:tt)*] $key:ty, $(#[$method_doc:meta])* $method:ident) => {
        impl<$($params)*> $name<$($args)*> {
            /// A key by its value; whether such a row exists is the database's to say.
            pub fn new(key: $key) -> Self {
                $name(key, PhantomData)
            }

            $(#[$method_doc])*
            pub fn $method(&self) -> $key {
                self.0.clone()
            }

            /// For the derive: reads it from a row.
            ///
            /// # Errors
            /// [`Error::Decode`](crate::Error::Decode) where the cell does not fit.
            #[doc(hidden)]
            pub fn decode<S: Source>(source: &mut S, at: usize) -> Result<Self> {
                <$key>::decode(source, at).map($name::new)
            }
        }

        impl<$($params)*> Clone for $name<$($args)*> {
            fn clone(&self) -> Self {
                $name::new(self.0.clone())
            }
        }

        impl<$($params)*> Copy for $name<$($args)*> where $key: Copy {}

        impl<$($params)*> PartialEq for $name<$($args)*> {
            fn eq(&self, other: &Self) -> bool {
                self.0 == other.0
            }
        }

        impl<$($params)*> Eq for $name<$($args)*> {}

        impl<$($params)*> Hash for $name<$($args)*> {
            fn hash<H: Hasher>(&self, state: &mut H) {
                self.0.hash(state);
            }
        }

        impl<$($params)*> PartialOrd for $name<$($args)*>
        where
            $key: PartialOrd,
        {
            fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
                self.0.partial_cmp(&other.0)
            }
        }

        impl<$($params)*> Ord for $name<$($args)*>
        where
            $key: Ord,
        {
            fn cmp(&self, other: &Self) -> std::cmp::Ordering {
                self.0.cmp(&other.0)
            }
        }

        impl<$($params)*> Default for $name<$($args)*>
        where
            $key: Default,
        {
            fn default() -> Self {
                $name::new(<$key>::default())
            }
        }

        impl<$($params)*> fmt::Debug for $name<$($args)*>
        where
            $key: fmt::Debug,
        {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl<$($params)*> fmt::Display for $name<$($args)*>
        where
            $key: fmt::Display,
        {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl<$($params)*> serde::Serialize for $name<$($args)*>
        where
            $key: serde::Serialize,
        {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
                self.0.serialize(serializer)
            }
        }

        impl<'de, $($params)*> serde::Deserialize<'de> for $name<$($args)*>
        where
            $key: serde::Deserialize<'de>,
        {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
                <$key>::deserialize(deserializer).map($name::new)
            }
        }
    };
}

typed_key!(
    ForeignKey [M: Model] [M] M::Pk,
    /// The key's value. No query.
    pk
);

typed_key!(
    OneToOne [M: Model] [M] M::Pk,
    /// The key's value. No query.
    pk
);

typed_key!(
    ForeignKeyBy [M: Model, K: FieldType + Eq + Hash] [M, K] K,
    /// The value of the field that it refers to. No query.
    key
);

typed_key!(
    OneToOneBy [M: Model, K: FieldType + Eq + Hash] [M, K] K,
    /// The value of the field that it refers to. No query.
    key
);

impl<M: Model> From<&M> for ForeignKey<M> {
    fn from(row: &M) -> Self {
        ForeignKey::new(row.pk())
    }
}

impl<M: Model> From<&M> for OneToOne<M> {
    fn from(row: &M) -> Self {
        OneToOne::new(row.pk())
    }
}

/// Marks a many-to-many relation. It holds nothing: the rows are a query away.
pub struct ManyToMany<M>(PhantomData<fn() -> M>);

impl<M> ManyToMany<M> {
    /// The marker, for struct literals; `Default::default()` does as well.
    pub const fn new() -> Self {
        ManyToMany(PhantomData)
    }
}

impl<M> Clone for ManyToMany<M> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<M> Copy for ManyToMany<M> {}

impl<M> Default for ManyToMany<M> {
    fn default() -> Self {
        ManyToMany::new()
    }
}

impl<M> PartialEq for ManyToMany<M> {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl<M> Eq for ManyToMany<M> {}

impl<M> Hash for ManyToMany<M> {
    fn hash<H: Hasher>(&self, _: &mut H) {}
}

impl<M> fmt::Debug for ManyToMany<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ManyToMany")
    }
}

impl<M> serde::Serialize for ManyToMany<M> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        serializer.serialize_unit()
    }
}

impl<'de, M> serde::Deserialize<'de> for ManyToMany<M> {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        serde::de::IgnoredAny::deserialize(deserializer).map(|_| ManyToMany::new())
    }
}
