//! The code of `docs/expressions.md` about time zones.

use super::*;

#[orm::test(apps = ["zones"])]
async fn on_other_clocks(db: Db) -> orm::Result<()> {
    trips(&db).await?;
    let db = &db;
    let second = date(2020, 7, 2);
    let zone = TimeZone::fixed(2 * 3600)?;
    let hours: Vec<i32> = Trip::objects()
        .values(|t| t.start().in_zone(&zone).hour())
        .all(db)
        .await?;
    let on_the_second = Trip::objects().filter(|t| t.start().in_zone(&zone).date().eq(second));
    let days = Trip::objects().datetimes_in(|t| t.start(), DateTimeKind::Day, &zone);

    assert_eq!(hours, [1, 23, 0]);
    assert_eq!(on_the_second.count(db).await?, 1);
    assert_eq!(days.count(db).await?, 3);
    Ok(())
}
