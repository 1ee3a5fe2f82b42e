use orm::prelude::*;

#[derive(Debug, Clone)]
pub enum Genre {
    Fiction,
    Science,
}

#[derive(Model, Debug, Clone)]
pub struct Book {
    pub id: i64,
    pub genre: Genre,
}

fn main() {}
