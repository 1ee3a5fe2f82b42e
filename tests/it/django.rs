//! The judge: queries recorded from real Django, run as they stand on each database.
//!
//! `tests/django/` has the records and their rules (`README.md`). `DJANGO_CORPUS=<directory>` takes
//! `reads.jsonl`, `writes.jsonl` and `fixture.json` from elsewhere, `DJANGO_CASES=json,lookup-char-017` only the
//! cases whose ids begin so.

mod compare;
mod corpus;
mod exceptions;
mod fixture;
mod loaded;
mod models;
mod random;
mod report;
mod run;
mod schema;
mod typed;
mod writes;

/// Each recorded query on each database. Its last line is `N passed, N failed`.
#[test]
fn django_reads() {
    run::reads();
}

/// Each recorded script on each database. Its last line is `N passed, N failed`.
#[test]
fn django_writes() {
    writes::scripts();
}

/// The recorded queries, changed at random: none of them panics or hangs.
#[test]
fn django_texts_at_random() {
    random::texts();
}
