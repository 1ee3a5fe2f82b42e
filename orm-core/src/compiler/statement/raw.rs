//! SQL of the user's own: its placeholders `{}` become those of the database.

use crate::compiler::write::Writer;
use crate::dialect;
use crate::error::{Error, Result};
use crate::exec::{Backend, Statement, Work};
use crate::value::Value;

/// The statement for SQL in which `{}` stands for each argument, outside of quotes and comments.
pub(crate) fn raw(sql: &str, args: &[Value], backend: Backend) -> Result<Statement> {
    let mut writer = Writer::new(backend);
    let mut given = args.iter();
    let (mut found, mut work, mut first) = (0, Work::Read, true);
    let mut rest = sql;
    while let Some(next) = rest.chars().next() {
        let quoted = quoted(rest, backend);
        if quoted > 0 {
            writer.push(&rest[..quoted]);
            rest = &rest[quoted..];
        } else if let Some(after) = rest.strip_prefix("{}") {
            found += 1;
            if let Some(value) = given.next() {
                dialect::of(backend).value(&mut writer, &value.clone().into());
            }
            rest = after;
        } else if is_placeholder(rest, backend) {
            return Err(Error::Query(format!(
                "the SQL has a {next}: arguments are written {{}}, and bound"
            )));
        } else if next.is_alphabetic() || next == '_' {
            let end = rest.find(|c: char| !c.is_alphanumeric() && c != '_' && c != '$');
            let (word, after) = rest.split_at(end.unwrap_or(rest.len()));
            if changes(word, std::mem::take(&mut first)) {
                work = Work::WriteAny;
            }
            writer.push(word);
            rest = after;
        } else {
            let (one, after) = rest.split_at(next.len_utf8());
            writer.push(one);
            rest = after;
        }
    }
    if found != args.len() {
        return Err(Error::Query(format!(
            "the SQL has {found} placeholders {{}}, and is given {} arguments",
            args.len()
        )));
    }
    Ok(writer.finish(Vec::new(), work))
}

/// Whether one of the database's own placeholders begins here, which would have no argument.
fn is_placeholder(text: &str, backend: Backend) -> bool {
    let mut chars = text.chars();
    match (chars.next(), backend) {
        (Some('?'), Backend::Sqlite | Backend::MySql { .. }) => true,
        (Some(':' | '@' | '$'), Backend::Sqlite) => chars.next().is_some_and(|c| c.is_alphanumeric() || c == '_'),
        _ => false,
    }
}

/// Whether a statement with that word outside of quotes may change rows. One that is taken to change
/// some and does not costs nothing but its turn.
fn changes(word: &str, first: bool) -> bool {
    let is_one_of = |words: &[&str]| words.iter().any(|known| known.eq_ignore_ascii_case(word));
    if first {
        return !is_one_of(&["SELECT", "WITH", "VALUES", "EXPLAIN", "TABLE", "SHOW"]);
    }
    is_one_of(&["INSERT", "UPDATE", "DELETE", "MERGE", "REPLACE", "INTO"])
}

/// How long the quoted text, the quoted name or the comment is that begins here; 0 where none does.
fn quoted(text: &str, backend: Backend) -> usize {
    let mysql = matches!(backend, Backend::MySql { .. });
    let line = |text: &str| text.find('\n').unwrap_or(text.len());
    let bytes = text.as_bytes();
    match bytes {
        [b'\'', ..] => string(bytes, 0, mysql),
        [b'"', ..] => string(bytes, 0, mysql),
        [b'`', ..] if backend != Backend::Postgres => string(bytes, 0, false),
        [b'E' | b'e', b'\'', ..] if backend == Backend::Postgres => string(bytes, 1, true),
        [b'-', b'-', ..] if !mysql => line(text),
        [b'-', b'-', blank, ..] if blank.is_ascii_whitespace() => line(text),
        [b'#', ..] if mysql => line(text),
        [b'/', b'*', ..] => comment(bytes, backend == Backend::Postgres),
        [b'$', ..] if backend == Backend::Postgres => dollars(text),
        _ => 0,
    }
}

/// The length of a text whose quote is at `at`; within it the quote is doubled, or stands behind a
/// backslash.
fn string(bytes: &[u8], at: usize, backslash: bool) -> usize {
    let quote = bytes[at];
    let mut end = at + 1;
    while let Some(byte) = bytes.get(end) {
        let doubled = *byte == quote && bytes.get(end + 1) == Some(&quote);
        if doubled || backslash && *byte == b'\\' {
            end += 2;
        } else if *byte == quote {
            return end + 1;
        } else {
            end += 1;
        }
    }
    bytes.len()
}

/// The length of a comment, in which others may stand.
fn comment(bytes: &[u8], nested: bool) -> usize {
    let (mut end, mut depth) = (2, 1);
    while let Some(two) = bytes.get(end..end + 2) {
        match two {
            b"*/" => {
                depth -= 1;
                end += 2;
                if depth == 0 {
                    return end;
                }
            }
            b"/*" if nested => {
                depth += 1;
                end += 2;
            }
            _ => end += 1,
        }
    }
    bytes.len()
}

/// The length of `$tag$ … $tag$`.
fn dollars(text: &str) -> usize {
    let Some(end) = text[1..].find('$') else { return 0 };
    let tag = &text[..end + 2];
    let name = &tag[1..tag.len() - 1];
    if name.starts_with(|c: char| c.is_ascii_digit()) || !name.chars().all(|c| c.is_alphanumeric() || c == '_') {
        return 0;
    }
    let after = &text[tag.len()..];
    after.find(tag).map_or(text.len(), |at| tag.len() + at + tag.len())
}

#[cfg(test)]
mod tests {
    use super::raw;
    use crate::exec::{Backend, Work};
    use crate::value::Value;

    const MARIADB: Backend = Backend::MySql {
        mariadb: true,
        version: (10, 11),
    };

    fn sql(text: &str, args: usize, backend: Backend) -> String {
        let args: Vec<Value> = (0..args).map(|at| Value::Int(at as i64)).collect();
        raw(text, &args, backend).map_or_else(|error| error.to_string(), |statement| statement.sql.to_string())
    }

    #[test]
    fn placeholders_are_the_databases() {
        let text = "SELECT {} + {}";
        assert_eq!(sql(text, 2, Backend::Sqlite), "SELECT ? + ?");
        assert_eq!(sql(text, 2, Backend::Postgres), "SELECT $1 + $2");
        assert_eq!(sql(text, 2, MARIADB), "SELECT ? + ?");
        let wrong = "the SQL has 2 placeholders {}, and is given 1 arguments";
        assert_eq!(sql(text, 1, Backend::Sqlite), wrong);
        assert_eq!(
            sql("SELECT 1", 1, Backend::Sqlite),
            "the SQL has 0 placeholders {}, and is given 1 arguments"
        );
    }

    #[test]
    fn placeholders_of_the_database_are_refused() {
        for backend in [Backend::Sqlite, MARIADB] {
            let wrong = "the SQL has a ?: arguments are written {}, and bound";
            assert_eq!(sql("SELECT '?', {}, ?", 1, backend), wrong);
        }
        assert!(sql("SELECT :a", 0, Backend::Sqlite).contains("has a :"));
        assert_eq!(sql("SELECT a ? 'b', {}", 1, Backend::Postgres), "SELECT a ? 'b', $1");
        assert_eq!(sql("SELECT 1::text, @a", 0, MARIADB), "SELECT 1::text, @a");
    }

    #[test]
    fn quotes_and_comments_stay() {
        for text in [
            "SELECT '{} it''s {}'",
            "SELECT \"{}\"",
            "SELECT 1 -- {}",
            "SELECT /* {} */ 1",
            "SELECT '{}",
        ] {
            for backend in [Backend::Sqlite, Backend::Postgres, MARIADB] {
                assert_eq!(sql(text, 0, backend), text);
            }
        }
        assert_eq!(sql("SELECT -- {}\n{}", 1, Backend::Postgres), "SELECT -- {}\n$1");
        assert_eq!(sql("SELECT `{}`, {}", 1, MARIADB), "SELECT `{}`, ?");
        assert_eq!(sql("SELECT '\\'{}', {}", 1, MARIADB), "SELECT '\\'{}', ?");
        assert_eq!(sql("SELECT '\\', {}", 1, Backend::Sqlite), "SELECT '\\', ?");
        assert_eq!(sql("SELECT E'\\'{}', {}", 1, Backend::Postgres), "SELECT E'\\'{}', $1");
        assert_eq!(
            sql("SELECT $a$ {} $b$ {} $a$, {}", 1, Backend::Postgres),
            "SELECT $a$ {} $b$ {} $a$, $1"
        );
        assert_eq!(
            sql("SELECT /* /* {} */ {} */ {}", 1, Backend::Postgres),
            "SELECT /* /* {} */ {} */ $1"
        );
        assert_eq!(sql("SELECT 5--{}", 1, MARIADB), "SELECT 5--?");
        assert_eq!(sql("SELECT é{}, {a}", 1, Backend::Sqlite), "SELECT é?, {a}");
    }

    #[test]
    fn what_may_write_goes_where_writes_go() {
        let work = |text| raw(text, &[], Backend::Sqlite).map(|statement| statement.work).ok();
        assert_eq!(work("SELECT 'DELETE' FROM t"), Some(Work::Read));
        assert_eq!(work(" with t AS (SELECT 1) SELECT * FROM t"), Some(Work::Read));
        assert_eq!(work("WITH t AS (SELECT 1) DELETE FROM u"), Some(Work::WriteAny));
        assert_eq!(work("insert INTO t DEFAULT VALUES RETURNING *"), Some(Work::WriteAny));
    }
}
