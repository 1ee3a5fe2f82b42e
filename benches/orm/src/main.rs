//! This project's ORM: its typed API, through its own pool.

mod models;

use common::data::NewItem;
use common::{Args, Result, Workloads, on_tokio, report};
use models::{Comment, Insert, Item, Post, User};
use orm::prelude::*;

struct Orm(Db);

impl Workloads for Orm {
    type Item = Item;
    type Pair = (Comment, Post);
    type Tree = (User, Vec<(Post, Vec<Comment>)>);
    type Insert = Insert;

    async fn get(&mut self, key: i64) -> Result<Item> {
        Ok(Item::objects().get(&self.0, q!(id = key)).await?)
    }

    async fn load(&mut self) -> Result<Vec<Item>> {
        Ok(Item::objects().all(&self.0).await?)
    }

    async fn join(&mut self) -> Result<Vec<(Comment, Post)>> {
        Ok(Comment::objects().select_related(|c| c.post()).all(&self.0).await?)
    }

    async fn tree(&mut self) -> Result<Vec<(User, Vec<(Post, Vec<Comment>)>)>> {
        let posts = Post::objects().prefetch_related(|p| p.comments());
        Ok(User::objects()
            .prefetch_related(|u| u.posts().using(posts))
            .all(&self.0)
            .await?)
    }

    async fn insert_each(&mut self, rows: &[NewItem]) -> Result<Vec<i64>> {
        let keys = self.0.atomic(async |tx| {
            let mut keys = Vec::with_capacity(rows.len());
            for row in rows {
                let row = Insert::create().name(&row.name).value(row.value).save(&tx).await?;
                keys.push(row.id);
            }
            Ok(keys)
        });
        Ok(keys.await?)
    }

    async fn insert_bulk(&mut self, rows: &[NewItem]) -> Result<()> {
        let rows = rows.iter().map(|row| Insert::create().name(&row.name).value(row.value));
        Insert::objects().bulk_insert(&self.0, rows).await?;
        Ok(())
    }

    async fn insert_bulk_ids(&mut self, rows: &[NewItem]) -> Result<Vec<i64>> {
        let rows = rows.iter().map(|row| Insert::create().name(&row.name).value(row.value));
        let rows = Insert::objects().bulk_create(&self.0, rows).await?;
        Ok(rows.iter().map(|row| row.id).collect())
    }

    async fn inserted(&mut self) -> Result<Vec<Insert>> {
        Ok(Insert::objects().all(&self.0).await?)
    }

    async fn clear(&mut self) -> Result<()> {
        Insert::objects().delete(&self.0).await?;
        Ok(())
    }
}

fn main() -> Result<()> {
    let args = Args::parse()?;
    on_tokio(async move {
        let url = match args.database.as_str() {
            "sqlite" => format!("sqlite://{}", args.url),
            _ => args.url.clone(),
        };
        report("orm", &args, Orm(Db::connect(&url).await?)).await
    })
}
