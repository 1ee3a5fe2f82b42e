//! Where the rows of a stream go, in portions.

use tokio::sync::mpsc::Sender;
use tokio::sync::mpsc::error::TrySendError;

/// How many rows were read, and whether those were all.
pub(crate) struct Portions {
    pub(crate) rows: u64,
    pub(crate) complete: bool,
}

/// Where portions of rows go.
pub(crate) struct Sink<T> {
    pub(crate) size: usize,
    pub(crate) to: Sender<Vec<T>>,
    /// keep what the receiver does not take at once
    pub(crate) buffered: bool,
    pub(crate) left: std::collections::VecDeque<Vec<T>>,
}

/// The same, for a thread that may wait.
#[cfg(feature = "sqlite")]
pub(crate) struct ThreadSink<T> {
    to: Sender<Vec<T>>,
    buffered: bool,
    /// what was kept
    pub(crate) left: Vec<Vec<T>>,
}

#[cfg(feature = "sqlite")]
impl<T> ThreadSink<T> {
    /// Whether anybody still wants rows.
    pub(crate) fn send(&mut self, portion: Vec<T>) -> bool {
        if self.buffered {
            self.left.push(portion);
            return !self.to.is_closed();
        }
        self.to.blocking_send(portion).is_ok()
    }
}

impl<T> Sink<T> {
    /// The same, for a thread that may wait.
    #[cfg(feature = "sqlite")]
    pub(crate) fn on_thread(&self) -> ThreadSink<T> {
        ThreadSink {
            to: self.to.clone(),
            buffered: self.buffered,
            left: Vec::new(),
        }
    }

    /// Whether anybody still wants rows.
    pub(crate) async fn send(&mut self, portion: Vec<T>) -> bool {
        if !self.buffered {
            return self.to.send(portion).await.is_ok();
        }
        self.left.push_back(portion);
        while let Some(next) = self.left.pop_front() {
            match self.to.try_send(next) {
                Ok(()) => {}
                Err(TrySendError::Full(next)) => {
                    self.left.push_front(next);
                    return true;
                }
                Err(TrySendError::Closed(_)) => return false,
            }
        }
        true
    }

    /// Sends what was kept.
    pub(crate) async fn finish(mut self) {
        while let Some(portion) = self.left.pop_front() {
            if self.to.send(portion).await.is_err() {
                return;
            }
        }
    }
}
