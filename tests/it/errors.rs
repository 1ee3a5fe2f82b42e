//! Errors say the same on every database: which model, which field, which constraint.

use super::models::*;
use orm::IntegrityKind;
use orm::prelude::*;

fn integrity(error: Error) -> (IntegrityKind, Option<String>, Vec<String>) {
    match error {
        Error::Integrity {
            kind, table, columns, ..
        } => (kind, table, columns),
        other => panic!("{other:?}"),
    }
}

#[orm::test(apps = ["shop"])]
async fn constraints(db: Db) -> orm::Result<()> {
    let d = data(&db).await?;
    Shop::create().name("A").manager(&d.ada).save(&db).await?;
    let table = || Some("shop_shop".to_owned());
    let error = Shop::create().name("A").manager(&d.bob).save(&db).await.unwrap_err();
    assert_eq!(
        integrity(error),
        (IntegrityKind::Unique, table(), vec!["name".to_owned()])
    );
    let error = Shop::create().name("B").manager(&d.ada).save(&db).await.unwrap_err();
    assert_eq!(
        integrity(error),
        (IntegrityKind::Unique, table(), vec!["manager_id".to_owned()])
    );
    let error = Shop::create().name("B").manager(777).save(&db).await.unwrap_err();
    assert_eq!(
        integrity(error),
        (IntegrityKind::ForeignKey, table(), vec!["manager_id".to_owned()])
    );
    let error = db
        .atomic(async |tx| {
            Shop::create().name("C").manager(778).save(&tx).await?;
            Ok(())
        })
        .await
        .unwrap_err();
    assert_eq!(
        integrity(error),
        (IntegrityKind::ForeignKey, table(), vec!["manager_id".to_owned()])
    );
    assert_eq!(Shop::objects().count(&db).await?, 1);
    Ok(())
}

#[orm::test(apps = ["shop"])]
async fn validation_names_every_field(db: Db) -> orm::Result<()> {
    let error = Book::create()
        .title("x".repeat(101))
        .price(Decimal::new(123_456_789, 1))
        .save(&db)
        .await
        .unwrap_err();
    let Error::Validation(error) = error else {
        panic!("{error}")
    };
    assert_eq!(error.model, "Book");
    assert_eq!(
        error.field("title"),
        ["Ensure this value has at most 100 characters (it has 101)."]
    );
    assert_eq!(
        error.field("price"),
        ["Ensure that there are no more than 6 digits before the decimal point."]
    );
    assert_eq!(Book::objects().count(&db).await?, 0);
    Ok(())
}

#[orm::test(apps = ["shop"])]
async fn unknown_names_list_the_choices(db: Db) -> orm::Result<()> {
    let error = Book::objects().filter_dyn("nmae", "x").unwrap_err();
    let Error::Field { model, name, choices } = &error else {
        panic!("{error}")
    };
    assert_eq!((model.as_str(), name.as_str()), ("Book", "nmae"));
    assert!(
        choices.contains(&"title".to_owned()) && choices.contains(&"reviews".to_owned()),
        "{choices:?}"
    );
    assert!(
        error
            .to_string()
            .starts_with("Cannot resolve keyword \"nmae\" into field of Book. Choices are: "),
        "{error}"
    );
    let error = Book::objects().filter_dyn("title__startswit", "x").unwrap_err();
    assert!(error.to_string().contains("startswith"), "{error}");
    let error = Book::objects().filter_dyn("title__year", "x").unwrap_err();
    assert!(matches!(error, Error::Lookup { .. }), "{error}");
    let error = Book::objects().filter_dyn("pages", "many").unwrap_err();
    assert!(
        matches!(
            error,
            Error::Type {
                expected: "integer",
                ..
            }
        ),
        "{error}"
    );
    let error = Book::objects().order_by_dyn(["-publisher__nam"]).unwrap_err();
    assert!(matches!(error, Error::Field { .. }), "{error}");
    drop(db);
    Ok(())
}

#[tokio::test]
async fn connecting() {
    for (url, said) in [
        ("mongo://x", "sqlite"),
        ("nonsense", "sqlite"),
        ("postgres://u:secret@127.0.0.1:1/x", "127.0.0.1"),
    ] {
        let error = Db::connect(url).await.err().map(|e| e.to_string()).unwrap_or_default();
        assert!(error.contains(said) && !error.contains("secret"), "{url}: {error}");
    }
}

/// A table or a column that is not there: mostly a migration was not applied.
#[orm::test(apps = ["shop"])]
async fn what_is_missing_is_made_by_migrations(db: Db) -> orm::Result<()> {
    for (sql, advice) in [
        (
            "SELECT 1 FROM shop_absent",
            "the tables of models are made by `manage migrate`",
        ),
        (
            "SELECT absent FROM shop_book",
            "the columns of models are made by `manage makemigrations` and `manage migrate`",
        ),
        (
            "INSERT INTO shop_book (absent) VALUES (1)",
            "the columns of models are made by `manage makemigrations` and `manage migrate`",
        ),
    ] {
        let error = orm::raw::<()>(sql, ()).execute(&db).await.unwrap_err();
        let Error::Database { message, .. } = &error else {
            panic!("{error:?}")
        };
        assert!(message.contains("absent") && message.ends_with(advice), "{message}");
    }
    let missing = orm::raw::<()>("SELECT 1 FROM shop_absent", ())
        .execute(&db)
        .await
        .unwrap_err();
    let expected = match db.backend().name() {
        "SQLite" => "OperationalError",
        _ => "ProgrammingError",
    };
    assert_eq!(missing.django_class(), expected);
    Ok(())
}

/// PostgreSQL would take it, and no other database or program that reads it.
#[orm::test(apps = ["shop"])]
async fn years_have_four_digits(db: Db) -> orm::Result<()> {
    let far = NaiveDate::from_ymd_opt(20_200, 1, 1).unwrap();
    let expected = "a value cannot be sent to the database: the year 20200 is not within 1 to 9999";
    let error = Book::create().title("Far").published(far).save(&db).await.unwrap_err();
    assert_eq!(error.to_string(), expected);
    let at = far.and_hms_opt(0, 0, 0).unwrap().and_utc();
    let error = Event::create().name("Far").at(at).save(&db).await.unwrap_err();
    assert_eq!(error.to_string(), expected);
    let error = Book::objects()
        .filter(|b| b.published().in_([far, far]))
        .count(&db)
        .await
        .unwrap_err();
    assert_eq!(error.to_string(), expected);
    assert_eq!(
        Book::objects().count(&db).await? + Event::objects().count(&db).await?,
        0
    );
    Ok(())
}
