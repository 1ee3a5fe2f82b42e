//! Runs the cases on all databases at once, and tells what came of them.

use super::compare::{Failure, Outcome, compare};
use super::corpus::{self, Case, Database};
use super::exceptions::Exceptions;
use super::fixture;
use super::loaded;
use super::report::{Report, tell};
use futures_util::FutureExt;
use orm::Db;
use orm::shell::{Answer, Shell};
use orm::testing::TestDatabase;
use std::panic::AssertUnwindSafe;
use std::time::{Duration, Instant};
use tokio::runtime::{Builder, Runtime};

/// Longer than any case takes.
pub const PATIENCE: Duration = Duration::from_secs(10);

/// Runs one text as a Django shell would.
async fn run(db: &Db, text: &str) -> Outcome {
    let capture = db.capture_queries();
    let models: Vec<_> = fixture::models().collect();
    let mut shell = Shell::new(db.clone(), &models);
    let answer = match shell.run(text).await {
        Ok(Answer::Value(value)) => shell.evaluated(&value).await.map(Answer::Value),
        other => other,
    };
    let rows = match &answer {
        Ok(Answer::Value(value)) => loaded::rows(value),
        _ => Vec::new(),
    };
    let result = match answer {
        Ok(answer) => shell.canonical(&answer).await,
        Err(error) => Err(error),
    };
    Outcome {
        result: result.map_err(|error| Failure {
            class: error.class().to_owned(),
            message: error.message().to_owned(),
        }),
        queries: capture.queries().len(),
        rows,
    }
}

/// All cases on all databases.
pub fn reads() {
    let start = Instant::now();
    let cases = chosen(corpus::cases("reads.jsonl").unwrap());
    let exceptions = Exceptions::read().unwrap();
    let databases = Database::ALL.map(|database| {
        let cases = &cases;
        move || on(database, cases)
    });
    let reports = at_once(databases);
    let failed = tell(&reports, &exceptions, start);
    assert!(failed == 0, "{failed} failed");
}

/// What each of these gives, which run at the same time.
pub fn at_once<T: Send>(runs: impl IntoIterator<Item = impl FnOnce() -> Vec<T> + Send>) -> Vec<T> {
    std::thread::scope(|scope| {
        let threads: Vec<_> = runs.into_iter().map(|run| scope.spawn(run)).collect();
        threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect()
    })
}

/// The runtime of one database.
pub fn runtime() -> Runtime {
    Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .unwrap()
}

/// Those that `DJANGO_CASES` names.
pub fn chosen(cases: Vec<Case>) -> Vec<Case> {
    match std::env::var("DJANGO_CASES") {
        Err(_) => cases,
        Ok(prefixes) => {
            let prefixes: Vec<&str> = prefixes.split(',').collect();
            let chosen = |case: &Case| prefixes.iter().any(|prefix| case.id.starts_with(prefix));
            cases.into_iter().filter(chosen).collect()
        }
    }
}

/// All cases on one database.
fn on(database: Database, cases: &[Case]) -> Vec<Report<'_>> {
    runtime().block_on(async {
        let place = TestDatabase::create(database.kind(), &["django"]).await.unwrap();
        let loaded = fixture::load(place.db()).await;
        let mut reports = Vec::new();
        if loaded.is_ok() {
            for case in cases {
                let outcome = patiently(place.db(), &case.text).await;
                let verdict = compare(&case.expected(database), &outcome);
                reports.push(Report {
                    case,
                    database,
                    verdict,
                });
            }
        }
        place.remove().await.unwrap();
        loaded.unwrap();
        reports
    })
}

/// Runs one text; a panic and a hang are failures of this case alone.
async fn patiently(db: &Db, text: &str) -> Outcome {
    let failed = |class: &str| Outcome {
        result: Err(Failure {
            class: class.to_owned(),
            message: String::new(),
        }),
        queries: 0,
        rows: Vec::new(),
    };
    let caught = AssertUnwindSafe(run(db, text)).catch_unwind();
    match tokio::time::timeout(PATIENCE, caught).await {
        Ok(Ok(outcome)) => outcome,
        Ok(Err(_)) => failed("Panic"),
        Err(_) => failed("Timeout"),
    }
}
