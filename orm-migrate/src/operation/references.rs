//! Which models and fields an operation speaks of, for the optimizer. In doubt, it does.

use super::Operation;
use crate::state::ModelKey;

impl Operation {
    /// Whether it may speak of that model (lower-case name) of its app.
    pub(crate) fn references_model(&self, name: &str, app: &str) -> bool {
        let key = ModelKey::new(app, name);
        match self {
            Operation::CreateModel(model) => {
                model.name_lower() == key.name || model.fields.iter().any(|field| field.ty.refers_to(&key))
            }
            Operation::RenameModel { old_name, new_name } => {
                [old_name, new_name].iter().any(|n| n.to_lowercase() == key.name)
            }
            Operation::AddField { field, .. } | Operation::AlterField { field, .. } => {
                self.model().is_some_and(|model| model == key.name) || field.ty.refers_to(&key)
            }
            Operation::RemoveField { .. }
            | Operation::RenameField { .. }
            | Operation::AlterModelTable { .. }
            | Operation::AlterModelTableComment { .. }
            | Operation::AlterUniqueTogether { .. }
            | Operation::AlterModelOptions { .. } => self.model().is_some_and(|model| model == key.name),
            // A deleted model may refer to any other; the rest is not known either.
            _ => true,
        }
    }

    /// Whether it may speak of that field.
    pub(crate) fn references_field(&self, model: &str, name: &str, app: &str) -> bool {
        let key = ModelKey::new(app, model);
        let same_model = || self.model().is_some_and(|own| own == key.name);
        match self {
            Operation::AddField { field, .. } | Operation::AlterField { field, .. } => {
                (same_model() && field.name == name) || field.refers_to_field(&key, Some(name))
            }
            Operation::RemoveField { name: own, .. } => same_model() && own == name,
            Operation::RenameField { old_name, new_name, .. } => {
                same_model() && [old_name, new_name].iter().any(|n| n.eq_ignore_ascii_case(name))
            }
            Operation::AlterUniqueTogether { unique_together, .. } => {
                same_model()
                    && (unique_together.is_empty() || unique_together.iter().flatten().any(|field| field == name))
            }
            _ => self.references_model(model, app),
        }
    }
}
