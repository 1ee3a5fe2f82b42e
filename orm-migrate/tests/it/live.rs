//! The recorded cases carried out, with rows in the tables, and undone again.

use crate::convert::{items, text};
use crate::corpus::{CASES, exceptions, run};
use crate::databases::{migrate, mysql, postgres, source, sqlite, strings, tables};
use orm_core::exec::{Backend, Db, Session};
use orm_migrate::executor::Target;
use orm_migrate::operation::Migration;
use serde_json::Value;

/// Statements that Django spells otherwise with the same meaning.
fn normalized(sql: &str) -> String {
    sql.replace('"', "").to_lowercase()
}

async fn schema(db: &Db) -> Vec<(String, String)> {
    let mut session = db.session().await.unwrap();
    let sql = "SELECT json_array(name, sql) FROM sqlite_master WHERE sql IS NOT NULL AND tbl_name NOT IN \
               ('django_migrations', 'sqlite_sequence') ORDER BY type DESC, name";
    let rows = strings(&mut session, sql).await;
    rows.iter()
        .map(|row| serde_json::from_str::<(String, String)>(row).unwrap())
        .map(|(n, s)| (n, normalized(&s)))
        .collect()
}

/// The tables of models.
async fn models(db: &Db) -> Vec<String> {
    tables(db)
        .await
        .into_iter()
        .filter(|table| table != "django_migrations")
        .collect()
}

async fn insert(session: &mut Session, table: &str, row: &Value) {
    let quote = |name: &str| {
        if matches!(session.backend(), Backend::MySql { .. }) {
            format!("`{name}`")
        } else {
            format!("\"{name}\"")
        }
    };
    let row = row.as_object().unwrap();
    let columns: Vec<String> = row.keys().map(|name| quote(name)).collect();
    let values: Vec<String> = row
        .values()
        .map(|value| match value {
            Value::String(text) => format!("'{}'", text.replace('\'', "''")),
            other => other.to_string(),
        })
        .collect();
    let sql = format!(
        "INSERT INTO {} ({}) VALUES ({})",
        quote(table),
        columns.join(", "),
        values.join(", ")
    );
    session.execute_script(&sql).await.unwrap();
}

/// The rows of a table as JSON, by key.
async fn rows(session: &mut Session, table: &str, like: &Value) -> Vec<Value> {
    let columns: Vec<&String> = like.as_object().unwrap().keys().collect();
    let pairs: Vec<String> = columns.iter().map(|name| format!("'{name}', {name}")).collect();
    let object = match session.backend() {
        Backend::Postgres => format!("CAST(json_build_object({}) AS text)", pairs.join(", ")),
        Backend::Sqlite => format!("json_object({})", pairs.join(", ")),
        _ => format!("CAST(JSON_OBJECT({}) AS CHAR)", pairs.join(", ")),
    };
    let rows = strings(session, &format!("SELECT {object} FROM {table} ORDER BY 1")).await;
    rows.iter()
        .map(|row| serde_json::from_str(row).unwrap())
        .map(plain)
        .collect()
}

/// Booleans as numbers and moments without their separators, for databases write them differently.
fn plain(row: Value) -> Value {
    let value = |value: Value| match value {
        Value::Bool(v) => Value::from(u8::from(v)),
        Value::String(text) => {
            let text = text.replace('T', " ").replace("+00:00", "").replace(".000000", "");
            Value::String(if text.len() == 36 { text.replace('-', "") } else { text })
        }
        other => other,
    };
    Value::Object(
        row.as_object()
            .unwrap()
            .iter()
            .map(|(k, v)| (k.clone(), value(v.clone())))
            .collect(),
    )
}

async fn carry_out(db: &Db, case: &Value) -> Result<(), String> {
    let ours = run(case)?;
    let first: Vec<Migration> = ours.graph.migrations().cloned().collect();
    let all: Vec<Migration> = first.iter().chain(&ours.migrations).cloned().collect();
    let fail = |what: &str, e: orm_migrate::MigrateError| format!("{what}: {e}");
    migrate(db, &source(&first), Target::All)
        .await
        .map_err(|e| fail("before", e))?;
    let before = if db.backend() == Backend::Sqlite {
        schema(db).await
    } else {
        vec![]
    };
    let tables_before = models(db).await;
    let recorded = &case["rows"];
    let mut session = db.session().await.unwrap();
    // A key may come before the row that it names.
    let (begin, end) = match db.backend() {
        Backend::MySql { .. } => ("SET FOREIGN_KEY_CHECKS = 0", "SET FOREIGN_KEY_CHECKS = 1"),
        _ => ("BEGIN", "COMMIT"),
    };
    session.execute_script(begin).await.unwrap();
    for (table, rows) in recorded["before"].as_object().into_iter().flatten() {
        for row in items(rows) {
            insert(&mut session, table, row).await;
        }
    }
    session.execute_script(end).await.unwrap();
    session.release().await;
    let applied = migrate(db, &source(&all), Target::All).await;
    if !recorded["error"].is_null() {
        return match applied {
            Ok(_) => Err("did not fail".into()),
            Err(_) if matches!(db.backend(), Backend::MySql { .. }) => Ok(()),
            Err(_) if models(db).await != tables_before => Err("was not rolled back".into()),
            Err(_) => Ok(()),
        };
    }
    applied.map_err(|e| fail("after", e))?;
    if db.backend() == Backend::Sqlite {
        let django: Vec<(String, String)> = items(&case["sqlite_schema_after"])
            .iter()
            .map(|o| (text(&o["name"]), normalized(&text(&o["sql"]))))
            .collect();
        let ours = schema(db).await;
        if ours != django {
            return Err(format!("schema\n  ours:   {ours:#?}\n  Django: {django:#?}"));
        }
    }
    let mut session = db.session().await.unwrap();
    for (table, expected) in recorded["after"].as_object().into_iter().flatten() {
        let expected: Vec<Value> = items(expected).iter().cloned().map(plain).collect();
        let Some(first) = expected.first() else { continue };
        let ours = rows(&mut session, table, first).await;
        if ours != expected {
            return Err(format!("rows of {table}\n  ours:   {ours:?}\n  Django: {expected:?}"));
        }
    }
    session.release().await;
    undo(db, &first, &all, before, tables_before).await
}

/// Back to the state before, then to nothing.
async fn undo(
    db: &Db,
    first: &[Migration],
    all: &[Migration],
    before: Vec<(String, String)>,
    tables_before: Vec<String>,
) -> Result<(), String> {
    let source = source(all);
    let apps: std::collections::BTreeSet<&str> = all.iter().map(|m| m.id.app.as_str()).collect();
    for app in &apps {
        let last = first.iter().filter(|m| m.id.app == **app).max_by_key(|m| m.id.number());
        let target = last.map_or_else(|| Target::Zero((*app).to_owned()), |m| Target::Migration(m.id.clone()));
        // Rows may keep a required column from coming back.
        match migrate(db, &source, target).await {
            Err(orm_migrate::MigrateError::Failed { .. } | orm_migrate::MigrateError::Partial { .. }) => return Ok(()),
            result => result.map_err(|e| format!("back: {e}"))?,
        };
    }
    if models(db).await != tables_before {
        return Err(format!(
            "tables after undoing: {:?}, before: {tables_before:?}",
            models(db).await
        ));
    }
    let columns = |schema: &[(String, String)]| schema.iter().map(|(name, _)| name.clone()).collect::<Vec<_>>();
    if db.backend() == Backend::Sqlite && columns(&schema(db).await) != columns(&before) {
        return Err(format!(
            "schema after undoing\n  now:    {:#?}\n  before: {before:#?}",
            schema(db).await
        ));
    }
    for app in apps {
        migrate(db, &source, Target::Zero(app.to_owned()))
            .await
            .map_err(|e| format!("zero: {e}"))?;
    }
    let left = models(db).await;
    if left.is_empty() {
        Ok(())
    } else {
        Err(format!("tables after everything was undone: {left:?}"))
    }
}

/// Carries out every case on a database of its own.
async fn every_case<F: Future<Output = Db>>(fresh: impl Fn() -> F) {
    let exceptions = exceptions();
    let mut failures = Vec::new();
    for line in CASES.lines() {
        let case: Value = serde_json::from_str(line).unwrap();
        let id = text(&case["id"]);
        if exceptions.contains_key(id.as_str()) || !case["error"].is_null() {
            continue;
        }
        let db = fresh().await;
        if let Err(why) = carry_out(&db, &case).await {
            failures.push(format!("{id}: {why}"));
        }
    }
    assert!(
        failures.is_empty(),
        "{} failures\n{}",
        failures.len(),
        failures.join("\n\n")
    );
}

#[tokio::test]
async fn on_sqlite() {
    every_case(sqlite).await;
}

#[tokio::test]
async fn on_postgres() {
    every_case(|| postgres("orm_migrate_live")).await;
}

#[tokio::test]
async fn on_mysql() {
    every_case(|| mysql("orm_migrate_live")).await;
}
