//! The methods of a query set.

mod ask;
mod build;
mod known;
mod write;

pub(in crate::shell) use ask::{rows_in, rows_of};
pub(in crate::shell) use build::{condition, terms};
pub(super) use known::of_known;
pub(super) use write::{defaults, deleted, field_names, only_named, pair};

use super::{Method, Run};
use crate::shell::object::Obj;
use orm_core::dynamic::DynQuerySet;

/// All methods that there are.
pub(super) static METHODS: &[Method<DynQuerySet>] = &[
    build("all", |rows, args| args.none("all").map(|()| rows)),
    build("alias", build::alias),
    build("annotate", build::annotate),
    build("defer", build::defer),
    build("dates", build::dates),
    build("datetimes", build::datetimes),
    build("difference", build::difference),
    build("distinct", build::distinct),
    build("exclude", build::exclude),
    build("filter", build::filter),
    build("intersection", build::intersection),
    build("none", |rows, args| args.none("none").map(|()| rows.none())),
    build("only", build::only),
    build("order_by", build::order_by),
    build("prefetch_related", build::prefetch_related),
    build("select_for_update", build::select_for_update),
    build("reverse", |rows, args| {
        args.none("reverse")?;
        Ok(rows.reverse()?)
    }),
    build("select_related", build::select_related),
    build("union", build::union),
    build("values", build::values),
    build("values_list", build::values_list),
    ask("aggregate", |shell, rows, args| {
        Box::pin(ask::aggregate(shell, rows, args))
    }),
    ask("contains", |shell, rows, args| {
        Box::pin(ask::contains(shell, rows, args))
    }),
    ask("count", |shell, rows, args| Box::pin(ask::count(shell, rows, args))),
    ask("earliest", |shell, rows, args| {
        Box::pin(ask::earliest(shell, rows, args))
    }),
    ask("exists", |shell, rows, args| Box::pin(ask::exists(shell, rows, args))),
    ask("explain", |shell, rows, args| Box::pin(ask::explain(shell, rows, args))),
    ask("first", |shell, rows, args| Box::pin(ask::first(shell, rows, args))),
    ask("get", |shell, rows, args| Box::pin(ask::get(shell, rows, args))),
    ask("in_bulk", |shell, rows, args| Box::pin(ask::in_bulk(shell, rows, args))),
    ask("last", |shell, rows, args| Box::pin(ask::last(shell, rows, args))),
    ask("latest", |shell, rows, args| Box::pin(ask::latest(shell, rows, args))),
    ask("bulk_create", |shell, rows, args| {
        Box::pin(write::bulk_create(shell, rows, args))
    }),
    ask("bulk_update", |shell, rows, args| {
        Box::pin(write::bulk_update(shell, rows, args))
    }),
    ask("create", |shell, rows, args| Box::pin(write::create(shell, rows, args))),
    ask("delete", |shell, rows, args| Box::pin(write::delete(shell, rows, args))),
    ask("get_or_create", |shell, rows, args| {
        Box::pin(write::get_or_create(shell, rows, args))
    }),
    ask("update", |shell, rows, args| Box::pin(write::update(shell, rows, args))),
    ask("update_or_create", |shell, rows, args| {
        Box::pin(write::update_or_create(shell, rows, args))
    }),
];

const fn build(
    name: &'static str,
    run: fn(DynQuerySet, crate::shell::args::Args) -> crate::shell::Result<DynQuerySet>,
) -> Method<DynQuerySet> {
    Method {
        name,
        run: Run::Build(run),
    }
}

const fn ask(
    name: &'static str,
    run: for<'a> fn(&'a crate::shell::Shell, DynQuerySet, crate::shell::args::Args) -> super::Later<'a>,
) -> Method<DynQuerySet> {
    Method {
        name,
        run: Run::Ask(run),
    }
}

/// What is no method.
pub(super) const PROPERTIES: &[&str] = &["model", "ordered", "query"];

pub(super) fn property(rows: &DynQuerySet, name: &str) -> Option<Obj> {
    match name {
        "model" => Some(Obj::Model(rows.model())),
        "ordered" => Some(Obj::Bool(rows.is_ordered())),
        _ => None,
    }
}
