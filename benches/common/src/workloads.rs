//! The workloads: what each peer does its own best way.

use crate::data::NewItem;
use crate::{Checksum, Result};

/// A peer, connected. What it leaves out is not measured.
pub trait Workloads: Send {
    type Item: Checksum + Send;
    /// A comment with its post.
    type Pair: Checksum + Send;
    /// A user with their posts with their comments.
    type Tree: Checksum + Send;
    /// A row of `inserts`; its checksum leaves out the key.
    type Insert: Checksum + Send;

    /// One row of `items` by its key.
    fn get(&mut self, key: i64) -> impl Future<Output = Result<Self::Item>> + Send;

    /// All rows of `items`.
    fn load(&mut self) -> impl Future<Output = Result<Vec<Self::Item>>> + Send {
        async { Err(Unmeasured.into()) }
    }

    /// All comments, each with its post.
    fn join(&mut self) -> impl Future<Output = Result<Vec<Self::Pair>>> + Send {
        async { Err(Unmeasured.into()) }
    }

    /// All users, the posts of these users, the comments of these posts.
    fn tree(&mut self) -> impl Future<Output = Result<Vec<Self::Tree>>> + Send {
        async { Err(Unmeasured.into()) }
    }

    /// These rows into `inserts`, one by one in one transaction; gives the key of each.
    fn insert_each(&mut self, rows: &[NewItem]) -> impl Future<Output = Result<Vec<i64>>> + Send {
        let _ = rows;
        async { Err(Unmeasured.into()) }
    }

    /// These rows into `inserts`, at once.
    fn insert_bulk(&mut self, rows: &[NewItem]) -> impl Future<Output = Result<()>> + Send {
        let _ = rows;
        async { Err(Unmeasured.into()) }
    }

    /// These rows into `inserts`, at once; gives the key of each.
    fn insert_bulk_ids(&mut self, rows: &[NewItem]) -> impl Future<Output = Result<Vec<i64>>> + Send {
        let _ = rows;
        async { Err(Unmeasured.into()) }
    }

    /// The rows of `inserts`; not timed.
    fn inserted(&mut self) -> impl Future<Output = Result<Vec<Self::Insert>>> + Send {
        async { Err(Unmeasured.into()) }
    }

    /// Empties `inserts`; not timed.
    fn clear(&mut self) -> impl Future<Output = Result<()>> + Send {
        async { Err(Unmeasured.into()) }
    }
}

/// The error of a workload that a peer leaves out.
#[derive(Debug)]
pub struct Unmeasured;

impl std::fmt::Display for Unmeasured {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("this peer leaves this workload out")
    }
}

impl std::error::Error for Unmeasured {}
