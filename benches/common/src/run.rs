//! One run: each workload for a short time, a line of JSON for each.

use crate::data::{self, ITEMS, NewItem, Random};
use crate::{Args, Checksum, Result, Unmeasured, Workloads, fields};
use std::collections::HashSet;
use std::env;
use std::hint::black_box;
use std::pin::pin;
use std::task::{Context, Poll, Waker};
use std::time::{Duration, Instant};

/// A point query is shorter than what a clock can tell: so many make one sample.
const GETS: u32 = 64;
const WORKLOADS: [&str; 7] = ["get", "load", "join", "tree", "insert_each", "insert_bulk", "insert_bulk_ids"];
/// Fewer samples than these have no median.
const SAMPLES: usize = 5;

/// The future of a peer that never waits.
///
/// # Errors
/// That of the future.
pub fn without_runtime(future: impl Future<Output = Result<()>>) -> Result<()> {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(result) => result,
        Poll::Pending => Err("a synchronous peer waits".into()),
    }
}

/// The future of an async peer, as a server would run it: a task among the workers of a runtime, or on
/// the one thread there is when the process is pinned to a core (`BENCH_PINNED`).
///
/// # Errors
/// That of the future.
#[cfg(feature = "tokio")]
pub fn on_tokio(future: impl Future<Output = Result<()>> + Send + 'static) -> Result<()> {
    use tokio::runtime::Builder;
    let mut builder = match env::var_os("BENCH_PINNED") {
        Some(_) => Builder::new_current_thread(),
        None => Builder::new_multi_thread(),
    };
    let runtime = builder.enable_all().build()?;
    runtime.block_on(async { tokio::spawn(future).await? })
}

/// Times the workloads of a peer and prints the results: those that `BENCH_WORKLOADS` names, or all.
///
/// # Errors
/// The peer's.
pub async fn report<W: Workloads>(peer: &str, args: &Args, mut workloads: W) -> Result<()> {
    let w = &mut workloads;
    let chosen = env::var("BENCH_WORKLOADS").unwrap_or_default();
    for name in WORKLOADS {
        if !chosen.is_empty() && !chosen.split([',', ' ']).any(|chosen| chosen == name) {
            continue;
        }
        let measured = match name {
            "get" => get(w).await,
            "load" => load(w).await,
            "join" => join(w).await,
            "tree" => tree(w).await,
            "insert_each" => insert_each(w).await,
            "insert_bulk" => insert_bulk(w).await,
            _ => insert_bulk_ids(w).await,
        };
        let (checksum, median) = match measured {
            Ok(measured) => measured,
            Err(error) if error.is::<Unmeasured>() => continue,
            Err(error) => return Err(format!("{peer}, {}, {name}: {error}", args.database).into()),
        };
        println!(
            r#"{{"peer": "{peer}", "db": "{}", "workload": "{name}", "median_ns": {median}, "checksum": "{checksum:016x}"}}"#,
            args.database,
        );
    }
    Ok(())
}

type Measured = Result<(u64, u64)>;

async fn get(w: &mut impl Workloads) -> Measured {
    let mut random = Random::new(5);
    let mut checksum = 0;
    for _ in 0..1000 {
        checksum = fields((checksum, w.get(random.up_to(ITEMS)).await?.checksum()));
    }
    let mut samples = Samples::new();
    while samples.wanted() {
        let keys: [i64; GETS as usize] = std::array::from_fn(|_| random.up_to(ITEMS));
        let start = Instant::now();
        for key in keys {
            black_box(w.get(key).await?);
        }
        samples.add(start.elapsed() / GETS);
    }
    Ok((checksum, samples.median()))
}

async fn load(w: &mut impl Workloads) -> Measured {
    let checksum = w.load().await?.checksum();
    let mut samples = Samples::new();
    while samples.wanted() {
        let start = Instant::now();
        drop(black_box(w.load().await?));
        samples.add(start.elapsed());
    }
    Ok((checksum, samples.median()))
}

async fn join(w: &mut impl Workloads) -> Measured {
    let checksum = w.join().await?.checksum();
    let mut samples = Samples::new();
    while samples.wanted() {
        let start = Instant::now();
        drop(black_box(w.join().await?));
        samples.add(start.elapsed());
    }
    Ok((checksum, samples.median()))
}

async fn tree(w: &mut impl Workloads) -> Measured {
    let checksum = w.tree().await?.checksum();
    let mut samples = Samples::new();
    while samples.wanted() {
        let start = Instant::now();
        drop(black_box(w.tree().await?));
        samples.add(start.elapsed());
    }
    Ok((checksum, samples.median()))
}

async fn insert_each(w: &mut impl Workloads) -> Measured {
    let rows: Vec<NewItem> = data::inserts();
    let keys = w.insert_each(&rows).await?;
    let consecutive = keys.windows(2).filter(|pair| pair[1] == pair[0] + 1).count();
    let checksum = fields((keys.len(), consecutive, w.inserted().await?.checksum()));
    let mut samples = Samples::new();
    while samples.wanted() {
        w.clear().await?;
        let start = Instant::now();
        black_box(w.insert_each(&rows).await?);
        samples.add(start.elapsed());
    }
    w.clear().await?;
    Ok((checksum, samples.median()))
}

async fn insert_bulk(w: &mut impl Workloads) -> Measured {
    let rows: Vec<NewItem> = data::inserts();
    w.insert_bulk(&rows).await?;
    let checksum = w.inserted().await?.checksum();
    let mut samples = Samples::new();
    while samples.wanted() {
        w.clear().await?;
        let start = Instant::now();
        w.insert_bulk(&rows).await?;
        samples.add(start.elapsed());
    }
    w.clear().await?;
    Ok((checksum, samples.median()))
}

async fn insert_bulk_ids(w: &mut impl Workloads) -> Measured {
    let rows: Vec<NewItem> = data::inserts();
    let keys = w.insert_bulk_ids(&rows).await?;
    let different: HashSet<i64> = keys.iter().copied().collect();
    let checksum = fields((keys.len(), different.len(), w.inserted().await?.checksum()));
    let mut samples = Samples::new();
    while samples.wanted() {
        w.clear().await?;
        let start = Instant::now();
        black_box(w.insert_bulk_ids(&rows).await?);
        samples.add(start.elapsed());
    }
    w.clear().await?;
    Ok((checksum, samples.median()))
}

/// The samples of one workload: a quarter of the time warms up, the rest counts.
struct Samples {
    start: Instant,
    warm_up: Duration,
    time: Duration,
    samples: Vec<Duration>,
}

impl Samples {
    /// For `BENCH_MS` milliseconds.
    fn new() -> Self {
        let time = env::var("BENCH_MS").ok().and_then(|ms| ms.parse().ok()).unwrap_or(400);
        let time = Duration::from_millis(time);
        Samples {
            start: Instant::now(),
            warm_up: time / 4,
            time: time + time / 4,
            samples: Vec::new(),
        }
    }

    fn wanted(&self) -> bool {
        self.samples.len() < SAMPLES || self.start.elapsed() < self.time
    }

    fn add(&mut self, sample: Duration) {
        if self.start.elapsed() > self.warm_up {
            self.samples.push(sample);
        }
    }

    fn median(mut self) -> u64 {
        self.samples.sort_unstable();
        u64::try_from(self.samples[self.samples.len() / 2].as_nanos()).unwrap_or(u64::MAX)
    }
}
