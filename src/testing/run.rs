//! `run`: one test on one fresh database.

use super::{DatabaseKind, Outcome, TestDatabase};
use orm_core::exec::Db;
use std::future::Future;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use tokio::runtime::{Builder, Runtime};

/// Runs a test on a fresh database with the tables of these apps (of all, if none is named), and
/// drops the database afterwards, whatever became of the test.
///
/// `#[orm::test]` calls it from the function that the test runner sees. Where no database can be
/// made, the test fails.
#[track_caller]
pub fn run<F, Fut>(kind: DatabaseKind, apps: &[&str], test: F)
where
    F: FnOnce(Db) -> Fut,
    Fut: Future<Output: Outcome>,
{
    let failure = match runtime() {
        Ok(runtime) => on_runtime(&runtime, kind, apps, test),
        Err(error) => Some(format!("cannot start a runtime: {error}")),
    };
    if let Some(failure) = failure {
        fail(&failure);
    }
}

fn runtime() -> std::io::Result<Runtime> {
    Builder::new_multi_thread().worker_threads(2).enable_all().build()
}

fn on_runtime<F, Fut>(runtime: &Runtime, kind: DatabaseKind, apps: &[&str], test: F) -> Option<String>
where
    F: FnOnce(Db) -> Fut,
    Fut: Future<Output: Outcome>,
{
    let database = match runtime.block_on(TestDatabase::create(kind, apps)) {
        Ok(database) => database,
        Err(error) => return Some(format!("no {} database for this test: {error}", kind.name())),
    };
    let db = database.db().clone();
    let outcome = catch_unwind(AssertUnwindSafe(|| {
        runtime.block_on(async { test(db).await.failure() })
    }));
    let removed = runtime.block_on(database.remove());
    match outcome {
        Ok(None) => removed
            .err()
            .map(|error| format!("cannot drop the test's database: {error}")),
        Ok(failure) => failure,
        Err(panic) => resume_unwind(panic),
    }
}

#[expect(clippy::panic, reason = "this is how a test fails")]
#[track_caller]
fn fail(message: &str) -> ! {
    panic!("{message}")
}
