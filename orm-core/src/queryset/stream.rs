//! `stream`: rows one after the other, with bounded memory.

use super::QuerySet;
use super::read::{RowsReader, statement};
use crate::compiler::Compiled;
use crate::error::{Error, Result};
use crate::exec::{Executor, OwnedHandle};
use crate::model::Model;
use crate::row::Extras;
use futures_util::Stream;
use std::collections::VecDeque;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use tokio::sync::mpsc;

/// So many rows are read ahead, twice.
const PORTION: usize = 256;

/// The rows of a query, as a [`Stream`]. Dropping it ends the query.
pub struct RowStream<T> {
    portions: mpsc::Receiver<Result<Vec<T>>>,
    rows: VecDeque<T>,
}

impl<T: Unpin> Stream for RowStream<T> {
    type Item = Result<T>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<T>>> {
        loop {
            if let Some(row) = self.rows.pop_front() {
                return Poll::Ready(Some(Ok(row)));
            }
            match ready!(self.portions.poll_recv(context)) {
                Some(Ok(rows)) => self.rows = rows.into(),
                Some(Err(error)) => return Poll::Ready(Some(Err(error))),
                None => return Poll::Ready(None),
            }
        }
    }
}

impl<T: Unpin> RowStream<T> {
    /// The next row; without the `Stream` trait.
    ///
    /// # Errors
    /// What the database says.
    pub async fn next(&mut self) -> Option<Result<T>> {
        std::future::poll_fn(|context| Pin::new(&mut *self).poll_next(context)).await
    }
}

impl<M: Model, X: Extras> QuerySet<M, X> {
    /// The rows one after the other, without holding all of them. One query, and for each
    /// `prefetch_related` one for every few hundred rows.
    ///
    /// It holds a connection until it ends or is dropped. A transaction has only one, which the
    /// prefetches need, too: there the rows that nobody has taken yet are kept.
    pub fn stream<E: Executor>(self, db: &E) -> RowStream<X::Row<M>> {
        let (sender, portions) = mpsc::channel(1);
        let db = db.handle().to_owned();
        tokio::spawn(async move {
            if let Err(error) = self.send(&db, &sender).await {
                // Nobody listens any more: then there is nobody to tell.
                sender.send(Err(error)).await.ok();
            }
        });
        RowStream {
            portions,
            rows: VecDeque::new(),
        }
    }

    async fn send(self, db: &OwnedHandle, sender: &mpsc::Sender<Result<Vec<X::Row<M>>>>) -> Result<()> {
        let handle = db.handle();
        let Compiled::Statement(statement) = statement(&self.query, handle)? else {
            return Ok(());
        };
        let reader = RowsReader::<M, X>::new(&statement.columns, self.prefetches.len());
        let (raw_sender, mut raw) = mpsc::channel(1);
        let read = async {
            let sent = handle.fetch_portions(&statement, reader, PORTION, raw_sender).await;
            sent.map_err(|error| (error, ()))
                .or_else(|(error, ())| if sender.is_closed() { Ok(()) } else { Err(error) })
        };
        let forward = async {
            while let Some(rows) = raw.recv().await {
                let rows = self.prefetches.fill::<M, X>(rows, handle).await?;
                if sender.send(Ok(rows)).await.is_err() {
                    break;
                }
            }
            // Dropping the receiver ends the reading.
            drop(raw);
            Ok::<(), Error>(())
        };
        let (read, forward) = tokio::join!(read, forward);
        read.and(forward)
    }
}
