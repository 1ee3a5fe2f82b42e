//! `Numbers`: those of the rows that a statement inserts, as SQLite tells them one by one.
//!
//! RETURNING gives them too, but keeps them in a table of its own until the last row is in.
//!
//! What must hold, and why it does:
//! - **SQLite calls while a statement is stepped, on that thread.** So the list changes within
//!   `Raw::step` only, which has `Raw` exclusively; nobody has a reference to the list then. Between
//!   the steps the methods here have it, through a pointer as well: a `Box` would claim that nothing
//!   else points there.
//! - **The list outlives the callback**, which [`Drop`] takes back before it frees the list. It runs
//!   before the handle is closed: `Raw` drops its `Numbers` when it lets go of the handle.

use libsqlite3_sys as ffi;
use std::ffi::{CStr, CString, c_char, c_int, c_void};
use std::ptr::{self, NonNull};

/// Collects until it is dropped.
pub(super) struct Numbers {
    db: NonNull<ffi::sqlite3>,
    list: NonNull<List>,
}

struct List {
    table: Box<str>,
    /// where SQLite keeps the table's name, once it was seen: within a statement it stays there
    name: *const c_char,
    numbers: Vec<i64>,
}

impl Numbers {
    pub(super) fn collect(db: NonNull<ffi::sqlite3>, table: &str, about: usize) -> Self {
        let list = Box::new(List {
            table: table.into(),
            name: ptr::null(),
            numbers: Vec::with_capacity(about),
        });
        let list = NonNull::from(Box::leak(list));
        // SAFETY: the handle is open; the list lives until `drop` takes the callback back.
        unsafe { ffi::sqlite3_update_hook(db.as_ptr(), Some(on_change), list.as_ptr().cast()) };
        Numbers { db, list }
    }

    /// Forgets them: the statement begins again, or another one does.
    pub(super) fn forget(&mut self) {
        // SAFETY: the list lives, and no statement is stepped meanwhile.
        let list = unsafe { self.list.as_mut() };
        list.numbers.clear();
        list.name = ptr::null();
    }

    /// The numbers in the order of the rows; no more are collected.
    pub(super) fn finish(mut self) -> Vec<i64> {
        // SAFETY: as above.
        std::mem::take(unsafe { &mut self.list.as_mut().numbers })
    }
}

impl Drop for Numbers {
    fn drop(&mut self) {
        // SAFETY: the handle is still open. Once the callback is taken back, nothing else points to
        // the list, which was a box.
        unsafe {
            ffi::sqlite3_update_hook(self.db.as_ptr(), None, ptr::null_mut());
            drop(Box::from_raw(self.list.as_ptr()));
        }
    }
}

/// Whether the number of a row in the table is the value of that column. AUTOINCREMENT says so; a
/// key without it may be a column like any other.
pub(super) fn are_keys(db: NonNull<ffi::sqlite3>, table: &str, column: &str) -> bool {
    let (Ok(table), Ok(column)) = (CString::new(table), CString::new(column)) else {
        return false;
    };
    let mut counts = 0;
    // SAFETY: the handle is open and the caller's alone; the names end in NUL, and of the places for
    // results all but one are left out, as SQLite allows.
    let code = unsafe {
        ffi::sqlite3_table_column_metadata(
            db.as_ptr(),
            ptr::null(),
            table.as_ptr(),
            column.as_ptr(),
            ptr::null_mut(),
            ptr::null_mut(),
            ptr::null_mut(),
            ptr::null_mut(),
            &raw mut counts,
        )
    };
    code == ffi::SQLITE_OK && counts != 0
}

/// # Safety
/// `data` is the list, to which there is no reference; `table` is a name that ends in NUL.
unsafe extern "C" fn on_change(
    data: *mut c_void,
    change: c_int,
    _: *const c_char,
    table: *const c_char,
    number: ffi::sqlite3_int64,
) {
    if change != ffi::SQLITE_INSERT {
        return;
    }
    // SAFETY: as the caller promises.
    let list = unsafe { &mut *data.cast::<List>() };
    if table != list.name {
        // SAFETY: as the caller promises.
        let name = unsafe { CStr::from_ptr(table) };
        // SQLite's names do not heed case.
        if !name.to_bytes().eq_ignore_ascii_case(list.table.as_bytes()) {
            return;
        }
        list.name = table;
    }
    list.numbers.push(number);
}
