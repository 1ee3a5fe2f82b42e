//! The methods of a query set that write.

use crate::shell::Shell;
use crate::shell::args::{Args, is_true};
use crate::shell::construct::iterate;
use crate::shell::convert;
use crate::shell::errors::{Result, ShellError};
use crate::shell::object::Obj;
use crate::shell::record::Instance;
use orm_core::Deleted;
use orm_core::dynamic::{Conflicts, DynQuerySet, Named, Record};

/// Names and values, as writes take them.
fn named(values: Vec<(String, Obj)>) -> Result<Named> {
    let value = |(name, value): (String, Obj)| Ok((name, convert::dynamic(&value)?));
    values.into_iter().map(value).collect()
}

/// The dictionary of `defaults` and its like.
pub(in crate::shell::methods) fn defaults(call: &str, value: Option<Obj>) -> Result<Option<Named>> {
    let pairs = match value {
        None | Some(Obj::None) => return Ok(None),
        Some(Obj::Dict(pairs)) => pairs,
        Some(other) => {
            let message = format!("{call}() takes a dict of defaults, and not a {}", other.type_name());
            return Err(ShellError::type_error(message));
        }
    };
    let entry = |(name, value): &(Obj, Obj)| match name {
        Obj::Str(name) => Ok((name.to_string(), convert::dynamic(value)?)),
        _ => Err(ShellError::type_error("keywords must be strings")),
    };
    pairs.as_slice().iter().map(entry).collect::<Result<_>>().map(Some)
}

/// `(row, created)`
pub(in crate::shell::methods) fn pair((row, created): (Record, bool)) -> Obj {
    Obj::tuple_row(vec![Obj::Record(Instance::saved(row)), Obj::Bool(created)])
}

/// `(3, {'library.Book': 3})`
pub(in crate::shell::methods) fn deleted(deleted: &Deleted) -> Obj {
    let by_model = deleted.by_model.iter();
    let by_model = by_model.map(|(label, rows)| (Obj::Str(label.as_str().into()), Obj::Int(i128::from(*rows))));
    let by_model = Obj::dict_row(by_model.collect(), false);
    Obj::tuple_row(vec![Obj::Int(i128::from(deleted.total)), by_model])
}

/// The rows of a list.
async fn rows(shell: &Shell, call: &str, value: Option<Obj>) -> Result<Vec<Instance>> {
    let row = |value: Obj| match value {
        Obj::Record(row) => Ok(row),
        other => {
            let message = format!("{call}() takes rows, and not a {}", other.type_name());
            Err(ShellError::type_error(message))
        }
    };
    let values = iterate(shell, &value.unwrap_or(Obj::None)).await?;
    values.into_iter().map(row).collect()
}

/// What was given by name alone.
pub(in crate::shell::methods) fn only_named(call: &str, mut args: Args) -> Result<Named> {
    let values = std::mem::take(&mut args.named);
    args.none(call)?;
    named(values)
}

fn saved(row: Record) -> Obj {
    Obj::Record(Instance::saved(row))
}

pub(super) async fn create(shell: &Shell, rows: DynQuerySet, args: Args) -> Result<Obj> {
    let named = only_named("create", args)?;
    Ok(saved(rows.create(&shell.db()?, named).await?))
}

pub(super) async fn get_or_create(shell: &Shell, rows: DynQuerySet, mut args: Args) -> Result<Obj> {
    let defaults = defaults("get_or_create", first_or_named(&mut args, "defaults"))?.unwrap_or_default();
    let named = only_named("get_or_create", args)?;
    Ok(pair(rows.get_or_create(&shell.db()?, named, defaults).await?))
}

pub(super) async fn update_or_create(shell: &Shell, rows: DynQuerySet, mut args: Args) -> Result<Obj> {
    let of_new = defaults("update_or_create", args.take("create_defaults"))?;
    let defaults = defaults("update_or_create", first_or_named(&mut args, "defaults"))?.unwrap_or_default();
    let named = only_named("update_or_create", args)?;
    Ok(pair(
        rows.update_or_create(&shell.db()?, named, defaults, of_new).await?,
    ))
}

/// `defaults` may come first or by name.
fn first_or_named(args: &mut Args, name: &str) -> Option<Obj> {
    if args.positional.is_empty() {
        return args.take(name);
    }
    Some(args.positional.remove(0))
}

pub(super) async fn update(shell: &Shell, rows: DynQuerySet, args: Args) -> Result<Obj> {
    let named = only_named("update", args)?;
    Ok(count(rows.update(&shell.db()?, named).await?))
}

pub(super) async fn delete(shell: &Shell, rows: DynQuerySet, args: Args) -> Result<Obj> {
    args.none("delete")?;
    Ok(deleted(&rows.delete(&shell.db()?).await?))
}

fn count(rows: u64) -> Obj {
    Obj::Int(i128::from(rows))
}

fn check_batch(size: Option<Obj>, message: &str) -> Result<()> {
    match size.unwrap_or(Obj::None) {
        Obj::None => Ok(()),
        size if size.as_int().is_some_and(|size| size > 0) => Ok(()),
        _ => Err(ShellError::value_error(message)),
    }
}

/// The names of fields, where some are given.
pub(in crate::shell::methods) async fn field_names(shell: &Shell, given: Option<Obj>) -> Result<Option<Vec<String>>> {
    let Some(given) = given.filter(|given| !matches!(given, Obj::None)) else {
        return Ok(None);
    };
    let name = |value: Obj| match value {
        Obj::Str(name) => Ok(name.to_string()),
        other => Err(ShellError::type_error(format!(
            "a {} names no field",
            other.type_name()
        ))),
    };
    let names = iterate(shell, &given).await?;
    names.into_iter().map(name).collect::<Result<_>>().map(Some)
}

pub(super) async fn bulk_create(shell: &Shell, set_of: DynQuerySet, args: Args) -> Result<Obj> {
    let names = [
        "objs",
        "batch_size",
        "ignore_conflicts",
        "update_conflicts",
        "update_fields",
        "unique_fields",
    ];
    let [objs, size, ignore, update, set, unique] = args.bind("bulk_create", names, 1)?;
    check_batch(size, "Batch size must be a positive integer.")?;
    let conflicts = match (is_true(ignore), is_true(update)) {
        (false, false) => Conflicts::Refuse,
        (true, false) => Conflicts::Ignore,
        (false, true) => {
            let set = field_names(shell, set).await?.unwrap_or_default();
            if set.is_empty() {
                let message = "Fields that will be updated when a row insertion fails on conflicts must be provided.";
                return Err(ShellError::value_error(message));
            }
            let unique = field_names(shell, unique).await?.unwrap_or_default();
            if unique.is_empty() && shell.identifies_conflicts() {
                let message = "Unique fields that can trigger the upsert must be provided.";
                return Err(ShellError::value_error(message));
            }
            Conflicts::Update { unique, set }
        }
        (true, true) => {
            let message = "ignore_conflicts and update_conflicts are mutually exclusive.";
            return Err(ShellError::value_error(message));
        }
    };
    let rows = rows(shell, "bulk_create", objs).await?;
    let ready = rows.iter().map(Instance::ready).collect::<Result<Vec<_>>>()?;
    let written = set_of.bulk_create_over(&shell.db()?, ready, conflicts).await?;
    for (row, record) in rows.iter().zip(written) {
        row.settle(record);
    }
    Ok(Obj::rows(rows.into_iter().map(Obj::Record).collect()))
}

pub(super) async fn bulk_update(shell: &Shell, set: DynQuerySet, args: Args) -> Result<Obj> {
    let [objs, fields, size] = args.bind("bulk_update", ["objs", "fields", "batch_size"], 2)?;
    check_batch(size, "Batch size must be a positive integer.")?;
    let names = field_names(shell, fields).await?.unwrap_or_default();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let rows = rows(shell, "bulk_update", objs).await?;
    let ready = rows.iter().map(Instance::ready).collect::<Result<Vec<_>>>()?;
    Ok(count(set.bulk_update(&shell.db()?, &ready, &names).await?))
}
