//! Names and comments of tables.

use super::table::Table;
use super::{Result, SchemaEditor};

impl SchemaEditor {
    pub(super) fn rename_table(&mut self, old: &str, new: &str) {
        if old == new {
            return;
        }
        let (from, to) = (self.quote(old), self.quote(new));
        self.sql(if self.is_mysql() {
            format!("RENAME TABLE {from} TO {to}")
        } else {
            format!("ALTER TABLE {from} RENAME TO {to}")
        });
        self.deferred
            .iter_mut()
            .for_each(|statement| statement.rename_table(old, new));
    }

    /// The comments of a new table; MySQL has those of the columns in their definitions.
    pub(super) fn create_comments(&mut self, table: &Table) -> Result<()> {
        if let Some(comment) = &table.comment {
            self.comment_table(table, Some(comment))?;
        }
        if !self.is_postgres() {
            return Ok(());
        }
        for column in &table.columns {
            if let Some(comment) = &column.comment {
                self.comment_column(table, &column.column, Some(comment))?;
            }
        }
        Ok(())
    }

    /// SQLite has no comments.
    pub(super) fn comment_table(&mut self, table: &Table, comment: Option<&str>) -> Result<()> {
        let comment = self.comment(table, comment.unwrap_or_default())?;
        let name = self.quote(&table.name);
        if self.is_postgres() {
            self.sql(format!("COMMENT ON TABLE {name} IS {comment}"));
        } else if self.is_mysql() {
            self.sql(format!("ALTER TABLE {name} COMMENT = {comment}"));
        }
        Ok(())
    }

    pub(super) fn comment_column(&mut self, table: &Table, column: &str, comment: Option<&str>) -> Result<()> {
        let comment = self.comment(table, comment.unwrap_or_default())?;
        let (table, column) = (self.quote(&table.name), self.quote(column));
        self.sql(format!("COMMENT ON COLUMN {table}.{column} IS {comment}"));
        Ok(())
    }
}
