//! `Arguments` of a statement: copied for as long as it has them, or lent to it while it runs.
//!
//! What must hold, and why it does:
//! - **What is lent outlives SQLite's use of it.** [`Raw::run`] lends text and bytes, steps the
//!   statement to its end and takes them back before it returns, however it ends: [`Lent`] resets the
//!   statement and forgets its arguments. Nothing is awaited in between, and what is lent outlives the
//!   call.

use super::{Raw, Result, Step};
use crate::exec::sqlite::error::SqliteError;
use libsqlite3_sys as ffi;
use std::ffi::c_int;
use std::marker::PhantomData;
use std::ptr::NonNull;

#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it is 1")]
const UTF8: u8 = ffi::SQLITE_UTF8 as u8;

/// Sets the arguments of the current statement, one after the other. Text and bytes live for `'a`.
pub(in crate::exec::sqlite) struct Arguments<'r, 'a> {
    raw: &'r mut Raw,
    statement: NonNull<ffi::sqlite3_stmt>,
    /// the position of the last one; the first is 1
    at: c_int,
    /// SQLite reads text and bytes where they are, in place of a copy of its own
    lends: bool,
    /// for exactly that long
    lent: PhantomData<fn(&'a [u8]) -> &'a [u8]>,
}

impl<'a> Arguments<'_, 'a> {
    pub(in crate::exec::sqlite) fn null(&mut self) -> Result<()> {
        // SAFETY: the statement is alive, since it is the current one.
        self.set(|statement, at| unsafe { ffi::sqlite3_bind_null(statement, at) })
    }

    pub(in crate::exec::sqlite) fn int(&mut self, value: i64) -> Result<()> {
        // SAFETY: as above.
        self.set(|statement, at| unsafe { ffi::sqlite3_bind_int64(statement, at, value) })
    }

    pub(in crate::exec::sqlite) fn float(&mut self, value: f64) -> Result<()> {
        // SAFETY: as above.
        self.set(|statement, at| unsafe { ffi::sqlite3_bind_double(statement, at, value) })
    }

    pub(in crate::exec::sqlite) fn text(&mut self, text: &'a str) -> Result<()> {
        let lends = self.lends;
        // SAFETY: what is lent lives for `'a`.
        self.set(|statement, at| unsafe { bind_text(statement, at, text, lends) })
    }

    /// A text that need not outlive the call.
    pub(in crate::exec::sqlite) fn text_of(&mut self, text: &str) -> Result<()> {
        // SAFETY: nothing is lent.
        self.set(|statement, at| unsafe { bind_text(statement, at, text, false) })
    }

    pub(in crate::exec::sqlite) fn bytes(&mut self, bytes: &'a [u8]) -> Result<()> {
        let destructor = destructor(self.lends);
        // SAFETY: the statement is alive; what is lent lives for `'a`, and what is not is copied at once.
        self.set(|statement, at| unsafe {
            match bytes {
                // A slice without bytes may point to nothing, which SQLite would take for NULL.
                [] => ffi::sqlite3_bind_zeroblob(statement, at, 0),
                _ => ffi::sqlite3_bind_blob64(statement, at, bytes.as_ptr().cast(), bytes.len() as u64, destructor),
            }
        })
    }

    #[inline]
    fn set(&mut self, bind: impl FnOnce(*mut ffi::sqlite3_stmt, c_int) -> c_int) -> Result<()> {
        // SQLite refuses positions that the statement does not have, and these are negative.
        self.at = self.at.wrapping_add(1);
        match bind(self.statement.as_ptr(), self.at) {
            ffi::SQLITE_OK => Ok(()),
            code => Err(self.raw.error(code)),
        }
    }
}

fn destructor(lends: bool) -> ffi::sqlite3_destructor_type {
    if lends {
        ffi::SQLITE_STATIC()
    } else {
        ffi::SQLITE_TRANSIENT()
    }
}

/// # Safety
/// The statement is alive; a text that is lent lives until it was reset and has forgotten the text.
unsafe fn bind_text(statement: *mut ffi::sqlite3_stmt, at: c_int, text: &str, lends: bool) -> c_int {
    let (start, length) = (text.as_ptr().cast(), text.len() as u64);
    // SAFETY: as the caller promises.
    unsafe { ffi::sqlite3_bind_text64(statement, at, start, length, destructor(lends), UTF8) }
}

/// A statement that was lent its arguments.
struct Lent(NonNull<ffi::sqlite3_stmt>);

impl Drop for Lent {
    fn drop(&mut self) {
        // SAFETY: the statement is alive, since it is the current one. The code is that of the last step
        // again; forgetting always succeeds.
        unsafe {
            ffi::sqlite3_reset(self.0.as_ptr());
            ffi::sqlite3_clear_bindings(self.0.as_ptr());
        }
    }
}

impl Raw {
    /// Sets the arguments of the current statement.
    pub(in crate::exec::sqlite) fn bind<'a, E>(
        &mut self,
        arguments: impl FnOnce(&mut Arguments<'_, 'a>) -> Result<(), E>,
    ) -> Result<(), E> {
        match self.arguments(false) {
            Some(mut place) => arguments(&mut place),
            None => Ok(()),
        }
    }

    /// Runs the current statement to its end, with arguments that it reads where they are, and passes over
    /// its rows. It is at its beginning again then, without arguments.
    pub(in crate::exec::sqlite) fn run<'a, E: From<SqliteError>>(
        &mut self,
        arguments: impl FnOnce(&mut Arguments<'_, 'a>) -> Result<(), E>,
    ) -> Result<Step, E> {
        // `'a` is longer than this call: the caller chose it.
        let Some(mut place) = self.arguments(true) else {
            return Ok(Step::Done);
        };
        let _lent = Lent(place.statement);
        arguments(&mut place)?;
        loop {
            match self.step()? {
                Step::Row => {}
                end => return Ok(end),
            }
        }
    }

    fn arguments<'a>(&mut self, lends: bool) -> Option<Arguments<'_, 'a>> {
        let statement = self.current.as_ref()?.statement;
        Some(Arguments {
            raw: self,
            statement,
            at: 0,
            lends,
            lent: PhantomData,
        })
    }
}
