//! The changes between two states, as migrations: Django's autodetector.

mod constraints;
mod create;
mod delete;
mod dependency;
mod fields;
mod indexes;
mod name;
mod optimize;
mod options;
mod questioner;
mod rename_fields;
mod rename_models;
mod sort;
mod split;

pub use name::{arrange, suggest_name};
pub use questioner::{Alteration, NonInteractive, Questioner};

use crate::error::Result;
use crate::files::MigrationGraph;
use crate::operation::{Migration, Operation};
use crate::state::{FieldState, ModelKey, ModelState, ProjectState};
use dependency::Dependency;
use std::collections::{BTreeMap, BTreeSet};

/// One operation that was found to be needed, and what must come before it.
#[derive(Debug, Clone)]
struct Pending {
    operation: Operation,
    dependencies: Vec<Dependency>,
}

/// A field of a model: key and name.
type FieldKey = (ModelKey, String);

/// Finds the operations that lead from one state to another.
pub struct Autodetector<'a> {
    from: &'a ProjectState,
    to: &'a ProjectState,
    questioner: &'a mut dyn Questioner,
    generated: BTreeMap<String, Vec<Pending>>,
    /// the new key of each renamed model, with its old name
    renamed_models: BTreeMap<ModelKey, ModelKey>,
    /// the new key of each renamed field, with its old name
    renamed_fields: BTreeMap<FieldKey, String>,
    old_models: BTreeSet<ModelKey>,
    new_models: BTreeSet<ModelKey>,
    old_unmanaged: BTreeSet<ModelKey>,
    new_unmanaged: BTreeSet<ModelKey>,
    kept_models: BTreeSet<ModelKey>,
    old_fields: BTreeSet<FieldKey>,
    new_fields: BTreeSet<FieldKey>,
}

impl<'a> Autodetector<'a> {
    /// A detector for the way from one state to another.
    pub fn new(from: &'a ProjectState, to: &'a ProjectState, questioner: &'a mut dyn Questioner) -> Self {
        let keys = |state: &ProjectState, managed| {
            state
                .models()
                .filter(|(_, m)| m.managed == managed)
                .map(|(key, _)| key.clone())
                .collect()
        };
        Autodetector {
            from,
            to,
            questioner,
            generated: BTreeMap::new(),
            renamed_models: BTreeMap::new(),
            renamed_fields: BTreeMap::new(),
            old_models: keys(from, true),
            new_models: keys(to, true),
            old_unmanaged: keys(from, false),
            new_unmanaged: keys(to, false),
            kept_models: BTreeSet::new(),
            old_fields: BTreeSet::new(),
            new_fields: BTreeSet::new(),
        }
    }

    /// The migrations of each app, in order, with names and dependencies that continue the graph.
    /// `name` is for the last part of every name, where the user chose one.
    pub fn changes(self, graph: &MigrationGraph, name: Option<&str>) -> Result<Vec<Migration>> {
        let migrations = self.detect(graph)?;
        Ok(arrange(migrations, graph, name))
    }

    fn detect(mut self, graph: &MigrationGraph) -> Result<BTreeMap<String, Vec<Migration>>> {
        self.rename_models()?;
        self.prepare_fields()?;
        self.delete_models()?;
        self.create_models()?;
        self.alter_options()?;
        let renamed = self.find_renamed_fields()?;
        let indexes = self.altered_indexes()?;
        let constraints = self.altered_constraints()?;
        self.remove_constraints(&constraints);
        self.remove_indexes(&indexes);
        self.rename_fields(renamed);
        self.rename_indexes(&indexes);
        self.remove_unique_together()?;
        self.remove_fields();
        self.add_fields()?;
        self.alter_fields()?;
        self.add_unique_together()?;
        self.add_indexes(indexes)?;
        self.add_constraints(constraints)?;
        self.alter_tables()?;
        sort::sort(&mut self.generated)?;
        let existing = self.from.models().map(|(key, _)| key.app.clone()).collect();
        let mut migrations = split::split(self.generated, &existing, graph)?;
        for (app, migrations) in &mut migrations {
            for migration in migrations {
                migration.operations = optimize::optimize(std::mem::take(&mut migration.operations), app);
            }
        }
        Ok(migrations)
    }

    fn add(&mut self, app: &str, operation: Operation, dependencies: Vec<Dependency>) {
        self.generated.entry(app.to_owned()).or_default().push(Pending {
            operation,
            dependencies,
        });
    }

    /// The key by which the old state knows a model of the new one.
    fn old_key(&self, key: &ModelKey) -> ModelKey {
        self.renamed_models.get(key).cloned().unwrap_or_else(|| key.clone())
    }

    fn old_model(&self, key: &ModelKey) -> Result<&'a ModelState> {
        self.from.model(&self.old_key(key))
    }

    fn new_model(&self, key: &ModelKey) -> Result<&'a ModelState> {
        self.to.model(key)
    }

    fn new_field(&self, (key, name): &FieldKey) -> Result<&'a FieldState> {
        self.to.model(key)?.field(name)
    }

    fn prepare_fields(&mut self) -> Result<()> {
        self.kept_models = self.old_models.intersection(&self.new_models).cloned().collect();
        for key in &self.kept_models {
            let fields = |model: &ModelState| -> Vec<FieldKey> {
                model.fields.iter().map(|f| (key.clone(), f.name.clone())).collect()
            };
            self.old_fields.extend(fields(self.old_model(key)?));
            self.new_fields.extend(fields(self.new_model(key)?));
        }
        Ok(())
    }
}
