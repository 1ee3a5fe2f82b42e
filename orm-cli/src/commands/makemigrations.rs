//! `makemigrations`: files for what changed in the models.

use super::{Output, Status};
use crate::args::MakeMigrations;
use crate::error::{CliError, Result};
use crate::project::{self, Project};
use crate::questions::{Questions, Terminal};
use orm_migrate::files::{MakeOptions, NewMigration};
use orm_migrate::{NonInteractive, make_migrations};
use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{self, IsTerminal, Write};
use std::path::{Path, PathBuf};

pub(super) fn run(project: &Project, folder: Option<&Path>, args: &MakeMigrations, out: Output<'_>) -> Result<Status> {
    check_name(args.name.as_deref())?;
    let folder = project.folder(folder)?;
    let source = orm_migrate::MigrationSource::directory(&folder);
    let models = project.models()?;
    let apps = project::apps(&models, &source.load()?);
    project::check_apps(&args.apps, &apps)?;
    let default_app = project.default_app(&apps);
    let chosen = if args.empty {
        for_empty(args, default_app.as_deref(), &apps)?
    } else {
        args.apps.clone()
    };
    let options = MakeOptions {
        apps: chosen,
        name: args.name.clone(),
        empty: args.empty,
        default_app,
    };
    let only_look = args.dry_run || args.check;
    let mut terminal = Terminal;
    let new = if !args.no_input && !args.check && io::stdin().is_terminal() {
        make_migrations(
            &source,
            &models,
            &mut Questions::asking(&models, &mut terminal),
            &options,
        )
    } else if only_look {
        make_migrations(&source, &models, &mut Questions::unasked(&models), &options)
    } else {
        make_migrations(&source, &models, &mut NonInteractive, &options)
    }?;
    if !only_look {
        write_all(&folder, &new)?;
    }
    show(&folder, &new, &args.apps, out)?;
    Ok(if args.check && !new.is_empty() {
        Status::Failure
    } else {
        Status::Success
    })
}

/// A name that is part of a file's name and of dependencies.
fn check_name(name: Option<&str>) -> Result<()> {
    let letter = |c: char| c.is_alphanumeric() || c == '_';
    match name {
        Some(name) if !name.chars().all(letter) || name.starts_with(|c: char| c.is_numeric()) || name.is_empty() => {
            Err(CliError::MigrationName(name.to_owned()))
        }
        _ => Ok(()),
    }
}

/// The apps that get an empty migration: those named, else the package's own or the only one.
fn for_empty(args: &MakeMigrations, default_app: Option<&str>, apps: &BTreeSet<String>) -> Result<Vec<String>> {
    let own = default_app.or_else(|| apps.first().filter(|_| apps.len() == 1).map(String::as_str));
    match own {
        _ if !args.apps.is_empty() => Ok(args.apps.clone()),
        Some(app) => Ok(vec![app.to_owned()]),
        None => Err(CliError::WhichApp {
            what: "an empty migration".to_owned(),
            apps: apps.iter().cloned().collect(),
        }),
    }
}

/// Writes the files: all of them or, where one cannot be written, none.
fn write_all(folder: &Path, new: &[NewMigration]) -> Result<()> {
    let mut written: Vec<PathBuf> = Vec::new();
    for migration in new {
        let path = folder.join(&migration.path);
        if let Err(source) = write_file(&path, &migration.text, &mut written) {
            for path in written {
                // The first error says more than one of the clearing up.
                drop(fs::remove_file(path));
            }
            return Err(CliError::File { path, source });
        }
    }
    Ok(())
}

/// Writes a file that must not exist yet: another process may have made one of this name.
fn write_file(path: &Path, text: &str, written: &mut Vec<PathBuf>) -> io::Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    let mut file = File::create_new(path)?;
    written.push(path.to_owned());
    file.write_all(text.as_bytes())
}

fn show(folder: &Path, new: &[NewMigration], apps: &[String], out: Output<'_>) -> Result<()> {
    if new.is_empty() {
        let place = match apps {
            [] => String::new(),
            [app] => format!(" in app '{app}'"),
            apps => format!(" in apps '{}'", apps.join("', '")),
        };
        writeln!(out, "No changes detected{place}")?;
    }
    let mut shown = None;
    for migration in new {
        let app = &migration.id.app;
        if shown.replace(app) != Some(app) {
            writeln!(out, "Migrations for '{app}':")?;
        }
        writeln!(out, "  {}", from_here(&folder.join(&migration.path)).display())?;
        for description in &migration.descriptions {
            writeln!(out, "    {description}")?;
        }
    }
    Ok(())
}

/// The path as seen from the working directory, if it is below it.
fn from_here(path: &Path) -> PathBuf {
    let here = std::env::current_dir().ok();
    here.and_then(|here| path.strip_prefix(here).ok())
        .unwrap_or(path)
        .to_owned()
}
