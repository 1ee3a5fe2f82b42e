//! The numbers of new rows, told while they are inserted: the right ones, or none and no rows.

use super::{File, count, insert, script, statement};
use crate::error::{Error, Result};
use crate::exec::{Db, Executor, NumberedRows, Statement, Work};
use crate::value::Value;
use std::time::Duration;

const ITEM: &str = "CREATE TABLE item (id INTEGER PRIMARY KEY AUTOINCREMENT, number INTEGER NOT NULL UNIQUE);
    CREATE TABLE log (id INTEGER PRIMARY KEY AUTOINCREMENT, number INTEGER NOT NULL);";

/// So many rows with these numbers.
fn rows(numbers: std::ops::Range<i64>) -> (Statement, NumberedRows<'static>) {
    let values: Vec<Value> = numbers.map(Value::Int).collect();
    let count = values.len();
    let places = vec!["(?)"; count].join(", ");
    let sql = format!("INSERT INTO item (number) VALUES {places}");
    let (table, key) = ("item", "id");
    (
        statement(&sql, values, Work::WriteKnown),
        NumberedRows { table, key, count },
    )
}

async fn insert_numbered(db: &impl Executor, numbers: std::ops::Range<i64>) -> Result<Option<Vec<i64>>> {
    let (statement, rows) = rows(numbers);
    db.handle().insert_numbered(&statement, &rows).await
}

async fn number_of(db: &impl Executor, id: i64) -> Result<i64> {
    let sql = "SELECT number FROM item WHERE id = ?";
    db.handle()
        .fetch_int(&statement(sql, vec![Value::Int(id)], Work::Read))
        .await
}

async fn open(sql: &str) -> Result<Db> {
    let db = Db::connect("sqlite::memory:").await?;
    script(&db, sql).await?;
    Ok(db)
}

#[tokio::test]
async fn they_are_those_of_the_rows() -> Result<()> {
    let db = open(&format!("{ITEM} INSERT INTO item VALUES (40, -1)")).await?;
    assert_eq!(insert_numbered(&db, 0..3).await?, Some(vec![41, 42, 43]));
    db.atomic(async |tx| {
        assert_eq!(insert_numbered(&tx, 10..12).await?, Some(vec![44, 45]));
        insert(&tx, 20).await?;
        assert_eq!(insert_numbered(&tx, 30..31).await?, Some(vec![47]));
        Ok(())
    })
    .await?;
    // Nobody listens any more, and nothing is left open.
    insert(&db, 50).await?;
    assert_eq!(number_of(&db, 42).await?, 1);
    assert_eq!(count(&db).await?, 3 + 2 + 1 + 1 + 2);
    Ok(())
}

#[tokio::test]
async fn a_trigger_may_write_elsewhere() -> Result<()> {
    let log = "CREATE TRIGGER log AFTER INSERT ON item BEGIN INSERT INTO log (number) VALUES (new.number); END;";
    let db = open(&format!("{ITEM} INSERT INTO log (number) VALUES (1), (2), (3); {log}")).await?;
    assert_eq!(insert_numbered(&db, 0..3).await?, Some(vec![1, 2, 3]));
    let logged = statement("SELECT count(*) FROM log", Vec::new(), Work::Read);
    assert_eq!(db.handle().fetch_int(&logged).await?, 6);
    Ok(())
}

#[tokio::test]
async fn a_trigger_that_interferes_undoes_the_rows() -> Result<()> {
    for trigger in [
        // a row more for each row
        "AFTER INSERT ON item WHEN new.number < 100 BEGIN INSERT INTO item (number) VALUES (new.number + 100); END",
        // as many rows as there should be, but not those
        "BEFORE INSERT ON item WHEN new.number = 0 BEGIN INSERT INTO item (number) VALUES (100); SELECT RAISE(IGNORE); END",
        // a row less
        "BEFORE INSERT ON item WHEN new.number = 1 BEGIN SELECT RAISE(IGNORE); END",
    ] {
        let db = open(&format!("{ITEM} CREATE TRIGGER other {trigger};")).await?;
        assert_eq!(insert_numbered(&db, 0..3).await?, None, "{trigger}");
        assert_eq!(count(&db).await?, 0, "{trigger}");
        db.atomic(async |tx| {
            insert(&tx, 200).await?;
            assert_eq!(insert_numbered(&tx, 0..3).await?, None, "{trigger}");
            insert(&tx, 201).await
        })
        .await?;
        assert_eq!(count(&db).await?, 2, "{trigger}");
    }
    Ok(())
}

#[tokio::test]
async fn a_key_that_is_not_the_row_s_number_is_not_told() -> Result<()> {
    for table in [
        "CREATE TABLE item (id INT PRIMARY KEY, number INTEGER)",
        "CREATE TABLE item (id INTEGER, number INTEGER, PRIMARY KEY (id, number)) WITHOUT ROWID",
        "CREATE TABLE items (id INTEGER PRIMARY KEY AUTOINCREMENT, number INTEGER);
            CREATE VIEW item AS SELECT * FROM items",
        "CREATE TABLE item (other INTEGER PRIMARY KEY AUTOINCREMENT, id INTEGER, number INTEGER)",
        "SELECT 1",
    ] {
        let db = open(table).await?;
        let statements = db.query_count();
        assert_eq!(insert_numbered(&db, 0..3).await?, None, "{table}");
        assert_eq!(db.query_count(), statements, "nothing ran");
    }
    Ok(())
}

#[tokio::test]
async fn an_error_leaves_what_was_before() -> Result<()> {
    let db = open(ITEM).await?;
    insert(&db, 2).await?;
    let result = insert_numbered(&db, 0..3).await;
    assert!(matches!(result, Err(Error::Integrity { .. })), "{result:?}");
    assert_eq!(count(&db).await?, 1);
    db.atomic(async |tx| {
        insert(&tx, 7).await?;
        let result = insert_numbered(&tx, 0..3).await;
        assert!(matches!(result, Err(Error::Integrity { .. })), "{result:?}");
        insert(&tx, 8).await
    })
    .await?;
    assert_eq!(count(&db).await?, 3);
    // The row that failed was numbered, but not inserted.
    let told = insert_numbered(&db, 10..12).await?.unwrap_or_default();
    assert_eq!(told.len(), 2);
    assert_eq!(number_of(&db, told[1]).await?, 11);
    Ok(())
}

/// A dropped future leaves all rows or none, and the connection to the next.
#[tokio::test(flavor = "current_thread")]
async fn it_can_be_dropped_at_any_time() -> Result<()> {
    let file = File::new()?;
    let db = file.open().await?;
    script(&db, ITEM).await?;
    let (mut from, mut dropped) = (0, 0);
    for attempt in 0..60_u64 {
        // Many values are inserted by another thread.
        let numbers = from..from + 6000;
        from = numbers.end;
        let before = count(&db).await?;
        let time = Duration::from_micros(attempt * 150);
        let done = tokio::time::timeout(time, insert_numbered(&db, numbers.clone())).await;
        let after = count(&db).await?;
        match done {
            Ok(told) => {
                let told = told?.unwrap_or_default();
                assert_eq!(told.len(), 6000);
                for (id, number) in told.iter().zip(numbers).step_by(997) {
                    assert_eq!(number_of(&db, *id).await?, number);
                }
                assert_eq!(after, before + 6000);
            }
            Err(_) => {
                dropped += 1;
                assert!(after == before || after == before + 6000, "{before} {after}");
            }
        }
        insert(&db, -from).await?;
    }
    assert!(dropped > 0);
    db.close().await;
    // What was there at the end is in the file.
    let again = file.open().await?;
    assert!(count(&again).await? >= 60);
    Ok(())
}
