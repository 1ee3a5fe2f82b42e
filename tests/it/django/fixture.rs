//! The rows of `fixture.json`, put into the tables as they stand there, keys and all.

use super::corpus;
use orm::exec::Session;
use orm::meta::{ModelMeta, RelationMeta, Through};
use orm::serde_json::Value as Json;
use orm::types::coerce;
use orm::{Backend, Db, Kind, Value, registry};

/// One table and its rows.
pub struct Table {
    pub name: &'static str,
    pub columns: Vec<Column>,
    pub rows: Vec<Vec<Value>>,
}

#[derive(Clone)]
pub struct Column {
    /// its name in the fixture: `publisher_id`
    pub key: String,
    pub name: &'static str,
    pub kind: Kind,
}

/// The models of this app.
pub fn models() -> impl Iterator<Item = &'static ModelMeta> {
    registry::models().iter().copied().filter(|model| model.app == "django")
}

/// Fills the tables.
pub async fn load(db: &Db) -> Result<(), String> {
    let tables = tables()?;
    let all: Vec<&Table> = tables.iter().collect();
    let mut session = db.session().await.map_err(|error| error.to_string())?;
    let filled = fill(&mut session, &all, &[]).await;
    session.release().await;
    filled.map_err(|error| error.to_string())
}

/// The tables come in no order that foreign keys would allow, so these wait for the end.
///
/// `empty` are emptied first.
pub async fn fill(session: &mut Session, tables: &[&Table], empty: &[&Table]) -> orm::Result<()> {
    let (begin, end) = match session.backend() {
        Backend::Sqlite => ("BEGIN; PRAGMA defer_foreign_keys = ON", "COMMIT"),
        Backend::Postgres => ("BEGIN", "COMMIT"),
        _ => (
            "SET FOREIGN_KEY_CHECKS = 0; START TRANSACTION",
            "COMMIT; SET FOREIGN_KEY_CHECKS = 1",
        ),
    };
    session.execute_script(begin).await?;
    for table in empty {
        let name = quote(session.backend(), table.name);
        session.execute(&format!("DELETE FROM {name}"), &[]).await?;
    }
    for table in tables.iter().filter(|table| !table.rows.is_empty()) {
        let args: Vec<Value> = table.rows.iter().flatten().cloned().collect();
        session.execute(&table.insert(session.backend()), &args).await?;
    }
    session.execute_script(end).await
}

/// The tables with their rows.
pub fn tables() -> Result<Vec<Table>, String> {
    let fixture = corpus::fixture()?;
    let labels = fixture.as_object().ok_or("the fixture is no object")?;
    let read = |(label, rows): (&String, &Json)| {
        let mut table = Table::of(label).ok_or_else(|| format!("there is no table for {label}"))?;
        for row in rows.as_array().into_iter().flatten() {
            let values = table
                .row(row)
                .map_err(|message| format!("{label}: {message} in {row}"))?;
            table.rows.push(values);
        }
        Ok(table)
    };
    labels.iter().map(read).collect()
}

impl Table {
    /// The table of a model, or one between two models.
    fn of(label: &str) -> Option<Self> {
        let name = label.split_once('.')?.1;
        let own = models().find(|model| model.name == name).map(Table::of_model);
        own.or_else(|| {
            let relations = models().flat_map(|model| model.many_to_many);
            relations.filter_map(Table::between).find(|table| {
                let wanted = table.name.strip_prefix("library_");
                wanted.is_some_and(|table| table == name.to_lowercase())
            })
        })
    }

    fn of_model(model: &'static ModelMeta) -> Self {
        let columns = model.fields.iter().map(|field| Column {
            key: field.attname(),
            name: field.column,
            kind: field.column_type().kind(),
        });
        Table {
            name: model.table,
            columns: columns.collect(),
            rows: Vec::new(),
        }
    }

    fn between(relation: &'static RelationMeta) -> Option<Self> {
        let Some(Through::Auto {
            table,
            source_column,
            target_column,
        }) = relation.through
        else {
            return None;
        };
        let key = |model: &ModelMeta| model.pk().column_type().kind();
        let columns = [
            ("id", Kind::Int),
            (source_column, key((relation.source)())),
            (target_column, key((relation.target)())),
        ];
        let columns = columns.map(|(name, kind)| Column {
            key: name.to_owned(),
            name,
            kind,
        });
        Some(Table {
            name: table,
            columns: columns.into(),
            rows: Vec::new(),
        })
    }

    /// A row of a record.
    pub fn row(&self, row: &Json) -> Result<Vec<Value>, String> {
        let values = self.columns.iter().map(|column| column.value(&row[&column.key]));
        values.collect()
    }

    /// The rows that are there.
    pub async fn read(&self, session: &mut Session) -> orm::Result<Vec<Vec<Value>>> {
        let backend = session.backend();
        let sql = format!("SELECT {} FROM {}", self.names(backend), quote(backend, self.name));
        let kinds: Vec<Kind> = self.columns.iter().map(|column| column.kind).collect();
        session.fetch(&sql, &[], &kinds).await
    }

    /// One INSERT for all rows.
    fn insert(&self, backend: Backend) -> String {
        let width = self.columns.len();
        let mark = |at: usize| match backend {
            Backend::Postgres => format!("${}", at + 1),
            _ => "?".to_owned(),
        };
        let row = |row: usize| {
            (row * width..(row + 1) * width)
                .map(mark)
                .collect::<Vec<_>>()
                .join(", ")
        };
        let rows: Vec<String> = (0..self.rows.len()).map(|at| format!("({})", row(at))).collect();
        let (table, columns) = (quote(backend, self.name), self.names(backend));
        format!("INSERT INTO {table} ({columns}) VALUES {}", rows.join(", "))
    }

    fn names(&self, backend: Backend) -> String {
        let names: Vec<String> = self.columns.iter().map(|column| quote(backend, column.name)).collect();
        names.join(", ")
    }
}

pub fn quote(backend: Backend, name: &str) -> String {
    match backend {
        Backend::MySql { .. } => format!("`{name}`"),
        _ => format!("\"{name}\""),
    }
}

impl Column {
    /// A canonical value as one of the column's kind.
    fn value(&self, json: &Json) -> Result<Value, String> {
        let plain = match (self.kind, json) {
            (kind, Json::Null) => Value::Null(kind),
            (Kind::Json, document) => Value::Json(document.clone()),
            (Kind::Bytes, Json::String(hex)) => Value::Bytes(bytes(hex).ok_or("this is no hexadecimal number")?),
            (_, Json::Bool(yes)) => Value::Bool(*yes),
            (_, Json::String(text)) => Value::Text(text.clone()),
            (_, Json::Number(number)) => match (number.as_i64(), number.as_f64()) {
                (Some(number), _) => Value::Int(number),
                (None, Some(number)) => Value::Float(number),
                (None, None) => return Err(format!("{number} is no number")),
            },
            (_, other) => return Err(format!("{other} is no value")),
        };
        coerce(plain, self.kind).map_err(|expected| format!("{} is no {expected}", self.key))
    }
}

fn bytes(hex: &str) -> Option<Vec<u8>> {
    let pairs = (0..hex.len()).step_by(2);
    let pair = |at: usize| hex.get(at..at + 2).and_then(|pair| u8::from_str_radix(pair, 16).ok());
    pairs.map(pair).collect()
}

/// What went in comes out.
#[orm::test(apps = ["django"])]
async fn the_fixture_is_read_as_it_was_written(db: Db) {
    load(&db).await.unwrap();
    let mut session = db.session().await.unwrap();
    let tables = tables().unwrap();
    assert_eq!(tables.len(), 38 + 6);
    for table in tables {
        let found = table.read(&mut session).await.unwrap();
        assert_eq!(found.len(), table.rows.len(), "{}", table.name);
        for row in &table.rows {
            assert!(found.contains(row), "{}: {row:?} is not in {found:#?}", table.name);
        }
    }
}
