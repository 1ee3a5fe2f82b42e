mod models;

use models::*;
use orm::prelude::*;

async fn of_a_relation(db: &Db) -> orm::Result<()> {
    let _rows: Vec<(Patron, Library)> = Patron::objects().select_related(|p| p.visiting()).all(db).await?;
    Ok(())
}

async fn of_a_value(db: &Db) -> orm::Result<()> {
    let _rows: Vec<(i64, String)> = Patron::objects()
        .values(|p| (p.id(), p.visiting().name()))
        .all(db)
        .await?;
    Ok(())
}

fn main() {}
