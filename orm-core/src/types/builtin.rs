//! The types of the standard library and of the crates that databases speak.

use super::FieldType;
use crate::error::{Error, Result};
use crate::exec::Source;
use crate::fields::{Cardinality, TypedExpr};
use crate::meta::ColumnType;
use crate::model::Model;
use crate::row::Part;
use crate::value::Value;
use chrono::{DateTime, NaiveDate, NaiveTime, SubsecRound, TimeDelta, Utc};
use rust_decimal::Decimal;
use uuid::Uuid;

/// Makes a field type a part of rows.
macro_rules! part {
    ($type:ty) => {
        impl Part for $type {
            type Handle<R: Model, C: Cardinality> = TypedExpr<R, Self, C>;

            fn width() -> usize {
                1
            }

            fn read<S: Source>(source: &mut S, at: usize) -> Result<Self> {
                <Self as FieldType>::decode(source, at)
            }
        }
    };
}

macro_rules! field_types {
    ($($type:ty: $column:expr, $variant:ident($encode:expr $(, $taken:expr)?), $decode:expr;)*) => { $(
        #[diagnostic::do_not_recommend]
        impl FieldType for $type {
            const COLUMN: ColumnType = $column;

            fn to_value(&self) -> Value {
                let encode: fn(&$type) -> _ = $encode;
                Value::$variant(encode(self))
            }

            $(fn take_value(self) -> Value {
                let take: fn($type) -> $type = $taken;
                Value::$variant(take(self))
            })?

            fn decode<S: Source>(source: &mut S, at: usize) -> Result<Self> {
                let decode: fn(&mut S, usize) -> Result<Self> = $decode;
                decode(source, at)
            }
        }

        part!($type);
    )* };
}

field_types! {
    bool: ColumnType::Boolean, Bool(|v| *v), |s, at| s.bool(at);
    i16: ColumnType::SmallInteger, Int(|v| i64::from(*v)), |s, at| narrow(s.int(at)?, at);
    i32: ColumnType::Integer, Int(|v| i64::from(*v)), |s, at| narrow(s.int(at)?, at);
    i64: ColumnType::BigInteger, Int(|v| *v), |s, at| s.int(at);
    f64: ColumnType::Float, Float(|v| *v), |s, at| s.float(at);
    String: ColumnType::Text, Text(|v| v.clone(), |v| v), |s, at| s.string(at);
    Vec<u8>: ColumnType::Binary, Bytes(|v| v.clone(), |v| v), |s, at| s.byte_buf(at);
    Decimal: ColumnType::DECIMAL, Decimal(|v| *v), |s, at| s.decimal(at);
    NaiveDate: ColumnType::Date, Date(|v| *v), |s, at| s.date(at);
    // Databases keep microseconds; a value that went through one must compare equal to the original.
    NaiveTime: ColumnType::Time, Time(|v| v.trunc_subsecs(6)), |s, at| s.time(at);
    DateTime<Utc>: ColumnType::DateTime, DateTime(|v| v.trunc_subsecs(6)), |s, at| s.datetime(at);
    TimeDelta: ColumnType::Duration, Duration(|v| *v), |s, at| s.duration(at);
    Uuid: ColumnType::Uuid, Uuid(|v| *v), |s, at| s.uuid(at);
}

fn narrow<T: TryFrom<i64>>(value: i64, at: usize) -> Result<T> {
    let bits = size_of::<T>() * 8;
    T::try_from(value)
        .map_err(|_| Error::decode(format!("column {at}"), format!("{value} does not fit into {bits} bits")))
}
