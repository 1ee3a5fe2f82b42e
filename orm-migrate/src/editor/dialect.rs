//! `Dialect`: what the databases spell differently, one file each.

mod mysql;
mod postgres;
mod sqlite;

use super::step::ConstraintKind;
use crate::state::DataType;
use chrono::Timelike;
use orm_core::Value;
use orm_core::exec::Backend;

/// How one database spells names, types and constants.
pub trait Dialect: Send + Sync {
    /// The database.
    fn backend(&self) -> Backend;

    /// A name, quoted.
    fn quote(&self, name: &str) -> String;

    /// The longest name that it takes, in characters.
    fn max_name_length(&self) -> Option<usize>;

    /// The type of a column.
    fn column_type(&self, ty: DataType) -> String;

    /// The condition that a type brings with it.
    fn check(&self, ty: DataType, column: &str) -> Option<String>;

    /// What stands after the column to have the database number the rows.
    fn auto_suffix(&self, ty: DataType) -> Option<&'static str>;

    /// A constant, or why there is none.
    fn literal(&self, value: &Value) -> Result<String, String>;

    /// A text constant, or why there is none.
    fn text(&self, text: &str) -> Result<String, String>;

    /// What stands after a foreign key to have it checked at the end of the transaction.
    fn deferrable(&self) -> &'static str;

    /// The statement that drops a constraint.
    fn drop_constraint(&self, table: &str, name: &str, kind: ConstraintKind) -> String;
}

/// The dialect of a database.
pub fn of(backend: Backend) -> Box<dyn Dialect> {
    match backend {
        Backend::Sqlite => Box::new(sqlite::Sqlite),
        Backend::Postgres => Box::new(postgres::Postgres),
        _ => Box::new(mysql::MySql::new(backend)),
    }
}

/// The types that all databases spell alike, and Django's names for the rest.
fn common_type(ty: DataType) -> &'static str {
    match ty {
        DataType::SmallAuto | DataType::SmallInteger | DataType::PositiveSmallInteger => "smallint",
        DataType::BigAuto | DataType::BigInteger | DataType::PositiveBigInteger => "bigint",
        DataType::Float => "double precision",
        DataType::Boolean => "bool",
        DataType::Date => "date",
        DataType::Time => "time",
        DataType::DateTime => "datetime",
        DataType::Text | DataType::Json => "text",
        DataType::Duration => "bigint",
        DataType::Uuid => "char(32)",
        DataType::IpAddress => "char(39)",
        _ => "integer",
    }
}

/// Django writes microseconds, all six digits of them, only where there are some.
fn time_format(time: &impl Timelike) -> &'static str {
    if time.nanosecond() < 1000 {
        "%H:%M:%S"
    } else {
        "%H:%M:%S%.6f"
    }
}

fn moment_format(moment: &impl Timelike) -> &'static str {
    if moment.nanosecond() < 1000 {
        "%Y-%m-%d %H:%M:%S"
    } else {
        "%Y-%m-%d %H:%M:%S%.6f"
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

fn none(value: &Value) -> String {
    format!("there is no constant for {value:?}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::DateTime;

    #[test]
    fn text_cannot_break_out() {
        let mysql = of(Backend::MySql {
            mariadb: true,
            version: (10, 11),
        });
        assert_eq!(of(Backend::Sqlite).text("it's"), Ok("'it''s'".into()));
        assert_eq!(of(Backend::Postgres).text(r"\' or 1=1"), Ok(r"E'\\'' or 1=1'".into()));
        assert_eq!(mysql.text(r"\'"), Ok("_utf8mb4 X'5c27'".into()));
        assert!(of(Backend::Postgres).text("a\0b").is_err());
        assert_eq!(of(Backend::Sqlite).text("a\0b"), Ok("CAST(X'610062' AS TEXT)".into()));
    }

    #[test]
    fn constants() {
        let moment = Value::DateTime(DateTime::UNIX_EPOCH);
        let literal = |backend| of(backend).literal(&moment);
        assert_eq!(literal(Backend::Sqlite), Ok("'1970-01-01 00:00:00'".into()));
        assert_eq!(
            literal(Backend::Postgres),
            Ok("'1970-01-01 00:00:00+00:00'::timestamptz".into())
        );
    }
}
