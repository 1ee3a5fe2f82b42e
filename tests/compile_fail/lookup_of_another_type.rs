mod models;

use models::*;
use orm::prelude::*;

fn text_lookup_on_a_number() {
    let _ = Library::objects().filter(|l| l.id().startswith("1"));
}

fn text_lookup_on_a_number_in_q() {
    let _ = Library::objects().filter(q!(id__startswith = "1"));
}

fn year_of_a_text() {
    let _ = Book::objects().filter(q!(title__year = 2020));
}

fn sum_of_texts() {
    let _ = Book::objects().values(|b| b.title().sum());
}

fn main() {}
