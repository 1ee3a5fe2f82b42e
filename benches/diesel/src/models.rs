//! The tables and models, and the inserts.

use common::data::NewItem;
use common::{Checksum, fields};
use diesel::prelude::*;

diesel::table! {
    items (id) {
        id -> BigInt,
        name -> Text,
        value -> BigInt,
    }
}

diesel::table! {
    inserts (id) {
        id -> BigInt,
        name -> Text,
        value -> BigInt,
    }
}

diesel::table! {
    users (id) {
        id -> BigInt,
        name -> Text,
        email -> Text,
    }
}

diesel::table! {
    posts (id) {
        id -> BigInt,
        user_id -> BigInt,
        title -> Text,
    }
}

diesel::table! {
    comments (id) {
        id -> BigInt,
        post_id -> BigInt,
        body -> Text,
    }
}

diesel::joinable!(posts -> users (user_id));
diesel::joinable!(comments -> posts (post_id));
diesel::allow_tables_to_appear_in_same_query!(users, posts, comments);

#[derive(Queryable, Selectable)]
#[diesel(table_name = items)]
pub struct Item {
    id: i64,
    name: String,
    value: i64,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = inserts)]
pub struct Insert {
    name: String,
    value: i64,
}

/// Without defaults, which makes a statement that diesel may cache.
#[derive(Insertable)]
#[diesel(table_name = inserts, treat_none_as_default_value = false)]
pub struct NewInsert<'a> {
    name: &'a str,
    value: i64,
}

impl<'a> From<&'a NewItem> for NewInsert<'a> {
    fn from(row: &'a NewItem) -> Self {
        NewInsert {
            name: &row.name,
            value: row.value,
        }
    }
}

#[derive(Queryable, Selectable, Identifiable)]
#[diesel(table_name = users)]
pub struct User {
    id: i64,
    name: String,
    email: String,
}

#[derive(Queryable, Selectable, Identifiable, Associations)]
#[diesel(table_name = posts, belongs_to(User))]
pub struct Post {
    id: i64,
    user_id: i64,
    title: String,
}

#[derive(Queryable, Selectable, Identifiable, Associations)]
#[diesel(table_name = comments, belongs_to(Post))]
pub struct Comment {
    id: i64,
    post_id: i64,
    body: String,
}

/// A user with their posts with their comments.
pub type Tree = (User, Vec<(Post, Vec<Comment>)>);

/// Puts what three queries gave together.
pub fn assemble(users: Vec<User>, posts: Vec<Post>, comments: Vec<Comment>) -> Vec<Tree> {
    let comments = comments.grouped_by(&posts);
    let posts = posts.into_iter().zip(comments).grouped_by(&users);
    users.into_iter().zip(posts).collect()
}

impl Checksum for Item {
    fn checksum(&self) -> u64 {
        fields((self.id, &self.name, self.value))
    }
}

impl Checksum for Insert {
    fn checksum(&self) -> u64 {
        fields((&self.name, self.value))
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
