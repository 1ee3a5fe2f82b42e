//! `migrate`: carrying out a plan.

use super::plan::{check_consistency, plan};
use super::{Migrator, PlannedMigration, Target, recorder, run, transaction};
use crate::editor::{MigrationSql, OperationSql};
use crate::error::{MigrateError, Result};
use crate::operation::MigrationId;
use crate::state::ProjectState;
use orm_core::exec::{Backend, Session};
use std::collections::BTreeSet;

/// How to migrate.
#[derive(Debug, Clone, Copy, Default)]
pub struct MigrateOptions {
    /// only note that migrations are applied (or no longer applied), and leave the tables alone
    pub fake: bool,
}

/// A step of `migrate`, to be shown.
#[derive(Debug, Clone, Copy)]
pub struct Progress<'a> {
    /// the migration
    pub migration: &'a MigrationId,
    /// whether it is undone
    pub backwards: bool,
    /// what happened
    pub event: Event,
}

/// What happened to a migration.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Event {
    /// it begins
    Started,
    /// it is done
    Finished,
    /// it is noted, without touching the tables
    Faked,
    /// another process was faster
    Skipped,
}

/// Whom to tell about the progress.
type Report<'a> = &'a mut (dyn FnMut(Progress<'_>) + Send);

impl Migrator {
    /// Applies and undoes what leads to the target, and gives back what that was.
    ///
    /// Each migration is all or nothing on SQLite and PostgreSQL. Processes that migrate at once
    /// take turns, and none does what another did already.
    pub async fn migrate(
        &self,
        target: &Target,
        options: MigrateOptions,
        report: Report<'_>,
    ) -> Result<Vec<PlannedMigration>> {
        let mut session = self.db.session().await?;
        let applied = recorder::applied(&mut session).await?;
        check_consistency(&self.graph, &applied)?;
        let plan = plan(&self.graph, target, &applied);
        let prepared = if options.fake {
            vec![None; plan.len()]
        } else {
            self.prepare(&plan, &applied, session.backend())?
        };
        for (migration, sql) in plan.iter().zip(&prepared) {
            let mut tell = |event| {
                report(Progress {
                    migration: &migration.id,
                    backwards: migration.backwards,
                    event,
                })
            };
            tell(Event::Started);
            let event = carry_out(&mut session, migration, sql.as_ref()).await?;
            tell(event);
        }
        session.release().await;
        Ok(plan)
    }

    /// The steps of all planned migrations. An error here comes before anything is written.
    fn prepare(
        &self,
        plan: &[PlannedMigration],
        applied: &BTreeSet<MigrationId>,
        backend: Backend,
    ) -> Result<Vec<Option<MigrationSql>>> {
        let full = self.graph.full_plan();
        let before = |ids: &mut dyn Iterator<Item = &MigrationId>| {
            let mut state = ProjectState::default();
            let mut migrations = ids.filter_map(|id| self.graph.get(id));
            migrations.try_for_each(|migration| migration.mutate_state(&mut state))?;
            Ok::<_, MigrateError>(state)
        };
        let mut forwards = before(&mut full.iter().filter(|id| applied.contains(id)))?;
        let mut prepared = Vec::new();
        for planned in plan {
            let Some(migration) = self.graph.get(&planned.id) else {
                prepared.push(None);
                continue;
            };
            prepared.push(Some(if planned.backwards {
                let earlier = full
                    .iter()
                    .take_while(|id| **id != planned.id)
                    .filter(|id| applied.contains(id));
                MigrationSql::backwards(migration, &before(&mut { earlier })?, backend)?
            } else {
                MigrationSql::forwards(migration, &mut forwards, backend)?
            }));
        }
        Ok(prepared)
    }
}

/// One migration, under the lock; without SQL it is only noted.
async fn carry_out(session: &mut Session, planned: &PlannedMigration, sql: Option<&MigrationSql>) -> Result<Event> {
    let lock = transaction::begin(session).await?;
    match under_lock(session, planned, sql).await {
        Ok(event) => lock.commit(session).await.map(|()| event),
        Err(error) => {
            // The first error says more than one of the clearing up.
            drop(lock.rollback(session).await);
            Err(error)
        }
    }
}

async fn under_lock(session: &mut Session, planned: &PlannedMigration, sql: Option<&MigrationSql>) -> Result<Event> {
    recorder::ensure_table(session).await?;
    // Another process may have been at it since the plan was made.
    if recorder::applied(session).await?.contains(&planned.id) != planned.backwards {
        return Ok(Event::Skipped);
    }
    if let Some(sql) = sql {
        run_operations(session, &planned.id, sql).await?;
        let violations = transaction::broken_keys(session).await?;
        if !violations.is_empty() {
            return Err(MigrateError::ForeignKeys {
                migration: planned.id.clone(),
                violations,
            });
        }
    }
    if planned.backwards {
        recorder::forget(session, &planned.id).await?;
    } else {
        recorder::record(session, &planned.id).await?;
    }
    Ok(if sql.is_some() { Event::Finished } else { Event::Faked })
}

async fn run_operations(session: &mut Session, id: &MigrationId, sql: &MigrationSql) -> Result<()> {
    let mut done = Vec::new();
    let last = OperationSql {
        description: "indexes and foreign keys".to_owned(),
        steps: sql.deferred.clone(),
    };
    for operation in sql.operations.iter().chain([&last]) {
        if let Err(source) = run::run_steps(session, &operation.steps).await {
            let (migration, operation, source) = (id.clone(), operation.description.clone(), Box::new(source));
            return Err(match session.backend() {
                Backend::MySql { .. } => MigrateError::Partial {
                    migration,
                    operation,
                    done,
                    source,
                },
                _ => MigrateError::Failed {
                    migration,
                    operation,
                    source,
                },
            });
        }
        done.push(operation.description.clone());
    }
    Ok(())
}
