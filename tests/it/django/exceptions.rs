//! `exceptions.toml`: the cases that cannot be had.

use super::corpus::{Case, Database, own_directory};
use toml::{Table, Value};

/// The entries of the file.
pub struct Exceptions(Vec<Exception>);

struct Exception {
    /// this case, all that differ on the database for this reason, or a group
    of: Of,
    databases: Vec<String>,
}

enum Of {
    Id(String),
    Reason(String),
    Group(String),
}

impl Exceptions {
    /// Reads the file.
    pub fn read() -> Result<Self, String> {
        let path = own_directory().join("exceptions.toml");
        let text = std::fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?;
        Exceptions::parse(&text)
    }

    fn parse(text: &str) -> Result<Self, String> {
        let file: Table = text.parse().map_err(|error| format!("{error}"))?;
        let entries = file.get("exception").and_then(Value::as_array).into_iter().flatten();
        entries.map(Exception::of).collect::<Result<_, _>>().map(Exceptions)
    }

    /// Whether the case is one of them on that database.
    pub fn cover(&self, case: &Case, database: Database) -> bool {
        self.0.iter().any(|exception| {
            let of = match &exception.of {
                Of::Id(id) => *id == case.id,
                Of::Reason(reason) => case.reasons(database).contains(&reason.as_str()),
                Of::Group(group) => *group == case.group,
            };
            of && exception.databases.iter().any(|name| name == database.name())
        })
    }
}

impl Exception {
    fn of(entry: &Value) -> Result<Self, String> {
        let text = |name: &str| entry.get(name).and_then(Value::as_str).map(str::to_owned);
        let of = match (text("id"), text("reason"), text("group")) {
            (Some(id), None, None) => Of::Id(id),
            (None, Some(reason), None) => Of::Reason(reason),
            (None, None, Some(group)) => Of::Group(group),
            _ => return Err(format!("an exception has an `id`, a `reason` or a `group`: {entry}")),
        };
        text("why").ok_or_else(|| format!("an exception says why: {entry}"))?;
        let names = entry.get("databases").and_then(Value::as_array).into_iter().flatten();
        let databases: Vec<String> = names.filter_map(Value::as_str).map(str::to_owned).collect();
        let known = |name: &String| Database::ALL.iter().any(|database| database.name() == name);
        if databases.is_empty() || !databases.iter().all(known) {
            return Err(format!("an exception names its databases: {entry}"));
        }
        Ok(Exception { of, databases })
    }
}

#[test]
fn by_id_and_by_reason() {
    let case = |id: &str| {
        let on = r#""on": {"mariadb": {"reason": ["integer_division"]}}"#;
        Case::of(&format!(r#"{{"id": "{id}", "group": "x", "q": "X", {on}}}"#)).unwrap()
    };
    let text = r#"
        [[exception]]
        id = "x-001"
        databases = ["sqlite", "postgres"]
        why = "…"
        [[exception]]
        reason = "integer_division"
        databases = ["mariadb"]
        why = "…"
    "#;
    let exceptions = Exceptions::parse(text).unwrap();
    assert!(exceptions.cover(&case("x-001"), Database::Sqlite));
    assert!(!exceptions.cover(&case("x-002"), Database::Sqlite));
    assert!(exceptions.cover(&case("x-002"), Database::MariaDb));
    assert!(Exceptions::parse("[[exception]]\nid = \"x\"\ndatabases = [\"sqlite\"]").is_err());
    assert!(Exceptions::parse("[[exception]]\nwhy = \"x\"\ndatabases = [\"sqlite\"]").is_err());
    assert!(Exceptions::parse("[[exception]]\nid = \"x\"\nwhy = \"x\"\ndatabases = [\"mysql\"]").is_err());
    Exceptions::read().unwrap();
}
