//! The names that are there from the start: classes, functions and modules.

mod builtin;
mod conditional;
mod expression;
mod moment;
mod window;
mod zone;

pub(super) use builtin::{iterate, text_of};
pub(super) use zone::zone;

use super::Shell;
use super::args::Args;
use super::errors::{Result, ShellError};
use super::methods::Later;
use super::object::Obj;
use super::transaction;
use orm_core::query;
use std::sync::LazyLock;

/// A class or a function that makes values.
#[derive(Debug)]
pub struct Function {
    /// `Count`
    pub name: &'static str,
    run: Run,
}

/// What a call of it does.
#[derive(Debug)]
enum Run {
    Now(fn(Args) -> Result<Obj>),
    Ask(for<'a> fn(&'a Shell, Args) -> Later<'a>),
    /// a function of SQL
    Sql(&'static query::Function),
    Aggregate(query::AggregateFunction),
    /// a function that windows alone have
    Window(query::WindowFunction),
}

impl Function {
    const fn now(name: &'static str, run: fn(Args) -> Result<Obj>) -> Self {
        Function {
            name,
            run: Run::Now(run),
        }
    }

    const fn ask(name: &'static str, run: for<'a> fn(&'a Shell, Args) -> Later<'a>) -> Self {
        Function {
            name,
            run: Run::Ask(run),
        }
    }

    /// Calls it.
    pub(super) async fn call(&self, shell: &Shell, args: Args) -> Result<Obj> {
        match self.run {
            Run::Now(now) => now(args),
            Run::Ask(ask) => ask(shell, args).await,
            Run::Sql(function) => expression::call(self.name, function, args),
            Run::Aggregate(function) => expression::aggregate(self.name, function, args),
            Run::Window(function) => window::call(function, args),
        }
    }
}

/// Those of Python itself.
static PLAIN: LazyLock<Vec<Function>> = LazyLock::new(|| {
    let mut all = builtin::functions();
    all.extend(moment::functions());
    all.extend(zone::functions());
    all.extend(of_transactions());
    all
});

fn of_transactions() -> Vec<Function> {
    vec![
        Function::now("transaction.atomic", transaction::atomic),
        Function::ask("transaction.get_rollback", |shell, args| {
            Box::pin(transaction::get_rollback(shell, args))
        }),
        Function::ask("transaction.savepoint", |shell, args| {
            Box::pin(transaction::savepoint(shell, args))
        }),
        Function::ask("transaction.savepoint_commit", |shell, args| {
            Box::pin(transaction::savepoint_commit(shell, args))
        }),
        Function::ask("transaction.savepoint_rollback", |shell, args| {
            Box::pin(transaction::savepoint_rollback(shell, args))
        }),
        Function::ask("transaction.set_rollback", |shell, args| {
            Box::pin(transaction::set_rollback(shell, args))
        }),
    ]
}

/// Those that are used in queries: what `django.db.models` has.
static EXPRESSIONS: LazyLock<Vec<Function>> = LazyLock::new(|| {
    let mut all = expression::functions();
    all.extend(conditional::functions());
    all.extend(window::functions());
    all
});

/// All of them.
fn functions() -> impl Iterator<Item = &'static Function> {
    PLAIN.iter().chain(EXPRESSIONS.iter())
}

/// The one of that name.
fn find(mut functions: impl Iterator<Item = &'static Function>, name: &str) -> Option<Obj> {
    functions.find(|function| function.name == name).map(Obj::Function)
}

/// What a name means that is neither a variable nor a model.
pub(super) fn named(name: &str) -> Option<Obj> {
    if matches!(name, "utc" | "UTC") {
        return Some(Obj::Utc);
    }
    module(name)
        .or_else(|| find(functions(), name))
        // `date` and `time` alone are too likely to be somebody's variables to be found missing.
        .or_else(|| of_datetime(name))
}

fn module(name: &str) -> Option<Obj> {
    let mut modules = MODULES.iter().map(|(known, _)| *known);
    modules.find(|known| *known == name).map(Obj::Module)
}

/// The names that are listed for a module.
fn listed(module: &str) -> Option<&'static [&'static str]> {
    let (_, names) = MODULES.iter().find(|(known, _)| *known == module)?;
    Some(names)
}

/// `date`, or another class of the module `datetime`.
fn of_datetime(name: &str) -> Option<Obj> {
    find(PLAIN.iter(), &format!("datetime.{name}"))
}

/// The modules and what is in them.
const MODULES: &[(&str, &[&str])] = &[
    (
        "datetime",
        &["date", "datetime", "time", "timedelta", "timezone", "UTC"],
    ),
    ("timezone", &["now", "utc"]),
    ("decimal", &["Decimal"]),
    ("uuid", &["UUID", "uuid4"]),
    ("zoneinfo", &["ZoneInfo"]),
    (
        "transaction",
        &[
            "atomic",
            "get_rollback",
            "savepoint",
            "savepoint_commit",
            "savepoint_rollback",
            "set_rollback",
        ],
    ),
    // All expressions.
    ("models", &[]),
];

/// `module.name`
pub(super) fn in_module(shell: &Shell, module: &str, name: &str) -> Option<Obj> {
    let known = listed(module)?;
    match (module, name) {
        ("models", name) => find(EXPRESSIONS.iter(), name),
        ("datetime", "timezone") => self::module(name),
        ("timezone", "now") => find(PLAIN.iter(), "timezone.now"),
        ("transaction", name) => find(PLAIN.iter(), &format!("transaction.{name}")),
        (_, "utc" | "UTC") if known.contains(&name) => Some(Obj::Utc),
        ("datetime", name) if known.contains(&name) => of_datetime(name),
        // After `from datetime import datetime` the name is that of the class.
        ("datetime", name) => of_class(class_of_module(module)?, name),
        (_, name) if known.contains(&name) => shell.name(name),
        _ => None,
    }
}

pub(super) fn names_in(module: &str) -> Vec<String> {
    if module == "models" {
        return EXPRESSIONS.iter().map(|function| function.name.to_owned()).collect();
    }
    let names = listed(module).unwrap_or_default();
    names.iter().map(|name| (*name).to_owned()).collect()
}

/// `datetime.date.today`: a function of a class.
pub(super) fn of_class(class: &Function, name: &str) -> Option<Obj> {
    find(PLAIN.iter(), &format!("{}.{name}", class.name))
}

pub(super) fn names_of_class(class: &Function) -> Vec<String> {
    let of_class = |name: &&'static str| name.strip_prefix(class.name).is_some_and(|rest| rest.starts_with('.'));
    let names = PLAIN.iter().map(|function| function.name).filter(of_class);
    names
        .filter_map(|name| name.rsplit('.').next())
        .map(str::to_owned)
        .collect()
}

/// The names that stand for themselves.
pub(super) fn names() -> impl Iterator<Item = &'static str> {
    let functions = functions()
        .map(|function| function.name)
        .filter(|name| !name.contains('.'));
    functions.chain(MODULES.iter().map(|(name, _)| *name)).chain(["utc"])
}

/// `module(…)`: after `from datetime import datetime` the class has the module's name.
pub(super) fn class_of_module(module: &str) -> Option<&'static Function> {
    let class = match module {
        "datetime" => "datetime.datetime",
        "timezone" => "datetime.timezone",
        _ => return None,
    };
    PLAIN.iter().find(|function| function.name == class)
}

fn wrong(call: &str, value: &Obj) -> ShellError {
    ShellError::type_error(format!("{call}() cannot take a '{}'", value.type_name()))
}
