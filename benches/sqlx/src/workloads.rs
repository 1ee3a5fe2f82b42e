//! What is the same for all databases, but for the form of a placeholder.

/// The workloads of a connection. What the databases do in different ways, it has as methods:
/// `posts_of`, `comments_of` and `bulk`, and as a function `insert`.
macro_rules! workloads {
    ($peer:ident, $place:literal) => {
        impl common::Workloads for $peer {
            type Item = Item;
            type Pair = (Comment, Post);
            type Tree = Tree;
            type Insert = Insert;

            async fn get(&mut self, key: i64) -> Result<Item> {
                let query = sqlx::query_as(concat!("SELECT id, name, value FROM items WHERE id = ", $place));
                let row: (i64, String, i64) = query.bind(key).fetch_one(&mut self.0).await?;
                Ok(row.into())
            }

            async fn load(&mut self) -> Result<Vec<Item>> {
                let query = sqlx::query_as::<_, (i64, String, i64)>("SELECT id, name, value FROM items");
                Ok(query.fetch(&mut self.0).map_ok(Into::into).try_collect().await?)
            }

            async fn join(&mut self) -> Result<Vec<(Comment, Post)>> {
                let query = sqlx::query_as::<_, (i64, i64, String, i64, i64, String)>(
                    "SELECT c.id, c.post_id, c.body, p.id, p.user_id, p.title \
                     FROM comments c JOIN posts p ON p.id = c.post_id",
                );
                let rows = query
                    .fetch(&mut self.0)
                    .map_ok(|(id, post, body, p, user, title)| ((id, post, body).into(), (p, user, title).into()));
                Ok(rows.try_collect().await?)
            }

            async fn tree(&mut self) -> Result<Vec<Tree>> {
                let query = sqlx::query_as::<_, (i64, String, String)>("SELECT id, name, email FROM users");
                let users: Vec<User> = query.fetch(&mut self.0).map_ok(Into::into).try_collect().await?;
                let keys: Vec<i64> = users.iter().map(|user| user.id).collect();
                let posts = self.posts_of(&keys).await?;
                let keys: Vec<i64> = posts.iter().map(|post| post.id).collect();
                let comments = self.comments_of(&keys).await?;
                Ok(assemble(users, posts, comments))
            }

            async fn insert_each(&mut self, rows: &[NewItem]) -> Result<Vec<i64>> {
                let mut transaction = self.0.begin().await?;
                let mut keys = Vec::with_capacity(rows.len());
                for row in rows {
                    keys.push(insert(&mut transaction, row).await?);
                }
                transaction.commit().await?;
                Ok(keys)
            }

            async fn insert_bulk(&mut self, rows: &[NewItem]) -> Result<()> {
                self.bulk(rows).await
            }

            async fn insert_bulk_ids(&mut self, rows: &[NewItem]) -> Result<Vec<i64>> {
                self.bulk_ids(rows).await
            }

            async fn inserted(&mut self) -> Result<Vec<Insert>> {
                let query = sqlx::query_as::<_, (String, i64)>("SELECT name, value FROM inserts");
                Ok(query.fetch(&mut self.0).map_ok(Into::into).try_collect().await?)
            }

            async fn clear(&mut self) -> Result<()> {
                sqlx::query("DELETE FROM inserts").execute(&mut self.0).await?;
                Ok(())
            }
        }
    };
}

/// Where a list is one placeholder an element: the lists of `tree`, and the rows of a bulk insert.
macro_rules! placeholders {
    ($peer:ident) => {
        impl $peer {
            async fn posts_of(&mut self, users: &[i64]) -> Result<Vec<Post>> {
                self.among("SELECT id, user_id, title FROM posts WHERE user_id IN", users)
                    .await
            }

            async fn comments_of(&mut self, posts: &[i64]) -> Result<Vec<Comment>> {
                self.among("SELECT id, post_id, body FROM comments WHERE post_id IN", posts)
                    .await
            }

            async fn among<T: From<(i64, i64, String)>>(&mut self, sql: &str, keys: &[i64]) -> Result<Vec<T>> {
                let places = vec!["?"; keys.len()].join(",");
                let mut query = sqlx::query_as::<_, (i64, i64, String)>(AssertSqlSafe(format!("{sql} ({places})")));
                for key in keys {
                    query = query.bind(*key);
                }
                Ok(query.fetch(&mut self.0).map_ok(Into::into).try_collect().await?)
            }

            async fn bulk(&mut self, rows: &[NewItem]) -> Result<()> {
                let places = vec!["(?,?)"; rows.len()].join(",");
                let sql = format!("INSERT INTO inserts (name, value) VALUES {places}");
                let mut query = sqlx::query(AssertSqlSafe(sql));
                for row in rows {
                    query = query.bind(&row.name).bind(row.value);
                }
                query.execute(&mut self.0).await?;
                Ok(())
            }

            /// All but MySQL itself have `RETURNING`.
            async fn bulk_ids(&mut self, rows: &[NewItem]) -> Result<Vec<i64>> {
                if std::env::var("BENCH_SERVER").is_ok_and(|server| server.starts_with("MySQL")) {
                    return Err(common::Unmeasured.into());
                }
                let places = vec!["(?,?)"; rows.len()].join(",");
                let sql = format!("INSERT INTO inserts (name, value) VALUES {places} RETURNING id");
                let mut query = sqlx::query_scalar(AssertSqlSafe(sql));
                for row in rows {
                    query = query.bind(&row.name).bind(row.value);
                }
                Ok(query.fetch_all(&mut self.0).await?)
            }
        }
    };
}

pub(crate) use {placeholders, workloads};
