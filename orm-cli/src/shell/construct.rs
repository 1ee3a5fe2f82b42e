//! The names that are there from the start: classes, functions and modules.

mod builtin;
mod conditional;
mod expression;
mod moment;

pub(super) use builtin::iterate;

use super::Shell;
use super::args::Args;
use super::errors::{Result, ShellError};
use super::methods::Later;
use super::object::Obj;
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
enum Run {
    Now(fn(Args) -> Result<Obj>),
    Ask(for<'a> fn(&'a Shell, Args) -> Later<'a>),
    /// a function of SQL
    Sql(&'static query::Function),
    Aggregate(query::AggregateFunction),
}

impl std::fmt::Debug for Run {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a function")
    }
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
        }
    }
}

/// All of them, by name.
static FUNCTIONS: LazyLock<Vec<Function>> = LazyLock::new(|| {
    let mut all: Vec<Function> = builtin::functions();
    all.extend(moment::functions());
    all.extend(expression::functions());
    all.extend(conditional::functions());
    all
});

/// The function or class of that name.
pub(super) fn function(name: &str) -> Option<Obj> {
    let found = FUNCTIONS.iter().find(|function| function.name == name)?;
    Some(Obj::Function(found))
}

/// What a name means that is neither a variable nor a model.
pub(super) fn named(name: &str) -> Option<Obj> {
    match name {
        "utc" | "UTC" => Some(Obj::Utc),
        "datetime" | "timezone" | "models" | "decimal" | "uuid" => module(name),
        // `date` and `time` alone are too likely to be somebody's variables to be found missing.
        name => function(name).or_else(|| function(moment::class(name)?)),
    }
}

fn module(name: &str) -> Option<Obj> {
    MODULES
        .iter()
        .find(|(known, _)| *known == name)
        .map(|(known, _)| Obj::Module(known))
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
    // All expressions.
    ("models", &[]),
];

/// `module.name`
pub(super) fn in_module(shell: &Shell, module: &str, name: &str) -> Option<Obj> {
    let known = MODULES.iter().find(|(known, _)| *known == module)?.1;
    match (module, name) {
        ("models", name) => function(name).filter(|_| is_expression(name)),
        ("datetime", "timezone") => self::module(name),
        ("timezone", "now") => function("timezone.now"),
        (_, "utc" | "UTC") if known.contains(&name) => Some(Obj::Utc),
        ("datetime", name) if known.contains(&name) => function(moment::class(name)?),
        // After `from datetime import datetime` the name is that of the class.
        ("datetime", name) => match function("datetime.datetime") {
            Some(Obj::Function(class)) => of_class(class, name),
            _ => None,
        },
        (_, name) if known.contains(&name) => shell.name(name),
        _ => None,
    }
}

pub(super) fn names_in(module: &str) -> Vec<String> {
    let known = MODULES
        .iter()
        .find(|(known, _)| *known == module)
        .map_or(&[][..], |(_, names)| *names);
    let mut names: Vec<String> = known.iter().map(|name| (*name).to_owned()).collect();
    if module == "models" {
        let expressions = FUNCTIONS.iter().map(|function| function.name);
        names.extend(expressions.filter(|name| is_expression(name)).map(str::to_owned));
    }
    names
}

/// `datetime.date.today`: a function of a class.
pub(super) fn of_class(class: &Function, name: &str) -> Option<Obj> {
    function(&format!("{}.{name}", class.name))
}

pub(super) fn names_of_class(class: &Function) -> Vec<String> {
    let of_class = |name: &&'static str| name.strip_prefix(class.name).is_some_and(|rest| rest.starts_with('.'));
    let names = FUNCTIONS.iter().map(|function| function.name).filter(of_class);
    names
        .filter_map(|name| name.rsplit('.').next())
        .map(str::to_owned)
        .collect()
}

/// The names that stand for themselves.
pub(super) fn names() -> impl Iterator<Item = &'static str> {
    let functions = FUNCTIONS
        .iter()
        .map(|function| function.name)
        .filter(|name| !name.contains('.'));
    functions.chain(MODULES.iter().map(|(name, _)| *name)).chain(["utc"])
}

/// `module(…)`: after `from datetime import datetime` the class has the module's name.
pub(super) fn class_of_module(module: &str) -> Option<&'static Function> {
    let class = if module == "datetime" {
        "datetime.datetime"
    } else {
        return None;
    };
    FUNCTIONS.iter().find(|function| function.name == class)
}

/// Whether the name is that of something that is used in queries.
fn is_expression(name: &str) -> bool {
    expression::is_one(name) || conditional::is_one(name)
}

fn wrong(call: &str, value: &Obj) -> ShellError {
    ShellError::type_error(format!("{call}() cannot take a '{}'", value.type_name()))
}
