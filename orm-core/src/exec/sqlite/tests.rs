//! What is particular to SQLite: where statements run, what stops them, who waits for whom.

mod numbers;
mod processes;
mod rows;
mod stress;

use super::raw::{Raw, Step};
use super::watch::Watch;
use crate::error::{Error, Result};
use crate::exec::{Db, DbOptions, Executor, RowReader, Source, Statement, Work};
use crate::meta::ColumnType;
use crate::value::Value;
use sqlx::Connection as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// A statement that never ends by itself.
const ENDLESS: &str = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n";

fn statement(sql: &str, args: Vec<Value>, work: Work) -> Statement {
    Statement {
        sql: sql.into(),
        args,
        columns: [ColumnType::BigInteger].into(),
        work,
    }
}

fn read(sql: &str) -> Statement {
    statement(sql, Vec::new(), Work::Read)
}

/// A query that counts to `to`, whose rows are the numbers.
fn numbers(to: u32) -> Statement {
    read(&format!(
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {to}) SELECT i FROM n"
    ))
}

struct Ints;

impl RowReader for Ints {
    type Out = i64;

    fn read<S: Source>(&mut self, row: &mut S) -> Result<i64> {
        row.int(0)
    }
}

/// Panics at the row with that number.
struct PanicsAt(i64);

impl RowReader for PanicsAt {
    type Out = ();

    #[allow(clippy::panic, reason = "that is what it is for")]
    fn read<S: Source>(&mut self, row: &mut S) -> Result<()> {
        if row.int(0)? == self.0 {
            panic!("a row that the user's code does not like");
        }
        Ok(())
    }
}

/// A database file in a folder of its own, gone with this value.
struct File(std::path::PathBuf);

impl File {
    fn new() -> Result<Self> {
        static NUMBER: AtomicU64 = AtomicU64::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let folder = std::env::temp_dir().join(format!("orm-sqlite-{}-{number}", std::process::id()));
        std::fs::create_dir_all(&folder).map_err(|error| Error::Other(error.into()))?;
        Ok(File(folder))
    }

    fn options(&self) -> DbOptions {
        DbOptions::new(format!("sqlite://{}/test.db", self.0.display()))
    }

    async fn open(&self) -> Result<Db> {
        Db::connect_with(self.options()).await
    }
}

impl Drop for File {
    fn drop(&mut self) {
        std::fs::remove_dir_all(&self.0).ok();
    }
}

async fn script(db: &Db, sql: &str) -> Result<()> {
    let mut session = db.session().await?;
    session.execute_script(sql).await?;
    session.release().await;
    Ok(())
}

const INSERT: &str = "INSERT INTO item (number) VALUES (?)";

async fn insert(db: &impl Executor, number: i64) -> Result<u64> {
    db.handle()
        .execute(&statement(INSERT, vec![Value::Int(number)], Work::WriteKnown))
        .await
}

async fn count(db: &impl Executor) -> Result<i64> {
    db.handle().fetch_int(&read("SELECT count(*) FROM item")).await
}

const ITEM: &str = "CREATE TABLE item (id INTEGER PRIMARY KEY, number INTEGER NOT NULL)";

/// Runs other tasks while the future runs; the number of times that they had their turn.
async fn beside<T>(future: impl Future<Output = T>) -> (T, u64) {
    let turns = Arc::new(AtomicU64::new(0));
    let counter = Arc::clone(&turns);
    let other = tokio::spawn(async move {
        loop {
            counter.fetch_add(1, Ordering::Relaxed);
            tokio::task::yield_now().await;
        }
    });
    let result = future.await;
    other.abort();
    (result, turns.load(Ordering::Relaxed))
}

/// In sqlx 0.9 a lock of the handle for each query would fill a channel after fifty, for ever.
#[tokio::test]
async fn a_hundred_thousand_queries() -> Result<()> {
    let db = Db::connect("sqlite::memory:").await?;
    let one = read("SELECT 1");
    for _ in 0..100_000 {
        assert_eq!(db.handle().fetch_int(&one).await?, 1);
    }
    Ok(())
}

#[tokio::test(flavor = "current_thread")]
async fn short_statements_stay_where_the_caller_is() -> Result<()> {
    let db = Db::connect("sqlite::memory:").await?;
    let one = read("SELECT 1");
    let mut query = tokio_test_poll(db.handle().fetch_int(&one));
    assert!(matches!(query.poll_once(), Some(Ok(1))));
    Ok(())
}

/// Polls a future by hand.
fn tokio_test_poll<'f, T>(future: impl Future<Output = T> + 'f) -> Polled<'f, T> {
    Polled(Box::pin(future))
}

struct Polled<'f, T>(std::pin::Pin<Box<dyn Future<Output = T> + 'f>>);

impl<T> Polled<'_, T> {
    fn poll_once(&mut self) -> Option<T> {
        let mut context = std::task::Context::from_waker(std::task::Waker::noop());
        match self.0.as_mut().poll(&mut context) {
            std::task::Poll::Ready(value) => Some(value),
            std::task::Poll::Pending => None,
        }
    }
}

#[tokio::test(flavor = "current_thread")]
async fn one_long_step_leaves_the_thread_to_others() -> Result<()> {
    let db = Db::connect("sqlite::memory:").await?;
    let long =
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 400000) SELECT count(*) FROM n";
    // The first time it is stopped and begins again, the second time it begins elsewhere.
    for _ in 0..2 {
        let (counted, turns) = beside(db.handle().fetch_int(&read(long))).await;
        assert_eq!(counted?, 400_000);
        assert!(turns > 10, "{turns}");
    }
    Ok(())
}

#[tokio::test(flavor = "current_thread")]
async fn many_rows_leave_the_thread_to_others() -> Result<()> {
    let db = Db::connect("sqlite::memory:").await?;
    let (rows, turns) = beside(db.handle().fetch(&numbers(300_000), Ints)).await;
    let rows = rows?;
    assert_eq!(rows.len(), 300_000);
    assert!(rows.iter().zip(1..).all(|(row, expected)| *row == expected));
    assert!(turns > 10, "{turns}");
    Ok(())
}

#[tokio::test(flavor = "current_thread")]
async fn a_long_write_in_a_transaction_leaves_the_thread_to_others() -> Result<()> {
    let db = Db::connect("sqlite::memory:").await?;
    script(&db, ITEM).await?;
    let fill = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100000) \
         INSERT INTO item (number) SELECT i FROM n";
    let fill = statement(fill, Vec::new(), Work::WriteAny);
    let (affected, turns) = beside(db.atomic(async |tx| tx.handle().execute(&fill).await)).await;
    assert_eq!(affected?, 100_000);
    assert!(turns > 10, "{turns}");
    assert_eq!(count(&db).await?, 100_000);
    // Outside of a transaction it is stopped, undone and begun again: each row is there once.
    let (affected, _) = beside(db.handle().execute(&fill)).await;
    assert_eq!(affected?, 100_000);
    assert_eq!(count(&db).await?, 200_000);
    Ok(())
}

#[tokio::test]
async fn dropping_the_future_frees_the_connection() -> Result<()> {
    let db = Db::connect("sqlite::memory:").await?;
    // One connection for everything: what follows waits for it.
    for _ in 0..3 {
        let endless = db.handle().to_owned();
        let task = tokio::spawn(async move { endless.handle().fetch_int(&read(ENDLESS)).await });
        // Once it has the connection …
        while db.query_count() == 0 {
            tokio::task::yield_now().await;
        }
        task.abort();
        assert!(task.await.is_err_and(|error| error.is_cancelled()));
        assert_eq!(db.handle().fetch_int(&read("SELECT 7")).await?, 7);
    }
    let rows = tokio::time::timeout(Duration::from_millis(20), db.handle().fetch(&numbers(u32::MAX), Ints)).await;
    assert!(rows.is_err());
    assert_eq!(db.handle().fetch_int(&read("SELECT 8")).await?, 8);
    Ok(())
}

#[tokio::test]
async fn an_interrupted_read_leaves_the_transaction() -> Result<()> {
    let db = Db::connect("sqlite::memory:").await?;
    script(&db, ITEM).await?;
    db.atomic(async |tx| {
        insert(&tx, 1).await?;
        let endless = tokio::time::timeout(Duration::from_millis(20), tx.handle().fetch_int(&read(ENDLESS))).await;
        assert!(endless.is_err());
        insert(&tx, 2).await
    })
    .await?;
    assert_eq!(count(&db).await?, 2);
    Ok(())
}

#[tokio::test]
async fn an_interrupted_write_takes_the_transaction_with_it() -> Result<()> {
    let db = Db::connect("sqlite::memory:").await?;
    script(&db, ITEM).await?;
    let endless =
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) INSERT INTO item (number) SELECT i FROM n";
    let endless = statement(endless, Vec::new(), Work::WriteAny);
    let result = db
        .atomic(async |tx| {
            insert(&tx, 1).await?;
            let endless = tokio::time::timeout(Duration::from_millis(20), tx.handle().execute(&endless)).await;
            assert!(endless.is_err());
            insert(&tx, 2).await
        })
        .await;
    assert!(matches!(result, Err(Error::Transaction(_))), "{result:?}");
    assert_eq!(count(&db).await?, 0);
    Ok(())
}

#[tokio::test]
async fn a_panic_while_reading_leaves_the_connection() -> Result<()> {
    let db = Db::connect("sqlite::memory:").await?;
    // On the caller's thread, and in the blocking pool.
    for at in [1, 290_000] {
        let owned = db.handle().to_owned();
        let task = tokio::spawn(async move { owned.handle().fetch(&numbers(300_000), PanicsAt(at)).await });
        assert!(task.await.is_err_and(|error| error.is_panic()));
        assert_eq!(db.handle().fetch_int(&read("SELECT 1")).await?, 1);
    }
    Ok(())
}

#[tokio::test]
async fn portions_come_once_each_and_stop_when_nobody_takes_them() -> Result<()> {
    let file = File::new()?;
    let db = file.open().await?;
    for wanted in [u64::MAX, 3] {
        let (to, mut from) = tokio::sync::mpsc::channel(1);
        let owned = db.handle().to_owned();
        let reading =
            tokio::spawn(async move { owned.handle().fetch_portions(&numbers(100_000), Ints, 256, to).await });
        let mut rows = Vec::new();
        let mut portions = 0;
        while portions < wanted
            && let Some(portion) = from.recv().await
        {
            assert!(portion.len() <= 256);
            rows.extend(portion);
            portions += 1;
        }
        drop(from);
        reading.await.map_err(|error| Error::Other(error.into()))??;
        let expected = wanted.saturating_mul(256).min(100_000);
        assert_eq!(rows.len() as u64, expected);
        assert!(rows.iter().zip(1..).all(|(row, expected)| *row == expected));
    }
    db.close().await;
    Ok(())
}

#[tokio::test]
async fn the_log_does_not_grow_for_ever() -> Result<()> {
    let file = File::new()?;
    let db = file.open().await?;
    script(&db, "CREATE TABLE item (id INTEGER PRIMARY KEY, number BLOB NOT NULL)").await?;
    let page = statement(
        "INSERT OR REPLACE INTO item (id, number) VALUES (1, ?)",
        vec![Value::Bytes(vec![7; 20_000])],
        Work::WriteKnown,
    );
    let pages = || std::fs::metadata(file.0.join("test.db-wal")).map_or(0, |log| log.len() / 4096);
    let mut written = 0;
    // Far more than a log ever holds, from writers that never pause.
    while written < 100_000 {
        for _ in 0..100 {
            db.handle().execute(&page).await?;
            written += 5;
        }
        assert!(pages() < 40_000, "{} pages", pages());
    }
    assert_eq!(count(&db).await?, 1);
    db.close().await;
    Ok(())
}

/// SQLite asks whether to go on when a statement has ended and committed, too. If it were stopped then, it
/// would run again.
#[tokio::test]
async fn what_has_ended_is_not_stopped() -> Result<()> {
    let connection = sqlx::SqliteConnection::connect("sqlite::memory:")
        .await
        .map_err(|error| Error::Other(error.into()))?;
    // From the second question on there is no time left.
    let watch = Arc::new(Watch::new(Duration::ZERO));
    let mut raw = Raw::adopt(connection, Arc::clone(&watch), 2)
        .await
        .map_err(|error| Error::Other(error.into()))?;
    watch.begin(false);
    assert!(raw.start(&"CREATE TABLE item (a, b, c)".into()).is_ok());
    assert!(matches!(raw.step(), Ok(Step::Done)));
    // Thousands of steps in which SQLite does not ask.
    let long = vec!["random() * 0"; 350].join(" + ");
    let sql: Arc<str> = format!("INSERT INTO item VALUES ({long}, {long}, {long})").into();
    assert!(raw.start(&sql).is_ok());
    watch.begin(true);
    assert!(matches!(raw.step(), Ok(Step::Done)));
    assert_eq!(raw.total_changes(), 1);
    raw.close().await.map_err(|error| Error::Other(error.into()))
}

#[tokio::test]
async fn what_took_long_is_known_the_next_time() -> Result<()> {
    let connection = sqlx::SqliteConnection::connect("sqlite::memory:")
        .await
        .map_err(|error| Error::Other(error.into()))?;
    let watch = Arc::new(Watch::new(Duration::from_millis(1)));
    let mut raw = Raw::adopt(connection, Arc::clone(&watch), 2)
        .await
        .map_err(|error| Error::Other(error.into()))?;
    let sql: Arc<str> = ENDLESS.into();
    assert!(raw.start(&sql).is_ok_and(|known| known.reads && !known.slow));
    watch.begin(true);
    assert!(matches!(raw.step(), Ok(Step::OutOfTime)));
    raw.mark_slow(&sql, true);
    assert!(raw.start(&sql).is_ok_and(|known| known.slow));
    // With room for two, the third sends the first away; its slowness is forgotten with it.
    for other in ["SELECT 1", "SELECT 2"] {
        assert!(raw.start(&other.into()).is_ok_and(|known| known.reads));
        assert!(matches!(raw.step(), Ok(Step::Row)));
    }
    assert!(raw.start(&sql).is_ok_and(|known| !known.slow));
    raw.close().await.map_err(|error| Error::Other(error.into()))
}
