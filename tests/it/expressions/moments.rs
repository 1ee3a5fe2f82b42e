//! Parts of dates and times, and what is cut off at them.

use super::models::*;
use orm::prelude::*;

fn first() -> QuerySet<Sample> {
    Sample::objects().filter(q!(count = -7))
}

#[orm::test(apps = ["samples"])]
async fn parts(db: Db) -> orm::Result<()> {
    samples(&db).await?;
    let of_date: Vec<[Option<i32>; 8]> = first()
        .values(|s| {
            (
                s.day().year(),
                s.day().iso_year(),
                s.day().quarter(),
                s.day().month(),
                s.day().week(),
                s.day().day(),
                s.day().week_day(),
                s.day().iso_week_day(),
            )
        })
        .all(&db)
        .await?
        .into_iter()
        .map(|(a, b, c, d, e, f, g, h)| [a, b, c, d, e, f, g, h])
        .collect();
    assert_eq!(of_date, [[2020, 2020, 4, 12, 53, 31, 5, 4].map(Some)]);
    let of_moment: Vec<(Option<i32>, Option<i32>, Option<i32>, Option<i32>, Option<i32>)> = first()
        .values(|s| {
            (
                s.begin().hour(),
                s.begin().minute(),
                s.begin().second(),
                s.begin().week_day(),
                s.begin().iso_year(),
            )
        })
        .all(&db)
        .await?;
    assert_eq!(of_moment, [(Some(23), Some(59), Some(59), Some(3), Some(2020))]);
    let of_clock: Vec<(Option<i32>, Option<i32>, Option<i32>)> = first()
        .values(|s| (s.clock().hour(), s.clock().minute(), s.clock().second()))
        .all(&db)
        .await?;
    assert_eq!(of_clock, [(Some(13), Some(45), Some(59))]);
    let parts: Vec<(Option<NaiveDate>, Option<NaiveTime>)> = first()
        .values(|s| (s.begin().date(), s.begin().time()))
        .all(&db)
        .await?;
    let time = NaiveTime::from_hms_micro_opt(23, 59, 59, 999_999);
    assert_eq!(parts, [(Some(day(2019, 12, 31)), time)]);
    Ok(())
}

#[orm::test(apps = ["samples"])]
async fn lookups_follow(db: Db) -> orm::Result<()> {
    samples(&db).await?;
    let count = |rows: QuerySet<Sample>| rows.count(&db);
    assert_eq!(count(Sample::objects().filter(|s| s.day().year().gte(2020))).await?, 1);
    assert_eq!(
        count(Sample::objects().filter(|s| s.day().week().in_([52, 53]))).await?,
        1
    );
    assert_eq!(
        count(Sample::objects().filter(q!(day__quarter = 4, day__iso_week_day__lt = 5))).await?,
        1
    );
    assert_eq!(
        count(Sample::objects().filter(q!(begin__date = day(2019, 12, 31)))).await?,
        1
    );
    assert_eq!(count(Sample::objects().filter(q!(begin__date__year = 2020))).await?, 0);
    assert_eq!(
        count(Sample::objects().filter(q!(begin__hour__range = (22, 23), clock__minute = 45))).await?,
        1
    );
    let noon = NaiveTime::from_hms_opt(12, 0, 0).unwrap();
    assert_eq!(count(Sample::objects().filter(q!(begin__time__gt = noon))).await?, 1);
    assert_eq!(count(Sample::objects().exclude(q!(day__year = 2020))).await?, 1);
    Ok(())
}

#[orm::test(apps = ["samples"])]
async fn cut_off(db: Db) -> orm::Result<()> {
    samples(&db).await?;
    let dates: Vec<[Option<NaiveDate>; 5]> = first()
        .values(|s| {
            (
                s.day().trunc_year(),
                s.day().trunc_quarter(),
                s.day().trunc_month(),
                s.day().trunc_week(),
                s.day().trunc_day(),
            )
        })
        .all(&db)
        .await?
        .into_iter()
        .map(|(a, b, c, d, e)| [a, b, c, d, e])
        .collect();
    let expected = [(1, 1), (10, 1), (12, 1), (12, 28), (12, 31)];
    assert_eq!(dates, [expected.map(|(m, d)| Some(day(2020, m, d)))]);
    let moments: Vec<[Option<DateTime<Utc>>; 8]> = first()
        .values(|s| {
            (
                s.begin().trunc_year(),
                s.begin().trunc_quarter(),
                s.begin().trunc_month(),
                s.begin().trunc_week(),
                s.begin().trunc_day(),
                s.begin().trunc_hour(),
                s.begin().trunc_minute(),
                s.begin().trunc_second(),
            )
        })
        .all(&db)
        .await?
        .into_iter()
        .map(|(a, b, c, d, e, f, g, h)| [a, b, c, d, e, f, g, h])
        .collect();
    let expected = [
        (1, 1, 0, 0, 0),
        (10, 1, 0, 0, 0),
        (12, 1, 0, 0, 0),
        (12, 30, 0, 0, 0),
        (12, 31, 0, 0, 0),
        (12, 31, 23, 0, 0),
        (12, 31, 23, 59, 0),
        (12, 31, 23, 59, 59),
    ];
    assert_eq!(
        moments,
        [expected.map(|(month, d, h, minute, s)| Some(at(2019, month, d, h, minute, s, 0)))]
    );
    let clocks: Vec<(Option<NaiveTime>, Option<NaiveTime>, Option<NaiveTime>)> = first()
        .values(|s| {
            (
                s.clock().trunc_hour(),
                s.clock().trunc_minute(),
                s.clock().trunc_second(),
            )
        })
        .all(&db)
        .await?;
    let time = NaiveTime::from_hms_opt;
    assert_eq!(clocks, [(time(13, 0, 0), time(13, 45, 0), time(13, 45, 59))]);
    Ok(())
}
