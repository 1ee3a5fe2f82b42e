//! `Saving`: a new row on its way.

use super::Insert;
use super::insert::Now;
use crate::error::Result;
use crate::exec::{BoxFuture, Handle};
use crate::model::Model;
use std::pin::Pin;
use std::task::{Context, Poll};

/// The future of a new row, as `save` of a builder gives it.
///
/// Where nothing is to be waited for, in a transaction of SQLite, the row is written when it is first
/// polled, and nothing is kept for later.
#[must_use = "nothing is written before it is awaited"]
pub struct Saving<'e, M>(State<'e, M>);

enum State<'e, M> {
    Begun(Insert<M>, Handle<'e>),
    Running(BoxFuture<'e, M>),
    Ended,
}

impl<'e, M> Saving<'e, M> {
    pub(super) fn new(insert: Insert<M>, db: Handle<'e>) -> Self {
        Saving(State::Begun(insert, db))
    }
}

impl<M: Model> Future for Saving<'_, M> {
    type Output = Result<M>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let mut running: BoxFuture<'_, M> = match std::mem::replace(&mut self.0, State::Ended) {
            State::Begun(insert, db) => match insert.run_now(db) {
                Ok(Now::Written { row, owes: false }) => return Poll::Ready(Ok(row)),
                Ok(Now::Written { row, owes: true }) => Box::pin(async move {
                    tokio::task::yield_now().await;
                    Ok(row)
                }),
                Ok(Now::NotYet(insert)) => Box::pin(insert.run(db)),
                Err(error) => return Poll::Ready(Err(error)),
            },
            State::Running(running) => running,
            State::Ended => return Poll::Pending,
        };
        let poll = running.as_mut().poll(context);
        if poll.is_pending() {
            self.0 = State::Running(running);
        }
        poll
    }
}
