mod models;

use models::*;
use orm::prelude::*;

async fn a_field(db: &Db) {
    let _ = Book::objects().update(db, |b| b.title()).await;
}

async fn a_condition(db: &Db) {
    let _ = Book::objects().update(db, q!(title = "Emma")).await;
}

fn main() {}
