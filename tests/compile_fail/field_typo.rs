mod models;

use models::*;
use orm::prelude::*;

fn in_a_closure() {
    let _ = Library::objects().filter(|l| l.nmae().startswith("New"));
}

fn in_q() {
    let _ = Library::objects().filter(q!(nmae__startswith = "New"));
}

fn behind_a_relation() {
    let _ = Patron::objects().filter(q!(library__adress = "2234 Jackson Ave"));
}

fn on_the_right() {
    let _ = Book::objects().filter(q!(votes__gt = F(min_vote)));
}

fn in_an_order() {
    let _ = Library::objects().order_by(|l| l.title().desc());
}

fn in_a_flat_lookup() {
    let _ = Library::objects().filter(|l| l.nmae__startswith("New"));
}

fn main() {}
