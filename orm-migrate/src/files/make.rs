//! `make_migrations`: new files for what changed in the models.

use super::graph::MigrationGraph;
use super::source::MigrationSource;
use super::write::write;
use crate::diff::{Autodetector, Questioner};
use crate::error::Result;
use crate::operation::{Migration, MigrationId};
use crate::state::ProjectState;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// What `makemigrations` is asked for.
#[derive(Debug, Clone, Default)]
pub struct MakeOptions {
    /// only these apps, and what they need of others; none means all
    pub apps: Vec<String>,
    /// the last part of the new names, instead of what the operations suggest
    pub name: Option<String>,
    /// one migration without operations for each app of `apps`, to be written by hand
    pub empty: bool,
    /// the app whose files lie in the folder itself; other apps have a folder of their own. None
    /// means: the only app, if there is just one.
    pub default_app: Option<String>,
}

/// A migration that is not on disk yet.
#[derive(Debug, Clone)]
pub struct NewMigration {
    /// app and name
    pub id: MigrationId,
    /// where the file belongs, below the folder of migrations
    pub path: PathBuf,
    /// the file's text
    pub text: String,
    /// its operations, each in a line: `+ Create model Author`
    pub descriptions: Vec<String>,
    /// the migration itself
    pub migration: Migration,
}

/// Compares the models with the migrations that exist and makes new ones for the difference.
///
/// Nothing is written; [`NewMigration::path`] is relative to the folder of migrations.
pub fn make_migrations(
    source: &MigrationSource,
    models: &ProjectState,
    questioner: &mut dyn Questioner,
    options: &MakeOptions,
) -> Result<Vec<NewMigration>> {
    let graph = source.load()?;
    graph.check_conflicts()?;
    let migrations = if options.empty {
        empty(&graph, options)
    } else {
        let from = graph.state()?;
        let changes = Autodetector::new(&from, models, questioner).changes(&graph, options.name.as_deref())?;
        trim(changes, &options.apps)
    };
    let apps: BTreeSet<&str> = models
        .models()
        .map(|(key, _)| key.app.as_str())
        .chain(graph.apps())
        .collect();
    let default_app = options
        .default_app
        .as_deref()
        .or_else(|| apps.first().copied().filter(|_| apps.len() == 1));
    migrations
        .into_iter()
        .map(|migration| new_migration(migration, &graph, default_app))
        .collect()
}

fn empty(graph: &MigrationGraph, options: &MakeOptions) -> Vec<Migration> {
    let migration = |app: &String| {
        let none = Migration {
            id: MigrationId::new(app, "auto_1"),
            dependencies: Vec::new(),
            initial: false,
            operations: Vec::new(),
        };
        (app.clone(), vec![none])
    };
    let migrations: BTreeMap<String, Vec<Migration>> = options.apps.iter().map(migration).collect();
    crate::diff::arrange(migrations, graph, options.name.as_deref())
}

/// The migrations of these apps and of the apps that they depend on.
fn trim(migrations: Vec<Migration>, apps: &[String]) -> Vec<Migration> {
    if apps.is_empty() {
        return migrations;
    }
    let mut wanted: BTreeSet<String> = apps.iter().cloned().collect();
    loop {
        let needed = migrations
            .iter()
            .filter(|m| wanted.contains(&m.id.app))
            .flat_map(|m| &m.dependencies);
        let more: BTreeSet<String> = needed.map(|d| d.app.clone()).chain(wanted.iter().cloned()).collect();
        if more == wanted {
            break;
        }
        wanted = more;
    }
    migrations.into_iter().filter(|m| wanted.contains(&m.id.app)).collect()
}

fn new_migration(migration: Migration, graph: &MigrationGraph, default_app: Option<&str>) -> Result<NewMigration> {
    let app = &migration.id.app;
    // An app's files stay together: where it has some, the new one goes there.
    let existing = graph
        .leaf_nodes(app)
        .first()
        .and_then(|id| graph.path(id))
        .map(|path| folder_name(path) == *app);
    let own_folder = existing.unwrap_or(default_app != Some(app));
    let file = format!("{}.toml", migration.id.name);
    let path = if own_folder {
        Path::new(app).join(file)
    } else {
        PathBuf::from(file)
    };
    let comment = format!(
        "Made by orm {} on {}. Review it, and commit it with the models.",
        env!("CARGO_PKG_VERSION"),
        chrono::Local::now().format("%Y-%m-%d %H:%M")
    );
    Ok(NewMigration {
        id: migration.id.clone(),
        path,
        text: write(&migration, &comment)?,
        descriptions: migration
            .operations
            .iter()
            .map(|operation| operation.formatted_description())
            .collect(),
        migration,
    })
}

/// The name of the folder that a file is in.
fn folder_name(path: &str) -> String {
    let folder = Path::new(path).parent().and_then(Path::file_name);
    folder
        .map(|name| name.to_string_lossy().into_owned())
        .unwrap_or_default()
}
