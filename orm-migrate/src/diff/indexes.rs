//! Indexes that were added, removed or renamed.

use super::Autodetector;
use crate::error::Result;
use crate::operation::Operation;
use crate::state::{IndexState, ModelKey};

/// What became of the indexes of one model.
pub(super) struct AlteredIndexes {
    key: ModelKey,
    added: Vec<IndexState>,
    removed: Vec<IndexState>,
    renamed: Vec<(String, String)>,
}

impl Autodetector<'_> {
    pub(super) fn altered_indexes(&self) -> Result<Vec<AlteredIndexes>> {
        self.kept_models
            .iter()
            .map(|key| self.altered_indexes_of(key))
            .collect()
    }

    fn altered_indexes_of(&self, key: &ModelKey) -> Result<AlteredIndexes> {
        let (old, new) = (&self.old_model(key)?.indexes, &self.new_model(key)?.indexes);
        let mut added: Vec<IndexState> = new.iter().filter(|index| !old.contains(index)).cloned().collect();
        let mut removed: Vec<IndexState> = old.iter().filter(|index| !new.contains(index)).cloned().collect();
        let mut renamed = Vec::new();
        added.retain(|index| {
            let same = |other: &IndexState| other.fields == index.fields && other.condition == index.condition;
            let Some(position) = removed.iter().position(same) else {
                return true;
            };
            renamed.push((removed.remove(position).name, index.name.clone()));
            false
        });
        Ok(AlteredIndexes {
            key: key.clone(),
            added,
            removed,
            renamed,
        })
    }

    pub(super) fn remove_indexes(&mut self, altered: &[AlteredIndexes]) {
        for AlteredIndexes { key, removed, .. } in altered {
            for index in removed {
                let operation = Operation::RemoveIndex {
                    model: key.name.clone(),
                    name: index.name.clone(),
                };
                self.add(&key.app, operation, Vec::new());
            }
        }
    }

    pub(super) fn rename_indexes(&mut self, altered: &[AlteredIndexes]) {
        for AlteredIndexes { key, renamed, .. } in altered {
            for (old_name, new_name) in renamed.clone() {
                let operation = Operation::RenameIndex {
                    model: key.name.clone(),
                    old_name,
                    new_name,
                };
                self.add(&key.app, operation, Vec::new());
            }
        }
    }

    pub(super) fn add_indexes(&mut self, altered: Vec<AlteredIndexes>) -> Result<()> {
        for AlteredIndexes { key, added, .. } in altered {
            let dependencies = self.dependencies_of_model(&key)?;
            for index in added {
                self.add(
                    &key.app,
                    Operation::AddIndex {
                        model: key.name.clone(),
                        index,
                    },
                    dependencies.clone(),
                );
            }
        }
        Ok(())
    }
}
