//! Every statement can be seen: as an event, in a count, as text.

use super::models::*;
use orm::prelude::*;
use std::fmt::Debug;
use std::sync::{Arc, Mutex};
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Level, Metadata, Subscriber};

/// Collects the events of `orm::sql`, one line each, up to a level.
struct Collector {
    lines: Arc<Mutex<Vec<String>>>,
    level: Level,
}

struct Line(String);

impl Visit for Line {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        self.0 += &format!("{}={value:?} ", field.name());
    }
}

impl Subscriber for Collector {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.target() == "orm::sql" && metadata.level() <= &self.level
    }

    fn new_span(&self, _: &Attributes<'_>) -> Id {
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, _: &Record<'_>) {}

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn event(&self, event: &Event<'_>) {
        let mut line = Line(String::new());
        event.record(&mut line);
        self.lines.lock().expect("no test panics while it writes").push(line.0);
    }

    fn enter(&self, _: &Id) {}

    fn exit(&self, _: &Id) {}
}

async fn seen(db: &Db, level: Level) -> orm::Result<String> {
    let lines = Arc::default();
    let collector = Collector {
        lines: Arc::clone(&lines),
        level,
    };
    let guard = tracing::subscriber::set_default(collector);
    Author::objects().filter(q!(name = "a secret")).all(db).await?;
    drop(guard);
    let lines = lines.lock().expect("no test panics while it writes");
    Ok(lines.join("\n"))
}

#[orm::test(apps = ["shop"])]
async fn events_show_values_at_trace_level_only(db: Db) -> orm::Result<()> {
    let debug = seen(&db, Level::DEBUG).await?;
    assert!(
        debug.contains("SELECT") && debug.contains("rows=0") && debug.contains("elapsed="),
        "{debug}"
    );
    assert!(!debug.contains("a secret"), "{debug}");
    let trace = seen(&db, Level::TRACE).await?;
    assert!(trace.contains("a secret"), "{trace}");
    Ok(())
}

#[orm::test(apps = ["shop"])]
async fn statements_are_counted_and_captured(db: Db) -> orm::Result<()> {
    let before = db.query_count();
    let captured = db.capture_queries();
    db.atomic(async |tx| Author::create().name("Ada").save(&tx).await)
        .await?;
    assert_eq!(db.query_count() - before, 1);
    let queries = captured.queries();
    assert!(
        queries.len() == 1 && queries[0].starts_with("INSERT INTO"),
        "{queries:?}"
    );
    Ok(())
}
