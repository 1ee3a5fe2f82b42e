//! Moments and lengths of time, which are microseconds.

use super::{Arguments, Function, Outcome};
use chrono::{NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Timelike};
use std::ffi::{CStr, c_int};

/// `orm_dt_add(moment, microseconds)`
pub(super) struct Add;
/// `orm_dt_diff(later, earlier)`
pub(super) struct Apart;

type Result = std::result::Result<Outcome, String>;

/// A moment or a date, in the forms in which Django stores them.
fn moment(text: &str) -> std::result::Result<NaiveDateTime, String> {
    let date = || NaiveDate::parse_from_str(text, "%Y-%m-%d").map(|date| date.and_time(NaiveTime::MIN));
    NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M:%S%.f")
        .or_else(|_| date())
        .map_err(|_| format!("{text:?} is no date and no moment"))
}

impl Function for Add {
    const NAME: &'static CStr = c"orm_dt_add";
    const ARGUMENTS: c_int = 2;

    fn call(arguments: &mut Arguments) -> Result {
        let length = TimeDelta::microseconds(arguments.int(1));
        let sum = moment(&arguments.text(0))?.checked_add_signed(length);
        let sum = sum.ok_or("the moment is out of range")?;
        let form = if sum.nanosecond() / 1000 == 0 {
            "%Y-%m-%d %H:%M:%S"
        } else {
            "%Y-%m-%d %H:%M:%S%.6f"
        };
        Ok(Outcome::Text(sum.format(form).to_string()))
    }
}

impl Function for Apart {
    const NAME: &'static CStr = c"orm_dt_diff";
    const ARGUMENTS: c_int = 2;

    fn call(arguments: &mut Arguments) -> Result {
        let apart = moment(&arguments.text(0))? - moment(&arguments.text(1))?;
        let microseconds = apart.num_microseconds().ok_or("the moments are too far apart")?;
        Ok(Outcome::Int(microseconds))
    }
}
