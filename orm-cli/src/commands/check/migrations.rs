//! Migrations that the models or the database wait for.

use super::Problem;
use crate::questions::Questions;
use orm_migrate::executor::PlannedMigration;
use orm_migrate::files::MakeOptions;
use orm_migrate::{MigrationSource, ProjectState, Result, make_migrations};
use std::collections::{BTreeMap, BTreeSet};

/// What changed in the models since the last migration.
pub(super) fn check(models: &ProjectState, source: &MigrationSource) -> Vec<Problem> {
    let new = match make_migrations(source, models, &mut Questions::unasked(models), &MakeOptions::default()) {
        Ok(new) => new,
        Err(error) => return vec![Problem::error("migrations", error)],
    };
    let mut changes: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for migration in new {
        changes
            .entry(migration.id.app)
            .or_default()
            .extend(migration.descriptions);
    }
    let problem = |(app, changes): (String, Vec<String>)| {
        let changes: Vec<String> = changes.iter().map(|change| format!("\n    {change}")).collect();
        let message = format!(
            "The models have changes that are not yet reflected in a migration.{}",
            changes.concat()
        );
        Problem::warning(app, message, "Run 'manage makemigrations' to make new migrations.")
    };
    changes.into_iter().map(problem).collect()
}

/// What is not applied yet.
pub(super) fn check_applied(plan: Result<Vec<PlannedMigration>>) -> Option<Problem> {
    let plan = match plan {
        Ok(plan) => plan,
        Err(error) => return Some(Problem::error("database", error)),
    };
    let apps: BTreeSet<String> = plan.iter().map(|migration| migration.id.app.clone()).collect();
    let apps: Vec<String> = apps.into_iter().collect();
    let message = format!(
        "There are {} unapplied migration(s) for app(s): {}.",
        plan.len(),
        apps.join(", ")
    );
    (!plan.is_empty()).then(|| Problem::warning("database", message, "Run 'manage migrate' to apply them."))
}
