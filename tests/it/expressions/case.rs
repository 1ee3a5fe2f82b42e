//! `case()`.

use super::models::*;
use crate::models::{Author, Book, data, shown};
use orm::functions::case;
use orm::prelude::*;

#[orm::test(apps = ["samples"])]
async fn the_first_condition_that_holds(db: Db) -> orm::Result<()> {
    samples(&db).await?;
    let rows: Vec<String> = Sample::objects()
        .values(|s| {
            case()
                .when(s.count().gt(100), "many")
                .when(s.count().gt(0), s.name().upper())
                .otherwise("few")
        })
        .all(&db)
        .await?;
    assert_eq!(rows, ["few", "X"]);
    let without: Vec<(Option<i32>, Option<i32>)> = Sample::objects()
        .values(|s| {
            (
                case().when(s.count().gt(0), 1),
                case().when(s.count().gt(0), s.bonus()).otherwise(2),
            )
        })
        .all(&db)
        .await?;
    assert_eq!(without, [(None, Some(2)), (Some(1), None)]);
    let decimals: Vec<Decimal> = Sample::objects()
        .values(|s| case().when(s.count().gt(0), Decimal::ONE).otherwise(s.price()))
        .all(&db)
        .await?;
    assert_eq!(decimals, [Decimal::new(-125, 1), Decimal::ONE]);
    Ok(())
}

#[orm::test(apps = ["shop"])]
async fn in_conditions_orders_and_aggregates(db: Db) -> orm::Result<()> {
    data(&db).await?;
    let first = Book::objects().order_by(|b| {
        let last = case().when(b.title().eq("Logic"), 1).when(b.in_print(), 2).otherwise(0);
        (last.desc(), b.id())
    });
    assert_eq!(shown(&first.all(&db).await?), "Poems, Blank, Logic, Atlas");
    let found = Book::objects().filter(|b| case().when(b.pages().gt(500), true).otherwise(b.in_print()));
    assert_eq!(found.count(&db).await?, 4);
    let conditions: Vec<Option<bool>> = Book::objects()
        .values(|b| b.rating().gt(4).into_value())
        .all(&db)
        .await?;
    assert_eq!(conditions, [Some(true), Some(false), None, None]);
    let pages: Option<i64> = Book::objects()
        .aggregate(&db, |b| case().when(b.in_print(), b.pages()).otherwise(0).sum())
        .await?;
    assert_eq!(pages, Some(390));
    // A condition over a to-many relation speaks of the joined rows.
    let counted: Vec<(Author, i64)> = Author::objects()
        .annotate(|a| case().when(a.books().pages().gt(200), 1).count())
        .all(&db)
        .await?;
    let counts: Vec<i64> = counted.into_iter().map(|(_, count)| count).collect();
    assert_eq!(counts, [2, 1, 1]);
    Ok(())
}

#[orm::test(apps = ["shop"])]
async fn in_updates(db: Db) -> orm::Result<()> {
    data(&db).await?;
    Book::objects()
        .update(&db, |b| {
            let pages = case().when(b.pages().gt(500), 500).otherwise(b.pages() + 1);
            b.pages().set(pages)
        })
        .await?;
    let pages = Book::objects().values(|b| b.pages()).all(&db).await?;
    assert_eq!(pages, [301, 91, 500, 1]);
    Ok(())
}
