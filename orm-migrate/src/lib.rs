//! Migrations for `orm`: the state of the models, its changes as files, and their way into a
//! database.
//!
//! [`state`] is what the models look like at one point of the history, read from the program or
//! replayed from files. [`diff`] finds the [`operation`]s that lead from one state to another and
//! [`files`] keeps them as reviewable TOML. [`editor`] spells operations in the SQL of one
//! database, in Django's names and column types, and [`executor`] applies them.

pub mod diff;
pub mod editor;
pub mod error;
pub mod executor;
pub mod files;
pub mod literal;
pub mod names;
pub mod operation;
pub mod state;

pub use diff::{Alteration, NonInteractive, Questioner};
pub use error::{MigrateError, Result};
pub use files::{EmbeddedMigrations, MakeOptions, MigrationSource, NewMigration, make_migrations};
pub use operation::MigrationId;
pub use state::ProjectState;
