//! Values on their way into SQLite and back.

use super::{database, statement};
use crate::error::{Error, Result};
use crate::exec::{Db, Executor, Work};
use crate::meta::ColumnType;
use crate::queryset::ValuesReader;
use crate::value::{Kind, Value};
use chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta};
use rust_decimal::Decimal;
use uuid::Uuid;

async fn select(db: &Db, sql: &str, args: Vec<Value>, column: ColumnType) -> Result<Value> {
    let rows = db
        .handle()
        .fetch(&statement(sql, args, vec![column]), ValuesReader(vec![column.kind()]))
        .await?;
    rows.into_iter()
        .flatten()
        .next()
        .ok_or_else(|| Error::decode("column 0", "there is no row"))
}

#[tokio::test]
async fn every_kind_comes_back() -> Result<()> {
    let db = Db::connect("sqlite::memory:").await?;
    let values = [
        Value::Bool(true),
        Value::Int(i64::MIN),
        Value::Float(0.1),
        Value::Text("é ß".to_owned()),
        Value::Text(String::new()),
        Value::Bytes(vec![0, 255]),
        Value::Bytes(Vec::new()),
        Value::Decimal(Decimal::new(-123, 2)),
        Value::Date(NaiveDate::MIN.with_ymd(2024, 2, 29)),
        Value::Time(NaiveTime::MIN + TimeDelta::microseconds(1)),
        Value::DateTime(DateTime::UNIX_EPOCH + TimeDelta::microseconds(-1)),
        Value::Duration(TimeDelta::microseconds(-5)),
        Value::Uuid(Uuid::from_u128(7)),
        Value::Json(serde_json::json!({"a": [1, null]})),
        Value::Null(Kind::Date),
    ];
    for value in values {
        let column = ColumnType::of_kind(value.kind());
        assert_eq!(select(&db, "SELECT ?", vec![value.clone()], column).await?, value);
    }
    Ok(())
}

trait WithYmd {
    fn with_ymd(self, year: i32, month: u32, day: u32) -> NaiveDate;
}

impl WithYmd for NaiveDate {
    fn with_ymd(self, year: i32, month: u32, day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(year, month, day).unwrap_or(self)
    }
}

#[tokio::test]
async fn they_are_stored_as_django_stores_them() -> Result<()> {
    let db = Db::connect("sqlite::memory:").await?;
    let stored = [
        (Value::Uuid(Uuid::from_u128(7)), "00000000000000000000000000000007"),
        (Value::DateTime(DateTime::UNIX_EPOCH), "1970-01-01 00:00:00"),
        (
            Value::DateTime(DateTime::UNIX_EPOCH + TimeDelta::microseconds(5)),
            "1970-01-01 00:00:00.000005",
        ),
        (Value::Time(NaiveTime::MIN), "00:00:00"),
        (Value::Decimal(Decimal::new(100, 2)), "1.00"),
    ];
    for (value, text) in stored {
        assert_eq!(
            select(&db, "SELECT ?", vec![value], ColumnType::Text).await?,
            Value::Text(text.to_owned())
        );
    }
    Ok(())
}

#[tokio::test]
async fn computed_columns_are_read_leniently() -> Result<()> {
    let db = Db::connect("sqlite::memory:").await?;
    let money = ColumnType::Decimal {
        max_digits: 6,
        decimal_places: 2,
    };
    let cases = [
        ("SELECT 1.1 + 2.2", money, Value::Decimal(Decimal::new(330, 2))),
        (
            "SELECT 0.1 + 0.2",
            ColumnType::DECIMAL,
            Value::Decimal(Decimal::new(3, 1)),
        ),
        ("SELECT 7", money, Value::Decimal(Decimal::new(700, 2))),
        ("SELECT 7", ColumnType::Float, Value::Float(7.0)),
        ("SELECT 7.0", ColumnType::Integer, Value::Int(7)),
        ("SELECT 2 > 1", ColumnType::Boolean, Value::Bool(true)),
        (
            "SELECT '2024-01-02T03:04:05Z'",
            ColumnType::Date,
            Value::Date(NaiveDate::MIN.with_ymd(2024, 1, 2)),
        ),
    ];
    for (sql, column, value) in cases {
        assert_eq!(select(&db, sql, Vec::new(), column).await?, value, "{sql}");
    }
    Ok(())
}

#[tokio::test]
async fn what_does_not_fit_is_an_error() -> Result<()> {
    let db = Db::connect("sqlite::memory:").await?;
    let error = db
        .handle()
        .fetch_int(&statement("SELECT NULL", Vec::new(), vec![ColumnType::Integer]))
        .await;
    assert_eq!(
        error.map_err(|e| e.to_string()),
        Err("cannot read column 0 from the database: expected an integer, found NULL".to_owned())
    );
    let error = select(&db, "SELECT 'x'", Vec::new(), ColumnType::Date).await;
    assert!(matches!(error, Err(Error::Decode { message, .. }) if message == "expected a date, found \"x\""));
    let year = NaiveDate::MIN.with_ymd(12024, 1, 1);
    assert!(matches!(
        select(&db, "SELECT ?", vec![Value::Date(year)], ColumnType::Date).await,
        Err(Error::Query(_))
    ));
    let list = Value::List(Kind::Int, vec![Value::Int(1)]);
    assert!(matches!(
        select(&db, "SELECT ?", vec![list], ColumnType::Date).await,
        Err(Error::NotSupported { .. })
    ));
    Ok(())
}

#[tokio::test]
async fn all_letters_have_an_upper_case() -> Result<()> {
    let db = database().await?;
    let sql = "SELECT orm_upper('straße éé') || orm_lower('ÀÉ İ') || orm_upper(12) || coalesce(orm_upper(NULL), '-')";
    let text = select(&db, sql, Vec::new(), ColumnType::Text).await?;
    assert_eq!(text, Value::Text("STRAßE ÉÉàé i12-".to_owned()));
    Ok(())
}

#[tokio::test]
async fn portions_do_not_keep_the_only_connection() -> Result<()> {
    let db = Db::connect("sqlite::memory:").await?;
    let sql = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100) SELECT i FROM n";
    let rows = super::Statement {
        work: Work::Read,
        ..statement(sql, Vec::new(), vec![ColumnType::Integer])
    };
    let (to, mut from) = tokio::sync::mpsc::channel(1);
    let owned = db.handle().to_owned();
    let reading = tokio::spawn(async move {
        owned
            .handle()
            .fetch_portions(&rows, ValuesReader(vec![Kind::Int]), 10, to)
            .await
    });
    let mut read = 0;
    while let Some(portion) = from.recv().await {
        read += portion.len();
        select(&db, "SELECT 1", Vec::new(), ColumnType::Integer).await?;
    }
    assert_eq!(read, 100);
    assert!(matches!(reading.await, Ok(Ok(()))));
    Ok(())
}
