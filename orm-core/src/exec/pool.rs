//! The connections that are kept open.
//!
//! sqlx's own pool tests each connection on its way back, which costs a round trip and a task a
//! query. This one gives a connection back in the moment that its lease is dropped, and tests it
//! only after it was idle for long. A connection whose statement was interrupted is closed.

use super::connection::{Connection, Connector};
use super::lease::Lease;
use super::lock;
use super::url::unreachable;
use crate::error::{Error, Result, connecting};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Idle for so long, a connection is tested before its next use.
const TEST_AFTER: Duration = Duration::from_secs(30);
/// Idle for so long, a connection is closed.
const IDLE_TIMEOUT: Duration = Duration::from_secs(10 * 60);
/// So old, a connection to a server is closed.
const MAX_LIFETIME: Duration = Duration::from_secs(30 * 60);

/// Connections to one database that are all alike.
pub(crate) struct Pool {
    connector: Connector,
    settings: PoolSettings,
    permits: Arc<Semaphore>,
    #[allow(clippy::vec_box, reason = "they are moved with every statement")]
    idle: Mutex<Vec<Box<Idle>>>,
}

pub(crate) struct PoolSettings {
    pub(crate) url: String,
    pub(crate) max: u32,
    pub(crate) min: u32,
    pub(crate) acquire_timeout: Duration,
    /// whether connections come and go; those of SQLite stay
    pub(crate) expires: bool,
    /// what may help someone who waited in vain
    pub(crate) advice: &'static str,
}

/// A connection, on its way in or out.
pub(crate) struct Idle {
    pub(crate) connection: Connection,
    pub(crate) created: Instant,
    pub(crate) since: Instant,
    /// a transaction may be open in it
    pub(crate) dirty: bool,
}

impl Pool {
    pub(crate) fn new(connector: Connector, settings: PoolSettings) -> Arc<Self> {
        let permits = Arc::new(Semaphore::new(settings.max as usize));
        let pool = Arc::new(Pool {
            connector,
            settings,
            permits,
            idle: Mutex::new(Vec::new()),
        });
        pool.connector.attach(&pool);
        pool
    }

    /// Where its connections go.
    pub(crate) fn url(&self) -> &str {
        &self.settings.url
    }

    /// Whether there is one connection for everything, so that whoever holds it must not wait for another.
    pub(crate) fn is_single(&self) -> bool {
        self.settings.max == 1
    }

    /// A connection, if one is there that needs nothing.
    pub(crate) fn try_acquire(self: &Arc<Self>) -> Option<Lease> {
        let permit = Arc::clone(&self.permits).try_acquire_owned().ok()?;
        self.ready(permit).ok()
    }

    /// A connection, in its turn.
    pub(crate) async fn acquire(self: &Arc<Self>) -> Result<Lease> {
        let timeout = self.settings.acquire_timeout;
        let permit = match Arc::clone(&self.permits).try_acquire_owned() {
            Ok(permit) => permit,
            Err(_) => tokio::time::timeout(timeout, Arc::clone(&self.permits).acquire_owned())
                .await
                .map_err(|_| self.busy())?
                .map_err(|_| unreachable(&self.settings.url, "the database was closed"))?,
        };
        // Most often one is there that needs nothing, and no clock for how long that takes.
        let permit = match self.ready(permit) {
            Ok(lease) => return Ok(lease),
            Err(permit) => permit,
        };
        match tokio::time::timeout(timeout, self.connection(permit)).await {
            Ok(lease) => lease,
            Err(_) => Err(unreachable(&self.settings.url, format!("no answer within {timeout:?}"))),
        }
    }

    /// The connection that was used last, if it can be used as it is.
    fn ready(self: &Arc<Self>, permit: OwnedSemaphorePermit) -> Result<Lease, OwnedSemaphorePermit> {
        let last = lock(&self.idle).pop_if(|idle| !idle.dirty && !self.must_test(idle));
        match last {
            Some(idle) => Ok(Lease::new(Arc::clone(self), idle, permit)),
            None => Err(permit),
        }
    }

    fn must_test(&self, idle: &Idle) -> bool {
        self.settings.expires && idle.since.elapsed() > TEST_AFTER
    }

    async fn connection(self: &Arc<Self>, mut permit: OwnedSemaphorePermit) -> Result<Lease> {
        loop {
            // In a statement of its own: the lock must not be held while waiting.
            let idle = lock(&self.idle).pop();
            let Some(idle) = idle else { break };
            let test = self.must_test(&idle);
            let mut lease = Lease::new(Arc::clone(self), idle, permit);
            match lease.make_ready(test).await {
                Ok(()) => return Ok(lease),
                Err(error) => tracing::debug!(target: "orm::pool", %error, "an idle connection was lost"),
            }
            match lease.discard() {
                Some(returned) => permit = returned,
                None => return Err(self.busy()),
            }
        }
        let connection = self
            .connector
            .connect()
            .await
            .map_err(|error| connecting(error, &self.settings.url))?;
        let now = Instant::now();
        Ok(Lease::new(
            Arc::clone(self),
            Box::new(Idle {
                connection,
                created: now,
                since: now,
                dirty: false,
            }),
            permit,
        ))
    }

    /// Takes a connection back.
    pub(crate) fn put_back(&self, mut idle: Box<Idle>) {
        if self.permits.is_closed() {
            return;
        }
        if !self.settings.expires {
            lock(&self.idle).push(idle);
            return;
        }
        let now = Instant::now();
        idle.since = now;
        if now.duration_since(idle.created) > MAX_LIFETIME {
            return;
        }
        let mut kept = lock(&self.idle);
        kept.push(idle);
        // The one that was idle for the longest is the first: the last is taken first.
        if kept.len() > self.settings.min as usize
            && kept
                .first()
                .is_some_and(|first| now.duration_since(first.since) > IDLE_TIMEOUT)
        {
            let expired = kept.remove(0);
            drop(kept);
            drop(expired);
        }
    }

    /// Opens the first connections.
    pub(crate) async fn open(self: &Arc<Self>) -> Result<()> {
        let mut leases = Vec::new();
        for _ in 0..self.settings.min.clamp(1, self.settings.max) {
            leases.push(self.acquire().await?);
        }
        Ok(())
    }

    /// Waits for all leases to end, and closes the connections.
    pub(crate) async fn close(&self) {
        let all = self.permits.acquire_many(self.settings.max).await;
        self.permits.close();
        drop(all);
        let idle = std::mem::take(&mut *lock(&self.idle));
        for idle in idle {
            if let Err(error) = idle.connection.close().await {
                tracing::debug!(target: "orm::pool", %error, "a connection was not closed in order");
            }
        }
    }

    fn busy(&self) -> Error {
        let message = format!(
            "no connection became free within {:?} (there {} {}); {}",
            self.settings.acquire_timeout,
            if self.is_single() { "is" } else { "are" },
            self.settings.max,
            self.settings.advice,
        );
        unreachable(&self.settings.url, message)
    }
}
