//! Pages by number and by cursor.

use super::dice::Dice;
use super::models::*;
use orm::prelude::*;
use orm::{Cursor, Page, assert_num_queries};

#[orm::test(apps = ["shop"])]
async fn pages_by_number(db: Db) -> orm::Result<()> {
    data(&db).await?;
    let books = || Book::objects().order_by(|b| b.title());
    let first: Page<Book> = assert_num_queries!(db, 2, { books().page(&db, 1, 3).await? });
    assert_eq!(shown(&first.items), "Atlas, Blank, Logic");
    assert_eq!((first.number, first.per_page, first.pages, first.count), (1, 3, 2, 4));
    assert_eq!((first.has_next(), first.has_previous()), (true, false));
    assert_eq!((first.next_number(), first.previous_number()), (Some(2), None));
    assert_eq!((first.start_index(), first.end_index()), (1, 3));
    let second = books().page(&db, 2, 3).await?.map(|book| book.title);
    assert_eq!(second.items, ["Poems"]);
    assert_eq!((second.has_next(), second.previous_number()), (false, Some(1)));
    assert_eq!((second.start_index(), second.end_index()), (4, 4));
    // Beyond the last, and before the first.
    for (number, per_page) in [(3, 3), (0, 3), (1, 0), (u64::MAX, u64::MAX)] {
        let error = books().page(&db, number, per_page).await.unwrap_err();
        assert!(matches!(error, Error::Misuse { .. }), "{error}");
    }
    // No rows make one empty page, and no second query.
    let none = assert_num_queries!(db, 1, { books().filter(q!(pages = -1)).page(&db, 1, 3).await? });
    assert_eq!((none.items.len(), none.pages, none.count), (0, 1, 0));
    assert_eq!((none.start_index(), none.end_index()), (0, 0));
    // A slice has pages of its own; so have columns, groups and combinations.
    assert_eq!(shown(&books().slice(1..4).page(&db, 2, 2).await?.items), "Poems");
    assert_eq!(
        books().values(|b| b.title()).page(&db, 2, 2).await?.items,
        ["Logic", "Poems"]
    );
    let groups = Book::objects().values(|b| b.genre()).annotate(|b| b.pk().count());
    assert_eq!(groups.page(&db, 2, 1).await?.items, [(Genre::Science, 1)]);
    let both = Book::objects()
        .filter(q!(title = "Logic"))
        .union(Book::objects().filter(q!(pages__lt = 100)));
    assert_eq!(shown(&both.page(&db, 2, 2).await?.items), "Blank");
    // Without an order rows come by key.
    let plain = Publisher::objects().page(&db, 2, 1).await?;
    assert_eq!(shown(&plain.items), "South");
    // For a service.
    let json = orm::serde_json::to_value(plain.map(|p| p.name)).unwrap();
    assert_eq!(json["pages"], 2);
    assert_eq!(json["items"][0], "South");
    Ok(())
}

/// All pages after another, until the last.
async fn leaf(db: &Db, rows: impl Fn() -> QuerySet<Book>, per_page: u64) -> orm::Result<Vec<i64>> {
    let (mut all, mut cursor) = (Vec::new(), None::<Cursor>);
    loop {
        let page = rows().keyset(db, per_page, cursor.as_ref()).await?;
        assert!(page.items.len() as u64 <= per_page);
        all.extend(page.items.iter().map(|book| book.id));
        // Through a URL and back.
        let Some(next) = page.next else { return Ok(all) };
        cursor = Some(next.to_string().parse()?);
        assert_eq!(cursor.as_ref(), Some(&next));
    }
}

#[orm::test(apps = ["shop"])]
async fn pages_by_cursor(db: Db) -> orm::Result<()> {
    let mut dice = Dice(7);
    let north = Publisher::create().name("North").save(&db).await?;
    for n in 0..40 {
        let mut book = Book::create()
            .title(["a", "b", "", "ä"][dice.throw(4)])
            .pages([1, 2, 3][dice.throw(3)]);
        book = book.rating([None, Some(1.5), Some(2.0)][dice.throw(3)]);
        book = book.published(NaiveDate::from_ymd_opt(2020, 1, 1 + dice.throw(3) as u32).filter(|_| n % 3 > 0));
        book = book.price(Decimal::new(dice.throw(3) as i64, 2)).in_print(n % 2 == 0);
        book.publisher((n % 4 == 0).then(|| ForeignKey::from(&north)))
            .save(&db)
            .await?;
    }
    let orders: [fn() -> QuerySet<Book>; 9] = [
        || Book::objects(),
        || Book::objects().order_by(|b| b.title()),
        || Book::objects().order_by(|b| (b.rating(), b.pages().desc())),
        || Book::objects().order_by(|b| (b.rating().desc(), b.title().desc(), b.in_print())),
        || Book::objects().order_by(|b| (b.rating().asc().nulls_last(), b.published().desc().nulls_first())),
        || {
            Book::objects()
                .order_by(|b| (b.published(), b.price().desc()))
                .reverse()
        },
        || Book::objects().order_by(|b| (b.publisher().name(), b.pages(), b.id().desc(), b.title())),
        || Book::objects().order_by(|b| (b.pages() * -1, b.genre())),
        || Book::objects().order_by(|_| ()),
    ];
    for (at, rows) in orders.into_iter().enumerate() {
        // Ties are by key, in the direction of the last term.
        let ids = leaf(&db, rows, 100).await?;
        assert_eq!(ids.len(), 40, "{at}");
        let by_terms: Vec<i64> = rows().all(&db).await?.iter().map(|book| book.id).collect();
        if at == 0 || at == 6 {
            assert_eq!(ids, by_terms, "{at}");
        }
        for per_page in [1, 3, 7, 40] {
            assert_eq!(leaf(&db, rows, per_page).await?, ids, "{at} {per_page}");
        }
    }
    // With parts, and what is computed; one query a page, and one for the prefetch.
    let counted = || {
        Publisher::objects()
            .annotate(|p| p.books().count())
            .prefetch_related(|p| p.books())
            .order_by_with(|_, (n, _)| n.desc())
    };
    Publisher::create().name("South").save(&db).await?;
    Publisher::create().name("East").save(&db).await?;
    let page = assert_num_queries!(db, 2, { counted().keyset(&db, 2, None).await? });
    assert_eq!((page.items[0].1, page.items[0].2.len(), page.items[1].1), (10, 10, 0));
    let last = counted().keyset(&db, 2, page.next.as_ref()).await?;
    assert_eq!((last.items.len(), last.next), (1, None));
    assert_eq!(last.items[0].0.name, "South");
    Ok(())
}

#[orm::test(apps = ["shop"])]
async fn cursors_that_are_none(db: Db) -> orm::Result<()> {
    data(&db).await?;
    let books = || Book::objects().order_by(|b| b.title());
    let cursor = books().keyset(&db, 1, None).await?.next.unwrap();
    let text = cursor.to_string();
    for forged in [
        "",
        "0",
        "xyz",
        "ff",
        "äö",
        &text[..4],
        &format!("{text}0"),
        &"0".repeat(40_000),
    ] {
        assert!(forged.parse::<Cursor>().is_err(), "{forged}");
    }
    assert_num_queries!(db, 0, {
        // Each changed digit is noticed, and so is another order, another model.
        for at in 0..text.len() {
            let mut changed = text.clone().into_bytes();
            changed[at] = if changed[at] == b'0' { b'1' } else { b'0' };
            let changed: Cursor = String::from_utf8(changed).unwrap().parse()?;
            let error = books().keyset(&db, 1, Some(&changed)).await.unwrap_err();
            assert!(error.to_string().contains("cursor"), "{error}");
        }
        for end in [18, 20, text.len() - 2] {
            let cut: Cursor = text[..end].parse()?;
            assert!(books().keyset(&db, 1, Some(&cut)).await.is_err());
        }
        assert!(books().reverse().keyset(&db, 1, Some(&cursor)).await.is_err());
        assert!(Book::objects().keyset(&db, 1, Some(&cursor)).await.is_err());
        assert!(
            Author::objects()
                .order_by(|a| a.name())
                .keyset(&db, 1, Some(&cursor))
                .await
                .is_err()
        );
        // What has no such order.
        assert!(books().limit(3).keyset(&db, 1, None).await.is_err());
        assert!(books().distinct().keyset(&db, 1, None).await.is_err());
        let many = Book::objects().order_by(|b| b.authors().name());
        assert!(many.keyset(&db, 1, None).await.is_err());
    });
    let json = orm::serde_json::to_string(&cursor).unwrap();
    assert_eq!(orm::serde_json::from_str::<Cursor>(&json).unwrap(), cursor);
    Ok(())
}

#[orm::test(apps = ["shop"])]
async fn no_pages_by_cursor(db: Db) -> orm::Result<()> {
    data(&db).await?;
    assert_num_queries!(db, 0, {
        let error = Book::objects().keyset(&db, 0, None).await.unwrap_err();
        assert_eq!(error.to_string(), "a page has at least one row");
    });
    Ok(())
}
