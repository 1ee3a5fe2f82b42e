//! The four documents of the seeds, retold statement by statement, with the results they show.

mod s000_shell;
mod s000_transcript;
mod s001_tutorial;
mod s002_many_to_many;
mod s003_notes;
mod tutorial_page;

use orm::Model;
use std::fmt::Display;

/// `[<Library: New York Public Library>, …]`: rows as a Django shell shows them.
fn shown<M: Model + Display>(rows: &[M]) -> String {
    let rows: Vec<String> = rows.iter().map(one).collect();
    format!("[{}]", rows.join(", "))
}

/// `<Library: New York Public Library>`
fn one<M: Model + Display>(row: &M) -> String {
    format!("<{}: {row}>", M::meta().name)
}
