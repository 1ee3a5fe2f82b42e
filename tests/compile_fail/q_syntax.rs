mod models;

use models::*;
use orm::prelude::*;

fn two_equals() {
    let _ = Library::objects().filter(q!(name == "New York Public Library"));
}

fn greater() {
    let _ = Book::objects().filter(q!(votes >= 10));
}

fn not_equal() {
    let _ = Book::objects().filter(q!(votes != 10));
}

fn dots() {
    let _ = Patron::objects().filter(q!(library.name = "New York Public Library"));
}

fn without_value() {
    let _ = Library::objects().filter(q!(name = ));
}

fn only_a_name() {
    let _ = Library::objects().filter(q!(name));
}

fn empty_part() {
    let _ = Library::objects().filter(q!(name__ = "x"));
}

fn nothing() {
    let _ = Library::objects().filter(q!());
}

fn joined_as_in_python() {
    let _ = Book::objects().filter(q!(votes = 1 and title = "x"));
}

fn main() {}
