//! `MigrationSource`: where migrations come from, a folder or the program itself.

use super::graph::MigrationGraph;
use super::read::parse;
use crate::error::{MigrateError, Result};
use std::borrow::Cow;
use std::path::{Path, PathBuf};

/// Migration files that `embed_migrations!()` put into the program: path and text of each.
#[derive(Debug, Clone, Copy)]
pub struct EmbeddedMigrations(pub &'static [(&'static str, &'static str)]);

impl EmbeddedMigrations {
    /// These files; `embed_migrations!()` writes the call.
    pub const fn new(files: &'static [(&'static str, &'static str)]) -> Self {
        EmbeddedMigrations(files)
    }
}

impl From<EmbeddedMigrations> for MigrationSource {
    fn from(embedded: EmbeddedMigrations) -> Self {
        MigrationSource::Embedded(embedded)
    }
}

/// Where migrations come from.
#[derive(Debug, Clone)]
pub enum MigrationSource {
    /// a folder; the files lie in it or in one folder for each app. It need not exist.
    Directory(PathBuf),
    /// the program itself
    Embedded(EmbeddedMigrations),
}

/// Path and text of one file.
type FileText = (String, Cow<'static, str>);

impl MigrationSource {
    /// The migrations in that folder.
    pub fn directory(path: impl Into<PathBuf>) -> Self {
        MigrationSource::Directory(path.into())
    }

    /// Reads all migrations and checks that they fit together.
    pub fn load(&self) -> Result<MigrationGraph> {
        let files = self.files()?;
        let migrations = files.iter().map(|(path, text)| Ok((parse(path, text)?, path.clone())));
        MigrationGraph::new(migrations.collect::<Result<_>>()?)
    }

    fn files(&self) -> Result<Vec<FileText>> {
        match self {
            MigrationSource::Directory(path) => read_directory(path),
            MigrationSource::Embedded(embedded) => Ok(embedded
                .0
                .iter()
                .map(|(path, text)| ((*path).to_owned(), Cow::Borrowed(*text)))
                .collect()),
        }
    }
}

fn read_directory(path: &Path) -> Result<Vec<FileText>> {
    let mut files = Vec::new();
    for entry in list(path)? {
        if entry.is_dir() {
            files.extend(list(&entry)?.into_iter().filter(|file| is_migration(file)));
        } else if is_migration(&entry) {
            files.push(entry);
        }
    }
    let read = |file: PathBuf| {
        let text = std::fs::read_to_string(&file).map_err(|source| MigrateError::Io {
            path: file.clone(),
            source,
        })?;
        Ok((file.display().to_string(), Cow::Owned(text)))
    };
    files.into_iter().map(read).collect()
}

fn is_migration(file: &Path) -> bool {
    file.is_file() && file.extension().is_some_and(|ending| ending == "toml")
}

/// What is in a folder, sorted; nothing if there is no such folder.
fn list(path: &Path) -> Result<Vec<PathBuf>> {
    let wrong = |source| MigrateError::Io {
        path: path.to_owned(),
        source,
    };
    let entries = match std::fs::read_dir(path) {
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        entries => entries.map_err(wrong)?,
    };
    let mut paths = entries
        .map(|entry| Ok(entry?.path()))
        .collect::<Result<Vec<_>, _>>()
        .map_err(wrong)?;
    paths.sort();
    Ok(paths)
}
