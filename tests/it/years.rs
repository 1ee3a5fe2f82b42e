//! Lookups on years are ranges of the column, with the results of the years themselves.

use crate::sql::MARIADB;
use orm::Backend;
use orm::prelude::*;

#[derive(Model, Debug, Clone, PartialEq)]
#[model(app = "years", ordering = ["id"])]
struct Find {
    id: i64,
    day: Option<NaiveDate>,
    at: DateTime<Utc>,
}

#[derive(Model, Debug, Clone, PartialEq)]
#[model(app = "years", ordering = ["id"])]
struct Note {
    id: i64,
    find: ForeignKey<Find>,
    at: DateTime<Utc>,
}

/// The condition, for each dialect.
fn condition(rows: QuerySet<Find>) -> [String; 3] {
    [Backend::Sqlite, Backend::Postgres, MARIADB].map(|backend| {
        let sql = rows.clone().order_by(|_| ()).to_sql(backend).unwrap();
        sql.split_once(" WHERE ").unwrap().1.replace(['`', '"'], "")
    })
}

#[test]
fn ranges() {
    let all = || Find::objects();
    let each = |text: &str| [text; 3].map(str::to_owned);
    assert_eq!(
        condition(all().filter(q!(day__year = 2020))),
        each("years_find.day BETWEEN '2020-01-01' AND '2020-12-31'")
    );
    assert_eq!(
        condition(all().filter(q!(day__iso_year = 2020))),
        each("years_find.day BETWEEN '2019-12-30' AND '2021-01-03'")
    );
    assert_eq!(
        condition(all().filter(q!(at__year = 2020))),
        each("years_find.at BETWEEN '2020-01-01 00:00:00' AND '2020-12-31 23:59:59.999999'")
    );
    assert_eq!(
        condition(all().filter(q!(day__year__gt = 2020, day__year__gte = 2020))),
        each("years_find.day > '2020-12-31' AND years_find.day >= '2020-01-01'")
    );
    assert_eq!(
        condition(all().filter(q!(day__year__lt = 2020, day__iso_year__lte = 2020))),
        each("years_find.day < '2020-01-01' AND years_find.day <= '2021-01-03'")
    );
    // What is no single year, and years that are none, are asked of the year.
    for rows in [
        all().filter(q!(day__year__in = [2020, 2021])),
        all().filter(q!(day__year = 0)),
        all().filter(|f| f.day().year().eq(f.at().year())),
    ] {
        assert!(condition(rows)[1].contains("EXTRACT(YEAR FROM"));
    }
}

fn moment(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

#[orm::test(apps = ["years"])]
async fn results(db: Db) -> orm::Result<()> {
    for (day, at) in [
        (Some((2019, 12, 31)), "2019-12-31T23:59:59.999999Z"),
        (Some((2020, 1, 1)), "2020-01-01T00:00:00Z"),
        (Some((2020, 12, 31)), "2020-12-31T23:59:59.999999Z"),
        (Some((2021, 1, 1)), "2021-01-01T00:00:00Z"),
        (None, "2022-06-01T12:00:00Z"),
    ] {
        let day = day.and_then(|(y, m, d)| NaiveDate::from_ymd_opt(y, m, d));
        let find = Find::create().day(day).at(moment(at)).save(&db).await?;
        Note::create().find(&find).at(moment(at)).save(&db).await?;
    }
    let count = async |rows: QuerySet<Find>| rows.count(&db).await;
    // Of one shape each, so that the texts that are kept get other years, also those that are none.
    for (year, [exact, gt, gte, lt, lte, moments, iso, except]) in [
        (2020, [2, 1, 3, 1, 3, 2, 4, 3]),
        (2019, [1, 3, 4, 0, 1, 1, 0, 4]),
        (0, [0, 4, 4, 0, 0, 0, 0, 5]),
        (9999, [0, 0, 0, 4, 4, 0, 0, 5]),
        (100_000, [0, 0, 0, 4, 4, 0, 0, 5]),
        (-1, [0, 4, 4, 0, 0, 0, 0, 5]),
        (2021, [1, 0, 1, 3, 4, 1, 0, 4]),
    ] {
        assert_eq!(
            count(Find::objects().filter(q!(day__year = year))).await?,
            exact,
            "{year}"
        );
        assert_eq!(
            count(Find::objects().filter(q!(day__year__gt = year))).await?,
            gt,
            "{year}"
        );
        assert_eq!(
            count(Find::objects().filter(q!(day__year__gte = year))).await?,
            gte,
            "{year}"
        );
        assert_eq!(
            count(Find::objects().filter(q!(day__year__lt = year))).await?,
            lt,
            "{year}"
        );
        assert_eq!(
            count(Find::objects().filter(q!(day__year__lte = year))).await?,
            lte,
            "{year}"
        );
        assert_eq!(
            count(Find::objects().filter(q!(at__year = year))).await?,
            moments,
            "{year}"
        );
        assert_eq!(
            count(Find::objects().filter(q!(day__iso_year = year))).await?,
            iso,
            "{year}"
        );
        assert_eq!(
            count(Find::objects().exclude(q!(day__year = year))).await?,
            except,
            "{year}"
        );
        assert_eq!(
            count(Find::objects().exclude(q!(note__at__year = year))).await?,
            5 - moments,
            "{year}"
        );
    }
    Ok(())
}
