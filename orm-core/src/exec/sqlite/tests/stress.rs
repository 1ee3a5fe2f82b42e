//! Many tasks on one database file, whose futures are dropped at random polls.
//!
//! The seeds are fixed; which task runs when is the scheduler's. To repeat it where memory and
//! threads are watched (`ORM_STRESS` is how often each task does something, 150 by default):
//!
//! ```sh
//! cargo test -p orm-core --lib --no-run        # prints the binary
//! ORM_STRESS=20 valgrind --tool=memcheck BINARY stress     # or helgrind, drd
//! ```

use super::*;
use crate::exec::lease::Lease;
use std::collections::{HashMap, HashSet};
use std::pin::pin;
use std::sync::Mutex;
use std::task::Poll;
use tokio::task::JoinSet;

const TASKS: u64 = 12;
const READERS: u32 = 4;

/// SplitMix64: as random as need be, and the same each time.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, end: u64) -> u64 {
        self.next() % end
    }

    /// A number of polls of any magnitude.
    fn spins(&mut self) -> u64 {
        let magnitude = self.below(13);
        self.below(1 << magnitude)
    }

    /// After how many polls a future is dropped; mostly soon, and often never.
    fn patience(&mut self) -> u64 {
        match self.below(4) {
            0 | 1 => u64::MAX,
            2 => self.below(3),
            _ => self.spins(),
        }
    }
}

/// The future's result, unless it is dropped before; it is polled whether it is woken or not.
async fn cut<T>(patience: u64, future: impl Future<Output = T>) -> Option<T> {
    if patience == u64::MAX {
        return Some(future.await);
    }
    let mut future = pin!(future);
    let mut left = patience;
    std::future::poll_fn(|context| match future.as_mut().poll(context) {
        Poll::Ready(value) => Poll::Ready(Some(value)),
        Poll::Pending if left == 0 => Poll::Ready(None),
        Poll::Pending => {
            left -= 1;
            context.waker().wake_by_ref();
            Poll::Pending
        }
    })
    .await
}

/// What must be in the table in the end: so many rows of each number.
#[derive(Default)]
struct Expected {
    there: HashMap<i64, i64>,
    /// all of them or none: nobody saw how it ended
    either: HashMap<i64, i64>,
}

impl Expected {
    /// Notes what became of rows that were written together.
    fn note<T>(&mut self, rows: &[(i64, i64)], outcome: &Option<Result<T>>) {
        let into = match outcome {
            Some(Ok(_)) => &mut self.there,
            Some(Err(_)) => return,
            None => &mut self.either,
        };
        into.extend(rows.iter().copied());
    }
}

struct Actor {
    db: Db,
    random: Random,
    /// no other actor writes this number, nor does this one again
    number: i64,
    expected: Expected,
    committed: Arc<Mutex<HashSet<i64>>>,
}

fn insert_many(number: i64, rows: i64) -> Statement {
    let sql = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?) \
         INSERT INTO item (number) SELECT ? FROM n";
    statement(sql, vec![Value::Int(rows), Value::Int(number)], Work::WriteAny)
}

impl Actor {
    fn number(&mut self) -> i64 {
        self.number += 1;
        self.number
    }

    async fn act(&mut self) -> Result<()> {
        match self.random.below(8) {
            0 => self.count().await,
            1 => self.load().await,
            2 => self.stream().await,
            3 => self.insert().await,
            4 => self.insert_many().await,
            5 => self.endless().await,
            _ => self.transaction().await,
        }
    }

    async fn count(&mut self) -> Result<()> {
        let patience = self.random.patience();
        cut(patience, count(&self.db)).await.transpose().map(|_| ())
    }

    async fn load(&mut self) -> Result<()> {
        let (patience, rows) = (self.random.patience(), self.random.below(20_000) as u32 + 1);
        if let Some(found) = cut(patience, self.db.handle().fetch(&numbers(rows), Ints)).await {
            assert!(found?.into_iter().eq(1..=i64::from(rows)));
        }
        Ok(())
    }

    async fn stream(&mut self) -> Result<()> {
        let (to, mut from) = tokio::sync::mpsc::channel(1);
        let (patience, wanted) = (self.random.patience(), self.random.below(20));
        let rows = numbers(4_000);
        let writing = cut(patience, self.db.handle().fetch_portions(&rows, Ints, 256, to));
        let reading = async move {
            let mut next = 1;
            for _ in 0..wanted {
                let Some(portion) = from.recv().await else { break };
                let end = next + portion.len() as i64;
                assert!(portion.into_iter().eq(next..end));
                next = end;
            }
        };
        let (written, ()) = tokio::join!(writing, reading);
        written.transpose().map(|_| ())
    }

    async fn insert(&mut self) -> Result<()> {
        let (patience, number) = (self.random.patience(), self.number());
        let outcome = cut(patience, insert(&self.db, number)).await;
        self.expected.note(&[(number, 1)], &outcome);
        outcome.transpose().map(|_| ())
    }

    async fn insert_many(&mut self) -> Result<()> {
        let (patience, number) = (self.random.patience(), self.number());
        let rows = self.random.below(3_000) as i64 + 1;
        let statement = insert_many(number, rows);
        let outcome = cut(patience, self.db.handle().execute(&statement)).await;
        self.expected.note(&[(number, rows)], &outcome);
        outcome.transpose().map(|_| ())
    }

    /// Ends only because nobody waits for it, be it at its turn or at work.
    async fn endless(&mut self) -> Result<()> {
        let (patience, writes, number) = (self.random.spins(), self.random.below(2) == 0, self.number());
        let statement = if writes {
            insert_many(number, i64::MAX)
        } else {
            read(ENDLESS)
        };
        assert!(cut(patience, self.db.handle().execute(&statement)).await.is_none());
        Ok(())
    }

    async fn transaction(&mut self) -> Result<()> {
        let (patience, number, inner) = (self.random.patience(), self.number(), self.number());
        let (within, undone, fails) = (
            self.random.patience(),
            self.random.below(3) == 0,
            self.random.below(4) == 0,
        );
        let (what, rows) = (self.random.below(4), self.random.below(2_000) as i64 + 2);
        let committed = Arc::clone(&self.committed);
        let body = async |tx: crate::exec::Tx| {
            insert(&tx, number).await?;
            // What is cut here writes nothing, or takes the transaction with it.
            match what {
                0 => drop(cut(within, tx.handle().fetch(&numbers(10_000), Ints)).await),
                1 => drop(cut(within.min(500), tx.handle().fetch_int(&read(ENDLESS))).await),
                2 => drop(cut(within.min(500), tx.handle().execute(&insert_many(number, i64::MAX))).await),
                _ => {}
            }
            let nested = tx.atomic(async |tx| {
                let row = statement(INSERT, vec![Value::Int(inner)], Work::WriteKnown);
                tx.handle().insert_id(&row).await?;
                if undone { Err(given_up()) } else { Ok(()) }
            });
            match nested.await {
                Err(Error::Other(_)) if undone => {}
                other => other?,
            }
            tx.handle().execute(&insert_many(number, rows - 1)).await?;
            tx.on_commit(move || {
                crate::exec::lock(&committed).insert(number);
            });
            if fails { Err(given_up()) } else { Ok(()) }
        };
        let outcome = cut(patience, self.db.atomic(body)).await;
        let inner = (!undone).then_some((inner, 1));
        let all: Vec<(i64, i64)> = [(number, rows)].into_iter().chain(inner).collect();
        self.expected.note(&all, &outcome);
        match outcome {
            Some(Err(Error::Other(_))) if fails => Ok(()),
            // The statement that was cut did write.
            Some(Err(Error::Transaction(_))) if what == 2 => Ok(()),
            other => other.transpose().map(|_| ()),
        }
    }
}

fn given_up() -> Error {
    Error::Other("given up".into())
}

/// A setting that a connection keeps for its life, and that no other has.
const MARK: i64 = 4321;

/// Takes all connections at once, which each must be idle.
async fn all_connections(db: &Db) -> Result<Vec<Lease>> {
    let mut leases = vec![db.lease(true).await?];
    for _ in 0..READERS {
        leases.push(db.lease(false).await?);
    }
    for lease in &mut leases {
        assert!(!lease.in_transaction().await?);
    }
    Ok(leases)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn futures_dropped_at_random_leave_everything_in_order() -> Result<()> {
    let steps = std::env::var("ORM_STRESS")
        .ok()
        .and_then(|steps| steps.parse().ok())
        .unwrap_or(150);
    let file = File::new()?;
    let db = Db::connect_with(file.options().readers(READERS)).await?;
    script(&db, &format!("{ITEM}; CREATE INDEX item_number ON item (number)")).await?;
    for lease in &mut all_connections(&db).await? {
        lease.control(&format!("PRAGMA cache_size = {MARK}")).await?;
    }

    let committed = Arc::new(Mutex::new(HashSet::new()));
    let mut tasks = JoinSet::new();
    for task in 0..TASKS {
        let mut actor = Actor {
            db: db.clone(),
            random: Random(task),
            number: task as i64 * 1_000_000,
            expected: Expected::default(),
            committed: Arc::clone(&committed),
        };
        tasks.spawn(async move {
            for _ in 0..steps {
                actor.act().await?;
            }
            Ok::<_, Error>(actor.expected)
        });
    }
    let mut expected = Expected::default();
    while let Some(task) = tasks.join_next().await {
        let part = task.map_err(|error| Error::Other(error.into()))??;
        expected.there.extend(part.there);
        expected.either.extend(part.either);
    }

    // Each connection is there, free and the one that it was.
    for lease in &mut all_connections(&db).await? {
        let mark = lease.fetch(db.context(), &read("PRAGMA cache_size"), Ints).await?;
        assert_eq!(mark, [MARK]);
    }
    let sql = "SELECT number * 100000 + count(*) FROM item GROUP BY number";
    let found = db.handle().fetch(&read(sql), Ints).await?;
    let found: HashMap<i64, i64> = found.into_iter().map(|both| (both / 100_000, both % 100_000)).collect();
    for (number, rows) in &expected.there {
        assert_eq!(found.get(number), Some(rows), "{number} was committed");
    }
    for (number, rows) in &found {
        let wanted = expected.there.get(number).or_else(|| expected.either.get(number));
        assert_eq!(Some(rows), wanted, "{number}: all rows or none");
    }
    for number in crate::exec::lock(&committed).iter() {
        assert!(found.contains_key(number), "{number}: its commit was seen");
    }
    let broken = "SELECT count(*) FROM pragma_integrity_check WHERE integrity_check <> 'ok'";
    assert_eq!(db.handle().fetch_int(&read(broken)).await?, 0);
    db.close().await;
    // The last connection takes the log with it.
    assert!(!file.0.join("test.db-wal").exists());
    Ok(())
}
