//! `Record`: a row of a model that is known at run time only; `Row`: a row of whatever shape.

use super::{DynExpr, DynQ, DynQuerySet, Dynamic, Name};
use crate::error::Result;
use crate::exec::Executor;
use crate::meta::{FieldMeta, ModelMeta};
use crate::value::{Kind, Value};
use std::fmt;
use std::sync::Arc;

/// A row of a model, as plain data, with the rows that were loaded with it.
#[derive(Debug, Clone)]
pub struct Record {
    pub(super) model: &'static ModelMeta,
    /// in the order of the model's fields; `None` where the field was deferred
    pub(super) values: Vec<Option<Value>>,
    pub(super) annotations: Vec<(Name, Value)>,
    pub(super) related: Vec<(Name, Related)>,
    /// it came from the database, or was written there
    pub(super) saved: bool,
    /// fields that were set to expressions, by their indexes: their values are in the database's hands
    pub(super) pending: Vec<(usize, DynExpr)>,
}

/// What `select_related` and `prefetch_related` load with a row.
#[derive(Debug, Clone, PartialEq)]
pub enum Related {
    /// over a relation to one: the row, or that there is none
    One(Option<Arc<Record>>),
    /// over a relation to many
    Many(Vec<Arc<Record>>),
}

impl Record {
    /// A row with all its values.
    pub(super) fn new(model: &'static ModelMeta, values: Vec<Value>) -> Self {
        Record {
            model,
            values: values.into_iter().map(Some).collect(),
            annotations: Vec::new(),
            related: Vec::new(),
            saved: true,
            pending: Vec::new(),
        }
    }

    /// The row without those that were loaded with it.
    pub(super) fn alone(&self) -> Self {
        Record {
            model: self.model,
            values: self.values.clone(),
            annotations: self.annotations.clone(),
            related: Vec::new(),
            saved: self.saved,
            pending: Vec::new(),
        }
    }

    /// The rows that were loaded over the relation of that name.
    pub(super) fn related_mut(&mut self, name: &str) -> &mut [Arc<Record>] {
        match self.related.iter_mut().find(|(n, _)| **n == *name) {
            Some((_, Related::One(row))) => row.as_mut_slice(),
            Some((_, Related::Many(rows))) => rows,
            None => &mut [],
        }
    }

    /// The model that it is a row of.
    pub fn model(&self) -> &'static ModelMeta {
        self.model
    }

    /// The values, in the order of the model's fields; `None` where the field was deferred.
    pub fn values(&self) -> &[Option<Value>] {
        &self.values
    }

    /// The primary key.
    pub fn pk(&self) -> &Value {
        const NONE: &Value = &Value::Null(Kind::Int);
        let pk = self.values.get(self.model.pk_index());
        pk.and_then(Option::as_ref).unwrap_or(NONE)
    }

    /// What the query computed for the row, in its order.
    pub fn annotations(&self) -> &[(Name, Value)] {
        &self.annotations
    }

    /// How it shows in lists: `<Article: NASA uses Python>`.
    pub fn repr(&self) -> String {
        let values = self.all_values();
        let shown = values.and_then(|values| self.model.repr_row(&values).ok());
        shown.unwrap_or_else(|| format!("<{}: {self}>", self.model.name))
    }

    /// The values, where none is deferred: what a row shows may need any of them.
    fn all_values(&self) -> Option<Vec<Value>> {
        if self.saved || self.model.show.is_none() {
            return self.values.iter().cloned().collect();
        }
        // A new row lacks what the database gives it, which what it shows seldom is about.
        let fields = self.model.fields.iter().zip(&self.values);
        let stand_in = |field: &FieldMeta| Value::zero(field.column_type().kind());
        let shown = fields.map(|(field, value)| match value {
            Some(Value::Null(_)) | None if !field.null => stand_in(field),
            Some(value) => value.clone(),
            None => Value::Null(field.column_type().kind()),
        });
        Some(shown.collect())
    }

    /// The fields that were not loaded, by the names of their column attributes.
    pub fn deferred(&self) -> Vec<String> {
        let fields = self.model.fields.iter().zip(&self.values);
        let deferred = fields.filter(|(_, value)| value.is_none());
        deferred.map(|(field, _)| field.attname()).collect()
    }

    /// The rows that were loaded with this one, by the names of the attributes that lead to them.
    pub fn related(&self) -> &[(Name, Related)] {
        &self.related
    }

    /// What was loaded over the relation of that name: a field, or the accessor of the other side.
    pub fn related_by(&self, name: &str) -> Option<&Related> {
        self.related
            .iter()
            .find(|(n, _)| **n == *name)
            .map(|(_, related)| related)
    }

    /// Loads the fields of these names that were deferred. One query, or none where all are there.
    ///
    /// # Errors
    /// [`Error::DoesNotExist`](crate::Error::DoesNotExist) where the row is gone, and what the
    /// database says.
    pub async fn load<E: Executor>(&mut self, db: &E, names: &[&str]) -> Result<()> {
        let places = names.iter().filter_map(|name| self.place(name));
        let places: Vec<usize> = places
            .filter(|at| self.values.get(*at).is_some_and(Option::is_none))
            .collect();
        if places.is_empty() {
            return Ok(());
        }
        let columns = places.iter().filter_map(|at| self.model.fields.get(*at));
        let columns: Vec<_> = columns.map(|field| field.attname().as_str().into()).collect();
        let rows = DynQuerySet::new(self.model).values_list(columns, false)?;
        let this = DynQ::leaf("pk", Dynamic::Value(self.pk().clone()));
        if let Row::List(values) = rows.get(db, this).await? {
            for (at, value) in places.into_iter().zip(values) {
                if let Some(place) = self.values.get_mut(at) {
                    *place = Some(value);
                }
            }
        }
        Ok(())
    }

    pub(super) fn place(&self, name: &str) -> Option<usize> {
        let field = self.model.field(name)?;
        self.model.fields.iter().position(|f| std::ptr::eq(f, field))
    }

    /// The value of a field, by its name or its column attribute (`publisher_id`), or of an
    /// annotation. A deferred field has none until it is [loaded](Self::load).
    pub fn get(&self, name: &str) -> Option<&Value> {
        match self.place(name) {
            Some(place) => self.values.get(place).and_then(Option::as_ref),
            None => self.annotations.iter().find(|(n, _)| **n == *name).map(|(_, v)| v),
        }
    }
}

/// Two rows are equal that are the same row of the same model, as in Django.
impl PartialEq for Record {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self.model, other.model) && self.pk() == other.pk()
    }
}

impl fmt::Display for Record {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let values = self.all_values();
        match values.and_then(|values| self.model.show_row(&values).ok()) {
            Some(shown) => f.write_str(&shown),
            None => write!(f, "{} object ({})", self.model.name, super::value::text(self.pk())),
        }
    }
}

/// One row of a [`DynQuerySet`](super::DynQuerySet), in the shape that was asked for.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Row {
    /// a row of the model
    Record(Record),
    /// `values()`: names and values
    Dict(Vec<(Name, Value)>),
    /// `values_list()`
    List(Vec<Value>),
    /// `values_list(flat=True)`
    Flat(Value),
}
