//! Time zones other than UTC: parts of moments, what is cut off at them, lookups, `datetimes`.

mod guide;
mod names;
mod shell;
mod sql;
mod untyped;

use orm::chrono::FixedOffset;
use orm::prelude::*;
use orm::{Backend, DateTimeKind, TimeZone};

#[derive(Model, Debug, Clone, PartialEq)]
#[model(app = "zones", ordering = ["id"])]
pub struct Trip {
    pub id: i64,
    #[field(max_length = 10)]
    pub name: String,
    pub start: DateTime<Utc>,
    pub end: Option<DateTime<Utc>>,
    pub day: NaiveDate,
}

#[derive(Model, Debug, Clone, PartialEq)]
#[model(app = "zones", ordering = ["id"])]
pub struct Stop {
    pub id: i64,
    pub trip: ForeignKey<Trip>,
    pub at: Option<DateTime<Utc>>,
}

fn moment(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn date(y: i32, m: u32, d: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(y, m, d).unwrap()
}

fn east(hours: i32) -> TimeZone {
    TimeZone::fixed(hours * 3600).unwrap()
}

/// Three trips: at the end of a year, and on both sides of a midnight; the last has no end.
async fn trips(db: &Db) -> orm::Result<()> {
    for (name, start, end) in [
        ("a", "2019-12-31T23:59:59.999999Z", Some("2020-01-01T01:30:00Z")),
        ("b", "2020-07-01T21:30:15Z", Some("2020-07-01T22:30:00.5Z")),
        ("c", "2020-07-01T22:30:00Z", None),
    ] {
        let trip = Trip::create()
            .name(name)
            .start(moment(start))
            .end(end.map(moment))
            .day(date(2020, 1, 1))
            .save(db)
            .await?;
        Stop::create().trip(&trip).at(end.map(moment)).save(db).await?;
    }
    Ok(())
}

fn named(name: &str) -> QuerySet<Trip> {
    Trip::objects().filter(q!(name = name))
}

#[orm::test(apps = ["zones"])]
async fn parts(db: Db) -> orm::Result<()> {
    trips(&db).await?;
    let zone = east(2);
    let of_date: Vec<[i32; 8]> = named("a")
        .values(|t| {
            let at = t.start().in_zone(&zone);
            (
                at.clone().year(),
                at.clone().iso_year(),
                at.clone().quarter(),
                at.clone().month(),
                at.clone().week(),
                at.clone().day(),
                at.clone().week_day(),
                at.iso_week_day(),
            )
        })
        .all(&db)
        .await?
        .into_iter()
        .map(|(a, b, c, d, e, f, g, h)| [a, b, c, d, e, f, g, h])
        .collect();
    assert_eq!(of_date, [[2020, 2020, 1, 1, 1, 1, 4, 3]]);
    let half = FixedOffset::west_opt(3 * 3600 + 1800).unwrap();
    let of_clock: Vec<(i32, i32, i32, NaiveDate, NaiveTime)> = named("b")
        .values(|t| {
            let at = t.start().in_zone(half);
            (
                at.clone().hour(),
                at.clone().minute(),
                at.clone().second(),
                at.clone().date(),
                at.time(),
            )
        })
        .all(&db)
        .await?;
    let time = NaiveTime::from_hms_opt(18, 0, 15).unwrap();
    assert_eq!(of_clock, [(18, 0, 15, date(2020, 7, 1), time)]);
    // What is NULL stays so, and UTC is no change.
    let ends: Vec<Option<i32>> = Trip::objects()
        .values(|t| t.end().in_zone(&zone).hour())
        .all(&db)
        .await?;
    assert_eq!(ends, [Some(3), Some(0), None]);
    let utc: Vec<i32> = Trip::objects()
        .values(|t| t.start().in_zone(Utc).hour())
        .all(&db)
        .await?;
    assert_eq!(utc, [23, 21, 22]);
    Ok(())
}

#[orm::test(apps = ["zones"])]
async fn lookups_follow(db: Db) -> orm::Result<()> {
    trips(&db).await?;
    let zone = east(2);
    let names = async |rows: QuerySet<Trip>| rows.values(|t| t.name()).all(&db).await;
    assert_eq!(
        names(Trip::objects().filter(|t| t.start().in_zone(&zone).date().eq(date(2020, 7, 2)))).await?,
        ["c"]
    );
    assert_eq!(
        names(Trip::objects().filter(|t| t.start().in_zone(&zone).year().gte(2020))).await?,
        ["a", "b", "c"]
    );
    assert_eq!(
        names(Trip::objects().filter(|t| t.start().in_zone(&zone).hour().in_([0, 1]))).await?,
        ["a", "c"]
    );
    let midnight = moment("2020-06-30T22:00:00Z");
    assert_eq!(
        names(Trip::objects().filter(|t| t.start().in_zone(&zone).trunc_day().eq(midnight))).await?,
        ["b"]
    );
    // As with every lookup on a column, `exclude` means the rows without a value, too; and over a
    // to-many relation, those without such a row.
    assert_eq!(
        names(Trip::objects().exclude(|t| t.end().in_zone(&zone).hour().eq(3))).await?,
        ["b", "c"]
    );
    assert_eq!(
        names(Trip::objects().exclude(|t| t.stop().at().in_zone(&zone).hour().eq(0))).await?,
        ["a", "c"]
    );
    // The same text serves another zone.
    for (hours, expected) in [
        (1, vec!["a"]),
        (2, vec!["a", "c"]),
        (-22, vec!["a", "c"]),
        (3, vec!["b"]),
    ] {
        let rows = Trip::objects().filter(|t| t.start().in_zone(east(hours)).hour().in_([0, 1]));
        let rows = match hours {
            3 => rows.exclude(|t| t.start().in_zone(east(hours)).hour().eq(1)),
            _ => rows,
        };
        assert_eq!(names(rows).await?, expected, "{hours}");
    }
    Ok(())
}

#[orm::test(apps = ["zones"])]
async fn cut_off(db: Db) -> orm::Result<()> {
    trips(&db).await?;
    let zone = east(2);
    let cut: Vec<[DateTime<Utc>; 8]> = named("a")
        .values(|t| {
            let at = t.start().in_zone(&zone);
            (
                at.clone().trunc_year(),
                at.clone().trunc_quarter(),
                at.clone().trunc_month(),
                at.clone().trunc_week(),
                at.clone().trunc_day(),
                at.clone().trunc_hour(),
                at.clone().trunc_minute(),
                at.trunc_second(),
            )
        })
        .all(&db)
        .await?
        .into_iter()
        .map(|(a, b, c, d, e, f, g, h)| [a, b, c, d, e, f, g, h])
        .collect();
    let year = "2019-12-31T22:00:00Z";
    let expected = [
        year,
        year,
        year,
        "2019-12-29T22:00:00Z",
        year,
        "2019-12-31T23:00:00Z",
        "2019-12-31T23:59:00Z",
        "2019-12-31T23:59:59Z",
    ];
    assert_eq!(cut, [expected.map(moment)]);
    Ok(())
}

#[orm::test(apps = ["zones"])]
async fn moments_of_a_unit(db: Db) -> orm::Result<()> {
    trips(&db).await?;
    let days = Trip::objects().datetimes_in(|t| t.start(), DateTimeKind::Day, east(2));
    let expected = ["2019-12-31T22:00:00Z", "2020-06-30T22:00:00Z", "2020-07-01T22:00:00Z"];
    assert_eq!(days.clone().all(&db).await?, expected.map(moment));
    assert_eq!(days.reverse().first(&db).await?, Some(moment(expected[2])));
    let of_ends = Trip::objects().datetimes_in(|t| t.end(), DateTimeKind::Month, east(-5));
    assert_eq!(
        of_ends.all(&db).await?,
        ["2019-12-01T05:00:00Z", "2020-07-01T05:00:00Z"].map(moment)
    );
    let utc = Trip::objects().datetimes_in(|t| t.start(), DateTimeKind::Year, Utc);
    assert_eq!(
        utc.all(&db).await?,
        ["2019-01-01T00:00:00Z", "2020-01-01T00:00:00Z"].map(moment)
    );
    Ok(())
}

#[test]
fn names_and_offsets() {
    let shown = |zone: orm::Result<TimeZone>| zone.map_or_else(|error| error.to_string(), |zone| zone.to_string());
    for name in [
        "Europe/Berlin",
        "America/Port-au-Prince",
        "America/Argentina/Buenos_Aires",
        "Etc/GMT+3",
        "EST5EDT",
        "GB-Eire",
    ] {
        assert_eq!(shown(TimeZone::named(name)), name);
    }
    assert_eq!("UTC".parse::<TimeZone>().ok(), Some(TimeZone::UTC));
    for name in [
        "", "+02:00", "UTC+2", "GMT-3", "SYSTEM", "Europe/", "a b", "x'; --", "../etc", "<x>-3",
    ] {
        assert_eq!(
            shown(TimeZone::named(name)),
            format!("No time zone found with key {name}")
        );
    }
    assert_eq!(shown(TimeZone::fixed(-12_600)), "UTC-03:30");
    assert_eq!(shown(TimeZone::fixed(3_601)), "UTC+01:00:01");
    assert_eq!(TimeZone::fixed(0).ok(), Some(TimeZone::from(Utc)));
    assert!(TimeZone::fixed(86_400).is_err() && TimeZone::fixed(i32::MIN).is_err());
}
