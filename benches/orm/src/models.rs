//! The tables as models.

use common::{Checksum, fields};
use orm::prelude::*;

#[derive(Model, Debug, Clone)]
#[model(app = "bench", table = "items")]
pub struct Item {
    pub id: i64,
    #[field(max_length = 100)]
    pub name: String,
    pub value: i64,
}

#[derive(Model, Debug, Clone)]
#[model(app = "bench", table = "inserts")]
pub struct Insert {
    pub id: i64,
    #[field(max_length = 100)]
    pub name: String,
    pub value: i64,
}

#[derive(Model, Debug, Clone)]
#[model(app = "bench", table = "users")]
pub struct User {
    pub id: i64,
    #[field(max_length = 100)]
    pub name: String,
    #[field(max_length = 100)]
    pub email: String,
}

#[derive(Model, Debug, Clone)]
#[model(app = "bench", table = "posts")]
pub struct Post {
    pub id: i64,
    #[field(related_name = "posts")]
    pub user: ForeignKey<User>,
    #[field(max_length = 200)]
    pub title: String,
}

#[derive(Model, Debug, Clone)]
#[model(app = "bench", table = "comments")]
pub struct Comment {
    pub id: i64,
    #[field(related_name = "comments")]
    pub post: ForeignKey<Post>,
    pub body: String,
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
        fields((self.id, self.user.pk(), &self.title))
    }
}

impl Checksum for Comment {
    fn checksum(&self) -> u64 {
        fields((self.id, self.post.pk(), &self.body))
    }
}
