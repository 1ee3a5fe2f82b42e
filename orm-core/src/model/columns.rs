//! A model's columns, several at a time: how the derive's code reads a row and takes it apart.
//!
//! One call for a tuple of columns is much less work for the compiler than one for each column.

use super::{ForeignKey, ForeignKeyBy, Model, OneToOne, OneToOneBy};
use crate::error::{Error, Result};
use crate::exec::Source;
use crate::types::FieldType;
use crate::value::Value;
use std::hash::Hash;

/// What a column is in the struct: a value, a key, or an `Option` of either.
pub trait Column: Sized {
    /// Reads it.
    fn decode<S: Source>(source: &mut S, at: usize) -> Result<Self>;

    /// Its value for the database.
    fn value(&self) -> Value;
}

impl<T: FieldType> Column for T {
    fn decode<S: Source>(source: &mut S, at: usize) -> Result<Self> {
        T::decode(source, at)
    }

    fn value(&self) -> Value {
        self.to_value()
    }
}

pub(crate) fn optional<T, S: Source>(
    source: &mut S,
    at: usize,
    decode: fn(&mut S, usize) -> Result<T>,
) -> Result<Option<T>> {
    if source.is_null(at)? {
        Ok(None)
    } else {
        decode(source, at).map(Some)
    }
}

impl<T: FieldType> Column for Option<T> {
    fn decode<S: Source>(source: &mut S, at: usize) -> Result<Self> {
        optional(source, at, T::decode)
    }

    fn value(&self) -> Value {
        self.as_ref().map_or(Value::Null(T::COLUMN.kind()), T::to_value)
    }
}

macro_rules! keys {
    ($($key:ident [$($params:tt)*] [$($args:tt)*] $of:ty, $method:ident;)*) => { $(
        impl<$($params)*> Column for $key<$($args)*> {
            fn decode<S: Source>(source: &mut S, at: usize) -> Result<Self> {
                $key::decode(source, at)
            }

            fn value(&self) -> Value {
                self.$method().take_value()
            }
        }

        impl<$($params)*> Column for Option<$key<$($args)*>> {
            fn decode<S: Source>(source: &mut S, at: usize) -> Result<Self> {
                optional(source, at, $key::decode)
            }

            fn value(&self) -> Value {
                self.as_ref().map_or(Value::Null(<$of>::COLUMN.kind()), Column::value)
            }
        }
    )* };
}

keys! {
    ForeignKey [M: Model] [M] M::Pk, pk;
    OneToOne [M: Model] [M] M::Pk, pk;
    ForeignKeyBy [M: Model, K: FieldType + Eq + Hash] [M, K] K, key;
    OneToOneBy [M: Model, K: FieldType + Eq + Hash] [M, K] K, key;
}

/// A tuple of neighbouring columns.
pub trait Columns: Sized {
    /// Reads those of `M` that begin with the one of that index, in a row that begins at `at`.
    fn read<M: Model, S: Source>(source: &mut S, at: usize, index: usize) -> Result<Self>;
}

/// A tuple of references to neighbouring columns.
pub trait ColumnRefs {
    /// Appends their values.
    fn push(self, to: &mut Vec<Value>);
}

macro_rules! tuples {
    ($($($name:ident $index:tt)+;)*) => { $(
        impl<$($name: Column),+> Columns for ($($name,)+) {
            fn read<M: Model, Row: Source>(source: &mut Row, at: usize, index: usize) -> Result<Self> {
                Ok(($(
                    $name::decode(source, at + index + $index).map_err(|error| named::<M>(index + $index, error))?,
                )+))
            }
        }

        impl<$($name: Column),+> ColumnRefs for ($(&$name,)+) {
            fn push(self, to: &mut Vec<Value>) {
                $(to.push(self.$index.value());)+
            }
        }
    )* };
}

/// Names the field in an error.
pub(crate) fn named<M: Model>(index: usize, error: Error) -> Error {
    let model = M::meta();
    error.at(model.name, model.fields.get(index).map_or("", |field| field.name))
}

// `orm-derive` writes tuples of up to twelve.
tuples! {
    A 0;
    A 0 B 1;
    A 0 B 1 C 2;
    A 0 B 1 C 2 D 3;
    A 0 B 1 C 2 D 3 E 4;
    A 0 B 1 C 2 D 3 E 4 F 5;
    A 0 B 1 C 2 D 3 E 4 F 5 G 6;
    A 0 B 1 C 2 D 3 E 4 F 5 G 6 H 7;
    A 0 B 1 C 2 D 3 E 4 F 5 G 6 H 7 I 8;
    A 0 B 1 C 2 D 3 E 4 F 5 G 6 H 7 I 8 J 9;
    A 0 B 1 C 2 D 3 E 4 F 5 G 6 H 7 I 8 J 9 K 10;
    A 0 B 1 C 2 D 3 E 4 F 5 G 6 H 7 I 8 J 9 K 10 L 11;
}
