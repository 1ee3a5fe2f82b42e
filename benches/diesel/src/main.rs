//! diesel: on SQLite itself, synchronously; on PostgreSQL and MySQL through diesel-async.

mod models;
mod servers;
mod sqlite;

use common::{Args, Result, on_tokio, report, without_runtime};

fn main() -> Result<()> {
    let args = Args::parse()?;
    if args.database == "sqlite" {
        return without_runtime(report("diesel", &args, sqlite::Sqlite::open(&args.url)?));
    }
    on_tokio(async move {
        match args.database.as_str() {
            "postgres" => report("diesel", &args, servers::Postgres::connect(&args.url).await?).await,
            _ => report("diesel", &args, servers::MySql::connect(&args.url).await?).await,
        }
    })
}
