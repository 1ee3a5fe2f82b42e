//! The code of `docs/aggregation.md`.

use crate::models::*;
use orm::One;
use orm::functions::{outer, subquery};
use orm::prelude::*;
use std::collections::HashMap;

#[orm::test(apps = ["shop"])]
async fn of_all_rows(db: Db) -> orm::Result<()> {
    data(&db).await?;
    let db = &db;
    let (books, dearest, rating): (i64, Option<Decimal>, Option<f64>) = Book::objects()
        .filter(|b| b.in_print())
        .aggregate(db, |b| (b.pk().count(), b.price().max(), b.rating().avg()))
        .await?;
    assert_eq!((books, dearest), (3, Some(Decimal::new(1250, 2))));
    assert_eq!(rating, Some(3.75));
    let (fiction, genres): (i64, i64) = Book::objects()
        .aggregate(db, |b| {
            (
                b.pk().count().filter(|b| b.genre().eq(Genre::Fiction)),
                b.genre().count().distinct(),
            )
        })
        .await?;
    assert_eq!((fiction, genres), (3, 2));
    Ok(())
}

#[orm::test(apps = ["shop"])]
async fn for_each_row(db: Db) -> orm::Result<()> {
    data(&db).await?;
    let db = &db;
    let rows: Vec<(Author, i64, Option<i64>)> = Author::objects()
        .annotate(|a| (a.books().count(), a.books().pages().sum()))
        .all(db)
        .await?;
    assert_eq!((rows[0].0.name.as_str(), rows[0].1, rows[0].2), ("Ada", 2, Some(900)));
    let busiest: Vec<(Author, i64)> = Author::objects()
        .annotate(|a| a.books().count())
        .filter_with(|_, books| books.gt(1))
        .order_by_with(|a, books| (books.desc(), a.name()))
        .all(db)
        .await?;
    assert_eq!(
        busiest.iter().map(|row| row.0.name.as_str()).collect::<Vec<_>>(),
        ["Ada", "Bob"]
    );
    let average: Option<f64> = Author::objects()
        .annotate(|a| a.books().count())
        .aggregate_with(db, |_, books| books.avg())
        .await?;
    assert!(average.is_some_and(|average| average > 1.6 && average < 1.7));
    let names: Vec<String> = Author::objects()
        .filter(|a| a.books().count().gt(1))
        .order_by(|a| a.books().count().desc())
        .values(|a| a.name())
        .all(db)
        .await?;
    assert_eq!(names.len(), 2);
    Ok(())
}

#[orm::test(apps = ["shop"])]
async fn for_each_group(db: Db) -> orm::Result<()> {
    data(&db).await?;
    let db = &db;
    let prices: Vec<(Genre, Option<Decimal>)> = Book::objects()
        .values(|b| b.genre())
        .annotate(|b| b.price().avg())
        .all(db)
        .await?;
    assert_eq!(prices.len(), 2);
    let counts: Vec<(Genre, bool, i64)> = Book::objects()
        .values(|b| (b.genre(), b.in_print()))
        .annotate(|b| b.pk().count())
        .order_by_with(|_, (genre, in_print, books)| (books.desc(), genre, in_print))
        .all(db)
        .await?;
    assert_eq!(counts.iter().map(|row| row.2).collect::<Vec<_>>(), [2, 1, 1]);
    let per_author: Vec<(String, i64)> = Author::objects()
        .annotate(|a| a.books().count())
        .values_with(|a, books| (a.name(), books))
        .all(db)
        .await?;
    assert_eq!(per_author.len(), 3);
    let genres: Vec<(Genre, i64)> = Book::objects()
        .values(|b| b.genre())
        .annotate(|b| b.pk().count())
        .filter_with(|b, (_, books)| b.pages().gt(0) & books.gte(2))
        .all(db)
        .await?;
    assert_eq!(genres, [(Genre::Fiction, 2)]);
    Ok(())
}

#[orm::test(apps = ["shop"])]
async fn several_relations(db: Db) -> orm::Result<()> {
    data(&db).await?;
    let db = &db;
    let good = |a: AuthorFields<Author, One>| a.books().rating().gt(4.0);
    let good_books: Vec<(Author, i64)> = Author::objects()
        .filter(good)
        .annotate(|a| a.books().count())
        .all(db)
        .await?;
    let all_books: Vec<(Author, i64)> = Author::objects()
        .annotate(|a| a.books().count().distinct())
        .filter(good)
        .all(db)
        .await?;
    assert_eq!((good_books.len(), good_books[0].1), (2, 1));
    assert_eq!((all_books.len(), all_books[0].1), (2, 2));
    let wrong: Vec<(Book, i64, i64)> = Book::objects()
        .annotate(|b| (b.authors().count(), b.reviews().count()))
        .all(db)
        .await?;
    assert_eq!((wrong[0].1, wrong[0].2), (4, 4)); // two authors, two reviews
    let right: Vec<(Book, i64, i64)> = Book::objects()
        .annotate(|b| (b.authors().count().distinct(), b.reviews().count().distinct()))
        .all(db)
        .await?;
    assert_eq!((right[0].1, right[0].2), (2, 2));
    let stars: Vec<(Book, i64, Option<i64>)> = Book::objects()
        .annotate(|b| {
            let reviews = Review::objects().filter(|r| r.book().pk().eq(outer(b.pk())));
            let stars = reviews.order_by(|_| ()).values(|r| r.stars().sum());
            (b.authors().count(), subquery(stars))
        })
        .all(db)
        .await?;
    assert_eq!((stars[0].1, stars[0].2), (2, Some(9)));
    let stars: HashMap<i64, Option<i64>> = Review::objects()
        .values(|r| r.book())
        .annotate(|r| r.stars().sum())
        .all(db)
        .await?
        .into_iter()
        .collect();
    assert_eq!(stars.len(), 2);
    assert_eq!(stars.values().flatten().sum::<i64>(), 11);
    Ok(())
}
