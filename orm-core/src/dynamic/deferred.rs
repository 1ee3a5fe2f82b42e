//! `defer` and `only`: which fields of a model are not read. By the rules of Django's
//! `deferred_loading` and `get_select_mask`.

use super::names::no_field;
use super::{DynQuerySet, Name};
use crate::error::{Error, Misuse, Result};
use crate::meta::{ModelMeta, RelationKind};
use crate::query::Step;
use std::collections::BTreeSet;

/// Names go along so many relations at most, since what follows them recurses.
const LONGEST: usize = 60;

/// That a name of `select_related`, `prefetch_related`, `defer` or `only` is not too long.
pub(super) fn check_length(name: &str) -> Result<()> {
    if name.split("__").count() > LONGEST {
        let message = format!("a name may follow at most {LONGEST} relations");
        return Err(Error::misuse(Misuse::Value, message));
    }
    Ok(())
}

/// The fields that were named: all but these are read, or only these.
#[derive(Debug, Clone, Default)]
pub(super) struct Deferred {
    names: BTreeSet<Name>,
    only: bool,
}

impl Deferred {
    pub(super) fn is_empty(&self) -> bool {
        self.names.is_empty()
    }

    /// Those named before are taken into account: names that `only` asked for are taken out of it.
    fn defer(&mut self, names: BTreeSet<Name>) {
        if !self.only {
            self.names.extend(names);
            return;
        }
        let left: BTreeSet<Name> = self.names.difference(&names).cloned().collect();
        *self = if left.is_empty() {
            Deferred {
                names: names.difference(&self.names).cloned().collect(),
                only: false,
            }
        } else {
            Deferred {
                names: left,
                only: true,
            }
        };
    }

    /// Replaces what an earlier `only` asked for; what was deferred before stays so.
    fn only(&mut self, names: BTreeSet<Name>) {
        let names = if self.only {
            names
        } else {
            names.difference(&self.names).cloned().collect()
        };
        *self = Deferred { names, only: true };
    }

    /// Reads this field of the model as well.
    pub(super) fn keep(&mut self, name: &str) {
        if self.names.is_empty() {
            return;
        }
        if self.only {
            self.names.insert(name.into());
        } else {
            self.names.remove(name);
        }
    }

    /// What is read of the model, and of the rows beside it.
    pub(super) fn mask(&self, model: &'static ModelMeta) -> Result<Mask> {
        if self.names.is_empty() {
            return Ok(Mask::All);
        }
        let names: Vec<&str> = self.names.iter().map(|name| &**name).collect();
        if self.only {
            only_mask(model, &names)
        } else {
            defer_mask(model, &names)
        }
    }
}

/// What is read of a row.
#[derive(Debug, Clone)]
pub(super) enum Mask {
    All,
    /// these fields and relations, and what is read of the rows that they lead to
    These(Vec<(String, Mask)>),
}

impl Mask {
    pub(super) fn has(&self, name: &str) -> bool {
        match self {
            Mask::All => true,
            Mask::These(these) => these.iter().any(|(known, _)| known == name),
        }
    }

    /// What is read of the rows at the end of a relation.
    pub(super) fn of(&self, name: &str) -> &Mask {
        let found = match self {
            Mask::All => None,
            Mask::These(these) => these.iter().find(|(known, _)| known == name),
        };
        found.map_or(&Mask::All, |(_, mask)| mask)
    }
}

/// Names by their first part, in order, each with what follows it.
pub(super) fn by_first<'n>(names: &[&'n str]) -> Vec<(&'n str, Vec<&'n str>)> {
    let mut groups: Vec<(&str, Vec<&str>)> = Vec::new();
    for name in names {
        let (first, rest) = match name.split_once("__") {
            Some((first, rest)) => (first, Some(rest)),
            None => (*name, None),
        };
        match groups.iter_mut().find(|(known, _)| *known == first) {
            Some((_, rests)) => rests.extend(rest),
            None => groups.push((first, rest.into_iter().collect())),
        }
    }
    groups
}

/// The field or the relation, in either direction, that a name means: its own name, and where it leads.
fn member(model: &'static ModelMeta, name: &str) -> Result<(String, Option<Step>)> {
    // `pk` is no field.
    if let Some(field) = model.field(name).filter(|_| name != "pk") {
        return Ok((field.name.to_owned(), field.relation.as_ref().map(Step::forward)));
    }
    match Step::named(model, name) {
        Some(step) => Ok((name.to_owned(), Some(step))),
        None => Err(no_field(model, name)),
    }
}

/// `only("title", "publisher__name")`
fn only_mask(model: &'static ModelMeta, names: &[&str]) -> Result<Mask> {
    let mut these = vec![(model.pk().name.to_owned(), Mask::All)];
    for (name, rest) in by_first(names) {
        let (name, step) = member(model, name)?;
        let mask = match (step, rest.first()) {
            (_, None) => Mask::All,
            (Some(step), Some(_)) => only_mask(step.to(), &rest)?,
            (None, Some(next)) => return Err(Error::misuse(Misuse::Field, *next)),
        };
        // A field may be named twice: `publisher` and `publisher_id`.
        match these.iter_mut().find(|(known, _)| *known == name) {
            Some(known) if matches!(known.1, Mask::All) => known.1 = mask,
            Some(_) => {}
            None => these.push((name, mask)),
        }
    }
    Ok(Mask::These(these))
}

/// `defer("notes", "publisher__name")`
fn defer_mask(model: &'static ModelMeta, names: &[&str]) -> Result<Mask> {
    let groups = by_first(names);
    for (name, _) in &groups {
        member(model, name)?;
    }
    let pk = model.pk().name;
    let mut these = Vec::new();
    // A name alone defers the field; one that goes on defers something behind it.
    let named = |name: &str| groups.iter().find(|(known, _)| *known == name);
    let mut read = |name: String, attname: Option<String>, step: Option<Step>| -> Result<()> {
        let (by_name, by_column) = (named(&name), attname.as_deref().and_then(named));
        let mask = match (by_name, by_column) {
            (None, None) => Mask::All,
            (Some((_, rest)), _) if !rest.is_empty() => match step {
                Some(step) => defer_mask(step.to(), rest)?,
                None => return Err(Error::misuse(Misuse::Field, rest.first().copied().unwrap_or_default())),
            },
            _ => return Ok(()),
        };
        these.push((name, mask));
        Ok(())
    };
    for field in model.fields {
        let step = field.relation.as_ref().map(Step::forward);
        let attname = field.relation.is_some().then(|| field.attname());
        read(field.name.to_owned(), attname, step)?;
    }
    let reverse = model.reverse_relations().iter().filter(|relation| !relation.hidden());
    for relation in reverse.filter(|relation| relation.kind != RelationKind::ManyToMany) {
        read(relation.query_name(), None, Some(Step::reverse(relation)))?;
    }
    // The key is always read.
    if !these.iter().any(|(name, _)| name == pk) {
        these.push((pk.to_owned(), Mask::All));
    }
    Ok(Mask::These(these))
}

fn set<'n>(names: impl IntoIterator<Item = &'n str>) -> Result<BTreeSet<Name>> {
    let names = names.into_iter().map(|name| check_length(name).map(|()| name.into()));
    names.collect()
}

impl DynQuerySet {
    /// Leaves these fields out of what is read, beside those deferred before.
    ///
    /// Names are checked when the rows are asked for. They may lead over relations that
    /// [`select_related`](Self::select_related) reads: `publisher__name`.
    ///
    /// # Errors
    /// [`Error::Misuse`] after `values`, and after `union` and its like.
    pub fn defer<'n>(mut self, names: impl IntoIterator<Item = &'n str>) -> Result<Self> {
        self.only_records("defer")?;
        self.deferred.defer(set(names)?);
        Ok(self)
    }

    /// Reads all fields again.
    ///
    /// # Errors
    /// As [`defer`](Self::defer).
    pub fn defer_nothing(mut self) -> Result<Self> {
        self.only_records("defer")?;
        self.deferred = Deferred::default();
        Ok(self)
    }

    /// Reads these fields and the key alone, but for those deferred before. A later call replaces an
    /// earlier one.
    ///
    /// # Errors
    /// As [`defer`](Self::defer).
    pub fn only<'n>(mut self, names: impl IntoIterator<Item = &'n str>) -> Result<Self> {
        self.only_records("only")?;
        let pk = self.query.model.pk().name;
        let names = names.into_iter().map(|name| if name == "pk" { pk } else { name });
        let names = set(names)?;
        names.iter().try_for_each(|name| self.no_relation("only", name))?;
        self.deferred.only(names);
        Ok(self)
    }

    /// That rows are those of the model, as some calls need it.
    pub(super) fn only_records(&self, call: &str) -> Result<()> {
        self.not_combined(call)?;
        if self.gives_records() {
            return Ok(());
        }
        let message = format!("Cannot call {call}() after .values() or .values_list()");
        Err(Error::misuse(Misuse::Type, message))
    }
}
