//! Fields that look like one that vanished may have been renamed.

use super::{Autodetector, FieldKey};
use crate::error::Result;
use crate::operation::Operation;
use crate::state::FieldState;

/// A rename that was confirmed.
pub(super) struct RenamedField {
    old: FieldState,
    key: FieldKey,
    new: FieldState,
}

impl Autodetector<'_> {
    pub(super) fn find_renamed_fields(&mut self) -> Result<Vec<RenamedField>> {
        let mut found = Vec::new();
        let mut gone: Vec<FieldKey> = self.old_fields.difference(&self.new_fields).cloned().collect();
        let added: Vec<FieldKey> = self.new_fields.difference(&self.old_fields).cloned().collect();
        for key in added {
            let new = self.new_field(&key)?;
            let model = self.new_model(&key.0)?;
            for (position, (old_model, old_name)) in gone.iter().enumerate() {
                if *old_model != key.0 {
                    continue;
                }
                let old = self.old_model(&key.0)?.field(old_name)?;
                if self.could_be(old, new) && self.questioner.ask_rename_field(model, old, new)? {
                    self.renamed_fields.insert(key.clone(), old_name.clone());
                    found.push(RenamedField {
                        old: old.clone(),
                        key,
                        new: new.clone(),
                    });
                    gone.remove(position);
                    break;
                }
            }
        }
        Ok(found)
    }

    /// Whether only the name differs, or the name and that the old column is now named.
    fn could_be(&self, old: &FieldState, new: &FieldState) -> bool {
        let mut same = old.clone();
        same.name.clone_from(&new.name);
        for label in same.ty.labels_mut() {
            let renamed = self.renamed_models.iter().find(|(_, old)| old.is(label));
            if let Some(model) = renamed.and_then(|(key, _)| self.to.get(key)) {
                *label = model.label();
            }
        }
        if same == *new {
            return true;
        }
        same.column = Some(old.column_name());
        same == *new
    }

    pub(super) fn rename_fields(&mut self, renamed: Vec<RenamedField>) {
        for RenamedField {
            old,
            key: (model, name),
            new,
        } in renamed
        {
            if old.column != new.column {
                // The column is named first, so that the renaming leaves it alone.
                let mut field = new;
                field.name.clone_from(&old.name);
                let operation = Operation::AlterField {
                    model: model.name.clone(),
                    field,
                    preserve_default: true,
                };
                self.add(&model.app, operation, Vec::new());
            }
            let operation = Operation::RenameField {
                model: model.name.clone(),
                old_name: old.name.clone(),
                new_name: name.clone(),
            };
            self.add(&model.app, operation, Vec::new());
            self.old_fields.remove(&(model.clone(), old.name));
            self.old_fields.insert((model, name));
        }
    }
}
