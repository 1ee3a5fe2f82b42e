//! `[app] [migration]`, where the app can be left out if there is only one.

use crate::error::{CliError, Result};
use orm_migrate::MigrationId;
use orm_migrate::files::MigrationGraph;

/// The app and the migration's name that the words mean.
pub(super) fn split<'a>(words: &'a [String], graph: &'a MigrationGraph) -> Result<(Option<&'a str>, Option<&'a str>)> {
    match words {
        [] => Ok((None, None)),
        [app] if graph.apps().contains(app.as_str()) => Ok((Some(app), None)),
        [name] => Ok((Some(only_app(name, graph)?), Some(name))),
        [app, name, ..] => Ok((Some(app), Some(name))),
    }
}

/// The migration that the words mean: its name, or the beginning of only one.
pub(super) fn migration(words: &[String], graph: &MigrationGraph) -> Result<MigrationId> {
    let (app, name) = match words {
        [name] => (only_app(name, graph)?, name.as_str()),
        [app, name, ..] => (app.as_str(), name.as_str()),
        [] => (only_app("", graph)?, ""),
    };
    Ok(graph.find(app, name)?)
}

/// The only app that has migrations.
fn only_app<'a>(asked: &str, graph: &'a MigrationGraph) -> Result<&'a str> {
    let apps = graph.apps();
    match apps.first() {
        Some(app) if apps.len() == 1 => Ok(app),
        _ => {
            let what = format!("'{asked}' is no app that has migrations, and if it is a migration");
            Err(CliError::WhichApp {
                what,
                apps: apps.into_iter().map(str::to_owned).collect(),
            })
        }
    }
}
