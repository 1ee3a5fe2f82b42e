//! What an operation says about itself, in Django's words.

use super::Operation;

impl Operation {
    /// A sentence on one line: `Add field notes to author`.
    pub fn describe(&self) -> String {
        self.sentence().replace(['\n', '\r'], " ")
    }

    fn sentence(&self) -> String {
        match self {
            Operation::CreateModel(model) => format!("Create model {}", model.name),
            Operation::DeleteModel { name } => format!("Delete model {name}"),
            Operation::RenameModel { old_name, new_name } => format!("Rename model {old_name} to {new_name}"),
            Operation::AlterModelTable { name, table } => {
                format!("Rename table for {name} to {}", table.as_deref().unwrap_or("(default)"))
            }
            Operation::AlterModelTableComment { name, .. } => format!("Alter {name} table comment"),
            Operation::AlterUniqueTogether { name, unique_together } => {
                format!(
                    "Alter unique_together for {name} ({} constraint(s))",
                    unique_together.len()
                )
            }
            Operation::AlterModelOptions { name, .. } => format!("Change Meta options on {name}"),
            Operation::AddField { model, field, .. } => format!("Add field {} to {model}", field.name),
            Operation::RemoveField { model, name } => format!("Remove field {name} from {model}"),
            Operation::AlterField { model, field, .. } => format!("Alter field {} on {model}", field.name),
            Operation::RenameField {
                model,
                old_name,
                new_name,
            } => {
                format!("Rename field {old_name} on {model} to {new_name}")
            }
            Operation::AddIndex { model, index } => {
                format!(
                    "Create index {} on field(s) {} of model {model}",
                    index.name,
                    index.fields.join(", ")
                )
            }
            Operation::RemoveIndex { model, name } => format!("Remove index {name} from {model}"),
            Operation::RenameIndex {
                model,
                old_name,
                new_name,
            } => {
                format!("Rename index {old_name} on {model} to {new_name}")
            }
            Operation::AddConstraint { model, constraint } => {
                format!("Create constraint {} on model {model}", constraint.name())
            }
            Operation::RemoveConstraint { model, name } => format!("Remove constraint {name} from model {model}"),
            Operation::RunSql { .. } => "Raw SQL operation".to_owned(),
        }
    }

    /// The sentence with a sign before it: `+` adds, `-` removes, `~` changes, `s` is SQL.
    pub fn formatted_description(&self) -> String {
        let sign = match self {
            Operation::CreateModel(_)
            | Operation::AddField { .. }
            | Operation::AddIndex { .. }
            | Operation::AddConstraint { .. } => '+',
            Operation::DeleteModel { .. }
            | Operation::RemoveField { .. }
            | Operation::RemoveIndex { .. }
            | Operation::RemoveConstraint { .. } => '-',
            Operation::RunSql { .. } => 's',
            _ => '~',
        };
        format!("{sign} {}", self.describe())
    }

    /// What it adds to the name of a migration; none for SQL.
    pub fn migration_name_fragment(&self) -> Option<String> {
        let model = self.model()?;
        Some(match self {
            Operation::CreateModel(_) => model,
            Operation::DeleteModel { .. } => format!("delete_{model}"),
            Operation::RenameModel { new_name, .. } => format!("rename_{model}_{}", new_name.to_lowercase()),
            Operation::AlterModelTable { .. } => format!("alter_{model}_table"),
            Operation::AlterModelTableComment { .. } => format!("alter_{model}_table_comment"),
            Operation::AlterUniqueTogether { .. } => format!("alter_{model}_unique_together"),
            Operation::AlterModelOptions { .. } => format!("alter_{model}_options"),
            Operation::AddField { field, .. } => format!("{model}_{}", field.name.to_lowercase()),
            Operation::RemoveField { name, .. } => format!("remove_{model}_{}", name.to_lowercase()),
            Operation::AlterField { field, .. } => format!("alter_{model}_{}", field.name.to_lowercase()),
            Operation::RenameField { old_name, new_name, .. } => {
                format!("rename_{}_{model}_{}", old_name.to_lowercase(), new_name.to_lowercase())
            }
            Operation::AddIndex { index, .. } => format!("{model}_{}", index.name.to_lowercase()),
            Operation::RemoveIndex { name, .. } => format!("remove_{model}_{}", name.to_lowercase()),
            Operation::RenameIndex { old_name, new_name, .. } => {
                format!("rename_{}_{}", old_name.to_lowercase(), new_name.to_lowercase())
            }
            Operation::AddConstraint { constraint, .. } => format!("{model}_{}", constraint.name().to_lowercase()),
            Operation::RemoveConstraint { name, .. } => format!("remove_{model}_{}", name.to_lowercase()),
            Operation::RunSql { .. } => return None,
        })
    }
}
