mod models;

use models::*;
use orm::prelude::*;

fn object() {
    let _ = Library::object();
}

fn without_parentheses() {
    let _ = Library::objects.filter(q!(name = "Seaford"));
}

async fn save_of_a_queryset(db: &Db) {
    let _ = Library::objects().save(db).await;
}

fn value() {
    let _ = Library::objects().value(|l| l.name());
}

fn order() {
    let _ = Library::objects().order(|l| l.name());
}

fn new() {
    let _ = Library::new();
}

async fn create_of_a_queryset(db: &Db) {
    let _ = Library::objects().create().name("Seaford").save(db).await;
}

fn main() {}
