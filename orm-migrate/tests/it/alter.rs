//! The recorded cases on PostgreSQL and MariaDB, forwards and backwards: what Django's `sqlmigrate`
//! printed there.

use crate::convert::{names, text};
use crate::corpus::{CASES, exceptions, run};
use orm_core::exec::Backend;
use orm_migrate::editor::MigrationSql;
use serde_json::Value;
use std::collections::BTreeMap;

/// Where Django's text differs, though the same is meant.
const DIFFERENT: [(&str, &str); 9] = [
    // Django looks the name of a constraint up in the database; without one we take the usual name.
    ("migration-field-alter-007", "backwards"),
    ("migration-field-alter-025", "backwards"),
    // MariaDB's implicit index of a foreign key comes and goes; Django looks whether it is there.
    ("migration-ordering-008", "backwards"),
    ("migration-relation-023", "forwards"),
    ("migration-index-013", "backwards"),
    // Django looks up a table that has this name only when the migration runs.
    ("migration-model-019", "forwards"),
    ("migration-model-019", "backwards"),
    // The same UUID in another notation, the same text in other quotes.
    ("migration-field-add-017", "forwards"),
    ("migration-field-add-018", "forwards"),
];

fn compare(backend: Backend, recorded: &str) {
    let recorded: BTreeMap<String, Value> = recorded
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap())
        .map(|case| (text(&case["id"]), case))
        .collect();
    let exceptions = exceptions();
    let mut failures = Vec::new();
    let mut passed = 0;
    for line in CASES.lines() {
        let case: Value = serde_json::from_str(line).unwrap();
        let id = text(&case["id"]);
        let Some(django) = recorded.get(&id).filter(|_| !exceptions.contains_key(id.as_str())) else {
            continue;
        };
        let ours = run(&case).unwrap();
        let mut state = ours.before;
        let mut forwards = Vec::new();
        let mut backwards = Vec::new();
        for migration in &ours.migrations {
            backwards.extend(MigrationSql::backwards(migration, &state, backend).unwrap().lines());
            forwards.extend(MigrationSql::forwards(migration, &mut state, backend).unwrap().lines());
        }
        for (direction, ours, key) in [("forwards", forwards, "sql"), ("backwards", backwards, "back")] {
            let django = names(&django[key]);
            if django.is_empty() {
                continue;
            }
            if ours == django || DIFFERENT.contains(&(id.as_str(), direction)) {
                passed += 1;
            } else {
                failures.push(format!("{id} {direction}\n  ours:   {ours:#?}\n  Django: {django:#?}"));
            }
        }
    }
    println!("{passed} passed");
    assert!(
        failures.is_empty(),
        "{} failures\n{}",
        failures.len(),
        failures.join("\n\n")
    );
}

#[test]
fn postgres() {
    compare(Backend::Postgres, include_str!("../data/alter.postgres.jsonl"));
}

#[test]
fn mariadb() {
    compare(
        Backend::MySql {
            mariadb: true,
            version: (10, 11),
        },
        include_str!("../data/alter.mariadb.jsonl"),
    );
}
