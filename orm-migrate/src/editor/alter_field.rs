//! Changes of columns in place, as PostgreSQL and MySQL can make them.

use super::create_table::column_index;
use super::remake::Changes;
use super::statement::{KeySuffix, Statement};
use super::step::ConstraintKind;
use super::table::{Column, Rendered, Table};
use super::{Result, SchemaEditor};
use crate::error::MigrateError;
use crate::state::{FieldState, ModelKey, ProjectState};
use orm_core::exec::Backend;

/// The two states that a field is altered between, for the keys that refer to it.
pub(super) struct Between<'a> {
    pub from: &'a ProjectState,
    pub to: &'a ProjectState,
    pub key: &'a ModelKey,
    pub old: &'a FieldState,
    pub new: &'a FieldState,
}

impl SchemaEditor {
    /// `table` is the table before.
    pub(super) fn alter_field(
        &mut self,
        table: &Table,
        old: &Rendered,
        new: &Rendered,
        between: &Between<'_>,
    ) -> Result<()> {
        match (old, new) {
            (Rendered::Join(old), Rendered::Join(new)) if old.table.is_none() && new.table.is_none() => Ok(()),
            (Rendered::Join(old), Rendered::Join(new)) => match (old.keys(), new.keys()) {
                (Some((old_table, old_from, old_to)), Some((new_table, new_from, new_to))) => {
                    let same =
                        old_table.name == new_table.name && !new_from.differs(old_from) && !new_to.differs(old_to);
                    if same { Ok(()) } else { self.alter_join(old, new) }
                }
                _ => Err(incompatible(table, &old.field)),
            },
            (Rendered::Column(old), Rendered::Column(new)) => {
                if !new.differs(old) {
                    return Ok(());
                }
                if self.is_sqlite() {
                    return self.alter_column_sqlite(table, old, new, between);
                }
                let incoming = self.incoming_of_altered(old, new, between)?;
                self.alter_column_with(table, old, new, &incoming)
            }
            (Rendered::Column(column), Rendered::Join(_)) => Err(incompatible(table, &column.field)),
            (Rendered::Join(join), Rendered::Column(_)) => Err(incompatible(table, &join.field)),
        }
    }

    /// Changes a column that nothing refers to.
    pub(super) fn alter_column(&mut self, table: &Table, old: &Column, new: &Column) -> Result<()> {
        if new.differs(old) {
            self.alter_column_with(table, old, new, &Incoming::default())
        } else {
            Ok(())
        }
    }

    fn alter_column_sqlite(&mut self, table: &Table, old: &Column, new: &Column, between: &Between<'_>) -> Result<()> {
        let renamed = Column {
            column: old.column.clone(),
            ..new.clone()
        };
        // SQLite renames a column in place, but not what the names of its keys are made of.
        if old.enforced().is_none() && !renamed.differs(old) {
            self.rename_column(table, old, new);
            return Ok(());
        }
        self.remake(
            table,
            &Changes {
                alter: &[(old, new)],
                ..Changes::default()
            },
        )?;
        let moved = old.ty != new.ty || old.collation != new.collation || old.column != new.column;
        if new.unique && moved {
            let mut done = vec![table.name.clone()];
            for (other, _) in self.incoming(between.to, between.key, between.new)? {
                if !done.contains(&other.name) {
                    done.push(other.name.clone());
                    self.remake(&other, &Changes::default())?;
                }
            }
        }
        Ok(())
    }

    fn rename_column(&mut self, table: &Table, old: &Column, new: &Column) {
        let (on, from, to) = (
            self.quote(&table.name),
            self.quote(&old.column),
            self.quote(&new.column),
        );
        self.sql(format!("ALTER TABLE {on} RENAME COLUMN {from} TO {to}"));
        let rename = |statement: &mut Statement| statement.rename_column(&table.name, &old.column, &new.column);
        self.deferred.iter_mut().for_each(rename);
    }

    /// The keys that refer to an altered column, if its type changes under them.
    fn incoming_of_altered(&self, old: &Column, new: &Column, between: &Between<'_>) -> Result<Incoming> {
        let mut incoming = Incoming::default();
        let retyped = self.dialect.column_type(old.ty) != self.dialect.column_type(new.ty);
        if old.unique && new.unique && (retyped || old.collation != new.collation) {
            incoming.dropped = self.incoming(between.from, between.key, between.old)?;
            incoming.rebuilt = self.incoming(between.to, between.key, between.new)?;
        }
        if !old.primary_key && new.primary_key {
            incoming.retyped = self.incoming(between.to, between.key, between.new)?;
        }
        Ok(incoming)
    }

    fn alter_column_with(&mut self, table: &Table, old: &Column, new: &Column, incoming: &Incoming) -> Result<()> {
        let drops_key = old.enforced().is_some() && new.differs_in_more_than_comment(old);
        if drops_key {
            self.drop_foreign_key(table, old);
        }
        let becomes_key = !old.primary_key && new.primary_key;
        if old.unique && (!new.unique || becomes_key) {
            let expected = self.inline_unique_name(table, old);
            self.drop_found(table, vec![old.column.clone()], ConstraintKind::Unique, vec![expected]);
        }
        for (other, column) in &incoming.dropped {
            self.drop_foreign_key(other, column);
        }
        if old.index && !old.unique && (!new.index || new.unique) {
            self.drop_column_index(table, old);
        }
        let check = |column: &Column| self.dialect.check(column.ty, "c");
        let (old_check, new_check) = (check(old), check(new));
        if old_check != new_check && old_check.is_some() {
            let expected = self.inline_check_name(table, old);
            self.drop_found(table, vec![old.column.clone()], ConstraintKind::Check, vec![expected]);
        }
        if old.column != new.column {
            self.rename_column(table, old, new);
        }
        self.alter_definition(table, old, new)?;
        if old.primary_key && !new.primary_key {
            let expected = vec![format!("{}_pkey", table.name)];
            self.drop_found(table, vec![new.column.clone()], ConstraintKind::PrimaryKey, expected);
        }
        if !new.primary_key && new.unique && (!old.unique || old.primary_key) {
            let columns = vec![new.column.clone()];
            self.run(&Statement::AddUnique {
                table: table.name.clone(),
                columns,
                name: None,
            });
        }
        if (!old.index || old.unique) && new.index && !new.unique {
            self.run(&column_index(table, new));
        }
        if becomes_key {
            let name = self.quote(&self.name(&table.name, &[&new.column], "_pk"));
            let (on, column) = (self.quote(&table.name), self.quote(&new.column));
            self.sql(format!("ALTER TABLE {on} ADD CONSTRAINT {name} PRIMARY KEY ({column})"));
        }
        for (other, column) in incoming.rebuilt.iter().chain(&incoming.retyped) {
            let (on, change) = (self.quote(&other.name), self.type_change(column, column, ""));
            self.sql(format!("ALTER TABLE {on} {change}"));
        }
        if new.enforced().is_some() && (drops_key || old.enforced().is_none()) {
            let key = self.foreign_key(table, new, KeySuffix::Full);
            key.iter().for_each(|key| self.run(key));
        }
        for (other, column) in &incoming.rebuilt {
            let key = self.foreign_key(other, column, KeySuffix::Short);
            key.iter().for_each(|key| self.run(key));
        }
        if let Some(check) = self
            .dialect
            .check(new.ty, &new.column)
            .filter(|_| old_check != new_check)
        {
            let name = self.name(&table.name, &[&new.column], "_check");
            self.add_check(table, &name, &check);
        }
        if self.fills_rows(table, old, new)?.is_some() {
            self.drop_default(table, new);
        }
        self.alter_like_index(table, old, new);
        Ok(())
    }

    /// The index of a column's own, and PostgreSQL's second one.
    fn drop_column_index(&mut self, table: &Table, column: &Column) {
        let mut expected = vec![self.name(&table.name, &[&column.column], "")];
        if self.like_index(table, column).is_some() {
            expected.push(self.name(&table.name, &[&column.column], "_like"));
        }
        self.drop_found(table, vec![column.column.clone()], ConstraintKind::Index, expected);
    }

    /// PostgreSQL's index for LIKE comes and goes with the column's index.
    fn alter_like_index(&mut self, table: &Table, old: &Column, new: &Column) {
        let had = old.index || old.unique;
        let added = (!had && new.index) || (!old.unique && new.unique) || self.leaves_text(old, new);
        if added && let Some(index) = self.like_index(table, new) {
            self.run(&index);
        }
        if self.is_postgres() && old.unique && !(new.index || new.unique) {
            let name = self.name(&table.name, &[&old.column], "_like");
            let sql = self.dialect.drop_constraint(&table.name, &name, ConstraintKind::Index);
            self.sql(sql);
        }
    }

    /// The name that the database gives to a unique column.
    fn inline_unique_name(&self, table: &Table, column: &Column) -> String {
        match self.backend {
            Backend::Postgres => format!("{}_{}_key", table.name, column.column),
            _ => column.column.clone(),
        }
    }

    /// The name that the database gives to the check of a column.
    fn inline_check_name(&self, table: &Table, column: &Column) -> String {
        match self.backend {
            Backend::Postgres => format!("{}_{}_check", table.name, column.column),
            _ => column.column.clone(),
        }
    }
}

/// Keys that refer to an altered column, with their tables.
#[derive(Default)]
struct Incoming {
    /// before, to be dropped
    dropped: Vec<(Table, Column)>,
    /// after, to be altered and made again
    rebuilt: Vec<(Table, Column)>,
    /// after, to be altered
    retyped: Vec<(Table, Column)>,
}

fn incompatible(table: &Table, field: &str) -> MigrateError {
    MigrateError::Incompatible {
        field: format!("{}.{field}", table.key),
    }
}
