//! `Case`, `When`, `Cast`, subqueries, and the fields that say what an expression gives.

use super::{Function, zone};
use crate::shell::args::Args;
use crate::shell::convert;
use crate::shell::errors::{Result, ShellError};
use crate::shell::methods;
use crate::shell::object::Obj;
use orm_core::dynamic::{DynExpr, DynQ, DynQuerySet};
use orm_core::meta::ColumnType;
use orm_core::query::function;

pub(super) fn functions() -> Vec<Function> {
    vec![
        Function::now("Case", case),
        Function::now("Cast", cast),
        Function::now("Concat", concat),
        Function::now("Exists", exists),
        Function::now("ExpressionWrapper", wrapper),
        Function::now("FilteredRelation", filtered_relation),
        Function::now("OuterRef", outer_ref),
        Function::now("Subquery", subquery),
        Function::now("Trunc", trunc),
        Function::now("When", when),
        Function::now("BooleanField", |args| field(args, ColumnType::Boolean)),
        Function::now("CharField", char_field),
        Function::now("DateField", |args| field(args, ColumnType::Date)),
        Function::now("DateTimeField", |args| field(args, ColumnType::DateTime)),
        Function::now("DecimalField", decimal_field),
        Function::now("DurationField", |args| field(args, ColumnType::Duration)),
        Function::now("FloatField", |args| field(args, ColumnType::Float)),
        Function::now("IntegerField", |args| field(args, ColumnType::Integer)),
        Function::now("TextField", |args| field(args, ColumnType::Text)),
        Function::now("TimeField", |args| field(args, ColumnType::Time)),
    ]
}

/// `IntegerField()`
fn field(args: Args, ty: ColumnType) -> Result<Obj> {
    args.none("Field")?;
    Ok(Obj::Field(ty))
}

fn char_field(mut args: Args) -> Result<Obj> {
    let length = args.take("max_length");
    args.none("CharField")?;
    let max_length = match length {
        Some(Obj::Int(length)) => u32::try_from(length).ok(),
        _ => None,
    };
    Ok(Obj::Field(max_length.map_or(ColumnType::Text, |max_length| {
        ColumnType::Char { max_length }
    })))
}

fn decimal_field(mut args: Args) -> Result<Obj> {
    let mut number = |name| match args.take(name) {
        Some(Obj::Int(number)) => u32::try_from(number).unwrap_or(0),
        _ => 0,
    };
    let (max_digits, decimal_places) = (number("max_digits"), number("decimal_places"));
    args.none("DecimalField")?;
    Ok(Obj::Field(ColumnType::Decimal {
        max_digits,
        decimal_places,
    }))
}

/// What `output_field=` says.
pub(super) fn output(args: &mut Args) -> Result<Option<ColumnType>> {
    match args.take("output_field") {
        None | Some(Obj::None) => Ok(None),
        Some(Obj::Field(ty)) => Ok(Some(ty)),
        Some(other) => {
            let message = format!("output_field must be a field, not a '{}'", other.type_name());
            Err(ShellError::type_error(message))
        }
    }
}

/// An expression that is said to give something.
pub(super) fn typed(expr: DynExpr, ty: Option<ColumnType>) -> DynExpr {
    match ty {
        Some(ty) => DynExpr::Typed { of: Box::new(expr), ty },
        None => expr,
    }
}

/// `When(condition, then=…)`: a `Case` of one.
fn when(mut args: Args) -> Result<Obj> {
    let extents: Vec<_> = args.extents().collect();
    let then = args.take("then");
    let Some(then) = then else {
        return Err(ShellError::type_error("When() missing the argument 'then'"));
    };
    let condition = methods::condition(args)?;
    if condition.is_empty() {
        return Err(ShellError::value_error(
            "An empty Q() can't be used as a When() condition.",
        ));
    }
    let case = DynExpr::Case {
        whens: vec![(condition, convert::expression(&then)?)],
        default: None,
        ty: None,
    };
    Obj::expr(case, extents)
}

fn case(mut args: Args) -> Result<Obj> {
    let extents: Vec<_> = args.extents().collect();
    let ty = output(&mut args)?;
    let default = args.take("default");
    let mut whens = Vec::new();
    for part in args.only_positional("Case")? {
        match part {
            Obj::Expr(tree) => match &tree.value {
                DynExpr::Case {
                    whens: one,
                    default: None,
                    ..
                } => whens.extend(one.iter().cloned()),
                _ => return Err(ShellError::type_error("Positional arguments must all be When objects.")),
            },
            _ => return Err(ShellError::type_error("Positional arguments must all be When objects.")),
        }
    }
    let default = match default {
        None | Some(Obj::None) => None,
        Some(default) => Some(Box::new(convert::expression(&default)?)),
    };
    if whens.is_empty()
        && let Some(default) = default
    {
        return Obj::expr(typed(*default, ty), extents);
    }
    Obj::expr(DynExpr::Case { whens, default, ty }, extents)
}

fn cast(mut args: Args) -> Result<Obj> {
    let extents: Vec<_> = args.extents().collect();
    let named = output(&mut args)?;
    let parts = args.only_positional("Cast")?;
    let (of, to) = match (parts.as_slice(), named) {
        ([of], Some(to)) => (of, to),
        ([of, Obj::Field(to)], None) => (of, *to),
        _ => return Err(ShellError::type_error("Cast() takes an expression and a field")),
    };
    let of = Box::new(convert::expression(of)?);
    Obj::expr(DynExpr::Cast { of, to }, extents)
}

fn wrapper(mut args: Args) -> Result<Obj> {
    let extents: Vec<_> = args.extents().collect();
    let named = output(&mut args)?;
    let parts = args.only_positional("ExpressionWrapper")?;
    let (of, ty) = match (parts.as_slice(), named) {
        ([of], Some(ty)) => (of, ty),
        ([of, Obj::Field(ty)], None) => (of, *ty),
        _ => {
            return Err(ShellError::type_error(
                "ExpressionWrapper() takes an expression and a field",
            ));
        }
    };
    let of = match of {
        Obj::Q(tree) => DynExpr::Condition(Box::new(tree.value.clone())),
        of => convert::expression(of)?,
    };
    Obj::expr(typed(of, Some(ty)), extents)
}

/// `Concat("a", Value(" "), "b")`: pairs within pairs.
fn concat(mut args: Args) -> Result<Obj> {
    let extents: Vec<_> = args.extents().collect();
    let ty = output(&mut args)?;
    let parts = args.only_positional("Concat")?;
    if parts.len() < 2 {
        return Err(ShellError::value_error("Concat must take at least two expressions"));
    }
    let mut parts = parts.iter().rev().map(convert::expression);
    let mut whole = parts.next().transpose()?.unwrap_or(DynExpr::f(""));
    for part in parts {
        whole = DynExpr::Call {
            function: &function::CONCAT_PAIR,
            args: vec![part?, whole],
        };
    }
    Obj::expr(typed(whole, ty), extents)
}

/// `Trunc("published", "month")`
fn trunc(mut args: Args) -> Result<Obj> {
    let extents: Vec<_> = args.extents().collect();
    let ty = output(&mut args)?;
    let [of, kind, zone] = args.bind("Trunc", ["expression", "kind", "tzinfo"], 2)?;
    let zone = zone::zone("Trunc", zone)?;
    let function = match &kind {
        Some(Obj::Str(kind)) => function::function(&format!("trunc_{kind}")),
        _ => None,
    };
    let Some(function) = function else {
        let kind = crate::shell::print::repr(&kind.unwrap_or(Obj::None));
        return Err(ShellError::value_error(format!("there is no part {kind} of a date")));
    };
    let args = vec![convert::expression(&of.unwrap_or(Obj::None))?];
    Obj::expr(typed(zone::call(function, args, zone, ty)?, ty), extents)
}

fn rows(call: &str, value: Option<Obj>) -> Result<Box<DynQuerySet>> {
    match value {
        Some(Obj::QuerySet(tree)) => Ok(Box::new(tree.value.clone())),
        Some(Obj::Manager(manager)) => Ok(Box::new(manager.rows()?)),
        other => {
            let other = other.unwrap_or(Obj::None);
            let message = format!("{call}() takes a QuerySet, not a '{}'", other.type_name());
            Err(ShellError::type_error(message))
        }
    }
}

fn subquery(mut args: Args) -> Result<Obj> {
    let extents: Vec<_> = args.extents().collect();
    let ty = output(&mut args)?;
    let [of] = args.bind("Subquery", ["queryset"], 1)?;
    Obj::expr(typed(DynExpr::Subquery(rows("Subquery", of)?), ty), extents)
}

fn exists(args: Args) -> Result<Obj> {
    let extents: Vec<_> = args.extents().collect();
    let [of] = args.bind("Exists", ["queryset"], 1)?;
    let exists = DynExpr::Exists(rows("Exists", of)?);
    Obj::q(DynQ::Expr(Box::new(exists)), extents)
}

fn filtered_relation(mut args: Args) -> Result<Obj> {
    let extents: Vec<_> = args.extents().collect();
    let condition = match args.take("condition") {
        None => DynQ::all([]),
        Some(Obj::Q(tree)) => tree.value.clone(),
        Some(_) => return Err(ShellError::value_error("condition argument must be a Q() instance.")),
    };
    let [relation] = args.bind("FilteredRelation", ["relation_name"], 1)?;
    let relation = match relation {
        Some(Obj::Str(relation)) if !relation.is_empty() => relation.to_string(),
        Some(relation) if !relation.truth() => return Err(ShellError::value_error("relation_name cannot be empty.")),
        _ => {
            return Err(ShellError::type_error(
                "FilteredRelation() takes the name of a relation",
            ));
        }
    };
    let condition = Box::new(condition);
    Obj::expr(DynExpr::FilteredRelation { relation, condition }, extents)
}

fn outer_ref(args: Args) -> Result<Obj> {
    let extents: Vec<_> = args.extents().collect();
    let [of] = args.bind("OuterRef", ["name"], 1)?;
    let of = convert::expression(&of.unwrap_or(Obj::None))?;
    Obj::expr(DynExpr::Outer(Box::new(of)), extents)
}
