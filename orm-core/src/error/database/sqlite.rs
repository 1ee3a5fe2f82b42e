//! SQLite's messages about constraints; the codes say less.

use super::Broken;
use crate::error::IntegrityKind;

/// The constraint that the message is about, if it is about one.
pub(super) fn broken(message: &str) -> Option<Broken> {
    let (kind, what) = message.split_once(" constraint failed")?;
    let what = what.strip_prefix(": ").unwrap_or_default();
    let kind = match kind {
        "UNIQUE" => IntegrityKind::Unique,
        "NOT NULL" => IntegrityKind::NotNull,
        "CHECK" => return Some(Broken::new(IntegrityKind::Check).constraint(Some(what))),
        "FOREIGN KEY" => return Some(Broken::new(IntegrityKind::ForeignKey)),
        _ => return None,
    };
    if let Some(index) = what.strip_prefix("index '") {
        return Some(Broken::new(kind).constraint(Some(index.trim_end_matches('\''))));
    }
    let places: Vec<(&str, &str)> = what.split(", ").filter_map(|place| place.rsplit_once('.')).collect();
    let table = places.first().map(|(table, _)| *table);
    Some(
        Broken::new(kind)
            .table(table)
            .columns(places.iter().map(|(_, column)| *column)),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_messages() {
        let unique = Broken::new(IntegrityKind::Unique)
            .table(Some("library_librarian"))
            .columns(["library_id"]);
        assert_eq!(
            broken("UNIQUE constraint failed: library_librarian.library_id"),
            Some(unique)
        );
        let unique = Broken::new(IntegrityKind::Unique).table(Some("t")).columns(["a", "b"]);
        assert_eq!(broken("UNIQUE constraint failed: t.a, t.b"), Some(unique));
        let null = Broken::new(IntegrityKind::NotNull).table(Some("t")).columns(["c"]);
        assert_eq!(broken("NOT NULL constraint failed: t.c"), Some(null));
        let check = Broken::new(IntegrityKind::Check).constraint(Some("stock_not_negative"));
        assert_eq!(broken("CHECK constraint failed: stock_not_negative"), Some(check));
        assert_eq!(
            broken("FOREIGN KEY constraint failed"),
            Some(Broken::new(IntegrityKind::ForeignKey))
        );
        assert_eq!(broken("no such table: t"), None);
    }
}
