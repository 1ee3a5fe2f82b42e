//! `Record`: a row of a model that is known at run time only; `Row`: a row of whatever shape.

use super::Name;
use crate::meta::ModelMeta;
use crate::value::{Kind, Value};
use std::fmt;

/// A row of a model, as plain data.
#[derive(Debug, Clone)]
pub struct Record {
    pub(super) model: &'static ModelMeta,
    /// in the order of the model's fields
    pub(super) values: Vec<Value>,
    pub(super) annotations: Vec<(Name, Value)>,
}

impl Record {
    /// The model that it is a row of.
    pub fn model(&self) -> &'static ModelMeta {
        self.model
    }

    /// The values, in the order of the model's fields.
    pub fn values(&self) -> &[Value] {
        &self.values
    }

    /// The primary key.
    pub fn pk(&self) -> &Value {
        const NONE: &Value = &Value::Null(Kind::Int);
        self.values.get(self.model.pk_index()).unwrap_or(NONE)
    }

    /// What the query computed for the row, in its order.
    pub fn annotations(&self) -> &[(Name, Value)] {
        &self.annotations
    }

    /// How it shows in lists: `<Article: NASA uses Python>`.
    pub fn repr(&self) -> String {
        let shown = self.model.repr_row(&self.values);
        shown.unwrap_or_else(|_| format!("<{}: {self}>", self.model.name))
    }

    /// The value of a field, by its name or its column attribute (`publisher_id`), or of an annotation.
    pub fn get(&self, name: &str) -> Option<&Value> {
        let field = self.model.field(name);
        let place = field.and_then(|field| self.model.fields.iter().position(|f| std::ptr::eq(f, field)));
        match place {
            Some(place) => self.values.get(place),
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
        match self.model.show_row(&self.values) {
            Ok(shown) => f.write_str(&shown),
            Err(_) => write!(f, "{} object ({})", self.model.name, super::value::text(self.pk())),
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
