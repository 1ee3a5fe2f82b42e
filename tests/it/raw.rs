//! SQL of one's own: arguments, models by the names of columns, tuples by position.

use super::models::*;
use orm::prelude::*;
use orm::{Backend, Result, Value, raw};

#[orm::test(apps = ["shop"])]
async fn models_by_the_names_of_their_columns(db: Db) -> Result<()> {
    let data = data(&db).await?;
    let rows = Book::raw(
        "SELECT * FROM shop_book WHERE pages > {} AND title <> {} ORDER BY id",
        (80, "Poems"),
    );
    let rows = rows.all(&db).await?;
    let same = Book::objects()
        .filter(q!(id__in = [data.logic.id, data.atlas.id]))
        .all(&db)
        .await?;
    assert_eq!(rows, same);
    // In any order, whatever else is read.
    let text = "SELECT 1 AS one, in_print, published, rating, pages, price, genre, publisher_id, title, id \
                FROM shop_book WHERE id = {}";
    assert_eq!(
        Book::raw(text, (data.logic.id,)).all(&db).await?,
        std::slice::from_ref(&data.logic)
    );
    let rows: Vec<(Book, i64, Option<String>)> = Book::raw(
        "SELECT b.*, b.pages * 2 AS twice, p.name AS publisher FROM shop_book b \
         LEFT JOIN shop_publisher p ON p.id = b.publisher_id WHERE b.title IN ({}, '{}', {}) ORDER BY b.id",
        ["Logic", "Blank"],
    )
    .column::<i64>("twice")
    .column::<Option<String>>("publisher")
    .all(&db)
    .await?;
    let rows: Vec<_> = rows
        .into_iter()
        .map(|(b, twice, publisher)| (b.title, twice, publisher))
        .collect();
    assert_eq!(
        rows,
        [
            ("Logic".to_owned(), 600, Some("North".to_owned())),
            ("Blank".to_owned(), 0, None)
        ]
    );
    Ok(())
}

#[orm::test(apps = ["shop"])]
async fn missing_columns_are_named(db: Db) -> Result<()> {
    data(&db).await?;
    let error = City::raw("SELECT id FROM shop_city", ()).all(&db).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        r#"the rows of a raw query for City have no column "name", "country_id""#
    );
    let beside = City::raw("SELECT * FROM shop_city", ())
        .column::<i64>("n")
        .all(&db)
        .await;
    assert_eq!(
        beside.unwrap_err().to_string(),
        r#"the rows of a raw query for City have no column "n""#
    );
    let error = City::raw("SELECT * FROM shop_city WHERE id = {}", ())
        .all(&db)
        .await
        .unwrap_err();
    assert_eq!(
        error.to_string(),
        "the SQL has 1 placeholders {}, and is given 0 arguments"
    );
    let error = City::raw("SELECT * FROM shop_city", ())
        .column::<Author>("n")
        .all(&db)
        .await
        .unwrap_err();
    assert_eq!(
        error.to_string(),
        "column() reads one column, a value or an Option of one"
    );
    Ok(())
}

#[orm::test(apps = ["shop"])]
async fn tuples_by_position(db: Db) -> Result<()> {
    let data = data(&db).await?;
    let rows = raw::<(String, Option<f64>)>(
        "SELECT title, rating FROM shop_book WHERE pages < {} ORDER BY id",
        (100,),
    );
    assert_eq!(
        rows.all(&db).await?,
        [("Poems".to_owned(), Some(3.0)), ("Blank".to_owned(), None)]
    );
    let count = raw::<i64>("SELECT COUNT(*) FROM shop_book -- {} of them", ())
        .all(&db)
        .await?;
    assert_eq!(count, [4]);
    // Values of all kinds are arguments.
    let day = NaiveDate::from_ymd_opt(2021, 1, 1).unwrap();
    let titles = raw::<String>(
        "SELECT title FROM shop_book WHERE published >= {} AND price > {} AND in_print = {}",
        (day, Decimal::new(3999, 2), false),
    );
    assert_eq!(titles.all(&db).await?, ["Atlas"]);
    let sizes = vec![Value::Int(90), Value::Int(600)];
    let titles = raw::<String>("SELECT title FROM shop_book WHERE pages IN ({}, {}) ORDER BY id", sizes);
    assert_eq!(titles.all(&db).await?, ["Poems", "Atlas"]);
    // Nothing that is given becomes SQL.
    let evil = raw::<i64>("SELECT COUNT(*) FROM shop_book WHERE title = {}", ("' OR '1' = '1",));
    assert_eq!(evil.all(&db).await?, [0]);
    let changed = raw::<()>("UPDATE shop_book SET pages = {} WHERE id = {}", (91, data.poems.id));
    assert_eq!(changed.execute(&db).await?, 1);
    assert_eq!(Book::objects().get(&db, q!(id = data.poems.id)).await?.pages, 91);
    // In a transaction, too.
    let inside: Result<()> = db
        .atomic(async |tx| {
            raw::<()>("DELETE FROM shop_review", ()).execute(&tx).await?;
            assert_eq!(raw::<i64>("SELECT COUNT(*) FROM shop_review", ()).all(&tx).await?, [0]);
            Err(Error::Other("refused".into()))
        })
        .await;
    assert!(inside.is_err());
    assert_eq!(Review::objects().count(&db).await?, 3);
    Ok(())
}

#[orm::test(apps = ["shop"])]
async fn what_writes_and_gives_rows(db: Db) -> Result<()> {
    if matches!(db.backend(), Backend::MySql { .. }) {
        return Ok(());
    }
    let rows = raw::<(i64, String)>(
        "INSERT INTO shop_publisher (name) VALUES ({}) RETURNING id, name",
        ("West",),
    );
    let rows = rows.all(&db).await?;
    assert_eq!(
        rows,
        [(
            Publisher::objects().get(&db, q!(name = "West")).await?.id,
            "West".to_owned()
        )]
    );
    let made = Publisher::raw("INSERT INTO shop_publisher (name) VALUES ({}) RETURNING *", ("East",))
        .all(&db)
        .await?;
    assert_eq!(shown(&made), "East");
    Ok(())
}

#[orm::test(apps = ["shop"])]
async fn nothing_is_left_out(db: Db) -> Result<()> {
    data(&db).await?;
    // A placeholder without an argument, a second statement.
    assert!(raw::<Option<i64>>("SELECT ?", ()).all(&db).await.is_err());
    let two = "UPDATE shop_book SET pages = 1; DELETE FROM shop_review";
    assert!(raw::<()>(two, ()).execute(&db).await.is_err());
    assert_eq!(Book::objects().filter(q!(pages = 1)).count(&db).await?, 0);
    assert_eq!(Review::objects().count(&db).await?, 3);
    let one = "UPDATE shop_book SET pages = 1; -- no more";
    if db.backend() == Backend::Sqlite {
        assert_eq!(raw::<()>(one, ()).execute(&db).await?, 4);
    }
    Ok(())
}
