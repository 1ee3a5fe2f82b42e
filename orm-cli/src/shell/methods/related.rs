//! The methods of the rows that belong to a row: they change what belongs to it.

use super::queryset::{defaults, only_named, pair};
use super::{Later, Method, Run, find};
use crate::shell::Shell;
use crate::shell::args::{Args, is_true};
use crate::shell::construct::iterate;
use crate::shell::convert;
use crate::shell::errors::Result;
use crate::shell::manager::Manager;
use crate::shell::object::Obj;
use crate::shell::record::Instance;
use orm_core::dynamic::{Dynamic, Named};
use std::sync::Arc;

type Of = Arc<Manager>;

static METHODS: &[Method<Of>] = &[
    ask("add", |shell, of, args| Box::pin(add(shell, of, args))),
    ask("clear", |shell, of, args| Box::pin(clear(shell, of, args))),
    ask("create", |shell, of, args| Box::pin(create(shell, of, args))),
    ask("get_or_create", |shell, of, args| {
        Box::pin(get_or_create(shell, of, args))
    }),
    ask("remove", |shell, of, args| Box::pin(remove(shell, of, args))),
    ask("set", |shell, of, args| Box::pin(set(shell, of, args))),
    ask("update_or_create", |shell, of, args| {
        Box::pin(update_or_create(shell, of, args))
    }),
];

/// What rows that cannot leave the set have not.
const DETACHING: &[&str] = &["clear", "remove"];

const fn ask(name: &'static str, run: for<'a> fn(&'a Shell, Of, Args) -> Later<'a>) -> Method<Of> {
    Method {
        name,
        run: Run::Ask(run),
    }
}

/// The method of that name, where the rows belong to a row.
pub(super) fn method(manager: &Manager, name: &str) -> Result<Option<&'static Method<Of>>> {
    if !has(manager, name) {
        return Ok(None);
    }
    let method = find(METHODS, name);
    if method.is_some() {
        manager.related()?;
    }
    Ok(method)
}

/// The names of all methods.
pub(super) fn all_names() -> impl Iterator<Item = &'static str> {
    METHODS.iter().map(|method| method.name)
}

/// The names of what it has beside the methods of a query set.
pub(super) fn names(manager: &Manager) -> impl Iterator<Item = &'static str> {
    all_names().filter(|name| has(manager, name))
}

fn has(manager: &Manager, name: &str) -> bool {
    match manager {
        Manager::Objects(_) => false,
        Manager::Related { relation, .. } => relation.through.is_some() || relation.null || !DETACHING.contains(&name),
    }
}

fn rows(given: &[Obj]) -> Result<Vec<Dynamic>> {
    given.iter().map(convert::dynamic).collect()
}

fn through(args: &mut Args, call: &str) -> Result<Named> {
    Ok(defaults(call, args.take("through_defaults"))?.unwrap_or_default())
}

/// The rows that were loaded before are not those that are there now, and rows that were added over a
/// foreign key lead here.
fn changed(of: &Manager, added: &[Obj]) -> Result<()> {
    let Manager::Related { row, relation, .. } = of else {
        return Ok(());
    };
    row.changed(&of.name());
    if relation.through.is_some() {
        return Ok(());
    }
    for other in added {
        if let Obj::Record(other) = other {
            // A copy, or neither row would ever be let go of.
            other.assign(relation.name, Obj::Record(Instance::saved(row.record())))?;
        }
    }
    Ok(())
}

async fn add(shell: &Shell, of: Of, mut args: Args) -> Result<Obj> {
    let through = through(&mut args, "add")?;
    args.take("bulk");
    let given = args.only_positional("add")?;
    of.related()?.add(&shell.db()?, rows(&given)?, through).await?;
    changed(&of, &given)?;
    Ok(Obj::None)
}

async fn remove(shell: &Shell, of: Of, mut args: Args) -> Result<Obj> {
    args.take("bulk");
    let given = args.only_positional("remove")?;
    of.related()?.remove(&shell.db()?, rows(&given)?).await?;
    changed(&of, &[])?;
    Ok(Obj::None)
}

async fn clear(shell: &Shell, of: Of, mut args: Args) -> Result<Obj> {
    args.take("bulk");
    args.none("clear")?;
    of.related()?.clear(&shell.db()?).await?;
    changed(&of, &[])?;
    Ok(Obj::None)
}

async fn set(shell: &Shell, of: Of, mut args: Args) -> Result<Obj> {
    let through = through(&mut args, "set")?;
    let [objs, _, clear] = args.bind("set", ["objs", "bulk", "clear"], 1)?;
    let given = iterate(shell, &objs.unwrap_or(Obj::None)).await?;
    let clear = is_true(clear);
    of.related()?.set(&shell.db()?, rows(&given)?, clear, through).await?;
    changed(&of, &given)?;
    Ok(Obj::None)
}

async fn create(shell: &Shell, of: Of, mut args: Args) -> Result<Obj> {
    let through = through(&mut args, "create")?;
    let values = only_named("create", args)?;
    let row = of.related()?.create(&shell.db()?, values, through).await?;
    changed(&of, &[])?;
    Ok(Obj::Record(Instance::saved(row)))
}

async fn get_or_create(shell: &Shell, of: Of, mut args: Args) -> Result<Obj> {
    let through = through(&mut args, "get_or_create")?;
    let defaults = defaults("get_or_create", args.take("defaults"))?.unwrap_or_default();
    let values = only_named("get_or_create", args)?;
    let made = of
        .related()?
        .get_or_create(&shell.db()?, values, defaults, through)
        .await?;
    changed(&of, &[])?;
    Ok(pair(made))
}

async fn update_or_create(shell: &Shell, of: Of, mut args: Args) -> Result<Obj> {
    let through = through(&mut args, "update_or_create")?;
    let of_new = defaults("update_or_create", args.take("create_defaults"))?;
    let defaults = defaults("update_or_create", args.take("defaults"))?.unwrap_or_default();
    let values = only_named("update_or_create", args)?;
    let related = of.related()?;
    let made = related
        .update_or_create(&shell.db()?, values, defaults, of_new, through)
        .await?;
    changed(&of, &[])?;
    Ok(pair(made))
}
