//! The clocks of time zones that have names.

use super::moment::moment;
use super::{Arguments, Function, Outcome};
use crate::exec::convert::datetime_text;
use crate::exec::sqlite::zones::{self, Zone};
use chrono::{DateTime, Utc};
use std::ffi::{CStr, c_int};

/// `orm_in_zone(moment, zone)`: what the clocks show, as if it were UTC
pub(super) struct InZone;
/// `orm_from_zone(shown, zone)`: the moment when they show that
pub(super) struct FromZone;

type Result = std::result::Result<Outcome, String>;

fn turned(arguments: &mut Arguments, turn: fn(&Zone, DateTime<Utc>) -> Option<DateTime<Utc>>) -> Result {
    let zone = zones::named(&arguments.borrowed(1))?;
    let turned = turn(&zone, moment(&arguments.borrowed(0))?);
    let turned = turned.and_then(|turned| datetime_text(turned).ok());
    Ok(Outcome::Text(turned.ok_or("the moment is out of range")?))
}

impl Function for InZone {
    const NAME: &'static CStr = c"orm_in_zone";
    const ARGUMENTS: c_int = 2;

    fn call(arguments: &mut Arguments) -> Result {
        turned(arguments, Zone::shown)
    }
}

impl Function for FromZone {
    const NAME: &'static CStr = c"orm_from_zone";
    const ARGUMENTS: c_int = 2;

    fn call(arguments: &mut Arguments) -> Result {
        turned(arguments, Zone::moment)
    }
}
