//! `FieldClass`: Django's name for the sort of a field, which decides what lookups and values it takes.

use crate::meta::{ColumnType, FieldMeta, RelationKind, Validator};
use crate::query::{AggregateFunction, Expr};
use crate::value::Kind;

/// The class that a field has in Django. Messages name it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
#[allow(missing_docs, reason = "they are Django's names")]
pub enum FieldClass {
    BigAuto,
    Auto,
    SmallAuto,
    BigInteger,
    Integer,
    SmallInteger,
    PositiveBigInteger,
    PositiveInteger,
    PositiveSmallInteger,
    Float,
    Decimal,
    Boolean,
    Char,
    Email,
    Url,
    Slug,
    Text,
    Date,
    DateTime,
    Time,
    Duration,
    Uuid,
    Json,
    Binary,
    ForeignKey,
    OneToOne,
}

impl FieldClass {
    /// The class of a field.
    pub fn of(field: &FieldMeta) -> Self {
        match &field.relation {
            Some(relation) if relation.kind == RelationKind::OneToOne => FieldClass::OneToOne,
            Some(_) => FieldClass::ForeignKey,
            None => FieldClass::of_values(field),
        }
    }

    /// The class of a field's values: for a relation that of the key it points to.
    pub fn of_values(field: &FieldMeta) -> Self {
        let mut field = field;
        while let Some(relation) = &field.relation {
            field = relation.target_field();
        }
        let ty = field.column_type();
        if field.auto() {
            return match ty {
                ColumnType::SmallInteger => FieldClass::SmallAuto,
                ColumnType::Integer => FieldClass::Auto,
                _ => FieldClass::BigAuto,
            };
        }
        let validators = field.type_validators.iter().chain(field.validators);
        for validator in validators {
            match validator {
                Validator::Email => return FieldClass::Email,
                Validator::Url => return FieldClass::Url,
                Validator::Slug => return FieldClass::Slug,
                _ => {}
            }
        }
        FieldClass::of_column(ty)
    }

    /// The class of a computed value.
    pub fn of_column(ty: ColumnType) -> Self {
        match ty {
            ColumnType::SmallInteger => FieldClass::SmallInteger,
            ColumnType::Integer => FieldClass::Integer,
            ColumnType::PositiveSmallInteger => FieldClass::PositiveSmallInteger,
            ColumnType::PositiveInteger => FieldClass::PositiveInteger,
            ColumnType::PositiveBigInteger => FieldClass::PositiveBigInteger,
            ColumnType::Char { .. } => FieldClass::Char,
            other => match other.kind() {
                Kind::Bool => FieldClass::Boolean,
                Kind::Int => FieldClass::BigInteger,
                Kind::Float => FieldClass::Float,
                Kind::Text => FieldClass::Text,
                Kind::Bytes => FieldClass::Binary,
                Kind::Decimal => FieldClass::Decimal,
                Kind::Date => FieldClass::Date,
                Kind::Time => FieldClass::Time,
                Kind::DateTime => FieldClass::DateTime,
                Kind::Duration => FieldClass::Duration,
                Kind::Uuid => FieldClass::Uuid,
                Kind::Json => FieldClass::Json,
            },
        }
    }

    /// Whether it is that class, or one that is made from it.
    pub fn is_a(self, class: FieldClass) -> bool {
        use FieldClass as C;
        let base = match self {
            C::Email | C::Url | C::Slug => C::Char,
            C::DateTime => C::Date,
            C::BigAuto => C::BigInteger,
            C::Auto
            | C::BigInteger
            | C::SmallInteger
            | C::SmallAuto
            | C::PositiveBigInteger
            | C::PositiveInteger
            | C::PositiveSmallInteger => C::Integer,
            C::OneToOne => C::ForeignKey,
            own => own,
        };
        self == class || (base != self && base.is_a(class))
    }

    /// The class of what an expression gives.
    pub(super) fn of_expr(expr: &Expr) -> Self {
        match expr {
            Expr::Column { field, .. } => FieldClass::of_values(field),
            Expr::Value(value) => match value.kind() {
                Kind::Text => FieldClass::Char,
                Kind::Int => FieldClass::Integer,
                kind => FieldClass::of_column(ColumnType::of_kind(kind)),
            },
            Expr::Aggregate(aggregate) => match (aggregate.function, &aggregate.arg) {
                (AggregateFunction::Count, _) | (_, None) => FieldClass::Integer,
                (AggregateFunction::Avg, _) => FieldClass::of_column(expr.column_type()),
                (function, _) if function.is_spread() => FieldClass::of_column(expr.column_type()),
                (_, Some(arg)) => FieldClass::of_expr(arg),
            },
            Expr::Call { function, args } => match args.first() {
                Some(arg) if function.output.is_first() => FieldClass::of_expr(arg),
                _ => FieldClass::of_column(expr.column_type()),
            },
            _ => FieldClass::of_column(expr.column_type()),
        }
    }

    /// Its name: `CharField`.
    pub fn name(self) -> &'static str {
        match self {
            FieldClass::BigAuto => "BigAutoField",
            FieldClass::Auto => "AutoField",
            FieldClass::SmallAuto => "SmallAutoField",
            FieldClass::BigInteger => "BigIntegerField",
            FieldClass::Integer => "IntegerField",
            FieldClass::SmallInteger => "SmallIntegerField",
            FieldClass::PositiveBigInteger => "PositiveBigIntegerField",
            FieldClass::PositiveInteger => "PositiveIntegerField",
            FieldClass::PositiveSmallInteger => "PositiveSmallIntegerField",
            FieldClass::Float => "FloatField",
            FieldClass::Decimal => "DecimalField",
            FieldClass::Boolean => "BooleanField",
            FieldClass::Char => "CharField",
            FieldClass::Email => "EmailField",
            FieldClass::Url => "URLField",
            FieldClass::Slug => "SlugField",
            FieldClass::Text => "TextField",
            FieldClass::Date => "DateField",
            FieldClass::DateTime => "DateTimeField",
            FieldClass::Time => "TimeField",
            FieldClass::Duration => "DurationField",
            FieldClass::Uuid => "UUIDField",
            FieldClass::Json => "JSONField",
            FieldClass::Binary => "BinaryField",
            FieldClass::ForeignKey => "ForeignKey",
            FieldClass::OneToOne => "OneToOneField",
        }
    }
}
