//! `CliError`: what ends a command, and how it is told.

use orm_migrate::MigrateError;
use std::error::Error;
use std::io::{self, Write};
use std::path::PathBuf;

/// What every command returns.
pub type Result<T, E = CliError> = std::result::Result<T, E>;

/// Why a command could not do its work.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CliError {
    /// The migrations, or the way of one into the database.
    #[error(transparent)]
    Migrate(#[from] MigrateError),

    /// The database.
    #[error(transparent)]
    Database(#[from] orm_core::Error),

    /// The arguments make no sense, or ask for help.
    #[error(transparent)]
    Arguments(#[from] clap::Error),

    /// No database was named.
    #[error(
        "no database is named: give `--database URL` or set DATABASE_URL, such as sqlite://library.db, \
         postgres://user:password@localhost/library or mysql://user:password@localhost/library"
    )]
    NoDatabase,

    /// Nothing is known of the models.
    #[error(
        "this program knows no models: `orm::manage!()` links the package's own library; name further crates, as in \
         `orm::manage!(shop, billing)`"
    )]
    NoModels,

    /// An app that neither the models nor the migrations know.
    #[error("No installed app with label '{label}'{}", known(apps))]
    UnknownApp {
        /// what was asked for
        label: String,
        /// what there is
        apps: Vec<String>,
    },

    /// The app cannot be left out.
    #[error("{what}: say of which app{}", known(apps))]
    WhichApp {
        /// what was asked for
        what: String,
        /// the candidates
        apps: Vec<String>,
    },

    /// A name that cannot be part of a file's name.
    #[error(
        "The migration name must be made of letters, digits and underscores and not begin with a digit, but is '{0}'"
    )]
    MigrationName(String),

    /// The program runs where its package is not.
    #[error("there are no migrations at {}: say where they are with `--migrations DIR`", .0.display())]
    NoFolder(PathBuf),

    /// A file could not be written.
    #[error("cannot write {}", path.display())]
    File {
        /// which
        path: PathBuf,
        /// why
        #[source]
        source: io::Error,
    },

    /// A text for the shell.
    #[error(transparent)]
    Shell(#[from] crate::shell::ShellError),

    /// The output could not be written.
    #[error("cannot write the output")]
    Output(#[from] io::Error),

    /// The asynchronous runtime could not be started.
    #[error("cannot start the runtime")]
    Runtime(#[source] io::Error),
}

fn known(apps: &[String]) -> String {
    if apps.is_empty() {
        ". There are no apps.".to_owned()
    } else {
        format!(". The apps are: {}.", apps.join(", "))
    }
}

/// One line for the error, and one for each cause that it does not tell itself.
pub(crate) fn report(error: &CliError, to: &mut dyn Write) -> io::Result<()> {
    let mut told = error.to_string();
    writeln!(to, "error: {told}")?;
    let mut cause = error.source();
    while let Some(error) = cause {
        let text = error.to_string();
        if !told.contains(&text) {
            writeln!(to, "  caused by: {text}")?;
            told.push_str(&text);
        }
        cause = error.source();
    }
    Ok(())
}

#[cfg(test)]
#[allow(clippy::expect_used, reason = "tests may fail")]
mod tests {
    use super::*;

    fn told(error: &CliError) -> String {
        let mut text = Vec::new();
        report(error, &mut text).expect("memory is written to");
        String::from_utf8(text).expect("UTF-8")
    }

    #[test]
    fn a_cause_is_told_once() {
        let source = io::Error::other("disk full");
        let error = CliError::File {
            path: "a.toml".into(),
            source,
        };
        assert_eq!(told(&error), "error: cannot write a.toml\n  caused by: disk full\n");
        let source = io::Error::other("disk full");
        let error = CliError::Migrate(MigrateError::Io {
            path: "a.toml".into(),
            source,
        });
        assert_eq!(told(&error), "error: a.toml: disk full\n");
    }
}
