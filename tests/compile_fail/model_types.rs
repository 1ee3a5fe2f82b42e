use orm::prelude::*;

#[derive(Model, Debug, Clone)]
pub struct Book {
    pub id: i64,
    pub votes: u32,
    pub score: f32,
    pub initial: char,
    pub title: &'static str,
    pub authors: Vec<String>,
    pub position: (f64, f64),
    pub added: DateTime<orm::chrono::Local>,
    pub note: Option<Option<String>>,
    pub owner: Box<String>,
    pub libraries: Vec<ForeignKey<Book>>,
}

fn main() {}
