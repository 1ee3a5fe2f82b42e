//! The commands, a file each.

mod check;
mod makemigrations;
mod migrate;
mod shell;
mod showmigrations;
mod sqlmigrate;
mod target;

use crate::args::{Cli, Command};
use crate::error::Result;
use crate::project::Project;
use std::io::Write;

/// Where commands write to.
pub type Output<'a> = &'a mut (dyn Write + Send);

/// How a command ended that could do its work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use]
pub enum Status {
    /// all is well
    Success,
    /// what it looked for was found (`check`, `makemigrations --check`)
    Failure,
}

/// Runs one command.
pub async fn run(project: &Project, cli: &Cli, out: Output<'_>) -> Result<Status> {
    let folder = cli.migrations.as_deref();
    match &cli.command {
        Command::MakeMigrations(args) => makemigrations::run(project, folder, args, out),
        Command::Migrate(args) => migrate::run(project, folder, args, out).await,
        Command::ShowMigrations(args) => showmigrations::run(project, folder, args, out).await,
        Command::SqlMigrate(args) => sqlmigrate::run(project, folder, args, out).await,
        Command::Shell(args) => shell::run(args, out).await,
        Command::Check(args) => check::run(project, folder, args, out).await,
    }
}
