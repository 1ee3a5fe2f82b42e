//! Methods, as tables of names and functions.

mod manager;
mod queryset;
mod record;
mod related;
mod scalar;

pub(super) use queryset::{condition, rows_in, rows_of, terms};

use super::Shell;
use super::args::Args;
use super::errors::{Result, ShellError};
use super::limits::{self, Extent};
use super::manager::Manager;
use super::object::Obj;
use super::record::Instance;
use orm_core::dynamic::DynQuerySet;
use orm_core::error::nearest;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

/// What asks the database gives.
pub(super) type Later<'a, T = Obj> = Pin<Box<dyn Future<Output = Result<T>> + Send + 'a>>;

/// A method of a `T`.
#[derive(Debug)]
pub struct Method<T: 'static> {
    name: &'static str,
    run: Run<T>,
}

/// How a method runs.
enum Run<T: 'static> {
    /// gives another query set
    Build(fn(DynQuerySet, Args) -> Result<DynQuerySet>),
    /// answers at once
    Now(fn(T, Args) -> Result<Obj>),
    /// asks the database
    Ask(for<'a> fn(&'a Shell, T, Args) -> Later<'a>),
}

impl<T> std::fmt::Debug for Run<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a method")
    }
}

/// A value and one of its methods, which is to be called.
#[derive(Debug)]
pub enum Bound {
    /// of a query set, or of a manager, which stands for one
    Rows(Box<DynQuerySet>, Extent, &'static Method<DynQuerySet>),
    /// of the rows that belong to a row
    Related(Arc<Manager>, &'static Method<Arc<Manager>>),
    /// of a row
    Record(Instance, &'static Method<Instance>),
    /// of a plain value
    Scalar(Obj, &'static Method<Obj>),
    /// a method whose answer is known already
    Answer(Obj),
}

impl Bound {
    /// The method that gives `value`.
    pub(super) fn answer(value: Obj) -> Obj {
        Obj::Method(Arc::new(Bound::Answer(value)))
    }

    pub(super) fn extent(&self) -> Extent {
        match self {
            Bound::Rows(_, extent, _) => *extent,
            Bound::Scalar(value, _) | Bound::Answer(value) => value.extent(),
            Bound::Record(..) => Extent::ONE,
            Bound::Related(..) => Extent::QUERY_SET,
        }
    }

    /// Calls it.
    pub(super) async fn call(&self, shell: &Shell, args: Args) -> Result<Obj> {
        match self {
            Bound::Rows(rows, extent, method) => match method.run {
                Run::Build(build) => {
                    let extent = extent.with(args.extents(), limits::QUERY_SET)?;
                    Ok(Obj::query_set(build((**rows).clone(), args)?, extent))
                }
                Run::Now(now) => now((**rows).clone(), args),
                Run::Ask(ask) => ask(shell, (**rows).clone(), args).await,
            },
            Bound::Related(of, method) => match method.run {
                Run::Now(now) => now(Arc::clone(of), args),
                Run::Ask(ask) => ask(shell, Arc::clone(of), args).await,
                Run::Build(_) => Err(ShellError::type_error("a manager is no query set")),
            },
            Bound::Record(row, method) => match method.run {
                Run::Now(now) => now(row.clone(), args),
                Run::Ask(ask) => ask(shell, row.clone(), args).await,
                Run::Build(_) => Err(ShellError::type_error("a row gives no query set")),
            },
            Bound::Scalar(value, method) => match method.run {
                Run::Now(now) => now(value.clone(), args),
                Run::Ask(ask) => ask(shell, value.clone(), args).await,
                Run::Build(_) => Err(ShellError::type_error("a value gives no query set")),
            },
            Bound::Answer(value) => args.none("display").map(|()| value.clone()),
        }
    }
}

fn find<T>(table: &'static [Method<T>], name: &str) -> Option<&'static Method<T>> {
    table.iter().find(|method| method.name == name)
}

/// `value.name`
pub(super) async fn attribute(shell: &Shell, value: &Obj, name: &str) -> Result<Obj> {
    let found = match value {
        Obj::QuerySet(set) if name == "query" => Some(Obj::string(set.value.to_sql(shell.db.backend())?)?),
        Obj::QuerySet(set) => queryset::of_known(set, name)
            .map(|method| Bound::Scalar(value.clone(), method))
            .or_else(|| {
                let method = find(queryset::METHODS, name)?;
                Some(Bound::Rows(Box::new(set.value.clone()), set.extent, method))
            })
            .map(|bound| Obj::Method(Arc::new(bound)))
            .or_else(|| queryset::property(&set.value, name)),
        Obj::Manager(of) => manager::attribute(of, name)?,
        Obj::Model(model) => manager::of_model(model, name),
        Obj::Record(row) => match find(record::METHODS, name) {
            Some(method) => Some(Obj::Method(Arc::new(Bound::Record(row.clone(), method)))),
            None => row.attribute(shell, name).await?,
        },
        Obj::Module(module) => super::construct::in_module(shell, module, name),
        Obj::Function(function) => super::construct::of_class(function, name),
        other => scalar::attribute(other, name),
    };
    found.ok_or_else(|| no_attribute(value, name))
}

/// The error that a value has no such attribute, with the nearest of those that it has.
pub(super) fn no_attribute(value: &Obj, name: &str) -> ShellError {
    let names = names(value);
    let near = nearest(name, names.iter().map(String::as_str)).filter(|near| *near != name);
    let hint = near
        .map(|near| format!(". Did you mean: '{near}'?"))
        .unwrap_or_default();
    let who = match value {
        Obj::Model(model) => format!("type object '{}'", model.name),
        Obj::Function(function) => format!("type object '{}'", function.name),
        Obj::Module(module) => format!("module '{module}'"),
        other => format!("'{}' object", other.type_name()),
    };
    ShellError::attribute(format!("{who} has no attribute '{name}'{hint}"))
}

/// The names of the methods of rows.
pub(super) fn names_of_rows() -> impl Iterator<Item = &'static str> {
    record::METHODS.iter().map(|method| method.name)
}

/// The names of the methods that rows which belong to a row have beside those of a query set.
pub(super) fn names_of_related() -> impl Iterator<Item = &'static str> {
    related::all_names()
}

/// The names of the attributes of a value.
pub(super) fn names(value: &Obj) -> Vec<String> {
    fn of<T>(table: &'static [Method<T>]) -> Vec<String> {
        table.iter().map(|method| method.name.to_owned()).collect()
    }
    match value {
        Obj::QuerySet(_) => {
            let properties = queryset::PROPERTIES.iter().map(|name| (*name).to_owned());
            of(queryset::METHODS).into_iter().chain(properties).collect()
        }
        Obj::Manager(of) => manager::names(of),
        Obj::Model(_) => vec!["objects".to_owned()],
        Obj::Record(row) => {
            let mut names = row.names();
            names.extend(of(record::METHODS));
            names
        }
        Obj::Module(module) => super::construct::names_in(module),
        Obj::Function(function) => super::construct::names_of_class(function),
        other => scalar::names(other),
    }
}
