use orm::prelude::*;

#[derive(Model, Debug, Clone)]
pub enum Genre {
    Fiction,
}

#[derive(Model, Debug, Clone)]
pub struct Library(i64, String);

#[derive(Model, Debug, Clone)]
pub struct Shelf<T> {
    pub id: i64,
    pub content: T,
}

fn main() {}
