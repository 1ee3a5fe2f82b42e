mod models;

use models::*;
use orm::prelude::*;

async fn url(url: String) {
    let _ = Library::objects().all(&url).await;
}

async fn by_value(db: Db) {
    let _ = Library::objects().all(db).await;
}

async fn forgotten() {
    let _ = Library::objects().all().await;
}

async fn in_create(url: String) {
    let _ = Library::create()
        .name("Seaford")
        .address("2234 Jackson Ave")
        .save(&url)
        .await;
}

fn main() {}
