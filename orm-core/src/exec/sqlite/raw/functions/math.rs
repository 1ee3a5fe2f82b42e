//! Mathematics. Where there is no result, it is NULL.

use super::{Arguments, Function, Outcome};
use std::ffi::{CStr, c_int};

/// `orm_ceil(number)`
pub(super) struct Ceil;
/// `orm_floor(number)`
pub(super) struct Floor;
/// `orm_sqrt(number)`
pub(super) struct Sqrt;
/// `orm_pow(base, exponent)`
pub(super) struct Power;
/// `orm_mod(dividend, divisor)`
pub(super) struct Modulo;
/// `orm_bitxor(bits, bits)`
pub(super) struct BitXor;

type Result = std::result::Result<Outcome, String>;

fn float(value: f64) -> Outcome {
    if value.is_finite() {
        Outcome::Float(value)
    } else {
        Outcome::Null
    }
}

/// An integer is round already.
fn rounded(arguments: &Arguments, round: fn(f64) -> f64) -> Outcome {
    if arguments.is_int(0) {
        Outcome::Int(arguments.int(0))
    } else {
        float(round(arguments.float(0)))
    }
}

impl Function for Ceil {
    const NAME: &'static CStr = c"orm_ceil";
    const ARGUMENTS: c_int = 1;

    fn call(arguments: &mut Arguments) -> Result {
        Ok(rounded(arguments, f64::ceil))
    }
}

impl Function for Floor {
    const NAME: &'static CStr = c"orm_floor";
    const ARGUMENTS: c_int = 1;

    fn call(arguments: &mut Arguments) -> Result {
        Ok(rounded(arguments, f64::floor))
    }
}

impl Function for Sqrt {
    const NAME: &'static CStr = c"orm_sqrt";
    const ARGUMENTS: c_int = 1;

    fn call(arguments: &mut Arguments) -> Result {
        Ok(float(arguments.float(0).sqrt()))
    }
}

impl Function for Power {
    const NAME: &'static CStr = c"orm_pow";
    const ARGUMENTS: c_int = 2;

    fn call(arguments: &mut Arguments) -> Result {
        if arguments.is_int(0)
            && arguments.is_int(1)
            && let Ok(exponent) = u32::try_from(arguments.int(1))
            && let Some(power) = arguments.int(0).checked_pow(exponent)
        {
            return Ok(Outcome::Int(power));
        }
        Ok(float(arguments.float(0).powf(arguments.float(1))))
    }
}

impl Function for Modulo {
    const NAME: &'static CStr = c"orm_mod";
    const ARGUMENTS: c_int = 2;

    fn call(arguments: &mut Arguments) -> Result {
        if arguments.is_int(0) && arguments.is_int(1) {
            return Ok(match arguments.int(0).checked_rem(arguments.int(1)) {
                Some(rest) => Outcome::Int(rest),
                None => Outcome::Null,
            });
        }
        Ok(float(arguments.float(0) % arguments.float(1)))
    }
}

impl Function for BitXor {
    const NAME: &'static CStr = c"orm_bitxor";
    const ARGUMENTS: c_int = 2;

    fn call(arguments: &mut Arguments) -> Result {
        Ok(Outcome::Int(arguments.int(0) ^ arguments.int(1)))
    }
}
