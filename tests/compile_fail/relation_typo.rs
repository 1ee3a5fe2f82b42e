mod models;

use models::*;
use orm::prelude::*;

fn in_q() {
    let _ = Patron::objects().filter(q!(libary__name = "New York Public Library"));
}

fn in_select_related() {
    let _ = Patron::objects().select_related(|p| p.libary());
}

async fn of_an_instance(patron: &Patron, db: &Db) {
    let _ = patron.libary(db).await;
}

async fn of_a_related_set(library: &Library, db: &Db) {
    let _ = library.patrons_set().all(db).await;
}

fn by_the_accessor_in_a_query() {
    let _ = Library::objects().filter(q!(patron_set__name = "Bob"));
}

fn main() {}
