//! `migrate`: bringing a database to the last migration, or to another.

use super::{Output, Status, target};
use crate::args::Migrate;
use crate::database::with_database;
use crate::error::Result;
use crate::project::Project;
use crate::questions::Questions;
use orm_migrate::executor::{Event, MigrateOptions, Migrator, PlannedMigration, Progress, Target};
use orm_migrate::files::{MakeOptions, MigrationGraph};
use orm_migrate::{MigrationSource, make_migrations};
use std::collections::BTreeSet;
use std::io;
use std::path::Path;

pub(super) async fn run(project: &Project, folder: Option<&Path>, args: &Migrate, out: Output<'_>) -> Result<Status> {
    let source = project.source(folder)?;
    with_database(args.database.url.as_deref(), async |db| {
        let migrator = Migrator::new(db, &source)?;
        let (app, name) = target::split(&args.target, migrator.graph())?;
        let target = migrator.target(app, name)?;
        if args.plan {
            show_plan(&migrator.plan(&target).await?, out)?;
            return Ok(Status::Success);
        }
        announce(&target, migrator.graph(), out)?;
        let options = MigrateOptions { fake: args.fake };
        let done = carry_out(&migrator, &target, options, out).await?;
        if done.is_empty() {
            writeln!(out, "  No migrations to apply.")?;
            mention_changes(project, &source, out)?;
        }
        Ok(Status::Success)
    })
    .await
}

fn show_plan(plan: &[PlannedMigration], out: Output<'_>) -> Result<()> {
    writeln!(out, "Planned operations:")?;
    if plan.is_empty() {
        writeln!(out, "  No planned migration operations.")?;
    }
    for migration in plan {
        writeln!(out, "{}", migration.id)?;
        let undo = if migration.backwards { "Undo " } else { "" };
        for description in &migration.descriptions {
            writeln!(out, "    {undo}{description}")?;
        }
    }
    Ok(())
}

fn announce(target: &Target, graph: &MigrationGraph, out: Output<'_>) -> Result<()> {
    writeln!(out, "Operations to perform:")?;
    match target {
        Target::All => {
            let apps: Vec<&str> = graph.apps().into_iter().collect();
            let apps = if apps.is_empty() {
                "(none)".to_owned()
            } else {
                apps.join(", ")
            };
            writeln!(out, "  Apply all migrations: {apps}")?;
        }
        Target::App(app) => writeln!(out, "  Apply all migrations: {app}")?,
        Target::Zero(app) => writeln!(out, "  Unapply all migrations: {app}")?,
        Target::Migration(id) => writeln!(out, "  Target specific migration: {}, from {}", id.name, id.app)?,
    }
    Ok(writeln!(out, "Running migrations:")?)
}

async fn carry_out(
    migrator: &Migrator,
    target: &Target,
    options: MigrateOptions,
    out: Output<'_>,
) -> Result<Vec<PlannedMigration>> {
    let mut printer = Printer {
        out,
        in_line: false,
        failed: None,
    };
    let result = migrator
        .migrate(target, options, &mut |progress| printer.show(progress))
        .await;
    if printer.in_line {
        // The error shall begin a line.
        writeln!(printer.out)?;
    }
    let done = result?;
    printer.failed.map_or(Ok(done), |error| Err(error.into()))
}

/// Writes the progress. An output that cannot be written does not stop the migrations.
struct Printer<'a> {
    out: Output<'a>,
    /// a migration has begun, and its line is not finished
    in_line: bool,
    failed: Option<io::Error>,
}

impl Printer<'_> {
    fn show(&mut self, progress: Progress<'_>) {
        if self.failed.is_none() {
            self.failed = self.write(progress).err();
        }
    }

    fn write(&mut self, progress: Progress<'_>) -> io::Result<()> {
        self.in_line = progress.event == Event::Started;
        match progress.event {
            Event::Started => {
                let verb = if progress.backwards { "Unapplying" } else { "Applying" };
                write!(self.out, "  {verb} {}...", progress.migration)?;
                self.out.flush()
            }
            Event::Finished => writeln!(self.out, " OK"),
            Event::Faked => writeln!(self.out, " FAKED"),
            Event::Skipped => writeln!(self.out, " SKIPPED (another process was faster)"),
        }
    }
}

/// Says that models changed since the last migration. What is wrong with the models is for the
/// other commands to tell.
fn mention_changes(project: &Project, source: &MigrationSource, out: Output<'_>) -> Result<()> {
    let Ok(models) = project.models() else { return Ok(()) };
    let mut nobody = Questions::unasked(&models);
    let Ok(new) = make_migrations(source, &models, &mut nobody, &MakeOptions::default()) else {
        return Ok(());
    };
    let apps: BTreeSet<String> = new
        .into_iter()
        .map(|migration| format!("'{}'", migration.id.app))
        .collect();
    if !apps.is_empty() {
        let apps = apps.into_iter().collect::<Vec<_>>().join(", ");
        writeln!(
            out,
            "  Your models in app(s): {apps} have changes that are not yet reflected in a migration, and so won't be \
             applied."
        )?;
        writeln!(
            out,
            "  Run 'manage makemigrations' to make new migrations, and then re-run 'manage migrate' to apply them."
        )?;
    }
    Ok(())
}
