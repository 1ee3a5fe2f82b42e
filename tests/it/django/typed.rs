//! A tenth of the recorded queries, written with types: they give what is recorded, on each database.
//!
//! A file has the cases of a subject. A new one is a line: the id of the record, and its query as
//! one of the answers of `answer.rs`.

mod aggregates;
mod answer;
mod expressions;
mod lookups;
mod paths;
mod rows;
mod within;

use super::compare::{Failure, Outcome, Verdict, compare};
use super::corpus::{self, Case, Database};
use super::fixture;
use orm::prelude::*;
use orm::serde_json::Value as Answer;
use std::collections::{BTreeMap, BTreeSet};
use std::pin::Pin;

/// What runs one query.
type Run = for<'d> fn(&'d Db) -> Pin<Box<dyn Future<Output = orm::Result<Answer>> + 'd>>;

/// `db; "lookup-char-001" => rows(AllTypes::objects().filter(…).all(db).await?);`
macro_rules! cases {
    ($db:ident; $($id:literal => $answer:expr;)*) => {
        /// The id of each record, and its query.
        pub const CASES: &[(&str, super::Run)] = &[$(
            ($id, |$db| Box::pin(async move { Ok($answer) })),
        )*];
    };
}
use cases;

/// All of them.
fn all() -> impl Iterator<Item = &'static (&'static str, Run)> {
    [
        lookups::CASES,
        paths::CASES,
        expressions::CASES,
        aggregates::CASES,
        within::CASES,
        rows::CASES,
    ]
    .into_iter()
    .flatten()
}

#[orm::test(apps = ["django"])]
async fn typed_reads(db: Db) {
    fixture::load(&db).await.unwrap();
    // They are written for the records of this project, whatever the others are judged by.
    let own = corpus::cases_in(&corpus::own_directory(), "reads.jsonl");
    let records: BTreeMap<String, Case> = own.unwrap().into_iter().map(|c| (c.id.clone(), c)).collect();
    let database = match db.backend() {
        orm::Backend::Sqlite => Database::Sqlite,
        orm::Backend::Postgres => Database::Postgres,
        _ => Database::MariaDb,
    };
    let (mut passed, mut failed) = (0, 0);
    for (id, run) in all() {
        let record = records.get(*id).unwrap_or_else(|| panic!("no record {id}"));
        let mut expected = record.expected(database);
        for expected in &mut expected {
            // A type knows no number of decimal places; what is loaded with rows is in their type.
            expected.loose_decimals = true;
            expected.related = None;
        }
        let capture = db.capture_queries();
        let result = run(&db).await;
        let outcome = Outcome {
            result: result.map_err(|error| Failure {
                class: "Error".to_owned(),
                message: error.to_string(),
            }),
            queries: capture.queries().len(),
            rows: Vec::new(),
        };
        match compare(&expected, &outcome) {
            Verdict::Same | Verdict::Worded(_) => passed += 1,
            Verdict::Different(why) => {
                failed += 1;
                println!(
                    "failed: {id}\n  text      {}\n  expected  {}\n  actual    {why}",
                    record.text, expected[0].value
                );
            }
        }
    }
    println!("{passed} passed, {failed} failed");
    assert_eq!(failed, 0);
}

/// One in ten, each once.
#[test]
fn a_tenth_is_typed() {
    let ids: BTreeSet<&str> = all().map(|(id, _)| *id).collect();
    assert_eq!(ids.len(), all().count(), "an id is there twice");
    assert!(ids.len() >= 143, "{} cases are typed", ids.len());
}
