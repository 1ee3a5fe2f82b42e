//! One column of a model.

use super::setters::setters;
use super::{ColumnType, RelationKind, RelationMeta};
use crate::value::Value;

/// Everything about one column that is known at compile time.
#[derive(Debug)]
pub struct FieldMeta {
    /// the field of the struct: `library`
    pub name: &'static str,
    /// the column: `library_id`
    pub column: &'static str,
    /// what the column holds; for a foreign key what the target's key holds, see
    /// [`column_type`](Self::column_type)
    pub ty: ColumnType,
    /// `Option<T>`
    pub null: bool,
    /// the primary key
    pub primary_key: bool,
    /// no two rows share a value
    pub unique: bool,
    /// the column has an index of its own
    pub index: bool,
    /// set on the first save
    pub auto_now_add: bool,
    /// set on every save
    pub auto_now: bool,
    /// the value of a row that sets none
    pub default: Option<DefaultValue>,
    /// the value that the database gives to a row that sets none
    pub db_default: Option<DefaultValue>,
    /// the values allowed, with their labels
    pub choices: &'static [Choice],
    /// what else a value must satisfy
    pub validators: &'static [Validator],
    /// what the type itself asks of a value
    pub type_validators: &'static [Validator],
    /// where a foreign key points
    pub relation: Option<RelationMeta>,
    /// the collation of a text column
    pub db_collation: Option<&'static str>,
    /// the column's comment in the database
    pub comment: Option<&'static str>,
}

setters! { FieldMeta:
    null = true, ();
    primary_key = true, ();
    unique = true, ();
    index = true, ();
    auto_now_add = true, ();
    auto_now = true, ();
    default = Some(value), (value: DefaultValue);
    db_default = Some(value), (value: DefaultValue);
    choices = value, (value: &'static [Choice]);
    validators = value, (value: &'static [Validator]);
    type_validators = value, (value: &'static [Validator]);
    relation = Some(value), (value: RelationMeta);
    db_collation = Some(value), (value: &'static str);
    comment = Some(value), (value: &'static str);
}

impl FieldMeta {
    /// For the derive: a plain required column; it fills in the rest.
    #[doc(hidden)]
    pub const fn new(name: &'static str, column: &'static str, ty: ColumnType) -> Self {
        FieldMeta {
            name,
            column,
            ty,
            null: false,
            primary_key: false,
            unique: false,
            index: false,
            auto_now_add: false,
            auto_now: false,
            default: None,
            db_default: None,
            choices: &[],
            validators: &[],
            type_validators: &[],
            relation: None,
            db_collation: None,
            comment: None,
        }
    }

    /// Django's name of the column's attribute: the field's name, with `_id` for a foreign key.
    pub fn attname(&self) -> String {
        match self.relation {
            Some(_) => format!("{}_id", self.name),
            None => self.name.to_owned(),
        }
    }

    /// What the column holds; a foreign key's is the type of the field that it points to.
    pub fn column_type(&self) -> ColumnType {
        let mut field = self;
        // A one-to-one key may itself be the target's primary key, and so on.
        while let Some(relation) = &field.relation {
            field = relation.target_field();
        }
        field.ty
    }

    /// Whether the database numbers the rows: an integer primary key that is no relation and whose
    /// field is called `id`.
    pub fn auto(&self) -> bool {
        self.primary_key
            && self.relation.is_none()
            && self.name == "id"
            && matches!(
                self.ty,
                ColumnType::SmallInteger | ColumnType::Integer | ColumnType::BigInteger
            )
    }

    /// Whether a row may be made without a value for this column.
    pub fn has_default(&self) -> bool {
        self.null
            || self.auto()
            || self.auto_now
            || self.auto_now_add
            || self.default.is_some()
            || self.db_default.is_some()
    }

    /// Whether no two rows share a value, by whatever was declared.
    pub fn is_unique(&self) -> bool {
        self.unique || self.primary_key || self.relation.as_ref().is_some_and(|r| r.kind == RelationKind::OneToOne)
    }
}

/// A default, as text for migration files and as a value for new rows.
#[derive(Debug, Clone, Copy)]
pub struct DefaultValue {
    /// as it was written: `"0.00"`, `Uuid::new_v4`
    pub text: &'static str,
    /// whether it is the same value each time; a function's result is not
    pub constant: bool,
    /// makes the value
    pub value: fn() -> Value,
}

impl DefaultValue {
    /// For the derive.
    #[doc(hidden)]
    pub const fn new(text: &'static str, constant: bool, value: fn() -> Value) -> Self {
        DefaultValue { text, constant, value }
    }
}

/// One allowed value of a field and what people call it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Choice {
    /// the stored value, integers written as text
    pub value: &'static str,
    /// the label
    pub label: &'static str,
}

/// What is wrong with a pattern in a program without the feature.
#[cfg(not(feature = "regex"))]
pub(crate) const NEEDS_REGEX: &str = "regular expressions need the feature `regex` of orm";

/// For the derive: stops the compiler where a field has a pattern, and the program no feature for it.
#[doc(hidden)]
#[cfg_attr(
    not(feature = "regex"),
    allow(clippy::panic, reason = "it is evaluated by the compiler")
)]
pub const fn assert_regex() {
    #[cfg(not(feature = "regex"))]
    panic!("a field has `regex = ..`, which needs the feature `regex` of orm");
}

/// A condition on a field's value, checked before a row is written.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub enum Validator {
    /// an e-mail address
    Email,
    /// a URL
    Url,
    /// letters, digits, `_` and `-`
    Slug,
    /// text that matches; it needs the feature `regex`
    Regex(&'static str),
    /// a number not below
    Min(f64),
    /// a number not above
    Max(f64),
    /// a function of the user's: `Err` carries the message
    Custom(fn(&Value) -> Result<(), String>),
}
