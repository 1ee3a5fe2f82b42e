//! What changed of a model as a whole: its table, comment, `managed` and `unique_together`.

use super::Autodetector;
use super::dependency::{Dependency, of_relation};
use crate::error::Result;
use crate::operation::Operation;
use crate::state::ModelKey;
use std::collections::BTreeSet;

/// A change of `unique_together`. Renamed fields count as changed, as in Django.
struct Together {
    key: ModelKey,
    old: BTreeSet<Vec<String>>,
    new: Vec<Vec<String>>,
    dependencies: Vec<Dependency>,
}

impl Autodetector<'_> {
    pub(super) fn alter_options(&mut self) -> Result<()> {
        let old: BTreeSet<&ModelKey> = self.old_models.union(&self.old_unmanaged).collect();
        let new: BTreeSet<&ModelKey> = self.new_models.union(&self.new_unmanaged).collect();
        let kept: Vec<ModelKey> = old.intersection(&new).map(|key| (*key).clone()).collect();
        for key in kept {
            let (old, new) = (self.old_model(&key)?, self.new_model(&key)?);
            if old.managed != new.managed {
                let operation = Operation::AlterModelOptions {
                    name: key.name.clone(),
                    managed: new.managed,
                };
                self.add(&key.app, operation, Vec::new());
            }
        }
        for key in self.kept_and_unmanaged() {
            let (old, new) = (self.old_model(&key)?, self.new_model(&key)?);
            if old.comment != new.comment {
                let (name, comment) = (key.name.clone(), new.comment.clone());
                self.add(
                    &key.app,
                    Operation::AlterModelTableComment { name, comment },
                    Vec::new(),
                );
            }
        }
        Ok(())
    }

    pub(super) fn alter_tables(&mut self) -> Result<()> {
        for key in self.kept_and_unmanaged() {
            let (old, new) = (self.old_model(&key)?, self.new_model(&key)?);
            if old.table != new.table {
                let (name, table) = (key.name.clone(), new.table.clone());
                self.add(&key.app, Operation::AlterModelTable { name, table }, Vec::new());
            }
        }
        Ok(())
    }

    fn kept_and_unmanaged(&self) -> BTreeSet<ModelKey> {
        let unmanaged = self.old_unmanaged.intersection(&self.new_unmanaged);
        self.kept_models.iter().chain(unmanaged).cloned().collect()
    }

    pub(super) fn remove_unique_together(&mut self) -> Result<()> {
        for change in self
            .altered_together()?
            .into_iter()
            .filter(|change| !change.old.is_empty())
        {
            let unique_together = change
                .new
                .into_iter()
                .filter(|group| change.old.contains(group))
                .collect();
            let operation = Operation::AlterUniqueTogether {
                name: change.key.name.clone(),
                unique_together,
            };
            self.add(&change.key.app, operation, change.dependencies);
        }
        Ok(())
    }

    pub(super) fn add_unique_together(&mut self) -> Result<()> {
        for change in self.altered_together()? {
            if change.new.iter().any(|group| !change.old.contains(group)) {
                let (name, unique_together) = (change.key.name.clone(), change.new);
                let operation = Operation::AlterUniqueTogether { name, unique_together };
                self.add(&change.key.app, operation, change.dependencies);
            }
        }
        Ok(())
    }

    fn altered_together(&self) -> Result<Vec<Together>> {
        let mut changes = Vec::new();
        for key in &self.kept_models {
            let model = self.new_model(key)?;
            let new = model.unique_together.clone();
            let old: BTreeSet<Vec<String>> = self.old_model(key)?.unique_together.iter().cloned().collect();
            if old == new.iter().cloned().collect() {
                continue;
            }
            let mut dependencies = Vec::new();
            for name in new.iter().flatten() {
                dependencies.extend(of_relation(model.field(name)?));
            }
            changes.push(Together {
                key: key.clone(),
                old,
                new,
                dependencies,
            });
        }
        Ok(changes)
    }
}
