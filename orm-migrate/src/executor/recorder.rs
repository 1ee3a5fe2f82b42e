//! The table `django_migrations`: what is applied.

use super::run::run_steps;
use crate::editor::SchemaEditor;
use crate::error::Result;
use crate::operation::MigrationId;
use crate::state::{DataType, FieldState, FieldType, ModelState, ProjectState};
use chrono::{DateTime, SubsecRound, Utc};
use orm_core::exec::{Backend, Session};
use orm_core::{Kind, Value};
use std::collections::{BTreeMap, BTreeSet};

/// The migrations that are applied; none if the table is not there.
pub(super) async fn applied(session: &mut Session) -> Result<BTreeSet<MigrationId>> {
    if !has_table(session).await? {
        return Ok(BTreeSet::new());
    }
    let rows = session
        .fetch(&select(session, "app, name"), &[], &[Kind::Text, Kind::Text])
        .await?;
    Ok(rows.into_iter().filter_map(|row| id(&row)).collect())
}

/// The migrations that are applied, each with when.
pub(super) async fn applied_at(session: &mut Session) -> Result<BTreeMap<MigrationId, DateTime<Utc>>> {
    if !has_table(session).await? {
        return Ok(BTreeMap::new());
    }
    let kinds = [Kind::Text, Kind::Text, Kind::DateTime];
    let rows = session
        .fetch(&select(session, "app, name, applied"), &[], &kinds)
        .await?;
    let entry = |row: Vec<Value>| match row.get(2) {
        Some(Value::DateTime(at)) => Some((id(&row)?, *at)),
        _ => None,
    };
    Ok(rows.into_iter().filter_map(entry).collect())
}

/// Makes the table if it is not there. The caller holds the lock.
pub(super) async fn ensure_table(session: &mut Session) -> Result<()> {
    if has_table(session).await? {
        return Ok(());
    }
    let steps = SchemaEditor::new(session.backend()).create_all(&ProjectState::from(vec![model()]))?;
    Ok(run_steps(session, &steps).await?)
}

/// Notes that a migration is applied.
pub(super) async fn record(session: &mut Session, id: &MigrationId) -> Result<()> {
    let table = quoted(session);
    let values = match session.backend() {
        Backend::Postgres => "$1, $2, $3",
        _ => "?, ?, ?",
    };
    let sql = format!("INSERT INTO {table} (app, name, applied) VALUES ({values})");
    let now = Utc::now().trunc_subsecs(6);
    let args = [
        Value::Text(id.app.clone()),
        Value::Text(id.name.clone()),
        Value::DateTime(now),
    ];
    session.execute(&sql, &args).await?;
    Ok(())
}

/// Notes that a migration is no longer applied.
pub(super) async fn forget(session: &mut Session, id: &MigrationId) -> Result<()> {
    let table = quoted(session);
    let sql = match session.backend() {
        Backend::Postgres => format!("DELETE FROM {table} WHERE app = $1 AND name = $2"),
        _ => format!("DELETE FROM {table} WHERE app = ? AND name = ?"),
    };
    session
        .execute(&sql, &[Value::Text(id.app.clone()), Value::Text(id.name.clone())])
        .await?;
    Ok(())
}

async fn has_table(session: &mut Session) -> Result<bool> {
    let sql = match session.backend() {
        Backend::Sqlite => "SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = 'django_migrations'",
        // `to_regclass` would answer from a cache that is older than the lock.
        Backend::Postgres => {
            "SELECT count(*) FROM pg_class WHERE relname = 'django_migrations' AND pg_table_is_visible(oid)"
        }
        _ => {
            "SELECT count(*) FROM information_schema.tables \
             WHERE table_schema = DATABASE() AND table_name = 'django_migrations'"
        }
    };
    let rows = session.fetch(sql, &[], &[Kind::Int]).await?;
    Ok(rows.first().and_then(|row| row.first()) == Some(&Value::Int(1)))
}

fn quoted(session: &Session) -> &'static str {
    if matches!(session.backend(), Backend::MySql { .. }) {
        "`django_migrations`"
    } else {
        "\"django_migrations\""
    }
}

fn select(session: &Session, columns: &str) -> String {
    format!("SELECT {columns} FROM {}", quoted(session))
}

fn id(row: &[Value]) -> Option<MigrationId> {
    match row {
        [Value::Text(app), Value::Text(name), ..] => Some(MigrationId::new(app, name)),
        _ => None,
    }
}

/// Django's model of the table.
fn model() -> ModelState {
    let mut model = ModelState::new("django", "Migration");
    model.table = Some("django_migrations".to_owned());
    let mut id = FieldState::new("id", FieldType::Data(DataType::BigAuto));
    id.primary_key = true;
    let text = |name| FieldState::new(name, FieldType::Data(DataType::Char { max_length: 255 }));
    let applied = FieldState::new("applied", FieldType::Data(DataType::DateTime));
    model.fields = vec![id, text("app"), text("name"), applied];
    model
}
