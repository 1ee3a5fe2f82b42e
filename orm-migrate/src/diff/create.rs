//! New models: the table first, then its relations, indexes and constraints, which the optimizer
//! puts back into the table's creation where nothing is in the way.

use super::dependency::{Dependency, What, of_relation, unique};
use super::{Autodetector, Pending};
use crate::error::Result;
use crate::operation::Operation;
use crate::state::{FieldState, FieldType, ModelKey};

impl Autodetector<'_> {
    pub(super) fn create_models(&mut self) -> Result<()> {
        let is_old = |key: &&ModelKey| !self.old_models.contains(key) && !self.old_unmanaged.contains(key);
        let managed = self.new_models.iter().filter(is_old).rev();
        let unmanaged = self.new_unmanaged.iter().filter(is_old).rev();
        let added: Vec<ModelKey> = managed.chain(unmanaged).cloned().collect();
        added.iter().try_for_each(|key| self.create_model(key))
    }

    fn create_model(&mut self, key: &ModelKey) -> Result<()> {
        let mut model = self.new_model(key)?.clone();
        let mut dependencies = vec![Dependency::new(key, What::RemoveModel)];
        dependencies.extend(model.fields.iter().filter(|f| f.primary_key).flat_map(of_relation));
        let indexes = std::mem::take(&mut model.indexes);
        let constraints = std::mem::take(&mut model.constraints);
        let unique_together = std::mem::take(&mut model.unique_together);
        let deferred = |f: &FieldState| !matches!(f.ty, FieldType::Data(_)) && !f.primary_key;
        let (mut related, plain): (Vec<_>, Vec<_>) = std::mem::take(&mut model.fields).into_iter().partition(deferred);
        model.fields = plain;
        let managed = model.managed;
        let created = Pending {
            operation: Operation::CreateModel(model),
            dependencies,
        };
        self.generated.entry(key.app.clone()).or_default().insert(0, created);
        if !managed {
            return Ok(());
        }
        related.sort_by(|a, b| a.name.cmp(&b.name));
        let own = Dependency::new(key, What::CreateModel);
        let mut after: Vec<Dependency> = related
            .iter()
            .map(|f| Dependency::new(key, What::CreateField(f.name.clone())))
            .collect();
        after.push(own.clone());
        for field in related {
            let mut dependencies = of_relation(&field);
            dependencies.push(own.clone());
            let operation = Operation::AddField {
                model: key.name.clone(),
                field,
                preserve_default: true,
            };
            self.add(&key.app, operation, unique(dependencies));
        }
        for index in indexes {
            self.add(
                &key.app,
                Operation::AddIndex {
                    model: key.name.clone(),
                    index,
                },
                after.clone(),
            );
        }
        for constraint in constraints {
            self.add(
                &key.app,
                Operation::AddConstraint {
                    model: key.name.clone(),
                    constraint,
                },
                after.clone(),
            );
        }
        if !unique_together.is_empty() {
            let operation = Operation::AlterUniqueTogether {
                name: key.name.clone(),
                unique_together,
            };
            self.add(&key.app, operation, after);
        }
        Ok(())
    }
}
