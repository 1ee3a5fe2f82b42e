//! A model with a column of each type, and rows of it.

use orm::prelude::*;
use orm::serde_json::json;

#[derive(Model, Debug, Clone, PartialEq)]
#[model(app = "samples", ordering = ["id"])]
pub struct Sample {
    pub id: i64,
    #[field(max_length = 50, default = "")]
    pub name: String,
    pub nick: Option<String>,
    #[field(default = 0)]
    pub count: i32,
    #[field(default = 0.0)]
    pub ratio: f64,
    #[field(max_digits = 8, decimal_places = 2, default = "0.00")]
    pub price: Decimal,
    pub bonus: Option<i32>,
    pub day: Option<NaiveDate>,
    pub clock: Option<NaiveTime>,
    pub begin: Option<DateTime<Utc>>,
    pub end: Option<DateTime<Utc>>,
    pub length: Option<TimeDelta>,
    pub data: Option<Json>,
}

pub fn day(y: i32, m: u32, d: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(y, m, d).unwrap()
}

pub fn at(y: i32, month: u32, d: u32, h: u32, minute: u32, s: u32, micro: u32) -> DateTime<Utc> {
    day(y, month, d)
        .and_hms_micro_opt(h, minute, s, micro)
        .unwrap()
        .and_utc()
}

/// Two rows: one with all values, one with NULLs.
pub async fn samples(db: &Db) -> orm::Result<()> {
    Sample::create()
        .name(" Ab Cd ")
        .nick("ab")
        .count(-7)
        .ratio(2.25)
        .price(Decimal::new(-1250, 2))
        .bonus(3)
        .day(day(2020, 12, 31))
        .clock(NaiveTime::from_hms_micro_opt(13, 45, 59, 750_000))
        .begin(at(2019, 12, 31, 23, 59, 59, 999_999))
        .end(at(2020, 1, 2, 0, 0, 0, 0))
        .length(TimeDelta::minutes(90))
        .data(Json(json!({
            "a": {"b": 1, "s": "Text"},
            "list": [10, {"x": null}],
            "yes": true,
            "none": null,
        })))
        .save(db)
        .await?;
    Sample::create()
        .name("x")
        .count(4)
        .data(Json(json!([1, 2])))
        .save(db)
        .await?;
    Ok(())
}
