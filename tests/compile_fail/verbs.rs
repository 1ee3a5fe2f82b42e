mod models;

use models::*;
use orm::prelude::*;
use orm::window::rank;

fn a_function_without_its_window() {
    let _ = Library::objects().annotate(|_| rank());
}

fn a_window_over_what_is_no_aggregate() {
    let _ = Library::objects().annotate(|l| l.name().over(|w| w));
}

fn a_window_of_another_model(patron: PatronFields<Patron, One>) {
    let _ = Library::objects().annotate(|_| rank().over(|w| w.order_by(patron.name())));
}

fn a_tree_along_another_relation(patron: &Patron) {
    let _ = Patron::objects().descendants(patron, |p| p.library());
}

fn a_tree_of_another_model(patron: &Patron) {
    let _ = Library::objects().descendants(patron, |l| l);
}

fn arguments_that_are_none() {
    let _ = Library::raw("SELECT * FROM library WHERE id = {}", 3);
}

fn main() {}
