//! Moments and lengths of time, which are microseconds.

use super::{Arguments, Function, Outcome};
use crate::exec::convert::{datetime_from_text, datetime_text};
use chrono::{DateTime, TimeDelta, Utc};
use std::ffi::{CStr, c_int};

/// `orm_dt_add(moment, microseconds)`
pub(super) struct Add;
/// `orm_dt_diff(later, earlier)`
pub(super) struct Apart;

type Result = std::result::Result<Outcome, String>;

/// A moment or a date, in the forms that are read from cells.
pub(super) fn moment(text: &str) -> std::result::Result<DateTime<Utc>, String> {
    datetime_from_text(text).ok_or_else(|| format!("{text:?} is no date and no moment"))
}

impl Function for Add {
    const NAME: &'static CStr = c"orm_dt_add";
    const ARGUMENTS: c_int = 2;

    fn call(arguments: &mut Arguments) -> Result {
        let length = TimeDelta::microseconds(arguments.int(1));
        let sum = moment(&arguments.borrowed(0))?.checked_add_signed(length);
        let sum = sum.and_then(|sum| datetime_text(sum).ok());
        Ok(Outcome::Text(sum.ok_or("the moment is out of range")?))
    }
}

impl Function for Apart {
    const NAME: &'static CStr = c"orm_dt_diff";
    const ARGUMENTS: c_int = 2;

    fn call(arguments: &mut Arguments) -> Result {
        let apart = moment(&arguments.borrowed(0))? - moment(&arguments.borrowed(1))?;
        let microseconds = apart.num_microseconds().ok_or("the moments are too far apart")?;
        Ok(Outcome::Int(microseconds))
    }
}
