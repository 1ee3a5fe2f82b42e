//! The point query through sqlx's own pool, with its defaults.

use common::rows::{Insert, Item};
use common::{Args, Result, Workloads, report};
use sqlx::{MySqlPool, PgPool, SqlitePool};

pub async fn run(args: &Args) -> Result<()> {
    match args.database.as_str() {
        "sqlite" => {
            let pool = SqlitePool::connect_with(crate::sqlite::options(&args.url)).await?;
            report("sqlx-pool", args, Sqlite(pool)).await
        }
        "postgres" => {
            let pool = PgPool::connect_with(crate::postgres::options(&args.url)?).await?;
            report("sqlx-pool", args, Postgres(pool)).await
        }
        _ => {
            let pool = MySqlPool::connect_with(crate::mysql::options(&args.url)?).await?;
            report("sqlx-pool", args, MySql(pool)).await
        }
    }
}

macro_rules! through_pool {
    ($peer:ident($pool:ty), $place:literal) => {
        struct $peer($pool);

        impl Workloads for $peer {
            type Item = Item;
            type Pair = ();
            type Tree = ();
            type Insert = Insert;

            async fn get(&mut self, key: i64) -> Result<Item> {
                let query = sqlx::query_as(concat!("SELECT id, name, value FROM items WHERE id = ", $place));
                let row: (i64, String, i64) = query.bind(key).fetch_one(&self.0).await?;
                Ok(row.into())
            }
        }
    };
}

through_pool!(Sqlite(SqlitePool), "?");
through_pool!(Postgres(PgPool), "$1");
through_pool!(MySql(MySqlPool), "?");
