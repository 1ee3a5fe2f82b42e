//! From the state of a model to its table.

use super::SchemaEditor;
use super::table::{Column, Join, Reference, Rendered, Table};
use crate::error::{MigrateError, Result};
use crate::names;
use crate::state::{
    DataType, FieldState, FieldType, ForeignKeyState, ManyToManyState, ModelKey, ModelState, ProjectState,
};

/// Longer chains of keys that are keys are circles.
const MAX_DEPTH: usize = 32;

impl SchemaEditor {
    /// The table of a model.
    pub(super) fn render(&self, state: &ProjectState, key: &ModelKey) -> Result<Table> {
        let model = state.model(key)?;
        let mut table = Table {
            key: key.clone(),
            name: self.table_name(model),
            columns: Vec::new(),
            joins: Vec::new(),
            unique_together: model.unique_together.clone(),
            indexes: model.indexes.clone(),
            constraints: model.constraints.clone(),
            comment: model.comment.clone(),
            managed: model.managed,
        };
        for field in &model.fields {
            match self.render_field(state, model, field)? {
                Rendered::Column(column) => table.columns.push(column),
                Rendered::Join(join) => table.joins.push(join),
            }
        }
        Ok(table)
    }

    /// One field of a model of that state.
    pub(super) fn render_field(
        &self,
        state: &ProjectState,
        model: &ModelState,
        field: &FieldState,
    ) -> Result<Rendered> {
        match &field.ty {
            FieldType::ManyToMany(m2m) => self.join(state, model, field, m2m).map(Rendered::Join),
            _ => self.column(state, field).map(Rendered::Column),
        }
    }

    /// Django cuts names that it made itself to what the database takes.
    pub(super) fn table_name(&self, model: &ModelState) -> String {
        let default = || names::truncate(&names::table(&model.app, &model.name), self.dialect.max_name_length());
        model.table.clone().unwrap_or_else(default)
    }

    fn column(&self, state: &ProjectState, field: &FieldState) -> Result<Column> {
        let ty = self.column_type(state, field, 0)?;
        let mut collation = field.collation.clone();
        let mut reference = None;
        if let Some(fk) = field.ty.foreign_key() {
            let (target, to_field) = target(state, field, fk)?;
            collation = collation.or_else(|| to_field.collation.clone());
            reference = Some(Reference {
                table: self.table_name(target),
                column: to_field.column_name(),
                constraint: fk.db_constraint,
                one_to_one: matches!(field.ty, FieldType::OneToOne(_)),
            });
        }
        Ok(Column {
            field: field.name.clone(),
            column: field.column_name(),
            ty,
            null: field.null,
            primary_key: field.primary_key,
            unique: field.is_unique(),
            index: field.index,
            default: field.default.clone(),
            db_default: field.db_default.clone(),
            auto_now: field.auto_now || field.auto_now_add,
            collation,
            comment: field.comment.clone(),
            reference,
        })
    }

    /// A key has the type of what it refers to, which may be a key itself.
    fn column_type(&self, state: &ProjectState, field: &FieldState, depth: usize) -> Result<DataType> {
        match &field.ty {
            FieldType::Data(ty) => Ok(*ty),
            FieldType::ForeignKey(fk) | FieldType::OneToOne(fk) if depth < MAX_DEPTH => {
                let (_, to_field) = target(state, field, fk)?;
                Ok(self.column_type(state, to_field, depth + 1)?.related(self.is_mysql()))
            }
            _ => Err(MigrateError::state(format!(
                "field {:?} refers to itself or to no column",
                field.name
            ))),
        }
    }

    fn join(
        &self,
        state: &ProjectState,
        model: &ModelState,
        field: &FieldState,
        m2m: &ManyToManyState,
    ) -> Result<Join> {
        let to = ModelKey::parse(&m2m.to).unwrap_or_else(|| ModelKey::new("", &m2m.to));
        if m2m.through.is_some() {
            return Ok(Join {
                field: field.name.clone(),
                to,
                table: None,
            });
        }
        let (mut source, mut target) = (model.name_lower(), to.name.clone());
        if source == target {
            source = format!("from_{source}");
            target = format!("to_{target}");
        }
        let mut id = FieldState::new("id", FieldType::Data(DataType::BigAuto));
        id.primary_key = true;
        let mut columns = vec![self.column(state, &id)?];
        for (name, label) in [(&source, model.label()), (&target, m2m.to.clone())] {
            let key = ForeignKeyState {
                to: label,
                to_field: None,
                on_delete: crate::state::OnDelete::Cascade,
                db_constraint: m2m.db_constraint,
            };
            columns.push(self.column(state, &FieldState::new(name, FieldType::ForeignKey(key)))?);
        }
        let default_name = || {
            let name = names::join_table(&self.table_name(model), &field.name);
            names::truncate(&name, self.dialect.max_name_length())
        };
        let table = Table {
            key: ModelKey::new(&*model.app, &format!("{}_{}", model.name, field.name)),
            name: m2m.table.clone().unwrap_or_else(default_name),
            columns,
            joins: Vec::new(),
            unique_together: vec![vec![source, target]],
            indexes: Vec::new(),
            constraints: Vec::new(),
            comment: None,
            managed: true,
        };
        Ok(Join {
            field: field.name.clone(),
            to,
            table: Some(Box::new(table)),
        })
    }

    /// The keys that refer to a column of a model, with their tables, and the keys that refer to
    /// those.
    pub(super) fn incoming(
        &self,
        state: &ProjectState,
        key: &ModelKey,
        field: &FieldState,
    ) -> Result<Vec<(Table, Column)>> {
        let mut found = Vec::new();
        self.collect_incoming(state, key, field, &mut found, 0)?;
        Ok(found)
    }

    fn collect_incoming(
        &self,
        state: &ProjectState,
        key: &ModelKey,
        field: &FieldState,
        found: &mut Vec<(Table, Column)>,
        depth: usize,
    ) -> Result<()> {
        for (source, model) in state.models().filter(|_| depth < MAX_DEPTH) {
            for other in &model.fields {
                let targets = |fk: &ForeignKeyState| {
                    key.is(&fk.to)
                        && fk
                            .to_field
                            .as_ref()
                            .map_or(field.primary_key, |name| *name == field.name)
                };
                if other.ty.foreign_key().is_some_and(targets) {
                    found.push((self.render(state, source)?, self.column(state, other)?));
                    self.collect_incoming(state, source, other, found, depth + 1)?;
                }
                if let Some(m2m) = other.ty.many_to_many().filter(|_| field.primary_key)
                    && let Some((table, from, to)) = self.join(state, model, other, m2m)?.keys()
                {
                    let ends = [(source == key, from), (key.is(&m2m.to), to)];
                    found.extend(
                        ends.into_iter()
                            .filter(|(hit, _)| *hit)
                            .map(|(_, end)| (table.clone(), end.clone())),
                    );
                }
            }
        }
        Ok(())
    }
}

/// The model and the field that a key refers to.
fn target<'a>(
    state: &'a ProjectState,
    field: &FieldState,
    fk: &ForeignKeyState,
) -> Result<(&'a ModelState, &'a FieldState)> {
    let model = ModelKey::parse(&fk.to).and_then(|key| state.get(&key));
    let model = model.ok_or_else(|| {
        MigrateError::state(format!(
            "field {:?} refers to {}, which does not exist at this point",
            field.name, fk.to
        ))
    })?;
    let to_field = match &fk.to_field {
        Some(name) => model.field(name)?,
        None => model.primary_key()?,
    };
    Ok((model, to_field))
}
