//! The commands of `manage`, the program that `orm::manage!()` makes.
//!
//! [`manage`] is that program. Each command is also a call, with the output going where the caller
//! wants it:
//!
//! ```no_run
//! # async fn example() -> Result<(), Box<dyn std::error::Error>> {
//! use orm_cli::{Cli, Project, run};
//!
//! let project = Project::new("library", env!("CARGO_MANIFEST_DIR"));
//! let cli = Cli::parse_words(["migrate", "library", "0001", "--database", "sqlite://library.db"])?;
//! let mut output = Vec::new();
//! run(&project, &cli, &mut output).await?;
//! # Ok(())
//! # }
//! ```

mod args;
mod commands;
mod database;
mod error;
mod project;
mod questions;
pub mod shell;

pub use args::{
    Check, Cli, Command, DatabaseUrl, FailLevel, MakeMigrations, Migrate, Shell, ShowMigrations, SqlMigrate,
};
pub use commands::{Output, Status, run};
pub use error::{CliError, Result};
pub use project::Project;

use clap::Parser;
use std::io;
use std::process::ExitCode;

/// Runs the command that the program's arguments ask for; `orm::manage!()` calls it.
///
/// `default_app` is the app whose migration files lie in `migrations/` itself, `manifest_dir` the
/// folder of the package.
pub fn manage(default_app: &str, manifest_dir: &str) -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(answer) => {
            // `--help` is such an answer, too. Where it cannot be printed, nothing else can.
            drop(answer.print());
            return ExitCode::from(u8::try_from(answer.exit_code()).unwrap_or(2));
        }
    };
    match in_runtime(&Project::new(default_app, manifest_dir), &cli) {
        Ok(Status::Success) => ExitCode::SUCCESS,
        Ok(Status::Failure) => ExitCode::FAILURE,
        // The reader of our output has read enough: `manage showmigrations | head`.
        Err(CliError::Output(e)) if e.kind() == io::ErrorKind::BrokenPipe => ExitCode::FAILURE,
        Err(e) => {
            drop(error::report(&e, &mut io::stderr()));
            ExitCode::FAILURE
        }
    }
}

fn in_runtime(project: &Project, cli: &Cli) -> Result<Status> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime
        .map_err(CliError::Runtime)?
        .block_on(run(project, cli, &mut io::stdout()))
}
