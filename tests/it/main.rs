//! The tests of the whole: one binary, a module a subject, every test on every database.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that panics fails, as it should"
)]

mod attributes;
mod bulk_insert;
mod combinators;
mod combined;
mod compile_fail;
mod concurrency;
mod deleting;
mod dice;
mod django;
mod dynamic_writes;
mod errors;
mod explain;
mod expressions;
mod grouping;
mod guides;
mod locking;
mod lookups;
mod models;
mod observing;
mod paging;
mod params;
mod projections;
mod property;
mod queries;
mod raw;
mod related;
mod related_by_name;
mod rows_by_key;
mod seeds;
mod shapes;
mod shell;
mod shell_slips;
mod shell_writes;
mod sql;
mod storage;
mod to_field;
mod transactions;
mod trees;
mod typed;
mod windows;
mod writes;
mod years;
mod zones;
