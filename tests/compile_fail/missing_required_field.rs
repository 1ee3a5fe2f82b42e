mod models;

use models::*;
use orm::prelude::*;

async fn one(db: &Db) {
    let _ = Patron::create().name("Bob").save(db).await;
}

async fn two(db: &Db) {
    let _ = Library::create().save(db).await;
}

async fn in_get_or_create(db: &Db) {
    let _ = Library::create().name("Seaford").get_or_create(db, |l| l.name()).await;
}

async fn in_a_related_set(library: &Library, db: &Db) {
    let _ = library.patron_set().create().save(db).await;
}

fn main() {}
