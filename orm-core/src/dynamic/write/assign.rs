//! New rows, and setting the fields of rows by name.

use super::{Given, given, key_of, not_assignable};
use crate::dynamic::{Dynamic, Record, Related};
use crate::error::{Error, Misuse, Result};
use crate::meta::{FieldMeta, ModelMeta, RelationKind};
use crate::value::{Kind, Value};
use std::sync::Arc;

impl Record {
    /// A new row with the defaults of its fields, which is not in the database yet. No query.
    ///
    /// A text without a default is empty; other fields without one are NULL until they are set.
    pub fn unsaved(model: &'static ModelMeta) -> Self {
        let mut row = Record::new(model, Vec::new());
        row.values = model.fields.iter().map(start).collect();
        row.saved = false;
        row
    }

    /// A new row with these values, which is not in the database yet. No query.
    ///
    /// # Errors
    /// [`Error::Misuse`] for a name that is no field, and as [`set`](Self::set).
    pub fn with(model: &'static ModelMeta, named: impl IntoIterator<Item = (String, Dynamic)>) -> Result<Self> {
        let mut row = Record::unsaved(model);
        for (name, value) in named {
            row.check_name(&name)?;
            row.set(&name, value)?;
        }
        Ok(row)
    }

    /// That a new row may be given a value of that name.
    ///
    /// # Errors
    /// [`Error::Misuse`] in Python's words.
    pub fn check_name(&self, name: &str) -> Result<()> {
        if self.place(name).is_some() || self.many(name).is_some() {
            return Ok(());
        }
        let message = format!("{}() got unexpected keyword arguments: '{name}'", self.model.name);
        Err(Error::misuse(Misuse::Type, message))
    }

    /// Whether the row came from the database or was written there.
    pub fn is_saved(&self) -> bool {
        self.saved
    }

    /// The direction and the accessor of a relation to many.
    fn many(&self, name: &str) -> Option<&'static str> {
        if self.model.many_to_many.iter().any(|relation| relation.name == name) {
            return Some("forward side of a many-to-many");
        }
        let reverse = self
            .model
            .reverse_relations()
            .iter()
            .filter(|relation| !relation.hidden());
        let mut reverse = reverse.filter(|relation| relation.kind != RelationKind::OneToOne);
        let found = reverse.find(|relation| relation.accessor_name() == name)?;
        Some(match found.kind {
            RelationKind::ManyToMany => "reverse side of a many-to-many",
            _ => "reverse side of a related",
        })
    }

    /// Sets a field, by its name or its column attribute (`publisher_id`), to a value as Django takes
    /// it: `"3"` for an integer, a row for a foreign key, an expression that the database computes
    /// when the row is saved. No query.
    ///
    /// # Errors
    /// [`Error::Field`] for an unknown name; [`Error::Type`], [`Error::Validation`], [`Error::Misuse`]
    /// where the value does not fit.
    pub fn set(&mut self, name: &str, value: impl Into<Dynamic>) -> Result<()> {
        let model = self.model;
        self.check_assignable(name)?;
        let found = self.place(name).and_then(|at| Some((at, model.fields.get(at)?)));
        let Some((at, field)) = found else {
            return Err(Error::Field {
                model: model.name.to_owned(),
                name: name.to_owned(),
                choices: model.fields.iter().map(|field| field.name.to_owned()).collect(),
            });
        };
        let mut row = None;
        let value = match (&field.relation, value.into()) {
            (Some(relation), Dynamic::Record(other)) if field.name == name => {
                let key = key_of(relation, &other)?;
                row = Some(other);
                Given::Value(key)
            }
            (Some(relation), Dynamic::Value(value)) if field.name == name && !value.is_null() => {
                return Err(not_assignable(relation, &crate::dynamic::value::text(&value)));
            }
            (_, value) => given(model, field, value)?,
        };
        self.pending.retain(|(other, _)| *other != at);
        match value {
            Given::Value(value) => self.put(at, value),
            Given::Expr(expr) => self.pending.push((at, expr)),
        }
        self.forget(field.name);
        if let Some(row) = row {
            // Alone, so that rows that lead to rows do not nest without end.
            self.related
                .push((field.name.into(), Related::One(Some(Arc::new(row.alone())))));
        }
        Ok(())
    }

    /// That the name is not that of a relation to many, which has calls of its own.
    ///
    /// # Errors
    /// [`Error::Misuse`] in Django's words.
    pub fn check_assignable(&self, name: &str) -> Result<()> {
        match self.many(name) {
            None => Ok(()),
            Some(side) => {
                let message = format!("Direct assignment to the {side} set is prohibited. Use {name}.set() instead.");
                Err(Error::misuse(Misuse::Type, message))
            }
        }
    }

    /// Whether a field was set to an expression, whose value is not known yet.
    pub fn is_pending(&self, name: &str) -> bool {
        let place = self.place(name);
        self.pending.iter().any(|(at, _)| Some(*at) == place)
    }

    /// Forgets the rows that were loaded with this one over the relation of that name.
    pub fn forget(&mut self, name: &str) {
        self.related.retain(|(known, _)| **known != *name);
    }

    pub(super) fn put(&mut self, at: usize, value: Value) {
        if let Some(place) = self.values.get_mut(at) {
            *place = Some(value);
        }
    }

    /// Checks the rules of the fields without writing anything. No query.
    ///
    /// # Errors
    /// [`Error::Validation`] with every field that breaks a rule.
    pub fn validate(&self) -> Result<()> {
        let fields = self.model.fields.iter().zip(&self.values);
        let given = fields.filter_map(|(field, value)| Some((field, value.as_ref()?)));
        let unset = |field: &FieldMeta, value: &Value| {
            value.is_null() && (field.auto() || field.auto_now || field.auto_now_add)
        };
        crate::write::report(self.model, given.filter(|(field, value)| !unset(field, value)))
    }
}

/// What a field of a new row holds; `None` is the database's to give.
fn start(field: &FieldMeta) -> Option<Value> {
    if let Some(default) = &field.default {
        return Some((default.value)());
    }
    let kind = field.column_type().kind();
    match kind {
        _ if field.db_default.is_some() => None,
        Kind::Text | Kind::Bytes if !field.null && field.relation.is_none() => Some(Value::zero(kind)),
        kind => Some(Value::Null(kind)),
    }
}

impl From<Record> for Dynamic {
    fn from(row: Record) -> Self {
        Dynamic::Record(Arc::new(row))
    }
}

impl From<Arc<Record>> for Dynamic {
    fn from(row: Arc<Record>) -> Self {
        Dynamic::Record(row)
    }
}
