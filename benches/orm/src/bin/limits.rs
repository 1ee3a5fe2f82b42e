//! What the executor for SQLite promises, measured: others have their turn while statements run,
//! dropping a query frees its connection, readers and writers share a file, and neither time nor
//! memory per row grows with the number of rows.
//!
//! `limits` prints a table; it fails where a promise is broken.

use orm::DbOptions;
use orm::prelude::*;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

#[derive(Model, Debug, Clone)]
#[model(app = "limits", table = "items")]
pub struct Item {
    pub id: i64,
    pub name: String,
    pub value: i64,
}

const TABLE: &str = "CREATE TABLE items (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL, value INTEGER NOT NULL)";

type Result<T, E = Box<dyn std::error::Error + Send + Sync>> = std::result::Result<T, E>;

/// A database file that is gone with this value.
struct File(PathBuf);

impl File {
    async fn with_rows(rows: u32) -> Result<(Self, Db)> {
        let folder = std::env::temp_dir().join(format!("orm-limits-{}-{rows}", std::process::id()));
        std::fs::create_dir_all(&folder)?;
        let db = Db::connect_with(DbOptions::new(format!("sqlite://{}/limits.db", folder.display()))).await?;
        let mut session = db.session().await?;
        session.execute_script(TABLE).await?;
        let fill = format!(
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {rows}) \
             INSERT INTO items (name, value) SELECT 'item ' || i, i FROM n"
        );
        session.execute_script(&fill).await?;
        session.release().await;
        Ok((File(folder), db))
    }
}

impl Drop for File {
    fn drop(&mut self) {
        std::fs::remove_dir_all(&self.0).ok();
    }
}

struct Table {
    kept: bool,
}

impl Table {
    fn row(&mut self, promise: &str, measured: String, kept: bool) {
        self.kept &= kept;
        println!("| {promise} | {measured} | {} |", if kept { "kept" } else { "BROKEN" });
    }
}

fn runtime(threads: usize) -> Result<tokio::runtime::Runtime> {
    let mut builder = if threads == 1 {
        tokio::runtime::Builder::new_current_thread()
    } else {
        tokio::runtime::Builder::new_multi_thread()
    };
    Ok(builder.enable_all().build()?)
}

/// How late a ticker of 1 ms is, at its 99th percentile.
async fn lateness(stop: Arc<AtomicBool>) -> Duration {
    let mut late = Vec::new();
    let mut ticks = tokio::time::interval(Duration::from_millis(1));
    ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    ticks.tick().await;
    while !stop.load(Ordering::Relaxed) {
        let due = Instant::now() + Duration::from_millis(1);
        ticks.tick().await;
        late.push(Instant::now().saturating_duration_since(due));
    }
    late.sort();
    late.get(late.len() * 99 / 100).copied().unwrap_or_default()
}

/// Queries of about two seconds, of every kind, on one thread with a ticker.
fn fairness(table: &mut Table) -> Result<()> {
    runtime(1)?.block_on(async {
        let (_file, db) = File::with_rows(3_000_000).await?;
        let stop = Arc::new(AtomicBool::new(false));
        let ticker = tokio::spawn(lateness(Arc::clone(&stop)));
        let began = Instant::now();
        // Two at a time, since with more threads than processors the ticker waits for the system.
        // One long step each: a scan for a text.
        let scan = |text: &'static str| {
            let db = db.clone();
            tokio::spawn(async move { Item::objects().filter(|i| i.name().icontains(text)).count(&db).await })
        };
        let first = scan("no such name");
        // Many rows.
        let rows = tokio::spawn({
            let db = db.clone();
            async move { Item::objects().limit(2_000_000).all(&db).await.map(|rows| rows.len()) }
        });
        assert_eq!((first.await??, rows.await??), (0, 2_000_000));
        let second = scan("nor this one");
        // A write of many rows within a transaction.
        let write = db.atomic(async |tx| Item::objects().update(&tx, |i| i.value().set(i.value() + 1)).await);
        assert_eq!((write.await?, second.await??), (3_000_000, 0));
        let took = began.elapsed();
        stop.store(true, Ordering::Relaxed);
        let late = ticker.await?;
        table.row(
            "one thread, two long queries at once: a 1 ms ticker is at most 3 ms late (99th percentile)",
            format!("{:.2} ms late, over {:.1} s", late.as_secs_f64() * 1e3, took.as_secs_f64()),
            late < Duration::from_millis(3),
        );
        db.close().await;
        Ok(())
    })
}

fn cancelling(table: &mut Table) -> Result<()> {
    runtime(2)?.block_on(async {
        let (_file, db) = File::with_rows(1_000_000).await?;
        let mut waits = Vec::new();
        for _ in 0..50 {
            let update = db.atomic(async |tx| Item::objects().update(&tx, |i| i.value().set(i.value() + 1)).await);
            assert!(tokio::time::timeout(Duration::from_millis(20), update).await.is_err());
            // The only connection that writes is needed again.
            let began = Instant::now();
            db.atomic(async |tx| Item::objects().filter(|i| i.id().eq(1)).exists(&tx).await).await?;
            waits.push(began.elapsed());
        }
        waits.sort();
        let median = waits[waits.len() / 2];
        table.row(
            "a dropped UPDATE of a million rows frees the connection at once",
            format!("{:.2} ms (median)", median.as_secs_f64() * 1e3),
            median < Duration::from_millis(20),
        );
        db.close().await;
        Ok(())
    })
}

/// Reads (or writes) of that many tasks for a while: how many there were in a second.
async fn load(db: &Db, readers: usize, writers: usize) -> Result<(f64, f64)> {
    let stop = Arc::new(AtomicBool::new(false));
    let (reads, writes) = (Arc::new(AtomicU64::new(0)), Arc::new(AtomicU64::new(0)));
    let mut tasks = Vec::new();
    for n in 0..readers {
        let (db, stop, reads) = (db.clone(), Arc::clone(&stop), Arc::clone(&reads));
        tasks.push(tokio::spawn(async move {
            let mut key = n as i64;
            while !stop.load(Ordering::Relaxed) {
                key = (key * 7919 + 1) % 10_000;
                Item::objects().get(&db, |i| i.id().eq(key + 1)).await?;
                reads.fetch_add(1, Ordering::Relaxed);
            }
            Ok::<(), orm::Error>(())
        }));
    }
    for n in 0..writers {
        let (db, stop, writes) = (db.clone(), Arc::clone(&stop), Arc::clone(&writes));
        tasks.push(tokio::spawn(async move {
            while !stop.load(Ordering::Relaxed) {
                Item::create().name("another").value(n as i64).save(&db).await?;
                writes.fetch_add(1, Ordering::Relaxed);
            }
            Ok::<(), orm::Error>(())
        }));
    }
    let time = Duration::from_secs(2);
    tokio::time::sleep(time).await;
    stop.store(true, Ordering::Relaxed);
    for task in tasks {
        task.await??;
    }
    let rate = |count: &AtomicU64| count.load(Ordering::Relaxed) as f64 / time.as_secs_f64();
    Ok((rate(&reads), rate(&writes)))
}

fn concurrency(table: &mut Table) -> Result<()> {
    runtime(2)?.block_on(async {
        let (_file, db) = File::with_rows(10_000).await?;
        let (reads_alone, _) = load(&db, 8, 0).await?;
        let (_, one_writer) = load(&db, 0, 1).await?;
        let (_, four_writers) = load(&db, 0, 4).await?;
        let (reads, writes) = load(&db, 8, 4).await?;
        table.row(
            "8 readers beside 4 writers: no error, reads slowed by at most 2 x",
            format!("{reads_alone:.0}/s alone, {reads:.0}/s beside {writes:.0} writes/s"),
            reads * 2.0 >= reads_alone,
        );
        table.row(
            "4 writers together are as fast as one",
            format!("{one_writer:.0}/s and {four_writers:.0}/s"),
            four_writers >= one_writer * 0.9,
        );
        db.close().await;
        Ok(())
    })
}

/// What the process holds in memory, in KiB.
fn resident() -> Result<u64> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let number = line.and_then(|line| line.trim().split(' ').next()).unwrap_or_default();
    Ok(number.parse()?)
}

fn growth(table: &mut Table) -> Result<()> {
    runtime(1)?.block_on(async {
        let (_file, db) = File::with_rows(1_000_000).await?;
        let mut per_row = Vec::new();
        for rows in [100_u64, 10_000, 1_000_000] {
            let mut best = Duration::MAX;
            for _ in 0..(1_000_000 / rows).clamp(3, 200) {
                let began = Instant::now();
                let loaded = Item::objects().limit(rows).all(&db).await?;
                best = best.min(began.elapsed());
                assert_eq!(loaded.len() as u64, rows);
            }
            per_row.push(best.as_nanos() as f64 / rows as f64);
        }
        table.row(
            "a row takes as long among a million as among a hundred",
            format!("{:.0}, {:.0}, {:.0} ns a row of 100, 10,000, 1,000,000", per_row[0], per_row[1], per_row[2]),
            per_row[2] < per_row[0] * 1.5,
        );
        let mut held = Vec::new();
        for rows in [10_000_u64, 1_000_000] {
            let before = resident()?;
            let mut most = before;
            let mut stream = Item::objects().limit(rows).stream(&db);
            let mut seen = 0;
            while let Some(row) = stream.next().await {
                row?;
                seen += 1;
                if seen % 5_000 == 0 {
                    most = most.max(resident()?);
                }
            }
            assert_eq!(seen, rows);
            held.push(most - before);
        }
        table.row(
            "a stream of a million rows holds no more than one of ten thousand",
            format!("{} and {} KiB more than before", held[0], held[1]),
            held[1] < held[0] + 2048,
        );
        db.close().await;
        Ok(())
    })
}

fn main() -> Result<std::process::ExitCode> {
    let mut table = Table { kept: true };
    println!("| promise | measured | |\n| --- | --- | --- |");
    let only = std::env::args().nth(1).unwrap_or_default();
    let parts: [(&str, fn(&mut Table) -> Result<()>); 4] = [
        ("growth", growth),
        ("fairness", fairness),
        ("cancelling", cancelling),
        ("concurrency", concurrency),
    ];
    for (name, part) in parts {
        if name.starts_with(&only) {
            part(&mut table)?;
        }
    }
    Ok(if table.kept { std::process::ExitCode::SUCCESS } else { std::process::ExitCode::FAILURE })
}
