mod models;

use models::*;
use orm::prelude::*;

async fn remove(library: &Library, bob: &Patron, db: &Db) {
    let _ = library.patron_set().remove(db, bob).await;
}

async fn clear(library: &Library, db: &Db) {
    let _ = library.patron_set().clear(db).await;
}

async fn set(library: &Library, bob: &Patron, db: &Db) {
    let _ = library.patron_set().set(db, [bob]).await;
}

fn main() {}
