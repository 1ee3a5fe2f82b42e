//! The commands, as they are typed, on SQLite: their output, and what they do.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests may fail")]

mod check;
mod makemigrations;
mod migrate;
mod models;
mod place;
