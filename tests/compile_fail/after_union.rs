mod models;

use models::*;
use orm::prelude::*;

fn a_filter(a: QuerySet<Book>, b: QuerySet<Book>) {
    let _ = a.union(b).filter(|b| b.votes().gt(3));
}

fn an_annotation(a: QuerySet<Book>, b: QuerySet<Book>) {
    let _ = a.difference(b).annotate(|b| b.libraries().count());
}

fn rows_of_another_model(a: QuerySet<Book>, b: QuerySet<Library>) {
    let _ = a.union(b);
}

fn columns_of_another_type(a: QuerySet<Book>, b: QuerySet<Library>) {
    let _ = a.values(|b| b.title()).union(b.values(|l| l.id()));
}

fn conditions_of_another_model(a: QuerySet<Book>, b: QuerySet<Library>) {
    let _ = a & b;
}

fn main() {}
