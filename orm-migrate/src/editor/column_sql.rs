//! The definition of a column, and the default that rows get which know nothing of it.

use super::table::{Column, Reference, Table};
use super::{MigrateError, Result, SchemaEditor};
use crate::literal::Literal;
use crate::state::DataType;
use chrono::{SubsecRound, Utc};
use orm_core::Value;

impl SchemaEditor {
    /// Type, default, NULL and key of a column. With `fill`, the default that existing rows get is
    /// there as well, to be dropped again.
    pub(super) fn column_sql(&self, table: &Table, column: &Column, fill: Option<&str>) -> Result<String> {
        let mut sql = self.dialect.column_type(column.ty);
        if let Some(collation) = &column.collation {
            sql += &format!(" COLLATE {}", self.quote(collation));
        }
        if let Some(comment) = column.comment.as_ref().filter(|_| self.is_mysql()) {
            sql += &format!(" COMMENT {}", self.comment(table, comment)?);
        }
        if let Some(default) = self.db_default(table, column)? {
            sql += &format!(" DEFAULT {default}");
        } else if let Some(fill) = fill {
            sql += &format!(" DEFAULT {}", self.default_expression(column, fill));
        }
        sql += if column.null { " NULL" } else { " NOT NULL" };
        if column.primary_key {
            sql += " PRIMARY KEY";
        } else if column.unique {
            sql += " UNIQUE";
        }
        Ok(sql)
    }

    /// The default that the database gives, if the column has one.
    pub(super) fn db_default(&self, table: &Table, column: &Column) -> Result<Option<String>> {
        let Some(default) = &column.db_default else {
            return Ok(None);
        };
        let default = self.literal(table, column, default)?;
        if self.is_sqlite() && matches!(column.ty, DataType::Decimal { .. }) {
            return Ok(Some(format!("(CAST({default} AS NUMERIC))")));
        }
        Ok(Some(self.default_expression(column, &default)))
    }

    /// MySQL takes a default for long columns only as an expression.
    fn default_expression(&self, column: &Column, default: &str) -> String {
        if self.is_long(column) && !self.is_mariadb() {
            format!("({default})")
        } else {
            default.to_owned()
        }
    }

    /// What existing rows get in a new column: the field's default, or now where it is set by
    /// itself.
    pub(super) fn effective_default(&self, table: &Table, column: &Column) -> Result<Option<String>> {
        if let Some(default) = &column.default {
            return self.literal(table, column, default).map(Some);
        }
        if !column.auto_now {
            return Ok(None);
        }
        let now = Utc::now().trunc_subsecs(6);
        let value = match column.ty {
            DataType::Date => Value::Date(now.date_naive()),
            DataType::Time => Value::Time(now.time()),
            _ => Value::DateTime(now),
        };
        self.dialect
            .literal(&value)
            .map(Some)
            .map_err(|message| MigrateError::Literal {
                field: format!("{}.{}", table.name, column.column),
                value: "now".to_owned(),
                message,
            })
    }

    /// MySQL's columns that have no default in ALTER COLUMN, and no full index.
    pub(super) fn is_long(&self, column: &Column) -> bool {
        self.is_mysql() && matches!(column.ty, DataType::Text | DataType::Binary | DataType::Json)
    }

    /// Whether the default that fills rows must be left out of ADD COLUMN.
    pub(super) fn skips_default(&self, column: &Column) -> bool {
        let text_or_blob = self.is_mysql() && matches!(column.ty, DataType::Text | DataType::Binary);
        text_or_blob && column.default == Some(Literal::Text(String::new()))
    }

    /// Whether ALTER COLUMN can neither set nor drop the default that fills rows.
    pub(super) fn skips_default_on_alter(&self, column: &Column) -> bool {
        self.skips_default(column) || (self.is_long(column) && !self.is_mariadb())
    }

    pub(super) fn is_mariadb(&self) -> bool {
        matches!(self.backend, orm_core::exec::Backend::MySql { mariadb: true, .. })
    }

    pub(super) fn comment(&self, table: &Table, comment: &str) -> Result<String> {
        self.dialect.text(comment).map_err(|message| MigrateError::Literal {
            field: format!("the comment on {}", table.name),
            value: format!("{comment:?}"),
            message,
        })
    }

    /// ` CHECK (..)`, where the column's type brings one.
    pub(super) fn column_check(&self, column: &Column) -> String {
        let check = self.dialect.check(column.ty, &column.column);
        check.map_or_else(String::new, |check| format!(" CHECK ({check})"))
    }

    /// What stands after an automatic key.
    pub(super) fn auto_suffix(&self, column: &Column) -> String {
        self.dialect
            .auto_suffix(column.ty)
            .map_or_else(String::new, |suffix| format!(" {suffix}"))
    }

    /// ` REFERENCES ..`, as SQLite has it in the column's definition.
    pub(super) fn inline_reference(&self, reference: &Reference) -> String {
        let (table, column) = (self.quote(&reference.table), self.quote(&reference.column));
        format!(" REFERENCES {table} ({column}){}", self.dialect.deferrable())
    }
}
