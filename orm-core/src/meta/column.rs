//! The database-neutral type of a column; each dialect spells it in its own way.

use crate::value::Kind;

/// What a column holds, as Django's field classes tell it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ColumnType {
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
}

impl ColumnType {
    /// The kind of value that the column holds.
    pub const fn kind(self) -> Kind {
        match self {
            ColumnType::SmallInteger
            | ColumnType::Integer
            | ColumnType::BigInteger
            | ColumnType::PositiveSmallInteger
            | ColumnType::PositiveInteger
            | ColumnType::PositiveBigInteger => Kind::Int,
            ColumnType::Float => Kind::Float,
            ColumnType::Boolean => Kind::Bool,
            ColumnType::Char { .. } | ColumnType::Text => Kind::Text,
            ColumnType::Decimal { .. } => Kind::Decimal,
            ColumnType::Date => Kind::Date,
            ColumnType::Time => Kind::Time,
            ColumnType::DateTime => Kind::DateTime,
            ColumnType::Duration => Kind::Duration,
            ColumnType::Uuid => Kind::Uuid,
            ColumnType::Json => Kind::Json,
            ColumnType::Binary => Kind::Bytes,
        }
    }

    /// The plainest column type for a kind, for expressions that are no column.
    pub const fn of_kind(kind: Kind) -> Self {
        match kind {
            Kind::Bool => ColumnType::Boolean,
            Kind::Int => ColumnType::BigInteger,
            Kind::Float => ColumnType::Float,
            Kind::Text => ColumnType::Text,
            Kind::Bytes => ColumnType::Binary,
            Kind::Decimal => ColumnType::DECIMAL,
            Kind::Date => ColumnType::Date,
            Kind::Time => ColumnType::Time,
            Kind::DateTime => ColumnType::DateTime,
            Kind::Duration => ColumnType::Duration,
            Kind::Uuid => ColumnType::Uuid,
            Kind::Json => ColumnType::Json,
        }
    }

    /// A decimal whose precision nobody declared: computed values have it.
    pub const DECIMAL: Self = ColumnType::Decimal {
        max_digits: 0,
        decimal_places: 0,
    };

    /// For the derive: the type with `max_length = n`, which turns text into a varchar.
    ///
    /// # Panics
    /// At compile time, for a column that is not text.
    #[doc(hidden)]
    #[allow(clippy::panic, reason = "evaluated by the compiler only")]
    pub const fn max_length(self, max_length: u32) -> Self {
        match self {
            ColumnType::Text | ColumnType::Char { .. } => ColumnType::Char { max_length },
            _ => panic!("`max_length` goes with text columns"),
        }
    }

    /// Whether it holds whole numbers that are not below zero.
    pub const fn is_positive(self) -> bool {
        matches!(
            self,
            ColumnType::PositiveSmallInteger | ColumnType::PositiveInteger | ColumnType::PositiveBigInteger
        )
    }

    /// For the derive: the integer type of the same width that holds nothing below zero.
    ///
    /// # Panics
    /// At compile time, for a column that is no integer.
    #[doc(hidden)]
    #[allow(clippy::panic, reason = "evaluated by the compiler only")]
    pub const fn positive(self) -> Self {
        match self {
            ColumnType::SmallInteger | ColumnType::PositiveSmallInteger => ColumnType::PositiveSmallInteger,
            ColumnType::Integer | ColumnType::PositiveInteger => ColumnType::PositiveInteger,
            ColumnType::BigInteger | ColumnType::PositiveBigInteger => ColumnType::PositiveBigInteger,
            _ => panic!("`positive` goes with integer columns"),
        }
    }

    /// For the derive: the decimal type with these digits.
    ///
    /// # Panics
    /// At compile time, for a column that is not a decimal.
    #[doc(hidden)]
    #[allow(clippy::panic, reason = "evaluated by the compiler only")]
    pub const fn digits(self, max_digits: u32, decimal_places: u32) -> Self {
        match self {
            ColumnType::Decimal { .. } => ColumnType::Decimal {
                max_digits,
                decimal_places,
            },
            _ => panic!("`max_digits` and `decimal_places` go with decimal columns"),
        }
    }
}
