//! `FieldType`: a column of data, or one of the three relations.

use super::{DataType, ModelKey};
use orm_core::meta;
use serde::{Deserialize, Serialize};

/// What a field is.
#[derive(Debug, Clone, PartialEq)]
pub enum FieldType {
    /// a column of data
    Data(DataType),
    /// many rows here, one there
    ForeignKey(ForeignKeyState),
    /// one row here, one there
    OneToOne(ForeignKeyState),
    /// many rows on both sides; no column
    ManyToMany(ManyToManyState),
}

/// Where a foreign key or a one-to-one field points.
#[derive(Debug, Clone, PartialEq)]
pub struct ForeignKeyState {
    /// the model, by label: `library.Library`
    pub to: String,
    /// the field that is referred to, where it is not the primary key
    pub to_field: Option<String>,
    /// what happens to the row when its target goes
    pub on_delete: OnDelete,
    /// whether the database enforces the key
    pub db_constraint: bool,
}

/// Where a many-to-many field points.
#[derive(Debug, Clone, PartialEq)]
pub struct ManyToManyState {
    /// the model, by label
    pub to: String,
    /// the model in between, where it is one of the user's
    pub through: Option<String>,
    /// the table in between, where it has not Django's name
    pub table: Option<String>,
    /// whether the database enforces the keys of the table in between
    pub db_constraint: bool,
}

/// What happens to a row when the row that its foreign key names is deleted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs, reason = "the names are Django's")]
pub enum OnDelete {
    Cascade,
    Protect,
    Restrict,
    SetNull,
    SetDefault,
    Set,
    DoNothing,
}

impl From<meta::OnDelete> for OnDelete {
    fn from(on_delete: meta::OnDelete) -> Self {
        match on_delete {
            meta::OnDelete::Cascade => OnDelete::Cascade,
            meta::OnDelete::Protect => OnDelete::Protect,
            meta::OnDelete::Restrict => OnDelete::Restrict,
            meta::OnDelete::SetNull => OnDelete::SetNull,
            meta::OnDelete::SetDefault => OnDelete::SetDefault,
            meta::OnDelete::Set => OnDelete::Set,
            meta::OnDelete::DoNothing => OnDelete::DoNothing,
        }
    }
}

impl FieldType {
    /// The foreign key, if it is one (or a one-to-one field).
    pub fn foreign_key(&self) -> Option<&ForeignKeyState> {
        match self {
            FieldType::ForeignKey(fk) | FieldType::OneToOne(fk) => Some(fk),
            _ => None,
        }
    }

    /// The foreign key, to be changed.
    pub fn foreign_key_mut(&mut self) -> Option<&mut ForeignKeyState> {
        match self {
            FieldType::ForeignKey(fk) | FieldType::OneToOne(fk) => Some(fk),
            _ => None,
        }
    }

    /// The many-to-many relation, if it is one.
    pub fn many_to_many(&self) -> Option<&ManyToManyState> {
        match self {
            FieldType::ManyToMany(m2m) => Some(m2m),
            _ => None,
        }
    }

    /// The label of the model that a relation points to.
    pub fn to(&self) -> Option<&str> {
        self.foreign_key()
            .map(|fk| fk.to.as_str())
            .or_else(|| self.many_to_many().map(|m2m| m2m.to.as_str()))
    }

    /// The label of the model that a many-to-many relation goes through.
    pub fn through(&self) -> Option<&str> {
        self.many_to_many().and_then(|m2m| m2m.through.as_deref())
    }

    /// The labels of the other models, to be changed.
    pub(crate) fn labels_mut(&mut self) -> Vec<&mut String> {
        match self {
            FieldType::Data(_) => Vec::new(),
            FieldType::ForeignKey(fk) | FieldType::OneToOne(fk) => vec![&mut fk.to],
            FieldType::ManyToMany(m2m) => std::iter::once(&mut m2m.to).chain(m2m.through.as_mut()).collect(),
        }
    }

    /// Whether it points to that model or goes through it.
    pub fn refers_to(&self, key: &ModelKey) -> bool {
        self.to().into_iter().chain(self.through()).any(|label| key.is(label))
    }
}
