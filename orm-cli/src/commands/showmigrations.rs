//! `showmigrations`: what is applied and what is not.

use super::{Output, Status};
use crate::args::ShowMigrations;
use crate::database::with_database;
use crate::error::Result;
use crate::project::{self, Project};
use orm_migrate::MigrationId;
use orm_migrate::executor::{AppStatus, Migrator};
use orm_migrate::files::MigrationGraph;
use std::collections::BTreeSet;
use std::path::Path;

pub(super) async fn run(
    project: &Project,
    folder: Option<&Path>,
    args: &ShowMigrations,
    out: Output<'_>,
) -> Result<Status> {
    let source = project.source(folder)?;
    with_database(args.database.url.as_deref(), async |db| {
        let migrator = Migrator::new(db, &source)?;
        if !args.apps.is_empty() {
            project::check_apps(&args.apps, &project::apps(&project.models()?, migrator.graph()))?;
        }
        let status = migrator.status().await?;
        if args.plan {
            show_plan(&status, migrator.graph(), &args.apps, out)?;
        } else {
            show_list(&status, &args.apps, out)?;
        }
        Ok(Status::Success)
    })
    .await
}

fn show_list(status: &[AppStatus], apps: &[String], out: Output<'_>) -> Result<()> {
    let all: Vec<String> = status.iter().map(|app| app.app.clone()).collect();
    let apps = if apps.is_empty() { &all } else { apps };
    for name in apps {
        writeln!(out, "{name}")?;
        let migrations = status
            .iter()
            .find(|app| app.app == *name)
            .map(|app| app.migrations.as_slice());
        for migration in migrations.unwrap_or_default() {
            writeln!(out, " [{}] {}", mark(migration.applied.is_some()), migration.name)?;
        }
        if migrations.is_none_or(<[_]>::is_empty) {
            writeln!(out, " (no migrations)")?;
        }
    }
    if apps.is_empty() {
        writeln!(out, "(no migrations)")?;
    }
    Ok(())
}

/// In the order of application, with what the chosen apps need of others.
fn show_plan(status: &[AppStatus], graph: &MigrationGraph, apps: &[String], out: Output<'_>) -> Result<()> {
    let migrations = status
        .iter()
        .flat_map(|app| app.migrations.iter().map(|migration| (&app.app, migration)));
    let applied: BTreeSet<MigrationId> = migrations
        .filter(|(_, migration)| migration.applied.is_some())
        .map(|(app, migration)| MigrationId::new(app, &migration.name))
        .collect();
    let leaves = apps.iter().flat_map(|app| graph.leaf_nodes(app));
    let wanted: BTreeSet<MigrationId> = leaves.flat_map(|leaf| graph.forwards_plan(&leaf)).collect();
    let mut plan = graph.full_plan();
    plan.retain(|id| apps.is_empty() || wanted.contains(id));
    for id in &plan {
        writeln!(out, "[{}]  {id}", mark(applied.contains(id)))?;
    }
    if plan.is_empty() {
        writeln!(out, "(no migrations)")?;
    }
    Ok(())
}

fn mark(applied: bool) -> char {
    if applied { 'X' } else { ' ' }
}
