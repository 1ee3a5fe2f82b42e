//! Migration files: reading, writing, finding them, and the graph that they form.

mod graph;
mod make;
mod raw_field;
mod raw_operation;
mod read;
mod source;
mod write;

pub use graph::MigrationGraph;
pub use make::{MakeOptions, NewMigration, make_migrations};
pub use raw_field::RawField;
pub use read::parse;
pub use source::{EmbeddedMigrations, MigrationSource};
pub use write::write;
