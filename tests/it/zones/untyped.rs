//! Time zones by name at run time.

use super::*;
use orm::Value;
use orm::dynamic::{DynExpr, DynQ, DynQuerySet};

fn part(name: &str, field: &str) -> orm::Result<DynExpr> {
    DynExpr::function(name, [DynExpr::f(field)])
}

#[orm::test(apps = ["zones"])]
async fn expressions(db: Db) -> orm::Result<()> {
    trips(&db).await?;
    let zone = east(2);
    let rows = DynQuerySet::of("zones.Trip")?.annotate([
        ("day_of".to_owned(), part("trunc_day", "start")?.in_zone(&zone)?),
        ("hour_of".to_owned(), part("ExtractHour", "start")?.in_zone(&zone)?),
    ])?;
    let late = rows.filter(DynQ::leaf("hour_of__lt", Value::Int(1)))?;
    let found = late.fetch(&db).await?;
    assert_eq!(found.len(), 1);
    let found = format!("{found:?}");
    assert!(found.contains("2020-07-01T22:00:00Z"), "{found}");
    Ok(())
}

#[orm::test(apps = ["zones"])]
async fn refused(db: Db) -> orm::Result<()> {
    let zone = east(2);
    let refused = |error: Option<orm::Error>| error.map(|error| error.to_string()).unwrap_or_default();
    assert_eq!(refused(DynExpr::f("start").in_zone(&zone).err()), "F has no time zone.");
    assert_eq!(
        refused(part("lower", "name")?.in_zone(&zone).err()),
        "Lower has no time zone."
    );
    let of_date = DynQuerySet::of("zones.Trip")?.annotate([("x".to_owned(), part("year", "day")?.in_zone(&zone)?)]);
    assert_eq!(refused(of_date.err()), "tzinfo can only be used with DateTimeField.");
    let days = DynQuerySet::of("zones.Trip")?.datetimes_in("start", "day", true, &zone)?;
    assert_eq!(days.fetch(&db).await?.len(), 0);
    Ok(())
}
