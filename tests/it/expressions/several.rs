//! Functions of several values.

use super::models::*;
use orm::functions::{coalesce, concat, greatest, least, now, value};
use orm::prelude::*;

#[orm::test(apps = ["samples"])]
async fn the_first_that_is_not_null(db: Db) -> orm::Result<()> {
    samples(&db).await?;
    let names: Vec<String> = Sample::objects()
        .values(|s| coalesce((s.nick(), s.name())))
        .all(&db)
        .await?;
    assert_eq!(names, ["ab", "x"]);
    let rows: Vec<(String, i32, Option<i32>)> = Sample::objects()
        .values(|s| {
            (
                coalesce((s.nick(), s.nick().upper(), "none")),
                coalesce((s.bonus(), 0)),
                coalesce((s.bonus(), s.bonus())),
            )
        })
        .all(&db)
        .await?;
    assert_eq!(rows, [("ab".to_owned(), 3, Some(3)), ("none".to_owned(), 0, None)]);
    let found = Sample::objects().filter(|s| coalesce((s.bonus(), 100)).gt(50));
    assert_eq!(found.count(&db).await?, 1);
    let none: Vec<(Option<i32>, Option<String>)> = Sample::objects()
        .values(|s| (s.count().nullif(4), s.name().nullif("x")))
        .all(&db)
        .await?;
    assert_eq!(none, [(Some(-7), Some(" Ab Cd ".to_owned())), (None, None)]);
    Ok(())
}

#[orm::test(apps = ["samples"])]
async fn extremes(db: Db) -> orm::Result<()> {
    samples(&db).await?;
    let rows: Vec<(i32, i32)> = Sample::objects()
        .values(|s| (greatest((s.count(), s.id().cast::<i32>(), 0)), least((s.count(), 0))))
        .all(&db)
        .await?;
    assert_eq!(rows[0].1, -7);
    assert_eq!((rows[1].0, rows[1].1), (4, 0));
    let of_null: Vec<Option<i32>> = Sample::objects()
        .filter(q!(bonus__isnull = true))
        .values(|s| greatest((s.bonus(), 1)))
        .all(&db)
        .await?;
    let postgres = matches!(db.backend(), orm::Backend::Postgres);
    assert_eq!(of_null, [postgres.then_some(1)]);
    Ok(())
}

#[orm::test(apps = ["samples"])]
async fn one_text_after_another(db: Db) -> orm::Result<()> {
    samples(&db).await?;
    let rows: Vec<String> = Sample::objects()
        .values(|s| concat((s.name().trim(), " (", s.nick(), ")")))
        .all(&db)
        .await?;
    assert_eq!(rows, ["Ab Cd (ab)", "x ()"]);
    let found = Sample::objects().filter(|s| s.name().eq(concat(("", "x"))));
    assert_eq!(found.count(&db).await?, 1);
    Ok(())
}

#[orm::test(apps = ["samples"])]
async fn values_and_the_moment(db: Db) -> orm::Result<()> {
    samples(&db).await?;
    let rows: Vec<(i64, String, Option<i32>, i64)> = Sample::objects()
        .filter(q!(count = 4))
        .values(|s| {
            (
                value(3_i64),
                value("a"),
                value(None::<i32>),
                value(10_i64) - s.count().cast::<i64>(),
            )
        })
        .all(&db)
        .await?;
    assert_eq!(rows, [(3, "a".to_owned(), None, 6)]);
    let past = Sample::objects().filter(|s| s.begin().lt(now()));
    assert_eq!(past.clone().count(&db).await?, 1);
    let moments: Vec<DateTime<Utc>> = past.values(|_| now()).all(&db).await?;
    let apart = Utc::now() - moments[0];
    assert!(apart.num_minutes().abs() < 5, "{apart}");
    Ok(())
}
