//! How two operations become one: the rules of Django's optimizer.

use super::Operation;
use crate::state::ModelState;

/// What two operations make together.
pub(crate) enum Reduction {
    /// these, in the place of both
    Replace(Vec<Operation>),
    /// nothing; says whether the first can move past the second
    Through(bool),
}

use Reduction::{Replace, Through};

impl Operation {
    /// What this operation and a later one of the same app make together.
    pub(crate) fn reduce(&self, other: &Operation, app: &str) -> Reduction {
        let same_model = self.model().is_some() && self.model() == other.model();
        match self {
            Operation::CreateModel(model) => reduce_create(model, other, app, same_model),
            Operation::RenameModel { old_name, new_name } => match other {
                Operation::RenameModel {
                    old_name: next_old,
                    new_name: next,
                } if next_old.eq_ignore_ascii_case(new_name) => Replace(vec![Operation::RenameModel {
                    old_name: old_name.clone(),
                    new_name: next.clone(),
                }]),
                _ => Through(!other.references_model(new_name, app)),
            },
            Operation::AlterModelTable { name, .. }
            | Operation::AlterModelTableComment { name, .. }
            | Operation::AlterUniqueTogether { name, .. }
            | Operation::AlterModelOptions { name, .. } => {
                let again = std::mem::discriminant(self) == std::mem::discriminant(other);
                if same_model && (again || matches!(other, Operation::DeleteModel { .. })) {
                    Replace(vec![other.clone()])
                } else {
                    Through(!other.references_model(name, app))
                }
            }
            Operation::DeleteModel { name } => Through(!other.references_model(name, app)),
            Operation::AddField { .. }
            | Operation::RemoveField { .. }
            | Operation::AlterField { .. }
            | Operation::RenameField { .. } => self.reduce_field(other, app, same_model),
            Operation::AddIndex { model, index } => match other {
                Operation::RemoveIndex { name, .. } if *name == index.name => Replace(vec![]),
                Operation::RenameIndex { old_name, new_name, .. } if *old_name == index.name => {
                    let mut index = index.clone();
                    index.name.clone_from(new_name);
                    Replace(vec![Operation::AddIndex {
                        model: model.clone(),
                        index,
                    }])
                }
                _ => Through(false),
            },
            Operation::AddConstraint { constraint, .. } => match other {
                Operation::RemoveConstraint { name, .. } if same_model && name == constraint.name() => Replace(vec![]),
                _ => Through(false),
            },
            Operation::RemoveIndex { .. }
            | Operation::RenameIndex { .. }
            | Operation::RemoveConstraint { .. }
            | Operation::RunSql { .. } => Through(false),
        }
    }

    fn reduce_field(&self, other: &Operation, app: &str, same_model: bool) -> Reduction {
        match (self, other) {
            (Operation::AddField { field, model, .. }, Operation::AlterField { field: next, .. })
                if same_model && field.name == next.name =>
            {
                let (model, field) = (model.clone(), next.clone());
                Replace(vec![Operation::AddField {
                    model,
                    field,
                    preserve_default: true,
                }])
            }
            (Operation::AddField { field, .. }, Operation::RemoveField { name, .. })
                if same_model && field.name == *name =>
            {
                Replace(vec![])
            }
            (Operation::AddField { field, model, .. }, Operation::RenameField { old_name, new_name, .. })
                if same_model && field.name == *old_name =>
            {
                let mut field = field.clone();
                field.name.clone_from(new_name);
                Replace(vec![Operation::AddField {
                    model: model.clone(),
                    field,
                    preserve_default: true,
                }])
            }
            (Operation::RemoveField { .. }, Operation::DeleteModel { .. }) if same_model => {
                Replace(vec![other.clone()])
            }
            (Operation::AlterField { field, .. }, Operation::AlterField { field: next, .. })
                if same_model && field.name == next.name =>
            {
                Replace(vec![other.clone()])
            }
            (Operation::AlterField { field, .. }, Operation::RemoveField { name, .. })
                if same_model && field.name == *name =>
            {
                Replace(vec![other.clone()])
            }
            (Operation::AlterField { field, model, .. }, Operation::RenameField { old_name, new_name, .. })
                if same_model && field.name == *old_name && field.column.is_none() =>
            {
                let mut field = field.clone();
                field.name.clone_from(new_name);
                let altered = Operation::AlterField {
                    model: model.clone(),
                    field,
                    preserve_default: true,
                };
                Replace(vec![other.clone(), altered])
            }
            (
                Operation::RenameField {
                    model,
                    old_name,
                    new_name,
                },
                Operation::RenameField {
                    old_name: next_old,
                    new_name: next,
                    ..
                },
            ) if same_model && new_name == next_old => {
                let (model, old_name, new_name) = (model.clone(), old_name.clone(), next.clone());
                Replace(vec![Operation::RenameField {
                    model,
                    old_name,
                    new_name,
                }])
            }
            (
                Operation::RenameField {
                    model,
                    old_name,
                    new_name,
                },
                _,
            ) => {
                Through(!(other.references_field(model, old_name, app) || other.references_field(model, new_name, app)))
            }
            (Operation::AddField { model, field, .. } | Operation::AlterField { model, field, .. }, _) => {
                Through(!other.references_field(model, &field.name, app))
            }
            (Operation::RemoveField { model, name }, _) => Through(!other.references_field(model, name, app)),
            _ => Through(false),
        }
    }
}

/// What follows the creation of a model can be part of it.
fn reduce_create(model: &ModelState, other: &Operation, app: &str, same_model: bool) -> Reduction {
    if !same_model {
        return Through(!other.references_model(&model.name, app));
    }
    let mut created = model.clone();
    match other {
        Operation::DeleteModel { .. } => return Replace(vec![]),
        Operation::RenameModel { new_name, .. } => created.name.clone_from(new_name),
        Operation::AlterModelTable { table, .. } => created.table.clone_from(table),
        Operation::AlterModelTableComment { comment, .. } => created.comment.clone_from(comment),
        Operation::AlterUniqueTogether { unique_together, .. } => created.unique_together.clone_from(unique_together),
        Operation::AlterModelOptions { managed, .. } => created.managed = *managed,
        Operation::AddField { field, .. } => created.fields.push(field.clone()),
        Operation::AlterField { field, .. } => {
            created
                .fields
                .iter_mut()
                .filter(|f| f.name == field.name)
                .for_each(|f| f.clone_from(field));
        }
        Operation::RemoveField { name, .. } => {
            created.fields.retain(|f| f.name != *name);
            created
                .unique_together
                .iter_mut()
                .for_each(|group| group.retain(|f| f != name));
            created.unique_together.retain(|group| !group.is_empty());
        }
        Operation::RenameField { old_name, new_name, .. } => {
            let fields = created.fields.iter_mut().map(|f| &mut f.name);
            let together = created.unique_together.iter_mut().flatten();
            fields
                .chain(together)
                .filter(|name| *name == old_name)
                .for_each(|name| name.clone_from(new_name));
        }
        Operation::AddIndex { index, .. } => created.indexes.push(index.clone()),
        Operation::RemoveIndex { name, .. } => created.indexes.retain(|index| index.name != *name),
        Operation::AddConstraint { constraint, .. } => created.constraints.push(constraint.clone()),
        Operation::RemoveConstraint { name, .. } => created.constraints.retain(|c| c.name() != name),
        Operation::CreateModel(_) | Operation::RenameIndex { .. } | Operation::RunSql { .. } => return Through(false),
    }
    Replace(vec![Operation::CreateModel(created)])
}
