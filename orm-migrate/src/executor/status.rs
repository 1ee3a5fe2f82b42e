//! `showmigrations`: what is applied and what is not.

use super::{Migrator, recorder};
use crate::error::Result;
use chrono::{DateTime, Utc};

/// The migrations of one app.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AppStatus {
    /// the app
    pub app: String,
    /// its migrations, in the order of application
    pub migrations: Vec<MigrationStatus>,
}

/// One migration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MigrationStatus {
    /// the name
    pub name: String,
    /// when it was applied, if it is
    pub applied: Option<DateTime<Utc>>,
}

impl Migrator {
    /// All apps with their migrations.
    pub async fn status(&self) -> Result<Vec<AppStatus>> {
        let mut session = self.db.session().await?;
        let applied = recorder::applied_at(&mut session).await?;
        session.release().await;
        let plan = self.graph.full_plan();
        let app = |app: &str| AppStatus {
            app: app.to_owned(),
            migrations: plan
                .iter()
                .filter(|id| id.app == app)
                .map(|id| MigrationStatus {
                    name: id.name.clone(),
                    applied: applied.get(id).copied(),
                })
                .collect(),
        };
        Ok(self.graph.apps().into_iter().map(app).collect())
    }
}
