//! What each operation does to the state.

use super::Operation;
use crate::error::Result;
use crate::state::{FieldState, ModelKey, ProjectState};

impl Operation {
    /// Changes the state as the operation changes the database.
    pub fn state_forwards(&self, app: &str, state: &mut ProjectState) -> Result<()> {
        let key = ModelKey::new(app, &self.model().unwrap_or_default());
        match self {
            Operation::CreateModel(model) => state.add(model.clone())?,
            Operation::DeleteModel { .. } => drop(state.remove(&key)?),
            Operation::RenameModel { new_name, .. } => rename_model(state, &key, new_name)?,
            Operation::AlterModelTable { table, .. } => state.model_mut(&key)?.table = table.clone(),
            Operation::AlterModelTableComment { comment, .. } => state.model_mut(&key)?.comment = comment.clone(),
            Operation::AlterUniqueTogether { unique_together, .. } => {
                state.model_mut(&key)?.unique_together = unique_together.clone();
            }
            Operation::AlterModelOptions { managed, .. } => state.model_mut(&key)?.managed = *managed,
            Operation::AddField {
                field,
                preserve_default,
                ..
            } => {
                state.model_mut(&key)?.fields.push(kept(field, *preserve_default));
            }
            Operation::RemoveField { name, .. } => {
                let model = state.model_mut(&key)?;
                let position = model.position(name)?;
                model.fields.remove(position);
            }
            Operation::AlterField {
                field,
                preserve_default,
                ..
            } => {
                let model = state.model_mut(&key)?;
                let position = model.position(&field.name)?;
                model.fields[position] = kept(field, *preserve_default);
            }
            Operation::RenameField { old_name, new_name, .. } => rename_field(state, &key, old_name, new_name)?,
            Operation::AddIndex { index, .. } => state.model_mut(&key)?.indexes.push(index.clone()),
            Operation::RemoveIndex { name, .. } => {
                let model = state.model_mut(&key)?;
                model.index(name)?;
                model.indexes.retain(|index| index.name != *name);
            }
            Operation::RenameIndex { old_name, new_name, .. } => {
                let model = state.model_mut(&key)?;
                model.index(old_name)?;
                model
                    .indexes
                    .iter_mut()
                    .filter(|i| i.name == *old_name)
                    .for_each(|i| i.name.clone_from(new_name));
            }
            Operation::AddConstraint { constraint, .. } => state.model_mut(&key)?.constraints.push(constraint.clone()),
            Operation::RemoveConstraint { name, .. } => {
                let model = state.model_mut(&key)?;
                model.constraint(name)?;
                model.constraints.retain(|constraint| constraint.name() != name);
            }
            Operation::RunSql { .. } => {}
        }
        Ok(())
    }
}

/// A default that only fills rows is not part of the state.
fn kept(field: &FieldState, preserve_default: bool) -> FieldState {
    let mut field = field.clone();
    if !preserve_default {
        field.default = None;
    }
    field
}

fn rename_model(state: &mut ProjectState, key: &ModelKey, new_name: &str) -> Result<()> {
    let mut model = state.remove(key)?;
    model.name = new_name.to_owned();
    let label = model.label();
    state.add(model)?;
    for (_, other) in state.models_mut() {
        let labels = other.fields.iter_mut().flat_map(|field| field.ty.labels_mut());
        labels.filter(|to| key.is(to)).for_each(|to| to.clone_from(&label));
    }
    Ok(())
}

fn rename_field(state: &mut ProjectState, key: &ModelKey, old: &str, new: &str) -> Result<()> {
    let model = state.model_mut(key)?;
    let position = model.position(old)?;
    let mut field = model.fields.remove(position);
    field.name = new.to_owned();
    model.fields.push(field);
    let together = model.unique_together.iter_mut().flatten();
    together
        .filter(|name| *name == old)
        .for_each(|name| *name = new.to_owned());
    model.indexes.iter_mut().for_each(|index| index.rename_field(old, new));
    model
        .constraints
        .iter_mut()
        .for_each(|constraint| constraint.rename_field(old, new));
    for (_, other) in state.models_mut() {
        for fk in other.fields.iter_mut().filter_map(|field| field.ty.foreign_key_mut()) {
            if key.is(&fk.to) && fk.to_field.as_deref() == Some(old) {
                fk.to_field = Some(new.to_owned());
            }
        }
    }
    Ok(())
}
