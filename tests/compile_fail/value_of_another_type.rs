mod models;

use models::*;
use orm::prelude::*;

fn text_for_a_number() {
    let _ = Library::objects().filter(q!(id = "x"));
}

fn number_for_a_text() {
    let _ = Library::objects().filter(|l| l.name().eq(3));
}

fn narrow_variable(n: i32) {
    let _ = Library::objects().filter(q!(id = n));
}

fn list_of_texts() {
    let _ = Library::objects().filter(q!(id__in = ["1", "2"]));
}

fn one_value_for_a_list() {
    let _ = Library::objects().filter(q!(id__in = 1));
}

fn in_create() {
    let _ = Library::create().name(3);
}

async fn in_update(db: &Db) {
    let _ = Book::objects().update(db, |b| b.votes().set("many")).await;
}

fn main() {}
