//! `MigrateError`: what can go wrong with migrations, said in terms of apps, models and files.

use crate::operation::MigrationId;
use std::path::PathBuf;

/// What every fallible call of this crate returns.
pub type Result<T, E = MigrateError> = std::result::Result<T, E>;

/// An error of making, reading or applying migrations.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum MigrateError {
    /// The database refused something.
    #[error(transparent)]
    Database(#[from] orm_core::Error),

    /// A file or folder could not be read or written.
    #[error("{}: {source}", path.display())]
    Io {
        /// which
        path: PathBuf,
        /// why
        #[source]
        source: std::io::Error,
    },

    /// A migration file does not say what a migration file should.
    #[error("{path}:{line}: {message}")]
    File {
        /// the file
        path: String,
        /// the line, from 1
        line: usize,
        /// what is wrong
        message: String,
    },

    /// Two files hold a migration of the same name.
    #[error("migration {migration} is in {first} and in {second}")]
    Duplicate {
        /// the migration
        migration: MigrationId,
        /// one file
        first: String,
        /// the other
        second: String,
    },

    /// A migration depends on one that does not exist.
    #[error("migration {migration} depends on {dependency}, which does not exist")]
    MissingDependency {
        /// the migration
        migration: MigrationId,
        /// what is missing
        dependency: MigrationId,
    },

    /// Migrations depend on each other in a circle.
    #[error("migrations depend on each other: {}", join(cycle, " -> "))]
    Cycle {
        /// the circle
        cycle: Vec<MigrationId>,
    },

    /// An app has two last migrations: two people made one at once.
    #[error(
        "conflicting migrations: {app} has more than one last migration: {}. Make one of them depend on the other \
         (`dependencies` in its file) and give it the next number",
        join(leaves, ", ")
    )]
    Conflict {
        /// the app
        app: String,
        /// its last migrations
        leaves: Vec<MigrationId>,
    },

    /// There is no such app among the migrations.
    #[error("app {app:?} has no migrations; the apps that have are: {}", known.join(", "))]
    UnknownApp {
        /// what was asked for
        app: String,
        /// what there is
        known: Vec<String>,
    },

    /// There is no migration of that name.
    #[error("app {app} has no migration that begins with {name:?}")]
    UnknownMigration {
        /// the app
        app: String,
        /// the name or its beginning
        name: String,
    },

    /// Several migrations begin with that name.
    #[error("{name:?} is the beginning of more than one migration of {app}: {}", found.join(", "))]
    AmbiguousMigration {
        /// the app
        app: String,
        /// the beginning of a name
        name: String,
        /// what begins with it
        found: Vec<String>,
    },

    /// A model, field, index or constraint that is spoken of does not exist at that point.
    #[error("{0}")]
    State(String),

    /// A value does not suit the column that it is the default of.
    #[error("{value} does not suit {field}: {message}")]
    Literal {
        /// `library_book.price`
        field: String,
        /// as it is written
        value: String,
        /// why not
        message: String,
    },

    /// A change needs an answer that nobody is there to give.
    #[error("{0}")]
    Unanswered(String),

    /// Operations depend on each other in a way that no order satisfies.
    #[error("the changes of {app} depend on each other; make and apply them in two steps")]
    Unsortable {
        /// the app
        app: String,
    },

    /// A migration cannot be undone. Nothing was changed.
    #[error("migration {migration} cannot be undone: {operation:?} has no reverse")]
    Irreversible {
        /// the migration
        migration: MigrationId,
        /// the operation
        operation: String,
    },

    /// A field cannot become another kind of field in place.
    #[error(
        "cannot alter {field}: a many-to-many field cannot become another field or gain or lose its `through` model; \
         remove it and add it anew"
    )]
    Incompatible {
        /// `library.Book.authors`
        field: String,
    },

    /// What the database says was applied contradicts the dependencies.
    #[error("migration {migration} is applied before its dependency {dependency}")]
    Inconsistent {
        /// applied
        migration: MigrationId,
        /// not applied
        dependency: MigrationId,
    },

    /// A migration failed and all of it was rolled back.
    #[error("migration {migration} failed at {operation:?} and was rolled back: {source}")]
    Failed {
        /// the migration
        migration: MigrationId,
        /// the operation
        operation: String,
        /// the database's error
        #[source]
        source: Box<orm_core::Error>,
    },

    /// A migration failed half-way on a database that cannot roll schema changes back.
    #[error(
        "migration {migration} failed at {operation:?}: {source}. The database keeps schema changes: {}. \
         Put this right by hand before you migrate again",
        already(done)
    )]
    Partial {
        /// the migration
        migration: MigrationId,
        /// the operation that failed
        operation: String,
        /// the operations before it, which stay
        done: Vec<String>,
        /// the database's error
        #[source]
        source: Box<orm_core::Error>,
    },

    /// Rows would name rows that do not exist. The migration was rolled back.
    #[error("migration {migration} would leave keys that name no row: {}", violations.join("; "))]
    ForeignKeys {
        /// the migration
        migration: MigrationId,
        /// table, row and what it refers to
        violations: Vec<String>,
    },

    /// Another process holds the lock.
    #[error("another process is migrating this database; gave up after {seconds} seconds")]
    Locked {
        /// how long was waited
        seconds: u32,
    },
}

impl MigrateError {
    pub(crate) fn state(message: impl Into<String>) -> Self {
        MigrateError::State(message.into())
    }
}

fn join(ids: &[MigrationId], separator: &str) -> String {
    ids.iter().map(ToString::to_string).collect::<Vec<_>>().join(separator)
}

fn already(done: &[String]) -> String {
    if done.is_empty() {
        "no operation before it was done".to_owned()
    } else {
        format!("done were {}", done.join(", "))
    }
}
