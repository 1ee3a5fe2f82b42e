//! `Project`: which models and which migration files the commands are about.

use crate::error::{CliError, Result};
use orm_migrate::files::MigrationGraph;
use orm_migrate::{MigrationSource, ProjectState};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// The models of a program and the folder of its migrations.
#[derive(Debug, Clone)]
pub struct Project {
    /// the app whose files lie in the folder of migrations itself
    default_app: String,
    package: PathBuf,
    models: fn() -> orm_migrate::Result<ProjectState>,
}

impl Project {
    /// The program that is running, whose package is (or was) in that folder.
    pub fn new(default_app: impl Into<String>, manifest_dir: impl Into<PathBuf>) -> Self {
        Project {
            default_app: default_app.into(),
            package: manifest_dir.into(),
            models: ProjectState::from_registry,
        }
    }

    /// With these models in place of those that are linked into the program.
    pub fn with_models(self, models: fn() -> orm_migrate::Result<ProjectState>) -> Self {
        Project { models, ..self }
    }

    /// The models; a program must have some.
    pub(crate) fn models(&self) -> Result<ProjectState> {
        let state = (self.models)()?;
        if state.models().next().is_none() {
            Err(CliError::NoModels)
        } else {
            Ok(state)
        }
    }

    /// The folder of the migrations, which may not exist yet.
    pub(crate) fn folder(&self, chosen: Option<&Path>) -> Result<PathBuf> {
        let folder = chosen.map_or_else(|| self.package.join("migrations"), Path::to_owned);
        // A program that was built elsewhere must not take a missing folder for an empty one.
        if chosen.is_none() && !self.package.is_dir() {
            Err(CliError::NoFolder(folder))
        } else {
            Ok(folder)
        }
    }

    /// The migrations. The folder that the user chose must be there.
    pub(crate) fn source(&self, chosen: Option<&Path>) -> Result<MigrationSource> {
        let folder = self.folder(chosen)?;
        if chosen.is_some() && !folder.is_dir() {
            return Err(CliError::NoFolder(folder));
        }
        Ok(MigrationSource::directory(folder))
    }

    /// The default app, if it is among these.
    pub(crate) fn default_app(&self, apps: &BTreeSet<String>) -> Option<String> {
        apps.contains(&self.default_app).then(|| self.default_app.clone())
    }
}

/// All apps that the models or the migrations know.
pub(crate) fn apps(models: &ProjectState, graph: &MigrationGraph) -> BTreeSet<String> {
    let of_models = models.models().map(|(key, _)| key.app.clone());
    of_models.chain(graph.apps().into_iter().map(str::to_owned)).collect()
}

/// That these apps exist.
pub(crate) fn check_apps(labels: &[String], apps: &BTreeSet<String>) -> Result<()> {
    match labels.iter().find(|label| !apps.contains(*label)) {
        None => Ok(()),
        Some(label) => Err(CliError::UnknownApp {
            label: label.clone(),
            apps: apps.iter().cloned().collect(),
        }),
    }
}
