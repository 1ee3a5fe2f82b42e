//! SQLite's spelling.

use super::{Dialect, common_type, hex, moment_format, none, time_format};
use crate::editor::step::ConstraintKind;
use crate::state::DataType;
use orm_core::Value;
use orm_core::exec::Backend;

pub(super) struct Sqlite;

impl Dialect for Sqlite {
    fn backend(&self) -> Backend {
        Backend::Sqlite
    }

    fn quote(&self, name: &str) -> String {
        format!("\"{}\"", name.replace('"', "\"\""))
    }

    fn max_name_length(&self) -> Option<usize> {
        None
    }

    fn column_type(&self, ty: DataType) -> String {
        match ty {
            DataType::SmallAuto | DataType::BigAuto => "integer".to_owned(),
            DataType::Char { max_length } => format!("varchar({max_length})"),
            DataType::Decimal { .. } => "decimal".to_owned(),
            DataType::Float => "real".to_owned(),
            DataType::Binary => "BLOB".to_owned(),
            ty if ty.is_positive() => format!("{} unsigned", common_type(ty)),
            ty => common_type(ty).to_owned(),
        }
    }

    fn check(&self, ty: DataType, column: &str) -> Option<String> {
        let column = self.quote(column);
        match ty {
            DataType::Json => Some(format!("(JSON_VALID({column}) OR {column} IS NULL)")),
            ty if ty.is_positive() => Some(format!("{column} >= 0")),
            _ => None,
        }
    }

    fn auto_suffix(&self, ty: DataType) -> Option<&'static str> {
        ty.is_auto().then_some("AUTOINCREMENT")
    }

    fn literal(&self, value: &Value) -> Result<String, String> {
        match value {
            Value::Null(_) => Ok("NULL".to_owned()),
            Value::Bool(v) => Ok(u8::from(*v).to_string()),
            Value::Int(v) => Ok(v.to_string()),
            Value::Float(v) if v.is_finite() => Ok(format!("{v:?}")),
            Value::Text(v) => self.text(v),
            Value::Bytes(v) => Ok(format!("X'{}'", hex(v))),
            Value::Date(v) => Ok(format!("'{v}'")),
            Value::Time(v) => Ok(format!("'{}'", v.format(time_format(v)))),
            Value::DateTime(v) => Ok(format!("'{}'", v.format(moment_format(v)))),
            Value::Duration(v) => v.num_microseconds().map(|v| v.to_string()).ok_or_else(|| none(value)),
            Value::Uuid(v) => Ok(format!("'{}'", v.simple())),
            Value::Json(v) => self.text(&v.to_string()),
            Value::Decimal(v) => Ok(format!("'{v}'")),
            Value::Float(_) | Value::List(..) => Err(none(value)),
        }
    }

    fn text(&self, text: &str) -> Result<String, String> {
        // A string constant would end at the NUL.
        Ok(if text.contains('\0') {
            format!("CAST(X'{}' AS TEXT)", hex(text.as_bytes()))
        } else {
            format!("'{}'", text.replace('\'', "''"))
        })
    }

    fn deferrable(&self) -> &'static str {
        " DEFERRABLE INITIALLY DEFERRED"
    }

    fn drop_constraint(&self, _table: &str, name: &str, _kind: ConstraintKind) -> String {
        // Only indexes have names here; everything else goes by making the table anew.
        format!("DROP INDEX {}", self.quote(name))
    }
}
