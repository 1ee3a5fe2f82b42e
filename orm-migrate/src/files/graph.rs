//! `MigrationGraph`: all migrations and what depends on what.

use crate::error::{MigrateError, Result};
use crate::operation::{Migration, MigrationId};
use crate::state::ProjectState;
use std::collections::{BTreeMap, BTreeSet};

/// All migrations, by app and name.
#[derive(Debug, Clone, Default)]
pub struct MigrationGraph {
    nodes: BTreeMap<MigrationId, Node>,
}

#[derive(Debug, Clone)]
struct Node {
    migration: Migration,
    path: String,
    children: BTreeSet<MigrationId>,
}

impl MigrationGraph {
    /// The graph of these migrations, each with the path of its file. What they depend on must be
    /// there, and must not depend on them.
    pub fn new(migrations: Vec<(Migration, String)>) -> Result<Self> {
        let mut graph = MigrationGraph::default();
        for (migration, path) in migrations {
            let id = migration.id.clone();
            if let Some(other) = graph.nodes.get(&id) {
                return Err(MigrateError::Duplicate {
                    migration: id,
                    first: other.path.clone(),
                    second: path,
                });
            }
            graph.nodes.insert(
                id,
                Node {
                    migration,
                    path,
                    children: BTreeSet::new(),
                },
            );
        }
        let edges: Vec<(MigrationId, MigrationId)> = graph
            .migrations()
            .flat_map(|m| {
                m.dependencies
                    .iter()
                    .map(|dependency| (dependency.clone(), m.id.clone()))
            })
            .collect();
        for (parent, child) in edges {
            let Some(node) = graph.nodes.get_mut(&parent) else {
                return Err(MigrateError::MissingDependency {
                    migration: child,
                    dependency: parent,
                });
            };
            node.children.insert(child);
        }
        graph.check_cycles()?;
        Ok(graph)
    }

    /// All migrations, in the order of their names.
    pub fn migrations(&self) -> impl Iterator<Item = &Migration> {
        self.nodes.values().map(|node| &node.migration)
    }

    /// The migration of that name, if there is one.
    pub fn get(&self, id: &MigrationId) -> Option<&Migration> {
        self.nodes.get(id).map(|node| &node.migration)
    }

    /// The path of the migration's file.
    pub fn path(&self, id: &MigrationId) -> Option<&str> {
        self.nodes.get(id).map(|node| node.path.as_str())
    }

    /// The apps that have migrations.
    pub fn apps(&self) -> BTreeSet<&str> {
        self.nodes.keys().map(|id| id.app.as_str()).collect()
    }

    /// The migration of an app whose name is or begins so.
    ///
    /// # Errors
    /// [`MigrateError::UnknownApp`], [`MigrateError::UnknownMigration`] and
    /// [`MigrateError::AmbiguousMigration`].
    pub fn find(&self, app: &str, name: &str) -> Result<MigrationId> {
        self.check_app(app)?;
        let exact = MigrationId::new(app, name);
        if self.get(&exact).is_some() {
            return Ok(exact);
        }
        let ids = self.migrations().map(|migration| &migration.id);
        let found: Vec<&MigrationId> = ids.filter(|id| id.app == app && id.name.starts_with(name)).collect();
        let (app, name) = (exact.app, exact.name);
        match found.as_slice() {
            [id] => Ok((*id).clone()),
            [] => Err(MigrateError::UnknownMigration { app, name }),
            _ => {
                let found = found.into_iter().map(|id| id.name.clone()).collect();
                Err(MigrateError::AmbiguousMigration { app, name, found })
            }
        }
    }

    pub(crate) fn check_app(&self, app: &str) -> Result<()> {
        let known = self.apps();
        if known.contains(app) {
            return Ok(());
        }
        let known = known.into_iter().map(str::to_owned).collect();
        Err(MigrateError::UnknownApp {
            app: app.to_owned(),
            known,
        })
    }

    /// The migrations of an app on which no other one of the app depends.
    pub fn leaf_nodes(&self, app: &str) -> Vec<MigrationId> {
        let leaves = self
            .nodes
            .iter()
            .filter(|(id, node)| id.app == app && node.children.iter().all(|c| c.app != app));
        leaves.map(|(id, _)| id.clone()).collect()
    }

    /// The migrations of an app that depend on no other one of the app.
    pub fn root_nodes(&self, app: &str) -> Vec<MigrationId> {
        let roots = self.nodes.iter().filter(|(id, node)| {
            id.app == app
                && node
                    .migration
                    .dependencies
                    .iter()
                    .all(|dependency| dependency.app != app)
        });
        roots.map(|(id, _)| id.clone()).collect()
    }

    /// The migrations of the same app that directly follow this one.
    pub fn next_in_app(&self, id: &MigrationId) -> Vec<MigrationId> {
        let children = self.nodes.get(id).into_iter().flat_map(|node| &node.children);
        children.filter(|child| child.app == id.app).cloned().collect()
    }

    /// That each app has one last migration.
    pub fn check_conflicts(&self) -> Result<()> {
        for app in self.apps() {
            let leaves = self.leaf_nodes(app);
            if leaves.len() > 1 {
                return Err(MigrateError::Conflict {
                    app: app.to_owned(),
                    leaves,
                });
            }
        }
        Ok(())
    }

    /// Everything that this migration needs, then the migration, in the order of application.
    pub fn forwards_plan(&self, target: &MigrationId) -> Vec<MigrationId> {
        self.walk(target, |node| node.migration.dependencies.iter().cloned().collect())
    }

    /// Everything that needs this migration, then the migration, in the order of un-application.
    pub fn backwards_plan(&self, target: &MigrationId) -> Vec<MigrationId> {
        self.walk(target, |node| node.children.clone())
    }

    /// All migrations in the order of application.
    pub fn full_plan(&self) -> Vec<MigrationId> {
        let mut plan: Vec<MigrationId> = Vec::new();
        for leaf in self.apps().into_iter().flat_map(|app| self.leaf_nodes(app)) {
            for id in self.forwards_plan(&leaf) {
                if !plan.contains(&id) {
                    plan.push(id);
                }
            }
        }
        plan
    }

    /// The state after all migrations.
    pub fn state(&self) -> Result<ProjectState> {
        let mut state = ProjectState::default();
        for migration in self.full_plan().iter().filter_map(|id| self.get(id)) {
            migration.mutate_state(&mut state)?;
        }
        Ok(state)
    }

    /// Depth first, what is next to a node before the node, like Django's `iterative_dfs`.
    fn walk(&self, start: &MigrationId, next: impl Fn(&Node) -> BTreeSet<MigrationId>) -> Vec<MigrationId> {
        let mut visited = Vec::new();
        let mut seen = BTreeSet::new();
        let mut stack = vec![(start.clone(), false)];
        while let Some((id, processed)) = stack.pop() {
            if seen.contains(&id) {
                continue;
            }
            if processed {
                seen.insert(id.clone());
                visited.push(id);
            } else if let Some(node) = self.nodes.get(&id) {
                let neighbours = next(node);
                stack.push((id, true));
                stack.extend(neighbours.into_iter().map(|id| (id, false)));
            }
        }
        visited
    }

    /// Removes what depends on nothing, again and again; what is left is in a circle or behind one.
    fn check_cycles(&self) -> Result<()> {
        let mut left: BTreeSet<&MigrationId> = self.nodes.keys().collect();
        loop {
            let free: Vec<&MigrationId> = left
                .iter()
                .copied()
                .filter(|id| {
                    self.get(id)
                        .is_none_or(|m| m.dependencies.iter().all(|d| !left.contains(d)))
                })
                .collect();
            if free.is_empty() {
                break;
            }
            left.retain(|id| !free.contains(id));
        }
        let Some(mut at) = left.first().copied() else {
            return Ok(());
        };
        let mut cycle = vec![at.clone()];
        while let Some(dependency) = self
            .get(at)
            .and_then(|m| m.dependencies.iter().find(|dependency| left.contains(dependency)))
        {
            let closed = cycle.iter().position(|id| id == dependency);
            cycle.push(dependency.clone());
            if let Some(start) = closed {
                cycle.drain(..start);
                break;
            }
            at = dependency;
        }
        Err(MigrateError::Cycle { cycle })
    }
}

#[cfg(test)]
#[allow(clippy::expect_used, reason = "tests may fail")]
mod tests {
    use super::*;
    use crate::operation::Migration;

    #[test]
    fn by_the_beginning_of_the_name() {
        let migration = |name: &str| {
            let id = MigrationId::new("library", name);
            (
                Migration {
                    id,
                    dependencies: vec![],
                    initial: false,
                    operations: vec![],
                },
                name.to_owned(),
            )
        };
        let names = ["0001_initial", "0002_author_notes", "0002_author"];
        let graph = MigrationGraph::new(names.into_iter().map(migration).collect()).expect("a graph");
        assert_eq!(
            graph.find("library", "0001").ok(),
            Some(MigrationId::new("library", "0001_initial"))
        );
        assert_eq!(
            graph.find("library", "0002_author").ok(),
            Some(MigrationId::new("library", "0002_author"))
        );
        assert!(matches!(
            graph.find("library", "0002"),
            Err(MigrateError::AmbiguousMigration { .. })
        ));
        assert!(matches!(
            graph.find("library", "0003"),
            Err(MigrateError::UnknownMigration { .. })
        ));
    }
}
