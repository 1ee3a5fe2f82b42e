//! Indexes and constraints of tables that exist.

use super::create_table::columns_of;
use super::statement::{CreateIndex, Statement};
use super::step::{ConstraintKind, Lookup, Step};
use super::table::Table;
use super::{Result, SchemaEditor};
use crate::state::{ConstraintState, IndexState};
use orm_core::exec::Backend;
use std::collections::BTreeSet;

impl SchemaEditor {
    pub(super) fn add_index(&mut self, table: &Table, index: &IndexState) -> Result<()> {
        let statement = self.index(table, index)?;
        self.run(&statement);
        Ok(())
    }

    pub(super) fn remove_index(&mut self, table: &Table, index: &IndexState) {
        let first = index.terms().next().map(|(field, _)| field.to_owned());
        self.keep_foreign_key_index(table, first.as_deref());
        self.drop_named(table, &index.name, ConstraintKind::Index);
    }

    pub(super) fn rename_index(&mut self, table: &Table, old: &IndexState, new: &IndexState) -> Result<()> {
        let (from, to) = (self.quote(&old.name), self.quote(&new.name));
        let on = self.quote(&table.name);
        match self.backend {
            Backend::Postgres => self.sql(format!("ALTER INDEX {from} RENAME TO {to}")),
            Backend::MySql { mariadb, version } if !mariadb || version >= (10, 6) => {
                self.sql(format!("ALTER TABLE {on} RENAME INDEX {from} TO {to}"));
            }
            _ => {
                self.remove_index(table, old);
                self.add_index(table, new)?;
            }
        }
        Ok(())
    }

    /// `table` already has the constraint.
    pub(super) fn add_constraint(&mut self, table: &Table, constraint: &ConstraintState) -> Result<()> {
        let name = constraint.name();
        match constraint {
            ConstraintState::Unique { condition: Some(_), .. } => {
                let index = self.conditional_unique(table, constraint)?;
                index.iter().for_each(|index| self.run(index));
            }
            _ if self.is_sqlite() => self.remake(table, &super::remake::Changes::default())?,
            ConstraintState::Unique { fields, .. } => {
                let (table, columns) = (table.name.clone(), columns_of(table, fields)?);
                self.run(&Statement::AddUnique {
                    table,
                    columns,
                    name: Some(name.to_owned()),
                });
            }
            ConstraintState::Check { condition, .. } => {
                let condition = self.condition(table, condition)?;
                self.add_check(table, name, &condition);
            }
        }
        Ok(())
    }

    /// `table` no longer has the constraint.
    pub(super) fn remove_constraint(&mut self, table: &Table, constraint: &ConstraintState) -> Result<()> {
        let name = constraint.name();
        match constraint {
            // MySQL never had it.
            ConstraintState::Unique { condition: Some(_), .. } if self.is_mysql() => {}
            ConstraintState::Unique { condition: Some(_), .. } => self.drop_named(table, name, ConstraintKind::Index),
            _ if self.is_sqlite() => self.remake(table, &super::remake::Changes::default())?,
            ConstraintState::Unique { fields, .. } => {
                self.keep_foreign_key_index(table, fields.first().map(String::as_str));
                self.drop_named(table, name, ConstraintKind::Unique);
            }
            ConstraintState::Check { .. } => self.drop_named(table, name, ConstraintKind::Check),
        }
        Ok(())
    }

    pub(super) fn add_check(&mut self, table: &Table, name: &str, condition: &str) {
        let (table, name) = (self.quote(&table.name), self.quote(name));
        self.sql(format!("ALTER TABLE {table} ADD CONSTRAINT {name} CHECK ({condition})"));
    }

    pub(super) fn alter_unique_together(
        &mut self,
        table: &Table,
        old: &[Vec<String>],
        new: &[Vec<String>],
    ) -> Result<()> {
        let olds: BTreeSet<&Vec<String>> = old.iter().collect();
        let news: BTreeSet<&Vec<String>> = new.iter().collect();
        for group in old.iter().filter(|group| !news.contains(group)) {
            let columns = columns_of(table, group)?;
            self.keep_foreign_key_index(table, group.first().map(String::as_str));
            let names: Vec<&str> = columns.iter().map(String::as_str).collect();
            let expected = vec![self.name(&table.name, &names, "_uniq")];
            self.drop_found(table, columns, ConstraintKind::Unique, expected);
        }
        for group in new.iter().filter(|group| !olds.contains(group)) {
            let columns = columns_of(table, group)?;
            self.run(&Statement::AddUnique {
                table: table.name.clone(),
                columns,
                name: None,
            });
        }
        Ok(())
    }

    /// The index behind a conditional unique constraint; MySQL has none.
    pub(super) fn conditional_unique(&self, table: &Table, constraint: &ConstraintState) -> Result<Option<Statement>> {
        let ConstraintState::Unique {
            name,
            fields,
            condition: Some(condition),
        } = constraint
        else {
            return Ok(None);
        };
        if self.is_mysql() {
            return Ok(None);
        }
        Ok(Some(Statement::CreateIndex(CreateIndex {
            table: table.name.clone(),
            columns: columns_of(table, fields)?,
            name: Some(name.clone()),
            unique: true,
            condition: Some(self.condition(table, condition)?),
            ..CreateIndex::default()
        })))
    }

    fn drop_named(&mut self, table: &Table, name: &str, kind: ConstraintKind) {
        let sql = self.dialect.drop_constraint(&table.name, name, kind);
        self.sql(sql);
        self.deferred.retain(|statement| {
            !matches!(statement, Statement::CreateIndex(CreateIndex { name: Some(other), .. }) if other == name)
        });
    }

    /// Drops constraints whose names only the database knows.
    pub(super) fn drop_found(
        &mut self,
        table: &Table,
        columns: Vec<String>,
        kind: ConstraintKind,
        expected: Vec<String>,
    ) {
        let exclude = table.declared_names();
        self.steps.push(Step::Drop(Lookup {
            table: table.name.clone(),
            columns,
            kind,
            exclude,
            expected,
        }));
    }

    /// See [`Step::KeepForeignKeyIndex`].
    fn keep_foreign_key_index(&mut self, table: &Table, first_field: Option<&str>) {
        let column = first_field
            .and_then(|field| table.column(field))
            .filter(|column| column.enforced().is_some());
        if let Some(column) = column.filter(|_| self.is_mysql()) {
            let sql = super::create_table::column_index(table, column).sql(&*self.dialect);
            let (table, column) = (table.name.clone(), column.column.clone());
            self.steps.push(Step::KeepForeignKeyIndex { table, column, sql });
        }
    }
}
