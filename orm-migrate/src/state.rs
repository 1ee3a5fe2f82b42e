//! The state of all models at one point of the migrations' history, without the Rust types.

mod condition;
mod constraint;
mod data_type;
mod field;
mod field_type;
mod key;
mod model;
mod registry;

pub use condition::{Comparison, Condition, ConditionOp, Operand};
pub use constraint::{ConstraintState, IndexState};
pub use data_type::DataType;
pub use field::FieldState;
pub use field_type::{FieldType, ForeignKeyState, ManyToManyState, OnDelete};
pub use key::ModelKey;
pub use model::ModelState;

use crate::error::{MigrateError, Result};
use crate::literal::Literal;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::Arc;

/// All models, by app and name.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(from = "Vec<ModelState>", into = "Vec<ModelState>")]
pub struct ProjectState {
    /// shared, for the states before and after an operation differ in few models
    models: BTreeMap<ModelKey, Arc<ModelState>>,
    /// What existing rows get in a new column whose default is made by a function. It is no part
    /// of the schema, so it is not kept in files.
    computed: BTreeMap<(ModelKey, String), Literal>,
}

impl From<Vec<ModelState>> for ProjectState {
    fn from(models: Vec<ModelState>) -> Self {
        ProjectState {
            models: models.into_iter().map(|m| (m.key(), Arc::new(m))).collect(),
            computed: BTreeMap::new(),
        }
    }
}

impl From<ProjectState> for Vec<ModelState> {
    fn from(state: ProjectState) -> Self {
        state.models.into_values().map(Arc::unwrap_or_clone).collect()
    }
}

impl ProjectState {
    /// The models, in the order of their names.
    pub fn models(&self) -> impl Iterator<Item = (&ModelKey, &ModelState)> {
        self.models.iter().map(|(key, model)| (key, &**model))
    }

    /// The model of that key, if there is one.
    pub fn get(&self, key: &ModelKey) -> Option<&ModelState> {
        self.models.get(key).map(Arc::as_ref)
    }

    /// The model of that key.
    pub fn model(&self, key: &ModelKey) -> Result<&ModelState> {
        self.get(key).ok_or_else(|| unknown(key))
    }

    /// The model of that key, to be changed.
    pub fn model_mut(&mut self, key: &ModelKey) -> Result<&mut ModelState> {
        self.models.get_mut(key).map(Arc::make_mut).ok_or_else(|| unknown(key))
    }

    /// All models, to be changed.
    pub(crate) fn models_mut(&mut self) -> impl Iterator<Item = (&ModelKey, &mut ModelState)> {
        self.models.iter_mut().map(|(key, model)| (key, Arc::make_mut(model)))
    }

    /// Adds a model; there must be none of that name yet.
    pub fn add(&mut self, model: ModelState) -> Result<()> {
        let key = model.key();
        if self.models.contains_key(&key) {
            return Err(MigrateError::state(format!("model {key} exists already")));
        }
        self.models.insert(key, Arc::new(model));
        Ok(())
    }

    /// Takes a model away.
    pub fn remove(&mut self, key: &ModelKey) -> Result<ModelState> {
        self.models
            .remove(key)
            .map(Arc::unwrap_or_clone)
            .ok_or_else(|| unknown(key))
    }

    /// The relations of all models that point to this one or go through it.
    pub fn incoming(&self, key: &ModelKey) -> impl Iterator<Item = (&ModelKey, &FieldState)> {
        self.models
            .iter()
            .flat_map(|(source, model)| model.fields.iter().map(move |field| (source, field)))
            .filter(move |(_, field)| field.ty.refers_to(key))
    }

    /// Sets what existing rows get in a new column whose default is made by a function.
    pub fn set_computed(&mut self, key: ModelKey, field: String, value: Literal) {
        self.computed.insert((key, field), value);
    }

    /// What existing rows get in a new column whose default is made by a function.
    pub fn computed(&self, key: &ModelKey, field: &str) -> Option<&Literal> {
        self.computed.get(&(key.clone(), field.to_owned()))
    }
}

fn unknown(key: &ModelKey) -> MigrateError {
    MigrateError::state(format!("there is no model {key} at this point"))
}
