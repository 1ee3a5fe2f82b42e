//! SQL functions that SQLite lacks: case for all letters and not only ASCII, regular expressions,
//! padding, time zones, and the mathematics and statistics that its build leaves out.
//!
//! What must hold, and why it does:
//! - the handle is open and no other thread uses it: that is what `Raw` is for;
//! - the functions outlive every connection: [`call`], [`step`] and [`finish`] are plain functions for
//!   each of them, without data that could be freed;
//! - no panic crosses into C: [`call`] and [`finish`] catch it, and [`step`] only computes with floats;
//! - what an aggregate keeps between rows is plain numbers in memory that SQLite gives, aligned for them
//!   and zeroed, and frees itself;
//! - text that SQLite lends is read before any other call that could move it: while it is, [`Arguments`]
//!   is borrowed exclusively.

mod math;
mod moment;
#[cfg(feature = "regex")]
mod regex;
mod spread;
mod text;
mod zone;

use super::slice;
use libsqlite3_sys as ffi;
use spread::Numbers;
use std::borrow::Cow;
use std::ffi::{CStr, c_int};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::ptr::NonNull;

const FLAGS: c_int = ffi::SQLITE_UTF8 | ffi::SQLITE_DETERMINISTIC | ffi::SQLITE_INNOCUOUS;

/// A result longer than this is an error: no text of a database is meant to be.
const LONGEST: usize = 1_000_000;

/// A function of SQL. It is not called where an argument is NULL: then the result is NULL, too.
trait Function {
    /// How SQL calls it.
    const NAME: &'static CStr;
    /// How many arguments it has.
    const ARGUMENTS: c_int;

    /// The result, or what is wrong.
    fn call(arguments: &mut Arguments) -> Result<Outcome, String>;
}

/// An aggregate of numbers. It is NULL over no rows, without being asked.
trait Aggregate {
    /// How SQL calls it.
    const NAME: &'static CStr;

    /// The result over these, or what is wrong.
    fn outcome(numbers: Numbers) -> Result<Outcome, String>;
}

/// What a function gives.
enum Outcome {
    Null,
    Int(i64),
    Float(f64),
    Text(String),
}

/// Makes the functions known to a connection; the error is SQLite's code.
///
/// The handle is open, and nobody else uses it: `Raw` has it.
pub(super) fn register(db: NonNull<ffi::sqlite3>) -> Result<(), c_int> {
    add::<text::Upper>(db)?;
    add::<text::Lower>(db)?;
    add::<text::LeftPad>(db)?;
    add::<text::RightPad>(db)?;
    add::<text::Repeat>(db)?;
    add::<text::Reverse>(db)?;
    add::<text::Md5>(db)?;
    #[cfg(feature = "regex")]
    add::<regex::Matches>(db)?;
    add::<moment::Add>(db)?;
    add::<moment::Apart>(db)?;
    add::<zone::InZone>(db)?;
    add::<zone::FromZone>(db)?;
    add::<math::Ceil>(db)?;
    add::<math::Floor>(db)?;
    add::<math::Sqrt>(db)?;
    add::<math::Power>(db)?;
    add::<math::Modulo>(db)?;
    add::<math::BitXor>(db)?;
    add_aggregate::<spread::Variance>(db)?;
    add_aggregate::<spread::VarianceSample>(db)?;
    add_aggregate::<spread::Deviation>(db)?;
    add_aggregate::<spread::DeviationSample>(db)
}

fn add<F: Function>(db: NonNull<ffi::sqlite3>) -> Result<(), c_int> {
    // SAFETY: the handle is open and ours, the name ends in NUL, the function has the signature that
    // SQLite expects and needs no data that could be freed.
    let code = unsafe {
        ffi::sqlite3_create_function_v2(
            db.as_ptr(),
            F::NAME.as_ptr(),
            F::ARGUMENTS,
            FLAGS,
            std::ptr::null_mut(),
            Some(call::<F>),
            None,
            None,
            None,
        )
    };
    if code == ffi::SQLITE_OK { Ok(()) } else { Err(code) }
}

fn add_aggregate<A: Aggregate>(db: NonNull<ffi::sqlite3>) -> Result<(), c_int> {
    // SAFETY: as above.
    let code = unsafe {
        ffi::sqlite3_create_function_v2(
            db.as_ptr(),
            A::NAME.as_ptr(),
            1,
            FLAGS,
            std::ptr::null_mut(),
            None,
            Some(step),
            Some(finish::<A>),
            None,
        )
    };
    if code == ffi::SQLITE_OK { Ok(()) } else { Err(code) }
}

/// The arguments of a call, which is under way.
struct Arguments {
    values: *mut *mut ffi::sqlite3_value,
    count: usize,
}

impl Arguments {
    fn value(&self, at: usize) -> Option<*mut ffi::sqlite3_value> {
        // SAFETY: SQLite gives `count` valid values, which live as long as the call.
        (at < self.count && !self.values.is_null()).then(|| unsafe { *self.values.add(at) })
    }

    fn any_is_null(&self) -> bool {
        (0..self.count).any(|at| self.storage(at) == ffi::SQLITE_NULL)
    }

    fn storage(&self, at: usize) -> c_int {
        // SAFETY: as above.
        self.value(at)
            .map_or(ffi::SQLITE_NULL, |value| unsafe { ffi::sqlite3_value_type(value) })
    }

    fn is_int(&self, at: usize) -> bool {
        self.storage(at) == ffi::SQLITE_INTEGER
    }

    fn int(&self, at: usize) -> i64 {
        // SAFETY: as above.
        self.value(at)
            .map_or(0, |value| unsafe { ffi::sqlite3_value_int64(value) })
    }

    fn float(&self, at: usize) -> f64 {
        // SAFETY: as above.
        self.value(at)
            .map_or(0.0, |value| unsafe { ffi::sqlite3_value_double(value) })
    }

    fn text(&mut self, at: usize) -> String {
        self.borrowed(at).into_owned()
    }

    /// The text as SQLite has it, where that is UTF-8. Nothing else is asked for meanwhile.
    fn borrowed(&mut self, at: usize) -> Cow<'_, str> {
        let Some(value) = self.value(at) else {
            return Cow::Borrowed("");
        };
        // SAFETY: `sqlite3_value_text` converts the value to UTF-8 first, `sqlite3_value_bytes` then
        // tells the length of just that text; nothing touches the value while the slice lives, as it
        // borrows the arguments exclusively.
        unsafe {
            let text = ffi::sqlite3_value_text(value);
            String::from_utf8_lossy(slice(text, ffi::sqlite3_value_bytes(value)))
        }
    }
}

unsafe extern "C" fn call<F: Function>(
    context: *mut ffi::sqlite3_context,
    count: c_int,
    values: *mut *mut ffi::sqlite3_value,
) {
    let mut arguments = Arguments {
        values,
        count: usize::try_from(count).unwrap_or(0),
    };
    let outcome = if arguments.any_is_null() {
        Ok(Outcome::Null)
    } else {
        catch_unwind(AssertUnwindSafe(|| F::call(&mut arguments)))
            .unwrap_or_else(|_| Err("a function of SQL panicked".to_owned()))
    };
    // SAFETY: SQLite calls with a valid context.
    unsafe { give(context, outcome) }
}

/// One row of an aggregate.
unsafe extern "C" fn step(context: *mut ffi::sqlite3_context, count: c_int, values: *mut *mut ffi::sqlite3_value) {
    let arguments = Arguments {
        values,
        count: usize::try_from(count).unwrap_or(0),
    };
    // SAFETY: SQLite calls with a valid context, and gives memory of that size, zeroed before the first
    // row and the same for the others; it is NULL where there is none left. Zeros are valid numbers.
    unsafe {
        match kept(context, c_int::try_from(size_of::<Numbers>()).unwrap_or(0)).as_mut() {
            Some(numbers) if !arguments.any_is_null() => numbers.add(arguments.float(0)),
            Some(_) => {}
            None => ffi::sqlite3_result_error_nomem(context),
        }
    }
}

/// The end of an aggregate.
unsafe extern "C" fn finish<A: Aggregate>(context: *mut ffi::sqlite3_context) {
    // SAFETY: as above; asked for no memory, SQLite gives what there is already, which is none where
    // there was no row.
    let numbers = unsafe { kept(context, 0).as_ref() }.copied();
    let outcome = match numbers {
        None => Ok(Outcome::Null),
        Some(numbers) => {
            catch_unwind(|| A::outcome(numbers)).unwrap_or_else(|_| Err("an aggregate of SQL panicked".to_owned()))
        }
    };
    // SAFETY: as above.
    unsafe { give(context, outcome) }
}

/// What an aggregate keeps.
///
/// # Safety
/// It is called from within a call of the aggregate, with its context.
unsafe fn kept(context: *mut ffi::sqlite3_context, size: c_int) -> *mut Numbers {
    // SAFETY: the caller's. What SQLite allocates is aligned to eight bytes.
    unsafe { ffi::sqlite3_aggregate_context(context, size) }.cast()
}

/// Ends a call with what came of it.
///
/// # Safety
/// The context is that of a call which is under way.
unsafe fn give(context: *mut ffi::sqlite3_context, outcome: Result<Outcome, String>) {
    // SAFETY: the caller's. SQLITE_TRANSIENT makes SQLite copy a text before we free it, and it copies
    // the message of an error always.
    unsafe {
        match outcome {
            Ok(Outcome::Null) => ffi::sqlite3_result_null(context),
            Ok(Outcome::Int(value)) => ffi::sqlite3_result_int64(context, value),
            Ok(Outcome::Float(value)) => ffi::sqlite3_result_double(context, value),
            Ok(Outcome::Text(text)) => match c_int::try_from(text.len()) {
                Ok(length) if text.len() <= LONGEST => {
                    ffi::sqlite3_result_text(context, text.as_ptr().cast(), length, ffi::SQLITE_TRANSIENT());
                }
                _ => ffi::sqlite3_result_error_toobig(context),
            },
            Err(message) => {
                let length = c_int::try_from(message.len()).unwrap_or(0);
                ffi::sqlite3_result_error(context, message.as_ptr().cast(), length);
            }
        }
    }
}
