//! `sqlmigrate`: the SQL of a migration, without running it.

use super::{Migrator, run};
use crate::editor::{MigrationSql, Step};
use crate::error::{MigrateError, Result};
use crate::files::MigrationGraph;
use crate::operation::MigrationId;
use crate::state::ProjectState;
use orm_core::exec::Backend;

/// The SQL of a migration on a database that nobody asks: constraints that are dropped and have no
/// name of their own get the name that they usually have.
pub fn sql_for(graph: &MigrationGraph, id: &MigrationId, backwards: bool, backend: Backend) -> Result<Vec<String>> {
    let sql = prepare(graph, id, backwards, backend)?;
    Ok(wrapped(sql.lines(), backend))
}

impl Migrator {
    /// The SQL of a migration on this database, with the names that constraints have in it.
    pub async fn sql(&self, id: &MigrationId, backwards: bool) -> Result<Vec<String>> {
        let mut session = self.db.session().await?;
        let backend = session.backend();
        let mut sql = prepare(&self.graph, id, backwards, backend)?;
        let deferred = std::iter::once(&mut sql.deferred);
        for steps in sql
            .operations
            .iter_mut()
            .map(|operation| &mut operation.steps)
            .chain(deferred)
        {
            let mut spelled = Vec::new();
            for step in std::mem::take(steps) {
                spelled.extend(run::statements(&mut session, &step).await?.into_iter().map(Step::Sql));
            }
            *steps = spelled;
        }
        session.release().await;
        Ok(wrapped(sql.lines(), backend))
    }
}

fn prepare(graph: &MigrationGraph, id: &MigrationId, backwards: bool, backend: Backend) -> Result<MigrationSql> {
    let unknown = || MigrateError::UnknownMigration {
        app: id.app.clone(),
        name: id.name.clone(),
    };
    let migration = graph.get(id).ok_or_else(unknown)?;
    let mut state = ProjectState::default();
    for before in graph.forwards_plan(id).iter().filter(|before| *before != id) {
        graph
            .get(before)
            .map_or(Ok(()), |migration| migration.mutate_state(&mut state))?;
    }
    if backwards {
        MigrationSql::backwards(migration, &state, backend)
    } else {
        MigrationSql::forwards(migration, &mut state, backend)
    }
}

/// In a transaction, where the database has one for schema changes.
fn wrapped(lines: Vec<String>, backend: Backend) -> Vec<String> {
    if lines.is_empty() || matches!(backend, Backend::MySql { .. }) {
        return lines;
    }
    let (begin, commit) = ("BEGIN;".to_owned(), "COMMIT;".to_owned());
    std::iter::once(begin).chain(lines).chain([commit]).collect()
}
