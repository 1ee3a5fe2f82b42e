mod models;

use models::*;
use orm::prelude::*;

async fn has_no_related_set(library: &Library, db: &Db) {
    let emma = Book::create().title("Emma");
    let _ = emma.libraries().add(db, library).await;
}

async fn is_no_related_row(book: &Book, db: &Db) {
    let library = Library::create().name("Seaford").address("2234 Jackson Ave");
    let _ = book.libraries().add(db, library).await;
}

fn is_no_key() {
    let library = Library::create().name("Seaford").address("2234 Jackson Ave");
    let _ = Patron::create().name("Bob").library(&library);
}

fn main() {}
