//! Databases on a server: their names, their URLs, and how they go.

use super::database::Result;
use orm_core::exec::{Db, DbOptions, Session};
#[cfg(feature = "postgres")]
use orm_core::{Kind, Value};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

/// A connection to another database of the server, by which a test's database is made and dropped.
pub(super) struct Server {
    admin: Db,
    session: Session,
}

impl Server {
    /// Connects to the database of that URL, which the tests leave alone.
    pub async fn connect(url: &str) -> Result<Self> {
        let admin = Db::connect_with(DbOptions::new(url).max_connections(1)).await?;
        let session = admin.session().await?;
        Ok(Server { admin, session })
    }

    /// One statement.
    pub async fn execute(&mut self, sql: &str) -> Result<()> {
        Ok(self.session.execute_script(sql).await?)
    }

    /// The number that a query gives.
    #[cfg(feature = "postgres")]
    pub async fn number(&mut self, sql: &str, args: &[Value]) -> Result<i64> {
        let rows = self.session.fetch(sql, args, &[Kind::Int]).await?;
        match rows.first().and_then(|row| row.first()) {
            Some(Value::Int(number)) => Ok(*number),
            _ => Err("the server's answer is no number".into()),
        }
    }

    /// Drops a database, and disconnects.
    pub async fn remove(mut self, drop_sql: &str) -> Result<()> {
        let dropped = self.execute(drop_sql).await;
        self.session.release().await;
        self.admin.close().await;
        dropped
    }
}

/// A test's database on a server.
pub(super) struct Place {
    pub server: Server,
    pub drop_sql: String,
}

impl Place {
    /// Drops the database.
    pub async fn remove(self) -> Result<()> {
        self.server.remove(&self.drop_sql).await
    }
}

/// The URL that the variable holds.
pub(super) fn url(variable: &str) -> Result<String> {
    let url = std::env::var(variable).ok().filter(|url| !url.is_empty());
    url.ok_or_else(|| {
        format!(
            "{variable} is not set. `tests/servers.sh cargo test` starts throwaway servers and sets it; or name a \
             server where databases can be created"
        )
        .into()
    })
}

/// The URL with another database in it.
pub(super) fn with_database(url: &str, name: &str) -> String {
    let (base, parameters) = url
        .split_once('?')
        .map_or((url, None), |(base, rest)| (base, Some(rest)));
    let host = base.find("://").map_or(0, |scheme| scheme + 3);
    let server = base
        .get(host..)
        .and_then(|rest| rest.find('/'))
        .and_then(|slash| base.get(..host + slash));
    let parameters = parameters.map(|rest| format!("?{rest}")).unwrap_or_default();
    format!("{}/{name}{parameters}", server.unwrap_or(base))
}

/// A name that no other test has, not even one of another process.
pub(super) fn fresh_name() -> String {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let number = NEXT.fetch_add(1, Ordering::Relaxed);
    let now = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default()
        .as_micros();
    format!("orm_test_{}_{now:x}_{number}", std::process::id())
}

#[cfg(test)]
mod tests {
    use super::with_database;

    #[test]
    fn another_database_in_the_url() {
        let cases = [
            (
                "postgres://u:p@localhost:5432/postgres",
                "postgres://u:p@localhost:5432/x",
            ),
            ("postgres://localhost", "postgres://localhost/x"),
            (
                "mysql://root@localhost/mysql?ssl-mode=disabled",
                "mysql://root@localhost/x?ssl-mode=disabled",
            ),
            (
                "postgres:///postgres?host=/run/postgresql",
                "postgres:///x?host=/run/postgresql",
            ),
        ];
        for (url, expected) in cases {
            assert_eq!(with_database(url, "x"), expected);
        }
    }
}
