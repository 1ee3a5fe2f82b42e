//! `dates`, `datetimes`, `in_bulk_by`, `contains`, `latest` by the model's own order.

use super::models::*;
use orm::prelude::*;
use orm::{DateKind, DateTimeKind, assert_num_queries};
use std::collections::HashMap;

#[derive(Model, Debug, Clone, PartialEq)]
#[model(app = "dated", get_latest_by = ["-at"])]
struct Visit {
    id: i64,
    #[field(max_length = 10, unique)]
    place: Option<String>,
    on: Option<NaiveDate>,
    at: DateTime<Utc>,
}

fn moment(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

#[orm::test(apps = ["dated"])]
async fn dates_and_datetimes(db: Db) -> orm::Result<()> {
    let date = |m, d| NaiveDate::from_ymd_opt(2024, m, d).unwrap();
    for (place, on, at) in [
        (Some("a"), Some(date(2, 29)), "2024-02-29T10:20:30.5Z"),
        (Some("b"), Some(date(2, 1)), "2024-02-29T10:59:00Z"),
        (None, Some(date(12, 31)), "2023-12-31T23:59:59.999999Z"),
        (None, None, "2024-03-01T00:00:00Z"),
    ] {
        Visit::create()
            .place(place.map(str::to_owned))
            .on(on)
            .at(moment(at))
            .save(&db)
            .await?;
    }
    let months = assert_num_queries!(db, 1, {
        Visit::objects().dates(|v| v.on(), DateKind::Month).all(&db).await?
    });
    assert_eq!(months, [date(2, 1), date(12, 1)]);
    assert_eq!(
        Visit::objects().dates(|v| v.on(), DateKind::Year).all(&db).await?,
        [date(1, 1)]
    );
    let days = Visit::objects().dates(|v| v.on(), DateKind::Day).reverse();
    assert_eq!(days.clone().all(&db).await?, [date(12, 31), date(2, 29), date(2, 1)]);
    assert_eq!(
        (days.clone().count(&db).await?, days.slice(1..2).all(&db).await?),
        (3, vec![date(2, 29)])
    );
    assert_eq!(
        Visit::objects().dates(|v| v.on(), DateKind::Week).first(&db).await?,
        Some(NaiveDate::from_ymd_opt(2024, 1, 29).unwrap())
    );
    // Of moments, too; as dates, and as moments.
    let of_moments = Visit::objects()
        .filter(q!(place__isnull = true))
        .dates(|v| v.at(), DateKind::Month);
    assert_eq!(
        of_moments.all(&db).await?,
        [NaiveDate::from_ymd_opt(2023, 12, 1).unwrap(), date(3, 1)]
    );
    let hours = Visit::objects()
        .filter(q!(place__isnull = false))
        .datetimes(|v| v.at(), DateTimeKind::Hour);
    assert_eq!(hours.all(&db).await?, [moment("2024-02-29T10:00:00Z")]);
    let seconds = Visit::objects().datetimes(|v| v.at(), DateTimeKind::Second);
    assert_eq!(seconds.first(&db).await?, Some(moment("2023-12-31T23:59:59Z")));
    let years = Visit::objects().datetimes(|v| v.at(), DateTimeKind::Year);
    assert_eq!(
        years.all(&db).await?,
        [moment("2023-01-01T00:00:00Z"), moment("2024-01-01T00:00:00Z")]
    );
    // By the model's `get_latest_by`, which here is backwards.
    assert_eq!(
        Visit::objects().latest(&db, |_| ()).await?.at,
        moment("2023-12-31T23:59:59.999999Z")
    );
    assert_eq!(
        Visit::objects().earliest(&db, |_| ()).await?.at,
        moment("2024-03-01T00:00:00Z")
    );
    // By a unique field that may be NULL.
    let found: HashMap<String, Visit> = Visit::objects().in_bulk_by(&db, |v| v.place(), ["a", "x"]).await?;
    assert_eq!(found.len(), 1);
    assert_eq!(found["a"].on, Some(date(2, 29)));
    Ok(())
}

#[orm::test(apps = ["shop"])]
async fn by_a_unique_field(db: Db) -> orm::Result<()> {
    let d = data(&db).await?;
    let corner = Shop::create().name("Corner").manager(&d.ada).save(&db).await?;
    Shop::create().name("Mall").manager(&d.bob).save(&db).await?;
    let found = Shop::objects()
        .select_related(|s| s.manager())
        .in_bulk_by(&db, |s| s.name(), ["Corner".to_owned(), "None".to_owned()])
        .await?;
    assert_eq!(
        found,
        HashMap::from([("Corner".to_owned(), (corner.clone(), d.ada.clone()))])
    );
    assert_num_queries!(db, 0, {
        assert!(Shop::objects().in_bulk_by(&db, |s| s.name(), [""; 0]).await?.is_empty());
        let error = Book::objects()
            .in_bulk_by(&db, |b| b.title(), ["Logic"])
            .await
            .unwrap_err();
        assert!(error.to_string().contains("unique field"), "{error}");
        let error = Book::objects().latest(&db, |_| ()).await.unwrap_err();
        assert!(error.to_string().contains("get_latest_by"), "{error}");
    });
    assert!(assert_num_queries!(db, 1, {
        Shop::objects().contains(&db, &corner).await?
    }));
    let others = Shop::objects().exclude(q!(name = "Corner"));
    assert!(!others.contains(&db, &corner).await?);
    let error = Shop::objects().limit(1).contains(&db, &corner).await.unwrap_err();
    assert!(error.to_string().contains("slice"), "{error}");
    Ok(())
}

/// A key has one row at most; whatever else is asked may have more than `get` looks at.
#[orm::test(apps = ["shop"])]
async fn get_limits_what_may_be_many(db: Db) -> orm::Result<()> {
    let d = data(&db).await?;
    let capture = db.capture_queries();
    let books = Book::objects;
    assert_eq!(books().get(&db, q!(id = d.logic.id)).await?, d.logic);
    let (_, north) = books()
        .select_related(|b| b.publisher())
        .get(&db, q!(pk = d.logic.id))
        .await?;
    assert_eq!(north, Some(d.north.clone()));
    let missing = books().get(&db, q!(id = 12345)).await.unwrap_err();
    assert!(matches!(missing, Error::DoesNotExist { .. }), "{missing}");
    assert!(
        capture.queries().iter().all(|sql| !sql.contains("LIMIT")),
        "{:?}",
        capture.queries()
    );
    let capture = db.capture_queries();
    books().get(&db, q!(title = "Logic")).await?;
    books().get(&db, q!(publisher = &d.south)).await?;
    // A key and more, such as a join that repeats its row.
    books()
        .filter(q!(id = d.blank.id))
        .get(&db, q!(in_print = true))
        .await?;
    let twice = books()
        .filter(q!(id = d.logic.id))
        .get(&db, q!(authors__age__gt = 1))
        .await;
    assert!(matches!(twice, Err(Error::MultipleObjectsReturned { .. })), "{twice:?}");
    let queries = capture.queries();
    assert!(
        queries.len() == 4 && queries.iter().all(|sql| sql.ends_with("LIMIT 21")),
        "{queries:?}"
    );
    Ok(())
}
