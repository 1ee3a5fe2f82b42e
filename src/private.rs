//! What the output of the macros calls. Not for users: it may change with any version.

pub use orm_core::private::*;

#[cfg(feature = "cli")]
pub use orm_cli::manage;
