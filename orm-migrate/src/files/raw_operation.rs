//! `RawOperation`: an operation as it stands in a file, one flat table of all that it may have.

use crate::operation::{Operation, Sql};
use crate::state::{ConstraintState, FieldState, IndexState, ModelState};
use serde::Deserialize;

/// An operation as it stands in a file; `op` says which keys belong to it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawOperation {
    op: Op,
    name: Option<String>,
    model: Option<String>,
    old_name: Option<String>,
    new_name: Option<String>,
    table: Option<String>,
    comment: Option<String>,
    managed: Option<bool>,
    fields: Option<Vec<FieldState>>,
    field: Option<FieldState>,
    preserve_default: Option<bool>,
    unique_together: Option<Vec<Vec<String>>>,
    indexes: Option<Vec<IndexState>>,
    index: Option<IndexState>,
    constraints: Option<Vec<ConstraintState>>,
    constraint: Option<ConstraintState>,
    forward: Option<Sql>,
    reverse: Option<Sql>,
}

/// The operations, by the names that files use.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Op {
    CreateModel,
    DeleteModel,
    RenameModel,
    AlterModelTable,
    AlterModelTableComment,
    AlterUniqueTogether,
    AlterModelOptions,
    AddField,
    RemoveField,
    AlterField,
    RenameField,
    AddIndex,
    RemoveIndex,
    RenameIndex,
    AddConstraint,
    RemoveConstraint,
    RunSql,
}

impl RawOperation {
    /// The operation, or what it lacks or has too much.
    pub(super) fn operation(self, app: &str) -> Result<Operation, String> {
        let op = self.op;
        let mut keys = Keys::new(self);
        let operation = keys.operation(op, app)?;
        match keys.left() {
            Some(key) => Err(format!("`{key}` does not belong to this operation")),
            None => Ok(operation),
        }
    }
}

/// The keys that are still to be used.
struct Keys(RawOperation);

fn need<T>(value: &mut Option<T>, key: &str) -> Result<T, String> {
    value.take().ok_or_else(|| format!("this operation needs `{key}`"))
}

impl Keys {
    fn new(raw: RawOperation) -> Self {
        Keys(raw)
    }

    fn operation(&mut self, op: Op, app: &str) -> Result<Operation, String> {
        let raw = &mut self.0;
        let name = |raw: &mut RawOperation| need(&mut raw.name, "name");
        let model = |raw: &mut RawOperation| need(&mut raw.model, "model");
        let field = |raw: &mut RawOperation| need(&mut raw.field, "field");
        let preserve = |raw: &mut RawOperation| raw.preserve_default.take().unwrap_or(true);
        let old = |raw: &mut RawOperation| need(&mut raw.old_name, "old_name");
        let new = |raw: &mut RawOperation| need(&mut raw.new_name, "new_name");
        Ok(match op {
            Op::CreateModel => Operation::CreateModel(ModelState {
                app: app.to_owned(),
                name: name(raw)?,
                table: raw.table.take(),
                fields: need(&mut raw.fields, "fields")?,
                unique_together: raw.unique_together.take().unwrap_or_default(),
                indexes: raw.indexes.take().unwrap_or_default(),
                constraints: raw.constraints.take().unwrap_or_default(),
                comment: raw.comment.take(),
                managed: raw.managed.take().unwrap_or(true),
            }),
            Op::DeleteModel => Operation::DeleteModel { name: name(raw)? },
            Op::RenameModel => Operation::RenameModel {
                old_name: old(raw)?,
                new_name: new(raw)?,
            },
            Op::AlterModelTable => Operation::AlterModelTable {
                name: name(raw)?,
                table: raw.table.take(),
            },
            Op::AlterModelTableComment => Operation::AlterModelTableComment {
                name: name(raw)?,
                comment: raw.comment.take(),
            },
            Op::AlterUniqueTogether => Operation::AlterUniqueTogether {
                name: name(raw)?,
                unique_together: need(&mut raw.unique_together, "unique_together")?,
            },
            Op::AlterModelOptions => Operation::AlterModelOptions {
                name: name(raw)?,
                managed: raw.managed.take().unwrap_or(true),
            },
            Op::AddField => Operation::AddField {
                model: model(raw)?,
                field: field(raw)?,
                preserve_default: preserve(raw),
            },
            Op::RemoveField => Operation::RemoveField {
                model: model(raw)?,
                name: name(raw)?,
            },
            Op::AlterField => Operation::AlterField {
                model: model(raw)?,
                field: field(raw)?,
                preserve_default: preserve(raw),
            },
            Op::RenameField => Operation::RenameField {
                model: model(raw)?,
                old_name: old(raw)?,
                new_name: new(raw)?,
            },
            Op::AddIndex => Operation::AddIndex {
                model: model(raw)?,
                index: need(&mut raw.index, "index")?,
            },
            Op::RemoveIndex => Operation::RemoveIndex {
                model: model(raw)?,
                name: name(raw)?,
            },
            Op::RenameIndex => Operation::RenameIndex {
                model: model(raw)?,
                old_name: old(raw)?,
                new_name: new(raw)?,
            },
            Op::AddConstraint => Operation::AddConstraint {
                model: model(raw)?,
                constraint: need(&mut raw.constraint, "constraint")?,
            },
            Op::RemoveConstraint => Operation::RemoveConstraint {
                model: model(raw)?,
                name: name(raw)?,
            },
            Op::RunSql => Operation::RunSql {
                forward: need(&mut raw.forward, "forward")?,
                reverse: raw.reverse.take(),
            },
        })
    }

    /// A key that the operation did not use.
    fn left(&self) -> Option<&'static str> {
        let raw = &self.0;
        let present = [
            ("name", raw.name.is_some()),
            ("model", raw.model.is_some()),
            ("old_name", raw.old_name.is_some()),
            ("new_name", raw.new_name.is_some()),
            ("table", raw.table.is_some()),
            ("comment", raw.comment.is_some()),
            ("managed", raw.managed.is_some()),
            ("fields", raw.fields.is_some()),
            ("field", raw.field.is_some()),
            ("preserve_default", raw.preserve_default.is_some()),
            ("unique_together", raw.unique_together.is_some()),
            ("indexes", raw.indexes.is_some()),
            ("index", raw.index.is_some()),
            ("constraints", raw.constraints.is_some()),
            ("constraint", raw.constraint.is_some()),
            ("forward", raw.forward.is_some()),
            ("reverse", raw.reverse.is_some()),
        ];
        present.into_iter().find(|(_, present)| *present).map(|(key, _)| key)
    }
}
