//! `check`: problems in the models, in the migrations and between them.

mod migrations;
mod models;
mod problem;

use self::problem::Problem;
use super::{Output, Status};
use crate::args::{Check, FailLevel};
use crate::database::with_database;
use crate::error::Result;
use crate::project::Project;
use orm_migrate::executor::{Migrator, Target};
use std::path::Path;

pub(super) async fn run(project: &Project, folder: Option<&Path>, args: &Check, out: Output<'_>) -> Result<Status> {
    let source = project.source(folder)?;
    let mut problems = Vec::new();
    let models = Problem::catch(project.models(), "models", &mut problems);
    let graph = Problem::catch(source.load(), "migrations", &mut problems);
    if let Some(models) = &models {
        problems.extend(models::check(models));
    }
    if let (Some(models), Some(_)) = (&models, &graph) {
        problems.extend(migrations::check(models, &source));
    }
    if let (Some(_), Some(url)) = (&graph, &args.database) {
        let plan = with_database(Some(url), async |db| {
            let migrator = Migrator::new(db, &source);
            match migrator {
                Ok(migrator) => Ok(migrator.plan(&Target::All).await),
                Err(error) => Ok(Err(error)),
            }
        })
        .await?;
        problems.extend(migrations::check_applied(plan));
    }
    show(&problems, out)?;
    let fatal = problems.iter().any(|problem| problem.level >= args.fail_level);
    Ok(if fatal { Status::Failure } else { Status::Success })
}

fn show(problems: &[Problem], out: Output<'_>) -> Result<()> {
    if problems.is_empty() {
        return Ok(writeln!(out, "System check identified no issues.")?);
    }
    writeln!(out, "System check identified some issues:")?;
    for (level, title) in [(FailLevel::Error, "ERRORS"), (FailLevel::Warning, "WARNINGS")] {
        let mut of_level = problems.iter().filter(|problem| problem.level == level).peekable();
        if of_level.peek().is_some() {
            writeln!(out, "\n{title}:")?;
        }
        for Problem {
            place, message, hint, ..
        } in of_level
        {
            writeln!(out, "{place}: {message}")?;
            if let Some(hint) = hint {
                writeln!(out, "    HINT: {hint}")?;
            }
        }
    }
    let s = if problems.len() == 1 { "" } else { "s" };
    Ok(writeln!(out, "\nSystem check identified {} issue{s}.", problems.len())?)
}
