//! The methods that ask the database.

use super::build::{condition, named_expressions, terms};
use crate::shell::Shell;
use crate::shell::args::{Args, is_true};
use crate::shell::convert;
use crate::shell::errors::{Result, ShellError};
use crate::shell::object::{Obj, RowSet};
use crate::shell::record::Instance;
use orm_core::dynamic::{DynQuerySet, Dynamic, Name, Row};
use orm_core::queryset::{Explain, ExplainFormat};
use orm_core::value::Value;

/// All rows.
pub(in crate::shell) async fn rows_of(shell: &Shell, rows: &DynQuerySet) -> Result<Vec<Obj>> {
    rows.fetch(&shell.db()?).await?.into_iter().map(convert::row).collect()
}

/// The rows of a query set, which may be there already.
pub(in crate::shell) async fn rows_in(shell: &Shell, set: &RowSet) -> Result<Vec<Obj>> {
    match &set.known {
        Some(rows) => Ok(rows.clone()),
        None => rows_of(shell, &set.value).await,
    }
}

fn one(row: Option<Row>) -> Result<Obj> {
    row.map_or(Ok(Obj::None), convert::row)
}

pub(super) async fn get(shell: &Shell, rows: DynQuerySet, args: Args) -> Result<Obj> {
    convert::row(rows.get(&shell.db()?, condition(args)?).await?)
}

pub(super) async fn first(shell: &Shell, rows: DynQuerySet, args: Args) -> Result<Obj> {
    args.none("first")?;
    one(rows.first(&shell.db()?).await?)
}

pub(super) async fn last(shell: &Shell, rows: DynQuerySet, args: Args) -> Result<Obj> {
    args.none("last")?;
    one(rows.last(&shell.db()?).await?)
}

pub(super) async fn latest(shell: &Shell, rows: DynQuerySet, args: Args) -> Result<Obj> {
    let by = terms(&args.only_positional("latest")?)?;
    convert::row(rows.latest(&shell.db()?, by).await?)
}

pub(super) async fn earliest(shell: &Shell, rows: DynQuerySet, args: Args) -> Result<Obj> {
    let by = terms(&args.only_positional("earliest")?)?;
    convert::row(rows.earliest(&shell.db()?, by).await?)
}

pub(super) async fn count(shell: &Shell, rows: DynQuerySet, args: Args) -> Result<Obj> {
    args.none("count")?;
    Ok(Obj::Int(i128::from(rows.count(&shell.db()?).await?)))
}

/// `explain(format="json", analyze=True)`
pub(super) async fn explain(shell: &Shell, rows: DynQuerySet, args: Args) -> Result<Obj> {
    let names = ["format", "analyze", "verbose", "buffers"];
    let [format, analyze, verbose, buffers] = args.bind("explain", names, 0)?;
    let mut options = Explain::new();
    match format {
        None | Some(Obj::None) => {}
        Some(Obj::Str(name)) => match ExplainFormat::named(&name) {
            Some(format) => options = options.format(format),
            None => return Err(ShellError::value_error(format!("{name} is not a recognized format."))),
        },
        Some(_) => return Err(ShellError::type_error("the format is a name")),
    }
    if is_true(analyze) {
        options = options.analyze();
    }
    if is_true(verbose) {
        options = options.verbose();
    }
    if is_true(buffers) {
        options = options.buffers();
    }
    Ok(Obj::Str(rows.explain(&shell.db()?, options).await?.into()))
}

pub(super) async fn exists(shell: &Shell, rows: DynQuerySet, args: Args) -> Result<Obj> {
    args.none("exists")?;
    Ok(Obj::Bool(rows.exists(&shell.db()?).await?))
}

pub(super) async fn contains(shell: &Shell, rows: DynQuerySet, args: Args) -> Result<Obj> {
    let [row] = args.bind("contains", ["obj"], 1)?;
    match row {
        Some(Obj::Record(row)) => Ok(Obj::Bool(rows.contains(&shell.db()?, &row.record()).await?)),
        _ => Err(ShellError::type_error("'obj' must be a model instance.")),
    }
}

pub(super) async fn in_bulk(shell: &Shell, rows: DynQuerySet, args: Args) -> Result<Obj> {
    let [ids, field] = args.bind("in_bulk", ["id_list", "field_name"], 0)?;
    let field = match field {
        None => "pk".to_owned(),
        Some(Obj::Str(name)) => name.to_string(),
        Some(other) => {
            return Err(ShellError::type_error(format!(
                "a {} names no field",
                other.type_name()
            )));
        }
    };
    let keys = match ids {
        None | Some(Obj::None) => None,
        Some(ids) => Some(keys(shell, &ids).await?),
    };
    let found: Vec<(Value, _)> = rows.in_bulk(&shell.db()?, keys, &field).await?;
    let pairs = found
        .into_iter()
        .map(|(key, record)| (convert::obj(&key), Obj::Record(Instance::saved(record))));
    Ok(Obj::dict_row(pairs.collect(), true))
}

async fn keys(shell: &Shell, ids: &Obj) -> Result<Vec<Dynamic>> {
    match ids {
        Obj::List(items) | Obj::Tuple(items) => items.as_slice().iter().map(convert::dynamic).collect(),
        Obj::Dict(pairs) => pairs.as_slice().iter().map(|(key, _)| convert::dynamic(key)).collect(),
        Obj::QuerySet(set) => rows_in(shell, set).await?.iter().map(convert::dynamic).collect(),
        other => Err(ShellError::type_error(format!(
            "'{}' object is not iterable",
            other.type_name()
        ))),
    }
}

pub(super) async fn aggregate(shell: &Shell, rows: DynQuerySet, args: Args) -> Result<Obj> {
    let named = named_expressions("aggregate", "aggregates", args)?;
    let found: Vec<(Name, Value)> = rows.aggregate(&shell.db()?, named).await?;
    let pairs = found
        .into_iter()
        .map(|(name, value)| (Obj::Str(name), convert::obj(&value)));
    Ok(Obj::dict_row(pairs.collect(), false))
}
