//! Our migrations against those that Django 5.2 made and recorded, as text and on databases.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests may fail")]

mod alter;
mod convert;
mod corpus;
mod databases;
mod executor;
mod files;
mod live;
mod models;
mod registry;
mod schema;
