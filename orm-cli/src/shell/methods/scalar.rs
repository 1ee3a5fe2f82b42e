//! What plain values have: the parts of dates and times, and the methods of expressions.

use super::{Bound, Method, Run, find};
use crate::shell::args::{Args, is_true};
use crate::shell::convert;
use crate::shell::errors::{Result, ShellError};
use crate::shell::object::Obj;
use crate::shell::print;
use crate::shell::transaction;
use orm_core::chrono::{Datelike, NaiveDate, NaiveTime, Timelike};
use orm_core::dynamic::DynOrder;
use orm_core::query::ArithmeticOp;
use std::sync::Arc;

/// `value.name`
pub(super) fn attribute(value: &Obj, name: &str) -> Option<Obj> {
    part(value, name).or_else(|| {
        let method = find(methods(value), name)?;
        Some(Obj::Method(Arc::new(Bound::Scalar(value.clone(), method))))
    })
}

/// The names of what it has.
pub(super) fn names(value: &Obj) -> Vec<String> {
    let methods = methods(value).iter().map(|method| method.name);
    let parts = PARTS.iter().copied().filter(|name| part(value, name).is_some());
    methods.chain(parts).map(str::to_owned).collect()
}

const PARTS: &[&str] = &[
    "year",
    "month",
    "day",
    "hour",
    "minute",
    "second",
    "microsecond",
    "tzinfo",
    "days",
    "seconds",
    "microseconds",
    "hex",
    "real",
];

fn part(value: &Obj, name: &str) -> Option<Obj> {
    match value {
        Obj::Date(date) => date_part(*date, name),
        Obj::Time(time) => time_part(*time, name),
        Obj::DateTime { aware, .. } if name == "tzinfo" => Some(if *aware { Obj::Utc } else { Obj::None }),
        Obj::DateTime { at, .. } => date_part(at.date(), name).or_else(|| time_part(at.time(), name)),
        Obj::Delta(delta) => {
            let (days, seconds, micros) = print::delta_parts(*delta);
            Some(Obj::Int(i128::from(match name {
                "days" => days,
                "seconds" => seconds,
                "microseconds" => micros,
                _ => return None,
            })))
        }
        Obj::Uuid(uuid) if name == "hex" => Some(Obj::Str(uuid.simple().to_string().into())),
        _ => None,
    }
}

fn date_part(date: NaiveDate, name: &str) -> Option<Obj> {
    Some(Obj::Int(match name {
        "year" => i128::from(date.year()),
        "month" => i128::from(date.month()),
        "day" => i128::from(date.day()),
        _ => return None,
    }))
}

fn time_part(time: NaiveTime, name: &str) -> Option<Obj> {
    Some(Obj::Int(i128::from(match name {
        "hour" => time.hour(),
        "minute" => time.minute(),
        "second" => time.second(),
        "microsecond" => time.nanosecond() % 1_000_000_000 / 1_000,
        _ => return None,
    })))
}

fn methods(value: &Obj) -> &'static [Method<Obj>] {
    match value {
        Obj::Expr(_) => EXPRESSION,
        Obj::Date(_) | Obj::Time(_) | Obj::DateTime { .. } => MOMENT,
        Obj::Delta(_) => DELTA,
        Obj::Str(_) => STRING,
        Obj::Atomic { .. } => ATOMIC,
        _ => &[],
    }
}

static EXPRESSION: &[Method<Obj>] = &[
    now("asc", |value, args| order("asc", &value, args)),
    now("bitand", |value, args| {
        bits("bitand", ArithmeticOp::BitAnd, &value, args)
    }),
    now("bitleftshift", |value, args| {
        bits("bitleftshift", ArithmeticOp::Shl, &value, args)
    }),
    now("bitor", |value, args| bits("bitor", ArithmeticOp::BitOr, &value, args)),
    now("bitrightshift", |value, args| {
        bits("bitrightshift", ArithmeticOp::Shr, &value, args)
    }),
    now("bitxor", |value, args| {
        bits("bitxor", ArithmeticOp::BitXor, &value, args)
    }),
    now("desc", |value, args| order("desc", &value, args)),
];

static MOMENT: &[Method<Obj>] = &[
    now("date", |value, args| {
        args.none("date")?;
        match value {
            Obj::DateTime { at, .. } => Ok(Obj::Date(at.date())),
            other => Err(super::no_attribute(&other, "date")),
        }
    }),
    now("isoformat", |value, args| {
        args.none("isoformat")?;
        let separator = if matches!(value, Obj::DateTime { .. }) {
            "T"
        } else {
            " "
        };
        Obj::string(print::str(&value).replacen(' ', separator, 1))
    }),
    now("time", |value, args| {
        args.none("time")?;
        match value {
            Obj::DateTime { at, .. } => Ok(Obj::Time(at.time())),
            other => Err(super::no_attribute(&other, "time")),
        }
    }),
];

static DELTA: &[Method<Obj>] = &[now("total_seconds", |value, args| {
    args.none("total_seconds")?;
    match value {
        Obj::Delta(delta) => {
            let whole = delta.num_seconds() as f64;
            Ok(Obj::Float(whole + f64::from(delta.subsec_nanos()) / 1e9))
        }
        other => Err(super::no_attribute(&other, "total_seconds")),
    }
})];

static STRING: &[Method<Obj>] = &[
    now("lower", |value, args| {
        args.none("lower")
            .and_then(|()| Obj::string(print::str(&value).to_lowercase()))
    }),
    now("strip", |value, args| {
        args.none("strip")
            .and_then(|()| Obj::string(print::str(&value).trim().to_owned()))
    }),
    now("upper", |value, args| {
        args.none("upper")
            .and_then(|()| Obj::string(print::str(&value).to_uppercase()))
    }),
];

static ATOMIC: &[Method<Obj>] = &[
    Method {
        name: "__enter__",
        run: Run::Ask(|shell, block, args| Box::pin(transaction::enter(shell, block, args))),
    },
    Method {
        name: "__exit__",
        run: Run::Ask(|shell, block, args| Box::pin(transaction::exit(shell, block, args))),
    },
];

const fn now(name: &'static str, run: fn(Obj, Args) -> Result<Obj>) -> Method<Obj> {
    Method {
        name,
        run: Run::Now(run),
    }
}

/// `F("pages").bitand(3)`
fn bits(call: &str, op: ArithmeticOp, value: &Obj, args: Args) -> Result<Obj> {
    let [other] = args.bind(call, ["other"], 1)?;
    let other = other.unwrap_or(Obj::None);
    let whole = convert::expression(value)?.combine(op, convert::literal(&other)?);
    Obj::expr(whole, [value.extent(), other.extent()])
}

/// `F("pages").desc(nulls_last=True)`
fn order(call: &str, value: &Obj, args: Args) -> Result<Obj> {
    let [first, last] = args.bind(call, ["nulls_first", "nulls_last"], 0)?;
    let expr = convert::expression(value)?;
    let order = if call == "asc" {
        DynOrder::asc(expr)
    } else {
        DynOrder::desc(expr)
    };
    let order = match (is_true(first), is_true(last)) {
        (true, true) => {
            return Err(ShellError::value_error(
                "nulls_first and nulls_last are mutually exclusive",
            ));
        }
        (true, false) => order.nulls_first(true),
        (false, true) => order.nulls_first(false),
        (false, false) => order,
    };
    Obj::order(order, [value.extent()])
}
