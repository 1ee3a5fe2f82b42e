//! Querysets: order, slices, values, aggregates, related rows in the result.

use super::models::*;
use futures_util::StreamExt;
use orm::prelude::*;
use orm::{Backend, assert_num_queries};

#[orm::test(apps = ["shop"])]
async fn order_and_slices(db: Db) -> orm::Result<()> {
    data(&db).await?;
    let all = || Book::objects().order_by(|b| b.title());
    assert_eq!(shown(&all().all(&db).await?), "Atlas, Blank, Logic, Poems");
    assert_eq!(shown(&all().reverse().all(&db).await?), "Poems, Logic, Blank, Atlas");
    assert_eq!(shown(&all().slice(1..3).all(&db).await?), "Blank, Logic");
    assert_eq!(shown(&all().offset(3).all(&db).await?), "Poems");
    assert_eq!(shown(&all().slice(1..).slice(1..2).all(&db).await?), "Logic");
    assert_eq!(shown(&all().limit(0).all(&db).await?), "");
    assert_eq!(all().slice(1..3).count(&db).await?, 2);
    // Numbers that no database counts to.
    assert_eq!(shown(&all().limit(u64::MAX).offset(3).all(&db).await?), "Poems");
    assert_eq!(all().offset(u64::MAX).limit(u64::MAX).count(&db).await?, 0);
    assert_eq!(shown(&all().offset(u64::MAX).all(&db).await?), "");
    assert_eq!(
        shown(
            &Book::objects()
                .order_by(|b| (b.in_print(), b.price().desc()))
                .all(&db)
                .await?
        ),
        "Atlas, Logic, Poems, Blank"
    );
    let by_city = Book::objects().order_by(|b| (b.publisher().city().name().desc().nulls_last(), b.id()));
    assert_eq!(shown(&by_city.all(&db).await?), "Logic, Poems, Atlas, Blank");
    assert_eq!(
        Book::objects().first(&db).await?.map(|b| b.title),
        Some("Logic".to_owned())
    );
    assert_eq!(
        Book::objects().last(&db).await?.map(|b| b.title),
        Some("Blank".to_owned())
    );
    assert_eq!(Book::objects().filter(q!(pages = 7)).first(&db).await?, None);
    assert_eq!(
        Book::objects()
            .filter(q!(published__isnull = false))
            .latest(&db, |b| b.published())
            .await?
            .title,
        "Atlas"
    );
    assert_eq!(
        Book::objects()
            .filter(q!(published__isnull = false))
            .earliest(&db, |b| b.published())
            .await?
            .title,
        "Logic"
    );
    Ok(())
}

#[orm::test(apps = ["shop"])]
async fn one_row(db: Db) -> orm::Result<()> {
    let d = data(&db).await?;
    assert_eq!(Book::objects().get(&db, q!(title = "Logic")).await?, d.logic);
    let error = Book::objects().get(&db, q!(title = "None")).await.unwrap_err();
    assert!(matches!(error, Error::DoesNotExist { model: "Book" }), "{error}");
    assert_eq!(error.to_string(), "Book matching query does not exist.");
    let error = Book::objects().get(&db, q!(pages__gt = 90)).await.unwrap_err();
    assert_eq!(error.to_string(), "get() returned more than one Book -- it returned 2!");
    assert!(Book::objects().filter(q!(pages__gt = 90)).exists(&db).await?);
    assert!(!Book::objects().filter(q!(pages__gt = 9000)).exists(&db).await?);
    let found = Book::objects().in_bulk(&db, [d.logic.id, d.atlas.id, 999]).await?;
    assert_eq!(found.len(), 2);
    assert_eq!(found.get(&d.atlas.id), Some(&d.atlas));
    Ok(())
}

#[orm::test(apps = ["shop"])]
async fn nothing_is_not_asked(db: Db) -> orm::Result<()> {
    data(&db).await?;
    assert_num_queries!(db, 0, {
        assert_eq!(Book::objects().none().all(&db).await?, []);
        assert_eq!(
            Book::objects()
                .filter(q!(id__in = Vec::<i64>::new()))
                .count(&db)
                .await?,
            0
        );
        assert!(!Book::objects().none().exists(&db).await?);
        assert_eq!(Book::objects().none().update(&db, |b| b.pages().set(1)).await?, 0);
    });
    Ok(())
}

#[orm::test(apps = ["shop"])]
async fn values_are_typed_tuples(db: Db) -> orm::Result<()> {
    let d = data(&db).await?;
    let rows: Vec<(String, i32, Option<f64>, Option<String>)> = Book::objects()
        .values(|b| (b.title(), b.pages(), b.rating(), b.publisher().name()))
        .all(&db)
        .await?;
    assert_eq!(rows[0], ("Logic".to_owned(), 300, Some(4.5), Some("North".to_owned())));
    assert_eq!(rows[3], ("Blank".to_owned(), 0, None, None));
    let prices: Vec<Decimal> = Book::objects().values(|b| b.price()).all(&db).await?;
    assert_eq!(
        prices.iter().map(ToString::to_string).collect::<Vec<_>>(),
        ["12.50", "7.00", "40.00", "0.00"]
    );
    let keys: Vec<Option<i64>> = Book::objects().values(|b| b.publisher()).all(&db).await?;
    assert_eq!(keys, [Some(d.north.id), Some(d.north.id), Some(d.south.id), None]);
    let names: Vec<Option<String>> = Book::objects()
        .order_by(|b| b.publisher().name().asc().nulls_first())
        .values(|b| b.publisher().name())
        .distinct()
        .all(&db)
        .await?;
    assert_eq!(names, [None, Some("North".to_owned()), Some("South".to_owned())]);
    let lengths: Vec<(String, i64)> = Author::objects()
        .values(|a| (a.name().upper(), a.name().length()))
        .all(&db)
        .await?;
    assert_eq!(lengths[0], ("ADA".to_owned(), 3));
    let by_publisher: Vec<(Option<i64>, i64)> = Book::objects()
        .order_by(|b| b.publisher_id())
        .values(|b| (b.publisher_id(), b.pk().count()))
        .all(&db)
        .await?;
    assert_eq!(by_publisher.len(), 3);
    assert!(by_publisher.contains(&(Some(d.north.id), 2)));
    Ok(())
}

#[orm::test(apps = ["shop"])]
async fn spreads(db: Db) -> orm::Result<()> {
    data(&db).await?;
    let near = |value: Option<f64>, expected: f64| value.is_some_and(|value| (value - expected).abs() < 1e-9);
    let (all, sample, deviation): (Option<f64>, Option<f64>, Option<f64>) = Book::objects()
        .aggregate(&db, |b| {
            (b.pages().variance(), b.pages().variance_of_sample(), b.pages().stddev())
        })
        .await?;
    assert!(near(all, 53_268.75) && near(sample, 71_025.0), "{all:?} {sample:?}");
    assert!(near(deviation, 53_268.75_f64.sqrt()), "{deviation:?}");
    // NULL does not count, and rows can be left out.
    let (rating, filtered): (Option<f64>, Option<f64>) = Book::objects()
        .aggregate(&db, |b| {
            (
                b.rating().stddev(),
                b.pages().stddev_of_sample().filter(|b| b.pages().lt(100)),
            )
        })
        .await?;
    assert!(near(rating, 0.75), "{rating:?}");
    assert!(near(filtered, 4_050.0_f64.sqrt()), "{filtered:?}");
    let price: Option<Decimal> = Book::objects().aggregate(&db, |b| b.price().variance()).await?;
    assert_eq!(price.map(|d| d.round_dp(4).to_string()), Some("230.0469".to_owned()));
    let nothing: (Option<f64>, Option<f64>) = Book::objects()
        .filter(q!(pages = 1))
        .aggregate(&db, |b| (b.pages().stddev(), b.pages().variance_of_sample()))
        .await?;
    assert_eq!(nothing, (None, None));
    let large: Option<f64> = Book::objects()
        .aggregate(&db, |b| (b.pages() * 1_000_000).variance())
        .await?;
    assert!(
        large.is_some_and(|value| (value / 5.326_875e16 - 1.0).abs() < 1e-9),
        "{large:?}"
    );
    let one = Book::objects()
        .filter(q!(title = "Logic"))
        .aggregate(&db, |b| b.pages().stddev_of_sample())
        .await;
    match db.backend() {
        Backend::Sqlite => assert!(one.is_err(), "{one:?}"),
        _ => assert_eq!(one?, None),
    }
    Ok(())
}

#[orm::test(apps = ["shop"])]
async fn bits(db: Db) -> orm::Result<()> {
    data(&db).await?;
    let rows: Vec<(i32, i32, i32, i32, i32, i32)> = Book::objects()
        .order_by(|b| b.id())
        .values(|b| {
            (
                b.pages().bitand(60),
                b.pages().bitor(5),
                b.pages().bitxor(5),
                b.pages().bitleftshift(2),
                b.pages().bitrightshift(2),
                b.pages() % 7,
            )
        })
        .limit(2)
        .all(&db)
        .await?;
    let expected = [300, 90].map(|n: i32| (n & 60, n | 5, n ^ 5, n << 2, n >> 2, n % 7));
    assert_eq!(rows, expected);
    let negative: Vec<(i32, i32, i32, i32)> = Book::objects()
        .filter(q!(pages = 90))
        .values(|b| {
            let pages = b.pages() * -1;
            (
                pages.clone().bitand(60),
                pages.clone().bitxor(5),
                pages.clone().bitleftshift(2),
                pages.bitrightshift(2),
            )
        })
        .all(&db)
        .await?;
    assert_eq!(negative, [(-90 & 60, -90 ^ 5, -90 << 2, -90 >> 2)]);
    let rest: Vec<Option<f64>> = Book::objects()
        .filter(q!(rating__isnull = false))
        .order_by(|b| b.id())
        .values(|b| b.rating() % 2.0)
        .all(&db)
        .await?;
    assert_eq!(rest, [Some(0.5), Some(1.0)]);
    Ok(())
}

#[orm::test(apps = ["shop"])]
async fn aggregates(db: Db) -> orm::Result<()> {
    data(&db).await?;
    let (n, pages, avg, min, max): (i64, Option<i64>, Option<f64>, Option<Decimal>, Option<i32>) = Book::objects()
        .aggregate(&db, |b| {
            (
                b.pk().count(),
                b.pages().sum(),
                b.rating().avg(),
                b.price().min(),
                b.pages().max(),
            )
        })
        .await?;
    assert_eq!((n, pages, avg, max), (4, Some(990), Some(3.75), Some(600)));
    assert_eq!(min.map(|d| d.to_string()), Some("0.00".to_owned()));
    let sum: Option<Decimal> = Book::objects().aggregate(&db, |b| b.price().sum()).await?;
    assert_eq!(sum.map(|d| d.to_string()), Some("59.50".to_owned()));
    let nothing: (i64, Option<i64>) = Book::objects()
        .filter(q!(pages = 1))
        .aggregate(&db, |b| (b.pk().count(), b.pages().sum()))
        .await?;
    assert_eq!(nothing, (0, None));
    let none: (i64, Option<i64>) = Book::objects()
        .none()
        .aggregate(&db, |b| (b.pk().count(), b.pages().sum()))
        .await?;
    assert_eq!(none, (0, None));
    let first_two: Option<i64> = Book::objects().limit(2).aggregate(&db, |b| b.pages().sum()).await?;
    assert_eq!(first_two, Some(390));
    let kinds: i64 = Book::objects().aggregate(&db, |b| b.genre().count().distinct()).await?;
    assert_eq!(kinds, 2);
    Ok(())
}

#[orm::test(apps = ["shop"])]
async fn annotations(db: Db) -> orm::Result<()> {
    data(&db).await?;
    let rows: Vec<(Author, i64)> = Author::objects().annotate(|a| a.books().count()).all(&db).await?;
    assert_eq!(
        rows.iter().map(|(a, n)| (a.name.as_str(), *n)).collect::<Vec<_>>(),
        [("Ada", 2), ("Bob", 2), ("Cleo", 1)]
    );
    let rows: Vec<(Book, i64, Option<i64>)> = Book::objects()
        .annotate(|b| (b.reviews().count(), b.reviews().stars().sum()))
        .all(&db)
        .await?;
    let seen: Vec<_> = rows.iter().map(|(b, n, s)| (b.title.as_str(), *n, *s)).collect();
    assert_eq!(
        seen,
        [
            ("Logic", 2, Some(9)),
            ("Poems", 1, Some(2)),
            ("Atlas", 0, None),
            ("Blank", 0, None)
        ]
    );
    let rows: Vec<(Book, i64)> = Book::objects()
        .annotate(|b| b.reviews().count().filter(|b| b.reviews().stars().gt(4)))
        .filter(|b| b.authors().count().gt(0))
        .order_by(|b| b.title())
        .all(&db)
        .await?;
    let seen: Vec<_> = rows.iter().map(|(b, n)| (b.title.as_str(), *n)).collect();
    assert_eq!(
        seen.iter().map(|(t, _)| *t).collect::<Vec<_>>(),
        ["Atlas", "Logic", "Poems"]
    );
    let busy = Author::objects().filter(|a| a.books().count().gt(1));
    assert_eq!(shown(&busy.clone().all(&db).await?), "Ada, Bob");
    assert_eq!(busy.count(&db).await?, 2);
    let rows: Vec<(Publisher, i64)> = Publisher::objects()
        .annotate(|p| p.books().count())
        .order_by(|p| p.books().count().desc())
        .all(&db)
        .await?;
    assert_eq!(rows[0].0.name, "North");
    let doubled: Vec<(Book, i32)> = Book::objects().annotate(|b| b.pages() * 2).all(&db).await?;
    assert_eq!(doubled[0].1, 600);
    Ok(())
}

#[orm::test(apps = ["shop"])]
async fn related_rows_come_along(db: Db) -> orm::Result<()> {
    let d = data(&db).await?;
    assert_num_queries!(db, 1, {
        let rows: Vec<(Book, Option<Publisher>, Option<City>)> = Book::objects()
            .select_related(|b| b.publisher())
            .select_related(|b| b.publisher().city())
            .all(&db)
            .await?;
        assert_eq!(rows[0].1.as_ref(), Some(&d.north));
        assert_eq!(rows[0].2.as_ref().map(|c| c.name.as_str()), Some("Paris"));
        assert_eq!((&rows[2].1, &rows[2].2), (&Some(d.south.clone()), &None));
        assert_eq!((&rows[3].1, &rows[3].2), (&None, &None));
    });
    assert_num_queries!(db, 2, {
        let rows: Vec<(Author, Vec<Book>)> = Author::objects().prefetch_related(|a| a.books()).all(&db).await?;
        let seen: Vec<_> = rows.iter().map(|(a, books)| (a.name.as_str(), shown(books))).collect();
        assert_eq!(
            seen,
            [
                ("Ada", "Logic, Atlas".into()),
                ("Bob", "Logic, Poems".into()),
                ("Cleo", "Atlas".into())
            ]
        );
    });
    assert_num_queries!(db, 3, {
        let with_reviews = Book::objects()
            .filter(q!(pages__gt = 100))
            .prefetch_related(|b| b.reviews());
        let rows: Vec<(Publisher, Vec<(Book, Vec<Review>)>)> = Publisher::objects()
            .order_by(|p| p.id())
            .prefetch_related(|p| p.books().using(with_reviews))
            .all(&db)
            .await?;
        assert_eq!(rows[0].1.len(), 1);
        assert_eq!(rows[0].1[0].1.iter().map(|r| r.stars).collect::<Vec<_>>(), [5, 4]);
        assert_eq!(rows[1].1[0].0, d.atlas);
        assert_eq!(rows[1].1[0].1, []);
    });
    // Over a to-one step first, where several rows share what is prefetched.
    let rows: Vec<(Book, Vec<Book>)> = Book::objects()
        .prefetch_related(|b| b.publisher().books())
        .all(&db)
        .await?;
    assert_eq!(
        rows.iter().map(|(_, b)| shown(b)).collect::<Vec<_>>(),
        ["Logic, Poems", "Logic, Poems", "Atlas", ""]
    );
    let rows: Vec<(City, Vec<Publisher>, i64)> = City::objects()
        .prefetch_related(|c| c.publishers())
        .annotate(|c| c.publishers().count())
        .all(&db)
        .await?;
    assert_eq!(
        rows.iter()
            .map(|(c, p, n)| (c.name.as_str(), p.len(), *n))
            .collect::<Vec<_>>(),
        [("Berlin", 0, 0), ("Paris", 1, 1)]
    );
    let one: Option<(Author, Vec<Book>)> = Author::objects().prefetch_related(|a| a.books()).first(&db).await?;
    assert_eq!(one.map(|(_, b)| b.len()), Some(2));
    Ok(())
}

#[orm::test(apps = ["shop"])]
async fn streams(db: Db) -> orm::Result<()> {
    Author::objects()
        .bulk_create(&db, (0..1000).map(|n| Author::create().name(format!("a{n}"))))
        .await?;
    let mut rows = Author::objects().prefetch_related(|a| a.books()).stream(&db);
    let mut n = 0;
    while let Some(row) = rows.next().await {
        let (author, books) = row?;
        assert_eq!((author.name, books.len()), (format!("a{n}"), 0));
        n += 1;
    }
    assert_eq!(n, 1000);
    // Dropped half-way, it gives its connection back.
    let mut some = Author::objects().stream(&db);
    some.next().await;
    drop(some);
    assert_eq!(Author::objects().count(&db).await?, 1000);
    let shared: Vec<_> = StreamExt::collect(Author::objects().limit(3).stream(&db)).await;
    assert_eq!(shared.len(), 3);
    Ok(())
}

#[orm::test(apps = ["shop"])]
async fn a_slice_is_final(db: Db) -> orm::Result<()> {
    data(&db).await?;
    let error = Book::objects()
        .limit(2)
        .filter(q!(pages = 1))
        .all(&db)
        .await
        .unwrap_err();
    assert_eq!(error.to_string(), "Cannot filter a query once a slice has been taken.");
    let error = Book::objects()
        .limit(2)
        .update(&db, |b| b.pages().set(1))
        .await
        .unwrap_err();
    assert!(error.to_string().contains("slice"), "{error}");
    assert!(Book::objects().limit(2).delete(&db).await.is_err());
    assert_eq!(Book::objects().count(&db).await?, 4);
    let two = Book::objects().order_by(|b| b.id()).limit(2);
    assert_eq!(Review::objects().filter(q!(book__in = two)).count(&db).await?, 3);
    Ok(())
}

#[orm::test(apps = ["shop"])]
async fn contains_a_row(db: Db) -> orm::Result<()> {
    let data = data(&db).await?;
    let long = || Book::objects().filter(q!(pages__gt = 200));
    assert!(long().contains(&db, &data.logic).await?);
    assert!(!long().contains(&db, &data.poems).await?);
    assert!(data.north.books().contains(&db, &data.poems).await?);
    assert!(!long().none().contains(&db, &data.logic).await?);
    let error = long().limit(1).contains(&db, &data.logic).await.unwrap_err();
    assert_eq!(error.to_string(), "Cannot filter a query once a slice has been taken.");
    Ok(())
}

#[orm::test(apps = ["shop"])]
async fn without_the_first_rows_of_a_query_within(db: Db) -> orm::Result<()> {
    data(&db).await?;
    let dear = || Book::objects().order_by(|b| b.price().desc());
    let rows = Book::objects().filter(|b| b.id().in_(dear().values(|b| b.id()).offset(1)));
    assert_eq!(shown(&rows.all(&db).await?), "Logic, Poems, Blank");
    Ok(())
}
