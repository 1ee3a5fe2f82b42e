//! `DataType`: what a column holds, in Django's terms and for no database in particular.

use orm_core::Kind;
use orm_core::meta::ColumnType;
use serde::{Deserialize, Serialize};

/// What a column holds; each dialect spells it in its own way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DataType {
    /// 16 bits, numbered by the database
    SmallAuto,
    /// 32 bits, numbered by the database
    Auto,
    /// 64 bits, numbered by the database
    BigAuto,
    /// 16 bits
    SmallInteger,
    /// 32 bits
    Integer,
    /// 64 bits
    BigInteger,
    /// 16 bits, not below zero
    PositiveSmallInteger,
    /// 32 bits, not below zero
    PositiveInteger,
    /// 64 bits, not below zero
    PositiveBigInteger,
    /// double precision
    Float,
    /// true or false
    Boolean,
    /// text of limited length
    Char {
        /// in characters
        max_length: u32,
    },
    /// text of any length
    Text,
    /// a decimal number of fixed precision
    Decimal {
        /// digits in all
        max_digits: u32,
        /// digits after the point
        decimal_places: u32,
    },
    /// a date
    Date,
    /// a time of day
    Time,
    /// a moment, kept in UTC
    DateTime,
    /// a length of time
    Duration,
    /// a UUID
    Uuid,
    /// a JSON document
    Json,
    /// bytes
    Binary,
    /// an IPv4 or IPv6 address
    IpAddress,
}

impl DataType {
    /// The type for a column of the descriptor; none for one that this version does not know.
    pub fn of(ty: ColumnType) -> Option<Self> {
        Some(match ty {
            ColumnType::SmallInteger => DataType::SmallInteger,
            ColumnType::Integer => DataType::Integer,
            ColumnType::BigInteger => DataType::BigInteger,
            ColumnType::PositiveSmallInteger => DataType::PositiveSmallInteger,
            ColumnType::PositiveInteger => DataType::PositiveInteger,
            ColumnType::PositiveBigInteger => DataType::PositiveBigInteger,
            ColumnType::Float => DataType::Float,
            ColumnType::Boolean => DataType::Boolean,
            ColumnType::Char { max_length } => DataType::Char { max_length },
            ColumnType::Text => DataType::Text,
            ColumnType::Decimal {
                max_digits,
                decimal_places,
            } => DataType::Decimal {
                max_digits,
                decimal_places,
            },
            ColumnType::Date => DataType::Date,
            ColumnType::Time => DataType::Time,
            ColumnType::DateTime => DataType::DateTime,
            ColumnType::Duration => DataType::Duration,
            ColumnType::Uuid => DataType::Uuid,
            ColumnType::Json => DataType::Json,
            ColumnType::Binary => DataType::Binary,
            _ => return None,
        })
    }

    /// The kind of value that such a column holds.
    pub fn kind(self) -> Kind {
        match self {
            DataType::Float => Kind::Float,
            DataType::Boolean => Kind::Bool,
            DataType::Char { .. } | DataType::Text | DataType::IpAddress => Kind::Text,
            DataType::Decimal { .. } => Kind::Decimal,
            DataType::Date => Kind::Date,
            DataType::Time => Kind::Time,
            DataType::DateTime => Kind::DateTime,
            DataType::Duration => Kind::Duration,
            DataType::Uuid => Kind::Uuid,
            DataType::Json => Kind::Json,
            DataType::Binary => Kind::Bytes,
            _ => Kind::Int,
        }
    }

    /// What a value for it must be, for messages.
    pub fn description(self) -> &'static str {
        match self {
            DataType::Binary => "bytes in hexadecimal notation",
            DataType::DateTime => "a date and time such as \"2024-05-17T12:34:56Z\"",
            DataType::Date => "a date such as \"2024-05-17\"",
            DataType::Time => "a time such as \"12:34:56\"",
            DataType::Duration => "seconds such as \"90.000000\"",
            DataType::Json => "JSON in a string",
            DataType::Decimal { .. } => "a decimal number such as \"0.00\"",
            ty => match ty.kind() {
                Kind::Int => "an integer",
                Kind::Float => "a number",
                Kind::Bool => "true or false",
                Kind::Uuid => "a UUID",
                _ => "text",
            },
        }
    }

    /// Whether the database numbers the rows.
    pub fn is_auto(self) -> bool {
        matches!(self, DataType::SmallAuto | DataType::Auto | DataType::BigAuto)
    }

    /// Whether it holds whole numbers.
    pub fn is_integer(self) -> bool {
        self.kind() == Kind::Int
    }

    /// Whether it holds whole numbers that are not below zero.
    pub fn is_positive(self) -> bool {
        matches!(
            self,
            DataType::PositiveSmallInteger | DataType::PositiveInteger | DataType::PositiveBigInteger
        )
    }

    /// The same width, numbered by the database; none for what is no plain integer.
    pub fn auto(self) -> Option<Self> {
        Some(match self {
            DataType::SmallInteger => DataType::SmallAuto,
            DataType::Integer => DataType::Auto,
            DataType::BigInteger => DataType::BigAuto,
            _ => return None,
        })
    }

    /// The type of a foreign key to such a column. `same_sign` is for databases that want an
    /// unsigned key for an unsigned column.
    pub fn related(self, same_sign: bool) -> Self {
        match self {
            DataType::SmallAuto => DataType::SmallInteger,
            DataType::Auto => DataType::Integer,
            DataType::BigAuto => DataType::BigInteger,
            DataType::PositiveSmallInteger if !same_sign => DataType::SmallInteger,
            DataType::PositiveInteger if !same_sign => DataType::Integer,
            DataType::PositiveBigInteger if !same_sign => DataType::BigInteger,
            other => other,
        }
    }
}
