mod models;

use models::*;
use orm::prelude::*;

async fn through_a_key(db: &Db) {
    let _ = Patron::objects().update(db, |p| p.library().name().set("x")).await;
}

async fn through_a_reverse_relation(db: &Db) {
    let _ = Library::objects().update(db, |l| l.patron().name().set("x")).await;
}

async fn many_to_many(library: &Library, db: &Db) {
    let _ = Book::objects().update(db, |b| b.libraries().set(library)).await;
}

fn main() {}
