//! `ModelState`: one model, as far as the schema knows it.

use super::{ConstraintState, FieldState, IndexState, ModelKey};
use crate::error::{MigrateError, Result};
use serde::{Deserialize, Serialize};

/// One model: its fields and what it says of its table as a whole.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ModelState {
    /// the app: `library`
    pub app: String,
    /// the struct's name: `Library`
    pub name: String,
    /// the table, where it has not Django's name
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub table: Option<String>,
    /// the fields, in order, with the many-to-many fields at the end
    pub fields: Vec<FieldState>,
    /// groups of fields that are unique together
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unique_together: Vec<Vec<String>>,
    /// indexes over several fields
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub indexes: Vec<IndexState>,
    /// unique and check constraints
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub constraints: Vec<ConstraintState>,
    /// the table's comment in the database
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub comment: Option<String>,
    /// whether migrations create and alter the table
    pub managed: bool,
}

impl ModelState {
    /// A managed model without fields.
    pub fn new(app: impl Into<String>, name: impl Into<String>) -> Self {
        ModelState {
            app: app.into(),
            name: name.into(),
            table: None,
            fields: Vec::new(),
            unique_together: Vec::new(),
            indexes: Vec::new(),
            constraints: Vec::new(),
            comment: None,
            managed: true,
        }
    }

    /// App and lower-case name.
    pub fn key(&self) -> ModelKey {
        ModelKey::new(&*self.app, &self.name)
    }

    /// `library.Library`, by which relations know the model.
    pub fn label(&self) -> String {
        format!("{}.{}", self.app, self.name)
    }

    /// The name in lower case.
    pub fn name_lower(&self) -> String {
        self.name.to_lowercase()
    }

    /// The field of that name, if there is one.
    pub fn get(&self, field: &str) -> Option<&FieldState> {
        self.fields.iter().find(|f| f.name == field)
    }

    /// The field of that name.
    pub fn field(&self, field: &str) -> Result<&FieldState> {
        self.get(field).ok_or_else(|| self.unknown("field", field))
    }

    /// Where the field of that name stands.
    pub fn position(&self, field: &str) -> Result<usize> {
        self.fields
            .iter()
            .position(|f| f.name == field)
            .ok_or_else(|| self.unknown("field", field))
    }

    /// The primary key.
    pub fn primary_key(&self) -> Result<&FieldState> {
        self.fields
            .iter()
            .find(|f| f.primary_key)
            .ok_or_else(|| MigrateError::state(format!("model {} has no primary key", self.label())))
    }

    /// The index of that name.
    pub fn index(&self, name: &str) -> Result<&IndexState> {
        self.indexes
            .iter()
            .find(|i| i.name == name)
            .ok_or_else(|| self.unknown("index", name))
    }

    /// The constraint of that name.
    pub fn constraint(&self, name: &str) -> Result<&ConstraintState> {
        self.constraints
            .iter()
            .find(|c| c.name() == name)
            .ok_or_else(|| self.unknown("constraint", name))
    }

    fn unknown(&self, what: &str, name: &str) -> MigrateError {
        MigrateError::state(format!("model {} has no {what} {name:?} at this point", self.label()))
    }
}
