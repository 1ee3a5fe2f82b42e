//! Every type of column: written, read back, and stored as Django stores it.

use orm::prelude::*;
use orm::serde_json::{Value as Document, json};
use orm::{Backend, Kind, Value};

#[derive(FieldType, Debug, Clone, PartialEq, Eq, Hash)]
#[field(max_length = 20)]
pub struct Slug(String);

#[derive(Choices, Debug, Clone, Copy, PartialEq, Eq)]
pub enum Level {
    #[choice(1, label = "Low")]
    Low,
    #[choice(2, label = "High")]
    High,
}

#[derive(Model, Debug, Clone, PartialEq)]
#[model(app = "storage")]
pub struct AllTypes {
    pub id: i64,
    #[field(max_length = 60, default = "")]
    pub f_char: String,
    pub f_text: Option<String>,
    pub f_small: Option<i16>,
    pub f_int: Option<i32>,
    pub f_big: Option<i64>,
    #[field(default = false)]
    pub f_bool: bool,
    pub f_nbool: Option<bool>,
    pub f_float: Option<f64>,
    #[field(max_digits = 10, decimal_places = 2)]
    pub f_dec: Option<Decimal>,
    pub f_date: Option<NaiveDate>,
    pub f_dt: Option<DateTime<Utc>>,
    pub f_time: Option<NaiveTime>,
    pub f_dur: Option<TimeDelta>,
    pub f_uuid: Option<Uuid>,
    pub f_json: Option<Json>,
    pub f_bin: Option<Vec<u8>>,
    pub f_slug: Option<Slug>,
    pub f_level: Option<Level>,
    pub f_state: Option<us::State>,
}

fn moment() -> DateTime<Utc> {
    "2024-05-17T12:34:56.789012Z".parse().expect("a moment")
}

fn full() -> AllTypes {
    AllTypes {
        id: 0,
        f_char: "a 'quoted' \"text\" \\ ünï €😀".into(),
        f_text: Some("line\nline".into()),
        f_small: Some(i16::MIN),
        f_int: Some(i32::MAX),
        f_big: Some(i64::MIN),
        f_bool: true,
        f_nbool: Some(false),
        f_float: Some(-0.1),
        f_dec: Some(Decimal::new(-1_234_567_850, 2)),
        f_date: NaiveDate::from_ymd_opt(1900, 2, 28),
        f_dt: Some(moment()),
        f_time: NaiveTime::from_hms_micro_opt(23, 59, 59, 5),
        f_dur: Some(TimeDelta::days(3) + TimeDelta::microseconds(-7)),
        f_uuid: Uuid::parse_str("00112233-4455-6677-8899-aabbccddeeff").ok(),
        f_json: Some(Json(json!({"b": [1, 2.5, null], "a": "ü"}))),
        f_bin: Some(vec![0, 255, 39, 92]),
        f_slug: Some("x-1".to_owned().into()),
        f_level: Some(Level::High),
        f_state: "NY".parse().ok(),
    }
}

#[orm::test(apps = ["storage"])]
async fn every_type_there_and_back(db: Db) -> orm::Result<()> {
    let mut row = full();
    row.save(&db).await?;
    let read = AllTypes::objects().get(&db, q!(pk = row.id)).await?;
    assert_eq!(read, row);
    assert_eq!(read.f_dec.map(|d| d.to_string()), Some("-12345678.50".to_owned()));
    let empty = AllTypes::create().save(&db).await?;
    let read = AllTypes::objects().get(&db, q!(pk = empty.id)).await?;
    assert_eq!(read, empty);
    assert_eq!((read.f_text, read.f_json, read.f_level), (None, None, None));
    // Everything can be looked for by what it is.
    let same = AllTypes::objects().filter(|a| {
        let given = full();
        (
            a.f_text().eq(given.f_text),
            a.f_small().eq(given.f_small),
            a.f_big().eq(given.f_big),
            a.f_nbool().eq(given.f_nbool),
            a.f_dec().eq(given.f_dec),
            a.f_date().eq(given.f_date),
            a.f_dt().eq(given.f_dt),
            a.f_time().eq(given.f_time),
            a.f_dur().eq(given.f_dur),
            a.f_uuid().eq(given.f_uuid),
            a.f_slug().startswith("x"),
            a.f_level().eq(Level::High),
        )
    });
    assert_eq!(same.count(&db).await?, 1);
    assert_eq!(
        AllTypes::objects()
            .filter(q!(f_json = Json(json!({"a": "ü", "b": [1, 2.5, null]}))))
            .count(&db)
            .await?,
        1
    );
    assert_eq!(
        AllTypes::objects()
            .filter(q!(f_uuid__in = [full().f_uuid.unwrap_or_default()]))
            .count(&db)
            .await?,
        1
    );
    assert_eq!(
        AllTypes::objects()
            .filter(q!(f_dt__gt = moment() - TimeDelta::seconds(1)))
            .count(&db)
            .await?,
        1
    );
    assert_eq!(AllTypes::objects().filter(q!(f_state = "NY")).count(&db).await?, 1);
    AllTypes::objects()
        .filter(q!(pk = empty.id))
        .update(&db, |a| a.f_dur().set(TimeDelta::seconds(5)))
        .await?;
    let sum: Option<TimeDelta> = AllTypes::objects().aggregate(&db, |a| a.f_dur().sum()).await?;
    assert_eq!(sum, Some(TimeDelta::days(3) + TimeDelta::microseconds(4_999_993)));
    Ok(())
}

#[orm::test(apps = ["storage"])]
async fn every_type_in_bulk(db: Db) -> orm::Result<()> {
    let empty = AllTypes {
        f_char: String::new(),
        f_text: None,
        f_small: None,
        f_int: None,
        f_big: None,
        f_nbool: None,
        f_float: None,
        f_dec: None,
        f_date: None,
        f_dt: None,
        f_time: None,
        f_dur: None,
        f_uuid: None,
        f_json: None,
        f_bin: None,
        f_slug: None,
        f_level: None,
        f_state: None,
        ..full()
    };
    let null = AllTypes {
        f_json: Some(Json(Document::Null)),
        ..full()
    };
    let rows = AllTypes::objects()
        .bulk_create(&db, vec![full(), empty.clone(), null.clone(), empty, full()])
        .await?;
    assert_eq!(rows.len(), 5);
    assert_eq!(
        rows[4],
        AllTypes {
            id: rows[4].id,
            ..full()
        }
    );
    assert_eq!(rows[2], AllTypes { id: rows[2].id, ..null });
    assert_eq!(AllTypes::objects().order_by(|a| a.id()).all(&db).await?, rows);
    // With keys of one's own the database fills in nothing.
    AllTypes::objects().delete(&db).await?;
    assert_eq!(AllTypes::objects().bulk_create(&db, rows.clone()).await?, rows);
    assert_eq!(AllTypes::objects().order_by(|a| a.id()).all(&db).await?, rows);
    AllTypes::objects().delete(&db).await?;
    assert_eq!(AllTypes::objects().bulk_insert(&db, rows.clone()).await?, 5);
    assert_eq!(AllTypes::objects().order_by(|a| a.id()).all(&db).await?, rows);
    // So many that PostgreSQL takes them in another way, and texts that could mean something there.
    let texts = ["\\N", "\\.", "a\tb\nc\rd\\e", "", "ü'\"$1"];
    let number = |id: i64| usize::try_from(id).unwrap_or_default();
    let many = (1..=3000).map(|id| AllTypes {
        id,
        f_text: Some(texts[number(id) % 5].to_owned()),
        ..rows[number(id) % 5].clone()
    });
    let many: Vec<AllTypes> = many.collect();
    AllTypes::objects().delete(&db).await?;
    assert_eq!(AllTypes::objects().bulk_insert(&db, many.clone()).await?, 3000);
    assert_eq!(AllTypes::objects().order_by(|a| a.id()).all(&db).await?, many);
    Ok(())
}

#[orm::test(apps = ["storage"])]
async fn results_of_a_procedure_have_types_of_their_own(db: Db) -> orm::Result<()> {
    if !matches!(db.backend(), Backend::MySql { .. }) {
        return Ok(());
    }
    let mut session = db.session().await?;
    session
        .execute_script("CREATE PROCEDURE two() BEGIN SELECT 1; SELECT '2'; SELECT 3.0; END")
        .await?;
    let rows = session.fetch("CALL two()", &[], &[Kind::Int]).await?;
    assert_eq!(rows, [1, 2, 3].map(|n| vec![Value::Int(n)]));
    session.release().await;
    Ok(())
}

#[orm::test(apps = ["storage"])]
async fn stored_as_django_does(db: Db) -> orm::Result<()> {
    let mut row = full();
    row.save(&db).await?;
    let mut session = db.session().await?;
    let text = |column: &str| match db.backend() {
        Backend::Postgres => format!("SELECT {column}::text FROM storage_alltypes"),
        _ => format!("SELECT CAST({column} AS CHAR) FROM storage_alltypes"),
    };
    let mut stored = Vec::new();
    for column in ["f_bool", "f_date", "f_dt", "f_time", "f_dur", "f_uuid", "f_level"] {
        let rows = session.fetch(&text(column), &[], &[Kind::Text]).await?;
        stored.push(match rows.into_iter().next().and_then(|mut row| row.pop()) {
            Some(Value::Text(text)) => text,
            other => format!("{other:?}"),
        });
    }
    session.release().await;
    let expected = match db.backend() {
        Backend::Sqlite => [
            "1",
            "1900-02-28",
            "2024-05-17 12:34:56.789012",
            "23:59:59.000005",
            "259199999993",
            "00112233445566778899aabbccddeeff",
            "2",
        ],
        Backend::Postgres => [
            "true",
            "1900-02-28",
            "2024-05-17 12:34:56.789012+00",
            "23:59:59.000005",
            "71:59:59.999993",
            "00112233-4455-6677-8899-aabbccddeeff",
            "2",
        ],
        _ => [
            "1",
            "1900-02-28",
            "2024-05-17 12:34:56.789012",
            "23:59:59.000005",
            "259199999993",
            "00112233-4455-6677-8899-aabbccddeeff",
            "2",
        ],
    };
    assert_eq!(stored, expected);
    Ok(())
}

#[orm::test(apps = ["storage"])]
async fn what_django_wrote_is_read(db: Db) -> orm::Result<()> {
    let values = match db.backend() {
        Backend::Sqlite => {
            "('x', 1, 7.5, '2020-01-02 03:04:05', '03:04:05', 1500000, '{\"k\": 1}', '00112233445566778899aabbccddeeff')"
        }
        Backend::Postgres => {
            "('x', true, 7.5, '2020-01-02 03:04:05+00', '03:04:05', '1.5 seconds', '{\"k\": 1}', '00112233-4455-6677-8899-aabbccddeeff')"
        }
        _ => {
            "('x', 1, 7.5, '2020-01-02 03:04:05', '03:04:05', 1500000, '{\"k\": 1}', '00112233-4455-6677-8899-aabbccddeeff')"
        }
    };
    let mut session = db.session().await?;
    let columns = "(f_char, f_bool, f_dec, f_dt, f_time, f_dur, f_json, f_uuid)";
    session
        .execute_script(&format!("INSERT INTO storage_alltypes {columns} VALUES {values}"))
        .await?;
    session.release().await;
    let row = AllTypes::objects().get(&db, |_| ()).await?;
    assert_eq!(row.f_dec.map(|d| d.to_string()), Some("7.50".to_owned()));
    assert_eq!(
        row.f_dt.map(|d| d.to_rfc3339()),
        Some("2020-01-02T03:04:05+00:00".to_owned())
    );
    assert_eq!(row.f_dur, Some(TimeDelta::milliseconds(1500)));
    assert_eq!(row.f_json.as_deref(), Some(&json!({"k": 1})));
    assert_eq!(row.f_uuid, full().f_uuid);
    assert_eq!(row.f_time, NaiveTime::from_hms_opt(3, 4, 5));
    let _: Option<&Document> = row.f_json.as_deref();
    Ok(())
}

#[orm::test(apps = ["storage"])]
async fn a_cell_that_does_not_fit_names_its_field(db: Db) -> orm::Result<()> {
    let mut session = db.session().await?;
    let script = "INSERT INTO storage_alltypes (f_char, f_bool, f_level) VALUES ('x', '0', 9)";
    session.execute_script(script).await?;
    session.release().await;
    let error = AllTypes::objects().all(&db).await.unwrap_err().to_string();
    assert!(error.contains("AllTypes.f_level") && error.contains('9'), "{error}");
    Ok(())
}
