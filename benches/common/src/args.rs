//! The arguments of each peer's program: `PROGRAM DATABASE URL`.

use crate::Result;

pub struct Args {
    /// `sqlite`, `postgres` or `mysql`.
    pub database: String,
    /// The file of SQLite, the URL of a server.
    pub url: String,
}

impl Args {
    /// # Errors
    /// Says how the program is called.
    pub fn parse() -> Result<Self> {
        let [database, url] = std::env::args()
            .skip(1)
            .collect::<Vec<_>>()
            .try_into()
            .map_err(|_| "usage: PROGRAM sqlite|postgres|mysql URL")?;
        Ok(Args { database, url })
    }
}
