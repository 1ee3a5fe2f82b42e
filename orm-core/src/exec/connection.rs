//! One connection to one of the databases, and how to open it.

use super::driver::{self, Done, Failure, Portions, Sink};
use super::{Backend, RowReader, Statement};
use sqlx::{AssertSqlSafe, Connection as _, SqlSafeStr};

/// An open connection.
pub(crate) enum Connection {
    #[cfg(feature = "sqlite")]
    Sqlite(sqlx::SqliteConnection),
    #[cfg(feature = "postgres")]
    Postgres(sqlx::PgConnection),
    #[cfg(feature = "mysql")]
    MySql(sqlx::MySqlConnection),
}

/// How to open a connection.
pub(crate) enum Connector {
    #[cfg(feature = "sqlite")]
    Sqlite(sqlx::sqlite::SqliteConnectOptions),
    #[cfg(feature = "postgres")]
    Postgres(sqlx::postgres::PgConnectOptions),
    #[cfg(feature = "mysql")]
    MySql(sqlx::mysql::MySqlConnectOptions),
}

impl Connector {
    pub(crate) async fn connect(&self) -> Result<Connection, sqlx::Error> {
        match self {
            #[cfg(feature = "sqlite")]
            Connector::Sqlite(options) => super::sqlite::open(options).await.map(Connection::Sqlite),
            #[cfg(feature = "postgres")]
            Connector::Postgres(options) => sqlx::PgConnection::connect_with(options)
                .await
                .map(Connection::Postgres),
            #[cfg(feature = "mysql")]
            Connector::MySql(options) => super::mysql::open(options).await.map(Connection::MySql),
        }
    }
}

/// Calls a function that is generic over the driver.
macro_rules! with_driver {
    ($connection:expr, $function:ident::<_ $(, $generic:ty)*>($($argument:expr),*)) => {
        match $connection {
            #[cfg(feature = "sqlite")]
            Connection::Sqlite(connection) => driver::$function::<sqlx::Sqlite $(, $generic)*>(connection, $($argument),*).await,
            #[cfg(feature = "postgres")]
            Connection::Postgres(connection) => driver::$function::<sqlx::Postgres $(, $generic)*>(connection, $($argument),*).await,
            #[cfg(feature = "mysql")]
            Connection::MySql(connection) => driver::$function::<sqlx::MySql $(, $generic)*>(connection, $($argument),*).await,
        }
    };
}

impl Connection {
    pub(crate) async fn fetch<R: RowReader>(
        &mut self,
        statement: &Statement,
        backend: Backend,
        reader: &mut R,
    ) -> Result<Vec<R::Out>, Failure> {
        with_driver!(self, fetch::<_, R>(statement, backend, reader))
    }

    pub(crate) async fn portions<R: RowReader>(
        &mut self,
        statement: &Statement,
        backend: Backend,
        reader: &mut R,
        sink: &mut Sink<R::Out>,
    ) -> Result<Portions, Failure> {
        with_driver!(self, portions::<_, R>(statement, backend, reader, sink))
    }

    pub(crate) async fn execute(&mut self, statement: &Statement, backend: Backend) -> Result<Done, Failure> {
        with_driver!(self, execute::<_>(statement, backend))
    }

    /// Runs statements without preparing them.
    pub(crate) async fn script(&mut self, sql: &str) -> Result<Done, sqlx::Error> {
        let sql = AssertSqlSafe(sql.to_owned()).into_sql_str();
        with_driver!(self, script::<_>(sql))
    }

    pub(crate) async fn ping(&mut self) -> Result<(), sqlx::Error> {
        match self {
            #[cfg(feature = "sqlite")]
            Connection::Sqlite(connection) => connection.ping().await,
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
