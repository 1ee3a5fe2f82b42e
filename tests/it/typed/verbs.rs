//! Windows, trees, SQL of one's own, plans and locks: the spellings and the types of the results.

use super::models::*;
use orm::Result;
use orm::prelude::*;
use orm::tree::depth;
use orm::window::{lag, rank};

/// Each as users may write it.
pub async fn all(db: &Db, person: &Person) -> Result<()> {
    let _: Vec<(Book, i64, Option<f64>, Option<String>)> = Book::objects()
        .annotate(|b| {
            (
                rank().over(|w| w.partition_by((b.nick(), b.votes())).order_by(b.price().desc())),
                b.price().sum().over(|w| w.order_by(b.id()).rows(-2..=0)),
                lag(b.title()).by(2).over(|w| w.order_by((b.price(), b.id().desc()))),
            )
        })
        .filter(|b| rank().over(|w| w.order_by(b.id())).lte(3))
        .all(db)
        .await?;
    let _: Vec<f64> = Book::objects()
        .values(|b| lag(b.price()).or(0.0).over(|w| w.order_by(b.id())))
        .all(db)
        .await?;
    let _: Vec<(Person, i64)> = Person::objects()
        .ancestors(person, |p| p.manager())
        .with_start()
        .annotate(|_| depth())
        .all(db)
        .await?;
    let _: Vec<(Book, Option<i64>)> = Book::raw("SELECT *, 1 AS n FROM typed_book WHERE id = {}", (1,))
        .column::<Option<i64>>("n")
        .all(db)
        .await?;
    let _: Vec<(i64, String)> = orm::raw("SELECT id, name FROM typed_tag WHERE name = {}", ("x",))
        .all(db)
        .await?;
    let _: String = Book::objects().explain(db).await?;
    let _: Vec<Patron> = Patron::objects()
        .select_for_update_with(|lock| lock.skip_locked().of(|p| p))
        .all(db)
        .await?;
    Ok(())
}
