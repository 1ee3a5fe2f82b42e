//! What operators, functions and aggregates are of: told before a database would tell it, each in its
//! own way, or would compute something with text and dates.

use super::FieldClass;
use crate::error::{Error, Misuse, Result};
use crate::query::{AggregateFunction, ArithmeticOp, Expr, Function, function};
use crate::value::{Kind, Value};

/// The sides of an operator. A NULL by itself takes a type that fits the other side.
pub(super) fn sides(left: Expr, right: Expr) -> (Expr, Expr) {
    let beside = |expr: &Expr| match expr.column_type().kind() {
        Kind::Date | Kind::DateTime | Kind::Time => Kind::Duration,
        kind => kind,
    };
    match (is_null(&left), is_null(&right)) {
        (true, false) => (Expr::Value(Value::Null(beside(&right))), right),
        (false, true) => {
            let null = Expr::Value(Value::Null(beside(&left)));
            (left, null)
        }
        _ => (left, right),
    }
}

/// Whether an operator can stand between these. What an outer row gives is not known yet.
pub(super) fn operator(op: ArithmeticOp, left: &Expr, right: &Expr) -> Result<()> {
    let classes = [FieldClass::of_expr(left), FieldClass::of_expr(right)];
    let fits = if op.is_of_bits() {
        classes.iter().all(|class| class.is_a(FieldClass::Integer))
    } else {
        let open = |expr: &Expr| is_null(expr) || has_outer(expr);
        open(left) || open(right) || computes(op, left.column_type().kind(), right.column_type().kind())
    };
    if fits {
        return Ok(());
    }
    let message = format!(
        "Cannot infer type of '{}' expression involving these types: {}, {}. You must set output_field.",
        op.sql(),
        classes[0].name(),
        classes[1].name()
    );
    Err(Error::misuse(Misuse::Field, message))
}

fn computes(op: ArithmeticOp, left: Kind, right: Kind) -> bool {
    use ArithmeticOp::{Add, Div, Mul, Sub};
    let is_number = |kind| matches!(kind, Kind::Int | Kind::Float | Kind::Decimal);
    let is_time = |kind| matches!(kind, Kind::Date | Kind::DateTime | Kind::Time);
    match (left, right) {
        (left, right) if is_number(left) && is_number(right) => true,
        (Kind::Duration, Kind::Duration) => matches!(op, Add | Sub),
        (Kind::Duration, right) if is_number(right) => matches!(op, Mul | Div),
        (left, Kind::Duration) if is_number(left) => op == Mul,
        (left, Kind::Duration) if is_time(left) => matches!(op, Add | Sub),
        (Kind::Duration, right) if is_time(right) => op == Add,
        (Kind::Date | Kind::DateTime, Kind::Date | Kind::DateTime) | (Kind::Time, Kind::Time) => op == Sub,
        _ => false,
    }
}

/// Sums, averages and spreads are of numbers; the first two also of lengths of time.
pub(super) fn aggregate(aggregate: AggregateFunction, of: &Expr) -> Result<()> {
    let fits = match aggregate {
        AggregateFunction::Count | AggregateFunction::Min | AggregateFunction::Max => true,
        _ if is_null(of) || has_outer(of) => true,
        AggregateFunction::Sum | AggregateFunction::Avg => matches!(
            of.column_type().kind(),
            Kind::Int | Kind::Float | Kind::Decimal | Kind::Duration
        ),
        _ => matches!(of.column_type().kind(), Kind::Int | Kind::Float | Kind::Decimal),
    };
    if fits {
        return Ok(());
    }
    let name = aggregate.class_name();
    let class = FieldClass::of_expr(of).name();
    let hint = match of.column_type().kind() {
        Kind::Bool => ". Rows for which it is true are counted by Count(\"pk\", filter=Q(…))",
        _ => "",
    };
    Err(Error::misuse(
        Misuse::Field,
        format!("Cannot compute {name} of a {class}, which is no number{hint}."),
    ))
}

fn is_null(expr: &Expr) -> bool {
    matches!(expr, Expr::Value(Value::Null(_)))
}

fn has_outer(expr: &Expr) -> bool {
    matches!(expr, Expr::Outer { .. }) || expr.any_part(&mut |part| has_outer(part))
}

/// Whether the arguments of a function can stand together, by Django's rules.
pub(super) fn arguments(function: &'static Function, args: &[Expr]) -> Result<()> {
    if function.input.is_of_time() {
        let kind = args.first().map(|arg| arg.column_type().kind());
        if kind.is_some_and(|kind| function::for_kind(function, kind).is_none()) {
            if function.is_of_zone() {
                return Err(Error::misuse(
                    Misuse::Value,
                    "tzinfo can only be used with DateTimeField.",
                ));
            }
            return Err(Error::misuse(
                Misuse::Value,
                format!(
                    "{} input expression must be a date or a time that has such a part.",
                    function.class
                ),
            ));
        }
    }
    if !function.alike {
        return Ok(());
    }
    let mut classes = args.iter().filter(|arg| !is_null(arg)).map(FieldClass::of_expr);
    let Some(first) = classes.next() else { return Ok(()) };
    match classes.find(|class| !first.is_a(*class)) {
        None => Ok(()),
        Some(other) => Err(Error::misuse(
            Misuse::Field,
            format!(
                "Expression contains mixed types: {}, {}. You must set output_field.",
                first.name(),
                other.name()
            ),
        )),
    }
}
