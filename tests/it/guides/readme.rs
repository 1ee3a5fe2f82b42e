//! The queries of `README.md`.

use crate::models::*;
use orm::functions::{exists, outer};
use orm::prelude::*;
use orm::window::rank;
use orm::{Allowed, Page};

#[orm::test(apps = ["shop"])]
async fn what_a_query_can_say(db: Db) -> orm::Result<()> {
    data(&db).await?;
    let db = &db;
    let houses: Vec<(Publisher, Vec<Book>, i64)> = Publisher::objects()
        .prefetch_related(|p| p.books().using(Book::objects().filter(q!(pages__gt = 200))))
        .annotate(|p| p.books().count())
        .all(db)
        .await?;
    let north = houses.iter().find(|(house, ..)| house.name == "North");
    let (_, thick, books) = north.unwrap();
    assert_eq!((shown(thick).as_str(), *books), ("Logic", 2));
    let prices: Vec<(Genre, Option<Decimal>)> = Book::objects()
        .values(|b| b.genre())
        .annotate(|b| b.price().avg())
        .all(db)
        .await?;
    let dearest_of_each_genre = Book::objects().filter(|b| {
        rank()
            .over(|w| w.partition_by(b.genre()).order_by(b.price().desc()))
            .eq(1)
    });
    let never_reviewed =
        Book::objects().filter(|b| !exists(Review::objects().filter(|r| r.book().pk().eq(outer(b.pk())))));
    assert_eq!(prices.len(), 2);
    assert_eq!(shown(&dearest_of_each_genre.all(db).await?), "Logic, Atlas");
    assert_eq!(shown(&never_reviewed.all(db).await?), "Atlas, Blank");
    let allowed = Allowed::new(["price__lt"]).ordering(["price"]);
    let params = [("price__lt", "10"), ("ordering", "price")];
    let raised: u64 = db
        .atomic(async |tx| {
            let cheap = Book::objects().filter(q!(price__lt = 10));
            cheap.update(&tx, |b| b.price().set(b.price() + Decimal::ONE)).await
        })
        .await?;
    let page: Page<Book> = Book::objects()
        .filter_params(&params, &allowed)?
        .page(db, 1, 20)
        .await?;
    assert_eq!(shown(&page.items), "Blank, Poems");
    assert_eq!(raised, 2);
    Ok(())
}
