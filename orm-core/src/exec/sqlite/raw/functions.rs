//! SQL functions that SQLite lacks: `orm_upper` and `orm_lower`, for all letters and not only ASCII.
//!
//! What must hold, and why it does:
//! - the handle is open and no other thread uses it: that is what `Raw` is for;
//! - the functions outlive every connection: they are plain `extern "C"` functions without state;
//! - no panic crosses into C: a panic in an `extern "C"` function aborts, and nothing here panics;
//! - text that SQLite lends is read before any other call that could move it.

use libsqlite3_sys as ffi;
use std::ffi::{CStr, c_int};
use std::ptr::NonNull;

const FLAGS: c_int = ffi::SQLITE_UTF8 | ffi::SQLITE_DETERMINISTIC | ffi::SQLITE_INNOCUOUS;

type Function = unsafe extern "C" fn(*mut ffi::sqlite3_context, c_int, *mut *mut ffi::sqlite3_value);

/// Makes the functions known to a connection; the error is SQLite's code.
///
/// The handle is open, and nobody else uses it: `Raw` has it.
pub(super) fn register(db: NonNull<ffi::sqlite3>) -> Result<(), c_int> {
    let functions: [(&CStr, Function); 2] = [(c"orm_upper", orm_upper), (c"orm_lower", orm_lower)];
    for (name, function) in functions {
        // SAFETY: the handle is open and ours, the name ends in NUL, the function has the
        // signature that SQLite expects and needs no data that could be freed.
        let code = unsafe {
            ffi::sqlite3_create_function_v2(
                db.as_ptr(),
                name.as_ptr(),
                1,
                FLAGS,
                std::ptr::null_mut(),
                Some(function),
                None,
                None,
                None,
            )
        };
        if code != ffi::SQLITE_OK {
            return Err(code);
        }
    }
    Ok(())
}

unsafe extern "C" fn orm_upper(context: *mut ffi::sqlite3_context, count: c_int, values: *mut *mut ffi::sqlite3_value) {
    // SAFETY: SQLite calls with a valid context and `count` valid values.
    unsafe { map_text(context, count, values, upper) }
}

unsafe extern "C" fn orm_lower(context: *mut ffi::sqlite3_context, count: c_int, values: *mut *mut ffi::sqlite3_value) {
    // SAFETY: as above.
    unsafe { map_text(context, count, values, lower) }
}

/// # Safety
/// `context` and the `count` values are those that SQLite calls a function with.
unsafe fn map_text(
    context: *mut ffi::sqlite3_context,
    count: c_int,
    values: *mut *mut ffi::sqlite3_value,
    map: fn(&str) -> String,
) {
    if count != 1 || values.is_null() {
        return;
    }
    // SAFETY: there is one value, valid during the call. `sqlite3_value_text` converts it to UTF-8
    // first, `sqlite3_value_bytes` then tells the length of just that text; nothing touches the
    // value while the slice lives. SQLITE_TRANSIENT makes SQLite copy the result before we free it.
    unsafe {
        let value = *values;
        if ffi::sqlite3_value_type(value) == ffi::SQLITE_NULL {
            ffi::sqlite3_result_null(context);
            return;
        }
        let text = ffi::sqlite3_value_text(value);
        let length = usize::try_from(ffi::sqlite3_value_bytes(value)).unwrap_or(0);
        if text.is_null() {
            ffi::sqlite3_result_error_nomem(context);
            return;
        }
        let mapped = map(&String::from_utf8_lossy(std::slice::from_raw_parts(text, length)));
        match c_int::try_from(mapped.len()) {
            Ok(length) => ffi::sqlite3_result_text(context, mapped.as_ptr().cast(), length, ffi::SQLITE_TRANSIENT()),
            Err(_) => ffi::sqlite3_result_error_toobig(context),
        }
    }
}

/// Letter by letter, as databases do it: what would become two letters stays.
fn upper(text: &str) -> String {
    text.chars()
        .map(|letter| single(letter, letter.to_uppercase()))
        .collect()
}

fn lower(text: &str) -> String {
    text.chars()
        .map(|letter| single(letter, letter.to_lowercase()))
        .collect()
}

fn single(letter: char, mut mapped: impl Iterator<Item = char>) -> char {
    match (mapped.next(), mapped.next()) {
        (Some(only), None) => only,
        _ => letter,
    }
}
