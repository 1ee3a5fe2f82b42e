mod models;

use models::*;
use orm::prelude::*;

fn a_field() {
    let _ = Library::objects().filter(|l| l.name());
}

fn a_relation() {
    let _ = Patron::objects().filter(|p| p.visiting());
}

fn a_bool() {
    let _ = Library::objects().filter(|l| l.name() == "New York Public Library");
}

fn of_another_model() {
    let condition = Patron::q(q!(name = "Bob"));
    let _ = Library::objects().filter(|_| condition);
}

fn without_a_model() {
    let condition = q!(name = "New York Public Library");
    let _ = Library::objects().filter(condition);
}

fn main() {}
