use orm::prelude::*;

#[derive(Model, Debug, Clone)]
pub struct Book {
    pub id: i64,
}

fn misspelled() {
    let _ = Books::objects();
}

#[derive(Model, Debug, Clone)]
pub struct Loan {
    pub id: i64,
    pub book: ForeignKey<Books>,
}

fn main() {}
