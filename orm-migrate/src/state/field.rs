//! `FieldState`: one field, as far as the schema knows it.

use super::{FieldType, ModelKey};
use crate::files::RawField;
use crate::literal::Literal;
use serde::{Deserialize, Serialize};

/// One field, as far as the schema and the filling of rows depend on it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "RawField", into = "RawField")]
pub struct FieldState {
    /// the field's name: `library`
    pub name: String,
    /// what it is
    pub ty: FieldType,
    /// NULL is allowed
    pub null: bool,
    /// the primary key
    pub primary_key: bool,
    /// no two rows share a value, as declared; see [`is_unique`](Self::is_unique)
    pub unique: bool,
    /// the column has an index of its own, unless it is unique; a foreign key has one by default
    pub index: bool,
    /// the value of a row that sets none
    pub default: Option<Literal>,
    /// the value that the database gives to a row that sets none
    pub db_default: Option<Literal>,
    /// set on every save
    pub auto_now: bool,
    /// set on the first save
    pub auto_now_add: bool,
    /// the column, where it has not Django's name
    pub column: Option<String>,
    /// the collation of a text column
    pub collation: Option<String>,
    /// the column's comment in the database
    pub comment: Option<String>,
}

impl FieldState {
    /// A required field with nothing but a name and a type.
    pub fn new(name: impl Into<String>, ty: FieldType) -> Self {
        FieldState {
            name: name.into(),
            null: false,
            primary_key: false,
            unique: false,
            index: ty.foreign_key().is_some(),
            ty,
            default: None,
            db_default: None,
            auto_now: false,
            auto_now_add: false,
            column: None,
            collation: None,
            comment: None,
        }
    }

    /// The column that it has if none is named: the name, with `_id` for a foreign key.
    pub fn default_column(&self) -> String {
        match self.ty.foreign_key() {
            Some(_) => format!("{}_id", self.name),
            None => self.name.clone(),
        }
    }

    /// The column.
    pub fn column_name(&self) -> String {
        self.column.clone().unwrap_or_else(|| self.default_column())
    }

    /// Whether it is a many-to-many field, which has no column.
    pub fn is_many_to_many(&self) -> bool {
        self.ty.many_to_many().is_some()
    }

    /// Whether no two rows share a value, by whatever was declared.
    pub fn is_unique(&self) -> bool {
        self.unique || self.primary_key || matches!(self.ty, FieldType::OneToOne(_))
    }

    /// Whether the database numbers the rows by it.
    pub fn is_auto(&self) -> bool {
        matches!(self.ty, FieldType::Data(ty) if ty.is_auto())
    }

    /// Whether it refers to that field (or goes through that model); where it refers to a model's
    /// key without naming it, every field of the model counts.
    pub fn refers_to_field(&self, key: &ModelKey, field: Option<&str>) -> bool {
        let Some(fk) = self.ty.foreign_key() else {
            return self.ty.refers_to(key);
        };
        key.is(&fk.to) && (field.is_none() || fk.to_field.is_none() || fk.to_field.as_deref() == field)
    }
}
