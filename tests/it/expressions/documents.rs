//! Documents: keys and the lookups of JSON.

use super::models::*;
use orm::Backend;
use orm::prelude::*;
use orm::serde_json::json;

async fn found(db: &Db, condition: impl FnOnce(SampleFields<Sample, orm::One>) -> Q<Sample>) -> orm::Result<i64> {
    Sample::objects().filter(condition).count(db).await
}

#[orm::test(apps = ["samples"])]
async fn keys(db: Db) -> orm::Result<()> {
    samples(&db).await?;
    assert_eq!(found(&db, |s| s.data().key("a").key("b").eq(1)).await?, 1);
    assert_eq!(found(&db, |s| s.data().key("a").key("b").eq("1")).await?, 0);
    assert_eq!(found(&db, |s| s.data().key("a").key("s").eq("Text")).await?, 1);
    assert_eq!(
        found(&db, |s| s.data().key("a").eq(json!({"b": 1, "s": "Text"}))).await?,
        1
    );
    assert_eq!(found(&db, |s| s.data().key("list").index(0).gt(9)).await?, 1);
    assert_eq!(found(&db, |s| s.data().key("list").index(0).lte(9)).await?, 0);
    assert_eq!(
        found(&db, |s| s.data().index(1).gte(2) & s.data().index(0).lt(2)).await?,
        1
    );
    assert_eq!(found(&db, |s| s.data().key("yes").eq(true)).await?, 1);
    assert_eq!(found(&db, |s| s.data().key("none").eq(None::<i32>)).await?, 1);
    assert_eq!(found(&db, |s| s.data().key("a").key("b").in_([3, 1])).await?, 1);
    assert_eq!(found(&db, |s| s.data().key("a").key("b").in_([0; 0])).await?, 0);
    assert_eq!(found(&db, |s| s.data().key("none").isnull(false)).await?, 1);
    assert_eq!(found(&db, |s| s.data().key("other").isnull(true)).await?, 2);
    assert_eq!(found(&db, |s| s.data().key("yes").ne(false)).await?, 1);
    Ok(())
}

#[orm::test(apps = ["samples"])]
async fn texts(db: Db) -> orm::Result<()> {
    samples(&db).await?;
    let text = |s: SampleFields<Sample, orm::One>| s.data().key("a").key("s");
    assert_eq!(found(&db, |s| text(s).startswith("Te")).await?, 1);
    assert_eq!(found(&db, |s| text(s).startswith("te")).await?, 0);
    assert_eq!(found(&db, |s| text(s).istartswith("te")).await?, 1);
    assert_eq!(found(&db, |s| text(s).endswith("xt")).await?, 1);
    assert_eq!(found(&db, |s| text(s).iendswith("XT")).await?, 1);
    assert_eq!(found(&db, |s| text(s).icontains("EX")).await?, 1);
    assert_eq!(found(&db, |s| text(s).iexact("TEXT")).await?, 1);
    assert_eq!(found(&db, |s| text(s).regex("^T.*t$")).await?, 1);
    assert_eq!(found(&db, |s| text(s).iregex("^t.*T$")).await?, 1);
    assert_eq!(found(&db, |s| s.data().icontains("TEXT")).await?, 1);
    Ok(())
}

#[orm::test(apps = ["samples"])]
async fn objects(db: Db) -> orm::Result<()> {
    samples(&db).await?;
    assert_eq!(found(&db, |s| s.data().has_key("none")).await?, 1);
    assert_eq!(found(&db, |s| s.data().has_keys(["a", "yes"])).await?, 1);
    assert_eq!(found(&db, |s| s.data().has_keys(["a", "no"])).await?, 0);
    assert_eq!(found(&db, |s| s.data().has_any_keys(["no", "yes"])).await?, 1);
    assert_eq!(found(&db, |s| s.data().key("a").has_key("s")).await?, 1);
    assert_eq!(Sample::objects().filter(q!(data__has_key = "a")).count(&db).await?, 1);
    assert_eq!(
        Sample::objects()
            .filter(q!(data__has_any_keys = ["a", "c"]))
            .count(&db)
            .await?,
        1
    );
    let contains = found(&db, |s| s.data().contains(json!({"yes": true}))).await;
    let contained = found(&db, |s| s.data().contained_by([1, 2, 3])).await;
    if matches!(db.backend(), Backend::Sqlite) {
        for result in [contains, contained] {
            assert!(matches!(result, Err(orm::Error::NotSupported { .. })), "{result:?}");
        }
    } else {
        assert_eq!((contains?, contained?), (1, 1));
    }
    Ok(())
}

#[orm::test(apps = ["samples"])]
async fn as_values(db: Db) -> orm::Result<()> {
    samples(&db).await?;
    let rows: Vec<(Option<Json>, Option<Json>)> = Sample::objects()
        .values(|s| (s.data().key("a").key("b"), s.data().key("list").index(1)))
        .all(&db)
        .await?;
    assert_eq!(
        rows,
        [(Some(Json(json!(1))), Some(Json(json!({"x": null})))), (None, None)]
    );
    let ordered = Sample::objects()
        .order_by(|s| s.data().key("a").key("b").desc().nulls_last())
        .values(|s| s.count())
        .all(&db)
        .await?;
    assert_eq!(ordered, [-7, 4]);
    Ok(())
}

/// What types cannot tell goes by name.
#[orm::test(apps = ["samples"])]
async fn by_name(db: Db) -> orm::Result<()> {
    samples(&db).await?;
    for (name, value, count) in [
        ("data__a__b", 1, 1),
        ("data__a__b__gt", 0, 1),
        ("data__a__b__gt", 1, 0),
        ("data__a__b__gte", 1, 1),
        ("data__list__0__lt", 11, 1),
        ("data__1__lte", 2, 1),
        ("data__1__lte", 1, 0),
    ] {
        let rows = Sample::objects().filter_dyn(name, value)?;
        assert_eq!(rows.count(&db).await?, count, "{name} {value}");
    }
    for (ends, count) in [([1, 1], 1), ([0, 2], 1), ([2, 3], 0)] {
        let rows = Sample::objects().filter_dyn("data__a__b__range", ends)?;
        assert_eq!(rows.count(&db).await?, count, "{ends:?}");
    }
    assert!(Sample::objects().filter_dyn("data__gt", 1).is_err());
    Ok(())
}
