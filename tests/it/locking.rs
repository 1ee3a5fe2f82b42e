//! `select_for_update`, and `distinct_on`: what not every database has.

use super::models::*;
use super::sql::MARIADB;
use orm::dynamic::{DynExpr, DynQ, DynQuerySet, Dynamic, Row};
use orm::prelude::*;
use orm::query::Lock;
use orm::window::row_number;
use orm::{Backend, Result};

fn books() -> QuerySet<Book> {
    Book::objects().order_by(|b| b.id())
}

#[orm::test(apps = ["shop"])]
async fn only_in_a_transaction(db: Db) -> Result<()> {
    data(&db).await?;
    let locked = books().select_for_update();
    let message = "transaction: select_for_update cannot be used outside of a transaction.";
    let error = locked.clone().all(&db).await.unwrap_err();
    assert_eq!(
        (error.django_class(), error.to_string().as_str()),
        ("TransactionManagementError", message)
    );
    assert_eq!(
        locked
            .clone()
            .values(|b| b.id())
            .all(&db)
            .await
            .unwrap_err()
            .to_string(),
        message
    );
    assert_eq!(
        locked
            .clone()
            .stream(&db)
            .next()
            .await
            .unwrap()
            .unwrap_err()
            .to_string(),
        message
    );
    let by_name = DynQuerySet::of("shop.Book")?.select_for_update(Lock::default())?;
    assert_eq!(by_name.fetch(&db).await.unwrap_err().to_string(), message);
    // What goes needs no lock, on any database.
    assert_eq!(locked.clone().filter(q!(title = "x")).delete(&db).await?.total, 0);
    // What locks nothing needs none.
    assert_eq!(locked.clone().count(&db).await?, 4);
    assert!(locked.clone().exists(&db).await?);
    assert_eq!(locked.clone().aggregate(&db, |b| b.pages().max()).await?, Some(600));
    let read = db.atomic(async |tx| locked.all(&tx).await).await;
    match db.backend() {
        Backend::Sqlite => assert_eq!(read.unwrap_err().to_string(), "FOR UPDATE is not supported on SQLite"),
        _ => assert_eq!(shown(&read?), "Logic, Poems, Atlas, Blank"),
    }
    Ok(())
}

#[orm::test(apps = ["shop"])]
async fn others_wait_or_do_not(db: Db) -> Result<()> {
    let data = data(&db).await?;
    if db.backend() == Backend::Sqlite {
        return Ok(());
    }
    db.atomic(async |tx| {
        books().select_for_update().get(&tx, q!(id = data.logic.id)).await?;
        let rows = db
            .atomic(async |other| {
                books()
                    .select_for_update_with(|lock| lock.skip_locked())
                    .all(&other)
                    .await
            })
            .await?;
        assert_eq!(shown(&rows), "Poems, Atlas, Blank");
        let refused = db
            .atomic(async |other| books().select_for_update_with(|lock| lock.nowait()).all(&other).await)
            .await;
        assert_eq!(refused.unwrap_err().django_class(), "OperationalError");
        Ok(())
    })
    .await
}

#[orm::test(apps = ["shop"])]
async fn related_rows_are_locked_by_name(db: Db) -> Result<()> {
    data(&db).await?;
    let both = |db: &Db| {
        let db = db.clone();
        async move {
            db.atomic(async |tx| {
                Review::objects()
                    .select_related(|r| r.book())
                    .select_for_update_with(|lock| lock.of(|r| r).of(|r| r.book()))
                    .all(&tx)
                    .await
            })
            .await
        }
    };
    let rows = both(&db).await;
    match db.backend() {
        Backend::Postgres => assert_eq!(rows?.len(), 3),
        backend => assert_eq!(
            rows.unwrap_err().to_string(),
            format!("FOR UPDATE OF is not supported on {}", backend.name())
        ),
    }
    let unread = Review::objects().select_for_update_with(|lock| lock.of(|r| r.book()));
    let error = db
        .atomic(async |tx| unread.all(&tx).await)
        .await
        .unwrap_err()
        .to_string();
    if db.backend() == Backend::Postgres {
        assert_eq!(
            error,
            "select_for_update(of) names rows that are read: select_related() does not read book"
        );
    }
    // By names.
    let reviews = DynQuerySet::of("shop.Review")?.select_related(["book"])?;
    let of = vec![reviews.path_of("self")?, reviews.path_of("book")?];
    let lock = Lock { of, ..Lock::default() };
    let reviews = reviews.select_for_update(lock)?;
    if db.backend() == Backend::Postgres {
        let rows = db.atomic(async |tx| reviews.fetch(&tx).await).await?;
        assert!(rows.iter().all(|row| matches!(row, Row::Record(_))) && rows.len() == 3);
    }
    Ok(())
}

#[test]
fn sql_of_locks() {
    let of = |rows: QuerySet<Review>, backend| {
        let sql = rows.to_sql(backend).unwrap_or_else(|error| error.to_string());
        sql.split_once(r#" FROM "#)
            .map_or(sql.clone(), |(_, from)| from.replace('`', "\""))
    };
    let reviews = || Review::objects().order_by(|_| ());
    let plain = || reviews().select_for_update().limit(2);
    assert_eq!(of(plain(), Backend::Sqlite), "FOR UPDATE is not supported on SQLite");
    assert_eq!(of(plain(), Backend::Postgres), r#""shop_review" LIMIT 2 FOR UPDATE"#);
    assert_eq!(of(plain(), MARIADB), r#""shop_review" LIMIT 2 FOR UPDATE"#);
    let skip = || reviews().select_for_update_with(|lock| lock.skip_locked());
    assert_eq!(of(skip(), Backend::Sqlite), "SKIP LOCKED is not supported on SQLite");
    assert_eq!(of(skip(), Backend::Postgres), r#""shop_review" FOR UPDATE SKIP LOCKED"#);
    assert_eq!(of(skip(), MARIADB), r#""shop_review" FOR UPDATE SKIP LOCKED"#);
    let many = || reviews().select_for_update_with(|lock| lock.no_key().nowait().of(|r| r));
    assert_eq!(
        of(many(), Backend::Postgres),
        r#""shop_review" FOR NO KEY UPDATE OF "shop_review" NOWAIT"#
    );
    assert_eq!(of(many(), MARIADB), "FOR NO KEY UPDATE is not supported on MariaDB");
    assert_eq!(of(many(), Backend::Sqlite), "NOWAIT is not supported on SQLite");
    let both = reviews().select_for_update_with(|lock| lock.nowait().skip_locked());
    assert_eq!(
        of(both, Backend::Postgres),
        "The nowait option cannot be used with skip_locked."
    );
}

#[orm::test(apps = ["shop"])]
async fn distinct_on(db: Db) -> Result<()> {
    data(&db).await?;
    let best = || {
        Book::objects()
            .distinct_on(|b| (b.genre(),))
            .order_by(|b| (b.genre(), b.price().desc()))
    };
    let by_name = DynQuerySet::of("shop.Book")?
        .distinct_on(["genre"])?
        .order_by(["genre".into(), "-price".into()])?;
    if db.backend() != Backend::Postgres {
        let message = format!("DISTINCT ON fields is not supported on {}", db.backend().name());
        let error = best().all(&db).await.unwrap_err();
        assert_eq!(
            (error.django_class(), error.to_string()),
            ("NotSupportedError", message.clone())
        );
        assert_eq!(best().count(&db).await.unwrap_err().to_string(), message);
        assert_eq!(by_name.fetch(&db).await.unwrap_err().to_string(), message);
        return Ok(());
    }
    assert_eq!(shown(&best().all(&db).await?), "Atlas, Logic");
    assert_eq!(best().count(&db).await?, 2);
    assert_eq!(by_name.fetch(&db).await?.len(), 2);
    assert_eq!(best().aggregate(&db, |b| b.pages().sum()).await?, Some(900));
    assert_eq!(best().values(|b| b.title()).all(&db).await?, ["Atlas", "Logic"]);
    // Which of the rows it is, the order says.
    assert_eq!(best().get(&db, q!(genre = Genre::Fiction)).await?.title, "Atlas");
    let with_blank = best().union(Book::objects().filter(q!(title = "Blank")));
    assert_eq!(
        shown(&with_blank.order_by(|b| b.id()).all(&db).await?),
        "Logic, Atlas, Blank"
    );
    let error = (best() & Book::objects().distinct()).all(&db).await.unwrap_err();
    assert!(error.to_string().contains("different distinct fields"), "{error}");
    let rows = Author::objects().filter(|a| a.books().in_(best().filter(q!(genre = Genre::Science))));
    assert_eq!(rows.count(&db).await?, 2);
    Ok(())
}

#[test]
fn sql_of_distinct_on() {
    let rows = Book::objects()
        .distinct_on(|b| (b.genre(), b.publisher()))
        .order_by(|b| (b.genre(), b.publisher_id(), b.id()))
        .values(|b| b.title());
    assert_eq!(
        rows.to_sql(Backend::Postgres).unwrap(),
        r#"SELECT DISTINCT ON ("shop_book"."genre", "shop_book"."publisher_id") "shop_book"."title" FROM "shop_book" ORDER BY "shop_book"."genre" ASC, "shop_book"."publisher_id" ASC, "shop_book"."id" ASC"#
    );
}

#[orm::test(apps = ["shop"])]
async fn only_in_a_transaction_however_they_are_read(db: Db) -> Result<()> {
    data(&db).await?;
    let message = "transaction: select_for_update cannot be used outside of a transaction.";
    let by_cursor = books().select_for_update().keyset(&db, 2, None).await;
    assert_eq!(by_cursor.unwrap_err().to_string(), message);
    let beside = Publisher::objects().prefetch_related(|p| p.books().using(Book::objects().select_for_update()));
    assert_eq!(beside.clone().all(&db).await.unwrap_err().to_string(), message);
    let read = db.atomic(async |tx| beside.all(&tx).await).await;
    match db.backend() {
        Backend::Sqlite => assert_eq!(read.unwrap_err().django_class(), "NotSupportedError"),
        _ => assert_eq!(read?.len(), 2),
    }
    Ok(())
}

#[orm::test(apps = ["shop"])]
async fn not_behind_a_condition_on_a_window(db: Db) -> Result<()> {
    data(&db).await?;
    let best = books().filter(|b| row_number().over(|w| w.order_by(b.price().desc())).lte(2));
    let locked = db.atomic(async |tx| best.select_for_update().all(&tx).await).await;
    match db.backend() {
        Backend::Sqlite => assert_eq!(locked.unwrap_err().to_string(), "FOR UPDATE is not supported on SQLite"),
        _ => assert_eq!(
            locked.unwrap_err().to_string(),
            "select_for_update() does not go with a condition on a window."
        ),
    }
    Ok(())
}

#[orm::test(apps = ["shop"])]
async fn first_rows_of_groups_are_not_changed(db: Db) -> Result<()> {
    data(&db).await?;
    let first = || {
        Review::objects()
            .distinct_on(|r| r.book().pk())
            .order_by(|r| (r.book().pk(), r.stars()))
    };
    let error = first().update(&db, |r| r.stars().set(1)).await.unwrap_err();
    assert_eq!(error.to_string(), "Cannot call update() after .distinct(*fields).");
    let error = first().delete(&db).await.unwrap_err();
    assert_eq!(error.to_string(), "Cannot call delete() after .distinct(*fields).");
    assert_eq!(Review::objects().count(&db).await?, 3);
    if db.backend() == Backend::Postgres {
        // What they are equal in may be computed.
        let rows = DynQuerySet::of("shop.Book")?.annotate([("g".to_owned(), DynExpr::f("genre"))])?;
        let rows = rows.distinct_on(["g"])?.order_by(["g".into()])?;
        assert!(rows.exists(&db).await?);
        let within = DynQuerySet::of("shop.Book")?.filter(DynQ::leaf("pk__in", Dynamic::Query(Box::new(rows))))?;
        assert_eq!(within.count(&db).await?, 2);
    }
    Ok(())
}
