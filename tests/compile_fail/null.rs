mod models;

use models::*;
use orm::prelude::*;

fn compared() {
    let _ = Book::objects().filter(q!(votes__gt = None));
}

fn for_a_required_key() {
    let _ = Patron::create().name("Bob").library(None);
}

fn for_a_required_field() {
    let _ = Library::create().name(None);
}

async fn set_on_a_required_column(db: &Db) {
    let _ = Book::objects().update(db, |b| b.title().set(None)).await;
}

async fn set_on_a_required_key(db: &Db) {
    let _ = Patron::objects().update(db, |p| p.library().set(None)).await;
}

fn main() {}
