//! `explain`: how the database would run a query.

use super::{QuerySet, read_value, statement};
use crate::compiler::Compiled;
use crate::error::{Error, Result};
use crate::exec::{Backend, Executor, Handle, RowReader, Source, Statement};
use crate::model::Model;
use crate::query::Query;
use crate::row::Extras;
use crate::value::{Kind, Value};

/// How a plan is told, and whether the query is run for it.
///
/// ```
/// # use orm_core::queryset::{Explain, ExplainFormat};
/// let options = Explain::new().analyze().format(ExplainFormat::Json);
/// ```
#[derive(Debug, Clone, Copy, Default)]
pub struct Explain {
    format: Option<ExplainFormat>,
    analyze: bool,
    verbose: bool,
    buffers: bool,
}

/// The formats of plans.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs, reason = "they say it")]
pub enum ExplainFormat {
    Text,
    Json,
    Xml,
    Yaml,
    /// MySQL's and MariaDB's table
    Traditional,
    /// MySQL's tree
    Tree,
}

impl ExplainFormat {
    /// The format of that name, whatever its case.
    pub fn named(name: &str) -> Option<Self> {
        let all = [
            ExplainFormat::Text,
            ExplainFormat::Json,
            ExplainFormat::Xml,
            ExplainFormat::Yaml,
            ExplainFormat::Traditional,
            ExplainFormat::Tree,
        ];
        all.into_iter().find(|format| format.sql().eq_ignore_ascii_case(name))
    }

    fn sql(self) -> &'static str {
        match self {
            ExplainFormat::Text => "TEXT",
            ExplainFormat::Json => "JSON",
            ExplainFormat::Xml => "XML",
            ExplainFormat::Yaml => "YAML",
            ExplainFormat::Traditional => "TRADITIONAL",
            ExplainFormat::Tree => "TREE",
        }
    }

    fn is_known(self, backend: Backend) -> bool {
        use ExplainFormat::{Json, Text, Traditional, Tree, Xml, Yaml};
        match backend {
            Backend::Sqlite => false,
            Backend::Postgres => matches!(self, Text | Json | Xml | Yaml),
            Backend::MySql { mariadb: true, .. } => matches!(self, Json | Traditional),
            Backend::MySql { mariadb: false, .. } => matches!(self, Json | Traditional | Tree),
        }
    }
}

impl Explain {
    /// The database's usual form.
    pub fn new() -> Self {
        Explain::default()
    }

    /// In that format.
    #[must_use]
    pub fn format(mut self, format: ExplainFormat) -> Self {
        self.format = Some(format);
        self
    }

    /// Runs the query, and tells what it took. PostgreSQL, MySQL and MariaDB have it.
    #[must_use]
    pub fn analyze(mut self) -> Self {
        self.analyze = true;
        self
    }

    /// With more details. PostgreSQL has it.
    #[must_use]
    pub fn verbose(mut self) -> Self {
        self.verbose = true;
        self
    }

    /// With the pages that were read. PostgreSQL has it.
    #[must_use]
    pub fn buffers(mut self) -> Self {
        self.buffers = true;
        self
    }

    /// What stands before the query.
    fn prefix(self, backend: Backend) -> Result<String> {
        let unsupported = |feature: String| Error::NotSupported {
            feature,
            database: backend.name(),
        };
        if let Some(format) = self.format.filter(|format| !format.is_known(backend)) {
            return Err(unsupported(format!("the format {} of EXPLAIN", format.sql())));
        }
        let postgres = backend == Backend::Postgres;
        for (asked, known, name) in [
            (self.analyze, backend != Backend::Sqlite, "ANALYZE"),
            (self.verbose, postgres, "VERBOSE"),
            (self.buffers, postgres, "BUFFERS"),
        ] {
            if asked && !known {
                return Err(unsupported(format!("EXPLAIN with {name}")));
            }
        }
        let format = self.format.map(ExplainFormat::sql);
        Ok(match backend {
            Backend::Sqlite => "EXPLAIN QUERY PLAN ".to_owned(),
            Backend::Postgres => {
                let mut options: Vec<String> = Vec::new();
                for (asked, name) in [
                    (self.analyze, "ANALYZE"),
                    (self.verbose, "VERBOSE"),
                    (self.buffers, "BUFFERS"),
                ] {
                    options.extend(asked.then(|| name.to_owned()));
                }
                options.extend(format.map(|format| format!("FORMAT {format}")));
                if options.is_empty() {
                    "EXPLAIN ".to_owned()
                } else {
                    format!("EXPLAIN ({}) ", options.join(", "))
                }
            }
            Backend::MySql { mariadb, .. } => {
                let verb = match (self.analyze, mariadb) {
                    (false, _) => "EXPLAIN",
                    (true, true) => "ANALYZE",
                    (true, false) => "EXPLAIN ANALYZE",
                };
                // MariaDB has no name for its usual format.
                match format.filter(|format| !mariadb || *format != "TRADITIONAL") {
                    Some(format) => format!("{verb} FORMAT={format} "),
                    None => format!("{verb} "),
                }
            }
        })
    }
}

impl<M: Model, X: Extras> QuerySet<M, X> {
    /// How the database would run the query, in its own words. One query.
    ///
    /// # Errors
    /// What the database says.
    pub fn explain<E: Executor>(&self, db: &E) -> impl Future<Output = Result<String>> + Send {
        self.explain_with(db, Explain::new())
    }

    /// The same with options. With [`analyze`](Explain::analyze) the query is run.
    ///
    /// # Errors
    /// [`Error::NotSupported`] for an option that the database does not have.
    pub fn explain_with<E: Executor>(&self, db: &E, options: Explain) -> impl Future<Output = Result<String>> + Send {
        let (query, db) = (self.query().clone(), db.handle());
        async move { explain(&query, options, db).await }
    }
}

/// How the database would run a query.
pub(crate) async fn explain(query: &Query, options: Explain, db: Handle<'_>) -> Result<String> {
    let prefix = options.prefix(db.backend())?;
    let Compiled::Statement(statement) = statement(query, db)? else {
        return Ok("no rows: no statement is run".to_owned());
    };
    let explained = Statement {
        sql: format!("{prefix}{}", statement.sql).into(),
        columns: [].into(),
        ..statement
    };
    let lines = db.fetch(&explained, LineReader).await?;
    Ok(lines.join("\n"))
}

/// Reads rows of any cells as text.
struct LineReader;

impl RowReader for LineReader {
    type Out = String;

    fn read<S: Source>(&mut self, row: &mut S) -> Result<String> {
        let mut cells = Vec::new();
        for at in 0..row.names()?.len() {
            cells.push(text(row, at)?);
        }
        Ok(cells.join(" "))
    }
}

fn text<S: Source>(row: &mut S, at: usize) -> Result<String> {
    if row.is_null(at)? {
        return Ok("NULL".to_owned());
    }
    let kind = match row.kind(at)? {
        Kind::Json => Kind::Text,
        kind => kind,
    };
    Ok(match read_value(row, at, kind)? {
        Value::Text(text) => text,
        Value::Int(number) => number.to_string(),
        Value::Float(number) => number.to_string(),
        Value::Decimal(number) => number.to_string(),
        other => format!("{other:?}"),
    })
}
