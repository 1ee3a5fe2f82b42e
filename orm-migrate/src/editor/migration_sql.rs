//! `MigrationSql`: what a whole migration comes to on one database.

use super::{SchemaEditor, Step};
use crate::error::{MigrateError, Result};
use crate::operation::Migration;
use crate::state::ProjectState;
use orm_core::exec::Backend;

/// The steps of a migration.
#[derive(Debug, Clone)]
pub struct MigrationSql {
    /// the steps of each operation, in the order of execution
    pub operations: Vec<OperationSql>,
    /// what waits for the end: indexes and foreign keys
    pub deferred: Vec<Step>,
    backend: Backend,
}

/// The steps of one operation.
#[derive(Debug, Clone)]
pub struct OperationSql {
    /// what it does: `Add field notes to author`
    pub description: String,
    /// how
    pub steps: Vec<Step>,
}

impl MigrationSql {
    /// To apply a migration. The state is changed as the migration does.
    pub fn forwards(migration: &Migration, state: &mut ProjectState, backend: Backend) -> Result<Self> {
        let mut editor = SchemaEditor::new(backend);
        let mut operations = Vec::new();
        for operation in &migration.operations {
            let before = state.clone();
            operation.state_forwards(&migration.id.app, state)?;
            editor.forwards(&migration.id.app, operation, &before, state)?;
            operations.push(OperationSql {
                description: operation.describe(),
                steps: editor.take(),
            });
        }
        Ok(MigrationSql {
            operations,
            deferred: editor.finish(),
            backend,
        })
    }

    /// To undo a migration. The state is the one before the migration.
    pub fn backwards(migration: &Migration, state: &ProjectState, backend: Backend) -> Result<Self> {
        if let Some(operation) = migration.operations.iter().find(|operation| !operation.is_reversible()) {
            let (migration, operation) = (migration.id.clone(), operation.describe());
            return Err(MigrateError::Irreversible { migration, operation });
        }
        let mut states = vec![state.clone()];
        for operation in &migration.operations {
            let mut next = states[states.len() - 1].clone();
            operation.state_forwards(&migration.id.app, &mut next)?;
            states.push(next);
        }
        let mut editor = SchemaEditor::new(backend);
        let mut operations = Vec::new();
        for (operation, pair) in migration.operations.iter().zip(states.windows(2)).rev() {
            editor.backwards(&migration.id.app, operation, &pair[1], &pair[0])?;
            operations.push(OperationSql {
                description: operation.describe(),
                steps: editor.take(),
            });
        }
        Ok(MigrationSql {
            operations,
            deferred: editor.finish(),
            backend,
        })
    }

    /// As `sqlmigrate` prints it. Constraints whose names only the database knows are given the
    /// names that they usually have.
    pub fn lines(&self) -> Vec<String> {
        let dialect = super::dialect::of(self.backend);
        let spelled = |steps: &[Step]| -> Vec<String> {
            steps
                .iter()
                .flat_map(|step| step.expected(&*dialect))
                .map(terminated)
                .collect()
        };
        let mut lines = Vec::new();
        for operation in &self.operations {
            lines.extend([
                "--".to_owned(),
                format!("-- {}", operation.description),
                "--".to_owned(),
            ]);
            let statements = spelled(&operation.steps);
            if statements.is_empty() {
                lines.push("-- (no-op)".to_owned());
            }
            lines.extend(statements);
        }
        lines.extend(spelled(&self.deferred));
        lines
    }
}

fn terminated(sql: String) -> String {
    if sql.trim_end().ends_with(';') { sql } else { sql + ";" }
}
