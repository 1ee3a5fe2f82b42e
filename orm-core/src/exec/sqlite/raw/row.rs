//! `Row` and `Cell`: what a step gave, where it stands.

use libsqlite3_sys as ffi;
use std::ffi::{CStr, c_int};
use std::marker::PhantomData;
use std::ptr::NonNull;

/// A row, until the next step.
pub(in crate::exec::sqlite) struct Row<'r> {
    pub(super) statement: NonNull<ffi::sqlite3_stmt>,
    pub(super) columns: c_int,
    pub(super) raw: PhantomData<&'r mut super::Raw>,
}

/// What a cell holds, as SQLite stored it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(in crate::exec::sqlite) enum Cell<'r> {
    Null,
    Int(i64),
    Float(f64),
    /// in UTF-8, as far as who wrote it kept to that
    Text(&'r [u8]),
    Bytes(&'r [u8]),
}

impl Row<'_> {
    /// The value at that position; `None` where there is no such column.
    fn value(&self, at: usize) -> Option<*mut ffi::sqlite3_value> {
        let at = c_int::try_from(at).ok().filter(|at| *at < self.columns)?;
        // SAFETY: there is a row, and the position is one of its columns.
        Some(unsafe { ffi::sqlite3_column_value(self.statement.as_ptr(), at) })
    }

    /// The names of the columns.
    pub(in crate::exec::sqlite) fn names(&self) -> Vec<String> {
        let name = |at| {
            // SAFETY: the statement is alive, and the position is one of its columns. The name ends in
            // NUL and is copied at once.
            unsafe {
                let name = ffi::sqlite3_column_name(self.statement.as_ptr(), at);
                if name.is_null() {
                    return String::new();
                }
                CStr::from_ptr(name).to_string_lossy().into_owned()
            }
        };
        (0..self.columns).map(name).collect()
    }

    /// Whether the cell at that position is NULL; `None` where there is no such column.
    pub(in crate::exec::sqlite) fn is_null(&self, at: usize) -> Option<bool> {
        let value = self.value(at)?;
        // SAFETY: the value is that of a cell; nobody else uses the connection meanwhile.
        Some(unsafe { ffi::sqlite3_value_type(value) } == ffi::SQLITE_NULL)
    }

    /// The cell at that position, if it holds an integer.
    pub(in crate::exec::sqlite) fn int(&self, at: usize) -> Option<i64> {
        let value = self.value(at)?;
        // SAFETY: as above.
        unsafe {
            match ffi::sqlite3_value_type(value) {
                ffi::SQLITE_INTEGER => Some(ffi::sqlite3_value_int64(value)),
                _ => None,
            }
        }
    }

    /// The cell at that position; `None` where there is no such column.
    pub(in crate::exec::sqlite) fn cell(&mut self, at: usize) -> Option<Cell<'_>> {
        let value = self.value(at)?;
        // SAFETY: as above. The pointer is asked for first, then the length of just that; it is valid
        // until the next conversion of the cell or the next step, and both need `self` exclusively.
        Some(unsafe {
            match ffi::sqlite3_value_type(value) {
                ffi::SQLITE_INTEGER => Cell::Int(ffi::sqlite3_value_int64(value)),
                ffi::SQLITE_FLOAT => Cell::Float(ffi::sqlite3_value_double(value)),
                ffi::SQLITE_TEXT => {
                    let start = ffi::sqlite3_value_text(value);
                    Cell::Text(slice(start, ffi::sqlite3_value_bytes(value)))
                }
                ffi::SQLITE_BLOB => {
                    let start = ffi::sqlite3_value_blob(value).cast();
                    Cell::Bytes(slice(start, ffi::sqlite3_value_bytes(value)))
                }
                _ => Cell::Null,
            }
        })
    }
}

/// # Safety
/// Where `start` is not null, so many bytes are there for as long as the slice lives.
#[inline]
pub(super) unsafe fn slice<'r>(start: *const u8, length: c_int) -> &'r [u8] {
    if start.is_null() {
        return &[];
    }
    // SAFETY: as the caller promises.
    unsafe { std::slice::from_raw_parts(start, usize::try_from(length).unwrap_or(0)) }
}
