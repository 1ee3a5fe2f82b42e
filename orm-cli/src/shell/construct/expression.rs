//! `Q`, `F`, `Value`, functions and aggregates.

use super::{Function, Run, conditional, zone};
use crate::shell::args::{Args, is_true};
use crate::shell::convert;
use crate::shell::errors::{Result, ShellError};
use crate::shell::methods;
use crate::shell::object::Obj;
use orm_core::dynamic::{Connector, DynExpr, DynQ};
use orm_core::query::{self, AggregateFunction};

const AGGREGATES: &[AggregateFunction] = &[
    AggregateFunction::Avg,
    AggregateFunction::Count,
    AggregateFunction::Max,
    AggregateFunction::Min,
    AggregateFunction::StdDev,
    AggregateFunction::Sum,
    AggregateFunction::Variance,
];

pub(super) fn functions() -> Vec<Function> {
    let mut all = vec![
        Function::now("Extract", extract),
        Function::now("F", f),
        Function::now("Q", q),
        Function::now("Value", value),
    ];
    all.extend(AGGREGATES.iter().map(|function| Function {
        name: function.class_name(),
        run: Run::Aggregate(*function),
    }));
    all.extend(query::function::all().map(|function| Function {
        name: function.class,
        run: Run::Sql(function),
    }));
    all
}

fn f(args: Args) -> Result<Obj> {
    let [name] = args.bind("F", ["name"], 1)?;
    match name {
        Some(Obj::Str(name)) => Obj::expr(DynExpr::f(&*name), []),
        _ => Err(ShellError::type_error("F() takes the name of a field")),
    }
}

fn value(mut args: Args) -> Result<Obj> {
    let ty = conditional::output(&mut args)?;
    let [value] = args.bind("Value", ["value"], 1)?;
    let value = value.unwrap_or(Obj::None);
    let expr = DynExpr::Value(convert::plain(&value)?);
    Obj::expr(conditional::typed(expr, ty), [value.extent()])
}

fn q(mut args: Args) -> Result<Obj> {
    let extents: Vec<_> = args.extents().collect();
    let connector = match args.take("_connector") {
        None | Some(Obj::None) => Connector::And,
        Some(Obj::Str(name)) if &*name == "AND" => Connector::And,
        Some(Obj::Str(name)) if &*name == "OR" => Connector::Or,
        Some(Obj::Str(name)) if &*name == "XOR" => Connector::Xor,
        Some(other) => {
            let message = format!(
                "connector must be one of 'AND', 'OR', 'XOR', or None, not {}",
                crate::shell::print::repr(&other)
            );
            return Err(ShellError::value_error(message));
        }
    };
    let negated = is_true(args.take("_negated"));
    let mut condition = methods::condition(args)?;
    if let DynQ::Node {
        connector: own,
        negated: own_negated,
        ..
    } = &mut condition
    {
        *own = connector;
        *own_negated = negated;
    }
    Obj::q(condition, extents)
}

/// `Count("authors", distinct=True, filter=Q(…))`
pub(super) fn aggregate(call: &str, function: AggregateFunction, mut args: Args) -> Result<Obj> {
    let extents: Vec<_> = args.extents().collect();
    let ty = conditional::output(&mut args)?;
    let default = match args.take("default") {
        None | Some(Obj::None) => None,
        Some(default) => Some(Box::new(convert::literal(&default)?)),
    };
    let (function, [of, distinct, filter]) = if function.of_sample() == function {
        (function, args.bind(call, ["expression", "distinct", "filter"], 1)?)
    } else {
        let names = ["expression", "sample", "distinct", "filter"];
        let [of, sample, distinct, filter] = args.bind(call, names, 1)?;
        let function = if is_true(sample) {
            function.of_sample()
        } else {
            function
        };
        (function, [of, distinct, filter])
    };
    let arg = match of {
        Some(Obj::Str(star)) if &*star == "*" && function == AggregateFunction::Count => {
            if filter.is_some() {
                let message = "Star cannot be used with filter. Please specify a field.";
                return Err(ShellError::value_error(message));
            }
            None
        }
        of => Some(Box::new(convert::expression(&of.unwrap_or(Obj::None))?)),
    };
    let distinct = is_true(distinct);
    let filter = match filter {
        None | Some(Obj::None) => None,
        Some(Obj::Q(tree)) => Some(tree.value.clone()),
        Some(other) => {
            let message = format!("filter must be a Q, not a '{}'", other.type_name());
            return Err(ShellError::type_error(message));
        }
    };
    let expr = DynExpr::Aggregate {
        function,
        arg,
        distinct,
        filter,
        default,
    };
    Obj::expr(conditional::typed(expr, ty), extents)
}

/// `Lower("name")`
pub(super) fn call(call: &str, function: &'static query::Function, mut args: Args) -> Result<Obj> {
    let extents: Vec<_> = args.extents().collect();
    let ty = conditional::output(&mut args)?;
    let zone = match function.input.is_of_time() {
        true => zone::zone(call, args.take("tzinfo"))?,
        false => None,
    };
    let precision = args.take("precision");
    let mut args = args.only_positional(call)?;
    args.extend(precision);
    let (least, most) = function.arity;
    if !(least..=most).contains(&args.len()) {
        let takes = if least == most {
            format!("exactly {least}")
        } else {
            format!("from {least} to {most}")
        };
        let s = if most == 1 { "" } else { "s" };
        let message = format!("'{call}' takes {takes} argument{s} ({} given)", args.len());
        return Err(ShellError::type_error(message));
    }
    let args = args.iter().map(convert::expression).collect::<Result<_>>()?;
    Obj::expr(conditional::typed(zone::call(function, args, zone, ty)?, ty), extents)
}

/// `Extract("published", "year")`
fn extract(args: Args) -> Result<Obj> {
    let extents: Vec<_> = args.extents().collect();
    let [of, part, zone] = args.bind("Extract", ["expression", "lookup_name", "tzinfo"], 2)?;
    let zone = zone::zone("Extract", zone)?;
    let function = match &part {
        Some(Obj::Str(name)) => {
            query::function::function(name).filter(|function| function.class.starts_with("Extract"))
        }
        _ => None,
    };
    let Some(function) = function else {
        let part = crate::shell::print::repr(&part.unwrap_or(Obj::None));
        return Err(ShellError::value_error(format!("there is no part {part} of a date")));
    };
    let args = vec![convert::expression(&of.unwrap_or(Obj::None))?];
    Obj::expr(zone::call(function, args, zone, None)?, extents)
}
