//! Functions of numbers, arithmetic, casts, aggregates.

use super::models::*;
use orm::functions::random;
use orm::prelude::*;

fn first() -> QuerySet<Sample> {
    Sample::objects().filter(q!(count = -7))
}

#[orm::test(apps = ["samples"])]
async fn functions(db: Db) -> orm::Result<()> {
    samples(&db).await?;
    let integers: Vec<(i32, i32, i32, i32, i32)> = first()
        .values(|s| {
            (
                s.count().abs(),
                s.count().sign(),
                s.count().ceil(),
                s.count().floor(),
                s.count().round(0),
            )
        })
        .all(&db)
        .await?;
    assert_eq!(integers, [(7, -1, -7, -7, -7)]);
    let floats: Vec<(f64, f64, f64, f64, f64)> = first()
        .values(|s| {
            (
                s.ratio().ceil(),
                s.ratio().floor(),
                s.ratio().round(1),
                s.ratio().sqrt(),
                s.ratio().power(2),
            )
        })
        .all(&db)
        .await?;
    let [(ceil, floor, round, sqrt, power)] = floats[..] else {
        panic!("one row")
    };
    assert_eq!((ceil, floor, sqrt, power), (3.0, 2.0, 1.5, 5.0625));
    assert!((2.2..=2.3).contains(&round));
    let decimals: Vec<(Decimal, Decimal, Decimal)> = first()
        .values(|s| (s.price().abs(), s.price().ceil(), s.price().round(1)))
        .all(&db)
        .await?;
    assert_eq!(
        decimals,
        [(Decimal::new(125, 1), Decimal::from(-12), Decimal::new(-125, 1))]
    );
    let rest: Vec<(f64, i32)> = first()
        .values(|s| (s.count().modulo(4), s.count() % 4))
        .all(&db)
        .await?;
    assert_eq!(rest, [(-3.0, -3)]);
    let of_integers: Vec<(f64, f64, Option<f64>)> = first()
        .values(|s| (s.count().power(2), s.count().abs().power(0), s.bonus().sqrt()))
        .all(&db)
        .await?;
    assert_eq!(of_integers, [(49.0, 1.0, Some(3f64.sqrt()))]);
    Ok(())
}

#[orm::test(apps = ["samples"])]
async fn bits_and_characters(db: Db) -> orm::Result<()> {
    samples(&db).await?;
    let bits: Vec<(Option<i32>, Option<i32>, Option<i32>, Option<i32>, Option<i32>)> = first()
        .values(|s| {
            (
                s.bonus().bitand(6),
                s.bonus().bitor(4),
                s.bonus().bitxor(6),
                s.bonus().bitleftshift(2),
                s.bonus().bitrightshift(1),
            )
        })
        .all(&db)
        .await?;
    assert_eq!(bits, [(Some(2), Some(7), Some(5), Some(12), Some(1))]);
    let characters: Vec<String> = first().values(|s| (s.count() + 72).chr()).all(&db).await?;
    assert_eq!(characters, ["A"]);
    Ok(())
}

/// The sum with a NULL is NULL, on either side.
#[orm::test(apps = ["samples"])]
async fn arithmetic(db: Db) -> orm::Result<()> {
    samples(&db).await?;
    let sums: Vec<(Option<i32>, Option<i32>, i32)> = Sample::objects()
        .values(|s| (s.count() + s.bonus(), s.bonus() * 2 - s.count(), -s.count()))
        .all(&db)
        .await?;
    assert_eq!(sums, [(Some(-4), Some(13), 7), (None, None, -4)]);
    let negative: Vec<(f64, Decimal)> = first().values(|s| (-s.ratio(), -(s.price() * 2))).all(&db).await?;
    assert_eq!(negative, [(-2.25, Decimal::from(25))]);
    assert_eq!(Sample::objects().filter(|s| (-s.count()).gt(5)).count(&db).await?, 1);
    Ok(())
}

#[orm::test(apps = ["samples"])]
async fn casts(db: Db) -> orm::Result<()> {
    samples(&db).await?;
    let rows: Vec<(String, f64, Option<String>, Decimal)> = first()
        .values(|s| {
            (
                s.count().cast::<String>(),
                s.count().cast::<f64>(),
                s.bonus().cast::<String>(),
                s.ratio().cast::<Decimal>(),
            )
        })
        .all(&db)
        .await?;
    assert_eq!(
        rows,
        [("-7".to_owned(), -7.0, Some("3".to_owned()), Decimal::new(225, 2))]
    );
    let days: Vec<Option<NaiveDate>> = first().values(|s| s.begin().cast::<NaiveDate>()).all(&db).await?;
    assert_eq!(days, [Some(day(2019, 12, 31))]);
    Ok(())
}

#[orm::test(apps = ["samples"])]
async fn aggregates_of_some_rows_and_of_none(db: Db) -> orm::Result<()> {
    samples(&db).await?;
    let sums: (Option<i64>, i64, i64) = Sample::objects()
        .aggregate(&db, |s| {
            (
                s.count().sum().filter(|s| s.count().gt(100)),
                s.count().sum().filter(|s| s.count().gt(100)).default(0),
                s.count().sum().default(0),
            )
        })
        .await?;
    assert_eq!(sums, (None, 0, -3));
    let nothing: (i64, i64, Option<f64>, f64) = Sample::objects()
        .none()
        .aggregate(&db, |s| {
            (
                s.id().count(),
                s.count().sum().default(7),
                s.ratio().avg(),
                s.ratio().max().default(0.5),
            )
        })
        .await?;
    assert_eq!(nothing, (0, 7, None, 0.5));
    let distinct: (i64, i64) = Sample::objects()
        .aggregate(&db, |s| (s.name().length().abs().count().distinct(), s.nick().count()))
        .await?;
    assert_eq!(distinct, (2, 1));
    let computed: (Option<i64>, Option<f64>) = Sample::objects()
        .aggregate(&db, |s| ((s.count() * 2).max().cast::<i64>(), s.count().abs().avg()))
        .await?;
    assert_eq!(computed, (Some(8), Some(5.5)));
    Ok(())
}

/// SQLite keeps whole decimals as integers, whose quotient it cuts off.
#[orm::test(apps = ["samples"])]
async fn quotients_of_decimals(db: Db) -> orm::Result<()> {
    for cents in [300, 1300] {
        Sample::create()
            .price(Decimal::new(cents, 2))
            .count(2)
            .save(&db)
            .await?;
    }
    let quotients: Vec<(Decimal, Decimal, Decimal)> = Sample::objects()
        .values(|s| {
            (
                s.price() / Decimal::from(2),
                s.price() / s.price() / Decimal::from(4),
                s.price() / Decimal::new(8, 1),
            )
        })
        .all(&db)
        .await?;
    let expected = [[150, 25, 375], [650, 25, 1625]].map(|[a, b, c]| {
        let decimal = |hundredths| Decimal::new(hundredths, 2);
        (decimal(a), decimal(b), decimal(c))
    });
    assert_eq!(quotients, expected);
    let unchanged = Sample::objects().filter(|s| s.price().eq(s.price() / Decimal::from(2) * Decimal::from(2)));
    assert_eq!(unchanged.count(&db).await?, 2);
    Ok(())
}

/// MySQL gives averages of integers four decimal places.
#[orm::test(apps = ["samples"])]
async fn averages_of_integers(db: Db) -> orm::Result<()> {
    for count in [1, 2, 4] {
        Sample::create().count(count).save(&db).await?;
    }
    let (average, filtered, spread): (Option<f64>, Option<f64>, Option<f64>) = Sample::objects()
        .aggregate(&db, |s| {
            (
                s.count().avg(),
                s.count().avg().filter(q!(count__gt = 0)),
                s.count().stddev(),
            )
        })
        .await?;
    for (found, expected) in [
        (average, 7.0 / 3.0),
        (filtered, 7.0 / 3.0),
        (spread, (14.0_f64 / 9.0).sqrt()),
    ] {
        assert!(found.is_some_and(|found| (found - expected).abs() < 1e-12), "{found:?}");
    }
    Ok(())
}

#[orm::test(apps = ["samples"])]
async fn random_numbers(db: Db) -> orm::Result<()> {
    for _ in 0..50 {
        Sample::create().save(&db).await?;
    }
    let numbers: Vec<f64> = Sample::objects().values(|_| random()).all(&db).await?;
    assert!(numbers.iter().all(|number| (0.0..1.0).contains(number)), "{numbers:?}");
    let mut different = numbers.clone();
    different.sort_by(f64::total_cmp);
    different.dedup();
    assert!(different.len() > 40, "{numbers:?}");
    let ordered = Sample::objects()
        .values(|s| s.id())
        .order_by(|s| s.id())
        .all(&db)
        .await?;
    let shuffled = Sample::objects()
        .values(|s| s.id())
        .order_by(|_| random())
        .all(&db)
        .await?;
    assert_ne!(ordered, shuffled);
    Ok(())
}
