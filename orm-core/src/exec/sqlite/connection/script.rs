//! Scripts: any number of statements, which are not kept.

use super::super::error::SqliteError;
use super::super::raw::{Raw, Step};
use super::run::Run;
use super::{SqliteConnection, done};
use crate::exec::outcome::{Done, Failure};
use std::sync::Arc;

impl SqliteConnection {
    /// Runs any number of statements without keeping them, in the blocking pool.
    pub(crate) async fn script(&mut self, sql: &str) -> Result<Done, Failure> {
        let before = self.here().await?.total_changes();
        let sql: Arc<str> = sql.into();
        let mut from = 0;
        loop {
            let mut run = Run::new(self, "", true);
            run.connection.watch.begin(false);
            let text = Arc::clone(&sql);
            let (next, result) = run.elsewhere(move |raw| script(raw, &text, from)).await?;
            let Err(error) = result else { break };
            from = next;
            if !error.is_busy() || !run.waiting.wait(run.connection.busy_timeout).await {
                return Err(error.into());
            }
        }
        Ok(done(self.here().await?, before))
    }
}

/// Runs the statements from that byte on; with an error, the byte where the failed one begins.
fn script(raw: &mut Raw, sql: &str, from: usize) -> (usize, Result<(), SqliteError>) {
    let mut at = from;
    while let Some(rest) = sql.get(at..).filter(|rest| !rest.is_empty()) {
        match raw.start_first(rest).and_then(|next| to_the_end(raw).map(|()| next)) {
            Ok(next) => at = sql.len() - next.len(),
            Err(error) => {
                raw.stop();
                return (at, Err(error));
            }
        }
    }
    raw.stop();
    (at, Ok(()))
}

fn to_the_end(raw: &mut Raw) -> Result<(), SqliteError> {
    loop {
        match raw.step()? {
            Step::Row => {}
            Step::Done => return Ok(()),
            Step::Busy | Step::OutOfTime => return Err(SqliteError::busy()),
        }
    }
}
