//! `Window`, what stands in it, and its frames.

use super::{Function, Run, conditional};
use crate::shell::args::{Args, several};
use crate::shell::convert;
use crate::shell::errors::{Result, ShellError};
use crate::shell::methods;
use crate::shell::object::Obj;
use orm_core::dynamic::{DynExpr, DynWindow, DynWindowCall};
use orm_core::query::{Exclusion, Frame, FrameUnit, WindowFunction};

pub(super) fn functions() -> Vec<Function> {
    let mut all = vec![
        Function::now("RowRange", |args| frame("RowRange", FrameUnit::Rows, args)),
        Function::now("ValueRange", |args| frame("ValueRange", FrameUnit::Range, args)),
        Function::now("Window", window),
    ];
    all.extend(WindowFunction::ALL.iter().map(|function| Function {
        name: function.class_name(),
        run: Run::Window(*function),
    }));
    all
}

/// `Window(expression=Rank(), partition_by=[F("genre")], order_by=F("price").desc(), frame=…)`
fn window(mut args: Args) -> Result<Obj> {
    let extents: Vec<_> = args.extents().collect();
    let ty = conditional::output(&mut args)?;
    let names = ["expression", "partition_by", "order_by", "frame"];
    let [of, partition, order, frame] = args.bind("Window", names, 1)?;
    let frame = match frame {
        None | Some(Obj::None) => None,
        Some(Obj::Frame(frame)) => Some(frame),
        Some(other) => {
            let message = format!(
                "frame must be a RowRange or a ValueRange, not a '{}'",
                other.type_name()
            );
            return Err(ShellError::type_error(message));
        }
    };
    let partition = several(partition);
    let window = DynWindow {
        of: convert::expression(&of.unwrap_or(Obj::None))?,
        partition: partition.iter().map(convert::expression).collect::<Result<_>>()?,
        order: methods::terms(&several(order))?,
        frame,
    };
    Obj::expr(conditional::typed(DynExpr::Window(Box::new(window)), ty), extents)
}

fn integer(call: &str, name: &str, value: Option<Obj>) -> Result<Option<i64>> {
    match value {
        None | Some(Obj::None) => Ok(None),
        Some(value) => match value.as_int().map(i64::try_from) {
            Some(Ok(number)) => Ok(Some(number)),
            _ => {
                let message = format!(
                    "{call}: {name} must be an integer, not {}",
                    crate::shell::print::repr(&value)
                );
                Err(ShellError::value_error(message))
            }
        },
    }
}

/// `RowRange(start=-2, end=0)`
fn frame(call: &str, unit: FrameUnit, args: Args) -> Result<Obj> {
    let [start, end, exclusion] = args.bind(call, ["start", "end", "exclusion"], 0)?;
    let exclusion = match exclusion {
        None | Some(Obj::None) => None,
        Some(Obj::Str(name)) => match &*name {
            "CURRENT ROW" => Some(Exclusion::CurrentRow),
            "GROUP" => Some(Exclusion::Group),
            "TIES" => Some(Exclusion::Ties),
            "NO OTHERS" => None,
            _ => return Err(no_exclusion(call)),
        },
        Some(_) => return Err(no_exclusion(call)),
    };
    Ok(Obj::Frame(Frame {
        unit,
        start: integer(call, "start", start)?,
        end: integer(call, "end", end)?,
        exclusion,
    }))
}

fn no_exclusion(call: &str) -> ShellError {
    ShellError::type_error(format!(
        "{call}.exclusion must be a WindowFrameExclusion: 'CURRENT ROW', 'GROUP', 'TIES' or 'NO OTHERS'"
    ))
}

/// `Lag("price", offset=1, default=None)`
pub(super) fn call(function: WindowFunction, args: Args) -> Result<Obj> {
    let extents: Vec<_> = args.extents().collect();
    let name = function.class_name();
    let [of, number, default] = match function {
        WindowFunction::Lag | WindowFunction::Lead => args.bind(name, ["expression", "offset", "default"], 1)?,
        WindowFunction::NthValue => {
            let [of, nth] = args.bind(name, ["expression", "nth"], 1)?;
            [of, nth, None]
        }
        WindowFunction::FirstValue | WindowFunction::LastValue => {
            let [of] = args.bind(name, ["expression"], 1)?;
            [of, None, None]
        }
        WindowFunction::Ntile => {
            let [number] = args.bind(name, ["num_buckets"], 0)?;
            [None, number, None]
        }
        _ => {
            args.none(name)?;
            [None, None, None]
        }
    };
    let default = match default {
        None | Some(Obj::None) => None,
        Some(default) => Some(convert::literal(&default)?),
    };
    let call = DynWindowCall {
        function,
        of: of.as_ref().map(convert::expression).transpose()?,
        number: integer(name, "the number", number)?,
        default,
    };
    Obj::expr(DynExpr::WindowCall(Box::new(call)), extents)
}
