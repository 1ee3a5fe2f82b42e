//! Rows as the shell has them.

mod assign;

pub(super) use assign::construct;

use super::Shell;
use super::convert;
use super::errors::{Result, ShellError};
use super::manager::Manager;
use super::object::Obj;
use orm_core::dynamic::{DynQ, DynQuerySet, Dynamic, Record, Related};
use orm_core::error::Error;
use orm_core::meta::{ModelMeta, RelationKind, RelationMeta};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// A row: variables that name the same row see what is assigned to it.
#[derive(Debug, Clone)]
pub struct Instance(Arc<Mutex<State>>);

#[derive(Debug)]
struct State {
    record: Record,
    /// attributes that were assigned, and rows that were loaded through it
    attributes: Vec<(String, Obj)>,
}

/// A row may lead to a row, and so on for as long as a user likes: no recursion here.
impl Drop for State {
    fn drop(&mut self) {
        let mut left = std::mem::take(&mut self.attributes);
        while let Some((_, value)) = left.pop() {
            if let Obj::Record(Instance(state)) = value
                && let Some(state) = Arc::into_inner(state)
            {
                let mut state = state.into_inner().unwrap_or_else(PoisonError::into_inner);
                left.append(&mut state.attributes);
            }
        }
    }
}

impl Instance {
    /// A row that came from the database.
    pub(super) fn saved(record: Record) -> Self {
        Instance(Arc::new(Mutex::new(State {
            record,
            attributes: Vec::new(),
        })))
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The row as it came from the database, with what was assigned to it since and fits.
    pub fn record(&self) -> Record {
        self.state().record.clone()
    }

    /// Its model.
    pub fn model(&self) -> &'static ModelMeta {
        self.state().record.model()
    }

    /// `<Book: Emma>`
    pub(super) fn repr(&self) -> String {
        self.state().record.repr()
    }

    /// What `str(row)` gives.
    pub(super) fn str(&self) -> String {
        self.state().record.to_string()
    }

    /// Its key.
    pub(super) fn pk(&self) -> Obj {
        convert::obj(self.state().record.pk())
    }

    /// What the query computed for it.
    pub(super) fn annotations(&self) -> Vec<(String, Obj)> {
        let state = self.state();
        let annotations = state.record.annotations().iter();
        annotations
            .map(|(name, value)| (name.to_string(), convert::obj(value)))
            .collect()
    }

    fn keep(&self, name: &str, value: Obj) {
        let mut state = self.state();
        let old = state.attributes.iter().position(|(known, _)| known == name);
        // The old value may be the last that holds a row, and that one this row: let go of the lock.
        let old = old.map(|at| state.attributes.swap_remove(at));
        state.attributes.push((name.to_owned(), value));
        drop(state);
        drop(old);
    }

    /// An attribute that needs no database.
    fn known(&self, name: &str) -> Option<Obj> {
        let state = self.state();
        let model = state.record.model();
        let name = if name == "pk" { model.pk().name } else { name };
        if let Some((_, value)) = state.attributes.iter().find(|(known, _)| known == name) {
            return Some(value.clone());
        }
        let relation = model.relation(name).is_some();
        state.record.get(name).filter(|_| !relation).map(convert::obj)
    }

    /// The value of a field, by the field's name; a deferred one is loaded.
    async fn value(&self, shell: &Shell, field: &str) -> Result<Obj> {
        self.load(shell, &[field]).await?;
        Ok(self.state().record.get(field).map_or(Obj::None, convert::obj))
    }

    /// Loads those of the fields that were deferred.
    async fn load(&self, shell: &Shell, names: &[&str]) -> Result<()> {
        let whole = |record: &Record| !record.is_saved() || record.values().iter().all(Option::is_some);
        if whole(&self.state().record) {
            return Ok(());
        }
        let mut record = self.record();
        record.load(&shell.db()?, names).await?;
        self.state().record = record;
        Ok(())
    }

    /// Loads all fields that were deferred.
    pub(super) async fn load_all(&self, shell: &Shell) -> Result<()> {
        let deferred = self.state().record.deferred();
        let names: Vec<&str> = deferred.iter().map(String::as_str).collect();
        self.load(shell, &names).await
    }

    /// The row that was loaded with this one over a relation to one; `Some(None)` where there is none.
    fn one_of(&self, relation: &'static RelationMeta, name: &str) -> Option<Option<Obj>> {
        let record = match self.state().record.related_by(name)? {
            Related::One(found) => found.clone(),
            Related::Many(_) => return None,
        };
        let found = record.map(|record| {
            let found = Instance::saved((*record).clone());
            if relation.kind == RelationKind::OneToOne {
                // The way back is known as well; to a copy, or neither row would ever be let go of.
                let back = if name == relation.name {
                    relation.accessor_name()
                } else {
                    relation.name.to_owned()
                };
                found.lead_to(&back, Instance::saved(self.record()));
            }
            Obj::Record(found)
        });
        if let Some(found) = &found {
            self.keep(name, found.clone());
        }
        Some(found)
    }

    /// An attribute leads to a row, unless another one was loaded for it.
    fn lead_to(&self, name: &str, row: Instance) {
        if self.state().record.related_by(name).is_none() {
            self.keep(name, Obj::Record(row));
        }
    }

    /// The rows that were loaded with this one over a relation to many.
    pub(super) fn many_of(&self, relation: &'static RelationMeta, name: &str) -> Option<Vec<Obj>> {
        let records = match self.state().record.related_by(name)? {
            Related::Many(found) => found.clone(),
            Related::One(_) => return None,
        };
        let row = |record: &Arc<Record>| {
            let row = Instance::saved((**record).clone());
            if relation.kind == RelationKind::ForeignKey {
                row.lead_to(relation.name, self.clone());
            }
            Obj::Record(row)
        };
        Some(records.iter().map(row).collect())
    }

    /// An attribute that is a value, a row or a manager; `None` where there is none of that name.
    pub(super) async fn attribute(&self, shell: &Shell, name: &str) -> Result<Option<Obj>> {
        if let Some(value) = self.known(name) {
            return Ok(Some(value));
        }
        let model = self.model();
        let relation = model.relation(name);
        if relation.is_none() && model.field(name).is_some() {
            return self.value(shell, name).await.map(Some);
        }
        if let Some(relation) = relation {
            return match relation.kind {
                RelationKind::ManyToMany => Ok(Some(self.manager(relation, true))),
                _ => self.forward(shell, relation).await.map(Some),
            };
        }
        let reverse = model.reverse_relations().iter().copied();
        let found = reverse
            .into_iter()
            .find(|relation| !relation.hidden() && relation.accessor_name() == name);
        match found {
            Some(relation) if relation.kind == RelationKind::OneToOne => self.backward(shell, relation).await.map(Some),
            Some(relation) => Ok(Some(self.manager(relation, false))),
            None => {
                if let Some(field) = displayed(name) {
                    self.load(shell, &[field]).await?;
                }
                Ok(self.display(name))
            }
        }
    }

    fn manager(&self, relation: &'static RelationMeta, forward: bool) -> Obj {
        Obj::Manager(Arc::new(Manager::Related {
            row: self.clone(),
            relation,
            forward,
        }))
    }

    /// The row that a key names; it is loaded once.
    async fn forward(&self, shell: &Shell, relation: &'static RelationMeta) -> Result<Obj> {
        match self.one_of(relation, relation.name) {
            Some(Some(found)) => return Ok(found),
            Some(None) if relation.null => return Ok(Obj::None),
            Some(None) => return Err(nothing_related(self.model(), relation.name)),
            None => {}
        }
        let key = self.value(shell, relation.name).await?;
        if matches!(key, Obj::None) {
            if relation.null {
                return Ok(Obj::None);
            }
            return Err(nothing_related(self.model(), relation.name));
        }
        let rows = DynQuerySet::new((relation.target)());
        let found = rows
            .get(
                &shell.db()?,
                DynQ::leaf(relation.target_field().name, convert::dynamic(&key)?),
            )
            .await?;
        let found = convert::row(found)?;
        self.keep(relation.name, found.clone());
        Ok(found)
    }

    /// The row whose one-to-one key names this one; it is loaded once.
    async fn backward(&self, shell: &Shell, relation: &'static RelationMeta) -> Result<Obj> {
        let name = relation.accessor_name();
        match self.one_of(relation, &name) {
            Some(Some(found)) => return Ok(found),
            Some(None) => return Err(nothing_related(self.model(), &name)),
            None => {}
        }
        let rows = DynQuerySet::new((relation.source)());
        let this = Dynamic::Record(Arc::new(self.record()));
        match rows.get(&shell.db()?, DynQ::leaf(relation.name, this)).await {
            Ok(found) => {
                let found = convert::row(found)?;
                self.keep(&name, found.clone());
                Ok(found)
            }
            Err(Error::DoesNotExist { .. }) => Err(nothing_related(self.model(), &name)),
            Err(error) => Err(error.into()),
        }
    }

    /// `get_genre_display`: a function in Python; here the label itself is kept until the call.
    fn display(&self, name: &str) -> Option<Obj> {
        let field = displayed(name)?;
        let model = self.model();
        let field = model.fields.iter().find(|f| f.name == field && !f.choices.is_empty())?;
        let value = self.known(field.name).unwrap_or(Obj::None);
        let text = super::print::str(&value);
        let label = field.choices.iter().find(|choice| choice.value == text);
        let label = label.map_or(value, |choice| Obj::Str(choice.label.into()));
        Some(super::methods::Bound::answer(label))
    }

    /// The names of its attributes.
    pub(super) fn names(&self) -> Vec<String> {
        let model = self.model();
        let mut names = vec!["pk".to_owned()];
        for field in model.fields {
            names.push(field.name.to_owned());
            if field.relation.is_some() {
                names.push(field.attname());
            }
            if !field.choices.is_empty() {
                names.push(format!("get_{}_display", field.name));
            }
        }
        names.extend(model.many_to_many.iter().map(|relation| relation.name.to_owned()));
        let reverse = model.reverse_relations().iter().filter(|relation| !relation.hidden());
        names.extend(reverse.map(|relation| relation.accessor_name()));
        names.extend(self.annotations().into_iter().map(|(name, _)| name));
        names
    }
}

/// `genre` of `get_genre_display`
fn displayed(name: &str) -> Option<&str> {
    name.strip_prefix("get_")?.strip_suffix("_display")
}

fn nothing_related(model: &ModelMeta, name: &str) -> ShellError {
    ShellError::new("RelatedObjectDoesNotExist", format!("{} has no {name}.", model.name))
}
