//! `docs/django.md` is true: the calls in its tables and its blocks of code are here, and run.

use crate::expressions::models::{Sample, samples};
use crate::models::*;
use orm::functions::{case, coalesce, concat, exists, greatest, least, now, outer, random, subquery, value};
use orm::prelude::*;
use orm::window::rank;
use orm::{Backend, DateKind, DateTimeKind};

#[derive(Projection, Debug, Clone, PartialEq)]
#[projection(model = Book)]
struct Card {
    title: String,
    pages: i32,
}

#[orm::test(apps = ["shop"])]
async fn at_a_glance(db: Db) -> orm::Result<()> {
    data(&db).await?;
    let db = &db;
    let rows: Vec<(Book, i64)> = Book::objects()
        .filter(q!(price__lt = 20, publisher__name = "North"))
        .annotate(|b| b.reviews().count())
        .order_by_with(|_, reviews| reviews.desc())
        .all(db)
        .await?;
    let shown: Vec<_> = rows
        .iter()
        .map(|(book, reviews)| (book.title.as_str(), *reviews))
        .collect();
    assert_eq!(shown, [("Logic", 2), ("Poems", 1)]);
    Ok(())
}

#[orm::test(apps = ["shop"])]
async fn querysets_of_rows(db: Db) -> orm::Result<()> {
    let data = data(&db).await?;
    let north = data.north;
    let db = &db;
    let all = Book::objects;
    let cheap = all().filter(q!(price__lt = 10));
    let (thin, thick) = (all().filter(q!(pages__lt = 100)), all().filter(q!(pages__gt = 100)));
    for (rows, titles) in [
        (all().filter(q!(pages__gt = 100)), "Logic, Atlas"),
        (all().filter(|b| b.pages().gt(100)), "Logic, Atlas"),
        (all().exclude(q!(genre = Genre::Science)), "Poems, Atlas, Blank"),
        (all().filter(q!(pages__lt = 100 || !(price__gt = 9))), "Poems, Blank"),
        (
            all().filter(|b| b.pages().lt(100) | !b.in_print()),
            "Poems, Atlas, Blank",
        ),
        (all().filter(|b| b.reviews().count().gt(1)), "Logic"),
        (
            all().order_by(|b| (b.price().desc(), b.title())),
            "Atlas, Logic, Poems, Blank",
        ),
        (
            all().order_by(|b| (b.rating().desc().nulls_last(), b.id())),
            "Logic, Poems, Atlas, Blank",
        ),
        (all().order_by(|b| b.id()).reverse(), "Blank, Atlas, Poems, Logic"),
        (all().order_by(|b| b.title()).distinct(), "Atlas, Blank, Logic, Poems"),
        (all().none(), ""),
        (thin.clone() & cheap.clone(), "Poems, Blank"),
        (all().slice(5..10), ""),
        (all().limit(3).offset(5), ""),
        (all().filter(q!(publisher = &north)), "Logic, Poems"),
        (all().filter(|b| b.publisher().is(&north)), "Logic, Poems"),
        (
            all().filter(|b| b.publisher().in_(Publisher::objects().filter(q!(name = "North")))),
            "Logic, Poems",
        ),
        (all().filter(q!(publisher__isnull = true)), "Blank"),
    ] {
        assert_eq!(shown(&rows.all(db).await?), titles);
    }
    let unordered = all().order_by(|_| ());
    assert_eq!(unordered.all(db).await?.len(), 4);
    let shuffled = all().order_by(|_| random());
    assert_eq!(shuffled.all(db).await?.len(), 4);
    let both = thin.clone().union(thick.clone());
    let twice = thin.clone().union_all(thick.clone());
    assert_eq!((both.count(db).await?, twice.count(db).await?), (4, 4));
    let firsts = all().distinct_on(|b| b.genre()).order_by(|b| (b.genre(), b.id()));
    let free = all().select_for_update_with(|lock| lock.skip_locked());
    if db.backend() == Backend::Postgres {
        assert_eq!(shown(&firsts.all(db).await?), "Poems, Logic");
        db.atomic(async |tx| free.all(&tx).await).await?;
    }
    let locked = db.atomic(async |tx| all().select_for_update().all(&tx).await);
    match db.backend() {
        Backend::Sqlite => assert_eq!(locked.await.unwrap_err().django_class(), "NotSupportedError"),
        _ => assert_eq!(locked.await?.len(), 4),
    }
    let found = Book::raw("SELECT * FROM shop_book WHERE pages > {}", (100,));
    assert_eq!(found.all(db).await?.len(), 2);
    Ok(())
}

#[orm::test(apps = ["shop"])]
async fn querysets_of_others(db: Db) -> orm::Result<()> {
    data(&db).await?;
    let db = &db;
    let all = Book::objects;
    let rows: Vec<(Book, i64)> = all().annotate(|b| b.reviews().count()).all(db).await?;
    assert_eq!(rows[0].1, 2);
    let rows: Vec<(String, i32)> = all().values(|b| (b.title(), b.pages())).all(db).await?;
    assert_eq!(rows[0], ("Logic".to_owned(), 300));
    let titles: Vec<String> = all().values(|b| b.title()).all(db).await?;
    assert_eq!(titles[3], "Blank");
    let cards: Vec<Card> = all().project::<Card>().all(db).await?;
    assert_eq!((cards[1].title.as_str(), cards[1].pages), ("Poems", 90));
    let groups = all().values(|b| b.genre()).annotate(|b| b.price().avg());
    assert_eq!(groups.all(db).await?.len(), 2);
    let months = all().dates(|b| b.published(), DateKind::Month);
    assert_eq!(months.all(db).await?.len(), 2);
    let hours = Author::objects().datetimes(|a| a.created_at(), DateTimeKind::Hour);
    assert!(!hours.all(db).await?.is_empty());
    let rows: Vec<(Book, Option<Publisher>, Option<City>)> = all()
        .select_related(|b| b.publisher())
        .select_related(|b| b.publisher().city())
        .all(db)
        .await?;
    assert!(rows[0].1.is_some() && rows[0].2.is_some() && rows[3].1.is_none());
    let rows: Vec<(Book, Vec<Review>)> = all().prefetch_related(|b| b.reviews()).all(db).await?;
    assert_eq!(rows[0].1.len(), 2);
    let rows: Vec<(Book, Vec<Review>)> = all()
        .prefetch_related(|b| b.reviews().using(Review::objects().filter(q!(stars__gt = 3))))
        .all(db)
        .await?;
    assert!(rows[2].1.is_empty());
    Ok(())
}

#[orm::test(apps = ["shop"])]
async fn questions(db: Db) -> orm::Result<()> {
    let Data { logic, ada, bob, .. } = data(&db).await?;
    let db = &db;
    let all = Book::objects;
    let mut stream = all().stream(db);
    assert_eq!(stream.next().await.transpose()?.as_ref(), Some(&logic));
    drop(stream);
    assert_eq!(all().get(db, q!(title = "Logic")).await?, logic);
    assert_eq!(all().first(db).await?.as_ref(), Some(&logic));
    assert_eq!(all().last(db).await?.map(|book| book.title).as_deref(), Some("Blank"));
    assert_eq!(all().latest(db, |b| b.pages()).await?.title, "Atlas");
    assert_eq!(all().earliest(db, |b| b.pages()).await?.title, "Blank");
    assert_eq!((all().count(db).await?, all().exists(db).await?), (4, true));
    assert!(all().contains(db, &logic).await?);
    assert!(all().in_bulk(db, [1, 2]).await?.len() <= 2);
    Shop::create().name("A").manager(&ada).save(db).await?;
    Shop::create().name("B").manager(&bob).save(db).await?;
    let shops = Shop::objects().in_bulk_by(db, |s| s.name(), ["A", "B"]).await?;
    assert_eq!(shops.len(), 2);
    let (dearest, pages) = all().aggregate(db, |b| (b.price().max(), b.pages().sum())).await?;
    assert_eq!((dearest, pages), (Some(Decimal::from(40)), Some(990)));
    assert!(!all().explain(db).await?.is_empty());
    assert!(all().to_sql(db.backend())?.contains("shop_book"));
    assert_eq!(all().page(db, 2, 3).await?.items.len(), 1);
    Ok(())
}

#[orm::test(apps = ["shop"])]
async fn writes(db: Db) -> orm::Result<()> {
    data(&db).await?;
    let db = &db;
    let eve = Author::create().name("Eve").save(db).await?;
    let (same, created) = Author::create()
        .name("Eve")
        .age(30)
        .get_or_create(db, |a| a.name())
        .await?;
    assert!(same == eve && !created);
    let (eve, created) = Author::create()
        .name("Eve")
        .age(31)
        .update_or_create(db, |a| a.name())
        .await?;
    assert!(eve.age == Some(31) && !created);
    let rows = Author::objects().bulk_create(db, ["Fay", "Gil"].map(|name| Author::create().name(name)));
    assert_eq!(shown(&rows.await?), "Fay, Gil");
    let rows = ["Hal", "Ida"].map(|name| Author::create().name(name));
    assert_eq!(Author::objects().bulk_insert(db, rows).await?, 2);
    let changed = Book::objects().update(db, |b| b.pages().set(b.pages() + 1)).await?;
    assert_eq!(changed, 4);
    let mut book = Book::objects().get(db, q!(title = "Blank")).await?;
    book.pages = 7;
    book.save(db).await?;
    book.refresh(db).await?;
    assert_eq!(book.pages, 7);
    book.validate()?;
    assert_eq!(book.delete(db).await?.total, 1);
    let logic = Book::objects().get(db, q!(title = "Logic")).await?;
    assert_eq!((logic.genre.label(), Book::meta().app), ("Science", "shop"));
    let deleted = Review::objects().delete(db).await?;
    assert_eq!(deleted.total, 3);
    Ok(())
}

#[orm::test(apps = ["shop"])]
async fn relations(db: Db) -> orm::Result<()> {
    let Data {
        logic, ada, bob, north, ..
    } = data(&db).await?;
    let db = &db;
    assert_eq!(logic.publisher.map(|p| p.pk()), Some(north.id));
    assert_eq!(logic.publisher(db).await?.as_ref(), Some(&north));
    assert_eq!(ada.shop(db).await?, None);
    let thick = north.books().filter(q!(pages__gt = 100));
    assert_eq!(shown(&thick.all(db).await?), "Logic");
    let new = north.books().create().title("New").save(db).await?;
    assert_eq!(new.publisher, logic.publisher);
    logic.authors().remove(db, [&bob]).await?;
    logic.authors().add(db, [&ada, &bob]).await?;
    assert_eq!(logic.authors().count(db).await?, 2);
    logic.authors().set(db, [&ada]).await?;
    assert_eq!(shown(&logic.authors().all(db).await?), "Ada");
    logic.authors().clear(db).await?;
    assert!(!logic.authors().exists(db).await?);
    Ok(())
}

#[orm::test(apps = ["shop"])]
async fn lookups(db: Db) -> orm::Result<()> {
    data(&db).await?;
    let db = &db;
    let conditions: [(fn(BookFields<Book, One>) -> Q<Book>, i64); 23] = [
        (|b| b.rating().eq(4.5), 1),
        (|b| b.rating().eq(None::<f64>), 2),
        (|b| b.rating().isnull(true), 2),
        (|b| b.pages().in_([90, 300]), 2),
        (|b| b.pages().range((90, 300)), 2),
        (|b| b.pages().gt(90), 2),
        (|b| b.pages().gte(90), 3),
        (|b| b.pages().lt(90), 1),
        (|b| b.pages().lte(90), 2),
        (|b| b.title().contains("og"), 1),
        (|b| b.title().startswith("L"), 1),
        (|b| b.title().endswith("c"), 1),
        (|b| b.title().icontains("OG"), 1),
        (|b| b.title().istartswith("l"), 1),
        (|b| b.title().iendswith("C"), 1),
        (|b| b.title().iexact("logic"), 1),
        (|b| b.title().regex("^L"), 1),
        (|b| b.title().iregex("^l"), 1),
        (|b| b.published().year().gte(2020), 2),
        // As text they are 300, 90, 600 and 0; in another case there is no such title.
        (|b| b.pages().cast::<String>().contains("3"), 1),
        (|b| b.title().contains("OG"), 0),
        (|b| b.title().startswith("l"), 0),
        (|b| b.title().regex("^l"), 0),
    ];
    for (place, (condition, rows)) in conditions.into_iter().enumerate() {
        assert_eq!(Book::objects().filter(condition).count(db).await?, rows, "{place}");
    }
    let recent = Book::objects().filter(q!(published__year__gte = 2020));
    assert_eq!(recent.count(db).await?, 2);
    Ok(())
}

#[orm::test(apps = ["samples"])]
async fn documents(db: Db) -> orm::Result<()> {
    samples(&db).await?;
    let db = &db;
    let all = Sample::objects;
    let keys = [
        all().filter(|s| s.data().key("a").index(0).eq(1)),
        all().filter(|s| s.data().has_key("a")),
        all().filter(|s| s.data().has_keys(["a", "b"])),
        all().filter(|s| s.data().has_any_keys(["a", "b"])),
    ];
    let mut found = Vec::new();
    for rows in keys {
        found.push(rows.count(db).await?);
    }
    assert_eq!(found, [0, 1, 0, 1]);
    let whole = [
        all().filter(|s| s.data().contains([1])),
        all().filter(|s| s.data().contained_by([1, 2, 3])),
    ];
    for rows in whole {
        let found = rows.count(db).await;
        match db.backend() {
            Backend::Sqlite => assert!(matches!(found, Err(Error::NotSupported { .. }))),
            _ => assert_eq!(found?, 1),
        }
    }
    Ok(())
}

#[orm::test(apps = ["shop"])]
async fn expressions(db: Db) -> orm::Result<()> {
    data(&db).await?;
    let db = &db;
    let all = Book::objects;
    let doubled: Vec<i32> = all().values(|b| b.pages() * 2).all(db).await?;
    assert_eq!(doubled, [600, 180, 1200, 0]);
    assert_eq!(all().filter(q!(pages__lt = F(pages) * 2)).count(db).await?, 3);
    let fives: Vec<i32> = all().values(|_| value(5)).all(db).await?;
    assert_eq!(fives, [5; 4]);
    let thick = || Book::q(q!(pages__gt = 100));
    let (either, both) = (
        [thick(), Book::q(q!(pages = 0))],
        [thick(), Book::q(q!(in_print = true))],
    );
    assert_eq!(all().filter(|_| Q::any(either)).count(db).await?, 3);
    assert_eq!(all().filter(|_| Q::all(both)).count(db).await?, 1);
    let is_thick = all().values(|_| Book::q(q!(pages__gt = 100)).into_value());
    assert_eq!(
        is_thick
            .all(db)
            .await?
            .iter()
            .filter(|thick| **thick == Some(true))
            .count(),
        2
    );
    let words: Vec<String> = all()
        .values(|b| case().when(b.pages().gt(500), "long").otherwise("short"))
        .all(db)
        .await?;
    assert_eq!(words, ["short", "short", "long", "short"]);
    let reviewed = all().filter(|b| exists(Review::objects().filter(|r| r.book().pk().eq(outer(b.pk())))));
    assert_eq!(shown(&reviewed.all(db).await?), "Logic, Poems");
    let best: Vec<Option<i16>> = all()
        .values(|b| {
            let stars = Review::objects().filter(|r| r.book().pk().eq(outer(b.pk())));
            let stars = stars.order_by(|r| r.stars().desc());
            subquery(stars.values(|r| r.stars()).limit(1))
        })
        .all(db)
        .await?;
    assert_eq!(best, [Some(5), Some(2), None, None]);
    let ranks: Vec<i64> = all()
        .values(|b| rank().over(|w| w.partition_by(b.genre()).order_by(b.price().desc())))
        .all(db)
        .await?;
    assert_eq!(ranks.iter().sum::<i64>(), 7);
    let rows = all().filter(q!(title = "Atlas")).values(|b| {
        (
            b.pages().cast::<String>(),
            coalesce((b.rating(), 0.0)),
            b.pages().nullif(0),
            greatest((b.pages(), 100)),
            least((b.pages(), 100)),
        )
    });
    let expected = ("600".to_owned(), 0.0, Some(600), 600, 100);
    assert_eq!(rows.all(db).await?, [expected]);
    Ok(())
}

#[orm::test(apps = ["shop"])]
async fn aggregates(db: Db) -> orm::Result<()> {
    data(&db).await?;
    let db = &db;
    let counts = Book::objects().aggregate(db, |b| (b.reviews().count(), b.genre().count().distinct()));
    assert_eq!(counts.await?, (3, 2));
    assert_eq!(Book::objects().aggregate(db, |b| b.pk().count()).await?, 4);
    let (sum, average, least, greatest, in_print) = Book::objects()
        .aggregate(db, |b| {
            (
                b.pages().sum(),
                b.pages().avg(),
                b.pages().min(),
                b.pages().max(),
                b.pages().sum().filter(q!(in_print = true)).default(0),
            )
        })
        .await?;
    assert_eq!(
        (sum, average, least, greatest),
        (Some(990), Some(247.5), Some(0), Some(600))
    );
    assert_eq!(in_print, 390);
    let spread = Book::objects().aggregate(db, |b| (b.pages().stddev(), b.pages().variance()));
    assert_eq!(spread.await?.1, Some(53268.75));
    Ok(())
}

#[orm::test(apps = ["shop"])]
async fn functions(db: Db) -> orm::Result<()> {
    data(&db).await?;
    let db = &db;
    let logic = || Book::objects().filter(q!(title = "Logic"));
    let texts = logic().values(|b| {
        (
            b.title().lower(),
            b.title().left(3),
            b.title().substr(2, 3),
            b.title().str_index("g"),
            concat((b.title(), " (", b.pages().cast::<String>(), ")")),
        )
    });
    let expected = ("logic", "Log", "ogi", 3, "Logic (300)");
    let texts = texts.all(db).await?;
    let (a, b, c, d, e) = &texts[0];
    assert_eq!((a.as_str(), b.as_str(), c.as_str(), *d, e.as_str()), expected);
    let numbers = logic().values(|b| {
        (
            b.pages().abs(),
            b.price().round(1),
            b.pages().power(2),
            b.pages().modulo(7),
            b.pages().chr(),
            b.pages().bitand(1),
        )
    });
    let numbers = numbers.all(db).await?;
    assert_eq!(
        (numbers[0].0, numbers[0].1, numbers[0].5),
        (300, Decimal::new(125, 1), 0)
    );
    let dates = logic().values(|b| {
        (
            b.published().year(),
            b.published().iso_week_day(),
            b.published().trunc_month(),
        )
    });
    let first = NaiveDate::from_ymd_opt(2020, 5, 1);
    assert_eq!(dates.all(db).await?, [(Some(2020), Some(7), first)]);
    let moments = Author::objects().values(|a| {
        (
            a.created_at(),
            a.created_at().trunc_hour(),
            a.created_at().date(),
            a.created_at().time(),
            now(),
        )
    });
    for (at, hour, date, time, _) in moments.all(db).await? {
        assert!(hour <= at && date == at.date_naive() && time == at.time());
    }
    Ok(())
}

#[orm::test(apps = ["shop"])]
async fn transactions(db: Db) -> orm::Result<()> {
    let created = db
        .atomic(async |tx| {
            let ada = Author::create().name("Ada").save(&tx).await?;
            tx.on_commit(|| println!("Ada is there"));
            // A block within a block is a savepoint; its error undoes it alone.
            let refused = tx.atomic(async |inner| Author::create().name("x".repeat(200)).save(&inner).await);
            assert!(refused.await.is_err());
            Ok(ada)
        })
        .await?;
    assert_eq!(Author::objects().all(&db).await?, std::slice::from_ref(&created));
    let again = Author {
        name: "Twin".to_owned(),
        ..created.clone()
    };
    let twins = Author::objects().bulk_create(&db, [again]).await;
    let error = twins.unwrap_err();
    assert!(error.is_unique_violation());
    Ok(())
}

/// The code in the second columns of the tables of a part.
fn calls(part: &str) -> Vec<String> {
    let rows = part.lines().filter(|line| line.starts_with('|'));
    let cells = rows.filter_map(|row| {
        let row = row.replace("\\|", "\u{0}");
        row.split('|').nth(2).map(|cell| cell.replace('\u{0}', "|"))
    });
    let code = cells.flat_map(|cell| {
        let spans = cell.split('`').skip(1).step_by(2);
        spans.map(str::to_owned).collect::<Vec<_>>()
    });
    code.filter(|code| code.contains('(')).collect()
}

#[test]
fn tables_name_what_there_is() {
    let page = include_str!("../../../docs/django.md");
    let source = super::bare(include_str!("django.rs"));
    // Attributes of models are no calls.
    let parts = page.split("\n## ").filter(|part| !part.starts_with("Models\n"));
    let calls: Vec<String> = parts.flat_map(calls).collect();
    for call in &calls {
        assert!(source.contains(&super::bare(call)), "no test has:\n{call}");
    }
    assert!(calls.len() > 100, "{}", calls.len());
}
