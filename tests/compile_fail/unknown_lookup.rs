mod models;

use models::*;
use orm::prelude::*;

fn misspelled() {
    let _ = Library::objects().filter(q!(name__startswit = "New"));
}

fn unknown() {
    let _ = Library::objects().filter(q!(name__like = "New%"));
}

fn of_a_relation() {
    let _ = Patron::objects().filter(q!(library__startswith = "New"));
}

fn main() {}
