//! From a migration to the text of its file.

use crate::error::{MigrateError, Result};
use crate::operation::{Migration, Operation};
use serde::Serialize;

/// The text of the file. `comment` stands at its head.
pub fn write(migration: &Migration, comment: &str) -> Result<String> {
    let mut file = File::default();
    for line in comment.lines() {
        file.line(&format!("# {line}"));
    }
    file.entry("app", &migration.id.app)?;
    file.entry("name", &migration.id.name)?;
    if migration.initial {
        file.entry("initial", &true)?;
    }
    file.entry(
        "dependencies",
        &migration
            .dependencies
            .iter()
            .map(ToString::to_string)
            .collect::<Vec<_>>(),
    )?;
    for operation in &migration.operations {
        file.line("");
        file.line(&format!("# {}", operation.describe()));
        file.line("[[operations]]");
        file.operation(operation)?;
    }
    Ok(file.text)
}

#[derive(Default)]
struct File {
    text: String,
}

impl File {
    fn line(&mut self, line: &str) {
        self.text.push_str(line);
        self.text.push('\n');
    }

    fn entry(&mut self, key: &str, value: &impl Serialize) -> Result<()> {
        let value = inline(value)?;
        self.line(&format!("{key} = {value}"));
        Ok(())
    }

    fn optional(&mut self, key: &str, value: Option<&impl Serialize>) -> Result<()> {
        value.map_or(Ok(()), |value| self.entry(key, value))
    }

    /// A list with one item a line; an empty one is left out.
    fn list(&mut self, key: &str, items: &[impl Serialize]) -> Result<()> {
        if items.is_empty() {
            return Ok(());
        }
        self.line(&format!("{key} = ["));
        for item in items {
            let item = inline(item)?;
            self.line(&format!("    {item},"));
        }
        self.line("]");
        Ok(())
    }

    /// The operation's kind and the model and field that it is about.
    fn head(&mut self, op: &str, names: &[(&str, &String)]) -> Result<()> {
        self.entry("op", &op)?;
        names.iter().try_for_each(|(key, name)| self.entry(key, name))
    }

    fn operation(&mut self, operation: &Operation) -> Result<()> {
        match operation {
            Operation::CreateModel(model) => {
                self.head("create_model", &[("name", &model.name)])?;
                self.optional("table", model.table.as_ref())?;
                self.optional("comment", model.comment.as_ref())?;
                self.optional("managed", (!model.managed).then_some(&false))?;
                if model.fields.is_empty() {
                    self.line("fields = []");
                }
                self.list("fields", &model.fields)?;
                self.list("unique_together", &model.unique_together)?;
                self.list("indexes", &model.indexes)?;
                self.list("constraints", &model.constraints)
            }
            Operation::DeleteModel { name } => self.head("delete_model", &[("name", name)]),
            Operation::RenameModel { old_name, new_name } => {
                self.head("rename_model", &[("old_name", old_name), ("new_name", new_name)])
            }
            Operation::AlterModelTable { name, table } => {
                self.head("alter_model_table", &[("name", name)])?;
                self.optional("table", table.as_ref())
            }
            Operation::AlterModelTableComment { name, comment } => {
                self.head("alter_model_table_comment", &[("name", name)])?;
                self.optional("comment", comment.as_ref())
            }
            Operation::AlterUniqueTogether { name, unique_together } => {
                self.head("alter_unique_together", &[("name", name)])?;
                self.entry("unique_together", unique_together)
            }
            Operation::AlterModelOptions { name, managed } => {
                self.head("alter_model_options", &[("name", name)])?;
                self.entry("managed", managed)
            }
            Operation::AddField {
                model,
                field,
                preserve_default,
            } => {
                self.head("add_field", &[("model", model)])?;
                self.entry("field", field)?;
                self.optional("preserve_default", (!preserve_default).then_some(&false))
            }
            Operation::AlterField {
                model,
                field,
                preserve_default,
            } => {
                self.head("alter_field", &[("model", model)])?;
                self.entry("field", field)?;
                self.optional("preserve_default", (!preserve_default).then_some(&false))
            }
            Operation::RemoveField { model, name } => self.head("remove_field", &[("model", model), ("name", name)]),
            Operation::RenameField {
                model,
                old_name,
                new_name,
            } => self.head(
                "rename_field",
                &[("model", model), ("old_name", old_name), ("new_name", new_name)],
            ),
            Operation::AddIndex { model, index } => {
                self.head("add_index", &[("model", model)])?;
                self.entry("index", index)
            }
            Operation::RemoveIndex { model, name } => self.head("remove_index", &[("model", model), ("name", name)]),
            Operation::RenameIndex {
                model,
                old_name,
                new_name,
            } => self.head(
                "rename_index",
                &[("model", model), ("old_name", old_name), ("new_name", new_name)],
            ),
            Operation::AddConstraint { model, constraint } => {
                self.head("add_constraint", &[("model", model)])?;
                self.entry("constraint", constraint)
            }
            Operation::RemoveConstraint { model, name } => {
                self.head("remove_constraint", &[("model", model), ("name", name)])
            }
            Operation::RunSql { forward, reverse } => {
                self.head("run_sql", &[])?;
                self.entry("forward", forward)?;
                self.optional("reverse", reverse.as_ref())
            }
        }
    }
}

/// A value on one line, tables in braces, keys in the order of the type.
fn inline(value: &impl Serialize) -> Result<String> {
    let mut text = String::new();
    value
        .serialize(toml::ser::ValueSerializer::new(&mut text))
        .map_err(|e| MigrateError::state(format!("cannot write a migration file: {e}")))?;
    Ok(text)
}
