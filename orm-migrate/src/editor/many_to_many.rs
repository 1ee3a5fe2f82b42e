//! Changes of many-to-many fields: the table in between follows the names of both sides.

use super::remake::Changes;
use super::table::{Column, Join, Table};
use super::{Result, SchemaEditor};

impl SchemaEditor {
    /// Both have a table of their own in between.
    pub(super) fn alter_join(&mut self, old: &Join, new: &Join) -> Result<()> {
        let (Some((old_table, old_from, old_to)), Some((new_table, new_from, new_to))) = (old.keys(), new.keys())
        else {
            return Ok(());
        };
        if self.is_sqlite() {
            return self.alter_join_sqlite((old_table, old_from, old_to), (new_table, new_from, new_to));
        }
        self.rename_table(&old_table.name, &new_table.name);
        self.alter_column(new_table, old_to, new_to)?;
        self.alter_column(new_table, old_from, new_from)
    }

    fn alter_join_sqlite(
        &mut self,
        (old_table, old_from, old_to): (&Table, &Column, &Column),
        (new_table, new_from, new_to): (&Table, &Column, &Column),
    ) -> Result<()> {
        if old_table.name == new_table.name {
            let alter = [(old_to, new_to), (old_from, new_from)];
            return self.remake(
                old_table,
                &Changes {
                    alter: &alter,
                    ..Changes::default()
                },
            );
        }
        self.create_table(new_table)?;
        let columns = |from: &Column, to: &Column| self.quote_all(["id", &from.column, &to.column]);
        let sql = format!(
            "INSERT INTO {} ({}) SELECT {} FROM {}",
            self.quote(&new_table.name),
            columns(new_from, new_to),
            columns(old_from, old_to),
            self.quote(&old_table.name)
        );
        self.sql(sql);
        self.drop_table(old_table);
        Ok(())
    }
}
