//! Lengths of time in arithmetic.

use super::models::*;
use orm::prelude::*;

#[orm::test(apps = ["samples"])]
async fn moments_and_lengths(db: Db) -> orm::Result<()> {
    samples(&db).await?;
    let apart: Vec<Option<TimeDelta>> = Sample::objects().values(|s| s.end() - s.begin()).all(&db).await?;
    assert_eq!(apart, [Some(TimeDelta::days(1) + TimeDelta::microseconds(1)), None]);
    let first = || Sample::objects().filter(q!(count = -7));
    let later: Vec<(Option<DateTime<Utc>>, Option<DateTime<Utc>>, Option<DateTime<Utc>>)> = first()
        .values(|s| {
            (
                s.end() + TimeDelta::hours(36),
                s.end() - s.length(),
                s.length() + s.end(),
            )
        })
        .all(&db)
        .await?;
    assert_eq!(
        later,
        [(
            Some(at(2020, 1, 3, 12, 0, 0, 0)),
            Some(at(2020, 1, 1, 22, 30, 0, 0)),
            Some(at(2020, 1, 2, 1, 30, 0, 0))
        )]
    );
    let of_dates: Vec<(Option<DateTime<Utc>>, Option<TimeDelta>)> = first()
        .values(|s| (s.day() + TimeDelta::hours(1), s.day() - day(2020, 12, 1)))
        .all(&db)
        .await?;
    assert_eq!(
        of_dates,
        [(Some(at(2020, 12, 31, 1, 0, 0, 0)), Some(TimeDelta::days(30)))]
    );
    Ok(())
}

#[orm::test(apps = ["samples"])]
async fn lengths_alone(db: Db) -> orm::Result<()> {
    samples(&db).await?;
    let first = || Sample::objects().filter(q!(count = -7));
    let lengths: Vec<[Option<TimeDelta>; 4]> = first()
        .values(|s| {
            (
                s.length() + TimeDelta::seconds(1),
                s.length() - s.length(),
                s.length() * 2,
                s.length() / 3,
            )
        })
        .all(&db)
        .await?
        .into_iter()
        .map(|(a, b, c, d)| [a, b, c, d])
        .collect();
    let expected = [5401, 0, 10_800, 1800].map(|seconds| Some(TimeDelta::seconds(seconds)));
    assert_eq!(lengths, [expected]);
    Ok(())
}

#[orm::test(apps = ["samples"])]
async fn times_of_day(db: Db) -> orm::Result<()> {
    samples(&db).await?;
    let noon = NaiveTime::from_hms_opt(12, 0, 0).unwrap();
    let rows: Vec<(Option<TimeDelta>, Option<NaiveTime>, Option<NaiveTime>)> = Sample::objects()
        .filter(q!(count = -7))
        .values(|s| {
            (
                s.clock() - noon,
                s.clock() + TimeDelta::hours(12),
                s.clock() - s.length(),
            )
        })
        .all(&db)
        .await?;
    let time = |h, m| NaiveTime::from_hms_micro_opt(h, m, 59, 750_000);
    assert_eq!(
        rows,
        [(Some(TimeDelta::milliseconds(6_359_750)), time(1, 45), time(12, 15))]
    );
    Ok(())
}

#[orm::test(apps = ["samples"])]
async fn in_conditions(db: Db) -> orm::Result<()> {
    samples(&db).await?;
    let count = |rows: QuerySet<Sample>| rows.count(&db);
    assert_eq!(
        count(Sample::objects().filter(|s| (s.end() - s.begin()).gt(TimeDelta::days(1)))).await?,
        1
    );
    assert_eq!(
        count(Sample::objects().filter(|s| s.begin().lte(s.end() - TimeDelta::days(2)))).await?,
        0
    );
    assert_eq!(
        count(Sample::objects().filter(q!(begin__lt = F(end) - F(length)))).await?,
        1
    );
    Ok(())
}

/// The average of lengths, and a part of one, need not be whole microseconds.
#[orm::test(apps = ["samples"])]
async fn parts_of_microseconds(db: Db) -> orm::Result<()> {
    for microseconds in [1, 2, 2] {
        let length = TimeDelta::microseconds(microseconds);
        Sample::create().length(length).save(&db).await?;
    }
    let average: Option<TimeDelta> = Sample::objects().aggregate(&db, |s| s.length().avg()).await?;
    assert_eq!(average, Some(TimeDelta::microseconds(2)));
    let filtered: Option<TimeDelta> = Sample::objects()
        .aggregate(&db, |s| s.length().avg().filter(q!(id__gt = 0)))
        .await?;
    assert_eq!(filtered, average);
    let above = Sample::objects()
        .values(|s| s.name())
        .annotate(|s| s.length().avg())
        .filter_with(|_, (_, average)| average.gt(TimeDelta::microseconds(1)));
    assert_eq!(above.count(&db).await?, 1);
    Ok(())
}
