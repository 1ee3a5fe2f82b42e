//! Functions and lookups of texts.

use super::models::*;
use orm::prelude::*;

#[orm::test(apps = ["samples"])]
async fn functions(db: Db) -> orm::Result<()> {
    samples(&db).await?;
    let first = || Sample::objects().filter(q!(count = -7));
    let row: Vec<(String, String, String, String, i64)> = first()
        .values(|s| {
            (
                s.name().trim(),
                s.name().ltrim(),
                s.name().rtrim(),
                s.name().trim().lower(),
                s.name().length(),
            )
        })
        .all(&db)
        .await?;
    let text = str::to_owned;
    assert_eq!(row, [(text("Ab Cd"), text("Ab Cd "), text(" Ab Cd"), text("ab cd"), 7)]);
    let row = first()
        .values(|s| {
            let name = s.name().trim();
            (
                name.clone().upper(),
                name.clone().replace("b C", "-"),
                name.clone().left(2),
                name.clone().right(2),
                name.clone().substr(2, 3),
                name.clone().substr_from(4),
                name.clone().reverse(),
                name.repeat(2),
            )
        })
        .all(&db)
        .await?;
    let expected = ["AB CD", "A-d", "Ab", "Cd", "b C", "Cd", "dC bA", "Ab CdAb Cd"].map(text);
    let [a, b, c, d, e, f, g, h] = expected;
    assert_eq!(row, [(a, b, c, d, e, f, g, h)]);
    let row = first()
        .values(|s| {
            (
                s.nick().lpad(5, "xy"),
                s.nick().rpad(4, "."),
                s.nick().str_index("b"),
                s.nick().ord(),
                s.nick().md5(),
            )
        })
        .all(&db)
        .await?;
    let sum = text("187ef4436122d1cc2f40dc2b92f0eba0");
    assert_eq!(
        row,
        [(Some(text("xyxab")), Some(text("ab..")), Some(2), Some(97), Some(sum))]
    );
    Ok(())
}

/// What is NULL, and what depends on it, is read as `None`.
#[orm::test(apps = ["samples"])]
async fn null(db: Db) -> orm::Result<()> {
    samples(&db).await?;
    let rows: Vec<(Option<String>, Option<String>, Option<i64>)> = Sample::objects()
        .filter(q!(nick__isnull = true))
        .values(|s| {
            (
                s.nick().upper(),
                s.name().replace("x", s.nick()),
                s.name().str_index(s.nick()),
            )
        })
        .all(&db)
        .await?;
    assert_eq!(rows, [(None, None, None)]);
    Ok(())
}

#[orm::test(apps = ["samples"])]
async fn in_conditions_and_orders(db: Db) -> orm::Result<()> {
    samples(&db).await?;
    let count = |rows: QuerySet<Sample>| rows.count(&db);
    assert_eq!(
        count(Sample::objects().filter(|s| s.name().trim().startswith("Ab"))).await?,
        1
    );
    assert_eq!(count(Sample::objects().filter(|s| s.name().length().gt(3))).await?, 1);
    assert_eq!(
        count(Sample::objects().filter(|s| s.nick().eq(s.name().trim().left(2).lower()))).await?,
        1
    );
    assert_eq!(count(Sample::objects().filter(q!(name__lower = "x"))).await?, 1);
    let names = Sample::objects()
        .order_by(|s| s.name().length().desc())
        .values(|s| s.name())
        .all(&db)
        .await?;
    assert_eq!(names, [" Ab Cd ", "x"]);
    Ok(())
}

#[orm::test(apps = ["samples"])]
async fn regular_expressions(db: Db) -> orm::Result<()> {
    samples(&db).await?;
    let count = |rows: QuerySet<Sample>| rows.count(&db);
    assert_eq!(count(Sample::objects().filter(|s| s.name().regex("^ ?A"))).await?, 1);
    assert_eq!(count(Sample::objects().filter(|s| s.name().regex("^ ?a"))).await?, 0);
    assert_eq!(
        count(Sample::objects().filter(q!(name__iregex = "^ ?a.*D *$"))).await?,
        1
    );
    assert_eq!(count(Sample::objects().exclude(q!(nick__regex = "b$"))).await?, 1);
    Ok(())
}
