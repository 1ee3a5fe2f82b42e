//! Each operation on the database, forwards and backwards.

use super::alter_field::Between;
use super::table::Table;
use super::{Result, SchemaEditor};
use crate::operation::Operation;
use crate::state::{FieldState, ModelKey, ProjectState};

impl SchemaEditor {
    /// Applies an operation. `from` is the state before it, `to` the state after.
    pub fn forwards(&mut self, app: &str, op: &Operation, from: &ProjectState, to: &ProjectState) -> Result<()> {
        let key = ModelKey::new(app, &op.model().unwrap_or_default());
        match op {
            Operation::CreateModel(_) => self.create_model(to, &key),
            Operation::DeleteModel { .. } => self.delete_model(from, &key),
            Operation::RenameModel { new_name, .. } => self.rename_model(from, to, &key, &ModelKey::new(app, new_name)),
            Operation::AddField {
                field,
                preserve_default,
                ..
            } => self.add_model_field(from, to, &key, field, *preserve_default),
            Operation::RemoveField { name, .. } => self.remove_model_field(from, to, &key, name),
            Operation::AlterField { field, .. } => {
                self.alter_model_field(from, to, &key, from.model(&key)?.field(&field.name)?, field)
            }
            Operation::RenameField { old_name, new_name, .. } => {
                self.rename_model_field(from, to, &key, old_name, new_name)
            }
            Operation::AddIndex { index, .. } => match self.managed(to, &key)? {
                Some(table) => self.add_index(&table, index),
                None => Ok(()),
            },
            Operation::RemoveIndex { name, .. } => {
                if let Some(table) = self.managed(from, &key)? {
                    self.remove_index(&table, from.model(&key)?.index(name)?);
                }
                Ok(())
            }
            Operation::RenameIndex { old_name, new_name, .. } => match self.managed(to, &key)? {
                Some(table) => {
                    let (old, new) = (from.model(&key)?.index(old_name)?, to.model(&key)?.index(new_name)?);
                    self.rename_index(&table, old, new)
                }
                None => Ok(()),
            },
            Operation::AddConstraint { constraint, .. } => match self.managed(to, &key)? {
                Some(table) => self.add_constraint(&table, constraint),
                None => Ok(()),
            },
            Operation::RemoveConstraint { name, .. } => match self.managed(to, &key)? {
                Some(table) => self.remove_constraint(&table, from.model(&key)?.constraint(name)?),
                None => Ok(()),
            },
            Operation::AlterModelTable { .. } => self.alter_model_table(from, to, &key),
            Operation::AlterModelTableComment { .. } => match self.managed(to, &key)? {
                Some(table) => self.comment_table(&table, table.comment.as_deref()),
                None => Ok(()),
            },
            Operation::AlterUniqueTogether { .. } => match self.managed(to, &key)? {
                Some(table) => {
                    let (old, new) = (&from.model(&key)?.unique_together, &to.model(&key)?.unique_together);
                    self.alter_unique_together(&table, old, new)
                }
                None => Ok(()),
            },
            Operation::AlterModelOptions { .. } => Ok(()),
            Operation::RunSql { forward, .. } => {
                forward.on(self.backend).into_iter().for_each(|sql| self.sql(sql));
                Ok(())
            }
        }
    }

    /// Undoes an operation. `from` is the state after it, `to` the state before.
    pub fn backwards(&mut self, app: &str, op: &Operation, from: &ProjectState, to: &ProjectState) -> Result<()> {
        let key = ModelKey::new(app, &op.model().unwrap_or_default());
        match op {
            Operation::CreateModel(_) => self.delete_model(from, &key),
            Operation::DeleteModel { .. } => self.create_model(to, &key),
            Operation::RenameModel { new_name, .. } => self.rename_model(from, to, &ModelKey::new(app, new_name), &key),
            Operation::AddField { field, .. } => self.remove_model_field(from, to, &key, &field.name),
            Operation::RemoveField { name, .. } => {
                self.add_model_field(from, to, &key, to.model(&key)?.field(name)?, true)
            }
            Operation::AlterField { field, .. } => {
                let new = to.model(&key)?.field(&field.name)?;
                self.alter_model_field(from, to, &key, from.model(&key)?.field(&field.name)?, new)
            }
            Operation::RenameField { old_name, new_name, .. } => {
                self.rename_model_field(from, to, &key, new_name, old_name)
            }
            Operation::AddIndex { index, .. } => {
                if let Some(table) = self.managed(from, &key)? {
                    self.remove_index(&table, index);
                }
                Ok(())
            }
            Operation::RemoveIndex { name, .. } => match self.managed(to, &key)? {
                Some(table) => self.add_index(&table, to.model(&key)?.index(name)?),
                None => Ok(()),
            },
            Operation::RenameIndex { old_name, new_name, .. } => match self.managed(to, &key)? {
                Some(table) => {
                    let (old, new) = (from.model(&key)?.index(new_name)?, to.model(&key)?.index(old_name)?);
                    self.rename_index(&table, old, new)
                }
                None => Ok(()),
            },
            Operation::AddConstraint { constraint, .. } => match self.managed(to, &key)? {
                Some(table) => self.remove_constraint(&table, constraint),
                None => Ok(()),
            },
            Operation::RemoveConstraint { name, .. } => match self.managed(to, &key)? {
                Some(table) => self.add_constraint(&table, to.model(&key)?.constraint(name)?),
                None => Ok(()),
            },
            Operation::RunSql { reverse, .. } => {
                let sql = reverse.as_ref().and_then(|reverse| reverse.on(self.backend));
                sql.into_iter().for_each(|sql| self.sql(sql));
                Ok(())
            }
            Operation::AlterModelTable { .. }
            | Operation::AlterModelTableComment { .. }
            | Operation::AlterUniqueTogether { .. }
            | Operation::AlterModelOptions { .. } => self.forwards(app, op, from, to),
        }
    }

    /// The table of a model, unless migrations leave it alone.
    fn managed(&self, state: &ProjectState, key: &ModelKey) -> Result<Option<Table>> {
        Ok(Some(self.render(state, key)?).filter(|table| table.managed))
    }

    fn create_model(&mut self, to: &ProjectState, key: &ModelKey) -> Result<()> {
        self.managed(to, key)?.map_or(Ok(()), |table| self.create_table(&table))
    }

    fn delete_model(&mut self, from: &ProjectState, key: &ModelKey) -> Result<()> {
        if let Some(table) = self.managed(from, key)? {
            self.drop_table(&table);
        }
        Ok(())
    }

    fn add_model_field(
        &mut self,
        from: &ProjectState,
        to: &ProjectState,
        key: &ModelKey,
        field: &FieldState,
        preserve_default: bool,
    ) -> Result<()> {
        let Some(table) = self.managed(from, key)? else {
            return Ok(());
        };
        let model = to.model(key)?;
        // The default that only fills rows is in the operation and not in the state.
        let field = if preserve_default {
            model.field(&field.name)?
        } else {
            field
        };
        let rendered = self.render_field(to, model, field)?;
        self.add_field(&table, &rendered)
    }

    fn remove_model_field(&mut self, from: &ProjectState, to: &ProjectState, key: &ModelKey, name: &str) -> Result<()> {
        let Some(table) = self.managed(from, key)?.filter(|_| to.get(key).is_some()) else {
            return Ok(());
        };
        let model = from.model(key)?;
        let rendered = self.render_field(from, model, model.field(name)?)?;
        self.remove_field(&table, &rendered)
    }

    fn alter_model_field(
        &mut self,
        from: &ProjectState,
        to: &ProjectState,
        key: &ModelKey,
        old: &FieldState,
        new: &FieldState,
    ) -> Result<()> {
        let Some(table) = self.managed(from, key)? else {
            return Ok(());
        };
        let before = self.render_field(from, from.model(key)?, old)?;
        let after = self.render_field(to, to.model(key)?, new)?;
        self.alter_field(
            &table,
            &before,
            &after,
            &Between {
                from,
                to,
                key,
                old,
                new,
            },
        )
    }

    fn rename_model_field(
        &mut self,
        from: &ProjectState,
        to: &ProjectState,
        key: &ModelKey,
        old: &str,
        new: &str,
    ) -> Result<()> {
        self.alter_model_field(from, to, key, from.model(key)?.field(old)?, to.model(key)?.field(new)?)
    }

    fn alter_model_table(&mut self, from: &ProjectState, to: &ProjectState, key: &ModelKey) -> Result<()> {
        let Some(new) = self.managed(to, key)? else {
            return Ok(());
        };
        let old = self.render(from, key)?;
        self.rename_table(&old.name, &new.name);
        for join in &old.joins {
            let same = new.joins.iter().find(|other| other.field == join.field);
            if let (Some(before), Some(after)) = (&join.table, same.and_then(|join| join.table.as_ref())) {
                self.rename_table(&before.name, &after.name);
            }
        }
        Ok(())
    }

    fn rename_model(
        &mut self,
        from: &ProjectState,
        to: &ProjectState,
        old_key: &ModelKey,
        new_key: &ModelKey,
    ) -> Result<()> {
        let Some(new) = self.managed(to, new_key)? else {
            return Ok(());
        };
        let old = self.render(from, old_key)?;
        self.rename_table(&old.name, &new.name);
        // The relations that point to the model, its own ones included; keys before tables in between.
        let points_here = |field: &FieldState| field.ty.to().is_some_and(|to| old_key.is(to));
        let mut incoming: Vec<_> = from.incoming(old_key).filter(|(_, field)| points_here(field)).collect();
        incoming.sort_by_key(|(source, field)| (*source, field.is_many_to_many()));
        for (source, field) in incoming {
            let key = if source == old_key { new_key } else { source };
            if let Some(table) = self.managed(to, key)? {
                let model = to.model(key)?;
                let new = model.field(&field.name)?;
                let before = self.render_field(from, from.model(source)?, field)?;
                let after = self.render_field(to, model, new)?;
                self.alter_field(
                    &table,
                    &before,
                    &after,
                    &Between {
                        from,
                        to,
                        key,
                        old: field,
                        new,
                    },
                )?;
            }
        }
        // The tables of its many-to-many fields have the model's name.
        for join in &old.joins {
            let same = new.joins.iter().find(|other| other.field == join.field);
            if let Some(after) = same.filter(|_| join.to != *old_key) {
                self.alter_join(join, after)?;
            }
        }
        Ok(())
    }
}
