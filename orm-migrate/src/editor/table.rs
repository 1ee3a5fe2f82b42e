//! `Table`: a model as one database sees it, with every relation resolved to table and column.

use crate::literal::Literal;
use crate::state::{ConstraintState, DataType, IndexState, ModelKey};

/// A model's table.
#[derive(Debug, Clone)]
pub(crate) struct Table {
    pub key: ModelKey,
    pub name: String,
    pub columns: Vec<Column>,
    pub joins: Vec<Join>,
    pub unique_together: Vec<Vec<String>>,
    pub indexes: Vec<IndexState>,
    pub constraints: Vec<ConstraintState>,
    pub comment: Option<String>,
    pub managed: bool,
}

/// One column, with all that the database or the filling of rows depends on.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Column {
    pub field: String,
    pub column: String,
    pub ty: DataType,
    pub null: bool,
    pub primary_key: bool,
    /// unique by whatever was declared, the primary key included
    pub unique: bool,
    pub index: bool,
    pub default: Option<Literal>,
    pub db_default: Option<Literal>,
    pub auto_now: bool,
    pub collation: Option<String>,
    pub comment: Option<String>,
    pub reference: Option<Reference>,
}

/// Where a foreign key points.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Reference {
    pub table: String,
    pub column: String,
    pub constraint: bool,
    pub one_to_one: bool,
}

/// A many-to-many field.
#[derive(Debug, Clone)]
pub(crate) struct Join {
    pub field: String,
    /// the model that it points to
    pub to: ModelKey,
    /// the table in between, unless it belongs to a model of the user's; boxed, for it is a table
    pub table: Option<Box<Table>>,
}

/// A field as the database sees it.
#[derive(Debug, Clone)]
pub(crate) enum Rendered {
    Column(Column),
    Join(Join),
}

impl Table {
    /// The column of that field; a foreign key may also be called by its `_id` name.
    pub fn column(&self, field: &str) -> Option<&Column> {
        self.columns.iter().find(|c| c.field == field).or_else(|| {
            self.columns
                .iter()
                .find(|c| c.reference.is_some() && field.strip_suffix("_id") == Some(&*c.field))
        })
    }

    /// The names of indexes and constraints that the model declares by itself.
    pub fn declared_names(&self) -> Vec<String> {
        let indexes = self.indexes.iter().map(|index| index.name.clone());
        indexes
            .chain(self.constraints.iter().map(|constraint| constraint.name().to_owned()))
            .collect()
    }
}

impl Column {
    /// The foreign key, if the database is to enforce it.
    pub fn enforced(&self) -> Option<&Reference> {
        self.reference.as_ref().filter(|reference| reference.constraint)
    }

    /// Whether the column of another definition must be altered to become this one.
    pub fn differs(&self, old: &Column) -> bool {
        let named_alike = Column {
            field: old.field.clone(),
            ..self.clone()
        };
        named_alike != *old
    }

    /// The same, but a comment does not count.
    pub fn differs_in_more_than_comment(&self, old: &Column) -> bool {
        Column {
            comment: old.comment.clone(),
            ..self.clone()
        }
        .differs(old)
    }
}

impl Join {
    /// The key of the declaring model and the key of the other one, in the table in between.
    pub fn keys(&self) -> Option<(&Table, &Column, &Column)> {
        let table = self.table.as_deref()?;
        match table.columns.as_slice() {
            [_, from, to] => Some((table, from, to)),
            _ => None,
        }
    }
}
