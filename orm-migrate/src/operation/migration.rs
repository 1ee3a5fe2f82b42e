//! `Migration`: the operations of one file; `MigrationId`: its name.

use super::Operation;
use crate::error::Result;
use crate::state::ProjectState;
use std::fmt;

/// App and name of a migration: `library.0002_author_notes`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MigrationId {
    /// the app
    pub app: String,
    /// the name, which is also the file's
    pub name: String,
}

impl MigrationId {
    /// That migration.
    pub fn new(app: impl Into<String>, name: impl Into<String>) -> Self {
        MigrationId {
            app: app.into(),
            name: name.into(),
        }
    }

    /// What a dependency in a file says: `library.0001_initial`.
    pub fn parse(text: &str) -> Option<Self> {
        let (app, name) = text.split_once('.')?;
        (!app.is_empty() && !name.is_empty()).then(|| MigrationId::new(app, name))
    }

    /// The number that the name begins with.
    pub fn number(&self) -> Option<u32> {
        let digits: String = self.name.chars().take_while(char::is_ascii_digit).collect();
        digits.parse().ok()
    }
}

impl fmt::Display for MigrationId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.app, self.name)
    }
}

/// Operations that are applied together, and what must be applied before.
#[derive(Debug, Clone, PartialEq)]
pub struct Migration {
    /// app and name
    pub id: MigrationId,
    /// what must be applied before
    pub dependencies: Vec<MigrationId>,
    /// whether it is the first of its app
    pub initial: bool,
    /// the operations, in order
    pub operations: Vec<Operation>,
}

impl Migration {
    /// Changes the state as the operations do.
    pub fn mutate_state(&self, state: &mut ProjectState) -> Result<()> {
        self.operations
            .iter()
            .try_for_each(|operation| operation.state_forwards(&self.id.app, state))
    }
}
