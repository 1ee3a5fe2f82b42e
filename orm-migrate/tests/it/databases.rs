//! The databases that tests run on: SQLite in memory, and the servers that `tests/servers.sh` starts.

use orm_core::exec::{Backend, Db, Session};
use orm_core::{Kind, Value};
use orm_migrate::executor::{MigrateOptions, Migrator, Target};
use orm_migrate::files::{EmbeddedMigrations, MigrationSource, write};
use orm_migrate::operation::Migration;

/// Runs a test on SQLite.
pub async fn sqlite() -> Db {
    Db::connect("sqlite::memory:").await.unwrap()
}

/// An empty database of PostgreSQL, with this name.
pub async fn postgres(name: &str) -> Db {
    server("ORM_TEST_POSTGRES_URL", name, "").await
}

/// An empty database of MySQL or MariaDB, with this name.
pub async fn mysql(name: &str) -> Db {
    server("ORM_TEST_MYSQL_URL", name, " CHARACTER SET utf8mb4 COLLATE utf8mb4_bin").await
}

async fn server(variable: &str, name: &str, options: &str) -> Db {
    let url = std::env::var(variable).unwrap_or_else(|_| panic!("{variable} is not set; run tests/servers.sh"));
    let admin = Db::connect(&url).await.unwrap();
    let mut session = admin.session().await.unwrap();
    session
        .execute_script(&format!("DROP DATABASE IF EXISTS {name}"))
        .await
        .unwrap();
    session
        .execute_script(&format!("CREATE DATABASE {name}{options}"))
        .await
        .unwrap();
    session.release().await;
    let (server, _) = url.rsplit_once('/').unwrap();
    Db::connect(&format!("{server}/{name}")).await.unwrap()
}

/// Migrations that were never files.
pub fn source(migrations: &[Migration]) -> MigrationSource {
    let file = |migration: &Migration| -> (&'static str, &'static str) {
        let path = format!("{}/{}.toml", migration.id.app, migration.id.name);
        (path.leak(), write(migration, "Made by a test.").unwrap().leak())
    };
    let files: Vec<_> = migrations.iter().map(file).collect();
    EmbeddedMigrations::new(files.leak()).into()
}

pub async fn migrate(db: &Db, source: &MigrationSource, target: Target) -> orm_migrate::Result<usize> {
    let migrator = Migrator::new(db.clone(), source)?;
    Ok(migrator
        .migrate(&target, MigrateOptions::default(), &mut |_| {})
        .await?
        .len())
}

/// The names of all tables.
pub async fn tables(db: &Db) -> Vec<String> {
    let sql = match db.backend() {
        Backend::Sqlite => "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'",
        Backend::Postgres => "SELECT tablename::text FROM pg_tables WHERE schemaname = 'public'",
        _ => "SELECT CAST(table_name AS CHAR) FROM information_schema.tables WHERE table_schema = DATABASE()",
    };
    let mut tables = strings(&mut db.session().await.unwrap(), sql).await;
    tables.sort();
    tables
}

/// The first column of all rows.
pub async fn strings(session: &mut Session, sql: &str) -> Vec<String> {
    let rows = session.fetch(sql, &[], &[Kind::Text]).await.unwrap();
    let text = |mut row: Vec<Value>| match row.pop() {
        Some(Value::Text(text)) => text,
        other => panic!("{other:?}"),
    };
    rows.into_iter().map(text).collect()
}
