use orm::prelude::*;

#[derive(Debug, Clone)]
pub struct Genre {
    pub id: i64,
}

#[derive(Model, Debug, Clone)]
pub struct Shelf {
    pub id: i64,
    pub genre: ForeignKey<Genre>,
}

fn main() {}
