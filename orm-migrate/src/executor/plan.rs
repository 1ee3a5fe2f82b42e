//! Which migrations lead to a target, in which order and direction.

use super::{Migrator, Target, recorder};
use crate::error::{MigrateError, Result};
use crate::files::MigrationGraph;
use crate::operation::MigrationId;
use std::collections::BTreeSet;

/// A migration to be applied or undone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlannedMigration {
    /// the migration
    pub id: MigrationId,
    /// whether it is undone
    pub backwards: bool,
    /// its operations in the order of execution: `Add field notes to author`
    pub descriptions: Vec<String>,
}

impl Migrator {
    /// What `migrate` would do.
    pub async fn plan(&self, target: &Target) -> Result<Vec<PlannedMigration>> {
        let mut session = self.db.session().await?;
        let applied = recorder::applied(&mut session).await?;
        session.release().await;
        check_consistency(&self.graph, &applied)?;
        Ok(plan(&self.graph, target, &applied))
    }
}

/// The way from what is applied to the target.
pub(super) fn plan(graph: &MigrationGraph, target: &Target, applied: &BTreeSet<MigrationId>) -> Vec<PlannedMigration> {
    let mut planner = Planner {
        graph,
        applied: applied.clone(),
        plan: Vec::new(),
    };
    match target {
        Target::All => graph.full_plan().iter().for_each(|id| planner.apply(id)),
        Target::App(app) => graph.leaf_nodes(app).iter().for_each(|id| planner.forwards_to(id)),
        Target::Zero(app) => graph.root_nodes(app).iter().for_each(|id| planner.back_through(id)),
        // What is applied stays; only what follows it in its own app goes, and what needs that.
        Target::Migration(id) if applied.contains(id) => {
            graph.next_in_app(id).iter().for_each(|next| planner.back_through(next));
        }
        Target::Migration(id) => planner.forwards_to(id),
    }
    planner.plan
}

struct Planner<'a> {
    graph: &'a MigrationGraph,
    applied: BTreeSet<MigrationId>,
    plan: Vec<PlannedMigration>,
}

impl Planner<'_> {
    fn forwards_to(&mut self, id: &MigrationId) {
        self.graph.forwards_plan(id).iter().for_each(|id| self.apply(id));
    }

    fn apply(&mut self, id: &MigrationId) {
        if self.applied.insert(id.clone()) {
            self.push(id, false);
        }
    }

    fn back_through(&mut self, id: &MigrationId) {
        for id in self.graph.backwards_plan(id) {
            if self.applied.remove(&id) {
                self.push(&id, true);
            }
        }
    }

    fn push(&mut self, id: &MigrationId, backwards: bool) {
        let operations = self.graph.get(id).map_or(&[][..], |migration| &migration.operations);
        let mut descriptions: Vec<String> = operations.iter().map(|operation| operation.describe()).collect();
        if backwards {
            descriptions.reverse();
        }
        self.plan.push(PlannedMigration {
            id: id.clone(),
            backwards,
            descriptions,
        });
    }
}

/// That nothing was applied before what it depends on. An applied migration without a file is fine.
pub(super) fn check_consistency(graph: &MigrationGraph, applied: &BTreeSet<MigrationId>) -> Result<()> {
    for migration in applied.iter().filter_map(|id| graph.get(id)) {
        if let Some(dependency) = migration
            .dependencies
            .iter()
            .find(|dependency| !applied.contains(dependency))
        {
            let (migration, dependency) = (migration.id.clone(), dependency.clone());
            return Err(MigrateError::Inconsistent { migration, dependency });
        }
    }
    Ok(())
}

#[cfg(test)]
#[allow(clippy::expect_used, reason = "tests may fail")]
mod tests {
    use super::*;
    use crate::operation::Migration;

    fn graph() -> MigrationGraph {
        let migration = |app: &str, name: &str, dependencies: &[(&str, &str)]| {
            let dependencies = dependencies
                .iter()
                .map(|(app, name)| MigrationId::new(*app, *name))
                .collect();
            (
                Migration {
                    id: MigrationId::new(app, name),
                    dependencies,
                    initial: false,
                    operations: vec![],
                },
                String::new(),
            )
        };
        MigrationGraph::new(vec![
            migration("a", "0001", &[]),
            migration("a", "0002", &[("a", "0001")]),
            migration("b", "0001", &[("a", "0002")]),
            migration("b", "0002", &[("b", "0001")]),
        ])
        .expect("a graph")
    }

    fn names(plan: Vec<PlannedMigration>) -> Vec<String> {
        plan.into_iter()
            .map(|m| format!("{}{}", if m.backwards { "-" } else { "+" }, m.id))
            .collect()
    }

    #[test]
    fn there_and_back() {
        let graph = graph();
        let none = BTreeSet::new();
        let all: BTreeSet<MigrationId> = graph.full_plan().into_iter().collect();
        let to = |app: &str, name: &str| Target::Migration(MigrationId::new(app, name));
        assert_eq!(
            names(plan(&graph, &Target::All, &none)),
            ["+a.0001", "+a.0002", "+b.0001", "+b.0002"]
        );
        assert_eq!(
            names(plan(&graph, &to("b", "0001"), &none)),
            ["+a.0001", "+a.0002", "+b.0001"]
        );
        assert_eq!(
            names(plan(&graph, &to("a", "0001"), &all)),
            ["-b.0002", "-b.0001", "-a.0002"]
        );
        assert_eq!(
            names(plan(&graph, &Target::Zero("b".into()), &all)),
            ["-b.0002", "-b.0001"]
        );
        assert!(names(plan(&graph, &Target::All, &all)).is_empty());
    }

    #[test]
    fn what_is_applied_must_be_possible() {
        let graph = graph();
        let applied = |ids: &[(&str, &str)]| ids.iter().map(|(app, name)| MigrationId::new(*app, *name)).collect();
        assert!(check_consistency(&graph, &applied(&[("a", "0001"), ("gone", "0001")])).is_ok());
        let wrong = check_consistency(&graph, &applied(&[("a", "0002")]));
        assert!(matches!(wrong, Err(MigrateError::Inconsistent { .. })));
    }
}
