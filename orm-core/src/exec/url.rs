//! Database URLs: which server they mean, and how they are shown.

use crate::error::{Error, Result};

/// The databases that a URL can name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Scheme {
    Sqlite,
    Postgres,
    MySql,
}

impl Scheme {
    /// The one of this URL, where its feature is on.
    pub(crate) fn of(url: &str) -> Result<Self> {
        let name = url.split(':').next().unwrap_or_default();
        let (scheme, feature, enabled) = match name {
            "sqlite" => (Scheme::Sqlite, "sqlite", cfg!(feature = "sqlite")),
            "postgres" | "postgresql" => (Scheme::Postgres, "postgres", cfg!(feature = "postgres")),
            "mysql" | "mariadb" => (Scheme::MySql, "mysql", cfg!(feature = "mysql")),
            _ => {
                let message = "the URL must begin with sqlite:, postgres://, postgresql://, mysql:// or mariadb://";
                return Err(unreachable(url, message));
            }
        };
        if enabled {
            return Ok(scheme);
        }
        let message =
            format!("support for it is not compiled in; add the feature {feature:?} of the crate `orm` in Cargo.toml");
        Err(unreachable(url, message))
    }
}

/// The error for a URL.
pub(crate) fn unreachable(url: &str, message: impl Into<String>) -> Error {
    Error::Connection {
        url: redacted(url),
        message: message.into(),
    }
}

/// The URL without its password.
pub(crate) fn redacted(url: &str) -> String {
    let (address, query) = url
        .split_once('?')
        .map_or((url, None), |(address, query)| (address, Some(query)));
    let mut shown = hide_user_password(address).unwrap_or_else(|| address.to_owned());
    if let Some(query) = query {
        let parts: Vec<&str> = query
            .split('&')
            .map(|part| {
                if part.starts_with("password=") {
                    "password=***"
                } else {
                    part
                }
            })
            .collect();
        shown.push('?');
        shown.push_str(&parts.join("&"));
    }
    shown
}

fn hide_user_password(address: &str) -> Option<String> {
    let (scheme, rest) = address.split_once("://")?;
    let (user, host) = rest.rsplit_once('@')?;
    let (user, _) = user.split_once(':')?;
    Some(format!("{scheme}://{user}:***@{host}"))
}

/// The name of the database: the last part of the path.
pub(crate) fn database(url: &str) -> &str {
    let path = url.split('?').next().unwrap_or_default();
    path.rsplit('/').next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::{database, redacted};

    #[test]
    fn hides_passwords() {
        assert_eq!(
            redacted("postgres://bob:s@/cret@host:5432/library"),
            "postgres://bob:***@host:5432/library"
        );
        assert_eq!(
            redacted("postgres://host/library?password=x&sslmode=off"),
            "postgres://host/library?password=***&sslmode=off"
        );
        assert_eq!(redacted("sqlite://library.db"), "sqlite://library.db");
        assert_eq!(database("mysql://root@localhost/library?charset=x"), "library");
    }
}
