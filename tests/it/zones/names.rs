//! Time zones by their names.

use super::*;
use orm::Error;
use orm::dynamic::{DynExpr, DynQuerySet};
use orm::testing::{DatabaseKind, TestDatabase};

/// Whether the database knows zones by their names; a server of MySQL must be told them. For SQLite
/// they are those of this system.
pub(super) async fn knows_names(db: &Db) -> bool {
    match db.backend() {
        Backend::MySql { .. } => {
            let known = "SELECT COUNT(*) FROM mysql.time_zone_name WHERE Name = 'Europe/Berlin'";
            orm::raw::<i64>(known, ()).all(db).await.is_ok_and(|rows| rows == [1])
        }
        _ => true,
    }
}

fn berlin() -> TimeZone {
    TimeZone::named("Europe/Berlin").unwrap()
}

#[orm::test(apps = ["zones"])]
async fn winter_and_summer(db: Db) -> orm::Result<()> {
    trips(&db).await?;
    let rows = Trip::objects().values(|t| {
        let at = t.start().in_zone(berlin());
        (at.clone().hour(), at.clone().date(), at.trunc_day())
    });
    let read = rows.all(&db).await;
    let midnight = Trip::objects().filter(|t| t.start().in_zone(berlin()).hour().eq(0));
    if !knows_names(&db).await {
        for error in [read.err(), midnight.count(&db).await.err()] {
            let error = error.map(|error| error.to_string()).unwrap_or_default();
            assert!(
                error.starts_with("The server knows no time zone of that name."),
                "{error}"
            );
        }
        return Ok(());
    }
    let expected = [
        (0, date(2020, 1, 1), moment("2019-12-31T23:00:00Z")),
        (23, date(2020, 7, 1), moment("2020-06-30T22:00:00Z")),
        (0, date(2020, 7, 2), moment("2020-07-01T22:00:00Z")),
    ];
    assert_eq!((read?, midnight.count(&db).await?), (expected.to_vec(), 2));
    // What is NULL stays so.
    let ends: Vec<Option<i32>> = Trip::objects()
        .values(|t| t.end().in_zone(berlin()).hour())
        .all(&db)
        .await?;
    assert_eq!(ends, [Some(2), Some(0), None]);
    let later = Trip::objects().exclude(|t| t.stop().at().in_zone(berlin()).date().lt(date(2020, 7, 1)));
    assert_eq!(later.count(&db).await?, 2);
    let months = Trip::objects().datetimes_in(|t| t.start(), DateTimeKind::Month, berlin());
    let expected = ["2019-12-31T23:00:00Z", "2020-06-30T22:00:00Z"].map(moment);
    assert_eq!(months.all(&db).await?, expected);
    let day = DynExpr::function("trunc_day", [DynExpr::f("start")])?.in_zone(&berlin())?;
    let rows = DynQuerySet::of("zones.Trip")?.annotate([("day_of".to_owned(), day)])?;
    let rows = format!("{:?}", rows.fetch(&db).await?);
    assert!(rows.contains("2020-07-01T22:00:00Z"), "{rows}");
    Ok(())
}

/// What the clocks leave out, and what they show twice.
#[orm::test(apps = ["zones"])]
async fn changes_of_clocks(db: Db) -> orm::Result<()> {
    if !knows_names(&db).await {
        return Ok(());
    }
    let of = async |start: &str| {
        let trip = Trip::create()
            .name("d")
            .start(moment(start))
            .day(date(2020, 1, 1))
            .save(&db)
            .await?;
        Ok::<_, Error>(Trip::objects().filter(q!(id = trip.id)))
    };
    let sao_paulo = TimeZone::named("America/Sao_Paulo")?;
    let days = of("2018-11-04T12:00:00Z")
        .await?
        .values(|t| t.start().in_zone(&sao_paulo).trunc_day());
    assert_eq!(days.all(&db).await?, [moment("2018-11-04T03:00:00Z")]);
    // Two o'clock came twice, and is one hour: the later one, but on MariaDB.
    let hour = match db.backend() {
        Backend::MySql { .. } => "2018-10-28T00:00:00Z",
        _ => "2018-10-28T01:00:00Z",
    };
    for start in ["2018-10-28T00:30:00Z", "2018-10-28T01:30:00Z"] {
        let rows = of(start).await?.values(|t| {
            let at = t.start().in_zone(berlin());
            (at.clone().hour(), at.trunc_hour())
        });
        assert_eq!(rows.all(&db).await?, [(2, moment(hour))], "{start}");
    }
    Ok(())
}

#[orm::test(apps = ["zones"])]
async fn a_name_that_nobody_knows(db: Db) -> orm::Result<()> {
    trips(&db).await?;
    for name in ["Mars/Olympus", "Europe", "zone1970"] {
        let zone = TimeZone::named(name)?;
        // It never gives NULL, and going back fails as going there.
        let hours = Trip::objects().values(|t| t.end().in_zone(&zone).hour()).all(&db).await;
        let days = Trip::objects()
            .datetimes_in(|t| t.start(), DateTimeKind::Day, &zone)
            .all(&db)
            .await;
        let ends = Trip::objects().values(|t| t.end().in_zone(&zone).trunc_day());
        for error in [hours.err(), days.err(), ends.all(&db).await.err()] {
            let Some(Error::Query(message)) = error else {
                panic!("{name}: {error:?}");
            };
            match db.backend() {
                Backend::MySql { .. } => assert!(message.starts_with("The server knows no time zone"), "{message}"),
                _ => assert_eq!(message, format!("time zone \"{name}\" not recognized")),
            }
        }
    }
    // The next query is fine.
    assert_eq!(Trip::objects().count(&db).await?, 3);
    Ok(())
}

/// The moments when the clocks of a zone change, and others, from 1850 to 2100 and far away.
async fn instants(postgres: &Db, zone: &str) -> orm::Result<Vec<DateTime<Utc>>> {
    let sql = "WITH RECURSIVE week AS (
            SELECT n AS low, n + 604800 AS high
            FROM generate_series(-3786825600, 4102444800 - 604800, 604800) AS n
        ), change AS (
            SELECT low, high FROM week
            UNION ALL
            SELECT * FROM (
                SELECT UNNEST(ARRAY[low, (low + high) / 2]), UNNEST(ARRAY[(low + high) / 2, high])
                FROM change WHERE high - low > 1
            ) AS half (low, high)
            WHERE EXTRACT(EPOCH FROM to_timestamp(high) AT TIME ZONE {} - to_timestamp(low) AT TIME ZONE {})
                <> high - low
        )
        SELECT high FROM change WHERE high - low = 1 ORDER BY high";
    let changes: Vec<i64> = orm::raw(sql, (zone, zone)).all(postgres).await?;
    assert!(changes.len() > 1, "{zone}");
    let around = changes
        .into_iter()
        .flat_map(|at| [-86_400, -3600, -1, 0, 3600, 86_400].map(|apart| at + apart));
    let others = (0..900).map(|n| -3_786_825_600 + n * 8_765_432);
    let instants = around
        .chain(others)
        .map(|second| DateTime::from_timestamp(second, 0).unwrap());
    let far = [
        "0001-03-02T03:04:05.678Z",
        "1500-07-01T00:00:00Z",
        "3000-07-01T00:00:00Z",
        "9999-12-30T23:59:59.999999Z",
    ];
    Ok(instants.chain(far.map(moment)).collect())
}

/// What a zone makes of the instants that are there.
async fn read(db: &Db, zone: &TimeZone) -> orm::Result<Vec<(DateTime<Utc>, NaiveDate, NaiveTime, [DateTime<Utc>; 3])>> {
    let trips = Trip::objects().order_by(|t| t.start());
    let rows = trips.values(|t| {
        let at = t.start().in_zone(zone);
        let cut = (
            at.clone().trunc_month(),
            at.clone().trunc_day(),
            at.clone().trunc_hour(),
        );
        (t.start(), at.clone().date(), at.time(), cut.0, cut.1, cut.2)
    });
    let rows = rows.all(db).await?.into_iter();
    Ok(rows
        .map(|(start, date, time, a, b, c)| (start, date, time, [a, b, c]))
        .collect())
}

/// SQLite's functions are ours: they agree with PostgreSQL's, where both have the same tzdata.
#[orm::test(apps = ["zones"])]
async fn as_on_postgresql(db: Db) -> orm::Result<()> {
    if db.backend() != Backend::Postgres {
        return Ok(());
    }
    let place = TestDatabase::create(DatabaseKind::Sqlite, &["zones"]).await?;
    let sqlite = place.db();
    for name in [
        "Europe/Berlin",
        "America/New_York",
        "Asia/Kolkata",
        "Australia/Lord_Howe",
        "Africa/Casablanca",
        "America/Sao_Paulo",
        // Summer time is the standard there,
        "Europe/Dublin",
        // a day was left out there,
        "Pacific/Apia",
        // changes are days after what they are counted from there,
        "Asia/Gaza",
        // and clocks change by two hours there.
        "Antarctica/Troll",
    ] {
        let instants = instants(&db, name).await?;
        for place in [&db, sqlite] {
            Trip::objects().delete(place).await?;
            let rows = instants
                .iter()
                .map(|at| Trip::create().name("x").start(*at).day(date(2020, 1, 1)));
            Trip::objects().bulk_create(place, rows).await?;
        }
        let zone = TimeZone::named(name)?;
        let (expected, found) = (read(&db, &zone).await?, read(sqlite, &zone).await?);
        assert_eq!(expected.len(), instants.len());
        // Twice Gaza's clocks went from 00:01 to 01:01, and the hour of which the beginning was skipped
        // begins with that. To PostgreSQL it begins at 02:00.
        let skips = ["2010-03-26T22:01:00Z", "2011-03-31T22:01:00Z"].map(moment);
        for (expected, found) in expected.into_iter().zip(found) {
            let mut expected = expected;
            if name == "Asia/Gaza" && skips.contains(&found.3[2]) {
                assert_eq!(expected.3[2], found.3[2] + TimeDelta::minutes(59));
                expected.3[2] = found.3[2];
            }
            assert_eq!(expected, found, "{name}: PostgreSQL and SQLite");
        }
    }
    place.remove().await?;
    Ok(())
}
