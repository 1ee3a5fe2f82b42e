mod models;

use models::*;

fn misspelled() {
    let _ = Patron::create().nmae("Bob");
}

fn of_many_to_many() {
    let _ = Book::create().title("Emma").libraries([1, 2]);
}

fn main() {}
