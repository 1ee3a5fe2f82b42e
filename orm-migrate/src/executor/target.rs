//! `Target`: how far to migrate.

use super::Migrator;
use crate::error::Result;
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
            Some(name) => Target::Migration(self.graph.find(app, name)?),
        })
    }

    /// The migration of an app whose name is or begins so.
    pub fn find(&self, app: &str, name: &str) -> Result<MigrationId> {
        self.graph.find(app, name)
    }

    fn check_app(&self, app: &str) -> Result<()> {
        self.graph.check_app(app)
    }
}
