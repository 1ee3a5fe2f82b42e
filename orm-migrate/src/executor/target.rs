//! `Target`: how far to migrate.

use super::Migrator;
use crate::error::{MigrateError, Result};
use crate::files::MigrationGraph;
use crate::operation::MigrationId;

/// How far to migrate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// everything
    All,
    /// all migrations of an app, and what they need
    App(String),
    /// an app to exactly that migration, forwards or backwards
    Migration(MigrationId),
    /// an app back to nothing
    Zero(String),
}

impl Migrator {
    /// What the arguments of `migrate` mean: nothing, an app, or an app and the beginning of a
    /// migration's name or `zero`.
    pub fn target(&self, app: Option<&str>, name: Option<&str>) -> Result<Target> {
        let Some(app) = app else { return Ok(Target::All) };
        self.check_app(app)?;
        Ok(match name {
            None => Target::App(app.to_owned()),
            Some("zero") => Target::Zero(app.to_owned()),
            Some(name) => Target::Migration(find(&self.graph, app, name)?),
        })
    }

    /// The migration of an app whose name is or begins so.
    pub fn find(&self, app: &str, name: &str) -> Result<MigrationId> {
        self.check_app(app)?;
        find(&self.graph, app, name)
    }

    fn check_app(&self, app: &str) -> Result<()> {
        let known = self.graph.apps();
        if known.contains(app) {
            return Ok(());
        }
        let known = known.into_iter().map(str::to_owned).collect();
        Err(MigrateError::UnknownApp {
            app: app.to_owned(),
            known,
        })
    }
}

fn find(graph: &MigrationGraph, app: &str, name: &str) -> Result<MigrationId> {
    let exact = MigrationId::new(app, name);
    if graph.get(&exact).is_some() {
        return Ok(exact);
    }
    let mut found: Vec<&MigrationId> = graph
        .migrations()
        .map(|m| &m.id)
        .filter(|id| id.app == app && id.name.starts_with(name))
        .collect();
    match (found.pop(), found.is_empty()) {
        (Some(id), true) => Ok(id.clone()),
        (None, _) => Err(MigrateError::UnknownMigration {
            app: app.to_owned(),
            name: name.to_owned(),
        }),
        (Some(last), false) => Err(MigrateError::AmbiguousMigration {
            app: app.to_owned(),
            name: name.to_owned(),
            found: found.into_iter().chain([last]).map(|id| id.name.clone()).collect(),
        }),
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
            find(&graph, "library", "0001").ok(),
            Some(MigrationId::new("library", "0001_initial"))
        );
        assert_eq!(
            find(&graph, "library", "0002_author").ok(),
            Some(MigrationId::new("library", "0002_author"))
        );
        assert!(matches!(
            find(&graph, "library", "0002"),
            Err(MigrateError::AmbiguousMigration { .. })
        ));
        assert!(matches!(
            find(&graph, "library", "0003"),
            Err(MigrateError::UnknownMigration { .. })
        ));
    }
}
