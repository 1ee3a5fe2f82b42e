//! `RawField`: a field as it stands in a file, one flat table of all that it may have.

use crate::literal::Literal;
use crate::state::{DataType, FieldState, FieldType, ForeignKeyState, ManyToManyState, OnDelete};
use serde::{Deserialize, Serialize};

/// A field as it stands in a file: `{ name = "title", type = "char", max_length = 200 }`.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RawField {
    name: String,
    #[serde(rename = "type")]
    ty: RawType,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    max_length: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    max_digits: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    decimal_places: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    to: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    to_field: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    on_delete: Option<OnDelete>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    through: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    table: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    db_constraint: Option<bool>,
    #[serde(default, skip_serializing_if = "is_false")]
    primary_key: bool,
    #[serde(default, skip_serializing_if = "is_false")]
    null: bool,
    #[serde(default, skip_serializing_if = "is_false")]
    unique: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    index: Option<bool>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    default: Option<Literal>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    db_default: Option<Literal>,
    #[serde(default, skip_serializing_if = "is_false")]
    auto_now: bool,
    #[serde(default, skip_serializing_if = "is_false")]
    auto_now_add: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    column: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    collation: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    comment: Option<String>,
}

/// The kinds of fields, by the names that files use.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum RawType {
    SmallAuto,
    Auto,
    BigAuto,
    SmallInteger,
    Integer,
    BigInteger,
    PositiveSmallInteger,
    PositiveInteger,
    PositiveBigInteger,
    Float,
    Boolean,
    Char,
    Text,
    Decimal,
    Date,
    Time,
    DateTime,
    Duration,
    Uuid,
    Json,
    Binary,
    IpAddress,
    ForeignKey,
    OneToOne,
    ManyToMany,
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde asks for a reference")]
fn is_false(value: &bool) -> bool {
    !value
}

impl RawField {
    fn need<T>(value: Option<T>, field: &str, key: &str) -> Result<T, String> {
        value.ok_or_else(|| format!("field {field:?} needs `{key}`"))
    }

    fn field_type(&self) -> Result<FieldType, String> {
        let name = &self.name;
        let foreign_key = || {
            Ok::<_, String>(ForeignKeyState {
                to: label(Self::need(self.to.clone(), name, "to")?)?,
                to_field: self.to_field.clone(),
                on_delete: Self::need(self.on_delete, name, "on_delete")?,
                db_constraint: self.db_constraint.unwrap_or(true),
            })
        };
        Ok(FieldType::Data(match self.ty {
            RawType::SmallAuto => DataType::SmallAuto,
            RawType::Auto => DataType::Auto,
            RawType::BigAuto => DataType::BigAuto,
            RawType::SmallInteger => DataType::SmallInteger,
            RawType::Integer => DataType::Integer,
            RawType::BigInteger => DataType::BigInteger,
            RawType::PositiveSmallInteger => DataType::PositiveSmallInteger,
            RawType::PositiveInteger => DataType::PositiveInteger,
            RawType::PositiveBigInteger => DataType::PositiveBigInteger,
            RawType::Float => DataType::Float,
            RawType::Boolean => DataType::Boolean,
            RawType::Char => DataType::Char {
                max_length: Self::need(self.max_length, name, "max_length")?,
            },
            RawType::Text => DataType::Text,
            RawType::Decimal => DataType::Decimal {
                max_digits: Self::need(self.max_digits, name, "max_digits")?,
                decimal_places: Self::need(self.decimal_places, name, "decimal_places")?,
            },
            RawType::Date => DataType::Date,
            RawType::Time => DataType::Time,
            RawType::DateTime => DataType::DateTime,
            RawType::Duration => DataType::Duration,
            RawType::Uuid => DataType::Uuid,
            RawType::Json => DataType::Json,
            RawType::Binary => DataType::Binary,
            RawType::IpAddress => DataType::IpAddress,
            RawType::ForeignKey => return Ok(FieldType::ForeignKey(foreign_key()?)),
            RawType::OneToOne => return Ok(FieldType::OneToOne(foreign_key()?)),
            RawType::ManyToMany => {
                return Ok(FieldType::ManyToMany(ManyToManyState {
                    to: label(Self::need(self.to.clone(), name, "to")?)?,
                    through: self.through.clone().map(label).transpose()?,
                    table: self.table.clone(),
                    db_constraint: self.db_constraint.unwrap_or(true),
                }));
            }
        }))
    }
}

fn label(text: String) -> Result<String, String> {
    match crate::state::ModelKey::parse(&text) {
        Some(_) => Ok(text),
        None => Err(format!("{text:?} is not a model; write \"app.Model\"")),
    }
}

impl TryFrom<RawField> for FieldState {
    type Error = String;

    fn try_from(raw: RawField) -> Result<Self, String> {
        let mut field = FieldState::new(raw.name.clone(), raw.field_type()?);
        if let Some(ty) = match field.ty {
            FieldType::Data(ty) => Some(ty),
            _ => None,
        } {
            for literal in [&raw.default, &raw.db_default].into_iter().flatten() {
                literal
                    .value(ty)
                    .map_err(|why| format!("default of {:?}: {why}, not {literal}", raw.name))?;
            }
        }
        field.index = raw.index.unwrap_or(field.index);
        field.null = raw.null;
        field.primary_key = raw.primary_key;
        field.unique = raw.unique;
        field.default = raw.default;
        field.db_default = raw.db_default;
        field.auto_now = raw.auto_now;
        field.auto_now_add = raw.auto_now_add;
        field.column = raw.column;
        field.collation = raw.collation;
        field.comment = raw.comment;
        Ok(field)
    }
}

impl From<FieldState> for RawField {
    fn from(field: FieldState) -> Self {
        let plain = FieldState::new("", field.ty.clone());
        let mut raw = RawField {
            name: field.name,
            ty: RawType::of(&field.ty),
            max_length: None,
            max_digits: None,
            decimal_places: None,
            to: field.ty.to().map(str::to_owned),
            to_field: None,
            on_delete: None,
            through: field.ty.through().map(str::to_owned),
            table: None,
            db_constraint: None,
            primary_key: field.primary_key,
            null: field.null,
            unique: field.unique,
            index: (field.index != plain.index).then_some(field.index),
            default: field.default,
            db_default: field.db_default,
            auto_now: field.auto_now,
            auto_now_add: field.auto_now_add,
            column: field.column,
            collation: field.collation,
            comment: field.comment,
        };
        match field.ty {
            FieldType::Data(DataType::Char { max_length }) => raw.max_length = Some(max_length),
            FieldType::Data(DataType::Decimal {
                max_digits,
                decimal_places,
            }) => {
                raw.max_digits = Some(max_digits);
                raw.decimal_places = Some(decimal_places);
            }
            FieldType::Data(_) => {}
            FieldType::ForeignKey(fk) | FieldType::OneToOne(fk) => {
                raw.to_field = fk.to_field;
                raw.on_delete = Some(fk.on_delete);
                raw.db_constraint = (!fk.db_constraint).then_some(false);
            }
            FieldType::ManyToMany(m2m) => {
                raw.table = m2m.table;
                raw.db_constraint = (!m2m.db_constraint).then_some(false);
            }
        }
        raw
    }
}

impl RawType {
    fn of(ty: &FieldType) -> Self {
        match ty {
            FieldType::ForeignKey(_) => RawType::ForeignKey,
            FieldType::OneToOne(_) => RawType::OneToOne,
            FieldType::ManyToMany(_) => RawType::ManyToMany,
            FieldType::Data(ty) => match ty {
                DataType::SmallAuto => RawType::SmallAuto,
                DataType::Auto => RawType::Auto,
                DataType::BigAuto => RawType::BigAuto,
                DataType::SmallInteger => RawType::SmallInteger,
                DataType::Integer => RawType::Integer,
                DataType::BigInteger => RawType::BigInteger,
                DataType::PositiveSmallInteger => RawType::PositiveSmallInteger,
                DataType::PositiveInteger => RawType::PositiveInteger,
                DataType::PositiveBigInteger => RawType::PositiveBigInteger,
                DataType::Float => RawType::Float,
                DataType::Boolean => RawType::Boolean,
                DataType::Char { .. } => RawType::Char,
                DataType::Text => RawType::Text,
                DataType::Decimal { .. } => RawType::Decimal,
                DataType::Date => RawType::Date,
                DataType::Time => RawType::Time,
                DataType::DateTime => RawType::DateTime,
                DataType::Duration => RawType::Duration,
                DataType::Uuid => RawType::Uuid,
                DataType::Json => RawType::Json,
                DataType::Binary => RawType::Binary,
                DataType::IpAddress => RawType::IpAddress,
            },
        }
    }
}
