//! Applying migrations to a database and undoing them.
//!
//! What is applied is recorded in Django's own table, `django_migrations`, so that a Django project
//! and a Rust service can share a database.

mod apply;
mod introspect;
mod plan;
mod recorder;
mod run;
mod sql;
mod status;
mod sync;
mod target;
mod transaction;

pub use apply::{Event, MigrateOptions, Progress};
pub use plan::PlannedMigration;
pub use sql::sql_for;
pub use status::{AppStatus, MigrationStatus};
pub use sync::{create_all, create_all_sql, sync_models};
pub use target::Target;

use crate::error::Result;
use crate::files::{MigrationGraph, MigrationSource};
use orm_core::exec::Db;

/// Migrations and the database that they are for.
#[derive(Clone)]
pub struct Migrator {
    db: Db,
    graph: MigrationGraph,
}

impl Migrator {
    /// Reads the migrations and checks that they fit together.
    pub fn new(db: Db, source: &MigrationSource) -> Result<Self> {
        let graph = source.load()?;
        graph.check_conflicts()?;
        Ok(Migrator { db, graph })
    }

    /// The migrations that were read.
    pub fn graph(&self) -> &MigrationGraph {
        &self.graph
    }
}
