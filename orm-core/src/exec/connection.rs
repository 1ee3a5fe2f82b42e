//! One connection to one of the databases, and how to open it.

#[cfg(any(feature = "postgres", feature = "mysql"))]
use super::driver;
use super::outcome::{Done, Failure, Inserted};
use super::pool::Pool;
use super::sink::{Portions, Sink};
use super::{Backend, NumberedRows, RowReader, Statement};
use crate::value::Value;
#[cfg(any(feature = "postgres", feature = "mysql"))]
use sqlx::Connection as _;
use std::sync::Arc;

/// An open connection.
pub(crate) enum Connection {
    #[cfg(feature = "sqlite")]
    Sqlite(super::sqlite::SqliteConnection),
    #[cfg(feature = "postgres")]
    Postgres(sqlx::PgConnection),
    #[cfg(feature = "mysql")]
    MySql(sqlx::MySqlConnection),
}

/// How to open a connection.
pub(crate) enum Connector {
    #[cfg(feature = "sqlite")]
    Sqlite(super::sqlite::Connect),
    #[cfg(feature = "postgres")]
    Postgres(sqlx::postgres::PgConnectOptions),
    #[cfg(feature = "mysql")]
    MySql(sqlx::mysql::MySqlConnectOptions),
}

/// The driver's form of SQL text. Values are arguments, names are quoted.
#[cfg(any(feature = "postgres", feature = "mysql"))]
fn sql_str(sql: &str) -> sqlx::SqlStr {
    sqlx::SqlSafeStr::into_sql_str(sqlx::AssertSqlSafe(sql.to_owned()))
}

impl Connector {
    pub(crate) async fn connect(&self) -> Result<Connection, sqlx::Error> {
        match self {
            #[cfg(feature = "sqlite")]
            Connector::Sqlite(connect) => connect.open().await.map(Connection::Sqlite),
            #[cfg(feature = "postgres")]
            Connector::Postgres(options) => sqlx::PgConnection::connect_with(options)
                .await
                .map(Connection::Postgres),
            #[cfg(feature = "mysql")]
            Connector::MySql(options) => super::mysql::open(options).await.map(Connection::MySql),
        }
    }
}

impl Connector {
    /// Makes the pool of these connections known to those who need it.
    pub(crate) fn attach(&self, pool: &Arc<Pool>) {
        match self {
            #[cfg(feature = "sqlite")]
            Connector::Sqlite(connect) => connect.attach(pool),
            #[cfg(any(feature = "postgres", feature = "mysql"))]
            #[allow(unreachable_patterns, reason = "depends on the features")]
            _ => {
                let _ = pool;
            }
        }
    }
}

/// Calls a method of SQLite's connection, or a function that is generic over sqlx's drivers.
macro_rules! with_driver {
    ($connection:expr, $function:ident($statement:expr, $backend:expr $(, $argument:expr)*)) => {
        match $connection {
            #[cfg(feature = "sqlite")]
            Connection::Sqlite(connection) => {
                let _ = $backend;
                connection.$function($statement $(, $argument)*).await
            }
            #[cfg(feature = "postgres")]
            Connection::Postgres(connection) => driver::$function::<sqlx::Postgres, _>(connection, $statement, $backend $(, $argument)*).await,
            #[cfg(feature = "mysql")]
            Connection::MySql(connection) => driver::$function::<sqlx::MySql, _>(connection, $statement, $backend $(, $argument)*).await,
        }
    };
}

impl Connection {
    pub(crate) async fn fetch<R: RowReader>(
        &mut self,
        statement: &Statement,
        backend: Backend,
        reader: R,
    ) -> Result<Vec<R::Out>, Failure> {
        with_driver!(self, fetch(statement, backend, reader))
    }

    pub(crate) async fn portions<R: RowReader>(
        &mut self,
        statement: &Statement,
        backend: Backend,
        reader: R,
        sink: &mut Sink<R::Out>,
    ) -> Result<Portions, Failure> {
        with_driver!(self, portions(statement, backend, reader, sink))
    }

    pub(crate) async fn execute(&mut self, statement: &Statement, backend: Backend) -> Result<Done, Failure> {
        match self {
            #[cfg(feature = "sqlite")]
            Connection::Sqlite(connection) => {
                let _ = backend;
                connection.execute(statement).await
            }
            #[cfg(feature = "postgres")]
            Connection::Postgres(connection) if statement.work == super::Work::Copy => {
                super::postgres::copy(connection, statement).await
            }
            #[cfg(feature = "postgres")]
            Connection::Postgres(connection) => driver::execute::<sqlx::Postgres>(connection, statement, backend).await,
            #[cfg(feature = "mysql")]
            Connection::MySql(connection) => driver::execute::<sqlx::MySql>(connection, statement, backend).await,
        }
    }

    /// Runs an INSERT of one row within a transaction, if nothing is to be waited for. `None`: nothing was
    /// done. Only SQLite does not wait.
    pub(crate) fn insert_now<'v>(
        &mut self,
        sql: &Arc<str>,
        values: impl Iterator<Item = &'v Value>,
    ) -> Result<Option<Inserted>, Failure> {
        match self {
            #[cfg(feature = "sqlite")]
            Connection::Sqlite(connection) => connection.insert_now(sql, values),
            #[cfg(any(feature = "postgres", feature = "mysql"))]
            #[allow(unreachable_patterns, reason = "depends on the features")]
            _ => {
                let _ = (sql, values);
                Ok(None)
            }
        }
    }

    /// Whether it can tell the numbers of new rows while it inserts them. Only SQLite does.
    pub(crate) async fn tells_numbers(&mut self, rows: &NumberedRows<'_>) -> Result<bool, Failure> {
        match self {
            #[cfg(feature = "sqlite")]
            Connection::Sqlite(connection) => connection.tells_numbers(rows).await,
            #[cfg(any(feature = "postgres", feature = "mysql"))]
            #[allow(unreachable_patterns, reason = "depends on the features")]
            _ => {
                let _ = rows;
                Ok(false)
            }
        }
    }

    /// Runs an INSERT, and gives the numbers of its rows, or `None`: nothing was inserted, since they
    /// were not certain.
    pub(crate) async fn insert_numbered(
        &mut self,
        statement: &Statement,
        rows: &NumberedRows<'_>,
    ) -> Result<Option<Vec<i64>>, Failure> {
        match self {
            #[cfg(feature = "sqlite")]
            Connection::Sqlite(connection) => connection.insert_numbered(statement, rows).await,
            #[cfg(any(feature = "postgres", feature = "mysql"))]
            #[allow(unreachable_patterns, reason = "depends on the features")]
            _ => {
                let _ = (statement, rows);
                Ok(None)
            }
        }
    }

    /// Runs statements without preparing them.
    pub(crate) async fn script(&mut self, sql: &str) -> Result<Done, Failure> {
        match self {
            #[cfg(feature = "sqlite")]
            Connection::Sqlite(connection) => connection.script(sql).await,
            #[cfg(feature = "postgres")]
            Connection::Postgres(connection) => Ok(driver::script::<sqlx::Postgres>(connection, sql_str(sql)).await?),
            #[cfg(feature = "mysql")]
            Connection::MySql(connection) => Ok(driver::script::<sqlx::MySql>(connection, sql_str(sql)).await?),
        }
    }

    /// Runs statements of our own: `BEGIN`, `COMMIT`, savepoints.
    pub(crate) async fn control(&mut self, sql: &str) -> Result<(), Failure> {
        match self {
            #[cfg(feature = "sqlite")]
            Connection::Sqlite(connection) => connection.control(sql).await,
            #[cfg(any(feature = "postgres", feature = "mysql"))]
            #[allow(unreachable_patterns, reason = "depends on the features")]
            _ => self.script(sql).await.map(|_| ()),
        }
    }

    /// Whether the connection is alive. Those of SQLite are.
    pub(crate) async fn ping(&mut self) -> Result<(), sqlx::Error> {
        match self {
            #[cfg(feature = "sqlite")]
            Connection::Sqlite(_) => Ok(()),
            #[cfg(feature = "postgres")]
            Connection::Postgres(connection) => connection.ping().await,
            #[cfg(feature = "mysql")]
            Connection::MySql(connection) => connection.ping().await,
        }
    }

    pub(crate) async fn close(self) -> Result<(), sqlx::Error> {
        match self {
            #[cfg(feature = "sqlite")]
            Connection::Sqlite(connection) => connection.close().await,
            #[cfg(feature = "postgres")]
            Connection::Postgres(connection) => connection.close().await,
            #[cfg(feature = "mysql")]
            Connection::MySql(connection) => connection.close().await,
        }
    }
}
