//! Reading the names of constraints from the database.

use crate::editor::{ConstraintKind, Lookup};
use orm_core::exec::{Backend, Session};
use orm_core::{Kind, Result, Value};

/// The names of the constraints that a lookup means.
pub(super) async fn names(session: &mut Session, lookup: &Lookup) -> Result<Vec<String>> {
    let found = match session.backend() {
        Backend::Sqlite => sqlite(session, lookup).await?,
        Backend::Postgres => postgres(session, lookup).await?,
        _ if lookup.kind == ConstraintKind::Check => return mysql_checks(session, lookup).await,
        _ => mysql(session, lookup).await?,
    };
    let mut names: Vec<String> = found
        .into_iter()
        .filter(|(name, columns)| *columns == lookup.columns && !lookup.exclude.contains(name))
        .map(|(name, _)| name)
        .collect();
    // Of several unique constraints over the same columns, the one with Django's name is meant.
    if lookup.kind == ConstraintKind::Unique && names.len() > 1 {
        let expected: Vec<String> = names
            .iter()
            .filter(|name| lookup.expected.contains(name))
            .cloned()
            .collect();
        if !expected.is_empty() {
            names = expected;
        }
    }
    Ok(names)
}

/// Name and columns of each constraint.
type Constraints = Vec<(String, Vec<String>)>;

/// Only indexes that were made as such; what is part of the table is changed with the table.
async fn sqlite(session: &mut Session, lookup: &Lookup) -> Result<Constraints> {
    let unique = i64::from(lookup.kind == ConstraintKind::Unique);
    let sql = "SELECT l.name, i.name FROM pragma_index_list(?) AS l, pragma_index_info(l.name) AS i \
               WHERE l.\"unique\" = ? AND l.origin = 'c' AND l.partial = 0 ORDER BY l.name, i.seqno";
    pairs(session, sql, &[Value::Text(lookup.table.clone()), Value::Int(unique)]).await
}

async fn postgres(session: &mut Session, lookup: &Lookup) -> Result<Constraints> {
    let kind = match lookup.kind {
        ConstraintKind::Unique => "u",
        ConstraintKind::ForeignKey => "f",
        ConstraintKind::Check => "c",
        ConstraintKind::PrimaryKey => "p",
        ConstraintKind::Index => {
            let sql = "SELECT i.relname::text, a.attname::text FROM pg_index x \
                       JOIN pg_class t ON t.oid = x.indrelid JOIN pg_class i ON i.oid = x.indexrelid \
                       JOIN pg_am m ON m.oid = i.relam \
                       CROSS JOIN LATERAL unnest(x.indkey) WITH ORDINALITY AS k(num, ord) \
                       JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = k.num \
                       WHERE t.relname = $1 AND pg_table_is_visible(t.oid) AND m.amname = 'btree' \
                       AND NOT x.indisunique AND x.indpred IS NULL ORDER BY i.relname, k.ord";
            return pairs(session, sql, &[Value::Text(lookup.table.clone())]).await;
        }
    };
    let sql = format!(
        "SELECT c.conname::text, a.attname::text FROM pg_constraint c JOIN pg_class t ON t.oid = c.conrelid \
         CROSS JOIN LATERAL unnest(c.conkey) WITH ORDINALITY AS k(num, ord) \
         JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = k.num \
         WHERE t.relname = $1 AND pg_table_is_visible(t.oid) AND c.contype = '{kind}' ORDER BY c.conname, k.ord"
    );
    pairs(session, &sql, &[Value::Text(lookup.table.clone())]).await
}

async fn mysql(session: &mut Session, lookup: &Lookup) -> Result<Constraints> {
    let indexes = |condition: &str| {
        format!(
            "SELECT CAST(index_name AS CHAR), CAST(column_name AS CHAR) FROM information_schema.statistics \
             WHERE table_schema = DATABASE() AND table_name = ? AND {condition} ORDER BY index_name, seq_in_index"
        )
    };
    let sql = match lookup.kind {
        ConstraintKind::Unique => indexes("non_unique = 0 AND index_name <> 'PRIMARY'"),
        ConstraintKind::PrimaryKey => indexes("index_name = 'PRIMARY'"),
        ConstraintKind::Index => indexes("non_unique = 1 AND index_type = 'BTREE'"),
        ConstraintKind::ForeignKey | ConstraintKind::Check => {
            "SELECT CAST(constraint_name AS CHAR), CAST(column_name AS CHAR) FROM information_schema.key_column_usage \
             WHERE table_schema = DATABASE() AND table_name = ? AND referenced_table_name IS NOT NULL \
             ORDER BY constraint_name, ordinal_position"
                .to_owned()
        }
    };
    pairs(session, &sql, &[Value::Text(lookup.table.clone())]).await
}

/// MySQL does not say which columns a check is about, but the only one that is dropped by its
/// column is that the column is not below zero.
async fn mysql_checks(session: &mut Session, lookup: &Lookup) -> Result<Vec<String>> {
    let sql = "SELECT CAST(c.constraint_name AS CHAR), CAST(c.check_clause AS CHAR) \
               FROM information_schema.check_constraints c JOIN information_schema.table_constraints t \
               ON t.constraint_schema = c.constraint_schema AND t.constraint_name = c.constraint_name \
               WHERE t.table_schema = DATABASE() AND t.table_name = ? AND t.constraint_type = 'CHECK'";
    let checks = pairs(session, sql, &[Value::Text(lookup.table.clone())]).await?;
    let wanted = format!("`{}` >= 0", lookup.columns.join(""));
    let means = |clause: &String| clause.trim_start_matches('(').trim_end_matches(')') == wanted;
    Ok(checks
        .into_iter()
        .filter(|(name, clauses)| !lookup.exclude.contains(name) && clauses.iter().any(means))
        .map(|(name, _)| name)
        .collect())
}

/// How many indexes begin with a column.
pub(super) async fn indexes_from(session: &mut Session, table: &str, column: &str) -> Result<i64> {
    let sql = "SELECT count(*) FROM information_schema.statistics \
               WHERE table_schema = DATABASE() AND table_name = ? AND column_name = ? AND seq_in_index = 1";
    let args = [Value::Text(table.to_owned()), Value::Text(column.to_owned())];
    let rows = session.fetch(sql, &args, &[Kind::Int]).await?;
    Ok(match rows.first().and_then(|row| row.first()) {
        Some(Value::Int(count)) => *count,
        _ => 0,
    })
}

/// Whether a collation of PostgreSQL is deterministic; an unknown one is not.
pub(super) async fn is_deterministic(session: &mut Session, collation: &str) -> Result<bool> {
    let sql = "SELECT bool_and(collisdeterministic) FROM pg_collation WHERE collname = $1";
    let rows = session
        .fetch(sql, &[Value::Text(collation.to_owned())], &[Kind::Bool])
        .await?;
    Ok(rows.first().and_then(|row| row.first()) == Some(&Value::Bool(true)))
}

/// Rows of two names, grouped by the first.
async fn pairs(session: &mut Session, sql: &str, args: &[Value]) -> Result<Constraints> {
    let mut found: Constraints = Vec::new();
    for row in session.fetch(sql, args, &[Kind::Text, Kind::Text]).await? {
        let Ok([Value::Text(name), Value::Text(column)]) = <[Value; 2]>::try_from(row) else {
            continue;
        };
        match found.last_mut() {
            Some((last, columns)) if *last == name => columns.push(column),
            _ => found.push((name, vec![column])),
        }
    }
    Ok(found)
}
