//! The schema editor: operations in the SQL of one database.
//!
//! It writes statements and runs none. Where the name of a constraint can only be read from the
//! database, it leaves a [`Step`] that says what to look for.

mod add_field;
mod alter_definition;
mod alter_field;
mod alter_table;
mod column_sql;
mod condition;
mod constraints;
mod create_table;
mod dialect;
mod many_to_many;
mod migration_sql;
mod operations;
mod remake;
mod render;
mod statement;
mod step;
mod table;

pub use dialect::{Dialect, of as dialect_of};
pub use migration_sql::{MigrationSql, OperationSql};
pub use step::{ConstraintKind, Lookup, Step};

use crate::error::{MigrateError, Result};
use crate::state::ProjectState;
use orm_core::exec::Backend;
use statement::Statement;
use table::{Column, Table};

/// Collects the statements for one database.
pub struct SchemaEditor {
    backend: Backend,
    dialect: Box<dyn Dialect>,
    steps: Vec<Step>,
    /// what must wait until all tables of the migration are there
    deferred: Vec<Statement>,
}

impl SchemaEditor {
    /// An editor for that database.
    pub fn new(backend: Backend) -> Self {
        SchemaEditor {
            backend,
            dialect: dialect::of(backend),
            steps: Vec::new(),
            deferred: Vec::new(),
        }
    }

    /// The statements since the last call, without those that wait for the end.
    pub fn take(&mut self) -> Vec<Step> {
        std::mem::take(&mut self.steps)
    }

    /// The statements since the last call, and those that waited for the end.
    pub fn finish(&mut self) -> Vec<Step> {
        self.flush();
        self.take()
    }

    /// The statements that make the tables of all managed models of a state.
    pub fn create_all(&mut self, state: &ProjectState) -> Result<Vec<Step>> {
        for (key, _) in state.models().filter(|(_, model)| model.managed) {
            let table = self.render(state, key)?;
            self.create_table(&table)?;
        }
        Ok(self.finish())
    }

    fn flush(&mut self) {
        for statement in std::mem::take(&mut self.deferred) {
            self.run(&statement);
        }
    }

    fn sql(&mut self, sql: impl Into<String>) {
        self.steps.push(Step::Sql(sql.into()));
    }

    fn run(&mut self, statement: &Statement) {
        let step = statement.step(&*self.dialect);
        self.steps.push(step);
    }

    fn quote(&self, name: &str) -> String {
        self.dialect.quote(name)
    }

    fn quote_all<'a>(&self, names: impl IntoIterator<Item = &'a str>) -> String {
        names
            .into_iter()
            .map(|name| self.quote(name))
            .collect::<Vec<_>>()
            .join(", ")
    }

    /// The name that Django gives to an index or constraint over these columns.
    fn name(&self, table: &str, columns: &[&str], suffix: &str) -> String {
        crate::names::constraint(table, columns, suffix, self.dialect.max_name_length())
    }

    fn is_sqlite(&self) -> bool {
        self.backend == Backend::Sqlite
    }

    fn is_postgres(&self) -> bool {
        self.backend == Backend::Postgres
    }

    fn is_mysql(&self) -> bool {
        matches!(self.backend, Backend::MySql { .. })
    }

    /// A constant, spelled for the column that it is meant for.
    fn literal(&self, table: &Table, column: &Column, literal: &crate::literal::Literal) -> Result<String> {
        let spelled = literal.value(column.ty).and_then(|value| self.dialect.literal(&value));
        spelled.map_err(|message| MigrateError::Literal {
            field: format!("{}.{}", table.name, column.column),
            value: literal.to_string(),
            message,
        })
    }
}
