//! The types of relation fields: typed keys, which are plain data, and the many-to-many marker.

use super::Model;
use crate::error::Result;
use crate::exec::Source;
use crate::types::FieldType;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::marker::PhantomData;

macro_rules! typed_key {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        // The marker stands last, since rustc asks the last field whether the whole has a size: where
        // `M` is no model, that would be dozens of errors more.
        pub struct $name<M: Model>(M::Pk, PhantomData<fn() -> M>);

        impl<M: Model> $name<M> {
            /// A key by its value; whether such a row exists is the database's to say.
            pub fn new(pk: M::Pk) -> Self {
                $name(pk, PhantomData)
            }

            /// The key's value. No query.
            pub fn pk(&self) -> M::Pk {
                self.0.clone()
            }

            /// For the derive: reads it from a row.
            ///
            /// # Errors
            /// [`Error::Decode`](crate::Error::Decode) where the cell does not fit.
            #[doc(hidden)]
            pub fn decode<S: Source>(source: &mut S, at: usize) -> Result<Self> {
                M::Pk::decode(source, at).map($name::new)
            }
        }

        impl<M: Model> Clone for $name<M> {
            fn clone(&self) -> Self {
                $name::new(self.0.clone())
            }
        }

        impl<M: Model> Copy for $name<M> where M::Pk: Copy {}

        impl<M: Model> PartialEq for $name<M> {
            fn eq(&self, other: &Self) -> bool {
                self.0 == other.0
            }
        }

        impl<M: Model> Eq for $name<M> {}

        impl<M: Model> Hash for $name<M> {
            fn hash<H: Hasher>(&self, state: &mut H) {
                self.0.hash(state);
            }
        }

        impl<M: Model> PartialOrd for $name<M>
        where
            M::Pk: PartialOrd,
        {
            fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
                self.0.partial_cmp(&other.0)
            }
        }

        impl<M: Model> Ord for $name<M>
        where
            M::Pk: Ord,
        {
            fn cmp(&self, other: &Self) -> std::cmp::Ordering {
                self.0.cmp(&other.0)
            }
        }

        impl<M: Model> Default for $name<M>
        where
            M::Pk: Default,
        {
            fn default() -> Self {
                $name::new(M::Pk::default())
            }
        }

        impl<M: Model> fmt::Debug for $name<M>
        where
            M::Pk: fmt::Debug,
        {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl<M: Model> fmt::Display for $name<M>
        where
            M::Pk: fmt::Display,
        {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl<M: Model> From<&M> for $name<M> {
            fn from(row: &M) -> Self {
                $name::new(row.pk())
            }
        }

        impl<M: Model> serde::Serialize for $name<M>
        where
            M::Pk: serde::Serialize,
        {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
                self.0.serialize(serializer)
            }
        }

        impl<'de, M: Model> serde::Deserialize<'de> for $name<M>
        where
            M::Pk: serde::Deserialize<'de>,
        {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
                M::Pk::deserialize(deserializer).map($name::new)
            }
        }
    };
}

typed_key!(
    /// A foreign key: the key of a row of `M`, as a type of its own. `Copy` where the key is.
    ForeignKey
);

typed_key!(
    /// A foreign key that no two rows share.
    OneToOne
);

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
