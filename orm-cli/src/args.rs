//! What can be said on the command line.

use crate::error::Result;
use clap::{Args, Parser, Subcommand, ValueEnum};
use std::ffi::OsString;
use std::path::PathBuf;

/// The management commands of this package's models.
#[derive(Debug, Parser)]
#[command(name = "manage", bin_name = "manage", version)]
pub struct Cli {
    /// The folder of the migration files, if it is not `migrations` in the package's folder
    #[arg(long, value_name = "DIR", global = true)]
    pub migrations: Option<PathBuf>,
    /// What to do
    #[command(subcommand)]
    pub command: Command,
}

impl Cli {
    /// What the words after the program's name ask for.
    pub fn parse_words<W: Into<OsString>>(words: impl IntoIterator<Item = W>) -> Result<Self> {
        let words = words.into_iter().map(Into::into);
        Ok(Cli::try_parse_from(std::iter::once("manage".into()).chain(words))?)
    }
}

/// One of the commands.
#[derive(Debug, Subcommand)]
#[command(rename_all = "lowercase")]
pub enum Command {
    /// Write new migrations for what changed in the models
    MakeMigrations(MakeMigrations),
    /// Bring the database to the last migration, or to the one named
    Migrate(Migrate),
    /// List the migrations, with a mark at those that are applied
    ShowMigrations(ShowMigrations),
    /// Print the SQL of a migration
    SqlMigrate(SqlMigrate),
    /// Ask the database, in Django's own spelling
    Shell(Shell),
    /// Look for problems in the models and in the migrations
    Check(Check),
}

/// Arguments of `makemigrations`.
#[derive(Debug, Args)]
pub struct MakeMigrations {
    /// The apps to look at; all by default
    pub apps: Vec<String>,
    /// The new migration's name, after its number
    #[arg(short, long)]
    pub name: Option<String>,
    /// Ask nothing: what would need an answer is an error
    #[arg(long, alias = "noinput")]
    pub no_input: bool,
    /// Only say what would be written
    #[arg(long)]
    pub dry_run: bool,
    /// Only say what would be written, and fail if there is something
    #[arg(long)]
    pub check: bool,
    /// Write a migration without operations, to be filled in by hand
    #[arg(long)]
    pub empty: bool,
}

/// Arguments of `migrate`.
#[derive(Debug, Args)]
pub struct Migrate {
    /// The app, then the migration to go to: its name, the beginning of the name, or `zero` to undo
    /// all of them. With only one app, the app can be left out
    #[arg(value_names = ["APP", "MIGRATION"], num_args = 0..=2)]
    pub target: Vec<String>,
    /// Only note down that the migrations are applied (or undone); leave the tables alone
    #[arg(long)]
    pub fake: bool,
    /// Only show what would be done
    #[arg(long)]
    pub plan: bool,
    #[allow(missing_docs, reason = "documented at its type")]
    #[command(flatten)]
    pub database: DatabaseUrl,
}

/// Arguments of `showmigrations`.
#[derive(Debug, Args)]
pub struct ShowMigrations {
    /// The apps to show; all by default
    pub apps: Vec<String>,
    /// In the order in which they are applied
    #[arg(long)]
    pub plan: bool,
    #[allow(missing_docs, reason = "documented at its type")]
    #[command(flatten)]
    pub database: DatabaseUrl,
}

/// Arguments of `sqlmigrate`.
#[derive(Debug, Args)]
pub struct SqlMigrate {
    /// The migration's app and its name or the beginning of it. With only one app, the app can be
    /// left out
    #[arg(value_names = ["APP", "MIGRATION"], num_args = 1..=2, required = true)]
    pub migration: Vec<String>,
    /// The SQL that undoes the migration
    #[arg(long)]
    pub backwards: bool,
    /// The database's URL, or for SQL without one `sqlite`, `postgres`, `mysql` or `mariadb`
    #[arg(long, value_name = "URL or KIND", env = "DATABASE_URL", hide_env_values = true)]
    pub database: Option<String>,
}

/// Arguments of `shell`.
#[derive(Debug, Args)]
pub struct Shell {
    /// Statements to run in place of those that are typed
    #[arg(short, long, value_name = "TEXT")]
    pub command: Option<String>,
    /// Print values as JSON, one a line
    #[arg(long)]
    pub json: bool,
    /// Print the SQL that runs
    #[arg(long)]
    pub sql: bool,
    #[allow(missing_docs, reason = "documented at its type")]
    #[command(flatten)]
    pub database: DatabaseUrl,
}

/// Arguments of `check`.
#[derive(Debug, Args)]
pub struct Check {
    /// The URL of a database whose migrations are to be looked at, too
    #[arg(long, value_name = "URL")]
    pub database: Option<String>,
    /// What is bad enough to fail
    #[arg(long, value_enum, value_name = "LEVEL", default_value = "error", ignore_case = true)]
    pub fail_level: FailLevel,
}

/// What is bad enough for `check` to fail.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, ValueEnum)]
pub enum FailLevel {
    /// Everything that is found
    Warning,
    /// Only what cannot work
    Error,
}

/// Which database a command works on.
#[derive(Debug, Args)]
pub struct DatabaseUrl {
    /// The database: `sqlite://library.db`, `postgres://…` or `mysql://…`
    #[arg(long = "database", value_name = "URL", env = "DATABASE_URL", hide_env_values = true)]
    pub url: Option<String>,
}
