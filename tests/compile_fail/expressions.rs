mod models;

use models::*;
use orm::functions::{case, coalesce, concat, outer, subquery};
use orm::prelude::*;

fn function_of_another_type() {
    let _ = Library::objects().values(|l| l.name().trunc_month());
}

fn a_time_of_a_date() {
    let _ = Article::objects().filter(q!(pub_date__hour = 3));
}

fn values_of_two_types() {
    let _ = Book::objects().values(|b| case().when(b.votes().gt(3), "many").otherwise(0));
}

fn alternatives_of_two_types() {
    let _ = Book::objects().values(|b| coalesce((b.nick(), 3)));
}

fn a_number_among_texts() {
    let _ = Book::objects().values(|b| concat((b.title(), b.votes())));
}

fn a_number_added_to_a_date() {
    let _ = Article::objects().values(|a| a.pub_date() + 3);
}

fn the_default_of_a_count() {
    let _ = Book::objects().values(|b| b.votes().count().default(0));
}

fn several_columns_as_a_value() {
    let _ = Book::objects().values(|_| subquery(Library::objects().values(|l| (l.id(), l.name()))));
}

fn of_an_outer_row_without_saying_so() {
    let _ = Book::objects().filter(|b| b.libraries().in_(Library::objects().filter(|l| l.name().eq(b.title()))));
}

fn an_outer_value_of_another_type() {
    let _ = Book::objects().filter(|b| b.libraries().in_(Library::objects().filter(|l| l.name().eq(outer(b.id())))));
}

fn main() {}
