//! Operators between plain values, as Python computes them.

use super::ast::{BinaryOp, UnaryOp};
use super::errors::{Result, ShellError};
use super::limits;
use super::object::Obj;
use orm_core::chrono::{NaiveTime, TimeDelta};
use orm_core::rust_decimal::Decimal;

/// `left op right`.
pub(super) fn binary(op: BinaryOp, left: &Obj, right: &Obj) -> Result<Obj> {
    let found = match (left, right) {
        (Obj::Decimal(_), other) | (other, Obj::Decimal(_)) if !matches!(other, Obj::Float(_)) => {
            decimals(op, left, right)?
        }
        (Obj::Str(a), Obj::Str(b)) if op == BinaryOp::Add => {
            short(a.len() + b.len(), limits::STRING)?;
            Some(Obj::Str(format!("{a}{b}").into()))
        }
        (Obj::Str(text), count) | (count, Obj::Str(text)) if op == BinaryOp::Mul && count.as_int().is_some() => {
            Some(Obj::Str(text.repeat(times(text.len(), count, limits::STRING)?).into()))
        }
        (Obj::Bytes(a), Obj::Bytes(b)) if op == BinaryOp::Add => Some(Obj::Bytes([&**a, &**b].concat().into())),
        (Obj::List(a), Obj::List(b)) if op == BinaryOp::Add => Some(Obj::list([a.as_slice(), b.as_slice()].concat())?),
        (Obj::Tuple(a), Obj::Tuple(b)) if op == BinaryOp::Add => {
            Some(Obj::tuple([a.as_slice(), b.as_slice()].concat())?)
        }
        (Obj::List(items), count) | (count, Obj::List(items)) if op == BinaryOp::Mul && count.as_int().is_some() => {
            Some(Obj::list(repeated(items.as_slice(), count)?)?)
        }
        (Obj::Tuple(items), count) | (count, Obj::Tuple(items)) if op == BinaryOp::Mul && count.as_int().is_some() => {
            Some(Obj::tuple(repeated(items.as_slice(), count)?)?)
        }
        _ => match (left.as_int(), right.as_int()) {
            (Some(a), Some(b)) => integers(op, a, b, left, right)?,
            _ => match (left.as_float(), right.as_float()) {
                (Some(a), Some(b)) => floats(op, a, b)?,
                _ => times_and_dates(op, left, right)?,
            },
        },
    };
    found.ok_or_else(|| unsupported(op, left, right))
}

pub(super) fn unsupported(op: BinaryOp, left: &Obj, right: &Obj) -> ShellError {
    ShellError::type_error(format!(
        "unsupported operand type(s) for {}: '{}' and '{}'",
        op.symbol(),
        left.type_name(),
        right.type_name()
    ))
}

/// `op value`.
pub(super) fn unary(op: UnaryOp, value: &Obj) -> Result<Obj> {
    Ok(match (op, value) {
        (UnaryOp::Minus, Obj::Float(value)) => Obj::Float(-value),
        (UnaryOp::Minus, Obj::Decimal(value)) => Obj::Decimal(if value.is_zero() { *value } else { -value }),
        (UnaryOp::Minus, Obj::Delta(value)) => Obj::Delta(-*value),
        (UnaryOp::Plus, Obj::Float(_) | Obj::Decimal(_) | Obj::Delta(_)) => value.clone(),
        (op, value) => match (op, value.as_int()) {
            (UnaryOp::Minus, Some(value)) => Obj::Int(value.checked_neg().ok_or_else(too_large)?),
            (UnaryOp::Plus, Some(value)) => Obj::Int(value),
            (UnaryOp::Invert, Some(value)) => Obj::Int(!value),
            (op, None) => {
                let symbol = match op {
                    UnaryOp::Minus => "-",
                    UnaryOp::Plus => "+",
                    UnaryOp::Invert => "~",
                };
                let message = format!("bad operand type for unary {symbol}: '{}'", value.type_name());
                return Err(ShellError::type_error(message));
            }
        },
    })
}

fn too_large() -> ShellError {
    ShellError::new("OverflowError", "integers cannot be longer than 38 digits here")
}

fn by_zero(message: &'static str) -> ShellError {
    ShellError::new("ZeroDivisionError", message)
}

fn short(length: usize, limit: usize) -> Result<()> {
    if length > limit {
        Err(ShellError::new("MemoryError", "the value is too long"))
    } else {
        Ok(())
    }
}

/// How often something of that length is to be repeated.
fn times(length: usize, count: &Obj, limit: usize) -> Result<usize> {
    let count = count.as_int().unwrap_or(0).max(0);
    let count = usize::try_from(count).unwrap_or(usize::MAX);
    if length == 0 {
        return Ok(0);
    }
    short(length.saturating_mul(count), limit)?;
    Ok(count)
}

fn repeated(items: &[Obj], count: &Obj) -> Result<Vec<Obj>> {
    let count = times(items.len(), count, limits::ELEMENTS)?;
    Ok(items.iter().cycle().take(items.len() * count).cloned().collect())
}

fn integers(op: BinaryOp, a: i128, b: i128, left: &Obj, right: &Obj) -> Result<Option<Obj>> {
    let logical = matches!((left, right), (Obj::Bool(_), Obj::Bool(_)));
    let value = match op {
        BinaryOp::Add => a.checked_add(b),
        BinaryOp::Sub => a.checked_sub(b),
        BinaryOp::Mul => a.checked_mul(b),
        BinaryOp::Div | BinaryOp::Mod if b == 0 => return Err(by_zero("division by zero")),
        BinaryOp::Div => return Ok(Some(Obj::Float(a as f64 / b as f64))),
        // The remainder has the divisor's sign.
        BinaryOp::Mod => a.checked_rem(b).map(|rest| {
            if rest != 0 && (rest < 0) != (b < 0) {
                rest + b
            } else {
                rest
            }
        }),
        BinaryOp::Pow => match u32::try_from(b) {
            Ok(exponent) => a.checked_pow(exponent),
            Err(_) if b < 0 && a == 0 => return Err(by_zero("0.0 cannot be raised to a negative power")),
            Err(_) if b < 0 => return Ok(Some(Obj::Float((a as f64).powf(b as f64)))),
            Err(_) => matches!(a, 0 | 1).then_some(a),
        },
        BinaryOp::And if logical => return Ok(Some(Obj::Bool(a & b != 0))),
        BinaryOp::Or if logical => return Ok(Some(Obj::Bool(a | b != 0))),
        BinaryOp::Xor if logical => return Ok(Some(Obj::Bool(a ^ b != 0))),
        BinaryOp::And => Some(a & b),
        BinaryOp::Or => Some(a | b),
        BinaryOp::Xor => Some(a ^ b),
    };
    value.map(|value| Some(Obj::Int(value))).ok_or_else(too_large)
}

fn floats(op: BinaryOp, a: f64, b: f64) -> Result<Option<Obj>> {
    let value = match op {
        BinaryOp::Add => a + b,
        BinaryOp::Sub => a - b,
        BinaryOp::Mul => a * b,
        BinaryOp::Div if b == 0.0 => return Err(by_zero("float division by zero")),
        BinaryOp::Div => a / b,
        BinaryOp::Mod if b == 0.0 => return Err(by_zero("float modulo")),
        BinaryOp::Mod => {
            let rest = a % b;
            if rest != 0.0 && (rest < 0.0) != (b < 0.0) {
                rest + b
            } else {
                rest
            }
        }
        BinaryOp::Pow if a == 0.0 && b < 0.0 => return Err(by_zero("0.0 cannot be raised to a negative power")),
        BinaryOp::Pow if a < 0.0 && b.fract() != 0.0 => {
            return Err(ShellError::value_error("the power is a complex number"));
        }
        BinaryOp::Pow => a.powf(b),
        BinaryOp::And | BinaryOp::Or | BinaryOp::Xor => return Ok(None),
    };
    Ok(Some(Obj::Float(value)))
}

fn decimals(op: BinaryOp, left: &Obj, right: &Obj) -> Result<Option<Obj>> {
    let number = |value: &Obj| match value {
        Obj::Decimal(value) => Some(*value),
        other => other
            .as_int()
            .and_then(|value| Decimal::try_from_i128_with_scale(value, 0).ok()),
    };
    let (Some(a), Some(b)) = (number(left), number(right)) else {
        return Ok(None);
    };
    let value = match op {
        BinaryOp::Add => a.checked_add(b),
        BinaryOp::Sub => a.checked_sub(b),
        BinaryOp::Mul => a.checked_mul(b),
        BinaryOp::Div | BinaryOp::Mod if b.is_zero() => {
            return Err(ShellError::new("DivisionByZero", "[<class 'decimal.DivisionByZero'>]"));
        }
        BinaryOp::Div => a.checked_div(b),
        BinaryOp::Mod => a.checked_rem(b),
        BinaryOp::Pow => match u32::try_from(right.as_int().unwrap_or(-1)) {
            Ok(exponent) => {
                let mut power = Some(Decimal::ONE);
                for _ in 0..exponent.min(1_000) {
                    power = power.and_then(|power| power.checked_mul(a));
                }
                power
            }
            Err(_) => return Ok(None),
        },
        BinaryOp::And | BinaryOp::Or | BinaryOp::Xor => return Ok(None),
    };
    match value {
        Some(value) => Ok(Some(Obj::Decimal(value))),
        None => Err(ShellError::new("Overflow", "[<class 'decimal.Overflow'>]")),
    }
}

fn times_and_dates(op: BinaryOp, left: &Obj, right: &Obj) -> Result<Option<Obj>> {
    let out_of_range = || ShellError::new("OverflowError", "date value out of range");
    let sign = |delta: TimeDelta| if op == BinaryOp::Sub { -delta } else { delta };
    let additive = matches!(op, BinaryOp::Add | BinaryOp::Sub);
    let value = match (left, right) {
        (Obj::Date(a), Obj::Date(b)) if op == BinaryOp::Sub => Obj::Delta(*a - *b),
        (Obj::DateTime { at: a, aware: x }, Obj::DateTime { at: b, aware: y }) if op == BinaryOp::Sub => {
            if x != y {
                let message = "can't subtract offset-naive and offset-aware datetimes";
                return Err(ShellError::type_error(message));
            }
            Obj::Delta(*a - *b)
        }
        (Obj::Date(date), Obj::Delta(delta)) if additive => {
            let sum = date
                .and_time(NaiveTime::MIN)
                .checked_add_signed(sign(whole_days(*delta)));
            Obj::Date(sum.ok_or_else(out_of_range)?.date())
        }
        (Obj::Delta(delta), Obj::Date(date)) if op == BinaryOp::Add => {
            let sum = date.and_time(NaiveTime::MIN).checked_add_signed(whole_days(*delta));
            Obj::Date(sum.ok_or_else(out_of_range)?.date())
        }
        (Obj::DateTime { at, aware }, Obj::Delta(delta)) if additive => Obj::DateTime {
            at: at.checked_add_signed(sign(*delta)).ok_or_else(out_of_range)?,
            aware: *aware,
        },
        (Obj::Delta(delta), Obj::DateTime { at, aware }) if op == BinaryOp::Add => Obj::DateTime {
            at: at.checked_add_signed(*delta).ok_or_else(out_of_range)?,
            aware: *aware,
        },
        (Obj::Delta(a), Obj::Delta(b)) if additive => Obj::Delta(a.checked_add(&sign(*b)).ok_or_else(out_of_range)?),
        (Obj::Delta(a), Obj::Delta(b)) if op == BinaryOp::Div => match micros(*b) {
            0 => return Err(by_zero("division by zero")),
            b => Obj::Float(micros(*a) as f64 / b as f64),
        },
        (Obj::Delta(delta), number) | (number, Obj::Delta(delta)) if op == BinaryOp::Mul => match number.as_float() {
            Some(number) => Obj::Delta(of_micros(micros(*delta) as f64 * number).ok_or_else(out_of_range)?),
            None => return Ok(None),
        },
        (Obj::Delta(delta), number) if op == BinaryOp::Div => match number.as_float() {
            Some(0.0) => return Err(by_zero("division by zero")),
            Some(number) => Obj::Delta(of_micros(micros(*delta) as f64 / number).ok_or_else(out_of_range)?),
            None => return Ok(None),
        },
        _ => return Ok(None),
    };
    Ok(Some(value))
}

/// A date takes only the days of a duration, counted down.
fn whole_days(delta: TimeDelta) -> TimeDelta {
    TimeDelta::try_days(super::print::delta_parts(delta).0).unwrap_or(TimeDelta::MAX)
}

fn micros(delta: TimeDelta) -> i128 {
    i128::from(delta.num_seconds()) * 1_000_000 + i128::from(delta.subsec_nanos() / 1_000)
}

/// A duration of that many microseconds, within Python's bounds.
pub(super) fn of_micros(micros: f64) -> Option<TimeDelta> {
    const BILLION_DAYS: f64 = 86_400e15;
    (micros.abs() < BILLION_DAYS).then(|| {
        let whole = micros.round_ties_even();
        let (seconds, rest) = ((whole / 1e6).floor(), whole.rem_euclid(1e6));
        TimeDelta::new(seconds as i64, rest as u32 * 1_000)
    })?
}
