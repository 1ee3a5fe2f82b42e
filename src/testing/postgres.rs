//! PostgreSQL: each test gets a copy of a database that is made once and kept.
//!
//! The template's name has a hash of the tables in it, so processes with the same models share it
//! (a test runner may start one for each test) and changed models get another. It is filled under
//! another name first: where a template has its name, it is whole.

use super::database::{Result, create_tables};
use super::server::{Place, Server, fresh_name, url, with_database};
use orm_core::Value;
use orm_core::exec::{Backend, Db};
use std::hash::{DefaultHasher, Hash, Hasher};

/// The advisory lock of those who make templates: `orm.test` in ASCII.
const LOCK: i64 = 0x6f72_6d2e_7465_7374;

pub(super) async fn create(apps: &[&str]) -> Result<(Db, Place)> {
    let url = url("ORM_TEST_POSTGRES_URL")?;
    let mut server = Server::connect(&url).await?;
    let template = template(&mut server, &url, apps).await?;
    // Copying the files of a small database is faster than what PostgreSQL 15 and later do by default.
    let version = server
        .number("SELECT current_setting('server_version_num')::bigint", &[])
        .await?;
    let strategy = if version >= 150_000 { " STRATEGY file_copy" } else { "" };
    let name = fresh_name();
    server
        .execute(&format!("CREATE DATABASE {name} TEMPLATE {template}{strategy}"))
        .await?;
    let place = Place {
        server,
        drop_sql: format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"),
    };
    match Db::connect(&with_database(&url, &name)).await {
        Ok(db) => Ok((db, place)),
        Err(error) => {
            // The first error says more than one of the clearing up.
            drop(place.remove().await);
            Err(error.into())
        }
    }
}

/// The name of the template, which is made if it is not there.
async fn template(server: &mut Server, url: &str, apps: &[&str]) -> Result<String> {
    let name = format!("orm_test_template_{:016x}", hash(apps)?);
    if !exists(server, &name).await? {
        server.execute(&format!("SELECT pg_advisory_lock({LOCK})")).await?;
        let made = make_template(server, url, &name, apps).await;
        server.execute(&format!("SELECT pg_advisory_unlock({LOCK})")).await?;
        made?;
    }
    Ok(name)
}

async fn make_template(server: &mut Server, url: &str, name: &str, apps: &[&str]) -> Result<()> {
    // Another process may have made it while this one waited for the lock.
    if exists(server, name).await? {
        return Ok(());
    }
    let draft = format!("{name}_draft");
    server
        .execute(&format!("DROP DATABASE IF EXISTS {draft} WITH (FORCE)"))
        .await?;
    server.execute(&format!("CREATE DATABASE {draft}")).await?;
    let db = Db::connect(&with_database(url, &draft)).await?;
    let made = create_tables(&db, apps).await;
    db.close().await;
    made?;
    server
        .execute(&format!("ALTER DATABASE {draft} RENAME TO {name}"))
        .await
}

/// What the tables of these apps depend on: all of the models, and which apps are meant.
fn hash(apps: &[&str]) -> Result<u64> {
    let mut hasher = DefaultHasher::new();
    orm_migrate::executor::create_all_sql(Backend::Postgres)?.hash(&mut hasher);
    apps.hash(&mut hasher);
    Ok(hasher.finish())
}

async fn exists(server: &mut Server, name: &str) -> Result<bool> {
    let sql = "SELECT count(*) FROM pg_database WHERE datname = $1";
    Ok(server.number(sql, &[Value::Text(name.to_owned())]).await? > 0)
}
