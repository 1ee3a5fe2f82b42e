//! The tables as models. Their keys are `u64`, as toasty's guide has them: with `i64` it cannot write the
//! SQL of `include` for SQLite.

use common::{Checksum, fields};
use toasty::Deferred;

#[derive(Debug, toasty::Model)]
#[table = "items"]
pub struct Item {
    #[key]
    #[auto]
    pub id: u64,
    pub name: String,
    pub value: i64,
}

#[derive(Debug, toasty::Model)]
#[table = "inserts"]
pub struct Insert {
    #[key]
    #[auto]
    pub id: u64,
    pub name: String,
    pub value: i64,
}

#[derive(Debug, toasty::Model)]
#[table = "users"]
pub struct User {
    #[key]
    #[auto]
    pub id: u64,
    pub name: String,
    pub email: String,
    #[has_many]
    pub posts: Deferred<Vec<Post>>,
}

#[derive(Debug, toasty::Model)]
#[table = "posts"]
pub struct Post {
    #[key]
    #[auto]
    pub id: u64,
    #[index]
    pub user_id: u64,
    #[belongs_to]
    pub user: Deferred<User>,
    pub title: String,
    #[has_many]
    pub comments: Deferred<Vec<Comment>>,
}

#[derive(Debug, toasty::Model)]
#[table = "comments"]
pub struct Comment {
    #[key]
    #[auto]
    pub id: u64,
    #[index]
    pub post_id: u64,
    #[belongs_to]
    pub post: Deferred<Post>,
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

/// With the posts, and their comments.
impl Checksum for User {
    fn checksum(&self) -> u64 {
        let posts = self.posts.get().iter();
        let posts = posts.map(|post| {
            let comments = post.comments.get().iter().map(own_comment);
            fields((own_post(post), comments.fold(0, u64::wrapping_add)))
        });
        let own = fields((self.id, &self.name, &self.email));
        fields((own, posts.fold(0, u64::wrapping_add)))
    }
}

/// With the post.
impl Checksum for Comment {
    fn checksum(&self) -> u64 {
        fields((own_comment(self), own_post(self.post.get())))
    }
}

fn own_post(post: &Post) -> u64 {
    fields((post.id, post.user_id, &post.title))
}

fn own_comment(comment: &Comment) -> u64 {
    fields((comment.id, comment.post_id, &comment.body))
}
