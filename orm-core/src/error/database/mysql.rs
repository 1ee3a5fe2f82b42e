//! The messages of MySQL and MariaDB about constraints.

use super::Broken;
use crate::error::IntegrityKind;

pub(super) const UNKNOWN_ZONE: &str = "The server knows no time zone of that name. Perhaps its time zone tables are \
                                       empty: mysql_tzinfo_to_sql fills them.";

/// Whether it is the error that stands for a time zone of an unknown name: see the functions of zones.
pub(super) fn is_unknown_zone(number: u16, message: &str, sql: &str) -> bool {
    number == 1690 && sql.contains("CAST(~0 + YEAR(") && message.to_ascii_lowercase().contains("year(")
}

/// The constraint that the error is about, if it is about one.
pub(super) fn broken(number: u16, message: &str, sql: &str) -> Option<Broken> {
    match number {
        1062 | 1586 | 1169 => Some(unique(message, sql)),
        1451 | 1452 | 1216 | 1217 => Some(foreign_key(message)),
        1048 | 1364 => {
            let column = first_between(message, '\'');
            Some(Broken::new(IntegrityKind::NotNull).table(target(sql)).columns(column))
        }
        3819 => Some(
            Broken::new(IntegrityKind::Check)
                .constraint(first_between(message, '\''))
                .table(target(sql)),
        ),
        // An unsigned column that would get less than nothing: elsewhere a constraint sees to that.
        1690 => Some(Broken::new(IntegrityKind::Check).table(target(sql))),
        4025 => {
            let names = quoted(message);
            Some(
                Broken::new(IntegrityKind::Check)
                    .constraint(names.first().copied())
                    .table(names.last().copied()),
            )
        }
        _ => None,
    }
}

/// `Duplicate entry '1' for key 'name'`, with `table.` before the name in MySQL 8
fn unique(message: &str, sql: &str) -> Broken {
    let key = message.rsplit_once(" '").map(|(_, key)| key.trim_end_matches('\''));
    let (table, name) = match key.and_then(|key| key.split_once('.')) {
        Some((table, name)) => (Some(table), Some(name)),
        None => (target(sql), key),
    };
    Broken::new(IntegrityKind::Unique).constraint(name).table(table)
}

/// ``(`database`.`table`, CONSTRAINT `name` FOREIGN KEY (`column`) REFERENCES `other` (`id`))``
fn foreign_key(message: &str) -> Broken {
    let broken = Broken::new(IntegrityKind::ForeignKey);
    let Some((place, rest)) = message.split_once(", CONSTRAINT ") else {
        return broken;
    };
    let Some((name, rest)) = rest.split_once(" FOREIGN KEY ") else {
        return broken;
    };
    let columns = rest.split_once(" REFERENCES ").map_or(rest, |(columns, _)| columns);
    broken
        .constraint(quoted(name).first().copied())
        .table(quoted(place).last().copied())
        .columns(quoted(columns))
}

/// The table that a statement changes.
fn target(sql: &str) -> Option<&str> {
    let verb = sql.split_whitespace().next()?;
    ["INSERT", "UPDATE", "DELETE", "REPLACE"]
        .contains(&verb)
        .then(|| quoted(sql).first().copied())
        .flatten()
}

/// What stands in backticks.
fn quoted(text: &str) -> Vec<&str> {
    text.split('`').skip(1).step_by(2).collect()
}

fn first_between(text: &str, quote: char) -> Option<&str> {
    text.split(quote).nth(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_messages() {
        let insert = "INSERT INTO `library_library` (`name`) VALUES (?)";
        let unique = |table, name| {
            Some(
                Broken::new(IntegrityKind::Unique)
                    .table(Some(table))
                    .constraint(Some(name)),
            )
        };
        assert_eq!(
            broken(1062, "Duplicate entry 'it''s' for key 'name'", insert),
            unique("library_library", "name")
        );
        assert_eq!(
            broken(1062, "Duplicate entry '1' for key 't.PRIMARY'", insert),
            unique("t", "PRIMARY")
        );
        let message = "Cannot add or update a child row: a foreign key constraint fails (`db`.`library_patron`, CONSTRAINT \
             `x_fk` FOREIGN KEY (`library_id`) REFERENCES `library_library` (`id`))";
        let key = Broken::new(IntegrityKind::ForeignKey);
        let key = key
            .table(Some("library_patron"))
            .constraint(Some("x_fk"))
            .columns(["library_id"]);
        assert_eq!(broken(1452, message, insert), Some(key));
        let null = Broken::new(IntegrityKind::NotNull)
            .table(Some("library_library"))
            .columns(["name"]);
        assert_eq!(broken(1048, "Column 'name' cannot be null", insert), Some(null));
        let check = Broken::new(IntegrityKind::Check)
            .table(Some("t"))
            .constraint(Some("positive"));
        assert_eq!(
            broken(4025, "CONSTRAINT `positive` failed for `db`.`t`", insert),
            Some(check)
        );
        assert_eq!(broken(1146, "Table 'x' doesn't exist", insert), None);
    }
}
