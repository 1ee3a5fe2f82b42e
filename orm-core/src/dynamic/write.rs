//! Writing rows whose model is known at run time only, by the rules of the typed writes.
//!
//! A new row begins with the defaults of its fields, as in Django, and what the model requires is
//! left to the database to insist on:
//!
//! ```no_run
//! # use orm_core::dynamic::{DynQuerySet, Record};
//! # async fn example(db: orm_core::Db) -> orm_core::Result<()> {
//! let books = DynQuerySet::of("library.Book")?;
//! let mut book = books.create(&db, vec![("title".to_owned(), "Emma".into())]).await?;
//! book.set("pages", 474)?;
//! book.save(&db).await?;
//! book.delete(&db).await?;
//! # Ok(())
//! # }
//! ```

mod assign;
mod bulk;
mod hooks;
mod members;
mod rows;
mod save;

pub use bulk::Conflicts;
pub use members::DynRelated;
pub use save::Saving;

use super::{DynExpr, Dynamic, Record};
use crate::error::{Error, Misuse, Result};
use crate::meta::{FieldMeta, ModelMeta, RelationMeta};
use crate::value::Value;
use crate::write;

/// Names and what they are set to.
pub type Named = Vec<(String, Dynamic)>;

/// What a column is set to.
enum Given {
    Value(Value),
    Expr(DynExpr),
}

/// What a column of the model is to hold. A row stands for its key only where the relation itself is
/// named.
fn given(model: &'static ModelMeta, field: &'static FieldMeta, value: Dynamic) -> Result<Given> {
    Ok(match value {
        Dynamic::Expr(expr) => match *expr {
            DynExpr::Value(value) => Given::Value(column_value(model, field, &value.into())?),
            expr => Given::Expr(expr),
        },
        Dynamic::Query(query) => Given::Expr(DynExpr::Subquery(query)),
        value => Given::Value(column_value(model, field, &value)?),
    })
}

fn column_value(model: &'static ModelMeta, field: &'static FieldMeta, value: &Dynamic) -> Result<Value> {
    super::prepare::for_column(model, field, value)
}

/// What a foreign key holds where it names that row.
fn key_of(relation: &RelationMeta, row: &Record) -> Result<Value> {
    if !row.model().is((relation.target)()) {
        return Err(not_assignable(relation, &row.repr()));
    }
    match row.get(relation.target_field().name) {
        Some(key) if !key.is_null() => Ok(key.clone()),
        _ => Err(Error::misuse(
            Misuse::Value,
            format!(
                "save() prohibited to prevent data loss due to unsaved related object '{}'.",
                relation.name
            ),
        )),
    }
}

fn not_assignable(relation: &RelationMeta, what: &str) -> crate::Error {
    let (source, target) = ((relation.source)().name, (relation.target)().name);
    let name = relation.name;
    let message = format!("Cannot assign \"{what}\": \"{source}.{name}\" must be a \"{target}\" instance.");
    Error::misuse(Misuse::Value, message)
}

/// Checks the rules of values that are to be written. NULL is left to the database to refuse, as
/// Django leaves it.
fn check<'a>(model: &ModelMeta, values: impl Iterator<Item = (&'a FieldMeta, &'a Value)>) -> Result<()> {
    write::report(model, values.filter(|(_, value)| !value.is_null()))
}
