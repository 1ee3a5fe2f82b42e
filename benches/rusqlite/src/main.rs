//! rusqlite: statements from its cache, columns by number, keys of a list as placeholders.

use common::data::NewItem;
use common::rows::{Comment, Insert, Item, Post, Tree, User, assemble};
use common::{Args, Result, Workloads, report, without_runtime};
use rusqlite::{Connection, Row, params, params_from_iter};

struct Rusqlite(Connection);

impl Rusqlite {
    fn open(file: &str) -> Result<Self> {
        let connection = Connection::open(file)?;
        connection.pragma_update(None, "journal_mode", "WAL")?;
        connection.pragma_update(None, "synchronous", "NORMAL")?;
        connection.pragma_update(None, "foreign_keys", true)?;
        Ok(Rusqlite(connection))
    }

    /// The rows whose key or foreign key is in the list.
    fn among<T>(&self, sql: &str, keys: &[i64], read: impl FnMut(&Row<'_>) -> rusqlite::Result<T>) -> Result<Vec<T>> {
        let places = vec!["?"; keys.len()].join(",");
        let mut statement = self.0.prepare_cached(&format!("{sql} IN ({places})"))?;
        Ok(statement
            .query_map(params_from_iter(keys), read)?
            .collect::<rusqlite::Result<_>>()?)
    }
}

impl Workloads for Rusqlite {
    type Item = Item;
    type Pair = (Comment, Post);
    type Tree = Tree;
    type Insert = Insert;

    async fn get(&mut self, key: i64) -> Result<Item> {
        let mut statement = self
            .0
            .prepare_cached("SELECT id, name, value FROM items WHERE id = ?")?;
        Ok(statement.query_row([key], item)?)
    }

    async fn load(&mut self) -> Result<Vec<Item>> {
        let mut statement = self.0.prepare_cached("SELECT id, name, value FROM items")?;
        Ok(statement.query_map([], item)?.collect::<rusqlite::Result<_>>()?)
    }

    async fn join(&mut self) -> Result<Vec<(Comment, Post)>> {
        let mut statement = self.0.prepare_cached(
            "SELECT c.id, c.post_id, c.body, p.id, p.user_id, p.title \
             FROM comments c JOIN posts p ON p.id = c.post_id",
        )?;
        let rows = statement.query_map([], |row| Ok((comment(row)?, post(row, 3)?)))?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    async fn tree(&mut self) -> Result<Vec<Tree>> {
        let users: Vec<User> = {
            let mut statement = self.0.prepare_cached("SELECT id, name, email FROM users")?;
            statement.query_map([], user)?.collect::<rusqlite::Result<_>>()?
        };
        let keys: Vec<i64> = users.iter().map(|user| user.id).collect();
        let posts = self.among("SELECT id, user_id, title FROM posts WHERE user_id", &keys, |row| {
            post(row, 0)
        })?;
        let keys: Vec<i64> = posts.iter().map(|post| post.id).collect();
        let comments = self.among("SELECT id, post_id, body FROM comments WHERE post_id", &keys, comment)?;

        Ok(assemble(users, posts, comments))
    }

    async fn insert_each(&mut self, rows: &[NewItem]) -> Result<Vec<i64>> {
        let transaction = self.0.transaction()?;
        let mut keys = Vec::with_capacity(rows.len());
        {
            let mut statement = transaction.prepare_cached("INSERT INTO inserts (name, value) VALUES (?, ?)")?;
            for row in rows {
                keys.push(statement.insert(params![row.name, row.value])?);
            }
        }
        transaction.commit()?;
        Ok(keys)
    }

    async fn insert_bulk(&mut self, rows: &[NewItem]) -> Result<()> {
        let places = vec!["(?,?)"; rows.len()].join(",");
        let mut statement = self
            .0
            .prepare_cached(&format!("INSERT INTO inserts (name, value) VALUES {places}"))?;
        for (at, row) in rows.iter().enumerate() {
            statement.raw_bind_parameter(2 * at + 1, &row.name)?;
            statement.raw_bind_parameter(2 * at + 2, row.value)?;
        }
        statement.raw_execute()?;
        Ok(())
    }

    async fn insert_bulk_ids(&mut self, rows: &[NewItem]) -> Result<Vec<i64>> {
        let places = vec!["(?,?)"; rows.len()].join(",");
        let mut statement = self.0.prepare_cached(&format!(
            "INSERT INTO inserts (name, value) VALUES {places} RETURNING id"
        ))?;
        for (at, row) in rows.iter().enumerate() {
            statement.raw_bind_parameter(2 * at + 1, &row.name)?;
            statement.raw_bind_parameter(2 * at + 2, row.value)?;
        }
        Ok(statement
            .raw_query()
            .mapped(|row| row.get(0))
            .collect::<rusqlite::Result<_>>()?)
    }

    async fn inserted(&mut self) -> Result<Vec<Insert>> {
        let mut statement = self.0.prepare_cached("SELECT name, value FROM inserts")?;
        let rows = statement.query_map([], |row| {
            Ok(Insert {
                name: row.get(0)?,
                value: row.get(1)?,
            })
        })?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    async fn clear(&mut self) -> Result<()> {
        self.0.execute("DELETE FROM inserts", [])?;
        Ok(())
    }
}

fn item(row: &Row<'_>) -> rusqlite::Result<Item> {
    Ok(Item {
        id: row.get(0)?,
        name: row.get(1)?,
        value: row.get(2)?,
    })
}

fn user(row: &Row<'_>) -> rusqlite::Result<User> {
    Ok(User {
        id: row.get(0)?,
        name: row.get(1)?,
        email: row.get(2)?,
    })
}

/// From three columns, the first of which is `at`.
fn post(row: &Row<'_>, at: usize) -> rusqlite::Result<Post> {
    Ok(Post {
        id: row.get(at)?,
        user_id: row.get(at + 1)?,
        title: row.get(at + 2)?,
    })
}

fn comment(row: &Row<'_>) -> rusqlite::Result<Comment> {
    Ok(Comment {
        id: row.get(0)?,
        post_id: row.get(1)?,
        body: row.get(2)?,
    })
}

fn main() -> Result<()> {
    let args = Args::parse()?;
    without_runtime(report("rusqlite", &args, Rusqlite::open(&args.url)?))
}
