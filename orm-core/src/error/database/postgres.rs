//! PostgreSQL's errors about constraints.

use super::Broken;
use crate::error::IntegrityKind;
use sqlx::postgres::PgDatabaseError;

/// What SQLSTATE 25P02 means to a user; Django's advice.
pub(super) const ABORTED: &str = "an earlier statement in it failed, and PostgreSQL ignores what follows until the end; \
     to go on after an error, put the call that may fail into an `atomic` of its own";

/// Whether it is about a time zone of an unknown name: the functions that look for one say so, in
/// whatever language.
pub(super) fn is_unknown_zone(error: &PgDatabaseError) -> bool {
    let looks = [
        "timestamptz_zone",
        "timestamp_zone",
        "timetz_zone",
        "DecodeTimezoneName",
    ];
    error.code() == "22023" && error.routine().is_some_and(|routine| looks.contains(&routine))
}

/// The constraint that the error is about, if it is about one.
pub(super) fn broken(error: &PgDatabaseError) -> Option<Broken> {
    let kind = match error.code() {
        "23505" => IntegrityKind::Unique,
        "23503" => IntegrityKind::ForeignKey,
        "23502" => IntegrityKind::NotNull,
        "23514" => IntegrityKind::Check,
        _ => return None,
    };
    let mut broken = Broken::new(kind).constraint(error.constraint()).table(error.table());
    if let Some(column) = error.column() {
        broken = broken.columns([column]);
    } else if let Some(detail) = error.detail() {
        // Of a deleted row it tells the key of that row and then our table, not the key that refers to it.
        let about_target = kind == IntegrityKind::ForeignKey && last_quoted(detail) == error.table();
        if !about_target {
            broken = broken.columns(columns(detail));
        }
    }
    Some(broken)
}

/// `Key (a, b)=(1, 2) already exists.`, in whatever language; expressions are no columns.
fn columns(detail: &str) -> Vec<&str> {
    let names = detail
        .split_once('(')
        .and_then(|(_, rest)| rest.split_once(")=("))
        .map(|(names, _)| names);
    let names: Vec<&str> = names
        .into_iter()
        .flat_map(|names| names.split(", "))
        .map(|name| name.trim_matches('"'))
        .collect();
    if names.iter().any(|name| name.contains(['(', ')', ':', ' '])) {
        Vec::new()
    } else {
        names
    }
}

fn last_quoted(text: &str) -> Option<&str> {
    let (before, _) = text.rsplit_once('"')?;
    before.rsplit_once('"').map(|(_, name)| name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_details() {
        assert_eq!(columns("Key (a, \"order\")=(1, 2) already exists."), ["a", "order"]);
        assert_eq!(columns("Key (lower(name))=(x) already exists."), [""; 0]);
        assert_eq!(columns("Failing row contains (1)."), [""; 0]);
        assert_eq!(
            last_quoted("Key (id)=(1) is still referenced from table \"library_patron\"."),
            Some("library_patron")
        );
    }
}
