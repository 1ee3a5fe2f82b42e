//! Time zones: `datetime.timezone(…)`, `zoneinfo.ZoneInfo("Europe/Berlin")`, `tzinfo=…`.

use super::{Function, wrong};
use crate::shell::args::Args;
use crate::shell::errors::{Result, ShellError};
use crate::shell::object::Obj;
use crate::shell::print;
use orm_core::dynamic::DynExpr;
use orm_core::meta::ColumnType;
use orm_core::query::{self, Output, TimeZone, function};
use orm_core::value::Kind;

pub(super) fn functions() -> Vec<Function> {
    vec![
        Function::now("ZoneInfo", zone_info),
        Function::now("datetime.timezone", timezone),
    ]
}

fn zone_info(args: Args) -> Result<Obj> {
    let [key] = args.bind("ZoneInfo", ["key"], 1)?;
    match key {
        Some(Obj::Str(key)) => match TimeZone::named(&key) {
            Ok(zone) => Ok(of_zone(zone)),
            Err(error) => Err(ShellError::new("ZoneInfoNotFoundError", error.to_string())),
        },
        other => Err(wrong("ZoneInfo", &other.unwrap_or(Obj::None))),
    }
}

fn timezone(args: Args) -> Result<Obj> {
    let [offset] = args.bind("timezone", ["offset"], 1)?;
    let Some(Obj::Delta(offset)) = offset else {
        return Err(wrong("timezone", &offset.unwrap_or(Obj::None)));
    };
    if offset.subsec_nanos() != 0 {
        return Err(ShellError::value_error(
            "time zones are whole seconds away from UTC here",
        ));
    }
    let zone = i32::try_from(offset.num_seconds()).ok().map(TimeZone::fixed);
    match zone {
        Some(Ok(zone)) => Ok(of_zone(zone)),
        _ => Err(ShellError::value_error(format!(
            "offset must be a timedelta strictly between -timedelta(hours=24) and timedelta(hours=24), not {}.",
            print::repr(&Obj::Delta(offset))
        ))),
    }
}

fn of_zone(zone: TimeZone) -> Obj {
    if zone == TimeZone::UTC {
        Obj::Utc
    } else {
        Obj::Zone(zone)
    }
}

/// What `tzinfo` was given; `None` is UTC.
pub(in crate::shell) fn zone(call: &str, value: Option<Obj>) -> Result<Option<TimeZone>> {
    match value {
        None | Some(Obj::None) => Ok(None),
        Some(Obj::Utc) => Ok(Some(TimeZone::UTC)),
        Some(Obj::Zone(zone)) => Ok(Some(zone)),
        Some(other) => Err(wrong(call, &other)),
    }
}

/// A call of a function, by the clocks of a time zone. What is cut off at a part is a moment, unless a
/// date or a time of day is asked for.
pub(super) fn call(
    function: &'static query::Function,
    args: Vec<DynExpr>,
    zone: Option<TimeZone>,
    ty: Option<ColumnType>,
) -> Result<DynExpr> {
    let Some(zone) = zone else {
        return Ok(DynExpr::Call { function, args });
    };
    let kind = ty.map(ColumnType::kind).filter(|_| function.output == Output::First);
    let whole = match kind {
        Some(Kind::Date) => &function::DATE,
        Some(Kind::Time) => &function::TIME,
        _ => return Ok(DynExpr::Call { function, args }.in_zone(&zone)?),
    };
    let whole = DynExpr::Call { function: whole, args }.in_zone(&zone)?;
    let form = kind.and_then(|kind| function::for_kind(function, kind));
    Ok(DynExpr::Call {
        function: form.unwrap_or(function),
        args: vec![whole],
    })
}
