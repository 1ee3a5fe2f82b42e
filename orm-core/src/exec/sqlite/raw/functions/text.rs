//! Functions of text.

use super::{Arguments, Function, LONGEST, Outcome};
use std::ffi::{CStr, c_int};

/// `orm_upper(text)`
pub(super) struct Upper;
/// `orm_lower(text)`
pub(super) struct Lower;
/// `orm_lpad(text, length, fill)`
pub(super) struct LeftPad;
/// `orm_rpad(text, length, fill)`
pub(super) struct RightPad;
/// `orm_repeat(text, times)`
pub(super) struct Repeat;
/// `orm_reverse(text)`
pub(super) struct Reverse;
/// `orm_md5(text)`
pub(super) struct Md5;

type Result = std::result::Result<Outcome, String>;

impl Function for Upper {
    const NAME: &'static CStr = c"orm_upper";
    const ARGUMENTS: c_int = 1;

    fn call(arguments: &mut Arguments) -> Result {
        let text = arguments.text(0);
        let upper = text.chars().map(|letter| single(letter, letter.to_uppercase()));
        Ok(Outcome::Text(upper.collect()))
    }
}

impl Function for Lower {
    const NAME: &'static CStr = c"orm_lower";
    const ARGUMENTS: c_int = 1;

    fn call(arguments: &mut Arguments) -> Result {
        let text = arguments.text(0);
        // Only `İ` becomes more than one letter, an `i` and a dot above.
        let lower = text.chars().filter_map(|letter| letter.to_lowercase().next());
        Ok(Outcome::Text(lower.collect()))
    }
}

/// Letter by letter, as databases do it: what would become two letters stays.
fn single(letter: char, mut mapped: impl Iterator<Item = char>) -> char {
    match (mapped.next(), mapped.next()) {
        (Some(only), None) => only,
        _ => letter,
    }
}

impl Function for LeftPad {
    const NAME: &'static CStr = c"orm_lpad";
    const ARGUMENTS: c_int = 3;

    fn call(arguments: &mut Arguments) -> Result {
        padded(arguments, |text, fill| format!("{fill}{text}"))
    }
}

impl Function for RightPad {
    const NAME: &'static CStr = c"orm_rpad";
    const ARGUMENTS: c_int = 3;

    fn call(arguments: &mut Arguments) -> Result {
        padded(arguments, |text, fill| format!("{text}{fill}"))
    }
}

/// A longer text is cut; without a fill there is nothing to pad with.
fn padded(arguments: &mut Arguments, join: fn(&str, &str) -> String) -> Result {
    let (text, fill) = (arguments.text(0), arguments.text(2));
    let length = usize::try_from(arguments.int(1)).unwrap_or(0);
    if length > LONGEST {
        return Err("the padded text is too long".to_owned());
    }
    let missing = length.saturating_sub(text.chars().count());
    let fill: String = fill.chars().cycle().take(missing).collect();
    Ok(Outcome::Text(join(
        &text.chars().take(length).collect::<String>(),
        &fill,
    )))
}

impl Function for Repeat {
    const NAME: &'static CStr = c"orm_repeat";
    const ARGUMENTS: c_int = 2;

    fn call(arguments: &mut Arguments) -> Result {
        let text = arguments.text(0);
        let times = usize::try_from(arguments.int(1)).unwrap_or(0);
        if text.len().saturating_mul(times) > LONGEST {
            return Err("the repeated text is too long".to_owned());
        }
        Ok(Outcome::Text(text.repeat(times)))
    }
}

impl Function for Reverse {
    const NAME: &'static CStr = c"orm_reverse";
    const ARGUMENTS: c_int = 1;

    fn call(arguments: &mut Arguments) -> Result {
        Ok(Outcome::Text(arguments.text(0).chars().rev().collect()))
    }
}

impl Function for Md5 {
    const NAME: &'static CStr = c"orm_md5";
    const ARGUMENTS: c_int = 1;

    fn call(arguments: &mut Arguments) -> Result {
        use md5::Digest;
        let digest = md5::Md5::digest(arguments.text(0).as_bytes());
        Ok(Outcome::Text(digest.iter().map(|byte| format!("{byte:02x}")).collect()))
    }
}
