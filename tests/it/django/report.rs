//! What came of the cases, as it is printed.

use super::compare::Verdict;
use super::corpus::{Case, Database};
use super::exceptions::Exceptions;
use std::collections::BTreeMap;
use std::time::Instant;

/// How much of a value a report shows.
const SHOWN: usize = 1000;

/// What came of one case on one database.
pub struct Report<'c> {
    pub case: &'c Case,
    pub database: Database,
    pub verdict: Verdict,
}

/// What a group of cases came to on one database.
#[derive(Default)]
struct Count {
    passed: usize,
    failed: usize,
    excepted: usize,
}

/// Prints the reports, and gives the number of failures.
pub fn tell(reports: &[Report<'_>], exceptions: &Exceptions, start: Instant) -> usize {
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
                println!("worded otherwise: {} [{}]", case.id, database.name());
                println!("  expected  {}", case.shown(database)[0]);
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
        for expected in case.shown(databases[0]) {
            println!("  expected  {}", cut(&expected));
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

fn cut(text: &str) -> String {
    match text.char_indices().nth(SHOWN) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text.to_owned(),
    }
}
