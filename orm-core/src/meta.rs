//! The static description of a model, which everything else reads: migrations, queries, tools.

mod column;
mod constraint;
mod field;
mod relation;
mod setters;

pub use column::ColumnType;
pub use constraint::{Check, CheckExpr, CheckOp, CheckValue, Index, Ordering, Unique};
#[cfg(not(feature = "regex"))]
pub(crate) use field::NEEDS_REGEX;
#[doc(hidden)]
pub use field::assert_regex;
pub use field::{Choice, DefaultValue, FieldMeta, Validator};
pub use relation::{OnDelete, RelationKind, RelationMeta, Through};

use crate::error::Result;
use crate::registry;
use crate::value::Value;
use setters::setters;
use std::sync::{Arc, OnceLock};

/// Everything about a model that is known at compile time.
///
/// `#[derive(Model)]` writes one static of it; [`Model::meta`](crate::Model::meta) gives it.
#[derive(Debug)]
pub struct ModelMeta {
    /// the app label, first part of the table name: `library`
    pub app: &'static str,
    /// the struct's name: `Library`
    pub name: &'static str,
    /// the table: `library_library`
    pub table: &'static str,
    /// the columns, in the order of the struct
    pub fields: &'static [FieldMeta],
    /// the many-to-many relations declared here; they have no column
    pub many_to_many: &'static [RelationMeta],
    /// the order of rows where a query names none
    pub ordering: &'static [Ordering],
    /// the fields that `latest` and `earliest` use where none is named
    pub get_latest_by: &'static [Ordering],
    /// groups of fields that are unique together, from `unique_together`
    pub unique_together: &'static [&'static [&'static str]],
    /// unique constraints, from `unique(...)`
    pub unique: &'static [Unique],
    /// indexes, from `index(...)`
    pub indexes: &'static [Index],
    /// check constraints, from `check(...)`
    pub checks: &'static [Check],
    /// whether migrations create and alter the table
    pub managed: bool,
    /// the table's comment in the database
    pub comment: Option<&'static str>,
    /// how a row prints of which only the values are known, where the model says how; see
    /// [`show_row`](Self::show_row)
    pub show: Option<ShowRow>,
    /// how it shows in lists of a shell, where the model says how; see [`repr_row`](Self::repr_row)
    pub repr: Option<ShowRow>,
    /// what happens around the writes of a row of which only the values are known
    pub hooks: Option<RowHooks>,
    /// what was written for it so far
    pub(crate) texts: Texts,
}

/// SQL for a model that is needed too often to be looked for; it is written when it is first needed.
#[derive(Debug, Default)]
pub(crate) struct Texts {
    /// SQLite's INSERT of a row that has everything but its number
    pub(crate) numbered_row: OnceLock<Arc<str>>,
}

/// Prints a row from the values of its columns, in the order of the fields.
pub type ShowRow = fn(&[Value]) -> Result<String>;

/// A model's [`Hooks`](crate::model::Hooks), for rows of which only the values are known.
#[derive(Debug, Clone, Copy)]
pub struct RowHooks {
    /// before the row is written; it may change the values
    pub before_save: fn(&mut Vec<Value>) -> Result<()>,
    /// after the row was written; whether it is new
    pub after_save: fn(&[Value], bool),
    /// before the row is deleted
    pub before_delete: fn(&[Value]) -> Result<()>,
    /// after the row was deleted
    pub after_delete: fn(&[Value]),
}

setters! { ModelMeta:
    fields = value, (value: &'static [FieldMeta]);
    many_to_many = value, (value: &'static [RelationMeta]);
    ordering = value, (value: &'static [Ordering]);
    get_latest_by = value, (value: &'static [Ordering]);
    unique_together = value, (value: &'static [&'static [&'static str]]);
    unique = value, (value: &'static [Unique]);
    indexes = value, (value: &'static [Index]);
    checks = value, (value: &'static [Check]);
    managed = value, (value: bool);
    comment = Some(value), (value: &'static str);
    show = Some(value), (value: ShowRow);
    repr = Some(value), (value: ShowRow);
    hooks = Some(value), (value: RowHooks);
}

impl ModelMeta {
    /// For the derive: a description with nothing but names; it fills in the rest.
    #[doc(hidden)]
    pub const fn new(app: &'static str, name: &'static str, table: &'static str) -> Self {
        ModelMeta {
            app,
            name,
            table,
            fields: &[],
            many_to_many: &[],
            ordering: &[],
            get_latest_by: &[],
            unique_together: &[],
            unique: &[],
            indexes: &[],
            checks: &[],
            managed: true,
            comment: None,
            show: None,
            repr: None,
            hooks: None,
            texts: Texts {
                numbered_row: OnceLock::new(),
            },
        }
    }

    /// `library.Library`, the name by which migrations know the model.
    pub fn label(&self) -> String {
        format!("{}.{}", self.app, self.name)
    }

    /// The model's name as it stands in table and query names: `library`.
    pub fn model_name(&self) -> String {
        self.name.to_lowercase()
    }

    /// The primary key. The derive refuses a model without one.
    pub fn pk(&self) -> &'static FieldMeta {
        &self.fields[self.pk_index()]
    }

    /// Where the primary key stands in [`fields`](Self::fields).
    pub fn pk_index(&self) -> usize {
        self.fields.iter().position(|f| f.primary_key).unwrap_or(0)
    }

    /// The field of that name, or with that column attribute (`library_id`), or `pk`.
    pub fn field(&self, name: &str) -> Option<&'static FieldMeta> {
        if name == "pk" {
            return Some(self.pk());
        }
        self.fields
            .iter()
            .find(|f| f.name == name)
            .or_else(|| self.fields.iter().find(|f| f.attname() == name))
    }

    /// Whether no two rows share a value of that field.
    pub fn has_unique(&self, name: &str) -> bool {
        let own = self.fields.iter().any(|field| field.name == name && field.is_unique());
        let mut total = self.unique.iter().filter(|unique| unique.condition.is_none());
        own || total.any(|unique| unique.fields == [name])
    }

    /// The forward relation of that name: a foreign key, a one-to-one or a many-to-many field.
    pub fn relation(&self, name: &str) -> Option<&'static RelationMeta> {
        self.fields
            .iter()
            .filter_map(|f| f.relation.as_ref())
            .chain(self.many_to_many)
            .find(|r| r.name == name)
    }

    /// The relations of other models (and its own) that point here, hidden ones included.
    pub fn reverse_relations(&'static self) -> &'static [&'static RelationMeta] {
        registry::reverse_relations(self)
    }

    /// All names that a query may use on the model, sorted.
    pub fn query_names(&'static self) -> Vec<String> {
        let fields = self.fields.iter().flat_map(|field| {
            let attname = field.relation.is_some().then(|| field.attname());
            std::iter::once(field.name.to_owned()).chain(attname)
        });
        let many = self.many_to_many.iter().map(|relation| relation.name.to_owned());
        let reverse = self.reverse_relations().iter().filter(|relation| !relation.hidden());
        let reverse = reverse.map(|relation| relation.query_name());
        let mut names: Vec<String> = fields.chain(many).chain(reverse).collect();
        names.sort();
        names.dedup();
        names
    }

    /// How a row with these values prints: by the model's `display`, else `Article object (1)`.
    ///
    /// # Errors
    /// [`Error::Decode`](crate::Error::Decode) where they are no values of the model's columns.
    pub fn show_row(&self, values: &[Value]) -> Result<String> {
        match self.show {
            Some(show) => show(values),
            None => Ok(format!(
                "{} object ({})",
                self.name,
                key_text(values.get(self.pk_index()))
            )),
        }
    }

    /// How a row with these values shows in lists of a shell: by the model's `repr`, else
    /// `<Article: NASA uses Rust>`.
    ///
    /// # Errors
    /// As [`show_row`](Self::show_row).
    pub fn repr_row(&self, values: &[Value]) -> Result<String> {
        match self.repr {
            Some(repr) => repr(values),
            None => Ok(format!("<{}: {}>", self.name, self.show_row(values)?)),
        }
    }

    /// Whether both describe the same model.
    pub fn is(&self, other: &ModelMeta) -> bool {
        std::ptr::eq(self, other)
    }
}

/// A key as Python prints it.
fn key_text(key: Option<&Value>) -> String {
    match key {
        None | Some(Value::Null(_)) => "None".to_owned(),
        Some(Value::Int(number)) => number.to_string(),
        Some(Value::Text(text)) => text.clone(),
        Some(Value::Uuid(uuid)) => uuid.to_string(),
        Some(Value::Decimal(number)) => number.to_string(),
        Some(Value::Date(date)) => date.to_string(),
        Some(other) => format!("{other:?}"),
    }
}
