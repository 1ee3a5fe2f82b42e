//! What `#[orm::test]` needs: a fresh database for each test (feature `testing`).
//!
//! It finds the servers in `ORM_TEST_POSTGRES_URL` and `ORM_TEST_MYSQL_URL`; the role named there
//! must be allowed to create databases. `tests/servers.sh cargo test` of this project starts
//! throwaway servers and sets both. SQLite needs nothing.
//!
//! Tests of another kind make a [`TestDatabase`] themselves, or call [`run`].

mod cases;
mod database;
#[cfg(feature = "mysql")]
mod mysql;
mod outcome;
#[cfg(feature = "postgres")]
mod postgres;
mod run;
#[cfg(any(feature = "postgres", feature = "mysql"))]
mod server;

pub use database::{DatabaseKind, TestDatabase};
pub use outcome::Outcome;
pub use run::run;
