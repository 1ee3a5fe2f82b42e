//! `Raw`: SQLite's own functions on the handle of a connection. All `unsafe` code is here and in the
//! files of this folder.
//!
//! What must hold, and why it does:
//! - **The handle is open.** sqlx opened it and closes it; `Raw` owns sqlx's connection and drops
//!   it last.
//! - **One thread at a time uses the handle.** The thread of sqlx's connection waits for commands,
//!   and none is sent from [`Raw::adopt`] to [`Raw::close`]: nothing else has the connection. Every
//!   function here that reaches SQLite takes `&mut Raw` or borrows from it, and `Raw` is not `Sync`.
//! - **A statement outlives its uses and not its connection.** Statements never leave `Raw`: those
//!   in its cache are finalized when they are evicted or when it is dropped, and what is evicted is
//!   never the current one, which is the one that [`Raw::start`] used last ([`prepared`]).
//! - **Cells are read from a row that is there.** [`Row`] borrows `Raw` and is made only after a
//!   step that gave a row; every access tests its position. Text and bytes are borrowed from the
//!   `Row` exclusively, so nothing converts or frees the cell while they live.
//!   SQLite calls the values of cells "unprotected": they must not be read while another thread
//!   uses the connection, and none does.
//! - **What SQLite calls back outlives it.** The callbacks are plain functions without panics; their
//!   data is a [`Watch`], kept by an `Arc` here, and both are taken back before it is dropped.
//! - **The statement that the watch knows is alive.** It is the current one, and no other thread looks at
//!   it there: SQLite asks the watch while it is stepped.
//! - **Nobody looks at the numbers of new rows while they are collected.** [`Numbers`] tells how.

mod arguments;
mod functions;
mod numbers;
mod prepared;
mod row;

pub(super) use arguments::Arguments;
use row::slice;
pub(super) use row::{Cell, Row};

use super::error::SqliteError;
use super::watch::Watch;
use libsqlite3_sys as ffi;
use numbers::Numbers;
use prepared::{Compiled, Prepared, Statements};
use sqlx::{Connection, SqliteConnection};
use std::ffi::{CStr, c_char, c_int, c_uint, c_void};
use std::ptr::{self, NonNull};
use std::sync::Arc;

/// SQLite looks at the [`Watch`] after so many steps of its machine.
const TICK: c_int = 1000;

type Result<T, E = SqliteError> = std::result::Result<T, E>;

/// The handle of a connection that is ours alone, its prepared statements, and the one that runs.
pub(super) struct Raw {
    db: NonNull<ffi::sqlite3>,
    prepared: Statements,
    current: Option<Current>,
    /// those of the rows that the current statement inserts, where somebody asked for them
    numbers: Option<Numbers>,
    watch: Arc<Watch>,
    /// there until it is closed
    connection: Option<SqliteConnection>,
}

// SAFETY: SQLite's handles may move between threads as long as one thread uses them at a time.
unsafe impl Send for Raw {}

/// The statement that runs.
struct Current {
    statement: NonNull<ffi::sqlite3_stmt>,
    columns: c_int,
    /// where it is not from the cache
    _own: Option<Prepared>,
}

impl Current {
    fn of(compiled: Compiled, own: Option<Prepared>) -> Self {
        Current {
            statement: compiled.statement,
            columns: compiled.columns,
            _own: own,
        }
    }
}

/// What a step of a statement came to.
pub(super) enum Step {
    Row,
    Done,
    /// another process has the database
    Busy,
    /// it was stopped, without an effect, because it took long
    OutOfTime,
}

/// What is known of a statement before it runs.
#[derive(Clone, Copy)]
pub(super) struct Started {
    pub(super) reads: bool,
    /// it took long when it last ran
    pub(super) slow: bool,
}

impl Raw {
    /// Takes the handle of a connection over, for good.
    pub(super) async fn adopt(
        mut connection: SqliteConnection,
        watch: Arc<Watch>,
        cache: usize,
    ) -> std::result::Result<Self, sqlx::Error> {
        // Once, never for each statement: sqlx's guard sends a command when it is made.
        let mut handle = connection.lock_handle().await?;
        let db = handle.as_raw_handle();
        drop(handle);
        let mut raw = Raw {
            db,
            prepared: Statements::new(cache),
            current: None,
            numbers: None,
            watch,
            connection: Some(connection),
        };
        raw.configure()?;
        Ok(raw)
    }

    fn configure(&mut self) -> Result<()> {
        let (db, watch) = (self.db.as_ptr(), Arc::as_ptr(&self.watch).cast_mut().cast::<c_void>());
        // SAFETY: the handle is open and ours; the watch lives until `release` takes the callbacks back.
        unsafe {
            // Whoever waits for another process does it without a thread.
            ffi::sqlite3_busy_timeout(db, 0);
            ffi::sqlite3_progress_handler(db, TICK, Some(on_tick), watch);
            // This replaces SQLite's own checkpoints, which happen within a commit.
            ffi::sqlite3_wal_hook(db, Some(on_commit), watch);
        }
        functions::register(self.db).map_err(|code| self.error(code))
    }

    /// Closes the connection in order.
    pub(super) async fn close(mut self) -> std::result::Result<(), sqlx::Error> {
        self.release();
        match self.connection.take() {
            Some(connection) => connection.close().await,
            None => Ok(()),
        }
    }

    /// Ends everything that hangs on the handle.
    fn release(&mut self) {
        self.stop();
        self.prepared.clear();
        if self.connection.is_some() {
            // SAFETY: the handle is still open, since the connection is there.
            unsafe {
                ffi::sqlite3_progress_handler(self.db.as_ptr(), 0, None, ptr::null_mut());
                ffi::sqlite3_wal_hook(self.db.as_ptr(), None, ptr::null_mut());
            }
        }
    }

    /// Whether a transaction is open.
    pub(super) fn in_transaction(&mut self) -> bool {
        // SAFETY: the handle is open and ours.
        unsafe { ffi::sqlite3_get_autocommit(self.db.as_ptr()) == 0 }
    }

    /// The rows that statements of this connection changed so far, all in all.
    pub(super) fn total_changes(&mut self) -> i64 {
        // SAFETY: as above.
        unsafe { ffi::sqlite3_total_changes64(self.db.as_ptr()) }
    }

    /// The rows that the last INSERT, UPDATE or DELETE changed.
    pub(super) fn changes(&mut self) -> i64 {
        // SAFETY: as above.
        unsafe { ffi::sqlite3_changes64(self.db.as_ptr()) }
    }

    /// The number of the row that was inserted last.
    pub(super) fn last_insert_id(&mut self) -> i64 {
        // SAFETY: as above.
        unsafe { ffi::sqlite3_last_insert_rowid(self.db.as_ptr()) }
    }

    /// Whether the number of a row in the table is the value of that column, which SQLite makes up.
    pub(super) fn numbers_are_keys(&mut self, table: &str, column: &str) -> bool {
        numbers::are_keys(self.db, table, column)
    }

    /// Collects the numbers of the rows that the current statement inserts into a table of that
    /// name, about so many, until it ends or [`take_numbers`](Self::take_numbers) is called.
    pub(super) fn collect_numbers(&mut self, table: &str, about: usize) {
        // What was there takes its callback back first.
        self.numbers = None;
        self.numbers = Some(Numbers::collect(self.db, table, about));
    }

    /// The numbers that were collected, in the order of the rows, and no more are.
    pub(super) fn take_numbers(&mut self) -> Vec<i64> {
        self.numbers.take().map(Numbers::finish).unwrap_or_default()
    }

    /// Makes a statement the current one. It is compiled once, and then kept.
    pub(super) fn start(&mut self, sql: &Arc<str>) -> Result<Started> {
        self.stop();
        let compiled = match self.prepared.find(sql) {
            Some(compiled) => compiled,
            None => match self.compile(sql)? {
                Some(prepared) => self.prepared.keep(sql, prepared),
                None => {
                    return Ok(Started {
                        reads: true,
                        slow: false,
                    });
                }
            },
        };
        self.set_current(Some(Current::of(compiled, None)));
        Ok(Started {
            reads: compiled.reads,
            slow: compiled.slow,
        })
    }

    /// Compiles a text that is one statement, or none.
    fn compile(&mut self, sql: &str) -> Result<Option<Prepared>> {
        let (prepared, rest) = self.prepare(sql, ffi::SQLITE_PREPARE_PERSISTENT)?;
        self.nothing_follows(rest)?;
        Ok(prepared)
    }

    /// That only blanks and comments follow a statement: another one would not run.
    fn nothing_follows(&mut self, mut rest: &str) -> Result<()> {
        while !rest.trim().is_empty() {
            match self.prepare(rest, 0) {
                Ok((None, after)) if after.len() < rest.len() => rest = after,
                _ => {
                    return Err(SqliteError {
                        code: ffi::SQLITE_MISUSE,
                        message: "several statements cannot run as one".to_owned(),
                    });
                }
            }
        }
        Ok(())
    }

    /// Makes the first of some statements the current one, and gives the others.
    pub(super) fn start_first<'s>(&mut self, sql: &'s str) -> Result<&'s str> {
        self.stop();
        let (prepared, rest) = self.prepare(sql, 0)?;
        self.set_current(prepared.map(|own| Current::of(own.0, Some(own))));
        Ok(rest)
    }

    fn prepare<'s>(&mut self, sql: &'s str, flags: c_uint) -> Result<(Option<Prepared>, &'s str)> {
        let Ok(length) = c_int::try_from(sql.len()) else {
            return Err(self.error(ffi::SQLITE_TOOBIG));
        };
        let mut statement = ptr::null_mut();
        let mut tail: *const c_char = ptr::null();
        // SAFETY: the handle is open and ours; the text is `length` bytes long, and SQLite does not
        // read behind them.
        let code = unsafe {
            ffi::sqlite3_prepare_v3(
                self.db.as_ptr(),
                sql.as_ptr().cast(),
                length,
                flags,
                &raw mut statement,
                &raw mut tail,
            )
        };
        if code != ffi::SQLITE_OK {
            return Err(self.error(code));
        }
        let used = (tail as usize).saturating_sub(sql.as_ptr() as usize);
        let rest = sql.get(used..).unwrap_or_default();
        let prepared = NonNull::new(statement).map(|statement| {
            // SAFETY: the statement was prepared just now.
            let (columns, reads) = unsafe {
                (
                    ffi::sqlite3_column_count(statement.as_ptr()),
                    ffi::sqlite3_stmt_readonly(statement.as_ptr()) != 0,
                )
            };
            Prepared(Compiled {
                statement,
                columns,
                reads,
                slow: false,
            })
        });
        Ok((prepared, rest))
    }

    /// Notes whether the statement took long, for the next time.
    pub(super) fn mark_slow(&mut self, sql: &str, slow: bool) {
        self.prepared.mark_slow(sql, slow);
    }

    /// Goes on to the next row.
    #[inline]
    pub(super) fn step(&mut self) -> Result<Step> {
        let Some(current) = &self.current else {
            return Ok(Step::Done);
        };
        // SAFETY: the statement is alive, and the handle ours.
        let code = unsafe { ffi::sqlite3_step(current.statement.as_ptr()) };
        match code {
            ffi::SQLITE_ROW => Ok(Step::Row),
            ffi::SQLITE_DONE => Ok(Step::Done),
            _ => self.stopped(code),
        }
    }

    /// What a step came to that gave neither a row nor the end.
    #[cold]
    fn stopped(&mut self, code: c_int) -> Result<Step> {
        let error = self.error(code);
        match error.primary_code() {
            _ if error.is_busy() => Ok(Step::Busy),
            ffi::SQLITE_INTERRUPT if self.watch.is_out_of_time() => Ok(Step::OutOfTime),
            _ => Err(error),
        }
    }

    /// The row that the last step gave.
    #[inline]
    pub(super) fn row(&mut self) -> Option<Row<'_>> {
        let Current { statement, columns, .. } = self.current.as_ref()?;
        Some(Row {
            statement: *statement,
            columns: *columns,
            raw: std::marker::PhantomData,
        })
    }

    /// Goes back to the beginning of the statement, with the same arguments.
    pub(super) fn rewind(&mut self) {
        if let Some(current) = &self.current {
            // SAFETY: the statement is alive. The code is that of the last step again.
            unsafe { ffi::sqlite3_reset(current.statement.as_ptr()) };
        }
        if let Some(numbers) = &mut self.numbers {
            numbers.forget();
        }
    }

    /// Ends the current statement, wherever it is.
    pub(super) fn stop(&mut self) {
        self.rewind();
        self.set_current(None);
        self.numbers = None;
    }

    fn set_current(&mut self, current: Option<Current>) {
        let statement = current
            .as_ref()
            .map_or(ptr::null_mut(), |current| current.statement.as_ptr());
        // Before the one so far may be finalized.
        self.watch.note_statement(statement);
        self.current = current;
    }

    /// What SQLite says of a code that it gave.
    fn error(&mut self, code: c_int) -> SqliteError {
        // SAFETY: the handle is open and ours; the message ends in NUL and is copied at once. The
        // message of a code lives forever.
        let (code, message) = unsafe {
            let last = ffi::sqlite3_extended_errcode(self.db.as_ptr());
            if last & 0xff == code & 0xff {
                (last, ffi::sqlite3_errmsg(self.db.as_ptr()))
            } else {
                (code, ffi::sqlite3_errstr(code))
            }
        };
        let message = if message.is_null() {
            String::new()
        } else {
            // SAFETY: as above.
            unsafe { CStr::from_ptr(message) }.to_string_lossy().into_owned()
        };
        SqliteError { code, message }
    }
}

impl Drop for Raw {
    fn drop(&mut self) {
        // The connection, a field, is dropped after this; then sqlx's thread closes the handle.
        self.release();
    }
}

/// # Safety
/// `data` is the [`Watch`] of the connection.
unsafe extern "C" fn on_tick(data: *mut c_void) -> c_int {
    // SAFETY: the watch lives as long as the callback is set.
    let watch = unsafe { &*data.cast::<Watch>() };
    let statement = watch.statement();
    // SQLite asks once more behind the end of a statement, when its work is committed: stopping it then
    // would look as if nothing was done.
    // SAFETY: it is null or the current statement of the connection, which is alive.
    let is_over = !statement.is_null() && unsafe { ffi::sqlite3_stmt_busy(statement) } == 0;
    c_int::from(!is_over && watch.tick())
}

/// # Safety
/// As above.
unsafe extern "C" fn on_commit(data: *mut c_void, _: *mut ffi::sqlite3, _: *const c_char, pages: c_int) -> c_int {
    // SAFETY: as above.
    let watch = unsafe { &*data.cast::<Watch>() };
    watch.committed(u32::try_from(pages).unwrap_or(0));
    ffi::SQLITE_OK
}
