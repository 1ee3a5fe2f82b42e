//! create, save, refresh, get_or_create, update_or_create, bulk_create, update.

use super::models::*;
use orm::assert_num_queries;
use orm::functions::{case, coalesce, subquery};
use orm::prelude::*;

#[orm::test(apps = ["shop"])]
async fn create_and_save(db: Db) -> orm::Result<()> {
    let before = Utc::now();
    let mut ada = assert_num_queries!(db, 1, { Author::create().name("Ada").age(36).save(&db).await? });
    assert!(ada.id > 0 && ada.created_at >= before - TimeDelta::milliseconds(1) && ada.updated_at >= ada.created_at);
    assert_eq!(Author::objects().get(&db, q!(pk = ada.id)).await?, ada);
    ada.name = "Ada L.".into();
    ada.age = None;
    let updated = ada.updated_at;
    assert_num_queries!(db, 1, { ada.save(&db).await? });
    assert!(ada.updated_at >= updated);
    let mut again = Author::objects().get(&db, q!(pk = ada.id)).await?;
    assert_eq!(again, ada);
    Author::objects().update(&db, |a| a.age().set(40)).await?;
    again.refresh(&db).await?;
    assert_eq!(again.age, Some(40));
    Ok(())
}

/// SQLite writes such rows at once, without a future of its own.
#[orm::test(apps = ["shop"])]
async fn create_in_a_transaction(db: Db) -> orm::Result<()> {
    let authors = db
        .atomic(async |tx| {
            let mut authors = Vec::new();
            for name in ["Ada", "", "Gr\u{e4}ce", "Linus"] {
                let author = Author::create().name(name).age(36);
                authors.push(assert_num_queries!(db, 1, { author.save(&tx).await? }));
            }
            let nameless = Author::create().name("n".repeat(1_000)).save(&tx).await;
            assert!(matches!(nameless, Err(orm::Error::Validation(_))), "{nameless:?}");
            authors.push(Author::create().name("after it").save(&tx).await?);
            Ok(authors)
        })
        .await?;
    assert_eq!(authors[2].name, "Gr\u{e4}ce");
    assert!(authors.windows(2).all(|pair| pair[0].id < pair[1].id));
    assert_eq!(Author::objects().order_by(|a| a.id()).all(&db).await?, authors);
    let undone: orm::Result<Author> = db
        .atomic(async |tx| {
            Author::create().name("Nobody").save(&tx).await?;
            Author::create().id(authors[0].id).name("Twice").save(&tx).await
        })
        .await;
    assert!(matches!(undone, Err(orm::Error::Integrity { .. })), "{undone:?}");
    assert_eq!(Author::objects().count(&db).await?, 5);
    Ok(())
}

/// MariaDB's triggers leave no rows out.
#[orm::test(apps = ["shop"])]
async fn a_new_row_that_a_trigger_leaves_out_is_an_error(db: Db) -> orm::Result<()> {
    Author::create().name("Ada").save(&db).await?;
    let mut session = db.session().await?;
    let trigger = match db.backend() {
        orm::Backend::MySql { .. } => return Ok(()),
        orm::Backend::Sqlite => "CREATE TRIGGER skip BEFORE INSERT ON shop_author BEGIN SELECT RAISE(IGNORE); END",
        _ => {
            "CREATE FUNCTION skip() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';
             CREATE TRIGGER skip BEFORE INSERT ON shop_author FOR EACH ROW EXECUTE FUNCTION skip()"
        }
    };
    session.execute_script(trigger).await?;
    session.release().await;
    let alone = Author::create().name("Eve").save(&db).await;
    assert!(matches!(alone, Err(orm::Error::Query(_))), "{alone:?}");
    let within = db.atomic(async |tx| Author::create().name("Eve").save(&tx).await).await;
    assert!(matches!(within, Err(orm::Error::Query(_))), "{within:?}");
    assert_eq!(Author::objects().count(&db).await?, 1);
    Ok(())
}

#[orm::test(apps = ["shop"])]
async fn an_instance_without_a_key_is_inserted(db: Db) -> orm::Result<()> {
    let now = Utc::now();
    let mut eve = Author {
        id: 0,
        name: "Eve".into(),
        age: None,
        created_at: now,
        updated_at: now,
    };
    eve.save(&db).await?;
    assert!(eve.id > 0);
    assert_eq!(Author::objects().count(&db).await?, 1);
    // With a key that no row has, it is inserted under that key.
    let mut country = Country {
        code: "IT".into(),
        name: "Italy".into(),
    };
    country.save(&db).await?;
    country.name = "Italia".into();
    country.save(&db).await?;
    assert_eq!(Country::objects().all(&db).await?, [country]);
    let mut far = Author { id: 900, ..eve.clone() };
    far.save(&db).await?;
    assert_eq!(far.id, 900);
    assert_eq!(Author::objects().count(&db).await?, 2);
    Ok(())
}

#[orm::test(apps = ["shop"])]
async fn defaults(db: Db) -> orm::Result<()> {
    let book = Book::create().title("Plain").save(&db).await?;
    assert_eq!(
        (book.genre, book.pages, book.in_print, book.rating),
        (Genre::Fiction, 0, true, None)
    );
    assert_eq!(book.price.to_string(), "0.00");
    assert_eq!(book.publisher, None);
    Ok(())
}

/// As in an instance that is new.
#[orm::test(apps = ["shop"])]
async fn a_key_of_0_is_none_yet(db: Db) -> orm::Result<()> {
    let mut eve = Author::create().id(0).name("Eve").save(&db).await?;
    assert_eq!(eve.id, 1);
    eve.save(&db).await?;
    let new = || Author::create().id(0).name("Dan");
    let (dan, created) = new().get_or_create(&db, |a| a.id()).await?;
    assert!(created && dan.id == 2);
    let both = Author::objects().bulk_create(&db, [new(), new()]).await?;
    assert_eq!((both[0].id, both[1].id), (3, 4));
    assert_eq!(Author::objects().count(&db).await?, 4);
    Ok(())
}

#[orm::test(apps = ["shop"])]
async fn get_or_create(db: Db) -> orm::Result<()> {
    let make = || Author::create().name("Ada").age(36);
    let (ada, created) = assert_num_queries!(db, 2, { make().get_or_create(&db, |a| a.name()).await? });
    assert!(created);
    let (same, created) = assert_num_queries!(db, 1, { make().age(99).get_or_create(&db, |a| a.name()).await? });
    assert!(!created);
    assert_eq!(same, ada);
    let (changed, created) = Author::create()
        .name("Ada")
        .age(37)
        .update_or_create(&db, |a| a.name())
        .await?;
    assert!(!created);
    assert_eq!((changed.id, changed.age), (ada.id, Some(37)));
    // The row is nobody else's to change in between.
    let capture = db.capture_queries();
    Author::create()
        .name("Ada")
        .age(38)
        .update_or_create(&db, |a| a.name())
        .await?;
    let locks = capture.queries().iter().any(|sql| sql.ends_with(" FOR UPDATE"));
    assert_eq!(locks, db.backend() != orm::Backend::Sqlite);
    let (new, created) = Author::create().name("Bob").update_or_create(&db, |a| a.name()).await?;
    assert!(created && new.age.is_none());
    let shop = |name: &str| Shop::create().name(name).manager(&ada);
    let (shop_a, created) = shop("A").get_or_create(&db, |s| (s.name(), s.manager())).await?;
    assert!(created);
    // Another constraint than the one looked by: not found, not made, and said so.
    let error = shop("B").get_or_create(&db, |s| s.name()).await.unwrap_err();
    assert!(error.is_unique_violation(), "{error}");
    assert_eq!(Shop::objects().all(&db).await?, [shop_a]);
    Ok(())
}

#[orm::test(apps = ["shop"])]
async fn bulk_create(db: Db) -> orm::Result<()> {
    let rows = assert_num_queries!(db, 1, {
        Author::objects()
            .bulk_create(&db, ["a", "b", "c"].map(|name| Author::create().name(name)))
            .await?
    });
    assert_eq!(shown(&rows), "a, b, c");
    assert_eq!(Author::objects().all(&db).await?, rows);
    let now = Utc::now();
    let made = Author {
        id: 0,
        name: "d".into(),
        age: Some(1),
        created_at: now,
        updated_at: now,
    };
    let rows = Author::objects().bulk_create(&db, vec![made.clone(), made]).await?;
    assert!(rows[0].id < rows[1].id);
    assert_eq!(Author::objects().bulk_create(&db, Vec::<Author>::new()).await?, []);
    // One bad row: none is written.
    let long = "x".repeat(101);
    let error = Author::objects()
        .bulk_create(&db, ["e", &long].map(|n| Author::create().name(n)))
        .await
        .unwrap_err();
    assert!(matches!(error, Error::Validation(_)), "{error}");
    let shops =
        [("X", rows[0].id), ("X", rows[1].id)].map(|(name, manager)| Shop::create().name(name).manager(manager));
    assert!(
        Shop::objects()
            .bulk_create(&db, shops)
            .await
            .unwrap_err()
            .is_unique_violation()
    );
    assert_eq!(
        (Author::objects().count(&db).await?, Shop::objects().count(&db).await?),
        (5, 0)
    );
    Ok(())
}

#[orm::test(apps = ["shop"])]
async fn bulk_create_of_very_many(db: Db) -> orm::Result<()> {
    let captured = db.capture_queries();
    let new = |n: usize| Author::create().name(format!("a{n}"));
    // More values than a statement has arguments.
    let rows = Author::objects().bulk_create(&db, (0..25_000).map(new)).await?;
    let statements = captured.queries();
    assert!(rows.iter().zip(0..).all(|(row, n)| row.name == format!("a{n}")));
    assert!(rows.is_sorted_by(|a, b| a.id < b.id));
    let last = Author::objects().get(&db, q!(name = "a24999")).await?;
    assert_eq!(last.id, rows[24_999].id);
    let fewer = Author::objects().bulk_create(&db, (0..300).map(new)).await?;
    assert_eq!(fewer.len(), 300);
    if matches!(db.backend(), orm::Backend::MySql { .. }) {
        // Few different texts, whatever the number of rows.
        let before = db.query_count();
        assert_eq!(
            Author::objects().bulk_create(&db, (0..1234).map(new)).await?.len(),
            1234
        );
        assert_eq!(db.query_count() - before, 3);
    }
    if db.backend() == orm::Backend::Postgres {
        // The text does not depend on the number of rows.
        assert_eq!(statements.len(), 1);
        assert_eq!(captured.queries().last(), statements.first());
    }
    Author::objects().delete(&db).await?;
    // Those that were written before the bad row are not there.
    let mut again: Vec<Author> = rows.iter().chain([&rows[0]]).cloned().collect();
    again[24_999].id += 1_000_000;
    let error = Author::objects().bulk_create(&db, again).await.unwrap_err();
    assert!(error.is_unique_violation(), "{error}");
    assert_eq!(Author::objects().count(&db).await?, 0);
    Ok(())
}

/// SQLite tells the keys while the rows go in, which a trigger can make uncertain.
#[orm::test(apps = ["shop"])]
async fn bulk_create_beside_a_trigger(db: Db) -> orm::Result<()> {
    if db.backend() != orm::Backend::Sqlite {
        return Ok(());
    }
    let new = |n: usize| Author::create().name(format!("a{n}"));
    let mut session = db.session().await?;
    session
        .execute_script(
            "CREATE TRIGGER twin AFTER INSERT ON shop_author WHEN new.name NOT LIKE '%twin' BEGIN
                INSERT INTO shop_author (name, created_at, updated_at)
                    VALUES (new.name || ' twin', new.created_at, new.updated_at);
            END",
        )
        .await?;
    session.release().await;
    let rows = Author::objects().bulk_create(&db, (0..20).map(new)).await?;
    let in_transaction = db.atomic(async |tx| {
        new(20).save(&tx).await?;
        Author::objects().bulk_create(&tx, (21..50).map(new)).await
    });
    for row in rows.into_iter().chain(in_transaction.await?) {
        assert_eq!(Author::objects().get(&db, q!(id = row.id)).await?, row);
    }
    assert_eq!(Author::objects().count(&db).await?, 100);
    Ok(())
}

#[orm::test(apps = ["shop"])]
async fn bulk_create_where_the_database_takes_fewer(db: Db) -> orm::Result<()> {
    if db.backend() != orm::Backend::Postgres {
        return Ok(());
    }
    let mut session = db.session().await?;
    session
        .execute_script(
            "CREATE FUNCTION skip() RETURNS trigger LANGUAGE plpgsql AS \
             $$ BEGIN IF NEW.name = 'skip' THEN RETURN NULL; END IF; RETURN NEW; END $$; \
             CREATE TRIGGER skip BEFORE INSERT ON shop_author FOR EACH ROW EXECUTE FUNCTION skip()",
        )
        .await?;
    session.release().await;
    for many in [2, 300] {
        let names = ["skip"].into_iter().chain(std::iter::repeat_n("kept", many - 1));
        let rows = names.map(|name| Author::create().name(name));
        // Nobody could tell which row has which number.
        let error = Author::objects().bulk_create(&db, rows).await.unwrap_err().to_string();
        assert!(error.contains(&format!("gave {} back", many - 1)), "{error}");
    }
    let error = Author::create().name("skip").save(&db).await.unwrap_err().to_string();
    assert!(
        error.contains("1 rows were sent to shop_author, and the database gave 0 back"),
        "{error}"
    );
    Ok(())
}

#[orm::test(apps = ["shop"])]
async fn bulk_create_of_rows_of_two_kinds(db: Db) -> orm::Result<()> {
    let made = Author::create().name("x").save(&db).await?;
    let given = |id, name: &str| Author {
        id,
        name: name.into(),
        ..made.clone()
    };
    let rows = [given(100, "a"), given(0, "b"), given(0, "c"), given(1000, "d")];
    let rows = assert_num_queries!(db, 3, { Author::objects().bulk_create(&db, rows).await? });
    assert_eq!(shown(&rows), "a, b, c, d");
    assert_eq!((rows[0].id, rows[3].id), (100, 1000));
    assert_eq!(
        Author::objects()
            .exclude(q!(pk = made.id))
            .order_by(|a| a.name())
            .all(&db)
            .await?,
        rows
    );
    Ok(())
}

#[orm::test(apps = ["shop"])]
async fn update_many(db: Db) -> orm::Result<()> {
    let d = data(&db).await?;
    let n = assert_num_queries!(db, 1, {
        Book::objects()
            .filter(q!(pages__gt = 90))
            .update(&db, |b| (b.pages().set(b.pages() + 1), b.rating().set(None)))
            .await?
    });
    assert_eq!(n, 2);
    let pages: Vec<i32> = Book::objects().values(|b| b.pages()).all(&db).await?;
    assert_eq!(pages, [301, 90, 601, 0]);
    // Every value is that of the row as it was, whatever is set before.
    let logic = || Book::objects().filter(q!(title = "Logic"));
    logic()
        .update(&db, |b| {
            (
                b.pages().set(b.pages() + 1),
                b.rating().set(b.pages().cast::<f64>()),
                b.title().set(b.pages().cast::<String>()),
            )
        })
        .await?;
    let row = Book::objects().get(&db, q!(id = d.logic.id)).await?;
    assert_eq!((row.pages, row.rating, row.title.as_str()), (302, Some(301.0), "301"));
    Book::objects()
        .filter(q!(id = d.logic.id))
        .update(&db, |b| (b.title().set("Logic"), b.pages().set(301)))
        .await?;
    // Rows with a number of others.
    let by_two = Book::objects().filter(|b| b.authors().count().gt(1));
    assert_eq!(by_two.update(&db, |b| b.in_print().set(false)).await?, 2);
    let lonely = Book::objects()
        .annotate(|b| b.pages() * 2)
        .filter(|b| b.authors().count().eq(0));
    assert_eq!(lonely.clone().update(&db, |b| b.pages().set(b.pages() + 7)).await?, 1);
    assert_eq!(lonely.update(&db, |b| b.pages().set(0)).await?, 1);
    let n = Book::objects()
        .filter(q!(authors__name = "Bob"))
        .update(&db, |b| b.publisher().set(&d.south))
        .await?;
    assert_eq!(n, 2);
    assert_eq!(Book::objects().filter(q!(publisher = &d.south)).count(&db).await?, 3);
    Book::objects()
        .exclude(q!(reviews__stars__gt = 3))
        .update(&db, |b| b.publisher().set(None))
        .await?;
    assert_eq!(
        shown(&Book::objects().filter(q!(publisher__isnull = false)).all(&db).await?),
        "Logic"
    );
    let error = Book::objects()
        .update(&db, |b| b.title().set(coalesce((b.publisher().name(), "none"))))
        .await
        .unwrap_err();
    assert!(error.to_string().contains("Joined field references"), "{error}");
    let error = Book::objects()
        .update(&db, |b| b.title().set("x".repeat(101)))
        .await
        .unwrap_err();
    assert!(
        error
            .to_string()
            .contains("title: Ensure this value has at most 100 characters"),
        "{error}"
    );
    assert_eq!(
        Book::objects()
            .update(&db, |b| b.price().set(Decimal::new(999, 2)))
            .await?,
        4
    );
    let prices: Vec<Decimal> = Book::objects()
        .order_by(|_| ())
        .values(|b| b.price())
        .distinct()
        .all(&db)
        .await?;
    assert_eq!(prices, [Decimal::new(999, 2)]);
    Ok(())
}

#[orm::test(apps = ["shop"])]
async fn rows_are_found_by_others_of_their_table(db: Db) -> orm::Result<()> {
    data(&db).await?;
    let best = || {
        let most = Review::objects().order_by(|r| r.stars().desc());
        Review::objects().filter(|r| subquery(most.values(|r| r.id()).limit(1)).eq(r.id()))
    };
    assert_eq!(best().update(&db, |r| r.body().set("best")).await?, 1);
    assert_eq!(best().delete(&db).await?.total, 1);
    let left: Vec<String> = Review::objects().values(|r| r.body()).all(&db).await?;
    assert_eq!(left, ["", ""]);
    Ok(())
}

#[orm::test(apps = ["shop"])]
async fn values_do_not_come_from_other_tables(db: Db) -> orm::Result<()> {
    data(&db).await?;
    assert_num_queries!(db, 0, {
        let update = Book::objects()
            .filter(q!(publisher__name = "North"))
            .update(&db, |b| {
                let from_north = b.publisher().name().eq("North");
                b.pages().set(case().when(from_north, 1_i32).otherwise(2_i32))
            })
            .await;
        assert_eq!(
            update.unwrap_err().to_string(),
            "Joined field references are not permitted in this query"
        );
    });
    Ok(())
}
