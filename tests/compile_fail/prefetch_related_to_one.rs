mod models;

use models::*;
use orm::prelude::*;

async fn plain(db: &Db) {
    let _ = Patron::objects().prefetch_related(|p| p.library()).all(db).await;
}

async fn with_a_queryset(db: &Db) {
    let _ = Patron::objects().prefetch_related(|p| p.library().using(Library::objects())).all(db).await;
}

fn main() {}
