//! That our tables are Django's: the same columns, of the same types, as its DDL makes.

use super::corpus::Database;
use super::fixture;
use orm::testing::TestDatabase;
use orm::{Backend, Db, Kind, Value};

/// The columns of the tables, as the database itself tells them: table, column, type, whether it may
/// be NULL.
async fn columns(db: &Db, database: Database) -> Vec<[String; 4]> {
    let sql = match database {
        Database::Sqlite => {
            r#"SELECT t.name, c.name, c.type, CASE WHEN c."notnull" THEN 'NO' ELSE 'YES' END
            FROM sqlite_master AS t, pragma_table_info(t.name) AS c WHERE t.type = 'table'"#
        }
        Database::Postgres => {
            "SELECT c.table_name::text, c.column_name::text,
                format_type(a.atttypid, a.atttypmod), c.is_nullable::text
            FROM information_schema.columns AS c JOIN pg_attribute AS a
                ON a.attrelid = quote_ident(c.table_name)::regclass AND a.attname = c.column_name
            WHERE c.table_schema = 'public'"
        }
        Database::MariaDb => {
            "SELECT table_name, column_name, column_type, is_nullable
            FROM information_schema.columns WHERE table_schema = DATABASE()"
        }
    };
    let mut session = db.session().await.unwrap();
    let rows = session.fetch(sql, &[], &[Kind::Text; 4]).await.unwrap();
    session.release().await;
    let text = |value: &Value| match value {
        Value::Text(text) => text.clone(),
        other => panic!("{other:?} is no text"),
    };
    let mut columns: Vec<[String; 4]> = rows
        .iter()
        .map(|row| [text(&row[0]), text(&row[1]), text(&row[2]), text(&row[3])])
        .filter(|[table, ..]| table.starts_with("library_"))
        .collect();
    columns.sort();
    columns
}

/// Django's DDL, by which the migrations are judged as well.
macro_rules! ddl {
    ($file:literal) => {
        include_str!(concat!("../../../orm-migrate/tests/data/", $file))
    };
}

/// Of an app without models a test gets a database without tables.
#[orm::test(apps = ["nothing"])]
async fn the_tables_are_those_of_django(db: Db) {
    let (database, ddl) = match db.backend() {
        Backend::Sqlite => (Database::Sqlite, ddl!("schema.sql")),
        Backend::Postgres => (Database::Postgres, ddl!("schema.postgres.sql")),
        _ => (Database::MariaDb, ddl!("schema.mariadb.sql")),
    };
    let mut session = db.session().await.unwrap();
    session.execute_script(ddl).await.unwrap();
    session.release().await;
    let ours = TestDatabase::create(database.kind(), &["django"]).await.unwrap();
    let (expected, found) = (columns(&db, database).await, columns(ours.db(), database).await);
    ours.remove().await.unwrap();
    assert!(expected.len() > 150, "{expected:?}");
    let missing: Vec<_> = expected.iter().filter(|column| !found.contains(column)).collect();
    let strange: Vec<_> = found.iter().filter(|column| !expected.contains(column)).collect();
    assert!(
        missing.is_empty() && strange.is_empty(),
        "Django: {missing:#?}\nours: {strange:#?}"
    );
}

#[test]
fn the_models_are_all_there() {
    assert_eq!(fixture::models().count(), 38);
}
