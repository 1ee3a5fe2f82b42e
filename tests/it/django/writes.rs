//! Runs the scripts that write: what each statement gives, and the tables afterwards.

use super::compare::{self, Verdict};
use super::corpus::{self, Case, Database};
use super::exceptions::Exceptions;
use super::fixture::{self, Table};
use super::report::{Report, tell};
use super::run::{PATIENCE, at_once, chosen, runtime};
use futures_util::FutureExt;
use orm::chrono::{DateTime, Utc};
use orm::serde_json::{Map, Value as Json};
use orm::shell::{Answer, Shell};
use orm::testing::TestDatabase;
use orm::{Backend, Db, Value};
use std::panic::AssertUnwindSafe;
use std::time::Instant;

/// When the scripts were recorded, as their clock had it.
fn recorded() -> DateTime<Utc> {
    "2024-05-17T12:34:56.789012Z".parse().unwrap()
}

/// All scripts on all databases.
pub fn scripts() {
    let start = Instant::now();
    let cases = chosen(corpus::cases("writes.jsonl").unwrap());
    let exceptions = Exceptions::read().unwrap();
    let reports = at_once(Database::ALL.map(|database| {
        let cases = &cases;
        move || on(database, cases)
    }));
    let failed = tell(&reports, &exceptions, start);
    assert!(failed == 0, "{failed} failed");
}

/// All scripts on one database, each on the rows of the fixture.
fn on(database: Database, cases: &[Case]) -> Vec<Report<'_>> {
    runtime().block_on(async {
        let place = TestDatabase::create(database.kind(), &["django"]).await.unwrap();
        let db = place.db();
        db.set_clock(recorded);
        fixture::load(db).await.unwrap();
        let tables = fixture::tables().unwrap();
        let mut reports = Vec::new();
        for case in cases {
            number_anew(db, &tables).await.unwrap();
            let caught = AssertUnwindSafe(run(db, &case.text)).catch_unwind();
            let outcome = match tokio::time::timeout(PATIENCE, caught).await {
                Ok(Ok(outcome)) => Ok(outcome),
                Ok(Err(_)) => Err("it panicked"),
                Err(_) => Err("it took too long"),
            };
            let left = restore(db, &tables).await.unwrap();
            let verdict = match outcome {
                Ok(outcome) => judge(case, database, &outcome, &tables, &left),
                Err(why) => Verdict::Different(why.to_owned()),
            };
            reports.push(Report {
                case,
                database,
                verdict,
            });
        }
        place.remove().await.unwrap();
        reports
    })
}

/// What a script came to.
struct Outcome {
    /// what its statements gave, and how many queries each took
    returns: Vec<(Json, usize)>,
    /// class and message of the error that ended it
    error: Option<(String, String)>,
}

async fn run(db: &Db, script: &str) -> Outcome {
    let models: Vec<_> = fixture::models().collect();
    let mut shell = Shell::new(db.clone(), &models);
    let mut returns = Vec::new();
    for statement in script.lines() {
        let capture = db.capture_queries();
        match given(&mut shell, statement).await {
            Ok(value) => returns.push((value, capture.queries().len())),
            Err(error) => {
                let error = Some((error.class().to_owned(), error.message().to_owned()));
                return Outcome { returns, error };
            }
        }
    }
    Outcome { returns, error: None }
}

/// The value of an expression; of an assignment to a name the row that was assigned.
async fn given(shell: &mut Shell, statement: &str) -> Result<Json, orm::shell::ShellError> {
    let answer = match shell.run(statement).await? {
        Answer::Nothing => {
            let name = statement.split(" = ").next().unwrap_or_default();
            if name.contains(['.', '[']) {
                return Ok(Json::Null);
            }
            match shell.run(name).await? {
                row @ Answer::Value(orm::shell::Obj::Record(_)) => row,
                _ => return Ok(Json::Null),
            }
        }
        answer => answer,
    };
    Ok(as_library(shell.canonical(&answer).await?))
}

/// The app of the records is called `library`.
fn as_library(value: Json) -> Json {
    match value {
        Json::Array(items) => items.into_iter().map(as_library).collect(),
        Json::Object(entries) => {
            let named = |(name, value): (String, Json)| (name.replace("django.", "library."), as_library(value));
            entries.into_iter().map(named).collect::<Map<_, _>>().into()
        }
        other => other,
    }
}

/// Whether an outcome is what the record expects.
fn judge(case: &Case, database: Database, outcome: &Outcome, tables: &[Table], left: &[Left]) -> Verdict {
    let (expects, errors) = (case.said("expect", database), case.said("error", database));
    let queries = case.said("n_queries", database)[0];
    let mut verdicts = expects.iter().zip(errors.iter().chain(std::iter::repeat(&errors[0])));
    let mut first = None;
    for (expect, error) in &mut verdicts {
        match one(case, expect, error, queries, outcome, tables, left) {
            Verdict::Different(why) => drop(first.get_or_insert(why)),
            right => return right,
        }
    }
    Verdict::Different(first.unwrap_or_else(|| "nothing is expected".to_owned()))
}

fn one(
    case: &Case,
    expect: &Json,
    error: &Json,
    queries: &Json,
    outcome: &Outcome,
    tables: &[Table],
    left: &[Left],
) -> Verdict {
    let expected = expect["returns"].as_array().map_or(&[][..], Vec::as_slice);
    for (at, (value, count)) in outcome.returns.iter().enumerate() {
        let Some(wanted) = expected.get(at) else {
            return Verdict::Different(format!("statement {at} gives {value}"));
        };
        let statement = case.text.lines().nth(at).unwrap_or_default();
        let same = match (wanted, value) {
            (Json::Array(wanted), Json::Array(found)) if !statement.contains("order_by") => {
                compare::same_multiset(wanted, found, false)
            }
            _ => compare::same(wanted, value, false),
        };
        if !same {
            return Verdict::Different(format!("statement {at} gives {value}"));
        }
        let most = queries[at].as_u64().unwrap_or(u64::MAX);
        if *count as u64 > most {
            return Verdict::Different(format!("statement {at} takes {count} queries instead of {most}"));
        }
    }
    let mut verdict = match (&outcome.error, error) {
        (None, Json::Null) => Verdict::Same,
        (None, _) => Verdict::Different("no error".to_owned()),
        (Some((class, message)), Json::Null) => Verdict::Different(format!("{class}: {message}")),
        (Some((class, message)), error) => {
            if error["at"].as_u64() != Some(outcome.returns.len() as u64) {
                return Verdict::Different(format!("{class}: {message} at {}", outcome.returns.len()));
            }
            let failure = compare::Failure {
                class: class.clone(),
                message: message.clone(),
            };
            compare::error(
                error["type"].as_str().unwrap_or(""),
                error["message"].as_str(),
                &failure,
            )
        }
    };
    if !matches!(verdict, Verdict::Different(_))
        && let Some(different) = difference(&expect["tables"], tables, left)
    {
        verdict = Verdict::Different(different);
    }
    verdict
}

/// A table that is not as it was, by its place among all, and its rows.
struct Left {
    table: usize,
    rows: Vec<Vec<Value>>,
}

/// The first table that is not what the record says.
fn difference(expected: &Json, tables: &[Table], left: &[Left]) -> Option<String> {
    tables.iter().enumerate().find_map(|(at, table)| {
        let rows = left.iter().find(|left| left.table == at).map(|left| &left.rows);
        let rows = rows.unwrap_or(&table.rows);
        let wanted = match expected.get(table.name).and_then(Json::as_array) {
            None => table.rows.clone(),
            Some(wanted) => wanted.iter().map(|row| table.row(row).unwrap()).collect(),
        };
        // The rows of a table between two models are numbered in no certain order.
        let between = table.columns.len() == 3 && !fixture::models().any(|model| model.table == table.name);
        let known = |row: &Vec<Value>| row[usize::from(between)..].to_vec();
        let mut found: Vec<Vec<Value>> = rows.iter().map(known).collect();
        let missing: Vec<Vec<Value>> = wanted.iter().map(known).filter(|row| take(&mut found, row)).collect();
        if missing.is_empty() && found.is_empty() {
            return None;
        }
        Some(format!("{}: {missing:?} missing, {found:?} too much", table.name))
    })
}

/// Takes such a row out; true where there is none.
fn take(rows: &mut Vec<Vec<Value>>, row: &[Value]) -> bool {
    let same = |a: &Value, b: &Value| match (a, b) {
        (Value::Float(a), Value::Float(b)) => (a - b).abs() <= 1e-9 * a.abs().max(b.abs()),
        _ => a == b,
    };
    let equal = |other: &Vec<Value>| other.iter().zip(row).all(|(a, b)| same(a, b));
    match rows.iter().position(equal) {
        Some(at) => {
            rows.swap_remove(at);
            false
        }
        None => true,
    }
}

/// Puts the tables that differ from the fixture back, and gives what they held.
async fn restore(db: &Db, tables: &[Table]) -> orm::Result<Vec<Left>> {
    let mut session = db.session().await?;
    let mut left = Vec::new();
    for (at, table) in tables.iter().enumerate() {
        let rows = table.read(&mut session).await?;
        let mut missing = rows.clone();
        let same = rows.len() == table.rows.len() && !table.rows.iter().any(|row| take(&mut missing, row));
        if !same {
            left.push(Left { table: at, rows });
        }
    }
    if !left.is_empty() {
        let changed: Vec<&Table> = left.iter().map(|left| &tables[left.table]).collect();
        fixture::fill(&mut session, &changed, &changed).await?;
    }
    session.release().await;
    Ok(left)
}

/// New rows are numbered from the highest number on, as after loading.
async fn number_anew(db: &Db, tables: &[Table]) -> orm::Result<()> {
    let mut session = db.session().await?;
    let backend = session.backend();
    let numbered = tables.iter().filter_map(|table| {
        let at = table.columns.iter().position(|column| column.name == "id")?;
        let highest = table.rows.iter().filter_map(|row| match row.get(at) {
            Some(Value::Int(number)) => Some(*number),
            _ => None,
        });
        Some((table, highest.max().unwrap_or(0)))
    });
    let mut script = String::new();
    for (table, highest) in numbered {
        let name = table.name;
        script += &match backend {
            Backend::Sqlite => format!("UPDATE sqlite_sequence SET seq = {highest} WHERE name = '{name}';"),
            Backend::Postgres => format!(
                "SELECT setval(pg_get_serial_sequence('{name}', 'id'), {}, {});",
                highest.max(1),
                highest > 0
            ),
            _ => {
                let sql = "SELECT COALESCE(auto_increment, 0) FROM information_schema.tables \
                           WHERE table_schema = DATABASE() AND table_name = ?";
                let found = session
                    .fetch(sql, &[Value::Text(name.to_owned())], &[orm::Kind::Int])
                    .await?;
                if found.first() == Some(&vec![Value::Int(highest + 1)]) {
                    continue;
                }
                let name = fixture::quote(backend, name);
                format!("ALTER TABLE {name} AUTO_INCREMENT = {};", highest + 1)
            }
        };
    }
    session.execute_script(&script).await?;
    session.release().await;
    Ok(())
}
