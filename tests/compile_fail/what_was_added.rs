mod models;

use models::*;
use orm::prelude::*;

fn a_lookup_of_another_type() {
    let counted = Library::objects().annotate(|l| l.book().count());
    let _ = counted.filter_with(|_, books| books.startswith("x"));
}

fn one_of_another_number() {
    let counted = Library::objects().annotate(|l| (l.book().count(), l.book().votes().sum()));
    let _ = counted.order_by_with(|_, (books,)| books);
}

fn a_list_is_no_expression() {
    let libraries = Library::objects().prefetch_related(|l| l.book());
    let _ = libraries.filter_with(|_, books| books.startswith("x"));
}

async fn groups_are_no_models(db: &Db) -> orm::Result<Vec<Book>> {
    Book::objects().values(|b| b.subtitle()).annotate(|b| b.votes().avg()).all(db).await
}

fn main() {}
