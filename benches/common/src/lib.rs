//! What all peers share: the workloads, their rows, their checksums, and how they are timed.

mod args;
mod checksum;
pub mod data;
pub mod rows;
mod run;
pub mod schema;
mod workloads;

pub use args::Args;
pub use checksum::{Checksum, fields};
#[cfg(feature = "tokio")]
pub use run::on_tokio;
pub use run::{report, without_runtime};
pub use workloads::{Unmeasured, Workloads};

pub type Result<T> = std::result::Result<T, Box<dyn std::error::Error + Send + Sync>>;
