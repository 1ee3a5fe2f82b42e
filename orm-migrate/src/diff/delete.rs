//! Models that vanished: first what refers to them, then the table.

use super::Autodetector;
use super::dependency::{Dependency, What, unique};
use crate::error::Result;
use crate::operation::Operation;
use crate::state::{FieldType, ModelKey};

impl Autodetector<'_> {
    pub(super) fn delete_models(&mut self) -> Result<()> {
        let is_gone = |key: &&ModelKey| !self.new_models.contains(key) && !self.new_unmanaged.contains(key);
        let managed = self.old_models.iter().filter(is_gone);
        let unmanaged = self.old_unmanaged.iter().filter(is_gone);
        let deleted: Vec<ModelKey> = managed.chain(unmanaged).cloned().collect();
        deleted.iter().try_for_each(|key| self.delete_model(key))
    }

    fn delete_model(&mut self, key: &ModelKey) -> Result<()> {
        let model = self.from.model(key)?;
        if !model.unique_together.is_empty() {
            let operation = Operation::AlterUniqueTogether {
                name: key.name.clone(),
                unique_together: Vec::new(),
            };
            self.add(&key.app, operation, Vec::new());
        }
        let mut related: Vec<&str> = model
            .fields
            .iter()
            .filter(|f| !matches!(f.ty, FieldType::Data(_)))
            .map(|f| f.name.as_str())
            .collect();
        related.sort_unstable();
        for name in &related {
            let operation = Operation::RemoveField {
                model: key.name.clone(),
                name: (*name).to_owned(),
            };
            self.add(&key.app, operation, Vec::new());
        }
        let mut dependencies = Vec::new();
        for (source, field) in self.from.incoming(key) {
            dependencies.push(Dependency::new(source, What::RemoveField(field.name.clone())));
            // Django lets a many-to-many field point elsewhere only after its target is gone, which
            // MySQL refuses.
            dependencies.push(Dependency::new(source, What::AlterField(field.name.clone())));
        }
        dependencies.extend(
            related
                .iter()
                .map(|name| Dependency::new(key, What::RemoveField((*name).to_owned()))),
        );
        let operation = Operation::DeleteModel {
            name: model.name.clone(),
        };
        self.add(&key.app, operation, unique(dependencies));
        Ok(())
    }
}
