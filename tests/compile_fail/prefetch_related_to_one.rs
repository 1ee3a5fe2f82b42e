mod models;

use models::*;
use orm::prelude::*;

async fn plain(db: &Db) {
    let _ = Patron::objects().prefetch_related(|p| p.library()).all(db).await;
}

async fn with_a_queryset(db: &Db) {
    let _ = Patron::objects()
        .prefetch_related(|p| p.library().using(Library::objects()))
        .all(db)
        .await;
}

async fn over_a_field(db: &Db) {
    let _ = Library::objects().prefetch_related(|l| l.name()).all(db).await;
}

fn main() {}
