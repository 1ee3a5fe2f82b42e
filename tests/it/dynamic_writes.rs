//! Writes over rows whose model is known at run time only.

use super::models::*;
use orm::dynamic::{Conflicts, DynExpr, DynQ, DynQuerySet, Dynamic, Named, Record, Row, Saving};
use orm::prelude::*;
use orm::{Value, query::ArithmeticOp};

fn named<const N: usize>(values: [(&str, Dynamic); N]) -> Named {
    values.map(|(name, value)| (name.to_owned(), value)).into()
}

async fn get(db: &Db, label: &str, name: &str, value: &str) -> orm::Result<Record> {
    match DynQuerySet::of(label)?.get(db, DynQ::leaf(name, value)).await? {
        Row::Record(row) => Ok(row),
        other => panic!("{other:?} is no record"),
    }
}

#[orm::test(apps = ["shop"])]
async fn create_and_save(db: Db) -> orm::Result<()> {
    let authors = DynQuerySet::of("shop.Author")?;
    let mut row = authors
        .create(&db, named([("name", "Ann".into()), ("age", "7".into())]))
        .await?;
    assert_eq!(row.get("age"), Some(&Value::Int(7)));
    let typed = Author::objects().get(&db, q!(name = "Ann")).await?;
    assert_eq!(row.pk(), &Value::Int(typed.id));
    assert_eq!(row.get("created_at"), Some(&Value::DateTime(typed.created_at)));
    // Saving stamps what is stamped, and leaves the rest.
    row.set("name", "Anna")?;
    row.save(&db).await?;
    let saved = Author::objects().get(&db, q!(name = "Anna")).await?;
    assert_eq!(
        (saved.id, saved.age, saved.created_at),
        (typed.id, Some(7), typed.created_at)
    );
    assert!(saved.updated_at > typed.updated_at);
    // A key that no row has: an UPDATE, then an INSERT.
    let mut row = Record::with(
        Country::meta(),
        named([("code", "AT".into()), ("name", "Austria".into())]),
    )?;
    let capture = db.capture_queries();
    row.save(&db).await?;
    assert_eq!(capture.queries().len(), 2);
    assert!(row.is_saved());
    // What was not loaded stays as it is.
    let only = DynQuerySet::of("shop.Author")?.only(["name"])?;
    let Row::Record(mut row) = only.get(&db, DynQ::leaf("name", "Anna")).await? else {
        panic!("a record")
    };
    row.set("name", "Ann")?;
    row.save(&db).await?;
    assert_eq!(Author::objects().get(&db, q!(name = "Ann")).await?.age, Some(7));
    Ok(())
}

#[orm::test(apps = ["shop"])]
async fn saving_in_a_certain_way(db: Db) -> orm::Result<()> {
    data(&db).await?;
    let mut row = get(&db, "shop.Book", "title", "Logic").await?;
    row.set("title", "Logics")?;
    row.set("pages", 1)?;
    row.save_as(Saving::only(["title".to_owned()]), &db).await?;
    let book = Book::objects().get(&db, q!(title = "Logics")).await?;
    assert_eq!(book.pages, 300);
    let said = async |row: &mut Record, how| row.save_as(how, &db).await.unwrap_err().to_string();
    assert!(said(&mut row, Saving::new_row()).await.contains("UNIQUE"));
    let unknown = said(&mut row, Saving::only(["pk".to_owned(), "nope".to_owned()])).await;
    assert!(unknown.ends_with("non-concrete fields: nope, pk"), "{unknown}");
    let update = Saving {
        force_update: true,
        ..Saving::default()
    };
    let mut new = Record::with(Book::meta(), named([("title", "New".into())]))?;
    assert_eq!(
        said(&mut new, update.clone()).await,
        "Cannot force an update in save() with no primary key."
    );
    new.set("id", 1_000_000)?;
    assert_eq!(
        said(&mut new, update.clone()).await,
        "Forced update did not affect any rows."
    );
    let both = Saving {
        force_insert: true,
        ..update
    };
    assert_eq!(
        said(&mut new, both).await,
        "Cannot force both insert and updating in model saving."
    );
    Ok(())
}

#[orm::test(apps = ["shop", "attributes"])]
async fn what_does_not_fit_is_told(db: Db) -> orm::Result<()> {
    data(&db).await?;
    let books = DynQuerySet::of("shop.Book")?;
    let create = async |values: Named| {
        let error = books.create(&db, values).await.unwrap_err();
        format!("{}: {error}", error.django_class())
    };
    assert_eq!(
        create(named([("nope", 1.into())])).await,
        "TypeError: Book() got unexpected keyword arguments: 'nope'"
    );
    assert!(create(named([("pages", "x".into())])).await.starts_with("ValueError: "));
    assert!(
        create(named([("genre", "abc".into())]))
            .await
            .starts_with("ValidationError: ")
    );
    assert!(
        create(named([("title", None::<&str>.into())]))
            .await
            .starts_with("IntegrityError: ")
    );
    assert!(
        create(named([("authors", 1.into())]))
            .await
            .contains("Use authors.set() instead.")
    );
    let bob = get(&db, "shop.Author", "name", "Bob").await?;
    assert_eq!(
        create(named([("publisher", bob.into())])).await,
        "ValueError: Cannot assign \"<Author: Bob>\": \"Book.publisher\" must be a \"Publisher\" instance."
    );
    let unsaved = Record::with(Publisher::meta(), named([("name", "New".into())]))?;
    assert_eq!(unsaved.repr(), "<Publisher: New>");
    assert!(
        create(named([("publisher", unsaved.into())]))
            .await
            .contains("unsaved related object 'publisher'")
    );
    // Hooks run as they do for the struct.
    let mut row = Record::with(super::attributes::Checked::meta(), named([("word", " abc ".into())]))?;
    row.save(&db).await?;
    assert_eq!(row.get("word"), Some(&Value::Text("abc".into())));
    row.set("word", "forbidden")?;
    assert_eq!(row.save(&db).await.unwrap_err().to_string(), "not that word");
    assert_eq!(Book::objects().count(&db).await?, 4);
    Ok(())
}

#[orm::test(apps = ["shop"])]
async fn expressions(db: Db) -> orm::Result<()> {
    data(&db).await?;
    let mut row = get(&db, "shop.Book", "title", "Logic").await?;
    row.set(
        "pages",
        DynExpr::f("pages").combine(ArithmeticOp::Add, DynExpr::Value(Value::Int(5))),
    )?;
    row.save(&db).await?;
    assert!(row.is_pending("pages"));
    row.refresh(&db, Some(&["pages"])).await?;
    assert_eq!(row.get("pages"), Some(&Value::Int(305)));
    let books = DynQuerySet::of("shop.Book")?;
    let lower = |text: &str| DynExpr::Call {
        function: &orm::query::function::LOWER,
        args: vec![DynExpr::Value(Value::Text(text.to_owned()))],
    };
    let capture = db.capture_queries();
    let row = books.create(&db, named([("title", lower("ABC").into())])).await?;
    assert_eq!(capture.queries().len(), 1);
    assert_eq!(row.get("title"), Some(&Value::Text("abc".into())));
    assert_eq!(
        Book::objects().get(&db, q!(title = "abc")).await?.id,
        match row.pk() {
            Value::Int(id) => *id,
            other => panic!("{other:?}"),
        }
    );
    let error = books
        .create(
            &db,
            named([("title", "x".into()), ("pages", DynExpr::f("pages").into())]),
        )
        .await;
    assert_eq!(error.unwrap_err().django_class(), "ValueError");
    // Of the row itself, of what was computed for it; not of other tables.
    let twice = DynExpr::f("pages").combine(ArithmeticOp::Mul, DynExpr::Value(Value::Int(2)));
    let rows = books.clone().annotate([("twice".to_owned(), twice)])?;
    assert_eq!(
        rows.update(&db, named([("pages", DynExpr::f("twice").into())])).await?,
        5
    );
    assert_eq!(Book::objects().get(&db, q!(title = "Atlas")).await?.pages, 1200);
    let error = books
        .update(&db, named([("title", DynExpr::f("publisher__name").into())]))
        .await;
    assert_eq!(
        error.unwrap_err().to_string(),
        "Joined field references are not permitted in this query"
    );
    Ok(())
}

#[orm::test(apps = ["shop"])]
async fn get_or_create(db: Db) -> orm::Result<()> {
    data(&db).await?;
    let authors = DynQuerySet::of("shop.Author")?;
    let by_name = |name: &str| named([("name__iexact", name.into()), ("age__gt", 1.into())]);
    let (row, created) = authors.get_or_create(&db, by_name("ada"), Named::new()).await?;
    assert_eq!((row.repr().as_str(), created), ("<Author: Ada>", false));
    let defaults = || named([("name", "Eve".into()), ("age", 3.into())]);
    let (row, created) = authors.get_or_create(&db, by_name("eve"), defaults()).await?;
    assert_eq!((row.repr().as_str(), created), ("<Author: Eve>", true));
    let error = authors
        .get_or_create(&db, named([("name", "X".into())]), named([("nope", 1.into())]))
        .await;
    assert_eq!(
        error.unwrap_err().to_string(),
        "Invalid field name(s) for model Author: 'nope'."
    );
    let before = Author::objects().get(&db, q!(name = "Ada")).await?;
    let by = || named([("name", "Ada".into())]);
    let (_, created) = authors
        .update_or_create(&db, by(), named([("age", 37.into())]), None)
        .await?;
    let after = Author::objects().get(&db, q!(name = "Ada")).await?;
    assert_eq!(
        (created, after.age, after.created_at),
        (false, Some(37), before.created_at)
    );
    assert!(after.updated_at > before.updated_at);
    let of_new = Some(named([("age", 1.into())]));
    let new = named([("name", "Fay".into())]);
    let (row, created) = authors
        .update_or_create(&db, new, named([("age", 2.into())]), of_new)
        .await?;
    assert_eq!((row.get("age"), created), (Some(&Value::Int(1)), true));
    Ok(())
}

#[orm::test(apps = ["shop"])]
async fn update_and_delete(db: Db) -> orm::Result<()> {
    data(&db).await?;
    let books = || DynQuerySet::of("shop.Book");
    let of_north = books()?.filter(DynQ::leaf("publisher__name", "North"))?;
    let south = get(&db, "shop.Publisher", "name", "South").await?;
    assert_eq!(
        of_north
            .update(&db, named([("publisher", south.into()), ("pages", "12".into())]))
            .await?,
        2
    );
    assert_eq!(
        Book::objects()
            .filter(q!(publisher__name = "South", pages = 12))
            .count(&db)
            .await?,
        2
    );
    let error = books()?.update(&db, named([("authors", 1.into())])).await.unwrap_err();
    assert_eq!(error.django_class(), "FieldError");
    let error = books()?.update(&db, named([("nope", 1.into())])).await.unwrap_err();
    assert_eq!(error.to_string(), "Book has no field named 'nope'");
    assert!(
        books()?
            .slice(0, Some(1))
            .update(&db, named([("pages", 1.into())]))
            .await
            .is_err()
    );
    assert!(books()?.slice(0, Some(1)).delete(&db).await.is_err());
    assert!(books()?.values([])?.delete(&db).await.is_err());
    // Reviews go with their books, and the links to authors.
    let deleted = books()?.filter(DynQ::leaf("title", "Logic"))?.delete(&db).await?;
    let by_model: Vec<_> = deleted
        .by_model
        .iter()
        .map(|(label, rows)| (label.as_str(), *rows))
        .collect();
    assert_eq!(
        by_model,
        [("shop.Book", 1), ("shop.Book_authors", 2), ("shop.Review", 2)]
    );
    let mut row = get(&db, "shop.Book", "title", "Poems").await?;
    assert_eq!(row.delete(&db).await?.total, 3);
    assert!(row.pk().is_null());
    assert_eq!(row.delete(&db).await.unwrap_err().django_class(), "ValueError");
    assert_eq!(shown(&Book::objects().all(&db).await?), "Atlas, Blank");
    Ok(())
}

#[orm::test(apps = ["shop"])]
async fn many_rows(db: Db) -> orm::Result<()> {
    data(&db).await?;
    let countries = DynQuerySet::of("shop.Country")?;
    let country =
        |code: &str, name: &str| Record::with(Country::meta(), named([("code", code.into()), ("name", name.into())]));
    let publishers = DynQuerySet::of("shop.Publisher")?;
    let rows = (0..40).map(|number| Record::with(Publisher::meta(), named([("name", format!("P{number}").into())])));
    let rows = publishers.bulk_create(&db, rows.collect::<orm::Result<_>>()?).await?;
    for (number, row) in rows.iter().enumerate() {
        let Value::Int(id) = row.pk() else { panic!("no key") };
        let typed = Publisher::objects().get(&db, q!(id = *id)).await?;
        assert_eq!(typed.name, format!("P{number}"));
    }
    let mut rows = rows;
    for row in &mut rows {
        row.set("name", "same")?;
    }
    rows[0].set("name", DynExpr::f("name"))?;
    let capture = db.capture_queries();
    assert_eq!(publishers.bulk_update(&db, &rows, &["name"]).await?, 40);
    assert_eq!(capture.queries().len(), 1);
    assert_eq!(Publisher::objects().filter(q!(name = "same")).count(&db).await?, 39);
    assert_eq!(Publisher::objects().filter(q!(name = "P0")).count(&db).await?, 1);
    for names in [&["nope"][..], &["id"], &[]] {
        assert!(publishers.bulk_update(&db, &rows, names).await.is_err(), "{names:?}");
    }
    // Rows that are there already.
    let rows = || Ok::<_, orm::Error>(vec![country("FR", "Gallia")?, country("IT", "Italia")?]);
    assert!(
        countries
            .bulk_create(&db, rows()?)
            .await
            .unwrap_err()
            .is_unique_violation()
    );
    countries.bulk_create_over(&db, rows()?, Conflicts::Ignore).await?;
    let names = || Country::objects().order_by(|c| c.code()).values(|c| c.name()).all(&db);
    assert_eq!(names().await?, ["Germany", "France", "Italia"]);
    let mysql = matches!(db.backend(), orm::Backend::MySql { .. });
    let unique = if mysql { vec![] } else { vec!["code".to_owned()] };
    let update = Conflicts::Update {
        unique,
        set: vec!["name".to_owned()],
    };
    countries.bulk_create_over(&db, rows()?, update).await?;
    assert_eq!(names().await?, ["Germany", "Gallia", "Italia"]);
    Ok(())
}

#[orm::test(apps = ["shop", "attributes"])]
async fn related_rows(db: Db) -> orm::Result<()> {
    data(&db).await?;
    let ada = get(&db, "shop.Author", "name", "Ada").await?;
    let books = ada.related_set("books").unwrap()?;
    let blank = get(&db, "shop.Book", "title", "Blank").await?;
    books
        .add(&db, vec![blank.clone().into(), blank.clone().into()], Named::new())
        .await?;
    let titles = async || {
        Book::objects()
            .filter(q!(authors__name = "Ada"))
            .values(|b| b.title())
            .all(&db)
            .await
    };
    assert_eq!(titles().await?, ["Logic", "Atlas", "Blank"]);
    books.remove(&db, vec![blank.pk().clone().into()]).await?;
    books
        .create(&db, named([("title", "Emma".into())]), Named::new())
        .await?;
    assert_eq!(titles().await?, ["Logic", "Atlas", "Emma"]);
    books.set(&db, vec![blank.clone().into()], false, Named::new()).await?;
    assert_eq!(titles().await?, ["Blank"]);
    let (_, created) = books
        .get_or_create(&db, named([("title", "Logic".into())]), Named::new(), Named::new())
        .await?;
    assert!(created, "that of another author is not in the set");
    books.clear(&db).await?;
    assert!(titles().await?.is_empty());
    // Over a foreign key.
    let north = get(&db, "shop.Publisher", "name", "North").await?;
    let books = north.related_set("books").unwrap()?;
    books.add(&db, vec![blank.clone().into()], Named::new()).await?;
    assert_eq!(
        Book::objects().filter(q!(publisher__name = "North")).count(&db).await?,
        3
    );
    let atlas = get(&db, "shop.Book", "title", "Atlas").await?;
    let error = books.remove(&db, vec![atlas.into()]).await.unwrap_err();
    assert_eq!(error.to_string(), "<Book: Atlas> is not related to <Publisher: North>.");
    let error = books.add(&db, vec![1.into()], Named::new()).await.unwrap_err();
    assert_eq!(error.to_string(), "'Book' instance expected, got 1");
    let made = books
        .create(&db, named([("title", "Made".into())]), Named::new())
        .await?;
    assert_eq!(made.get("publisher_id"), Some(north.pk()));
    let reviews = blank.related_set("reviews").unwrap()?;
    assert!(!reviews.can_detach() && reviews.clear(&db).await.is_err());
    // A row without a key has no such rows, and no name of another relation has.
    assert!(Record::unsaved(Author::meta()).related_set("books").unwrap().is_err());
    assert!(blank.related_set("publisher").is_none());
    Ok(())
}
