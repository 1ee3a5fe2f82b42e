//! What is assigned to rows, and what it comes to when they are saved.

use super::{Instance, State};
use crate::shell::Shell;
use crate::shell::args::Args;
use crate::shell::convert;
use crate::shell::errors::{Result, ShellError};
use crate::shell::object::Obj;
use orm_core::dynamic::{Dynamic, Record};
use orm_core::meta::{ModelMeta, RelationKind, RelationMeta};
use std::sync::{Arc, Mutex};

impl Instance {
    /// `Book(title="Emma")`: a row that is not in the database yet.
    pub(in crate::shell) fn unsaved(model: &'static ModelMeta, named: Vec<(String, Obj)>) -> Result<Self> {
        let row = Instance(Arc::new(Mutex::new(State {
            record: Record::unsaved(model),
            attributes: Vec::new(),
        })));
        for (name, value) in named {
            row.state().record.check_name(&name)?;
            row.assign(&name, value)?;
        }
        Ok(row)
    }

    /// `row.name = value`
    ///
    /// Fields keep what they are given, as in Python: whether it fits is told when the row is saved.
    pub(in crate::shell) fn assign(&self, name: &str, value: Obj) -> Result<()> {
        let model = self.model();
        let name = if name == "pk" { model.pk().name } else { name };
        self.state().record.check_assignable(name)?;
        if let Some(relation) = one_to_one_of_others(model, name) {
            return self.lead_back(name, relation, value);
        }
        let field = model.field(name);
        match field.and_then(|field| field.relation.as_ref()) {
            Some(relation) if relation.name == name => self.refer(relation, value),
            found => {
                // Only rows may lead to rows: those chains are taken apart without recursion.
                if !matches!(value, Obj::Record(_) | Obj::Expr(_)) {
                    convert::plain(&value)?;
                }
                if let Some(relation) = found {
                    self.forget(relation.name);
                }
                self.take_in(name, &value);
                self.keep(name, value);
                Ok(())
            }
        }
    }

    /// `book.publisher = value`
    fn refer(&self, relation: &'static RelationMeta, value: Obj) -> Result<()> {
        let target = (relation.target)();
        let fits = match &value {
            Obj::None => true,
            Obj::Record(row) => row.model().is(target),
            _ => false,
        };
        if !fits {
            return Err(not_assignable(self.model(), relation.name, target, &value));
        }
        self.forget(&format!("{}_id", relation.name));
        self.take_in(relation.name, &value);
        match value {
            Obj::None => self.forget(relation.name),
            value => self.keep(relation.name, value),
        }
        Ok(())
    }

    /// `library.librarian = value`: the key is the other row's.
    fn lead_back(&self, name: &str, relation: &'static RelationMeta, value: Obj) -> Result<()> {
        match &value {
            Obj::None => {
                if let Some(Obj::Record(row)) = self.kept(name) {
                    row.refer(relation, Obj::None)?;
                }
                self.forget(name);
                return Ok(());
            }
            Obj::Record(row) if row.model().is((relation.source)()) => {
                // A copy, or neither row would ever be let go of.
                row.refer(relation, Obj::Record(self.copied()))?;
            }
            _ => return Err(not_assignable(self.model(), name, (relation.source)(), &value)),
        }
        self.keep(name, value);
        Ok(())
    }

    fn copied(&self) -> Instance {
        Instance::saved(self.record())
    }

    /// Sets the field of the record as well, where the value fits.
    fn take_in(&self, name: &str, value: &Obj) {
        let Ok(value) = convert::dynamic(value) else { return };
        // What does not fit is told when the row is saved.
        self.state().record.set(name, value).ok();
    }

    fn kept(&self, name: &str) -> Option<Obj> {
        let state = self.state();
        let found = state.attributes.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.clone())
    }

    /// Forgets an attribute that was assigned or loaded.
    fn forget(&self, name: &str) {
        let mut state = self.state();
        let at = state.attributes.iter().position(|(known, _)| known == name);
        let old = at.map(|at| state.attributes.swap_remove(at));
        state.record.forget(name);
        drop(state);
        drop(old);
    }

    /// The rows that were loaded over a relation to many are not those that are there now.
    pub(in crate::shell) fn changed(&self, name: &str) {
        self.state().record.forget(name);
    }

    /// The row as it is to be written.
    ///
    /// # Errors
    /// What was assigned and does not fit.
    pub(in crate::shell) fn ready(&self) -> Result<Record> {
        let (mut record, attributes) = {
            let state = self.state();
            (state.record.clone(), state.attributes.clone())
        };
        let model = record.model();
        for (name, value) in &attributes {
            let Some(field) = model.field(name) else { continue };
            match (&field.relation, value) {
                (Some(relation), Obj::Record(row)) if relation.name == name => {
                    let row = row.record();
                    let unsaved = row.pk().is_null();
                    // A row that was loaded or assigned counts where the key does not say otherwise.
                    if unsaved || record.get(name).is_none_or(orm_core::value::Value::is_null) {
                        record.set(name, Dynamic::Record(Arc::new(row)))?;
                    }
                }
                _ => record.set(name, convert::dynamic(value)?)?,
            }
        }
        Ok(record)
    }

    /// The row was written, and this is what it is now.
    pub(in crate::shell) fn settle(&self, record: Record) {
        // What the database computed, and what saving sets, is known now.
        self.replace(record, |record, name, value| match value {
            Obj::Expr(_) => record.model().field(name).is_some() && !record.is_pending(name),
            _ => is_stamped(record.model(), name),
        });
    }

    /// The row was read again: these fields, or all.
    pub(in crate::shell) fn reset(&self, record: Record, names: Option<&[String]>) {
        self.replace(record, |record, name, _| match names {
            None => record.model().field(name).is_some() || is_relation(record.model(), name),
            Some(names) => names.iter().any(|known| known == name),
        });
    }

    /// Takes `record` for the row, and forgets the attributes that it makes `outdated`.
    fn replace(&self, record: Record, outdated: impl Fn(&Record, &str, &Obj) -> bool) {
        let mut state = self.state();
        let attributes = std::mem::take(&mut state.attributes);
        let (old, left): (Vec<_>, Vec<_>) = attributes
            .into_iter()
            .partition(|(name, value)| outdated(&record, name, value));
        state.attributes = left;
        state.record = record;
        drop(state);
        drop(old);
    }

    /// Deletes the row.
    pub(in crate::shell) async fn delete(&self, shell: &Shell) -> Result<orm_core::Deleted> {
        let mut record = self.record();
        let deleted = record.delete(&shell.db()?).await?;
        self.forget(record.model().pk().name);
        self.state().record = record;
        Ok(deleted)
    }
}

/// `Book(1, title="Emma")`: values in the order of the fields, then values by name.
pub(in crate::shell) fn construct(model: &'static ModelMeta, args: Args) -> Result<Obj> {
    if args.positional.len() > model.fields.len() {
        let message = "Number of args exceeds number of fields";
        return Err(ShellError::new("IndexError", message));
    }
    let fields = model.fields.iter().zip(args.positional);
    let mut values: Vec<(String, Obj)> = fields.map(|(field, value)| (field.attname(), value)).collect();
    for (name, _) in &args.named {
        let attname = model.field(name).map(orm_core::meta::FieldMeta::attname);
        if values.iter().any(|(known, _)| Some(known) == attname.as_ref()) {
            let message = format!(
                "{}() got both positional and keyword arguments for field '{name}'.",
                model.name
            );
            return Err(ShellError::type_error(message));
        }
    }
    values.extend(args.named);
    Instance::unsaved(model, values).map(Obj::Record)
}

/// Whether saving sets the field, whatever was assigned.
fn is_stamped(model: &ModelMeta, name: &str) -> bool {
    let field = model.field(name).filter(|field| field.relation.is_none());
    field.is_some_and(|field| field.auto_now || field.auto_now_add || field.primary_key)
}

fn is_relation(model: &'static ModelMeta, name: &str) -> bool {
    let mut reverse = model.reverse_relations().iter().filter(|relation| !relation.hidden());
    reverse.any(|relation| relation.accessor_name() == name)
}

/// The one-to-one relation of another model whose other side has that name.
fn one_to_one_of_others(model: &'static ModelMeta, name: &str) -> Option<&'static RelationMeta> {
    let reverse = model.reverse_relations().iter().copied();
    let mut of_one = reverse.filter(|relation| relation.kind == RelationKind::OneToOne && !relation.hidden());
    of_one.find(|relation| relation.accessor_name() == name)
}

fn not_assignable(model: &ModelMeta, name: &str, target: &ModelMeta, value: &Obj) -> ShellError {
    ShellError::value_error(format!(
        "Cannot assign \"{}\": \"{}.{name}\" must be a \"{}\" instance.",
        crate::shell::print::repr(value),
        model.name,
        target.name
    ))
}
