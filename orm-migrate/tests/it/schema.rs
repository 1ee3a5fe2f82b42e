//! The 38 models of the recorded project: their first migration on each database, as Django has it.

use crate::convert;
use orm_core::exec::Backend;
use orm_migrate::diff::{Autodetector, NonInteractive};
use orm_migrate::editor::MigrationSql;
use orm_migrate::files::MigrationGraph;
use orm_migrate::state::ProjectState;

const MODELS: &str = include_str!("../data/library.json");

fn statements(backend: Backend) -> Vec<String> {
    let models = convert::state(&serde_json::from_str(MODELS).unwrap()).unwrap();
    let mut state = ProjectState::default();
    let mut nobody = NonInteractive;
    let none = ProjectState::default();
    let migrations = Autodetector::new(&none, &models, &mut nobody)
        .changes(&MigrationGraph::default(), None)
        .unwrap();
    let sql = migrations
        .iter()
        .map(|migration| MigrationSql::forwards(migration, &mut state, backend).unwrap());
    sql.flat_map(|sql| sql.lines()).collect()
}

fn recorded(text: &str) -> Vec<String> {
    text.lines()
        .filter(|line| !matches!(*line, "BEGIN;" | "COMMIT;" | ""))
        .map(str::to_owned)
        .collect()
}

fn assert_same(ours: &[String], django: &[String]) {
    for (i, (ours, django)) in ours.iter().zip(django).enumerate() {
        assert_eq!(ours, django, "statement {i}");
    }
    assert_eq!(ours.len(), django.len());
}

/// Django makes a table anew where a many-to-many field through a model is added, though nothing
/// changes; with it, indexes that wait are made earlier, some of them twice. So neither order nor
/// number counts here.
#[test]
fn sqlite() {
    let needless = |line: &String| line.contains("\"new__library_group\"") || line == "DROP TABLE \"library_group\";";
    let sorted = |mut lines: Vec<String>| {
        lines.retain(|line| !needless(line) && line != "-- (no-op)");
        lines.sort();
        lines.dedup();
        lines
    };
    assert_same(
        &sorted(statements(Backend::Sqlite)),
        &sorted(recorded(include_str!("../data/schema.sql"))),
    );
}

#[test]
fn postgres() {
    assert_same(
        &statements(Backend::Postgres),
        &recorded(include_str!("../data/schema.postgres.sql")),
    );
}

#[test]
fn mariadb() {
    let backend = Backend::MySql {
        mariadb: true,
        version: (10, 11),
    };
    assert_same(
        &statements(backend),
        &recorded(include_str!("../data/schema.mariadb.sql")),
    );
}
