//! What five workloads cost in allocations, statements and instructions, against `benches/cost.txt`.
//!
//! These numbers do not depend on the clock, so that CI can refuse a change that makes the library
//! slower: `cargo bench --bench cost` fails where one grew by more than 3 %, and
//! `cargo bench --bench cost -- --update` writes them anew, and with `--bench cost_many` after it raises
//! what that program needs more of. Instructions are counted by valgrind's
//! callgrind, where it is installed and the compiler is that of the baseline.

#![allow(missing_docs, reason = "it is a program")]

use orm::prelude::*;
use std::alloc::{GlobalAlloc, Layout, System};
use std::collections::BTreeMap;
use std::process::{Command, ExitCode};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

const BASELINE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/benches/cost.txt");
const WORKLOADS: [&str; 5] = ["get", "load", "tree", "insert_each", "insert_bulk"];
/// Tells the program that it runs within callgrind.
const COUNTED: &str = "ORM_COST_WORKLOAD";
/// So much more than the baseline is still equal, in percent.
const SLACK: u64 = 3;

#[derive(Model, Debug, Clone)]
#[model(app = "cost", table = "users")]
pub struct User {
    pub id: i64,
    pub name: String,
    pub email: String,
}

#[derive(Model, Debug, Clone)]
#[model(app = "cost", table = "posts")]
pub struct Post {
    pub id: i64,
    #[field(related_name = "posts")]
    pub user: ForeignKey<User>,
    pub title: String,
}

#[derive(Model, Debug, Clone)]
#[model(app = "cost", table = "comments")]
pub struct Comment {
    pub id: i64,
    #[field(related_name = "comments")]
    pub post: ForeignKey<Post>,
    pub body: String,
}

const TABLES: &str = "
    CREATE TABLE users (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL, email TEXT NOT NULL);
    CREATE TABLE posts (id INTEGER PRIMARY KEY AUTOINCREMENT, title TEXT NOT NULL,
        user_id INTEGER NOT NULL REFERENCES users (id));
    CREATE INDEX posts_user ON posts (user_id);
    CREATE TABLE comments (id INTEGER PRIMARY KEY AUTOINCREMENT, body TEXT NOT NULL,
        post_id INTEGER NOT NULL REFERENCES posts (id));
    CREATE INDEX comments_post ON comments (post_id);
    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100)
        INSERT INTO users (name, email) SELECT 'user ' || i, i || '@example.com' FROM n;
    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000)
        INSERT INTO posts (title, user_id) SELECT 'post ' || i, i % 100 + 1 FROM n;
    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 10000)
        INSERT INTO comments (body, post_id) SELECT 'comment ' || i, i % 1000 + 1 FROM n;";

/// The rows that a workload saw, so that none is optimized away or read wrongly.
async fn work(db: &Db, workload: &str) -> orm::Result<usize> {
    match workload {
        "get" => {
            let mut seen = 0;
            for key in 1..=1000 {
                let comment = Comment::objects().get(db, |c| c.id().eq(key)).await?;
                seen += usize::from(comment.id == key);
            }
            Ok(seen)
        }
        "load" => Ok(Comment::objects().all(db).await?.len()),
        "tree" => {
            let posts = Post::objects().prefetch_related(|p| p.comments());
            let users = User::objects()
                .prefetch_related(|u| u.posts().using(posts))
                .all(db)
                .await?;
            let posts = users.iter().flat_map(|(_, posts)| posts);
            Ok(posts.map(|(_, comments)| comments.len()).sum())
        }
        "insert_each" => {
            db.atomic(async |tx| {
                let mut seen = 0;
                for number in 0..1000 {
                    let name = format!("new user {number}");
                    let user = User::create().name(name).email("new@example.com").save(&tx).await?;
                    seen += usize::from(user.id > 100);
                }
                Ok(seen)
            })
            .await
        }
        _ => {
            let rows = (0..1000).map(|number| {
                User::create()
                    .name(format!("new user {number}"))
                    .email("new@example.com")
            });
            Ok(User::objects().bulk_create(db, rows).await?.len())
        }
    }
}

fn expected_rows(workload: &str) -> usize {
    if matches!(workload, "load" | "tree") {
        10_000
    } else {
        1000
    }
}

/// What is measured. The name is the one that callgrind looks for.
#[inline(never)]
#[unsafe(no_mangle)]
fn orm_cost_measured(runtime: &tokio::runtime::Runtime, db: &Db, workload: &str) -> orm::Result<usize> {
    runtime.block_on(work(db, workload))
}

/// Runs a workload once to warm the caches up, and once to count.
fn run(workload: &str) -> orm::Result<Cost> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| orm::Error::Other(error.into()))?;
    let db = runtime.block_on(async {
        // Callgrind is slow, and what runs in the blocking pool is not counted.
        let options = orm::DbOptions::new("sqlite::memory:").poll_budget(Duration::from_secs(3600));
        let db = Db::connect_with(options).await?;
        let mut session = db.session().await?;
        session.execute_script(TABLES).await?;
        session.release().await;
        work(&db, workload).await?;
        Ok::<_, orm::Error>(db)
    })?;
    let (statements, allocations) = (db.query_count(), ALLOCATIONS.load(Ordering::Relaxed));
    let seen = orm_cost_measured(&runtime, &db, workload)?;
    let cost = Cost {
        allocations: ALLOCATIONS.load(Ordering::Relaxed) - allocations,
        statements: db.query_count() - statements,
        instructions: None,
    };
    assert_eq!(seen, expected_rows(workload), "{workload} saw the wrong rows");
    Ok(cost)
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Cost {
    allocations: u64,
    statements: u64,
    instructions: Option<u64>,
}

impl Cost {
    /// The higher number of each.
    fn most(self, other: Cost) -> Cost {
        Cost {
            allocations: self.allocations.max(other.allocations),
            statements: self.statements.max(other.statements),
            instructions: self.instructions.max(other.instructions),
        }
    }
}

static ALLOCATIONS: AtomicU64 = AtomicU64::new(0);

/// The system's allocator, and a count.
struct Counting;

// SAFETY: everything is the system's allocator's doing.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        ALLOCATIONS.fetch_add(1, Ordering::Relaxed);
        // SAFETY: as the caller promises.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        // SAFETY: as the caller promises.
        unsafe { System.dealloc(pointer, layout) }
    }

    unsafe fn realloc(&self, pointer: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        ALLOCATIONS.fetch_add(1, Ordering::Relaxed);
        // SAFETY: as the caller promises.
        unsafe { System.realloc(pointer, layout, size) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// The instructions of a workload; `None` without valgrind.
fn instructions(workload: &str) -> Result<Option<u64>, Box<dyn std::error::Error>> {
    let counted = Command::new("valgrind")
        .args(["--tool=callgrind", "--callgrind-out-file=/dev/null"])
        .args(["--collect-atstart=no", "--toggle-collect=orm_cost_measured"])
        .arg(std::env::current_exe()?)
        .env(COUNTED, workload)
        // The C library's functions for strings otherwise depend on the processor.
        .env(
            "GLIBC_TUNABLES",
            "glibc.cpu.hwcaps=-AVX2_Usable,-AVX2,-AVX512F,-ERMS,-FSRM",
        )
        .output();
    let output = match counted {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        other => other?,
    };
    let report = String::from_utf8_lossy(&output.stderr);
    let collected = report
        .lines()
        .find_map(|line| line.split_once("Collected : "))
        .and_then(|(_, count)| count.trim().parse().ok());
    match collected {
        Some(count) if output.status.success() => Ok(Some(count)),
        _ => Err(format!("callgrind failed:\n{report}").into()),
    }
}

fn compiler() -> String {
    let version = Command::new(std::env::var("RUSTC").unwrap_or_else(|_| "rustc".to_owned()))
        .arg("--version")
        .output();
    version.map_or_else(
        |_| "unknown".to_owned(),
        |output| String::from_utf8_lossy(&output.stdout).trim().to_owned(),
    )
}

/// The baseline: its compiler, and the cost of each workload.
fn read_baseline() -> std::io::Result<(String, BTreeMap<String, Cost>)> {
    let text = std::fs::read_to_string(BASELINE)?;
    let compiler = text.lines().find_map(|line| line.strip_prefix("# compiler: "));
    let costs = text.lines().filter(|line| !line.starts_with('#')).filter_map(|line| {
        let mut words = line.split_whitespace();
        let name = words.next()?.to_owned();
        let allocations = words.next()?.parse().ok()?;
        let statements = words.next()?.parse().ok()?;
        let instructions = words.next().and_then(|count| count.parse().ok());
        Some((
            name,
            Cost {
                allocations,
                statements,
                instructions,
            },
        ))
    });
    Ok((compiler.unwrap_or_default().to_owned(), costs.collect()))
}

fn write_baseline(costs: &BTreeMap<String, Cost>) -> std::io::Result<()> {
    let mut text = format!(
        "# What the workloads of `cost.rs` cost: allocations, statements, instructions.\n# compiler: {}\n",
        compiler()
    );
    for (name, cost) in costs {
        let instructions = cost
            .instructions
            .map_or_else(|| "-".to_owned(), |count| count.to_string());
        text += &format!(
            "{name:<12} {:>8} {:>6} {instructions:>12}\n",
            cost.allocations, cost.statements
        );
    }
    std::fs::write(BASELINE, text)
}

/// Says how a number compares, and whether it is too large.
fn compare(workload: &str, what: &str, now: u64, before: u64) -> bool {
    let too_much = now * 100 > before * (100 + SLACK);
    #[allow(clippy::cast_precision_loss, reason = "a percentage for people")]
    let percent = (now as f64 / before.max(1) as f64 - 1.0) * 100.0;
    let verdict = if too_much { "  TOO MUCH" } else { "" };
    println!("{workload:<12} {what:<12} {now:>12} {before:>12} {percent:>+7.1} %{verdict}");
    too_much
}

fn check(costs: &BTreeMap<String, Cost>) -> std::io::Result<bool> {
    let (baseline_compiler, baseline) = read_baseline()?;
    let same_compiler = baseline_compiler == compiler();
    println!("{:<12} {:<12} {:>12} {:>12}", "workload", "count of", "now", "baseline");
    let mut good = true;
    for (name, now) in costs {
        let Some(before) = baseline.get(name) else {
            println!("{name:<12} is not in the baseline");
            good = false;
            continue;
        };
        good &= !compare(name, "allocations", now.allocations, before.allocations);
        good &= !compare(name, "statements", now.statements, before.statements);
        if let (Some(now), Some(before), true) = (now.instructions, before.instructions, same_compiler) {
            good &= !compare(name, "instructions", now, before);
        }
    }
    if !same_compiler {
        println!("Instructions were not compared: the baseline is of {baseline_compiler}.");
    } else if costs.values().any(|cost| cost.instructions.is_none()) {
        println!("Instructions were not counted: valgrind is not installed.");
    }
    Ok(good)
}

fn main() -> Result<ExitCode, Box<dyn std::error::Error>> {
    measure(Update::Anew)
}

/// What `--update` does to the baseline.
#[derive(Clone, Copy, PartialEq)]
pub enum Update {
    /// writes it anew
    Anew,
    /// raises what is more in this program, whose code the compiler has cut otherwise
    Raise,
}

/// Counts, updates the baseline if that is wanted, and compares.
pub fn measure(update: Update) -> Result<ExitCode, Box<dyn std::error::Error>> {
    if let Ok(workload) = std::env::var(COUNTED) {
        run(&workload)?;
        return Ok(ExitCode::SUCCESS);
    }
    let mut costs = BTreeMap::new();
    for workload in WORKLOADS {
        let mut cost = run(workload)?;
        cost.instructions = instructions(workload)?;
        costs.insert(workload.to_owned(), cost);
    }
    if std::env::args().any(|argument| argument == "--update") {
        let before = match update {
            Update::Anew => BTreeMap::new(),
            Update::Raise => read_baseline()?.1,
        };
        let most =
            |(name, now): (&String, &Cost)| (name.clone(), before.get(name).map_or(*now, |before| now.most(*before)));
        write_baseline(&costs.iter().map(most).collect())?;
    }
    if check(&costs)? {
        return Ok(ExitCode::SUCCESS);
    }
    eprintln!(
        "A workload costs more than before. If it must, run: cargo bench --bench cost --bench cost_many -- --update"
    );
    Ok(ExitCode::FAILURE)
}
