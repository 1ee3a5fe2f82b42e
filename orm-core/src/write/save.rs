//! `save` and `refresh` of an instance.

use super::{insert_row, is_unset, now, validate};
use crate::compiler::{self, Compiled};
use crate::error::{Error, Result};
use crate::exec::{Handle, TakenRow};
use crate::meta::{FieldMeta, ModelMeta};
use crate::model::Model;
use crate::query::{Condition, Expr, Operand, Path, Query, lookup};
use crate::queryset::{QuerySet, ValuesReader};
use crate::types::FieldType;
use crate::value::Value;

/// UPDATE, and where no row has the key INSERT.
pub(crate) async fn save<M: Model>(row: &mut M, db: Handle<'_>) -> Result<()> {
    row.__before_save()?;
    let model = M::meta();
    let mut values = row.values();
    for (field, value) in model.fields.iter().zip(&mut values) {
        if field.auto_now {
            *value = now(field, db);
        }
    }
    validate(model, &values)?;
    let pk = model.pk_index();
    let numbered = model.fields[pk].auto() && is_unset(&values[pk]);
    let mut created = numbered;
    if !numbered {
        let updated = match compiler::update_row(model, &values, db.backend())? {
            Some(statement) => db.execute(&statement).await?,
            // A model that is nothing but its key.
            None => u64::from(key_exists(model, values[pk].clone(), db).await?),
        };
        created = updated == 0;
    }
    if created {
        let mut new: Vec<Option<Value>> = values.into_iter().map(Some).collect();
        for (field, value) in model.fields.iter().zip(&mut new) {
            if field.auto_now_add {
                *value = None;
            }
        }
        *row = insert_row(new, db).await?;
    } else {
        *row = M::decode(&mut TakenRow::new(&mut values), 0)?;
    }
    row.__after_save(created);
    Ok(())
}

/// The row with that key.
pub(crate) fn by_key(model: &'static ModelMeta, key: Value) -> Query {
    let mut query = Query::new(model);
    let pk = Expr::key(Path::root(), model);
    query.filter(Condition::lookup(pk, &lookup::EXACT, Operand::One(Expr::Value(key))));
    query
}

/// Whether there is a row with that key.
pub(crate) async fn key_exists(model: &'static ModelMeta, key: Value, db: Handle<'_>) -> Result<bool> {
    match compiler::exists(&by_key(model, key), db.backend())? {
        Compiled::Statement(statement) => db.fetch_any(&statement).await,
        Compiled::Empty => Ok(false),
    }
}

/// Some columns of the row with that key.
pub(super) async fn read_columns(
    model: &'static ModelMeta,
    fields: &[&'static FieldMeta],
    key: Value,
    db: Handle<'_>,
) -> Result<Vec<Value>> {
    let columns = fields
        .iter()
        .map(|field| Expr::Column {
            path: Path::root(),
            field,
        })
        .collect();
    let Compiled::Statement(statement) = compiler::select_keys(&by_key(model, key), columns, db.backend())? else {
        return Err(Error::DoesNotExist { model: model.name });
    };
    let rows = db.fetch(&statement, ValuesReader::of(&statement.columns)).await?;
    rows.into_iter().next().ok_or(Error::DoesNotExist { model: model.name })
}

/// Reads the row again.
pub(crate) async fn refresh<M: Model>(row: &mut M, db: Handle<'_>) -> Result<()> {
    let query = by_key(M::meta(), row.pk().to_value());
    *row = QuerySet::<M>::from_query(query).get(&db, |_| ()).await?;
    Ok(())
}
