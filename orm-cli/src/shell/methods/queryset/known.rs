//! The methods of a query set whose rows are there already: they ask nobody.

use crate::shell::args::Args;
use crate::shell::errors::{Result, ShellError};
use crate::shell::methods::{Method, Run, find};
use crate::shell::object::{Obj, RowSet};

static METHODS: &[Method<Obj>] = &[
    now("all", |set, args| args.none("all").map(|()| set)),
    now("contains", contains),
    now("count", |set, args| {
        args.none("count")?;
        Ok(Obj::Int(i128::try_from(rows(&set).len()).unwrap_or(i128::MAX)))
    }),
    now("exists", |set, args| {
        args.none("exists")?;
        Ok(Obj::Bool(!rows(&set).is_empty()))
    }),
    now("first", |set, args| {
        args.none("first")?;
        Ok(rows(&set).first().cloned().unwrap_or(Obj::None))
    }),
    now("get_queryset", |set, args| args.none("get_queryset").map(|()| set)),
];

const fn now(name: &'static str, run: fn(Obj, Args) -> Result<Obj>) -> Method<Obj> {
    Method {
        name,
        run: Run::Now(run),
    }
}

/// The method of that name, where the rows are known and suffice for it.
pub(in crate::shell::methods) fn of_known(set: &RowSet, name: &str) -> Option<&'static Method<Obj>> {
    set.known.as_ref()?;
    // The first of rows without order is the first by key.
    if name == "first" && !set.value.is_ordered() {
        return None;
    }
    find(METHODS, name)
}

fn rows(set: &Obj) -> &[Obj] {
    match set {
        Obj::QuerySet(set) => set.known.as_deref().unwrap_or(&[]),
        _ => &[],
    }
}

fn contains(set: Obj, args: Args) -> Result<Obj> {
    let [row] = args.bind("contains", ["obj"], 1)?;
    let Some(row @ Obj::Record(_)) = row else {
        return Err(ShellError::type_error("'obj' must be a model instance."));
    };
    Ok(Obj::Bool(rows(&set).iter().any(|known| known.same_key(&row))))
}
