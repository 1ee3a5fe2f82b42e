//! Related sets: add, remove, set, clear, create, from both ends.

use super::models::*;
use orm::prelude::*;

#[orm::test(apps = ["shop"])]
async fn many_to_many(db: Db) -> orm::Result<()> {
    let d = data(&db).await?;
    let authors = |book: &Book| book.authors();
    assert_eq!(shown(&authors(&d.logic).all(&db).await?), "Ada, Bob");
    assert_eq!(shown(&d.bob.books().all(&db).await?), "Logic, Poems");
    // Adding again changes nothing.
    d.logic.authors().add(&db, [&d.ada, &d.cleo]).await?;
    d.logic.authors().add(&db, &d.cleo).await?;
    assert_eq!(shown(&authors(&d.logic).all(&db).await?), "Ada, Bob, Cleo");
    d.logic.authors().remove(&db, [d.ada.id]).await?;
    assert_eq!(shown(&authors(&d.logic).all(&db).await?), "Bob, Cleo");
    d.logic.authors().set(&db, [&d.ada, &d.bob]).await?;
    assert_eq!(shown(&authors(&d.logic).all(&db).await?), "Ada, Bob");
    d.bob.books().clear(&db).await?;
    assert_eq!(shown(&authors(&d.logic).all(&db).await?), "Ada");
    assert_eq!(d.bob.books().count(&db).await?, 0);
    d.bob
        .books()
        .add(&db, Book::objects().filter(q!(pages__gt = 90)))
        .await?;
    assert_eq!(shown(&d.bob.books().all(&db).await?), "Logic, Atlas");
    let new = d.atlas.authors().create().name("Dora").save(&db).await?;
    assert_eq!(shown(&new.books().all(&db).await?), "Atlas");
    let book = d.cleo.books().create().title("Fresh").save(&db).await?;
    assert_eq!(shown(&book.authors().all(&db).await?), "Cleo");
    assert_eq!(
        shown(&d.cleo.books().filter(q!(title__startswith = "F")).all(&db).await?),
        "Fresh"
    );
    assert!(d.cleo.books().exists(&db).await?);
    let none: [&Author; 0] = [];
    d.logic.authors().set(&db, none).await?;
    assert_eq!(d.logic.authors().all(&db).await?, []);
    Ok(())
}

#[orm::test(apps = ["shop"])]
async fn a_key_of_no_row_is_refused(db: Db) -> orm::Result<()> {
    let d = data(&db).await?;
    let error = d.logic.authors().add(&db, [d.ada.id, 12345]).await.unwrap_err();
    let Error::Integrity {
        kind, table, columns, ..
    } = &error
    else {
        panic!("{error}")
    };
    assert_eq!(*kind, orm::IntegrityKind::ForeignKey);
    assert_eq!(
        (table.as_deref(), columns.as_slice()),
        (Some("shop_book_authors"), &["author_id".to_owned()][..])
    );
    assert_eq!(d.logic.authors().count(&db).await?, 2);
    Ok(())
}

#[orm::test(apps = ["shop"])]
async fn foreign_keys(db: Db) -> orm::Result<()> {
    let d = data(&db).await?;
    assert_eq!(d.logic.publisher(&db).await?, Some(d.north.clone()));
    assert_eq!(d.blank.publisher(&db).await?, None);
    assert_eq!(shown(&d.north.books().all(&db).await?), "Logic, Poems");
    let new = d.north.books().create().title("New").save(&db).await?;
    assert_eq!(new.publisher.map(|k| k.pk()), Some(d.north.id));
    d.north.books().add(&db, [&d.atlas, &d.blank]).await?;
    assert_eq!(
        shown(&d.north.books().all(&db).await?),
        "Logic, Poems, Atlas, Blank, New"
    );
    d.north.books().remove(&db, [&d.logic]).await?;
    d.north.books().set(&db, [&d.poems]).await?;
    assert_eq!(shown(&d.north.books().all(&db).await?), "Poems");
    d.north.books().clear(&db).await?;
    assert_eq!(d.north.books().count(&db).await?, 0);
    let review = d.logic.reviews().create().stars(3).body("fine").save(&db).await?;
    assert_eq!(review.book(&db).await?.title, "Logic");
    assert_eq!(
        d.logic
            .reviews()
            .filter(q!(stars__lt = 5))
            .update(&db, |r| r.stars().set(1))
            .await?,
        2
    );
    Ok(())
}

/// More rows than a statement has arguments on any database but PostgreSQL.
#[orm::test(apps = ["shop"])]
async fn very_many_rows(db: Db) -> orm::Result<()> {
    let ann = Person::create().name("Ann").save(&db).await?;
    let new = (0..66_000).map(|_| Person::create().name("x"));
    let many = Person::objects().bulk_create(&db, new).await?;
    ann.reports().add(&db, &many).await?;
    assert_eq!(ann.reports().count(&db).await?, 66_000);
    ann.reports().remove(&db, &many[1..]).await?;
    assert_eq!(ann.reports().count(&db).await?, 1);
    ann.friends().add(&db, &many).await?;
    ann.friends().remove(&db, &many[1..]).await?;
    assert_eq!(Person::objects().filter(q!(friends = &ann)).count(&db).await?, 1);
    ann.friends().set(&db, &many[..2]).await?;
    assert_eq!(ann.friends().count(&db).await?, 2);
    Ok(())
}

/// What a queryset can do, the set can.
#[orm::test(apps = ["shop"])]
async fn a_set_is_a_queryset(db: Db) -> orm::Result<()> {
    let d = data(&db).await?;
    let authors = || d.logic.authors();
    assert_eq!(shown(&authors().exclude_dyn("name", "Ada")?.all(&db).await?), "Bob");
    assert_eq!(shown(&authors().order_by_dyn(["-name"])?.all(&db).await?), "Bob, Ada");
    assert_eq!(authors().none().count(&db).await?, 0);
    let locked = authors().select_for_update_with(|lock| lock.nowait()).all(&db).await;
    assert!(matches!(locked, Err(Error::Transaction(_))));
    let refused = authors().in_bulk_by(&db, |a| a.name(), ["Ada"]).await;
    assert!(refused.unwrap_err().to_string().contains("must be a unique field"));
    Ok(())
}

#[orm::test(apps = ["shop"])]
async fn one_to_one(db: Db) -> orm::Result<()> {
    let d = data(&db).await?;
    assert_eq!(d.ada.shop(&db).await?, None);
    let shop = Shop::create().name("Corner").manager(&d.ada).save(&db).await?;
    assert_eq!(d.ada.shop(&db).await?, Some(shop.clone()));
    assert_eq!(shop.manager(&db).await?, d.ada);
    let rows: Vec<(Author, Option<Shop>)> = Author::objects().select_related(|a| a.shop()).all(&db).await?;
    assert_eq!(
        rows.iter().map(|(_, s)| s.is_some()).collect::<Vec<_>>(),
        [true, false, false]
    );
    assert_eq!(
        shown(&Author::objects().filter(q!(shop__isnull = true)).all(&db).await?),
        "Bob, Cleo"
    );
    assert_eq!(
        shown(&Author::objects().exclude(q!(shop__name = "Corner")).all(&db).await?),
        "Bob, Cleo"
    );
    Ok(())
}

#[orm::test(apps = ["shop"])]
async fn a_model_related_to_itself(db: Db) -> orm::Result<()> {
    let person = |name: &str| Person::create().name(name);
    let ann = person("Ann").save(&db).await?;
    let ben = person("Ben").manager(&ann).save(&db).await?;
    let cal = person("Cal").manager(&ben).save(&db).await?;
    assert_eq!(shown(&ann.reports().all(&db).await?), "Ben");
    let rows: Vec<(Person, Option<Person>, Option<Person>)> = Person::objects()
        .select_related(|p| p.manager())
        .select_related(|p| p.manager().manager())
        .all(&db)
        .await?;
    assert_eq!(rows[2].2, Some(ann.clone()));
    assert_eq!(
        shown(
            &Person::objects()
                .filter(q!(manager__manager__name = "Ann"))
                .all(&db)
                .await?
        ),
        "Cal"
    );
    // A friendship holds both ways, following does not.
    ann.friends().add(&db, [&ben]).await?;
    assert_eq!(shown(&ben.friends().all(&db).await?), "Ann");
    ben.friends().remove(&db, [&ann]).await?;
    assert_eq!(ann.friends().count(&db).await?, 0);
    ann.follows().add(&db, [&ben, &cal]).await?;
    assert_eq!(shown(&ben.follows().all(&db).await?), "");
    assert_eq!(shown(&cal.followers().all(&db).await?), "Ann");
    assert_eq!(
        shown(&Person::objects().filter(q!(followers = &ann)).all(&db).await?),
        "Ben, Cal"
    );
    let rows: Vec<(Person, Vec<Person>)> = Person::objects().prefetch_related(|p| p.follows()).all(&db).await?;
    assert_eq!(shown(&rows[0].1), "Ben, Cal");
    Ok(())
}

/// A relation is compared as a column is: with a row, its key, or a foreign key.
#[orm::test(apps = ["shop"])]
async fn compared_as_columns_are(db: Db) -> orm::Result<()> {
    let d = data(&db).await?;
    let north = Book::objects().filter(|b| b.publisher().eq(&d.north));
    assert_eq!(shown(&north.all(&db).await?), "Logic, Poems");
    let by_key = Book::objects().filter(|b| b.publisher().eq(d.north.id));
    assert_eq!(by_key.count(&db).await?, 2);
    // A book without a publisher has another one than that, as `exclude` understands it.
    let others = Book::objects().filter(|b| b.publisher().ne(&d.north));
    assert_eq!(shown(&others.all(&db).await?), "Atlas, Blank");
    let not_of_ada = Book::objects().filter(|b| b.authors().ne(&d.ada));
    assert_eq!(shown(&not_of_ada.all(&db).await?), "Poems, Blank");
    Ok(())
}
