//! Runs the cases on all databases at once, and tells what came of them.

use super::compare::{Failure, Outcome, Verdict, compare};
use super::corpus::{self, Case, Database};
use super::exceptions::Exceptions;
use super::fixture;
use super::loaded;
use futures_util::FutureExt;
use orm::Db;
use orm::shell::{Answer, Shell};
use orm::testing::TestDatabase;
use std::collections::BTreeMap;
use std::panic::AssertUnwindSafe;
use std::time::{Duration, Instant};
use tokio::runtime::Builder;

/// Longer than any case takes.
const PATIENCE: Duration = Duration::from_secs(10);
/// How much of a value a report shows.
const SHOWN: usize = 1000;

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

/// What came of one case on one database.
struct Report<'c> {
    case: &'c Case,
    database: Database,
    verdict: Verdict,
}

/// All cases on all databases.
pub fn reads() {
    let start = Instant::now();
    let cases = chosen(corpus::cases().unwrap());
    let exceptions = Exceptions::read().unwrap();
    let databases = Database::ALL.map(|database| {
        let cases = &cases;
        move || on(database, cases)
    });
    let reports: Vec<Report<'_>> = std::thread::scope(|scope| {
        let threads = databases.map(|run| scope.spawn(run));
        threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect()
    });
    let failed = tell(&reports, &exceptions, start);
    assert!(failed == 0, "{failed} failed");
}

/// Those that `DJANGO_CASES` names.
fn chosen(cases: Vec<Case>) -> Vec<Case> {
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
    let runtime = Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(async {
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

/// What a group of cases came to on one database.
#[derive(Default)]
struct Count {
    passed: usize,
    failed: usize,
    excepted: usize,
}

/// Prints the reports, and gives the number of failures.
fn tell(reports: &[Report<'_>], exceptions: &Exceptions, start: Instant) -> usize {
    let mut groups: BTreeMap<(&str, &str), Count> = BTreeMap::new();
    let (mut passed, mut failed, mut excepted, mut worded) = (0, 0, 0, 0);
    // Most failures are the same on each database.
    let mut failures: BTreeMap<(&str, &str), (&Case, Vec<Database>)> = BTreeMap::new();
    for report in reports {
        let (case, database) = (report.case, report.database);
        let count = groups.entry((&case.group, database.name())).or_default();
        match &report.verdict {
            Verdict::Same => {
                passed += 1;
                count.passed += 1;
            }
            Verdict::Worded(said) => {
                passed += 1;
                count.passed += 1;
                worded += 1;
                let expected = &case.expected(database)[0];
                println!("worded otherwise: {} [{}]", case.id, database.name());
                println!("  expected  {}: {}", shown(&expected.error), shown(&expected.message));
                println!("  actual    {said}");
            }
            Verdict::Different(_) if exceptions.cover(case, database) => {
                excepted += 1;
                count.excepted += 1;
            }
            Verdict::Different(why) => {
                failed += 1;
                count.failed += 1;
                let entry = failures.entry((&case.id, why)).or_insert_with(|| (case, Vec::new()));
                entry.1.push(database);
            }
        }
    }
    for ((id, why), (case, databases)) in &failures {
        let names: Vec<&str> = databases.iter().map(|database| database.name()).collect();
        println!("failed: {id} [{}]", names.join(", "));
        println!("  text      {}", case.text);
        for expected in case.expected(databases[0]) {
            let value = match &expected.error {
                Some(class) => format!("{class}: {}", shown(&expected.message)),
                None => expected.value.to_string(),
            };
            println!("  expected  {}", cut(&value));
        }
        println!("  actual    {}", cut(why));
    }
    for ((group, database), count) in &groups {
        println!(
            "{group:24} {database:9} {:4} passed, {:4} failed{}",
            count.passed,
            count.failed,
            if count.excepted > 0 {
                format!(", {} excepted", count.excepted)
            } else {
                String::new()
            },
        );
    }
    println!(
        "{excepted} excepted, {worded} errors in other words, {:.1?}",
        start.elapsed()
    );
    // In small selections one is more than the part that may be.
    assert!(
        excepted * 100 <= reports.len() || reports.len() < 1000,
        "more than 1 % of the cases are exceptions"
    );
    println!("{passed} passed, {failed} failed");
    failed
}

fn shown(text: &Option<String>) -> &str {
    text.as_deref().unwrap_or("")
}

fn cut(text: &str) -> String {
    match text.char_indices().nth(SHOWN) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text.to_owned(),
    }
}
