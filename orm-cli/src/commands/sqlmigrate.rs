//! `sqlmigrate`: the SQL of a migration.

use super::{Output, Status, target};
use crate::args::SqlMigrate;
use crate::database::{kind, with_database};
use crate::error::Result;
use crate::project::Project;
use orm_migrate::executor::{Migrator, sql_for};
use std::path::Path;

pub(super) async fn run(
    project: &Project,
    folder: Option<&Path>,
    args: &SqlMigrate,
    out: Output<'_>,
) -> Result<Status> {
    let source = project.source(folder)?;
    let graph = source.load()?;
    let id = target::migration(&args.migration, &graph)?;
    let lines = match args.database.as_deref().and_then(kind) {
        Some(backend) => sql_for(&graph, &id, args.backwards, backend)?,
        // Only the database knows what its constraints are called.
        None => {
            with_database(args.database.as_deref(), async |db| {
                Ok(Migrator::new(db, &source)?.sql(&id, args.backwards).await?)
            })
            .await?
        }
    };
    for line in &lines {
        writeln!(out, "{line}")?;
    }
    if lines.is_empty() {
        writeln!(out, "-- No operations found.")?;
    }
    Ok(Status::Success)
}
