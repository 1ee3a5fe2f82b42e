//! The records, and what each expects of a database.

use orm::serde_json::{Map, Value as Json, from_str};
use orm::testing::DatabaseKind;
use std::path::{Path, PathBuf};

/// The databases, by the names that the records use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Database {
    Sqlite,
    Postgres,
    MariaDb,
}

impl Database {
    pub const ALL: [Database; 3] = [Database::Sqlite, Database::Postgres, Database::MariaDb];

    pub fn name(self) -> &'static str {
        match self {
            Database::Sqlite => "sqlite",
            Database::Postgres => "postgres",
            Database::MariaDb => "mariadb",
        }
    }

    pub fn kind(self) -> DatabaseKind {
        match self {
            Database::Sqlite => DatabaseKind::Sqlite,
            Database::Postgres => DatabaseKind::Postgres,
            Database::MariaDb => DatabaseKind::MySql,
        }
    }
}

/// Where Django's own SQL on MariaDB is to blame: the result of the others is as good.
const BETTER_ON_MARIADB: [&str; 9] = [
    "regex_dialect",
    "pad_space",
    "avg_precision",
    "limit_in_in_subquery",
    "uuid_order",
    "insert_ignore_swallows_errors",
    "update_left_to_right",
    "conditional_unique_missing",
    "upsert_unique_fields",
];

/// One record.
pub struct Case {
    pub id: String,
    pub group: String,
    pub text: String,
    record: Map<String, Json>,
}

/// What a record expects of one database.
#[derive(Debug, Default, Clone)]
pub struct Expected {
    /// the result, where there is no error
    pub value: Json,
    /// all results that are right, where the query does not say which
    pub accept: Vec<Json>,
    /// the rows come in this order
    pub ordered: bool,
    /// one number a row: those with the same number come in any order among themselves
    pub order_groups: Option<Vec<u64>>,
    /// decimals were computed as floats
    pub loose_decimals: bool,
    /// the class of the error
    pub error: Option<String>,
    pub message: Option<String>,
    /// what is loaded with the rows
    pub related: Option<Vec<Json>>,
    /// the number of statements that Django needs
    pub queries: usize,
}

impl Case {
    /// Reads one line.
    pub fn of(line: &str) -> Result<Self, String> {
        let record: Map<String, Json> = from_str(line).map_err(|error| error.to_string())?;
        let text = |name: &str| {
            let text = record.get(name).and_then(Json::as_str).map(str::to_owned);
            text.ok_or_else(|| format!("no `{name}` in {line}"))
        };
        let script = record.get("script").and_then(Json::as_array);
        let statements: Vec<&str> = script.into_iter().flatten().filter_map(Json::as_str).collect();
        Ok(Case {
            id: text("id")?,
            group: text("group")?,
            text: match statements.as_slice() {
                [] => text("q")?,
                statements => statements.join("\n"),
            },
            record,
        })
    }

    /// What differs on that database.
    fn differs(&self, database: Database) -> Option<&Map<String, Json>> {
        self.record.get("on")?.get(database.name())?.as_object()
    }

    /// Why the record differs on that database.
    pub fn reasons(&self, database: Database) -> Vec<&str> {
        let reasons = self.differs(database).and_then(|on| on.get("reason"));
        match reasons {
            Some(Json::Array(reasons)) => reasons.iter().filter_map(Json::as_str).collect(),
            Some(Json::String(reason)) => vec![reason],
            _ => Vec::new(),
        }
    }

    /// What the record says of a name, on that database: the first of these is Django's.
    pub fn said(&self, name: &str, database: Database) -> Vec<&Json> {
        let own = self.record.get(name).unwrap_or(&Json::Null);
        let Some(other) = self.differs(database).and_then(|on| on.get(name)) else {
            return vec![own];
        };
        match self.is_better_here(database) {
            true => vec![other, own],
            false => vec![other],
        }
    }

    /// Whether what Django does there is its own fault, so that the others' result is right as well.
    fn is_better_here(&self, database: Database) -> bool {
        let better = |reason: &&str| BETTER_ON_MARIADB.contains(reason);
        database == Database::MariaDb && self.reasons(database).iter().any(better)
    }

    /// What is right on that database, as reports show it.
    pub fn shown(&self, database: Database) -> Vec<String> {
        if self.record.contains_key("script") {
            let said = |name| self.said(name, database)[0].clone();
            return vec![format!("{} {}", said("error"), said("expect")["returns"])];
        }
        let text = |text: &Option<String>| text.clone().unwrap_or_default();
        let shown = |expected: Expected| match &expected.error {
            Some(class) => format!("{class}: {}", text(&expected.message)),
            None => expected.value.to_string(),
        };
        self.expected(database).into_iter().map(shown).collect()
    }

    /// What is right on that database: one of these.
    pub fn expected(&self, database: Database) -> Vec<Expected> {
        let base = || self.with(&Map::new(), database);
        let Some(on) = self.differs(database) else {
            return vec![base()];
        };
        let mut expected = vec![self.with(on, database)];
        if self.is_better_here(database) {
            expected.push(base());
        }
        expected
    }

    fn with(&self, on: &Map<String, Json>, database: Database) -> Expected {
        let get = |name: &str| on.get(name).or_else(|| self.record.get(name)).unwrap_or(&Json::Null);
        // The message is that of the error beside it.
        let said = if on.contains_key("error") { on } else { &self.record };
        let quirks = self.record.get("quirks").and_then(Json::as_array);
        let real = |quirk: &Json| quirk == "decimal_computed_as_real";
        Expected {
            value: get("expect").clone(),
            accept: on.get("accept").and_then(Json::as_array).cloned().unwrap_or_default(),
            ordered: get("ordered").as_bool().unwrap_or(false),
            order_groups: get("order_groups")
                .as_array()
                .map(|groups| groups.iter().filter_map(Json::as_u64).collect()),
            loose_decimals: database == Database::Sqlite && quirks.is_some_and(|quirks| quirks.iter().any(real)),
            error: get("error").as_str().map(str::to_owned),
            message: said.get("error_message").and_then(Json::as_str).map(str::to_owned),
            related: get("related").as_array().cloned(),
            queries: get("n_queries").as_u64().and_then(|n| n.try_into().ok()).unwrap_or(0),
        }
    }
}

/// The directory with the records.
pub fn directory() -> PathBuf {
    std::env::var_os("DJANGO_CORPUS").map_or_else(own_directory, PathBuf::from)
}

/// The directory with the records of this project.
pub fn own_directory() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/django"))
}

/// The records of a file: `reads.jsonl`.
pub fn cases(file: &str) -> Result<Vec<Case>, String> {
    cases_in(&directory(), file)
}

/// The records of a file in a directory.
pub fn cases_in(directory: &Path, file: &str) -> Result<Vec<Case>, String> {
    let path = directory.join(file);
    let text = std::fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?;
    let lines = text.lines().filter(|line| !line.trim().is_empty());
    lines.map(Case::of).collect()
}

/// The rows of the tables.
pub fn fixture() -> Result<Json, String> {
    let path = directory().join("fixture.json");
    let text = std::fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?;
    from_str(&text).map_err(|error| error.to_string())
}
