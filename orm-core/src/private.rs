//! What the derives' output calls. Not for users: it may change with any version.

mod flat_lookups;

pub use crate::compiler::{Compiled, select, select_anew};
pub use crate::error::{Error, Result};
pub use crate::exec::{BoxFuture, Executor, Source};
pub use crate::fields::{
    Cardinality, Field, FieldList, FieldSet, IntoExpr, IntoKey, IntoKeyBy, IntoKeys, IntoList, IntoValue, Many,
    MomentExpr, No, NotNull, NumberExpr, One, Own, Q, RelationExt, SqlExpr, Text, TextExpr,
};
pub use crate::meta;
pub use crate::model::Model;
pub use crate::query::{Expr, Function, Lookup, Operand, Path, function as functions, lookup as lookups};
pub use crate::registry::Registration;
pub use crate::related::{Detach, Keep, RelatedSet};
pub use crate::row::{Nested, Opaque, Part, Projection, nest, project};
pub use crate::types::FieldType;
pub use crate::value::Value;
pub use crate::write::{FromInsert, Insert, IntoInsert, Missing, Saving, Set};
pub use flat_lookups::*;
pub use inventory;
pub use std::marker::PhantomData;

use crate::error::ValidationError;
use crate::exec::ValueRow;
use crate::fields::value_of;
use crate::meta::{FieldMeta, RelationMeta};
use crate::model::{ColumnRefs, Columns, ForeignKey, OneToOne, named, optional};
use crate::query::{Condition, Step, lookup as lookup_table};
use crate::queryset::QuerySet;
use crate::types::coerce;
use std::fmt::Display;

/// The field with that index.
pub fn field<M: Model, R, T, C>(path: &Path, index: usize) -> Field<R, T, C> {
    Field::new(path, &M::meta().fields[index])
}

/// The relation of a foreign key.
fn relation<M: Model>(index: usize) -> Option<&'static RelationMeta> {
    M::meta().fields.get(index).and_then(|field| field.relation.as_ref())
}

fn then(path: &Path, step: Option<Step>) -> Path {
    step.map_or_else(|| path.clone(), |step| path.then(step))
}

/// The path along a foreign key.
pub fn step_forward<M: Model>(path: &Path, index: usize) -> Path {
    then(path, relation::<M>(index).map(Step::forward))
}

/// The path against a foreign key.
pub fn step_reverse<M: Model>(path: &Path, index: usize) -> Path {
    then(path, relation::<M>(index).map(Step::reverse))
}

/// The path along a many-to-many relation.
pub fn step_forward_m2m<M: Model>(path: &Path, index: usize) -> Path {
    then(path, M::meta().many_to_many.get(index).map(Step::forward))
}

/// The path against a many-to-many relation.
pub fn step_reverse_m2m<M: Model>(path: &Path, index: usize) -> Path {
    then(path, M::meta().many_to_many.get(index).map(Step::reverse))
}

/// An instance's key.
pub fn key<M: Model>(row: &M) -> Value {
    row.pk().take_value()
}

/// What the foreign key of `S` with that index holds where it names the row.
pub fn key_by<S: Model, M: Model>(index: usize, row: &M) -> Value {
    value_of(row, relation_of(&S::meta().fields[index]).target_field())
}

/// The rows whose foreign key names the row with that key.
pub fn reverse_set<M: Model, B, D>(index: usize, key: Value) -> RelatedSet<M, B, D> {
    RelatedSet::new(Step::reverse(relation_of(&M::meta().fields[index])), key)
}

#[allow(clippy::panic, reason = "the derive passes the index of a foreign key")]
fn relation_of(field: &'static FieldMeta) -> &'static RelationMeta {
    match &field.relation {
        Some(relation) => relation,
        None => panic!("{} is no relation", field.name),
    }
}

/// The row whose one-to-one key names the row with that key.
pub fn reverse_one<'e, M: Model, E: Executor>(db: &'e E, index: usize, key: Value) -> BoxFuture<'e, Option<M>> {
    let set: RelatedSet<M> = reverse_set(index, key);
    Box::pin(async move { Ok(set.query().order_by(|_| ()).limit(1).all(db).await?.into_iter().next()) })
}

/// The other side of a many-to-many relation.
pub fn m2m_set<S: Model, T: Model>(index: usize, key: Value) -> RelatedSet<T> {
    RelatedSet::new(Step::forward(&S::meta().many_to_many[index]), key)
}

/// The declaring side of a many-to-many relation.
pub fn m2m_reverse_set<S: Model>(index: usize, key: Value) -> RelatedSet<S> {
    RelatedSet::new(Step::reverse(&S::meta().many_to_many[index]), key)
}

fn fetch_pk<M: Model, E: Executor>(db: &E, key: M::Pk) -> BoxFuture<'_, M> {
    let rows = by_key(M::objects(), key.take_value());
    Box::pin(async move { rows.get(db, |_| ()).await })
}

fn fetch_pk_optional<M: Model, E: Executor>(db: &E, key: Option<M::Pk>) -> BoxFuture<'_, Option<M>> {
    Box::pin(async move {
        match key {
            Some(key) => fetch_pk::<M, E>(db, key).await.map(Some),
            None => Ok(None),
        }
    })
}

fn by_key<M: Model>(rows: QuerySet<M>, key: Value) -> QuerySet<M> {
    by_field(rows, M::meta().pk(), key)
}

fn by_field<M: Model>(rows: QuerySet<M>, field: &'static FieldMeta, value: Value) -> QuerySet<M> {
    let mut query = rows.into_query();
    let equal = Operand::One(Expr::Value(value));
    let column = Expr::Column {
        path: Path::root(),
        field,
    };
    query.filter(Condition::lookup(column, &lookup_table::EXACT, equal));
    QuerySet::from_query(query)
}

/// The row that a foreign key of `S` names by another field than its primary key.
pub fn foreign_by<S: Model, M: Model, E: Executor>(db: &E, index: usize, key: Value) -> BoxFuture<'_, M> {
    let field = relation_of(&S::meta().fields[index]).target_field();
    let rows = by_field(M::objects(), field, key);
    Box::pin(async move { rows.get(db, |_| ()).await })
}

/// The row that a nullable foreign key of `S` names by another field than its primary key.
pub fn foreign_by_option<S: Model, M: Model, E: Executor>(
    db: &E,
    index: usize,
    key: Option<Value>,
) -> BoxFuture<'_, Option<M>> {
    Box::pin(async move {
        match key {
            Some(key) => foreign_by::<S, M, E>(db, index, key).await.map(Some),
            None => Ok(None),
        }
    })
}

/// The row that a foreign key names.
pub fn foreign<'e, M: Model, E: Executor>(db: &'e E, key: &ForeignKey<M>) -> BoxFuture<'e, M> {
    fetch_pk(db, key.pk())
}

/// The row that a nullable foreign key names.
pub fn foreign_option<'e, M: Model, E: Executor>(db: &'e E, key: &Option<ForeignKey<M>>) -> BoxFuture<'e, Option<M>> {
    fetch_pk_optional(db, key.as_ref().map(ForeignKey::pk))
}

/// The row that a one-to-one key names.
pub fn one_to_one<'e, M: Model, E: Executor>(db: &'e E, key: &OneToOne<M>) -> BoxFuture<'e, M> {
    fetch_pk(db, key.pk())
}

/// The row that a nullable one-to-one key names.
pub fn one_to_one_option<'e, M: Model, E: Executor>(db: &'e E, key: &Option<OneToOne<M>>) -> BoxFuture<'e, Option<M>> {
    fetch_pk_optional(db, key.as_ref().map(OneToOne::pk))
}

/// A row of that model from its values.
///
/// # Errors
/// [`Error::Decode`] where they are not the model's.
pub fn row_of<M: Model>(values: &[Value]) -> Result<M> {
    M::decode(&mut ValueRow(values), 0)
}

/// How a row of which only the values are known prints.
///
/// # Errors
/// [`Error::Decode`] where they are not the model's.
pub fn show<M: Model + Display>(values: &[Value]) -> Result<String> {
    row_of::<M>(values).map(|row| row.to_string())
}

/// The hooks of a model, for rows of which only the values are known.
pub const fn row_hooks<M: Model>() -> meta::RowHooks {
    meta::RowHooks {
        before_save: |values| {
            let mut row = row_of::<M>(values)?;
            row.__before_save()?;
            *values = row.values();
            Ok(())
        },
        after_save: |values, created| {
            if let Ok(row) = row_of::<M>(values) {
                row.__after_save(created);
            }
        },
        before_delete: |values| row_of::<M>(values)?.__before_delete(),
        after_delete: |values| {
            if let Ok(row) = row_of::<M>(values) {
                row.__after_delete();
            }
        },
    }
}

/// Reads a column.
pub fn read<M: Model, T: FieldType, S: Source>(source: &mut S, at: usize, index: usize) -> Result<T> {
    T::decode(source, at + index).map_err(|error| named::<M>(index, error))
}

/// Reads a nullable column.
pub fn read_option<M: Model, T: FieldType, S: Source>(source: &mut S, at: usize, index: usize) -> Result<Option<T>> {
    optional(source, at + index, T::decode).map_err(|error| named::<M>(index, error))
}

/// Reads the columns that begin with the one of that index.
pub fn read_columns<M: Model, T: Columns, S: Source>(source: &mut S, at: usize, index: usize) -> Result<T> {
    T::read::<M, S>(source, at, index)
}

/// Reads a field of a projection, and moves the position behind it.
pub fn read_part<T: Part, S: Source>(source: &mut S, at: &mut usize) -> Result<T> {
    let first = *at;
    *at += T::width();
    T::read(source, first)
}

/// How many columns a projection within another takes.
pub fn nested_width<T: Nested>() -> usize {
    usize::from(T::KEYED) + <T::Of as Part>::width()
}

/// A column's value.
pub fn value<T: FieldType>(value: &T) -> Value {
    value.to_value()
}

/// A nullable column's value.
pub fn value_option<T: FieldType>(value: &Option<T>) -> Value {
    value.as_ref().map_or(Value::Null(T::COLUMN.kind()), T::to_value)
}

/// Appends the values of these columns.
pub fn push_columns(to: &mut Vec<Value>, columns: impl ColumnRefs) {
    columns.push(to);
}

/// Sets a field of a new row.
pub fn set<T, M: Model, V: IntoValue<T>>(insert: Insert<M>, index: usize, value: V) -> Insert<M> {
    insert.with(index, value.into_value())
}

/// Sets a foreign key of a new row.
pub fn set_key<T: Model, M: Model, K: IntoKey<T>>(insert: Insert<M>, index: usize, key: K) -> Insert<M> {
    insert.with(index, key.into_value())
}

/// Sets a foreign key of a new row that refers to another field than the primary key.
pub fn set_key_by<T: Model, K, M: Model, V: IntoKeyBy<T, K>>(insert: Insert<M>, index: usize, key: V) -> Insert<M> {
    let field = relation_of(&M::meta().fields[index]).target_field();
    insert.with(index, key.into_value(field))
}

/// A field's default.
pub fn default_value<T, V: IntoValue<T>>(value: V) -> Value {
    value.into_value()
}

/// A foreign key's default.
pub fn default_key<M: Model, K: IntoKey<M>>(key: K) -> Value {
    key.into_value()
}

/// A default that was written as text; the derive has checked its form.
pub fn literal<T: FieldType>(text: &'static str) -> Value {
    let kind = T::COLUMN.kind();
    coerce(Value::Text(text.to_owned()), kind).unwrap_or(Value::Null(kind))
}

/// Runs a validator of the user's on a value.
///
/// # Errors
/// The validator's message.
pub fn validate_with<T: FieldType>(value: &Value, check: fn(&T) -> Result<(), String>) -> Result<(), String> {
    let row = std::slice::from_ref(value);
    T::decode(&mut ValueRow(row), 0)
        .map_err(|error| error.to_string())
        .and_then(|value| check(&value))
}

/// A text that is no value of a newtype.
pub fn invalid(type_name: &'static str, message: String) -> Error {
    ValidationError::new(type_name, "value", message).into()
}

fn choices<T: FieldType>() -> String {
    T::CHOICES
        .iter()
        .map(|choice| choice.value)
        .collect::<Vec<_>>()
        .join(", ")
}

fn short_name<T>() -> &'static str {
    let name = std::any::type_name::<T>();
    name.rsplit("::").next().unwrap_or(name)
}

/// A text that is no choice.
pub fn unknown_choice<T: FieldType>(text: &str) -> Error {
    let message = format!("Value '{text}' is not a valid choice. Choices are: {}", choices::<T>());
    ValidationError::new(short_name::<T>(), "value", message).into()
}

/// A cell that is no choice.
pub fn unknown_cell<T: FieldType>(at: usize, found: &dyn Display) -> Error {
    let message = format!("'{found}' is no {}; choices are: {}", short_name::<T>(), choices::<T>());
    Error::decode(format!("column {at}"), message)
}
