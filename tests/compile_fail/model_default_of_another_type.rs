use orm::prelude::*;

#[derive(Model, Debug, Clone)]
pub struct Book {
    pub id: i64,
    #[field(default = "none")]
    pub votes: i64,
    #[field(default = 0)]
    pub lent: bool,
}

fn main() {}
