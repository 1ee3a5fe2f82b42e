mod models;

use models::*;
use orm::prelude::*;

fn a_text_in_values() {
    let _ = Library::objects().values(|_| ("id", "name"));
}

fn a_text_in_an_order() {
    let _ = Library::objects().order_by(|_| "-name");
}

fn a_condition_in_annotate() {
    let _ = Library::objects().annotate(|l| l.name().eq("Seaford"));
}

async fn a_related_field_in_get_or_create(library: &Library, db: &Db) {
    let bob = Patron::create().name("Bob").library(library);
    let _ = bob.get_or_create(db, |p| p.library().name()).await;
}

fn main() {}
