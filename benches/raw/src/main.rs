//! The raw handle of SQLite, as sqlx builds it, and nothing around it: the floor.

use common::data::NewItem;
use common::rows::{Insert, Item};
use common::{Args, Result, Workloads, report, without_runtime};
use libsqlite3_sys::*;
use std::ffi::{CStr, CString, c_int};
use std::ptr::{null, null_mut};

/// A connection with the statements of its workloads.
struct Raw {
    connection: *mut sqlite3,
    get: *mut sqlite3_stmt,
    load: *mut sqlite3_stmt,
    insert: *mut sqlite3_stmt,
    /// an insert of many rows, and of how many
    bulk: (*mut sqlite3_stmt, usize),
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
            insert: null_mut(),
            bulk: (null_mut(), 0),
        };
        // SAFETY: the name ends in a nul and outlives the call; the place for the connection is ours.
        check(unsafe { sqlite3_open_v2(file.as_ptr(), &raw mut raw.connection, flags, null()) })?;
        raw.get = raw.prepare(c"SELECT id, name, value FROM items WHERE id = ?")?;
        raw.load = raw.prepare(c"SELECT id, name, value FROM items")?;
        raw.insert = raw.prepare(c"INSERT INTO inserts (name, value) VALUES (?, ?)")?;
        raw.run(c"PRAGMA synchronous = NORMAL")?;
        raw.run(c"PRAGMA foreign_keys = ON")?;
        Ok(raw)
    }

    fn run(&self, sql: &CStr) -> Result<()> {
        // SAFETY: the connection is open; the SQL ends in a nul.
        check(unsafe { sqlite3_exec(self.connection, sql.as_ptr(), None, null_mut(), null_mut()) })
    }

    /// The insert of so many rows.
    fn bulk(&mut self, rows: usize) -> Result<*mut sqlite3_stmt> {
        if self.bulk.1 != rows {
            let places = vec!["(?,?)"; rows].join(",");
            let sql = CString::new(format!("INSERT INTO inserts (name, value) VALUES {places}"))?;
            // SAFETY: the statement is null or prepared, and replaced at once.
            unsafe { sqlite3_finalize(self.bulk.0) };
            self.bulk = (null_mut(), 0);
            self.bulk = (self.prepare(&sql)?, rows);
        }
        Ok(self.bulk.0)
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
        // SAFETY: all are null or open, and nobody uses them from here on.
        unsafe {
            sqlite3_finalize(self.get);
            sqlite3_finalize(self.load);
            sqlite3_finalize(self.insert);
            sqlite3_finalize(self.bulk.0);
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

    async fn insert_each(&mut self, rows: &[NewItem]) -> Result<Vec<i64>> {
        self.run(c"BEGIN IMMEDIATE")?;
        let mut keys = Vec::with_capacity(rows.len());
        for row in rows {
            // SAFETY: the statement is prepared, and the row outlives it.
            unsafe {
                bind(self.insert, 1, row)?;
                expect(sqlite3_step(self.insert), SQLITE_DONE)?;
                check(sqlite3_reset(self.insert))?;
                keys.push(sqlite3_last_insert_rowid(self.connection));
            }
        }
        self.run(c"COMMIT")?;
        Ok(keys)
    }

    async fn insert_bulk(&mut self, rows: &[NewItem]) -> Result<()> {
        let statement = self.bulk(rows.len())?;
        // SAFETY: the statement is prepared, and the rows outlive it.
        unsafe {
            for (at, row) in (1..).step_by(2).zip(rows) {
                bind(statement, at, row)?;
            }
            expect(sqlite3_step(statement), SQLITE_DONE)?;
            check(sqlite3_reset(statement))
        }
    }

    async fn inserted(&mut self) -> Result<Vec<Insert>> {
        let statement = self.prepare(c"SELECT name, value FROM inserts")?;
        let mut rows = Vec::new();
        // SAFETY: the statement is prepared, on a row where it is read, and used no more when it is finalized.
        unsafe {
            while sqlite3_step(statement) == SQLITE_ROW {
                rows.push(Insert {
                    name: text(statement, 0)?,
                    value: sqlite3_column_int64(statement, 1),
                });
            }
            check(sqlite3_finalize(statement))?;
        }
        Ok(rows)
    }

    async fn clear(&mut self) -> Result<()> {
        self.run(c"DELETE FROM inserts")
    }
}

/// Binds a row to two places from that one on.
///
/// # Safety
/// The statement is prepared, and the row is not changed until it has run.
unsafe fn bind(statement: *mut sqlite3_stmt, at: c_int, row: &NewItem) -> Result<()> {
    // SAFETY: as above; SQLite does not free a text that is static to it.
    unsafe {
        let length = row.name.len() as u64;
        let static_to_it = SQLITE_STATIC();
        let utf8 = SQLITE_UTF8 as u8;
        check(sqlite3_bind_text64(
            statement,
            at,
            row.name.as_ptr().cast(),
            length,
            static_to_it,
            utf8,
        ))?;
        check(sqlite3_bind_int64(statement, at + 1, row.value))
    }
}

/// # Safety
/// The statement is on a row of `items`.
unsafe fn item(statement: *mut sqlite3_stmt) -> Result<Item> {
    // SAFETY: as above.
    unsafe {
        Ok(Item {
            id: sqlite3_column_int64(statement, 0),
            name: text(statement, 1)?,
            value: sqlite3_column_int64(statement, 2),
        })
    }
}

/// # Safety
/// The statement is on a row which has a text there.
unsafe fn text(statement: *mut sqlite3_stmt, column: c_int) -> Result<String> {
    // SAFETY: as above; the text is valid until the next step, and copied before.
    unsafe {
        let text = sqlite3_column_text(statement, column);
        let bytes = std::slice::from_raw_parts(text, sqlite3_column_bytes(statement, column).cast_unsigned() as usize);
        Ok(std::str::from_utf8(bytes)?.to_owned())
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
