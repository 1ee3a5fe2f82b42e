//! The operations that migrations are made of, and what each says about itself.

mod describe;
mod migration;
mod reduce;
mod references;
mod state;

pub use migration::{Migration, MigrationId};
pub(crate) use reduce::Reduction;

use crate::state::{ConstraintState, FieldState, IndexState, ModelState};
use orm_core::exec::Backend;
use serde::{Deserialize, Serialize};

/// One step of a migration, for no database in particular. Models are named in lower case.
#[derive(Debug, Clone, PartialEq)]
pub enum Operation {
    /// makes a model's table
    CreateModel(ModelState),
    /// drops a model's table
    DeleteModel {
        /// the model
        name: String,
    },
    /// gives a model, its table and what refers to it another name
    RenameModel {
        /// before
        old_name: String,
        /// after
        new_name: String,
    },
    /// gives a model's table another name
    AlterModelTable {
        /// the model
        name: String,
        /// the table; none is Django's name
        table: Option<String>,
    },
    /// sets the comment of a model's table
    AlterModelTableComment {
        /// the model
        name: String,
        /// the comment
        comment: Option<String>,
    },
    /// sets the groups of fields that are unique together
    AlterUniqueTogether {
        /// the model
        name: String,
        /// the groups
        unique_together: Vec<Vec<String>>,
    },
    /// sets what does not touch the database
    AlterModelOptions {
        /// the model
        name: String,
        /// whether migrations create and alter the table
        managed: bool,
    },
    /// adds a field
    AddField {
        /// the model
        model: String,
        /// the field
        field: FieldState,
        /// whether the default stays the field's; else it only fills the rows that exist
        preserve_default: bool,
    },
    /// removes a field
    RemoveField {
        /// the model
        model: String,
        /// the field
        name: String,
    },
    /// changes a field
    AlterField {
        /// the model
        model: String,
        /// the field as it will be
        field: FieldState,
        /// whether the default stays the field's; else it only fills the rows that hold NULL
        preserve_default: bool,
    },
    /// gives a field another name
    RenameField {
        /// the model
        model: String,
        /// before
        old_name: String,
        /// after
        new_name: String,
    },
    /// adds an index
    AddIndex {
        /// the model
        model: String,
        /// the index
        index: IndexState,
    },
    /// removes an index
    RemoveIndex {
        /// the model
        model: String,
        /// the index
        name: String,
    },
    /// gives an index another name
    RenameIndex {
        /// the model
        model: String,
        /// before
        old_name: String,
        /// after
        new_name: String,
    },
    /// adds a constraint
    AddConstraint {
        /// the model
        model: String,
        /// the constraint
        constraint: ConstraintState,
    },
    /// removes a constraint
    RemoveConstraint {
        /// the model
        model: String,
        /// the constraint
        name: String,
    },
    /// runs statements that someone wrote
    RunSql {
        /// to apply
        forward: Sql,
        /// to undo; none cannot be undone, an empty text needs no undoing
        reverse: Option<Sql>,
    },
}

/// Statements that someone wrote: the same for every database, or some for each.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Sql {
    /// the same for every database
    Every(String),
    /// some for each; a database without an entry has nothing to do
    Each(SqlPerDatabase),
}

/// Statements for each database.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SqlPerDatabase {
    /// for SQLite
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sqlite: Option<String>,
    /// for PostgreSQL
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub postgres: Option<String>,
    /// for MySQL and MariaDB
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mysql: Option<String>,
}

impl Sql {
    /// The statements for that database, if there are any.
    pub fn on(&self, backend: Backend) -> Option<&str> {
        let text = match self {
            Sql::Every(text) => Some(text),
            Sql::Each(each) => match backend {
                Backend::Sqlite => each.sqlite.as_ref(),
                Backend::Postgres => each.postgres.as_ref(),
                _ => each.mysql.as_ref(),
            },
        };
        text.map(|text| text.trim()).filter(|text| !text.is_empty())
    }
}

impl Operation {
    /// Whether it can be undone.
    pub fn is_reversible(&self) -> bool {
        !matches!(self, Operation::RunSql { reverse: None, .. })
    }

    /// The model that it is about, in lower case; none for SQL.
    pub fn model(&self) -> Option<String> {
        match self {
            Operation::CreateModel(model) => Some(model.name_lower()),
            Operation::DeleteModel { name }
            | Operation::AlterModelTable { name, .. }
            | Operation::AlterModelTableComment { name, .. }
            | Operation::AlterUniqueTogether { name, .. }
            | Operation::AlterModelOptions { name, .. }
            | Operation::RenameModel { old_name: name, .. } => Some(name.to_lowercase()),
            Operation::AddField { model, .. }
            | Operation::RemoveField { model, .. }
            | Operation::AlterField { model, .. }
            | Operation::RenameField { model, .. }
            | Operation::AddIndex { model, .. }
            | Operation::RemoveIndex { model, .. }
            | Operation::RenameIndex { model, .. }
            | Operation::AddConstraint { model, .. }
            | Operation::RemoveConstraint { model, .. } => Some(model.to_lowercase()),
            Operation::RunSql { .. } => None,
        }
    }
}
