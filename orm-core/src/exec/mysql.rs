//! MySQL and MariaDB.

mod bind;
mod row;

use super::connection::Connector;
use super::db::Pools;
use super::driver::{Driver, Rows};
use super::lease::Lease;
use super::outcome::Done;
use super::pool::PoolSettings;
use super::{Backend, DbOptions, RowReader, Source, Statement, Work};
use crate::error::{Result, connecting};
use crate::meta::ColumnType;
use crate::value::Value;
use sqlx::mysql::{MySqlArguments, MySqlConnectOptions, MySqlQueryResult, MySqlRow};
use sqlx::{ConnectOptions, Connection, Executor, MySql, MySqlConnection, SqlStr};

impl Driver for MySql {
    fn arguments(values: &[Value], backend: Backend) -> Result<MySqlArguments> {
        bind::arguments(values, backend)
    }

    fn run(connection: &mut MySqlConnection, sql: SqlStr, arguments: MySqlArguments) -> Rows<'_, Self> {
        connection.fetch_many(sqlx::query_with(sql, arguments))
    }

    fn script(connection: &mut MySqlConnection, sql: SqlStr) -> Rows<'_, Self> {
        connection.fetch_many(sqlx::raw_sql(sql))
    }

    type Layout = row::Layout;

    fn layout(row: &MySqlRow) -> row::Layout {
        row::Layout::of(row)
    }

    fn read<R: RowReader>(
        row: &MySqlRow,
        layout: &row::Layout,
        columns: &[ColumnType],
        reader: &mut R,
    ) -> Result<R::Out> {
        reader.read(&mut row::Cells { row, layout, columns })
    }

    fn done(result: &MySqlQueryResult) -> Done {
        Done {
            affected: result.rows_affected(),
            last_id: result.last_insert_id(),
        }
    }
}

/// The settings of a session, as Django has them; and MariaDB assigns columns as all others do, from
/// the row as it was.
const SETTINGS: &str = "SET SESSION sql_mode = CONCAT(@@sql_mode, ',STRICT_TRANS_TABLES' \
     /*M!100305 , ',SIMULTANEOUS_ASSIGNMENT' */); \
     SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED";

/// Opens a connection. sqlx itself asks for UTC, utf8mb4 and the count of matched rows.
pub(super) async fn open(options: &MySqlConnectOptions) -> Result<MySqlConnection, sqlx::Error> {
    let mut connection = MySqlConnection::connect_with(options).await?;
    super::driver::script::<MySql>(&mut connection, SqlStr::from_static(SETTINGS)).await?;
    Ok(connection)
}

/// The pools for these options.
pub(super) fn pools(options: &DbOptions) -> Result<Pools> {
    let url = &options.url;
    // sqlx knows the protocol by one name only.
    let known = url
        .strip_prefix("mariadb:")
        .map_or_else(|| url.clone(), |rest| format!("mysql:{rest}"));
    let connect: MySqlConnectOptions = known.parse().map_err(|error| connecting(error, url))?;
    let connect = connect
        .charset("utf8mb4")
        .pipes_as_concat(false)
        .statement_cache_capacity(options.statement_cache_capacity.unwrap_or(512))
        .disable_statement_logging();
    let settings = PoolSettings {
        url: url.clone(),
        max: options.max_connections,
        min: options.min_connections,
        acquire_timeout: options.acquire_timeout,
        expires: true,
        advice: "raise `DbOptions::max_connections`, and inside `atomic` use the handle that it gives (`tx`)",
    };
    Ok(Pools {
        writer: (Connector::MySql(connect), settings),
        readers: None,
    })
}

/// Asks the server who it is.
pub(super) async fn backend(lease: &mut Lease) -> Result<Backend> {
    let any = Backend::MySql {
        mariadb: false,
        version: (0, 0),
    };
    let statement = Statement {
        sql: "SELECT VERSION()".into(),
        args: Vec::new(),
        columns: [ColumnType::Text].into(),
        work: Work::Read,
    };
    let rows = lease.probe(any, &statement, VersionReader).await?;
    Ok(rows.first().map_or(any, |version| parse_version(version)))
}

struct VersionReader;

impl RowReader for VersionReader {
    type Out = String;

    fn read<S: Source>(&mut self, row: &mut S) -> Result<String> {
        row.text(0).map(str::to_owned)
    }
}

/// `8.0.36`, `10.11.6-MariaDB-1`, `5.5.5-10.4.2-MariaDB`
fn parse_version(version: &str) -> Backend {
    let mariadb = version.to_lowercase().contains("mariadb");
    let version = version.strip_prefix("5.5.5-").filter(|_| mariadb).unwrap_or(version);
    let mut numbers = version
        .split(|c: char| !c.is_ascii_digit())
        .map(|number| number.parse().unwrap_or(0));
    let version = (numbers.next().unwrap_or(0), numbers.next().unwrap_or(0));
    Backend::MySql { mariadb, version }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_versions() {
        assert_eq!(
            parse_version("8.0.36"),
            Backend::MySql {
                mariadb: false,
                version: (8, 0)
            }
        );
        assert_eq!(
            parse_version("10.11.6-MariaDB-0+deb12u1"),
            Backend::MySql {
                mariadb: true,
                version: (10, 11)
            }
        );
        assert_eq!(
            parse_version("5.5.5-10.4.2-MariaDB"),
            Backend::MySql {
                mariadb: true,
                version: (10, 4)
            }
        );
    }
}
