//! The names that migrations get: a number, and what their operations are about.

use crate::files::MigrationGraph;
use crate::operation::{Migration, MigrationId, Operation};
use std::collections::BTreeMap;

/// The name that the operations suggest, without the number: `author_notes`,
/// `remove_author_notes_book_isbn_and_more`.
pub fn suggest_name(operations: &[Operation], initial: bool) -> String {
    if initial {
        return "initial".to_owned();
    }
    let fragments: Option<Vec<String>> = operations
        .iter()
        .map(|operation| operation.migration_name_fragment().map(|f| words(&f)))
        .collect();
    let Some((first, rest)) = fragments.as_deref().and_then(<[String]>::split_first) else {
        return format!("auto_{}", chrono::Local::now().format("%Y%m%d_%H%M"));
    };
    let mut name = first.clone();
    for fragment in rest {
        let longer = format!("{name}_{fragment}");
        if longer.chars().count() > 52 {
            return format!("{name}_and_more");
        }
        name = longer;
    }
    name
}

/// Every run of characters that are no letters, digits or underscores becomes one underscore.
fn words(fragment: &str) -> String {
    let mut name = String::with_capacity(fragment.len());
    let mut gap = false;
    for c in fragment.chars() {
        let word = c.is_alphanumeric() || c == '_';
        if word {
            name.push(c);
        } else if !gap {
            name.push('_');
        }
        gap = !word;
    }
    name
}

/// Gives the migrations of each app their names and makes the first follow the app's last existing
/// one.
pub fn arrange(
    changes: BTreeMap<String, Vec<Migration>>,
    graph: &MigrationGraph,
    name: Option<&str>,
) -> Vec<Migration> {
    let mut renamed: BTreeMap<MigrationId, MigrationId> = BTreeMap::new();
    let mut arranged: Vec<Migration> = Vec::new();
    for (app, migrations) in changes {
        let leaf = graph.leaf_nodes(&app).into_iter().next();
        let first = leaf.as_ref().map_or(0, |id| id.number().unwrap_or(0)) + 1;
        for (number, (i, mut migration)) in (first..).zip(migrations.into_iter().enumerate()) {
            let rest = match (name, &leaf) {
                (Some(name), _) => name.to_owned(),
                (None, None) if i == 0 => "initial".to_owned(),
                _ => suggest_name(&migration.operations, migration.initial)
                    .chars()
                    .take(100)
                    .collect(),
            };
            let id = MigrationId::new(&*app, format!("{number:04}_{rest}"));
            renamed.insert(std::mem::replace(&mut migration.id, id.clone()), id);
            if i == 0 {
                migration.dependencies.extend(leaf.clone());
            }
            arranged.push(migration);
        }
    }
    for migration in &mut arranged {
        for dependency in &mut migration.dependencies {
            if let Some(id) = renamed.get(dependency) {
                dependency.clone_from(id);
            }
        }
        migration.dependencies.sort();
        migration.dependencies.dedup();
    }
    arranged
}
