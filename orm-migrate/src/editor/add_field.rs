//! New columns, and dropped ones.

use super::remake::Changes;
use super::statement::{KeySuffix, foreign_key_name};
use super::step::ConstraintKind;
use super::table::{Column, Rendered, Table};
use super::{Result, SchemaEditor};

impl SchemaEditor {
    pub(super) fn add_field(&mut self, table: &Table, field: &Rendered) -> Result<()> {
        match field {
            Rendered::Join(join) => join.table.as_deref().map_or(Ok(()), |join| self.create_table(join)),
            Rendered::Column(column) => {
                let fill = self.effective_default(table, column)?;
                // SQLite adds neither keys nor required columns, and could not drop the default.
                let remakes = column.unique || !column.null || fill.is_some() || column.db_default.is_some();
                if self.is_sqlite() && remakes {
                    self.remake(
                        table,
                        &Changes {
                            create: Some(column),
                            ..Changes::default()
                        },
                    )
                } else {
                    self.add_column(table, column, fill)
                }
            }
        }
    }

    fn add_column(&mut self, table: &Table, column: &Column, fill: Option<String>) -> Result<()> {
        let late = self.fills_late(column);
        let shown = fill.as_deref().filter(|_| !late);
        let mut sql = self.column_sql(table, column, shown)?;
        sql += &self.auto_suffix(column);
        sql += &self.column_check(column);
        sql += &self.added_reference(table, column);
        let (on, name) = (self.quote(&table.name), self.quote(&column.column));
        self.sql(format!("ALTER TABLE {on} ADD COLUMN {name} {sql}"));
        if column.db_default.is_none() && fill.is_some() && !self.skips_default_on_alter(column) {
            self.drop_default(table, column);
        }
        if let Some(comment) = column.comment.as_ref().filter(|_| self.is_postgres()) {
            self.comment_column(table, &column.column, Some(comment))?;
        }
        if let Some(fill) = fill.filter(|_| late) {
            self.sql(format!("UPDATE {on} SET {name} = {fill}"));
        }
        self.defer_column_indexes(table, column);
        Ok(())
    }

    /// Whether the rows must be filled by an UPDATE because the column takes no default.
    fn fills_late(&self, column: &Column) -> bool {
        self.skips_default(column) || (column.null && self.skips_default_on_alter(column))
    }

    /// The foreign key of an added column, checked at once so that the table can be altered on.
    fn added_reference(&self, table: &Table, column: &Column) -> String {
        let Some(reference) = column.enforced() else {
            return String::new();
        };
        if self.is_sqlite() {
            return self.inline_reference(reference);
        }
        let name = foreign_key_name(
            &*self.dialect,
            &table.name,
            &column.column,
            &reference.table,
            &reference.column,
            KeySuffix::Full,
        );
        let name = self.quote(&name);
        let target = format!("{}({})", self.quote(&reference.table), self.quote(&reference.column));
        if self.is_postgres() {
            let deferrable = self.dialect.deferrable();
            format!(" CONSTRAINT {name} REFERENCES {target}{deferrable}; SET CONSTRAINTS {name} IMMEDIATE")
        } else {
            let column = self.quote(&column.column);
            format!(" , ADD CONSTRAINT {name} FOREIGN KEY ({column}) REFERENCES {target}")
        }
    }

    /// Takes away the default that filled the rows.
    pub(super) fn drop_default(&mut self, table: &Table, column: &Column) {
        let (on, name) = (self.quote(&table.name), self.quote(&column.column));
        let action = if self.is_mysql() && column.null {
            "SET DEFAULT NULL"
        } else {
            "DROP DEFAULT"
        };
        self.sql(format!("ALTER TABLE {on} ALTER COLUMN {name} {action}"));
    }

    pub(super) fn remove_field(&mut self, table: &Table, field: &Rendered) -> Result<()> {
        match field {
            Rendered::Join(join) => {
                if let Some(join) = join.table.as_deref() {
                    self.drop_table(join);
                }
                Ok(())
            }
            // SQLite drops no column that something is built on.
            Rendered::Column(column)
                if self.is_sqlite() && (column.unique || column.index || column.enforced().is_some()) =>
            {
                self.remake(
                    table,
                    &Changes {
                        delete: Some(&column.field),
                        ..Changes::default()
                    },
                )
            }
            Rendered::Column(column) => {
                self.drop_column(table, column);
                Ok(())
            }
        }
    }

    fn drop_column(&mut self, table: &Table, column: &Column) {
        if column.reference.is_some() && !self.is_sqlite() {
            self.drop_foreign_key(table, column);
        }
        let cascade = if self.is_postgres() { " CASCADE" } else { "" };
        let (on, name) = (self.quote(&table.name), self.quote(&column.column));
        self.sql(format!("ALTER TABLE {on} DROP COLUMN {name}{cascade}"));
        self.deferred
            .retain_mut(|statement| !statement.references_column(&table.name, &column.column));
    }

    pub(super) fn drop_foreign_key(&mut self, table: &Table, column: &Column) {
        let expected = column.enforced().map(|reference| {
            foreign_key_name(
                &*self.dialect,
                &table.name,
                &column.column,
                &reference.table,
                &reference.column,
                KeySuffix::Full,
            )
        });
        let columns = vec![column.column.clone()];
        self.drop_found(
            table,
            columns,
            ConstraintKind::ForeignKey,
            expected.into_iter().collect(),
        );
    }
}
