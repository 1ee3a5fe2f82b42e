//! Whether an outcome is what a record expects, by the rules of `tests/django/README.md`.

use super::corpus::Expected;
use super::loaded;
use orm::dynamic::Record;
use orm::serde_json::Value as Json;

/// What running one text came to.
#[derive(Debug, Clone)]
pub struct Outcome {
    /// the canonical value
    pub result: Result<Json, Failure>,
    /// how many statements it took
    pub queries: usize,
    /// its rows, where it has rows of models
    pub rows: Vec<Record>,
}

/// An error, by Django's or Python's class.
#[derive(Debug, Clone)]
pub struct Failure {
    pub class: String,
    pub message: String,
}

/// What came of a comparison.
#[derive(Debug, PartialEq)]
pub enum Verdict {
    Same,
    /// right, although the error says it in other words
    Worded(String),
    Different(String),
}

/// Errors that every implementation calls by Django's name. Others may be any clear error.
const NAMED: [&str; 11] = [
    "DoesNotExist",
    "RelatedObjectDoesNotExist",
    "MultipleObjectsReturned",
    "FieldError",
    "FieldDoesNotExist",
    "IntegrityError",
    "ValidationError",
    "ProtectedError",
    "RestrictedError",
    "NotSupportedError",
    "TransactionManagementError",
];

/// Failures to understand the text at all, which are no answer to any record.
const OURS: [&str; 4] = ["SyntaxError", "NameError", "Panic", "Timeout"];

/// Compares with all that would be right; what is told of a difference is about the first.
pub fn compare(expected: &[Expected], outcome: &Outcome) -> Verdict {
    let mut verdicts = expected.iter().map(|expected| one(expected, outcome));
    let first = verdicts
        .next()
        .unwrap_or_else(|| Verdict::Different("nothing is expected".to_owned()));
    match first {
        Verdict::Different(why) => verdicts
            .find(|verdict| !matches!(verdict, Verdict::Different(_)))
            .unwrap_or(Verdict::Different(why)),
        right => right,
    }
}

fn one(expected: &Expected, outcome: &Outcome) -> Verdict {
    let verdict = match (&expected.error, &outcome.result) {
        (None, Ok(value)) => result(expected, value),
        (None, Err(failure)) => Verdict::Different(format!("{}: {}", failure.class, failure.message)),
        (Some(_), Ok(_)) => Verdict::Different("no error".to_owned()),
        (Some(class), Err(failure)) => error(class, expected.message.as_deref(), failure),
    };
    if let (Some(related), Verdict::Same) = (&expected.related, &verdict)
        && let Some(different) = loaded::difference(related, &outcome.rows)
    {
        return Verdict::Different(different);
    }
    if outcome.queries > expected.queries && !matches!(verdict, Verdict::Different(_)) {
        return Verdict::Different(format!("{} queries instead of {}", outcome.queries, expected.queries));
    }
    verdict
}

pub fn error(class: &str, message: Option<&str>, failure: &Failure) -> Verdict {
    let said = format!("{}: {}", failure.class, failure.message);
    let free = !NAMED.contains(&class) && !OURS.contains(&failure.class.as_str());
    if failure.class != class && !free {
        Verdict::Different(said)
    } else if failure.class == class && message.is_none_or(|message| message == failure.message) {
        Verdict::Same
    } else {
        Verdict::Worded(said)
    }
}

fn result(expected: &Expected, actual: &Json) -> Verdict {
    let loose = expected.loose_decimals;
    let accepted = expected.accept.iter().any(|value| same(value, actual, loose));
    if accepted || right(expected, actual) {
        Verdict::Same
    } else {
        Verdict::Different(actual.to_string())
    }
}

fn right(expected: &Expected, actual: &Json) -> bool {
    let loose = expected.loose_decimals;
    match (&expected.value, actual) {
        (Json::Array(rows), Json::Array(found)) => match &expected.order_groups {
            Some(groups) if groups.len() == rows.len() => in_groups(rows, found, groups, loose),
            _ if expected.ordered => same(&expected.value, actual, loose),
            _ => same_multiset(rows, found, loose),
        },
        (Json::Object(one), Json::Object(other)) => match (one.get("in_bulk"), other.get("in_bulk")) {
            (Some(Json::Array(rows)), Some(Json::Array(found))) => same_multiset(rows, found, loose),
            _ => same(&expected.value, actual, loose),
        },
        (value, _) => same(value, actual, loose),
    }
}

/// The groups come one after another, each in any order.
fn in_groups(rows: &[Json], found: &[Json], groups: &[u64], loose: bool) -> bool {
    if rows.len() != found.len() {
        return false;
    }
    let mut start = 0;
    groups.chunk_by(|a, b| a == b).all(|group| {
        let range = start..start + group.len();
        start = range.end;
        same_multiset(&rows[range.clone()], &found[range], loose)
    })
}

/// The same rows, each as often.
pub fn same_multiset(rows: &[Json], found: &[Json], loose: bool) -> bool {
    let mut left: Vec<&Json> = found.iter().collect();
    let take = |row: &Json| {
        let at = left.iter().position(|other| same(row, other, loose));
        at.map(|at| left.swap_remove(at)).is_some()
    };
    rows.len() == found.len() && rows.iter().all(take)
}

/// The same value; floats need not agree in their last digits.
pub fn same(a: &Json, b: &Json, loose: bool) -> bool {
    match (a, b) {
        (Json::Number(one), Json::Number(other)) => {
            one == other || ((one.is_f64() || other.is_f64()) && near(one.as_f64(), other.as_f64()))
        }
        (Json::String(one), Json::String(other)) => {
            one == other || (loose && near(one.parse().ok(), other.parse().ok()))
        }
        (Json::Array(one), Json::Array(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(a, b)| same(a, b, loose))
        }
        (Json::Object(one), Json::Object(other)) => {
            let found = |(name, a): (&String, &Json)| other.get(name).is_some_and(|b| same(a, b, loose));
            one.len() == other.len() && one.iter().all(found)
        }
        _ => a == b,
    }
}

fn near(a: Option<f64>, b: Option<f64>) -> bool {
    match (a, b) {
        (Some(a), Some(b)) => (a - b).abs() <= 1e-9 * a.abs().max(b.abs()),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::super::corpus::{Case, Database};
    use super::*;
    use orm::serde_json::json;

    fn rows(value: Json, ordered: bool) -> Expected {
        Expected {
            value,
            ordered,
            queries: 1,
            ..Expected::default()
        }
    }

    fn gives(value: Json) -> Outcome {
        Outcome {
            result: Ok(value),
            queries: 1,
            rows: Vec::new(),
        }
    }

    fn fails(class: &str, message: &str) -> Outcome {
        let failure = Failure {
            class: class.to_owned(),
            message: message.to_owned(),
        };
        Outcome {
            result: Err(failure),
            queries: 1,
            rows: Vec::new(),
        }
    }

    fn is_right(expected: &Expected, value: Json) -> bool {
        compare(std::slice::from_ref(expected), &gives(value)) == Verdict::Same
    }

    #[test]
    fn order() {
        let ordered = rows(json!([1, 2, 3]), true);
        assert!(is_right(&ordered, json!([1, 2, 3])));
        assert!(!is_right(&ordered, json!([1, 3, 2])));
        assert!(!is_right(&ordered, json!([1, 2])));
        let any = rows(json!([1, 2, 2]), false);
        assert!(is_right(&any, json!([2, 1, 2])));
        assert!(!is_right(&any, json!([1, 1, 2])));
        assert!(!is_right(&any, json!([1, 2])));
        assert!(!is_right(&any, json!([1, 2, 2, 2])));
    }

    #[test]
    fn lists_within_a_row_keep_their_order() {
        let any = rows(json!([["a", [1, 2]], ["b", null]]), false);
        assert!(is_right(&any, json!([["b", null], ["a", [1, 2]]])));
        assert!(!is_right(&any, json!([["b", null], ["a", [2, 1]]])));
    }

    #[test]
    fn ties_of_an_order() {
        let expected = Expected {
            order_groups: Some(vec![0, 1, 1, 2]),
            ..rows(json!(["a", "b", "c", "d"]), false)
        };
        assert!(is_right(&expected, json!(["a", "c", "b", "d"])));
        assert!(!is_right(&expected, json!(["b", "a", "c", "d"])));
        assert!(!is_right(&expected, json!(["a", "b", "c"])));
    }

    #[test]
    fn numbers() {
        let expected = rows(json!({"avg": 2.5, "n": 3}), true);
        assert!(is_right(&expected, json!({"n": 3, "avg": 2.500_000_000_1})));
        assert!(!is_right(&expected, json!({"n": 3, "avg": 2.501})));
        assert!(!is_right(&expected, json!({"n": 4, "avg": 2.5})));
        assert!(!is_right(&expected, json!({"avg": 2.5})));
        assert!(is_right(&rows(json!(2.0), true), json!(2)));
        assert!(!is_right(&rows(json!(1), true), json!(true)));
        assert!(!is_right(
            &rows(json!(9_007_199_254_740_993_i64), true),
            json!(9_007_199_254_740_992_i64)
        ));
    }

    #[test]
    fn floats_without_order() {
        let any = rows(json!([[0.1, "x"], [0.2, "y"]]), false);
        assert!(is_right(&any, json!([[0.200_000_000_000_01, "y"], [0.1, "x"]])));
    }

    #[test]
    fn decimals() {
        let exact = rows(json!(["1.10"]), true);
        assert!(!is_right(&exact, json!(["1.1"])));
        let loose = Expected {
            loose_decimals: true,
            ..exact
        };
        assert!(is_right(&loose, json!(["1.1000"])));
        assert!(!is_right(&loose, json!(["1.11"])));
    }

    #[test]
    fn in_bulk_has_no_order() {
        let expected = rows(json!({"in_bulk": [[1, "a"], [2, "b"]]}), false);
        assert!(is_right(&expected, json!({"in_bulk": [[2, "b"], [1, "a"]]})));
        assert!(!is_right(&expected, json!({"in_bulk": [[2, "a"], [1, "b"]]})));
    }

    #[test]
    fn several_right_results() {
        let expected = Expected {
            accept: vec![json!({"pk": 7}), json!({"pk": 10})],
            ..rows(json!({"pk": 7}), true)
        };
        assert!(is_right(&expected, json!({"pk": 10})));
        assert!(!is_right(&expected, json!({"pk": 8})));
    }

    #[test]
    fn the_number_of_queries() {
        let expected = rows(json!(1), true);
        let two = Outcome {
            queries: 2,
            ..gives(json!(1))
        };
        assert_eq!(
            compare(std::slice::from_ref(&expected), &two),
            Verdict::Different("2 queries instead of 1".to_owned())
        );
        let none = Outcome {
            queries: 0,
            ..gives(json!(1))
        };
        assert_eq!(compare(&[expected], &none), Verdict::Same);
    }

    #[test]
    fn errors() {
        let error = |class: &str| Expected {
            error: Some(class.to_owned()),
            message: Some("Cannot".to_owned()),
            queries: 1,
            ..Expected::default()
        };
        let verdict = |class, outcome: &Outcome| compare(&[error(class)], outcome);
        let worded = |text: &str| Verdict::Worded(text.to_owned());
        let different = |text: &str| Verdict::Different(text.to_owned());
        assert_eq!(verdict("FieldError", &fails("FieldError", "Cannot")), Verdict::Same);
        assert_eq!(
            verdict("FieldError", &fails("FieldError", "no")),
            worded("FieldError: no")
        );
        assert_eq!(
            verdict("FieldError", &fails("ValueError", "no")),
            different("ValueError: no")
        );
        assert_eq!(
            verdict("ValueError", &fails("TypeError", "no")),
            worded("TypeError: no")
        );
        assert_eq!(
            verdict("ValueError", &fails("SyntaxError", "no")),
            different("SyntaxError: no")
        );
        assert_eq!(verdict("ValueError", &gives(json!(1))), different("no error"));
        let value = compare(&[rows(json!(1), true)], &fails("FieldError", "no"));
        assert_eq!(value, different("FieldError: no"));
    }

    #[test]
    fn what_differs_on_a_database() {
        let record = json!({
            "id": "x-001", "group": "x", "q": "X", "kind": "error", "expect": null, "ordered": false, "n_queries": 0,
            "error": "DatabaseError", "error_message": "near", "quirks": ["decimal_computed_as_real"],
            "on": {
                "postgres": {"expect": ["1.0"], "ordered": true, "error": null, "n_queries": 1, "reason": ["json"]},
                "mariadb": {"expect": ["2.0"], "error": null, "n_queries": 1, "reason": ["uuid_order"]},
            },
        });
        let case = Case::of(&record.to_string()).unwrap();
        let sqlite = &case.expected(Database::Sqlite)[0];
        assert_eq!(
            (sqlite.error.as_deref(), sqlite.message.as_deref()),
            (Some("DatabaseError"), Some("near"))
        );
        assert!(sqlite.loose_decimals);
        let postgres = case.expected(Database::Postgres);
        assert_eq!(postgres.len(), 1);
        assert!(postgres[0].ordered && postgres[0].error.is_none() && postgres[0].message.is_none());
        assert_eq!((postgres[0].queries, postgres[0].loose_decimals), (1, false));
        // Where Django's SQL for MariaDB is to blame, what the others do is right as well.
        let mariadb = case.expected(Database::MariaDb);
        assert_eq!(mariadb.len(), 2);
        assert_eq!(compare(&mariadb, &gives(json!(["2.0"]))), Verdict::Same);
        let error = Outcome {
            queries: 0,
            ..fails("DatabaseError", "near")
        };
        assert_eq!(compare(&mariadb, &error), Verdict::Same);
        assert_eq!(
            compare(&postgres, &error),
            Verdict::Different("DatabaseError: near".to_owned())
        );
    }
}
