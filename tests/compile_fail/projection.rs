mod models;

use models::*;
use orm::prelude::*;

#[derive(Projection, Clone)]
#[projection(model = Patron)]
struct Typo {
    nmae: String,
    #[projection(path = "library__adress")]
    address: String,
}

#[derive(Projection, Clone)]
#[projection(model = Patron)]
struct AnotherType {
    name: i64,
    #[projection(path = "visiting__name")]
    visiting: String,
    #[projection(expr = |p| p.name().length())]
    length: String,
}

#[derive(Projection, Clone)]
#[projection(model = Library)]
struct Lib {
    name: String,
}

#[derive(Projection, Clone)]
#[projection(model = Patron)]
struct Nested {
    #[projection(nested)]
    library: Option<Lib>,
    #[projection(nested)]
    visiting: Lib,
    #[projection(nested, path = "library__book")]
    books: Title,
    #[projection(nested, path = "library")]
    book: Title,
}

#[derive(Projection, Clone)]
#[projection(model = Book)]
struct Title {
    title: String,
}

async fn of_another_model(db: &Db) {
    let _ = Patron::objects().project::<Lib>().all(db).await;
    let _ = Patron::objects().project::<Library>().all(db).await;
}

fn main() {}
