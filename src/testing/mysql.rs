//! MySQL and MariaDB: a new schema for each test.

use super::database::{Result, create_tables};
use super::server::{Place, Server, fresh_name, url, with_database};
use orm_core::exec::Db;

pub(super) async fn create(apps: &[&str]) -> Result<(Db, Place)> {
    let url = url("ORM_TEST_MYSQL_URL")?;
    let mut server = Server::connect(&url).await?;
    let name = fresh_name();
    server
        .execute(&format!(
            "CREATE DATABASE {name} CHARACTER SET utf8mb4 COLLATE utf8mb4_bin"
        ))
        .await?;
    let place = Place {
        server,
        drop_sql: format!("DROP DATABASE IF EXISTS {name}"),
    };
    match filled(&with_database(&url, &name), apps).await {
        Ok(db) => Ok((db, place)),
        Err(error) => {
            // The first error says more than one of the clearing up.
            drop(place.remove().await);
            Err(error)
        }
    }
}

async fn filled(url: &str, apps: &[&str]) -> Result<Db> {
    let db = Db::connect(url).await?;
    create_tables(&db, apps).await?;
    Ok(db)
}
