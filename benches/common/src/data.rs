//! The rows: always the same ones.

pub const ITEMS: i64 = 10_000;
pub const USERS: i64 = 100;
pub const POSTS: i64 = 1_000;
pub const COMMENTS: i64 = 10_000;
pub const INSERTS: i64 = 1_000;

/// A row of `items` or of `inserts`, before it has a key.
pub struct NewItem {
    pub name: String,
    pub value: i64,
}

/// Xorshift: the same numbers in every run.
pub struct Random(u64);

impl Random {
    pub fn new(seed: u64) -> Self {
        Random(seed)
    }

    /// A number from 1 to `max`.
    pub fn up_to(&mut self, max: i64) -> i64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 2).cast_signed() % max + 1
    }
}

pub fn items() -> Vec<NewItem> {
    new_items(ITEMS, "item", 1)
}

pub fn inserts() -> Vec<NewItem> {
    new_items(INSERTS, "insert", 2)
}

fn new_items(count: i64, word: &str, seed: u64) -> Vec<NewItem> {
    let mut random = Random::new(seed);
    (1..=count)
        .map(|i| NewItem {
            name: format!("{word} number {i}"),
            value: random.up_to(1_000_000_000),
        })
        .collect()
}

/// Name and email of each user.
pub fn users() -> Vec<(String, String)> {
    (1..=USERS)
        .map(|i| (format!("User {i}"), format!("user{i}@example.com")))
        .collect()
}

/// User and title of each post.
pub fn posts() -> Vec<(i64, String)> {
    children(POSTS, USERS, "The title of post", 3)
}

/// Post and body of each comment.
pub fn comments() -> Vec<(i64, String)> {
    children(COMMENTS, POSTS, "What somebody had to say in comment", 4)
}

fn children(count: i64, parents: i64, text: &str, seed: u64) -> Vec<(i64, String)> {
    let mut random = Random::new(seed);
    (1..=count)
        .map(|i| (random.up_to(parents), format!("{text} {i}")))
        .collect()
}
