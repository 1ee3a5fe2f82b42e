//! The recorded autodetector cases: operations, names and dependencies, the SQLite statements.

use crate::convert::{self, items, text};
use orm_core::exec::Backend;
use orm_migrate::Result;
use orm_migrate::diff::{Alteration, Autodetector, Questioner};
use orm_migrate::editor::MigrationSql;
use orm_migrate::files::{MigrationGraph, parse, write};
use orm_migrate::literal::Literal;
use orm_migrate::operation::{Migration, Operation};
use orm_migrate::state::{FieldState, ModelState, ProjectState};
use serde_json::Value;
use std::collections::BTreeMap;

pub const CASES: &str = include_str!("../data/migrations.jsonl");
/// What we do not have, each with the reason.
const EXCEPTIONS: &str = include_str!("../data/exceptions.txt");

/// Answers what the case says.
struct Recorded<'a> {
    answers: &'a Value,
    asked: Vec<String>,
}

impl Recorded<'_> {
    fn literal(&mut self, question: &str) -> Literal {
        self.asked.push(question.to_owned());
        convert::literal(&self.answers[question]).expect("an answer")
    }

    fn yes(&mut self, question: &str) -> bool {
        self.asked.push(question.to_owned());
        self.answers[question] == true
    }
}

impl Questioner for Recorded<'_> {
    fn ask_not_null_addition(&mut self, _: &ModelState, _: &FieldState) -> Result<Literal> {
        Ok(self.literal("ask_not_null_addition"))
    }

    fn ask_not_null_alteration(&mut self, _: &ModelState, _: &FieldState) -> Result<Alteration> {
        Ok(if self.answers["ask_not_null_alteration"] == "__NOT_PROVIDED__" {
            self.asked.push("ask_not_null_alteration".into());
            Alteration::Ignore
        } else {
            Alteration::Default(self.literal("ask_not_null_alteration"))
        })
    }

    fn ask_auto_now_add_addition(&mut self, _: &ModelState, _: &FieldState) -> Result<Literal> {
        Ok(self.literal("ask_auto_now_add_addition"))
    }

    fn ask_unique_callable_default_addition(&mut self, _: &ModelState, _: &FieldState) -> Result<()> {
        self.asked.push("ask_unique_callable_default_addition".into());
        Ok(())
    }

    fn ask_rename_field(&mut self, _: &ModelState, _: &FieldState, _: &FieldState) -> Result<bool> {
        Ok(self.yes("ask_rename"))
    }

    fn ask_rename_model(&mut self, _: &ModelState, _: &ModelState) -> Result<bool> {
        Ok(self.yes("ask_rename_model"))
    }
}

/// What the case comes to with us.
pub struct Ours {
    /// the migrations of the state before
    pub graph: MigrationGraph,
    /// those of the change
    pub migrations: Vec<Migration>,
    pub asked: Vec<String>,
    /// the state before, as the files have it
    pub before: ProjectState,
}

/// The migrations of the state before, then those of the change.
pub fn run(case: &Value) -> Result<Ours, String> {
    let before = convert::state(&case["before"])?;
    let after = convert::state(&case["after"])?;
    let fail = |e: orm_migrate::MigrateError| format!("failed: {e}");
    let mut nobody = Recorded {
        answers: &Value::Null,
        asked: vec![],
    };
    let none = ProjectState::default();
    let first = Autodetector::new(&none, &before, &mut nobody)
        .changes(&MigrationGraph::default(), None)
        .map_err(fail)?;
    let graph = MigrationGraph::new(first.into_iter().map(reread).collect()).map_err(fail)?;
    let replayed = graph.state().map_err(fail)?;
    let mut questioner = Recorded {
        answers: &case["answers"],
        asked: vec![],
    };
    let migrations = Autodetector::new(&replayed, &after, &mut questioner)
        .changes(&graph, None)
        .map_err(fail)?;
    let asked = questioner.asked;
    let migrations = migrations.into_iter().map(|m| reread(m).0).collect();
    Ok(Ours {
        graph,
        migrations,
        asked,
        before: replayed,
    })
}

/// Through the text of a file and back.
fn reread(migration: Migration) -> (Migration, String) {
    let path = format!("{}.toml", migration.id.name);
    let text = write(&migration, "Made by a test.").unwrap();
    let read = parse(&path, &text).unwrap_or_else(|e| panic!("{e}\n{text}"));
    assert_eq!(read, migration, "{text}");
    (read, path)
}

/// Compares everything; an error says what differs.
fn check(case: &Value) -> Result<(), String> {
    let Ours {
        migrations,
        asked,
        before,
        ..
    } = run(case)?;
    let differ = |what: &str, ours: &dyn std::fmt::Debug, django: &dyn std::fmt::Debug| {
        Err(format!("{what}\n  ours:   {ours:#?}\n  Django: {django:#?}"))
    };
    let questions: Vec<String> = items(&case["questions"]).iter().map(|q| text(&q["question"])).collect();
    if asked != questions {
        return differ("questions", &asked, &questions);
    }
    let ours: BTreeMap<String, (bool, Vec<String>, usize)> = migrations
        .iter()
        .map(|m| {
            let dependencies = m.dependencies.iter().map(ToString::to_string).collect();
            (m.id.to_string(), (m.initial, dependencies, m.operations.len()))
        })
        .collect();
    let django: BTreeMap<String, (bool, Vec<String>, usize)> = items(&case["migrations"])
        .iter()
        .map(|m| {
            let dependencies = items(&m["dependencies"])
                .iter()
                .map(|d| convert::names(d).join("."))
                .collect();
            let count = usize::try_from(m["n_operations"].as_u64().unwrap()).unwrap();
            (
                format!("{}.{}", text(&m["app"]), text(&m["name"])),
                (m["initial"] == true, dependencies, count),
            )
        })
        .collect();
    if ours != django {
        return differ("migrations", &ours, &django);
    }
    // Migrations of different apps may come in any order that their dependencies allow.
    let position = |m: &Migration| {
        let recorded = items(&case["migrations"]).iter();
        recorded
            .map(|r| (text(&r["app"]), text(&r["name"])))
            .position(|r| r == (m.id.app.clone(), m.id.name.clone()))
    };
    let mut migrations = migrations;
    migrations.sort_by_key(position);
    let ours: Vec<String> = migrations.iter().flat_map(|m| &m.operations).map(summary).collect();
    let django: Vec<String> = items(&case["operations"]).iter().map(recorded_summary).collect();
    if ours != django {
        return differ("operations", &ours, &django);
    }
    let mut state = before;
    let mut ours = Vec::new();
    let mut error = None;
    for migration in &migrations {
        match MigrationSql::forwards(migration, &mut state, Backend::Sqlite) {
            Ok(sql) => ours.extend(sql.lines()),
            Err(e) => error = Some(e.to_string()),
        }
    }
    if error.is_some() == case["error"].is_null() {
        return differ("error", &error, &case["error"]);
    }
    let django = convert::names(&case["sqlite_ddl"]);
    // We quote every name; Django does not where it copies a table of keys.
    let bare = |lines: &[String]| lines.iter().map(|line| line.replace('"', "")).collect::<Vec<_>>();
    let (ours, django) = (bare(&ours), bare(&django));
    if case["sqlmigrate_error"].is_null() && error.is_none() && ours != django {
        return differ("statements", &ours, &django);
    }
    Ok(())
}

/// Description, and the fields that it is about with everything that the schema knows.
fn summary(operation: &Operation) -> String {
    let fields: Vec<String> = match operation {
        Operation::CreateModel(model) => model.fields.iter().map(field_summary).collect(),
        Operation::AddField {
            field,
            preserve_default,
            ..
        }
        | Operation::AlterField {
            field,
            preserve_default,
            ..
        } => {
            vec![format!("{} keep={preserve_default}", field_summary(field))]
        }
        Operation::AlterUniqueTogether { unique_together, .. } => {
            vec![format!(
                "{:?}",
                unique_together.iter().collect::<std::collections::BTreeSet<_>>()
            )]
        }
        _ => vec![],
    };
    format!("{}: {}", operation.describe(), fields.join("; "))
}

fn recorded_summary(operation: &Value) -> String {
    let named = |field: &Value, name: &Value| {
        let mut field = field.clone();
        field["name"] = name.clone();
        let mut field = convert::field(&field).unwrap();
        if is_function(&operation["field"]) {
            field.default = Some(Literal::Text("01020304-0506-4708-890a-0b0c0d0e0f10".into()));
        }
        field_summary(&field)
    };
    let fields: Vec<String> = match text(&operation["op"]).as_str() {
        "CreateModel" => items(&operation["fields"])
            .iter()
            .map(|f| named(f, &f["name"]))
            .collect(),
        "AddField" | "AlterField" => {
            // What a function makes is a one-off default with us.
            let keep = operation["preserve_default"] != false && !is_function(&operation["field"]);
            vec![format!(
                "{} keep={keep}",
                named(&operation["field"], &operation["name"])
            )]
        }
        "AlterUniqueTogether" => {
            let groups: std::collections::BTreeSet<Vec<String>> = items(&operation["unique_together"])
                .iter()
                .map(convert::names)
                .collect();
            vec![format!("{groups:?}")]
        }
        _ => vec![],
    };
    format!("{}: {}", text(&operation["describe"]), fields.join("; "))
}

fn is_function(field: &Value) -> bool {
    field["default"] == "uuid4" || field["default"]["callable"] == "uuid4"
}

/// A field in one line. Django's relations name models in lower case.
fn field_summary(field: &FieldState) -> String {
    let mut json = serde_json::to_value(field).unwrap();
    for key in ["to", "through"] {
        if let Some(label) = json[key].as_str() {
            json[key] = Value::String(label.to_lowercase());
        } else {
            json.as_object_mut().unwrap().remove(key);
        }
    }
    if json["default"].as_str().is_some_and(|text| text.contains('T')) {
        // Moments are written with and without the zone.
        json["default"] = Value::String(text(&json["default"]).trim_end_matches('Z').replace("+00:00", ""));
    }
    json.to_string()
}

pub fn exceptions() -> BTreeMap<&'static str, &'static str> {
    EXCEPTIONS
        .lines()
        .filter(|l| !l.starts_with('#'))
        .filter_map(|line| line.split_once(": "))
        .collect()
}

#[test]
fn every_case_is_django_s_or_an_exception_with_a_reason() {
    let exceptions = exceptions();
    let mut failures = Vec::new();
    let mut passed = 0;
    for line in CASES.lines() {
        let case: Value = serde_json::from_str(line).unwrap();
        let id = text(&case["id"]);
        match (check(&case), exceptions.get(id.as_str())) {
            (Ok(()), None) => passed += 1,
            (Ok(()), Some(_)) => failures.push(format!("{id} passes and is listed as an exception")),
            (Err(_), Some(_)) => {}
            (Err(why), None) => failures.push(format!("{id}: {why}")),
        }
    }
    println!("{passed} of {} cases are Django's", CASES.lines().count());
    assert!(
        failures.is_empty(),
        "{} failures\n{}",
        failures.len(),
        failures.join("\n\n")
    );
}
