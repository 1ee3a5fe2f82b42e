//! A fresh database, and its end.

use orm_core::exec::Db;
use std::error::Error;
use std::time::Duration;

/// Which kind of database a test runs on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum DatabaseKind {
    /// SQLite, in memory
    #[cfg(feature = "sqlite")]
    Sqlite,
    /// the server of `ORM_TEST_POSTGRES_URL`
    #[cfg(feature = "postgres")]
    Postgres,
    /// the server of `ORM_TEST_MYSQL_URL`
    #[cfg(feature = "mysql")]
    MySql,
}

impl DatabaseKind {
    /// The name that people use.
    pub fn name(self) -> &'static str {
        match self {
            #[cfg(feature = "sqlite")]
            DatabaseKind::Sqlite => "SQLite",
            #[cfg(feature = "postgres")]
            DatabaseKind::Postgres => "PostgreSQL",
            #[cfg(feature = "mysql")]
            DatabaseKind::MySql => "MySQL or MariaDB",
        }
    }
}

/// What goes wrong before and after a test: errors of the ORM and of its migrations.
pub(super) type Result<T, E = Box<dyn Error + Send + Sync>> = std::result::Result<T, E>;

/// A database with the tables of the models and no rows.
///
/// [`remove`](Self::remove) takes it away again; one that is only forgotten stays on its server.
pub struct TestDatabase {
    db: Db,
    #[cfg(any(feature = "postgres", feature = "mysql"))]
    server: Option<super::server::Place>,
}

impl TestDatabase {
    /// A new database with the tables of these apps, or of all if none is named.
    pub async fn create(kind: DatabaseKind, apps: &[&str]) -> Result<Self> {
        match kind {
            #[cfg(feature = "sqlite")]
            DatabaseKind::Sqlite => {
                let db = Db::connect("sqlite::memory:").await?;
                create_tables(&db, apps).await?;
                Ok(TestDatabase {
                    db,
                    #[cfg(any(feature = "postgres", feature = "mysql"))]
                    server: None,
                })
            }
            #[cfg(feature = "postgres")]
            DatabaseKind::Postgres => {
                let (db, place) = super::postgres::create(apps).await?;
                Ok(TestDatabase {
                    db,
                    server: Some(place),
                })
            }
            #[cfg(feature = "mysql")]
            DatabaseKind::MySql => {
                let (db, place) = super::mysql::create(apps).await?;
                Ok(TestDatabase {
                    db,
                    server: Some(place),
                })
            }
        }
    }

    /// The database.
    pub fn db(&self) -> &Db {
        &self.db
    }

    /// Takes the database away.
    pub async fn remove(self) -> Result<()> {
        // A task that the test left behind may keep a connection for ever.
        drop(tokio::time::timeout(Duration::from_secs(2), self.db.close()).await);
        #[cfg(any(feature = "postgres", feature = "mysql"))]
        if let Some(place) = self.server {
            place.remove().await?;
        }
        Ok(())
    }
}

/// Makes the tables of the models of these apps, or of all if none is named.
pub(super) async fn create_tables(db: &Db, apps: &[&str]) -> Result<()> {
    let apps = (!apps.is_empty()).then_some(apps);
    let mut session = db.session().await?;
    let made = orm_migrate::executor::sync_models(&mut session, apps).await;
    session.release().await;
    Ok(made?)
}
