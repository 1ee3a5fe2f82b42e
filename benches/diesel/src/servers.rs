//! PostgreSQL and MySQL.

use crate::models::{
    Comment, Insert, Item, NewInsert, Post, Tree, User, assemble, comments, inserts, items, posts, users,
};
use common::data::NewItem;
use common::{Result, Unmeasured, Workloads};
use diesel::prelude::*;
use diesel_async::{AsyncConnection, AsyncMysqlConnection, AsyncPgConnection, RunQueryDsl};

diesel::define_sql_function! {
    fn last_insert_id() -> BigInt;
}

macro_rules! workloads {
    ($peer:ident($connection:ty)) => {
        pub struct $peer($connection);

        impl $peer {
            pub async fn connect(url: &str) -> Result<Self> {
                Ok($peer(<$connection>::establish(url).await?))
            }
        }

        impl Workloads for $peer {
            type Item = Item;
            type Pair = (Comment, Post);
            type Tree = Tree;
            type Insert = Insert;

            async fn get(&mut self, key: i64) -> Result<Item> {
                let query = items::table.find(key).select(Item::as_select());
                Ok(query.get_result(&mut self.0).await?)
            }

            async fn load(&mut self) -> Result<Vec<Item>> {
                Ok(items::table.select(Item::as_select()).load(&mut self.0).await?)
            }

            async fn join(&mut self) -> Result<Vec<(Comment, Post)>> {
                let query = comments::table.inner_join(posts::table);
                let query = query.select((Comment::as_select(), Post::as_select()));
                Ok(query.load(&mut self.0).await?)
            }

            async fn tree(&mut self) -> Result<Vec<Tree>> {
                let users = users::table.select(User::as_select()).load(&mut self.0).await?;
                let posts = Post::belonging_to(&users).select(Post::as_select());
                let posts = posts.load(&mut self.0).await?;
                let comments = Comment::belonging_to(&posts).select(Comment::as_select());
                let comments = comments.load(&mut self.0).await?;
                Ok(assemble(users, posts, comments))
            }

            async fn insert_each(&mut self, rows: &[NewItem]) -> Result<Vec<i64>> {
                let keys = self.0.transaction(async |connection| {
                    let mut keys = Vec::with_capacity(rows.len());
                    for row in rows {
                        keys.push(Self::insert(connection, row).await?);
                    }
                    QueryResult::Ok(keys)
                });
                Ok(keys.await?)
            }

            async fn insert_bulk(&mut self, rows: &[NewItem]) -> Result<()> {
                let rows: Vec<NewInsert<'_>> = rows.iter().map(NewInsert::from).collect();
                diesel::insert_into(inserts::table)
                    .values(rows)
                    .execute(&mut self.0)
                    .await?;
                Ok(())
            }

            async fn insert_bulk_ids(&mut self, rows: &[NewItem]) -> Result<Vec<i64>> {
                self.bulk_ids(rows).await
            }

            async fn inserted(&mut self) -> Result<Vec<Insert>> {
                Ok(inserts::table
                    .select(Insert::as_select())
                    .load(&mut self.0)
                    .await?)
            }

            async fn clear(&mut self) -> Result<()> {
                diesel::delete(inserts::table).execute(&mut self.0).await?;
                Ok(())
            }
        }
    };
}

workloads!(Postgres(AsyncPgConnection));
workloads!(MySql(AsyncMysqlConnection));

impl Postgres {
    async fn insert(connection: &mut AsyncPgConnection, row: &NewItem) -> QueryResult<i64> {
        let insert = diesel::insert_into(inserts::table).values(NewInsert::from(row));
        insert.returning(inserts::id).get_result(connection).await
    }

    async fn bulk_ids(&mut self, rows: &[NewItem]) -> Result<Vec<i64>> {
        let rows: Vec<NewInsert<'_>> = rows.iter().map(NewInsert::from).collect();
        let insert = diesel::insert_into(inserts::table).values(rows);
        Ok(insert.returning(inserts::id).get_results(&mut self.0).await?)
    }
}

impl MySql {
    /// MySQL returns nothing from an insert, so the key is one more query.
    async fn insert(connection: &mut AsyncMysqlConnection, row: &NewItem) -> QueryResult<i64> {
        let insert = diesel::insert_into(inserts::table).values(NewInsert::from(row));
        insert.execute(connection).await?;
        diesel::select(last_insert_id()).get_result(connection).await
    }

    async fn bulk_ids(&mut self, _: &[NewItem]) -> Result<Vec<i64>> {
        Err(Unmeasured.into())
    }
}
