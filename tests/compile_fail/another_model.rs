mod models;

use models::*;
use orm::prelude::*;

async fn in_a_related_set(book: &Book, bob: &Patron, db: &Db) {
    let _ = book.libraries().add(db, [bob]).await;
}

async fn alone_in_a_related_set(book: &Book, bob: &Patron, db: &Db) {
    let _ = book.libraries().add(db, bob).await;
}

fn in_create(bob: &Patron) {
    let _ = Patron::create().name("Alice").library(bob);
}

fn in_a_condition(bob: &Patron) {
    let _ = Patron::objects().filter(q!(library = bob));
}

fn by_name() {
    let _ = Patron::objects().filter(|p| p.library().is("New York Public Library"));
}

fn several(patrons: Vec<Patron>) {
    let _ = Patron::objects().filter(q!(library__in = &patrons));
}

fn owned(library: Library) {
    let _ = Patron::create().name("Alice").library(library);
}

fn main() {}
