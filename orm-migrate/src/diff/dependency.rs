//! What an operation needs to be done before it.

use super::Autodetector;
use crate::error::Result;
use crate::operation::Operation;
use crate::state::{FieldState, FieldType, ModelKey};

/// Something that must have happened, if it happens at all.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Dependency {
    pub model: ModelKey,
    pub what: What,
}

/// What must have happened to the model.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum What {
    CreateModel,
    RemoveModel,
    CreateField(String),
    RemoveField(String),
    AlterField(String),
    AlterTogether,
}

impl Dependency {
    pub fn new(model: &ModelKey, what: What) -> Self {
        Dependency {
            model: model.clone(),
            what,
        }
    }

    /// Whether this operation (of the app in question) is what must have happened.
    pub fn is(&self, operation: &Operation) -> bool {
        if operation.model().is_none_or(|model| model != self.model.name) {
            return false;
        }
        match (&self.what, operation) {
            (What::CreateModel, Operation::CreateModel(_))
            | (What::RemoveModel, Operation::DeleteModel { .. })
            | (What::AlterTogether, Operation::AlterUniqueTogether { .. }) => true,
            (What::CreateField(name), Operation::CreateModel(model)) => model.get(name).is_some(),
            (What::CreateField(name), Operation::AddField { field, .. })
            | (What::AlterField(name), Operation::AlterField { field, .. }) => same(&field.name, name),
            (What::RemoveField(name), Operation::RemoveField { name: removed, .. }) => same(removed, name),
            _ => false,
        }
    }
}

fn same(a: &str, b: &str) -> bool {
    a.to_lowercase() == b.to_lowercase()
}

/// What a relation needs: the models that it points to and goes through.
pub(super) fn of_relation(field: &FieldState) -> Vec<Dependency> {
    let labels = field.ty.to().into_iter().chain(field.ty.through());
    labels
        .filter_map(ModelKey::parse)
        .map(|key| Dependency {
            model: key,
            what: What::CreateModel,
        })
        .collect()
}

impl Autodetector<'_> {
    /// What the relations of a model of the new state need.
    pub(super) fn dependencies_of_model(&self, key: &ModelKey) -> Result<Vec<Dependency>> {
        let relations = self
            .new_model(key)?
            .fields
            .iter()
            .filter(|f| !matches!(f.ty, FieldType::Data(_)));
        Ok(relations.flat_map(of_relation).collect())
    }
}

/// Each once, in a stable order.
pub(super) fn unique(mut dependencies: Vec<Dependency>) -> Vec<Dependency> {
    dependencies.sort();
    dependencies.dedup();
    dependencies
}
