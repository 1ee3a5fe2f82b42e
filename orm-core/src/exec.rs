//! Execution: databases, connections, transactions, rows.
//!
//! A [`Handle`] is a [`Db`] or a [`Tx`]; it takes a lease on a connection from the pool (or from
//! the transaction), binds the arguments, and hands the rows to a [`RowReader`] as a [`Source`].

#[cfg(not(any(feature = "sqlite", feature = "postgres", feature = "mysql")))]
compile_error!("orm needs a database: enable the feature `sqlite`, `postgres` or `mysql`");

mod backend;
mod connection;
#[cfg_attr(
    not(all(feature = "sqlite", feature = "postgres", feature = "mysql")),
    allow(dead_code, reason = "each database needs a part of it")
)]
mod convert;
mod db;
#[cfg(any(feature = "postgres", feature = "mysql"))]
mod driver;
mod executor;
mod lease;
mod mapped;
#[cfg(feature = "mysql")]
mod mysql;
mod observe;
pub(crate) mod once;
mod options;
mod outcome;
mod pool;
#[cfg(feature = "postgres")]
mod postgres;
mod session;
mod sink;
mod source;
#[cfg(feature = "sqlite")]
mod sqlite;
mod statement;
#[cfg(all(test, feature = "sqlite"))]
mod tests;
mod tx;
mod url;
mod values;

pub use backend::Backend;
pub use db::{Db, atomic};
pub use executor::{BoxFuture, Executor, Handle, OwnedHandle, RowReader};
pub(crate) use mapped::Mapped;
pub use observe::Capture;
pub(crate) use once::once;
pub use options::DbOptions;
pub(crate) use outcome::Inserted;
pub use session::Session;
pub use source::Source;
#[cfg(feature = "sqlite")]
pub(crate) use sqlite::{SqliteError, is_about_zone};
pub(crate) use statement::NumberedRows;
pub use statement::{Statement, Work};
pub use tx::{OpenTx, Tx};
pub(crate) use url::{database as database_name, redacted};
pub(crate) use values::{FilledRow, TakenRow, ValueRow};

use std::sync::{Mutex, MutexGuard, PoisonError};

/// The data of a mutex. None of ours is left half-changed by a panic.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
