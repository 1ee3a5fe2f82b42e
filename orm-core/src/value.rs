//! `Value`: one argument or one cell, whatever the database; `Kind`: which sort of value.

use chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta, Utc};
use rust_decimal::Decimal;
use std::hash::{Hash, Hasher};
use uuid::Uuid;

/// The sort of a value, as far as drivers and lookups tell values apart.
///
/// The kind of an argument depends on the column that it stands beside and never on the value, so
/// that a statement's text determines its parameter types and prepared statements can be reused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// `bool`
    Bool,
    /// any integer, up to 64 bits
    Int,
    /// `f64`
    Float,
    /// `String` and everything stored as text
    Text,
    /// `Vec<u8>`
    Bytes,
    /// [`Decimal`]
    Decimal,
    /// [`NaiveDate`]
    Date,
    /// [`NaiveTime`]
    Time,
    /// [`DateTime<Utc>`](DateTime)
    DateTime,
    /// [`TimeDelta`]
    Duration,
    /// [`Uuid`]
    Uuid,
    /// JSON
    Json,
}

impl Kind {
    /// The name that error messages use.
    pub fn name(self) -> &'static str {
        match self {
            Kind::Bool => "boolean",
            Kind::Int => "integer",
            Kind::Float => "float",
            Kind::Text => "text",
            Kind::Bytes => "bytes",
            Kind::Decimal => "decimal",
            Kind::Date => "date",
            Kind::Time => "time",
            Kind::DateTime => "date and time",
            Kind::Duration => "duration",
            Kind::Uuid => "UUID",
            Kind::Json => "JSON",
        }
    }
}

/// One value on its way to a database, or one that came back where the type is not known statically.
///
/// Equality and hashing are total (floats by their bits), so that values serve as keys.
#[derive(Debug, Clone)]
pub enum Value {
    /// NULL, of the kind that its place asks for
    Null(Kind),
    /// a boolean
    Bool(bool),
    /// an integer
    Int(i64),
    /// a float
    Float(f64),
    /// a string
    Text(String),
    /// bytes
    Bytes(Vec<u8>),
    /// a decimal number
    Decimal(Decimal),
    /// a date
    Date(NaiveDate),
    /// a time of day
    Time(NaiveTime),
    /// a moment; databases keep microseconds
    DateTime(DateTime<Utc>),
    /// a duration; databases keep microseconds
    Duration(TimeDelta),
    /// a UUID
    Uuid(Uuid),
    /// a JSON document
    Json(serde_json::Value),
    /// several values of one kind, for databases that take arrays (PostgreSQL)
    List(Kind, Vec<Value>),
}

impl Value {
    /// The kind of this value.
    pub fn kind(&self) -> Kind {
        match self {
            Value::Null(kind) | Value::List(kind, _) => *kind,
            Value::Bool(_) => Kind::Bool,
            Value::Int(_) => Kind::Int,
            Value::Float(_) => Kind::Float,
            Value::Text(_) => Kind::Text,
            Value::Bytes(_) => Kind::Bytes,
            Value::Decimal(_) => Kind::Decimal,
            Value::Date(_) => Kind::Date,
            Value::Time(_) => Kind::Time,
            Value::DateTime(_) => Kind::DateTime,
            Value::Duration(_) => Kind::Duration,
            Value::Uuid(_) => Kind::Uuid,
            Value::Json(_) => Kind::Json,
        }
    }

    /// The least that a value of that kind can be thought of: 0, the empty text, the first moment.
    pub(crate) fn zero(kind: Kind) -> Self {
        match kind {
            Kind::Bool => Value::Bool(false),
            Kind::Int => Value::Int(0),
            Kind::Float => Value::Float(0.0),
            Kind::Text => Value::Text(String::new()),
            Kind::Bytes => Value::Bytes(Vec::new()),
            Kind::Decimal => Value::Decimal(Decimal::ZERO),
            Kind::Date => Value::Date(NaiveDate::default()),
            Kind::Time => Value::Time(NaiveTime::MIN),
            Kind::DateTime => Value::DateTime(DateTime::UNIX_EPOCH),
            Kind::Duration => Value::Duration(TimeDelta::zero()),
            Kind::Uuid => Value::Uuid(Uuid::nil()),
            Kind::Json => Value::Json(serde_json::Value::Null),
        }
    }

    /// Whether this is NULL.
    pub fn is_null(&self) -> bool {
        matches!(self, Value::Null(_))
    }
}

impl PartialEq for Value {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Value::Null(_), Value::Null(_)) => true,
            (Value::Bool(a), Value::Bool(b)) => a == b,
            (Value::Int(a), Value::Int(b)) => a == b,
            (Value::Float(a), Value::Float(b)) => a.to_bits() == b.to_bits(),
            (Value::Text(a), Value::Text(b)) => a == b,
            (Value::Bytes(a), Value::Bytes(b)) => a == b,
            (Value::Decimal(a), Value::Decimal(b)) => a == b,
            (Value::Date(a), Value::Date(b)) => a == b,
            (Value::Time(a), Value::Time(b)) => a == b,
            (Value::DateTime(a), Value::DateTime(b)) => a == b,
            (Value::Duration(a), Value::Duration(b)) => a == b,
            (Value::Uuid(a), Value::Uuid(b)) => a == b,
            (Value::Json(a), Value::Json(b)) => a == b,
            (Value::List(_, a), Value::List(_, b)) => a == b,
            _ => false,
        }
    }
}

impl Eq for Value {}

impl Hash for Value {
    fn hash<H: Hasher>(&self, state: &mut H) {
        std::mem::discriminant(self).hash(state);
        match self {
            Value::Null(_) => {}
            Value::Bool(v) => v.hash(state),
            Value::Int(v) => v.hash(state),
            Value::Float(v) => v.to_bits().hash(state),
            Value::Text(v) => v.hash(state),
            Value::Bytes(v) => v.hash(state),
            Value::Decimal(v) => v.hash(state),
            Value::Date(v) => v.hash(state),
            Value::Time(v) => v.hash(state),
            Value::DateTime(v) => v.hash(state),
            Value::Duration(v) => v.hash(state),
            Value::Uuid(v) => v.hash(state),
            Value::Json(v) => v.to_string().hash(state),
            Value::List(_, v) => v.hash(state),
        }
    }
}
