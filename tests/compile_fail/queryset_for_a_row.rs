mod models;

use models::*;
use orm::prelude::*;

fn set_a_field() {
    let mut floyd = Patron::objects().filter(q!(name = "Floyd"));
    floyd.name = "Fyodor".to_owned();
}

fn set_a_field_of_a_method() {
    let floyd = Patron::objects().filter(q!(name = "Floyd"));
    floyd.first.name = "Fyodor".to_owned();
}

async fn columns_in_a_related_set(book: &Book, db: &Db) {
    let _ = book.libraries().add(db, Library::objects().values(|l| (l.id(), l.name()))).await;
}

fn main() {}
