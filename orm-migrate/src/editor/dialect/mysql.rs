//! MySQL's and MariaDB's spelling.

use super::{Dialect, common_type, hex, moment_format, none, time_format};
use crate::editor::step::ConstraintKind;
use crate::state::DataType;
use orm_core::Value;
use orm_core::exec::Backend;

pub(super) struct MySql {
    backend: Backend,
}

impl MySql {
    pub fn new(backend: Backend) -> Self {
        MySql { backend }
    }

    fn is_mariadb(&self) -> bool {
        matches!(self.backend, Backend::MySql { mariadb: true, .. })
    }
}

impl Dialect for MySql {
    fn backend(&self) -> Backend {
        self.backend
    }

    fn quote(&self, name: &str) -> String {
        format!("`{}`", name.replace('`', "``"))
    }

    fn max_name_length(&self) -> Option<usize> {
        Some(64)
    }

    fn column_type(&self, ty: DataType) -> String {
        match ty {
            DataType::Char { max_length } => format!("varchar({max_length})"),
            DataType::Decimal {
                max_digits,
                decimal_places,
            } => format!("numeric({max_digits}, {decimal_places})"),
            DataType::DateTime => "datetime(6)".to_owned(),
            DataType::Time => "time(6)".to_owned(),
            DataType::Text => "longtext".to_owned(),
            DataType::Json => "json".to_owned(),
            DataType::Binary => "longblob".to_owned(),
            DataType::Uuid if self.backend.has_native_uuid() => "uuid".to_owned(),
            ty if ty.is_auto() => format!("{} AUTO_INCREMENT", common_type(ty)),
            ty if ty.is_positive() => format!("{} UNSIGNED", common_type(ty)),
            ty => common_type(ty).to_owned(),
        }
    }

    fn check(&self, ty: DataType, column: &str) -> Option<String> {
        ty.is_positive().then(|| format!("{} >= 0", self.quote(column)))
    }

    fn auto_suffix(&self, _ty: DataType) -> Option<&'static str> {
        None
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
            Value::Uuid(v) if self.backend.has_native_uuid() => Ok(format!("'{v}'")),
            Value::Uuid(v) => Ok(format!("'{}'", v.simple())),
            Value::Json(v) => self.text(&v.to_string()),
            Value::Decimal(v) => Ok(v.to_string()),
            Value::Float(_) | Value::List(..) => Err(none(value)),
        }
    }

    fn text(&self, text: &str) -> Result<String, String> {
        // What a backslash means in quotes is a setting of the server; hexadecimal always holds.
        Ok(if text.contains(['\\', '\0']) {
            format!("_utf8mb4 X'{}'", hex(text.as_bytes()))
        } else {
            format!("'{}'", text.replace('\'', "''"))
        })
    }

    fn deferrable(&self) -> &'static str {
        ""
    }

    fn drop_constraint(&self, table: &str, name: &str, kind: ConstraintKind) -> String {
        let (table, name) = (self.quote(table), self.quote(name));
        match kind {
            ConstraintKind::Unique => format!("ALTER TABLE {table} DROP INDEX {name}"),
            ConstraintKind::Index => format!("DROP INDEX {name} ON {table}"),
            ConstraintKind::ForeignKey => format!("ALTER TABLE {table} DROP FOREIGN KEY {name}"),
            ConstraintKind::PrimaryKey => format!("ALTER TABLE {table} DROP PRIMARY KEY"),
            // MariaDB keeps the check of a column under the column's name, and drops it itself when
            // the column is modified.
            ConstraintKind::Check if self.is_mariadb() => {
                format!("ALTER TABLE {table} DROP CONSTRAINT IF EXISTS {name}")
            }
            ConstraintKind::Check => format!("ALTER TABLE {table} DROP CHECK {name}"),
        }
    }
}
