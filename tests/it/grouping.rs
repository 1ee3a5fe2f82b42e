//! `values` and `annotate`: what rows are put together by, and how what was added is spoken of again.

use super::models::*;
use orm::prelude::*;
use orm::{Backend, assert_num_queries};

#[orm::test(apps = ["shop"])]
async fn values_group(db: Db) -> orm::Result<()> {
    data(&db).await?;
    // Book's own order, by key, takes no part in the grouping.
    let by_genre = || {
        Book::objects()
            .values(|b| b.genre())
            .annotate(|b| (b.pk().count(), b.pages().sum()))
    };
    let mut rows: Vec<(Genre, i64, Option<i64>)> = assert_num_queries!(db, 1, { by_genre().all(&db).await? });
    rows.sort_by_key(|row| row.1);
    assert_eq!(rows, [(Genre::Science, 1, Some(300)), (Genre::Fiction, 3, Some(690))]);
    let ordered = by_genre().order_by_with(|b, (genre, n, _)| (n.desc(), genre, b.genre()));
    assert_eq!(ordered.clone().all(&db).await?, [rows[1], rows[0]]);
    assert_eq!(ordered.clone().first(&db).await?, Some(rows[1]));
    assert_eq!(ordered.clone().last(&db).await?, Some(rows[0]));
    assert_eq!(ordered.clone().reverse().limit(1).all(&db).await?, [rows[0]]);
    assert_eq!(ordered.slice(1..).all(&db).await?, [rows[0]]);
    assert_eq!(by_genre().count(&db).await?, 2);
    // Groups have no key to come first by.
    let error = by_genre().first(&db).await.unwrap_err();
    assert!(error.to_string().contains("order_by"), "{error}");
    // Before the grouping, and after it.
    let of_authors = Book::objects().filter(q!(pages__gt = 0)).values(|b| b.authors().name());
    let rows: Vec<(Option<String>, i64, Option<Decimal>)> = of_authors
        .annotate(|b| (b.pk().count(), b.price().max()))
        .filter_with(|_, (_, n, dearest)| n.gte(1) & dearest.lt(Decimal::from(40)))
        .order_by_with(|_, (name, ..)| name)
        .all(&db)
        .await?;
    assert_eq!(rows, [(Some("Bob".to_owned()), 2, Some(Decimal::new(1250, 2)))]);
    let late: Vec<(Genre, i64)> = Book::objects()
        .values(|b| b.genre())
        .annotate(|b| b.pk().count())
        .filter(|b| b.pages().gt(0))
        .exclude_with(|_, (genre, n)| genre.eq(Genre::Science) | n.gt(5))
        .all(&db)
        .await?;
    assert_eq!(late, [(Genre::Fiction, 2)]);
    // Aggregates over the groups.
    let (most, all): (Option<i64>, Option<i64>) = Book::objects()
        .values(|b| b.genre())
        .annotate(|b| b.pk().count())
        .aggregate_with(&db, |_, (_, n)| (n.clone().max(), n.sum()))
        .await?;
    assert_eq!((most, all), (Some(3), Some(4)));
    // No columns to group by: one row.
    let (n, pages): (i64, Option<i32>) = Book::objects()
        .values(|b| (b.pk().count(), b.pages().max()))
        .all(&db)
        .await?[0];
    assert_eq!((n, pages), (4, Some(600)));
    // A further column groups as well.
    let rows = Book::objects()
        .values(|b| (b.genre(), b.in_print()))
        .annotate(|b| b.pk().count())
        .order_by_with(|_, (genre, print, _)| (genre, print));
    assert_eq!(
        rows.all(&db).await?.into_iter().map(|row| row.2).collect::<Vec<_>>(),
        [1, 2, 1]
    );
    Ok(())
}

#[orm::test(apps = ["shop"])]
async fn annotations_are_spoken_of(db: Db) -> orm::Result<()> {
    data(&db).await?;
    let counted = || Author::objects().annotate(|a| a.books().count());
    let busy: Vec<(Author, i64)> = counted()
        .filter_with(|_, n| n.gt(1))
        .order_by_with(|a, n| (n.desc(), a.name().desc()))
        .all(&db)
        .await?;
    assert_eq!(
        busy.iter().map(|(a, n)| (a.name.as_str(), *n)).collect::<Vec<_>>(),
        [("Bob", 2), ("Ada", 2)]
    );
    assert_eq!(counted().exclude_with(|_, n| n.gt(1)).count(&db).await?, 1);
    assert!(counted().filter_with(|_, n| n.gt(1)).exists(&db).await?);
    // What is only filtered by need not be in the row.
    let names: Vec<String> = Author::objects()
        .filter(|a| a.books().count().gt(1))
        .order_by(|a| (a.books().count().desc(), a.name()))
        .values(|a| a.name())
        .all(&db)
        .await?;
    assert_eq!(names, ["Ada", "Bob"]);
    let computed: Vec<(Author, i64, i64)> = counted()
        .annotate_with(|_, n| n * 10)
        .order_by_with(|_, (_, tenfold)| tenfold)
        .limit(1)
        .all(&db)
        .await?;
    assert_eq!((computed[0].1, computed[0].2), (1, 10));
    // Rows keep their groups where columns are read in their place.
    let columns: Vec<(String, i64)> = counted()
        .order_by(|a| a.name())
        .values_with(|a, n| (a.name(), n))
        .all(&db)
        .await?;
    assert_eq!(
        columns,
        [("Ada".to_owned(), 2), ("Bob".to_owned(), 2), ("Cleo".to_owned(), 1)]
    );
    assert_eq!(
        counted()
            .values(|a| a.name().length())
            .order_by(|_| ())
            .count(&db)
            .await?,
        3
    );
    let average: Option<f64> = counted().aggregate_with(&db, |_, n| n.avg()).await?;
    assert!(average.is_some_and(|avg| (avg - 5.0 / 3.0).abs() < 1e-3), "{average:?}");
    // Both sides of an OR are about the groups then.
    let either = Book::objects()
        .annotate(|b| b.reviews().count())
        .filter_with(|b, n| n.gt(1) | b.publisher().name().eq("South") | b.pages().eq(0))
        .order_by(|b| b.title());
    assert_eq!(
        shown(&either.all(&db).await?.into_iter().map(|row| row.0).collect::<Vec<_>>()),
        "Atlas, Blank, Logic"
    );
    // An aggregate of an aggregate is refused before the database is asked.
    assert_num_queries!(db, 0, {
        let error = counted().annotate_with(|_, n| n.sum()).all(&db).await.unwrap_err();
        assert!(error.to_string().contains("aggregate"), "{error}");
    });
    Ok(())
}

#[orm::test(apps = ["shop"])]
async fn all_parts_are_spoken_of(db: Db) -> orm::Result<()> {
    data(&db).await?;
    let rows = Book::objects()
        .select_related(|b| b.publisher())
        .prefetch_related(|b| b.authors())
        .annotate(|b| (b.reviews().count(), b.pages() * 2))
        .filter_with(|b, (publisher, _, reviews, double)| {
            publisher.name().eq("North") & reviews.gt(0) & double.gt(100) & b.genre().eq(Genre::Science)
        })
        .order_by_with(|_, (publisher, ..)| publisher.city().name());
    let rows: Vec<(Book, Option<Publisher>, Vec<Author>, i64, i32)> = rows.all(&db).await?;
    assert_eq!(rows.len(), 1);
    let (book, publisher, authors, reviews, double) = &rows[0];
    assert_eq!((book.title.as_str(), *reviews, *double), ("Logic", 2, 600));
    assert_eq!(publisher.as_ref().map(|p| p.name.as_str()), Some("North"));
    assert_eq!(shown(authors), "Ada, Bob");
    Ok(())
}

#[test]
fn groups_in_sql() {
    let genres = Book::objects().values(|b| b.genre()).annotate(|b| b.price().avg());
    assert_eq!(
        genres.to_sql(Backend::Postgres).unwrap(),
        r#"SELECT "shop_book"."genre", AVG("shop_book"."price") FROM "shop_book" GROUP BY "shop_book"."genre""#
    );
    let dear = genres
        .filter(|b| b.in_print())
        .filter_with(|_, (_, avg)| avg.gt(Decimal::from(3)))
        .order_by_with(|_, (genre, avg)| (avg.desc(), genre));
    assert_eq!(
        dear.to_sql(Backend::Postgres).unwrap(),
        r#"SELECT "shop_book"."genre", AVG("shop_book"."price") FROM "shop_book" WHERE "shop_book"."in_print" = TRUE GROUP BY "shop_book"."genre" HAVING AVG("shop_book"."price") > 3 ORDER BY 2 DESC, "shop_book"."genre" ASC"#
    );
    let rows = Author::objects()
        .annotate(|a| a.books().count())
        .filter_with(|_, n| n.gt(3));
    assert_eq!(
        rows.values_with(|_, n| n).to_sql(Backend::Sqlite).unwrap(),
        r#"SELECT COUNT("shop_book_authors"."book_id") FROM "shop_author" LEFT OUTER JOIN "shop_book_authors" ON ("shop_author"."id" = "shop_book_authors"."author_id") GROUP BY "shop_author"."id" HAVING COUNT("shop_book_authors"."book_id") > 3"#
    );
}
