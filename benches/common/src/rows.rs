//! The rows as plain structs, for the peers that have no models.

use crate::{Checksum, fields};
use std::collections::HashMap;

pub struct Item {
    pub id: i64,
    pub name: String,
    pub value: i64,
}

pub struct User {
    pub id: i64,
    pub name: String,
    pub email: String,
}

pub struct Post {
    pub id: i64,
    pub user_id: i64,
    pub title: String,
}

pub struct Comment {
    pub id: i64,
    pub post_id: i64,
    pub body: String,
}

/// A row of `inserts`.
pub struct Insert {
    pub name: String,
    pub value: i64,
}

/// A user with their posts with their comments.
pub type Tree = (User, Vec<(Post, Vec<Comment>)>);

/// Puts what three queries gave together.
pub fn assemble(users: Vec<User>, posts: Vec<Post>, comments: Vec<Comment>) -> Vec<Tree> {
    let mut of_post: HashMap<i64, Vec<Comment>> = HashMap::with_capacity(posts.len());
    for comment in comments {
        of_post.entry(comment.post_id).or_default().push(comment);
    }
    let mut of_user: HashMap<i64, Vec<(Post, Vec<Comment>)>> = HashMap::with_capacity(users.len());
    for post in posts {
        let comments = of_post.remove(&post.id).unwrap_or_default();
        of_user.entry(post.user_id).or_default().push((post, comments));
    }
    let tree = users.into_iter().map(|user| {
        let posts = of_user.remove(&user.id).unwrap_or_default();
        (user, posts)
    });
    tree.collect()
}

impl Checksum for Item {
    fn checksum(&self) -> u64 {
        fields((self.id, &self.name, self.value))
    }
}

impl Checksum for User {
    fn checksum(&self) -> u64 {
        fields((self.id, &self.name, &self.email))
    }
}

impl Checksum for Post {
    fn checksum(&self) -> u64 {
        fields((self.id, self.user_id, &self.title))
    }
}

impl Checksum for Comment {
    fn checksum(&self) -> u64 {
        fields((self.id, self.post_id, &self.body))
    }
}

impl Checksum for Insert {
    fn checksum(&self) -> u64 {
        fields((&self.name, self.value))
    }
}

impl From<(i64, String, i64)> for Item {
    fn from((id, name, value): (i64, String, i64)) -> Self {
        Item { id, name, value }
    }
}

impl From<(i64, String, String)> for User {
    fn from((id, name, email): (i64, String, String)) -> Self {
        User { id, name, email }
    }
}

impl From<(i64, i64, String)> for Post {
    fn from((id, user_id, title): (i64, i64, String)) -> Self {
        Post { id, user_id, title }
    }
}

impl From<(i64, i64, String)> for Comment {
    fn from((id, post_id, body): (i64, i64, String)) -> Self {
        Comment { id, post_id, body }
    }
}

impl From<(String, i64)> for Insert {
    fn from((name, value): (String, i64)) -> Self {
        Insert { name, value }
    }
}
