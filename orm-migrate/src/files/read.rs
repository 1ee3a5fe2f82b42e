//! From the text of a file to a migration, with the line of what is wrong.

use super::raw_operation::RawOperation;
use crate::error::{MigrateError, Result};
use crate::operation::{Migration, MigrationId};
use serde::Deserialize;
use std::ops::Range;
use toml::Spanned;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawMigration {
    app: String,
    name: Spanned<String>,
    #[serde(default)]
    initial: bool,
    #[serde(default)]
    dependencies: Vec<Spanned<String>>,
    #[serde(default)]
    operations: Vec<Spanned<RawOperation>>,
}

/// Reads a migration. The path is for messages, and its file name must be the migration's name.
pub fn parse(path: &str, text: &str) -> Result<Migration> {
    let wrong = |span: Option<Range<usize>>, message: String| MigrateError::File {
        path: path.to_owned(),
        line: line(text, span),
        message,
    };
    let raw: RawMigration = toml::from_str(text).map_err(|e| wrong(e.span(), e.message().to_owned()))?;
    let name = raw.name.get_ref();
    if stem(path) != name {
        let message = format!("the migration is named {name:?}, so its file must be {name}.toml");
        return Err(wrong(Some(raw.name.span()), message));
    }
    let id = MigrationId::new(&*raw.app, name);
    let mut dependencies = Vec::new();
    for text in raw.dependencies {
        let dependency = MigrationId::parse(text.get_ref()).ok_or_else(|| {
            wrong(
                Some(text.span()),
                format!("{:?} is not \"app.migration\"", text.get_ref()),
            )
        })?;
        dependencies.push(dependency);
    }
    let mut operations = Vec::new();
    for operation in raw.operations {
        let span = operation.span();
        operations.push(
            operation
                .into_inner()
                .operation(&raw.app)
                .map_err(|message| wrong(Some(span), message))?,
        );
    }
    Ok(Migration {
        id,
        dependencies,
        initial: raw.initial,
        operations,
    })
}

/// The file's name without folders and ending.
pub(super) fn stem(path: &str) -> &str {
    let file = path.rsplit(['/', '\\']).next().unwrap_or(path);
    file.strip_suffix(".toml").unwrap_or(file)
}

fn line(text: &str, span: Option<Range<usize>>) -> usize {
    let start = span.map_or(0, |span| span.start).min(text.len());
    text.as_bytes().iter().take(start).filter(|b| **b == b'\n').count() + 1
}
