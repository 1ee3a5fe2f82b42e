//! SQLite.

use crate::models::{
    Comment, Insert, Item, NewInsert, Post, Tree, User, assemble, comments, inserts, items, posts, users,
};
use common::data::NewItem;
use common::{Result, Workloads};
use diesel::connection::SimpleConnection;
use diesel::prelude::*;

diesel::define_sql_function! {
    /// `RETURNING` costs SQLite more than this second query: a table of its own for each insert.
    fn last_insert_rowid() -> BigInt;
}

pub struct Sqlite(SqliteConnection);

impl Sqlite {
    pub fn open(file: &str) -> Result<Self> {
        let mut connection = SqliteConnection::establish(file)?;
        connection.batch_execute("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON")?;
        Ok(Sqlite(connection))
    }
}

impl Workloads for Sqlite {
    type Item = Item;
    type Pair = (Comment, Post);
    type Tree = Tree;
    type Insert = Insert;

    async fn get(&mut self, key: i64) -> Result<Item> {
        Ok(items::table
            .find(key)
            .select(Item::as_select())
            .get_result(&mut self.0)?)
    }

    async fn load(&mut self) -> Result<Vec<Item>> {
        Ok(items::table.select(Item::as_select()).load(&mut self.0)?)
    }

    async fn join(&mut self) -> Result<Vec<(Comment, Post)>> {
        let query = comments::table.inner_join(posts::table);
        Ok(query
            .select((Comment::as_select(), Post::as_select()))
            .load(&mut self.0)?)
    }

    async fn tree(&mut self) -> Result<Vec<Tree>> {
        let users = users::table.select(User::as_select()).load(&mut self.0)?;
        let posts = Post::belonging_to(&users).select(Post::as_select()).load(&mut self.0)?;
        let comments = Comment::belonging_to(&posts)
            .select(Comment::as_select())
            .load(&mut self.0)?;
        Ok(assemble(users, posts, comments))
    }

    async fn insert_each(&mut self, rows: &[NewItem]) -> Result<Vec<i64>> {
        let keys = self.0.transaction(|connection| {
            let insert = |row| {
                let row = NewInsert::from(row);
                diesel::insert_into(inserts::table).values(row).execute(connection)?;
                diesel::select(last_insert_rowid()).get_result(connection)
            };
            rows.iter().map(insert).collect::<QueryResult<_>>()
        });
        Ok(keys?)
    }

    async fn insert_bulk(&mut self, rows: &[NewItem]) -> Result<()> {
        let rows: Vec<NewInsert<'_>> = rows.iter().map(NewInsert::from).collect();
        diesel::insert_into(inserts::table).values(rows).execute(&mut self.0)?;
        Ok(())
    }

    async fn insert_bulk_ids(&mut self, rows: &[NewItem]) -> Result<Vec<i64>> {
        let rows: Vec<NewInsert<'_>> = rows.iter().map(NewInsert::from).collect();
        let insert = diesel::insert_into(inserts::table).values(rows);
        Ok(insert.returning(inserts::id).get_results(&mut self.0)?)
    }

    async fn inserted(&mut self) -> Result<Vec<Insert>> {
        Ok(inserts::table.select(Insert::as_select()).load(&mut self.0)?)
    }

    async fn clear(&mut self) -> Result<()> {
        diesel::delete(inserts::table).execute(&mut self.0)?;
        Ok(())
    }
}
