//! Constraints that were added or removed; a changed one is both.

use super::Autodetector;
use crate::error::Result;
use crate::operation::Operation;
use crate::state::{ConstraintState, ModelKey};

/// What became of the constraints of one model.
pub(super) struct AlteredConstraints {
    key: ModelKey,
    added: Vec<ConstraintState>,
    removed: Vec<ConstraintState>,
}

impl Autodetector<'_> {
    pub(super) fn altered_constraints(&self) -> Result<Vec<AlteredConstraints>> {
        let altered = |key: &ModelKey| {
            let (old, new) = (&self.old_model(key)?.constraints, &self.new_model(key)?.constraints);
            Ok(AlteredConstraints {
                key: key.clone(),
                added: new.iter().filter(|c| !old.contains(c)).cloned().collect(),
                removed: old.iter().filter(|c| !new.contains(c)).cloned().collect(),
            })
        };
        self.kept_models.iter().map(altered).collect()
    }

    pub(super) fn remove_constraints(&mut self, altered: &[AlteredConstraints]) {
        for AlteredConstraints { key, removed, .. } in altered {
            for constraint in removed {
                let (model, name) = (key.name.clone(), constraint.name().to_owned());
                self.add(&key.app, Operation::RemoveConstraint { model, name }, Vec::new());
            }
        }
    }

    pub(super) fn add_constraints(&mut self, altered: Vec<AlteredConstraints>) -> Result<()> {
        for AlteredConstraints { key, added, .. } in altered {
            let dependencies = self.dependencies_of_model(&key)?;
            for constraint in added {
                let operation = Operation::AddConstraint {
                    model: key.name.clone(),
                    constraint,
                };
                self.add(&key.app, operation, dependencies.clone());
            }
        }
        Ok(())
    }
}
