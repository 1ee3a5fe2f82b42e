mod models;

use models::*;
use orm::prelude::*;

async fn over_a_reverse_key(db: &Db) {
    let _ = Library::objects().select_related(|l| l.patron()).all(db).await;
}

async fn over_many_to_many(db: &Db) {
    let _ = Book::objects().select_related(|b| b.libraries()).all(db).await;
}

async fn over_a_field(db: &Db) {
    let _ = Patron::objects().select_related(|p| p.name()).all(db).await;
}

fn main() {}
