//! Models that have the same fields as one that vanished may have been renamed.

use super::Autodetector;
use super::dependency::{Dependency, What, of_relation};
use crate::error::Result;
use crate::operation::Operation;
use crate::state::{FieldState, ModelKey, ModelState};

impl Autodetector<'_> {
    pub(super) fn rename_models(&mut self) -> Result<()> {
        let added: Vec<ModelKey> = self.new_models.difference(&self.old_models).cloned().collect();
        for key in added {
            let new = self.new_model(&key)?;
            let removed: Vec<ModelKey> = self
                .old_models
                .difference(&self.new_models)
                .filter(|k| k.app == key.app)
                .cloned()
                .collect();
            for old_key in removed {
                let old = self.from.model(&old_key)?;
                if relation_agnostic(new) != relation_agnostic(old) || !self.questioner.ask_rename_model(old, new)? {
                    continue;
                }
                let forward = new.fields.iter().flat_map(of_relation);
                let backward = self
                    .to
                    .incoming(&key)
                    .map(|(source, _)| Dependency::new(source, What::CreateModel));
                let dependencies = forward.chain(backward).collect();
                let operation = Operation::RenameModel {
                    old_name: old.name.clone(),
                    new_name: new.name.clone(),
                };
                self.add(&key.app, operation, dependencies);
                self.old_models.remove(&old_key);
                self.old_models.insert(key.clone());
                self.renamed_models.insert(key, old_key);
                break;
            }
        }
        Ok(())
    }
}

/// The fields in the order of their names, but without names and without where they point: both
/// change when models are renamed.
fn relation_agnostic(model: &ModelState) -> Vec<FieldState> {
    let mut fields: Vec<FieldState> = model.fields.clone();
    fields.sort_by(|a, b| a.name.cmp(&b.name));
    for field in &mut fields {
        field.name.clear();
        if let Some(to) = field.ty.labels_mut().first_mut() {
            to.clear();
        }
    }
    fields
}
