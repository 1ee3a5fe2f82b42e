//! The sorted operations, cut into migrations that depend on each other across apps.

use super::Pending;
use crate::error::{MigrateError, Result};
use crate::files::MigrationGraph;
use crate::operation::{Migration, MigrationId};
use std::collections::{BTreeMap, BTreeSet};

type Operations = BTreeMap<String, Vec<Pending>>;
type Migrations = BTreeMap<String, Vec<Migration>>;

/// Cuts off an app's operations where one needs what another app has still to do.
pub(super) fn split(
    mut generated: Operations,
    existing: &BTreeSet<String>,
    graph: &MigrationGraph,
) -> Result<Migrations> {
    let mut migrations = Migrations::new();
    let mut chop = false;
    let mut left = count(&generated);
    while left > 0 {
        let apps: Vec<String> = generated.keys().cloned().collect();
        for app in apps {
            let (chopped, dependencies) = ready(&app, &generated, &migrations, graph, chop);
            let Some(operations) = generated
                .get_mut(&app)
                .filter(|_| chopped > 0 || !dependencies.is_empty())
            else {
                continue;
            };
            if chopped == operations.len() || chop {
                let done = migrations.entry(app.clone()).or_default();
                done.push(Migration {
                    id: MigrationId::new(&*app, format!("auto_{}", done.len() + 1)),
                    dependencies: dependencies.into_iter().collect(),
                    initial: !existing.contains(&app),
                    operations: operations.drain(..chopped).map(|pending| pending.operation).collect(),
                });
                chop = false;
            }
        }
        let now = count(&generated);
        if now == left {
            if chop {
                let app = generated
                    .into_iter()
                    .find(|(_, ops)| !ops.is_empty())
                    .map(|(app, _)| app);
                return Err(MigrateError::Unsortable {
                    app: app.unwrap_or_default(),
                });
            }
            chop = true;
        }
        left = now;
    }
    for migrations in migrations.values_mut() {
        for i in 1..migrations.len() {
            let before = migrations[i - 1].id.clone();
            migrations[i].dependencies.push(before);
        }
    }
    Ok(migrations)
}

fn count(generated: &Operations) -> usize {
    generated.values().map(Vec::len).sum()
}

/// How many of the app's first operations need nothing that is still to be done elsewhere, and the
/// migrations of other apps that they need.
fn ready(
    app: &str,
    generated: &Operations,
    migrations: &Migrations,
    graph: &MigrationGraph,
    chop: bool,
) -> (usize, BTreeSet<MigrationId>) {
    let mut dependencies = BTreeSet::new();
    let mut chopped = 0;
    'operations: for pending in generated.get(app).into_iter().flatten() {
        let mut needed = BTreeSet::new();
        for dependency in pending.dependencies.iter().filter(|d| d.model.app != app) {
            let other = &dependency.model.app;
            if generated
                .get(other)
                .into_iter()
                .flatten()
                .any(|p| dependency.is(&p.operation))
            {
                break 'operations;
            }
            match migrations.get(other).and_then(|done| done.last()) {
                Some(last) => needed.extend([last.id.clone()]),
                // The other app's migrations may still come up; only in a second round do its
                // existing ones count.
                None if chop => needed.extend(graph.leaf_nodes(other).into_iter().next()),
                None => break 'operations,
            }
        }
        dependencies.extend(needed);
        chopped += 1;
    }
    (chopped, dependencies)
}
