//! The tables and rows that all peers use.

use common::{Result, schema};
use sqlx::{AssertSqlSafe, ConnectOptions, Executor, query_scalar};

/// `create` makes a database on a server and prints its URL; `seed` makes the tables and their rows;
/// `reset` empties `inserts`; `version` prints the server's.
pub async fn run(verb: &str, database: &str, url: &str) -> Result<()> {
    if verb == "version" {
        return version(database, url).await;
    }
    let statements = match verb {
        "create" => vec![
            "DROP DATABASE IF EXISTS orm_bench".into(),
            "CREATE DATABASE orm_bench".into(),
        ],
        "seed" => schema::statements(database),
        "reset" => vec![schema::reset(database).to_owned()],
        _ => return Err(format!("create, seed, reset or version, not {verb}").into()),
    };
    macro_rules! execute {
        ($options:expr) => {{
            let mut connection = $options.connect().await?;
            for statement in statements {
                connection.execute(sqlx::raw_sql(AssertSqlSafe(statement))).await?;
            }
        }};
    }
    match database {
        "sqlite" => execute!(crate::sqlite::options(url)),
        "postgres" => execute!(crate::postgres::options(url)?),
        _ => execute!(crate::mysql::options(url)?),
    }
    if verb == "create" {
        let (server, _) = url.rsplit_once('/').ok_or("a URL ends in the name of a database")?;
        println!("{server}/orm_bench");
    }
    Ok(())
}

/// Nothing for SQLite, which each peer brings along.
async fn version(database: &str, url: &str) -> Result<()> {
    let version: String = match database {
        "sqlite" => return Ok(()),
        "postgres" => {
            let mut server = crate::postgres::options(url)?.connect().await?;
            query_scalar("SHOW server_version").fetch_one(&mut server).await?
        }
        _ => {
            let mut server = crate::mysql::options(url)?.connect().await?;
            query_scalar("SELECT version()").fetch_one(&mut server).await?
        }
    };
    let name = match database {
        "postgres" => "PostgreSQL",
        _ if version.contains("MariaDB") => "MariaDB",
        _ => "MySQL",
    };
    let number = version.split([' ', '-']).next().unwrap_or_default();
    println!("{name} {number}");
    Ok(())
}
