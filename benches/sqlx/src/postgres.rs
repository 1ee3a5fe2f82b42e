//! PostgreSQL, where a list is one array.

use crate::workloads::workloads;
use common::Result;
use common::data::NewItem;
use common::rows::{Comment, Insert, Item, Post, Tree, User, assemble};
use futures_util::TryStreamExt;
use sqlx::postgres::PgConnectOptions;
use sqlx::{ConnectOptions, Connection, PgConnection};

pub struct Postgres(PgConnection);

pub async fn connect(url: &str) -> Result<Postgres> {
    Ok(Postgres(options(url)?.connect().await?))
}

pub fn options(url: &str) -> Result<PgConnectOptions> {
    Ok(url.parse::<PgConnectOptions>()?.disable_statement_logging())
}

workloads!(Postgres, "$1");

impl Postgres {
    async fn posts_of(&mut self, users: &[i64]) -> Result<Vec<Post>> {
        self.among("SELECT id, user_id, title FROM posts WHERE user_id = ANY($1)", users)
            .await
    }

    async fn comments_of(&mut self, posts: &[i64]) -> Result<Vec<Comment>> {
        self.among("SELECT id, post_id, body FROM comments WHERE post_id = ANY($1)", posts)
            .await
    }

    async fn among<T: From<(i64, i64, String)>>(&mut self, sql: &'static str, keys: &[i64]) -> Result<Vec<T>> {
        let query = sqlx::query_as::<_, (i64, i64, String)>(sql).bind(keys);
        Ok(query.fetch(&mut self.0).map_ok(Into::into).try_collect().await?)
    }

    async fn bulk(&mut self, rows: &[NewItem]) -> Result<()> {
        let names: Vec<&str> = rows.iter().map(|row| row.name.as_str()).collect();
        let values: Vec<i64> = rows.iter().map(|row| row.value).collect();
        let query = sqlx::query("INSERT INTO inserts (name, value) SELECT * FROM UNNEST($1::text[], $2::bigint[])");
        query.bind(names).bind(values).execute(&mut self.0).await?;
        Ok(())
    }

    async fn bulk_ids(&mut self, rows: &[NewItem]) -> Result<Vec<i64>> {
        let names: Vec<&str> = rows.iter().map(|row| row.name.as_str()).collect();
        let values: Vec<i64> = rows.iter().map(|row| row.value).collect();
        let query = sqlx::query_scalar(
            "INSERT INTO inserts (name, value) SELECT * FROM UNNEST($1::text[], $2::bigint[]) RETURNING id",
        );
        Ok(query.bind(names).bind(values).fetch_all(&mut self.0).await?)
    }
}

async fn insert(connection: &mut PgConnection, row: &NewItem) -> Result<i64> {
    let query = sqlx::query_scalar("INSERT INTO inserts (name, value) VALUES ($1, $2) RETURNING id");
    Ok(query.bind(&row.name).bind(row.value).fetch_one(connection).await?)
}
