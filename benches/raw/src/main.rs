//! The raw handle of SQLite, as sqlx builds it, and nothing around it: the floor.

use common::rows::{Insert, Item};
use common::{Args, Result, Workloads, report, without_runtime};
use libsqlite3_sys::*;
use std::ffi::{CStr, CString, c_int};
use std::ptr::{null, null_mut};

/// A connection with the statements of its two workloads.
struct Raw {
    connection: *mut sqlite3,
    get: *mut sqlite3_stmt,
    load: *mut sqlite3_stmt,
}

// SAFETY: one thread at a time has the value, and with it the connection.
unsafe impl Send for Raw {}

impl Raw {
    fn open(file: &str) -> Result<Self> {
        let file = CString::new(file)?;
        let flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX;
        let mut raw = Raw {
            connection: null_mut(),
            get: null_mut(),
            load: null_mut(),
        };
        // SAFETY: the name ends in a nul and outlives the call; the place for the connection is ours.
        check(unsafe { sqlite3_open_v2(file.as_ptr(), &raw mut raw.connection, flags, null()) })?;
        raw.get = raw.prepare(c"SELECT id, name, value FROM items WHERE id = ?")?;
        raw.load = raw.prepare(c"SELECT id, name, value FROM items")?;
        Ok(raw)
    }

    fn prepare(&self, sql: &CStr) -> Result<*mut sqlite3_stmt> {
        let mut statement = null_mut();
        // SAFETY: the connection is open; the SQL ends in a nul; the place for the statement is ours.
        check(unsafe { sqlite3_prepare_v2(self.connection, sql.as_ptr(), -1, &raw mut statement, null_mut()) })?;
        Ok(statement)
    }
}

impl Drop for Raw {
    fn drop(&mut self) {
        // SAFETY: all three are null or open, and nobody uses them from here on.
        unsafe {
            sqlite3_finalize(self.get);
            sqlite3_finalize(self.load);
            sqlite3_close(self.connection);
        }
    }
}

impl Workloads for Raw {
    type Item = Item;
    type Pair = ();
    type Tree = ();
    type Insert = Insert;

    async fn get(&mut self, key: i64) -> Result<Item> {
        // SAFETY: the statement is prepared, and on a row where it is read.
        unsafe {
            check(sqlite3_bind_int64(self.get, 1, key))?;
            check_row(sqlite3_step(self.get))?;
            let item = item(self.get);
            check(sqlite3_reset(self.get))?;
            item
        }
    }

    async fn load(&mut self) -> Result<Vec<Item>> {
        let mut rows = Vec::new();
        // SAFETY: the statement is prepared, and on a row where it is read.
        unsafe {
            while sqlite3_step(self.load) == SQLITE_ROW {
                rows.push(item(self.load)?);
            }
            check(sqlite3_reset(self.load))?;
        }
        Ok(rows)
    }
}

/// # Safety
/// The statement is on a row of `items`.
unsafe fn item(statement: *mut sqlite3_stmt) -> Result<Item> {
    // SAFETY: as above; the text is valid until the next step, and copied before.
    unsafe {
        let text = sqlite3_column_text(statement, 1);
        let bytes = std::slice::from_raw_parts(text, sqlite3_column_bytes(statement, 1).cast_unsigned() as usize);
        Ok(Item {
            id: sqlite3_column_int64(statement, 0),
            name: std::str::from_utf8(bytes)?.to_owned(),
            value: sqlite3_column_int64(statement, 2),
        })
    }
}

fn check(code: c_int) -> Result<()> {
    expect(code, SQLITE_OK)
}

fn check_row(code: c_int) -> Result<()> {
    expect(code, SQLITE_ROW)
}

fn expect(code: c_int, wanted: c_int) -> Result<()> {
    if code == wanted {
        Ok(())
    } else {
        Err(format!("SQLite says {code} in place of {wanted}").into())
    }
}

fn main() -> Result<()> {
    let args = Args::parse()?;
    without_runtime(report("raw", &args, Raw::open(&args.url)?))
}
