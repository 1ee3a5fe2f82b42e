//! What records say that `select_related`, `prefetch_related`, `defer` and `only` load.

use orm::dynamic::{Record, Related};
use orm::serde_json::Value as Json;
use orm::shell::Obj;

/// The rows of a result, where it has any.
pub fn rows(value: &Obj) -> Vec<Record> {
    match value {
        Obj::Record(row) => vec![row.record()],
        Obj::List(items) => items.as_slice().iter().flat_map(rows).collect(),
        _ => Vec::new(),
    }
}

/// What differs between the rows and what the record says of them; each is found by its key.
pub fn difference(expected: &[Json], rows: &[Record]) -> Option<String> {
    expected.iter().find_map(|row| {
        let found = rows.iter().find(|record| is(record, row));
        match found {
            Some(record) => one(row, record, None),
            None => Some(format!("no row {row}")),
        }
    })
}

fn is(record: &Record, row: &Json) -> bool {
    let pk = match record.pk() {
        orm::Value::Int(key) => Json::from(*key),
        orm::Value::Text(key) => Json::from(key.as_str()),
        orm::Value::Uuid(key) => Json::from(key.to_string()),
        other => panic!("a key that no record has: {other:?}"),
    };
    row["pk"] == pk && (row.get("model").is_none() || row["model"] == record.model().name)
}

/// `parent` is the row that leads to this one.
fn one(row: &Json, record: &Record, parent: Option<&Record>) -> Option<String> {
    let here = format!("{} {:?}", record.model().name, record.pk());
    let mut deferred = record.deferred();
    deferred.sort();
    let names = |name: &str| row.get(name).and_then(Json::as_array).cloned().unwrap_or_default();
    if names("deferred")
        != deferred
            .iter()
            .map(|name| Json::from(name.as_str()))
            .collect::<Vec<_>>()
    {
        return Some(format!("{here} defers {deferred:?}"));
    }
    let mut known = 0;
    for (name, expected) in row.get("select").and_then(Json::as_object).into_iter().flatten() {
        match record.related_by(name) {
            Some(Related::One(found)) => {
                known += 1;
                match found {
                    None if expected.is_null() => {}
                    Some(found) if is(found, expected) => {
                        let different = one(expected, found, Some(record));
                        if different.is_some() {
                            return different;
                        }
                    }
                    _ => return Some(format!("{here} has {found:?} as {name}")),
                }
            }
            // Data have no cycles: the way back is not in them.
            None if parent.is_some_and(|parent| is(parent, expected)) => {}
            other => return Some(format!("{here} has {other:?} as {name}")),
        }
    }
    for (name, expected) in row.get("prefetch").and_then(Json::as_object).into_iter().flatten() {
        let Some(Related::Many(found)) = record.related_by(name) else {
            return Some(format!("{here} has no {name}"));
        };
        known += 1;
        let expected = expected.as_array().map_or(&[][..], Vec::as_slice);
        if found.len() != expected.len() {
            return Some(format!("{here} has {} {name}", found.len()));
        }
        for row in expected {
            let Some(found) = found.iter().find(|found| is(found, row)) else {
                return Some(format!("{here} has not {row} among {name}"));
            };
            let different = one(row, found, Some(record));
            if different.is_some() {
                return different;
            }
        }
    }
    (known != record.related().len()).then(|| format!("{here} has more: {:?}", record.related()))
}
