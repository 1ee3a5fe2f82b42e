//! Fields that were added, removed or changed.

use super::dependency::{Dependency, What, of_relation};
use super::{Alteration, Autodetector, FieldKey};
use crate::error::Result;
use crate::operation::Operation;
use crate::state::FieldState;

impl Autodetector<'_> {
    pub(super) fn remove_fields(&mut self) {
        let removed: Vec<FieldKey> = self.old_fields.difference(&self.new_fields).cloned().collect();
        removed.into_iter().for_each(|key| self.remove_field(key));
    }

    fn remove_field(&mut self, (key, name): FieldKey) {
        let operation = Operation::RemoveField {
            model: key.name.clone(),
            name,
        };
        self.add(&key.app, operation, vec![Dependency::new(&key, What::AlterTogether)]);
    }

    pub(super) fn add_fields(&mut self) -> Result<()> {
        let added: Vec<FieldKey> = self.new_fields.difference(&self.old_fields).cloned().collect();
        added.iter().try_for_each(|key| self.add_field(key))
    }

    fn add_field(&mut self, key: &FieldKey) -> Result<()> {
        let mut field = self.new_field(key)?.clone();
        let model = self.new_model(&key.0)?;
        let mut dependencies = vec![Dependency::new(&key.0, What::RemoveField(key.1.clone()))];
        dependencies.extend(of_relation(&field));
        let mut preserve_default = field.null
            || field.default.is_some()
            || field.db_default.is_some()
            || field.is_many_to_many()
            || field.auto_now
            || field.is_auto();
        if !preserve_default {
            field.default = Some(match self.to.computed(&key.0, &key.1) {
                Some(value) => {
                    if field.is_unique() {
                        self.questioner.ask_unique_callable_default_addition(model, &field)?;
                    }
                    value.clone()
                }
                None if field.auto_now_add => self.questioner.ask_auto_now_add_addition(model, &field)?,
                None => self.questioner.ask_not_null_addition(model, &field)?,
            });
        } else if field.null && field.default.is_none() && !field.is_many_to_many() {
            // Rows that exist get what the function makes, as new rows will.
            field.default = self.to.computed(&key.0, &key.1).cloned();
            preserve_default = field.default.is_none();
        }
        let operation = Operation::AddField {
            model: key.0.name.clone(),
            field,
            preserve_default,
        };
        self.add(&key.0.app, operation, dependencies);
        Ok(())
    }

    pub(super) fn alter_fields(&mut self) -> Result<()> {
        let kept: Vec<FieldKey> = self.old_fields.intersection(&self.new_fields).cloned().collect();
        for key in kept {
            // A renamed field changed in nothing else, or it would not have been taken for one.
            if !self.renamed_fields.contains_key(&key) {
                self.alter_field(&key)?;
            }
        }
        Ok(())
    }

    fn alter_field(&mut self, key: &FieldKey) -> Result<()> {
        let old = self.old_model(&key.0)?.field(&key.1)?;
        let new = self.new_field(key)?;
        if self.with_old_names(old, new) == *old {
            return Ok(());
        }
        if old.is_many_to_many() != new.is_many_to_many() {
            self.remove_field(key.clone());
            return self.add_field(key);
        }
        let mut field = new.clone();
        let mut preserve_default = true;
        let becomes_required = old.null && !new.null && !new.is_many_to_many();
        if becomes_required && new.default.is_none() && new.db_default.is_none() {
            let model = self.new_model(&key.0)?;
            let answer = match self.to.computed(&key.0, &key.1) {
                Some(value) => Alteration::Default(value.clone()),
                None => self.questioner.ask_not_null_alteration(model, &field)?,
            };
            if let Alteration::Default(value) = answer {
                field.default = Some(value);
                preserve_default = false;
            }
        }
        let operation = Operation::AlterField {
            model: key.0.name.clone(),
            field,
            preserve_default,
        };
        self.add(&key.0.app, operation, of_relation(new));
        Ok(())
    }

    /// The new field with the old names of what was renamed: the renaming takes care of those.
    fn with_old_names(&self, old: &FieldState, new: &FieldState) -> FieldState {
        let mut field = new.clone();
        if let (Some(fk), Some(old_fk)) = (field.ty.foreign_key_mut(), old.ty.foreign_key())
            && let Some(to_field) = &fk.to_field
        {
            let renamed = self
                .renamed_fields
                .iter()
                .find(|((key, name), _)| key.is(&fk.to) && name == to_field);
            if renamed.is_some() {
                fk.to_field.clone_from(&old_fk.to_field);
            }
        }
        for label in field.ty.labels_mut() {
            let renamed = self.renamed_models.iter().find(|(new, _)| new.is(label));
            if let Some(old) = renamed.and_then(|(_, old)| self.from.get(old)) {
                *label = old.label();
            }
        }
        field
    }
}
