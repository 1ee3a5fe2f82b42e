//! Which database server a `Db` talks to.

/// The database behind a `Db`, with what its version decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Backend {
    /// SQLite, inside the process
    Sqlite,
    /// PostgreSQL
    Postgres,
    /// MySQL or MariaDB
    MySql {
        /// MariaDB rather than MySQL
        mariadb: bool,
        /// major and minor version
        version: (u16, u16),
    },
}

impl Backend {
    /// The name that people use.
    pub fn name(self) -> &'static str {
        match self {
            Backend::Sqlite => "SQLite",
            Backend::Postgres => "PostgreSQL",
            Backend::MySql { mariadb: true, .. } => "MariaDB",
            Backend::MySql { mariadb: false, .. } => "MySQL",
        }
    }

    /// Whether the type `uuid` exists (MariaDB has it since 10.7).
    pub fn has_native_uuid(self) -> bool {
        match self {
            Backend::Sqlite => false,
            Backend::Postgres => true,
            Backend::MySql { mariadb, version } => mariadb && version >= (10, 7),
        }
    }

    /// Whether an INSERT can give back columns of the new rows.
    pub fn has_returning(self) -> bool {
        match self {
            Backend::Sqlite | Backend::Postgres => true,
            Backend::MySql { mariadb, version } => mariadb && version >= (10, 5),
        }
    }
}
