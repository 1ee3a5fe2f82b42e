//! sqlx by hand: a bare connection, statements from its cache, rows by number.
//!
//! `bench-sqlx create|seed|reset|version DATABASE URL` prepares a database for all peers.

mod mysql;
mod pool;
mod postgres;
mod seed;
mod sqlite;
mod workloads;

use common::{Args, Result, on_tokio, report};

fn main() -> Result<()> {
    if let [_, verb, database, url] = &std::env::args().collect::<Vec<_>>()[..] {
        let (verb, database, url) = (verb.clone(), database.clone(), url.clone());
        return on_tokio(async move { seed::run(&verb, &database, &url).await });
    }
    let args = Args::parse()?;
    on_tokio(async move {
        match args.database.as_str() {
            "sqlite" => report("sqlx", &args, sqlite::connect(&args.url).await?).await?,
            "postgres" => report("sqlx", &args, postgres::connect(&args.url).await?).await?,
            _ => report("sqlx", &args, mysql::connect(&args.url).await?).await?,
        }
        pool::run(&args).await
    })
}
