//! `select_related`: rows over relations to one, read with the rows of a query; and what is read of
//! each. By the rules of Django's `get_related_selections`.

use super::deferred::{Deferred, Mask, by_first, check_length};
use super::names::Annotation;
use super::prefetch::{self, attribute};
use super::{DynQuerySet, Name, Record, Related};
use crate::error::{Error, Misuse, Result};
use crate::meta::{ModelMeta, RelationKind};
use crate::query::{Clause, Expr, Path, Query, Select, Step};
use crate::value::Value;

/// How far `select_related()` without names goes.
const MAX_DEPTH: usize = 5;
/// No database joins more tables.
const MOST: usize = 500;

/// Which rows come with each row.
#[derive(Debug, Clone, Default)]
pub(super) enum SelectRelated {
    #[default]
    None,
    /// those of all foreign keys that are not NULL
    All,
    Names(Vec<Name>),
}

impl SelectRelated {
    pub(super) fn is_none(&self) -> bool {
        matches!(self, SelectRelated::None)
    }
}

/// What is read of a row, and which rows come with it.
#[derive(Debug)]
pub(super) struct Plan {
    model: &'static ModelMeta,
    path: Path,
    /// for each field whether it is read
    read: Vec<bool>,
    related: Vec<(Name, Plan)>,
}

/// What a plan is made of, at one model.
struct Wanted<'n> {
    /// the names that were asked for; `None` is all that are not NULL
    related: Option<Vec<&'n str>>,
    /// what is prefetched finds its rows by columns of these
    prefetched: Vec<&'n str>,
    depth: usize,
}

impl Plan {
    fn new(
        model: &'static ModelMeta,
        path: Path,
        mask: &Mask,
        wanted: &Wanted<'_>,
        tables: &mut usize,
    ) -> Result<Plan> {
        let mut plan = Plan {
            model,
            path,
            read: model.fields.iter().map(|field| mask.has(field.name)).collect(),
            related: Vec::new(),
        };
        let prefetched = by_first(&wanted.prefetched);
        for (name, _) in &prefetched {
            let parent = attribute(model, name).map(super::prefetch::parent_key);
            let at = parent.and_then(|key| model.fields.iter().position(|field| std::ptr::eq(field, key)));
            if let Some(read) = at.and_then(|at| plan.read.get_mut(at)) {
                *read = true;
            }
        }
        for (step, rest) in plan.steps(mask, wanted)? {
            *tables += 1;
            if *tables > MOST {
                let message = format!("select_related reads at most {MOST} rows with each row");
                return Err(Error::misuse(Misuse::Value, message));
            }
            let name = accessor(step);
            let behind = prefetched.iter().find(|(first, _)| *first == name);
            let wanted = Wanted {
                related: rest,
                prefetched: behind.map(|(_, rest)| rest.clone()).unwrap_or_default(),
                depth: wanted.depth + 1,
            };
            let mask = mask.of(&step.name());
            let next = Plan::new(step.to(), plan.path.then(step), mask, &wanted, tables)?;
            plan.related.push((name.into(), next));
        }
        Ok(plan)
    }

    /// The relations that are followed from here, each with the names behind it.
    fn steps<'n>(&self, mask: &Mask, wanted: &Wanted<'n>) -> Result<Vec<(Step, Option<Vec<&'n str>>)>> {
        let own = self.model.fields.iter().filter_map(|field| field.relation.as_ref());
        let Some(names) = &wanted.related else {
            if wanted.depth >= MAX_DEPTH {
                return Ok(Vec::new());
            }
            let own = own.filter(|relation| !relation.null);
            return Ok(own.map(|relation| (Step::forward(relation), None)).collect());
        };
        let mut steps: Vec<Step> = own.map(Step::forward).collect();
        let reverse = self.model.reverse_relations().iter();
        let reverse = reverse.filter(|relation| relation.kind == RelationKind::OneToOne && !relation.hidden());
        steps.extend(reverse.map(|relation| Step::reverse(relation)));
        let mut found = Vec::new();
        for (name, rest) in by_first(names) {
            let Some(step) = steps.iter().find(|step| step.name() == name) else {
                return Err(self.no_relation(name, &steps));
            };
            if !mask.has(name) {
                let message = format!(
                    "Field {}.{name} cannot be both deferred and traversed using select_related at the same time.",
                    self.model.name
                );
                return Err(Error::misuse(Misuse::Field, message));
            }
            found.push((*step, Some(rest)));
        }
        Ok(found)
    }

    fn no_relation(&self, name: &str, steps: &[Step]) -> Error {
        let choices: Vec<String> = steps.iter().map(|step| step.name()).collect();
        let choices = if choices.is_empty() {
            "(none)".to_owned()
        } else {
            choices.join(", ")
        };
        let what = if self.model.fields.iter().any(|field| field.name == name) {
            "Non-relational field"
        } else {
            "Invalid field name(s)"
        };
        Error::misuse(
            Misuse::Field,
            format!("{what} given in select_related: '{name}'. Choices are: {choices}"),
        )
    }

    /// Whether all fields are read of all rows.
    fn is_whole(&self) -> bool {
        self.read.iter().all(|read| *read) && self.related.iter().all(|(_, plan)| plan.is_whole())
    }

    /// The query that reads it: columns of the model, annotations, columns of the related rows.
    fn query(&self, query: &Query, annotations: &[Annotation]) -> Query {
        let mut query = query.clone();
        // Of several queries each reads the columns that the whole names.
        if self.is_whole() && query.combined.is_none() {
            self.clauses(&mut query.clauses);
            return query;
        }
        let mut columns = Vec::new();
        self.own_columns(&mut columns);
        let shown = annotations.iter().filter(|annotation| annotation.shown);
        columns.extend(shown.map(|annotation| annotation.expr.clone()));
        self.related_columns(&mut columns);
        query.select = Select::Columns(columns);
        query
    }

    fn clauses(&self, into: &mut Vec<Clause>) {
        for (_, plan) in &self.related {
            into.push(Clause::Related(plan.path.clone()));
            plan.clauses(into);
        }
    }

    fn own_columns(&self, into: &mut Vec<Expr>) {
        let fields = self.model.fields.iter().zip(&self.read);
        into.extend(fields.filter(|(_, read)| **read).map(|(field, _)| Expr::Column {
            path: self.path.clone(),
            field,
        }));
    }

    fn related_columns(&self, into: &mut Vec<Expr>) {
        for (_, plan) in &self.related {
            plan.own_columns(into);
            plan.related_columns(into);
        }
    }

    /// The row that was read.
    pub(super) fn record(&self, cells: Vec<Value>, names: impl Iterator<Item = Name>) -> Record {
        let mut cells = cells.into_iter();
        let mut record = self.own(&mut cells);
        record.annotations = names.zip(&mut cells).collect();
        self.with_related(&mut record, &mut cells);
        record
    }

    fn own(&self, cells: &mut impl Iterator<Item = Value>) -> Record {
        let value = |read: &bool| if *read { cells.next() } else { None };
        let mut record = Record::new(self.model, Vec::new());
        record.values = self.read.iter().map(value).collect();
        record
    }

    fn with_related(&self, record: &mut Record, cells: &mut impl Iterator<Item = Value>) {
        record.related.reserve_exact(self.related.len());
        for (name, plan) in &self.related {
            let mut found = plan.own(cells);
            plan.with_related(&mut found, cells);
            let found = (!found.pk().is_null()).then(|| found.into());
            record.related.push((Name::clone(name), Related::One(found)));
        }
    }
}

/// The attribute of a row that leads over a relation.
pub(super) fn accessor(step: Step) -> String {
    if step.reverse {
        step.relation.accessor_name()
    } else {
        step.relation.name.to_owned()
    }
}

impl DynQuerySet {
    /// Reads the rows at the end of these relations with each row, in the same query: foreign keys
    /// and one-to-one relations in either direction, also several in a row (`publisher__city`).
    ///
    /// Names are checked when the rows are asked for.
    ///
    /// # Errors
    /// [`Error::Misuse`] after `values`, and after `union` and its like.
    pub fn select_related<'n>(mut self, names: impl IntoIterator<Item = &'n str>) -> Result<Self> {
        self.only_records("select_related")?;
        let mut all = match std::mem::take(&mut self.select_related) {
            SelectRelated::Names(names) => names,
            SelectRelated::None | SelectRelated::All => Vec::new(),
        };
        for name in names {
            check_length(name)?;
            all.push(name.into());
        }
        self.select_related = SelectRelated::Names(all);
        Ok(self)
    }

    /// Reads the rows of all foreign keys that cannot be NULL with each row, and those of their
    /// foreign keys, over five relations at most.
    ///
    /// # Errors
    /// As [`select_related`](Self::select_related).
    pub fn select_all_related(mut self) -> Result<Self> {
        self.only_records("select_related")?;
        self.select_related = SelectRelated::All;
        Ok(self)
    }

    /// Reads no rows beside.
    ///
    /// # Errors
    /// As [`select_related`](Self::select_related).
    pub fn select_nothing_related(mut self) -> Result<Self> {
        self.only_records("select_related")?;
        self.select_related = SelectRelated::None;
        Ok(self)
    }

    /// The rows with all their fields, and without what would be loaded beside them.
    ///
    /// # Errors
    /// Where `only`, `defer`, `select_related` or `prefetch_related` were given a name that is none.
    pub fn plain(mut self) -> Result<Self> {
        if !self.select_related.is_none() || !self.deferred.is_empty() {
            self.plan()?;
        }
        prefetch::check(
            self.query.model,
            &self.prefetch.iter().map(|name| &**name).collect::<Vec<_>>(),
            "",
        )?;
        self.deferred = Deferred::default();
        self.select_related = SelectRelated::None;
        self.prefetch.clear();
        Ok(self)
    }

    /// What is read of the model's rows, and the query for it.
    pub(super) fn plan(&self) -> Result<(Plan, Option<Query>)> {
        let related = match &self.select_related {
            SelectRelated::None => Some(Vec::new()),
            SelectRelated::All => None,
            SelectRelated::Names(names) => Some(names.iter().map(|name| &**name).collect()),
        };
        let wanted = Wanted {
            related,
            prefetched: self.prefetch.iter().map(|name| &**name).collect(),
            depth: 0,
        };
        let mask = self.deferred.mask(self.query.model)?;
        let plan = Plan::new(self.query.model, Path::root(), &mask, &wanted, &mut 0)?;
        let plain = self.select_related.is_none() && self.deferred.is_empty();
        let query = (!plain).then(|| plan.query(&self.query, &self.annotations));
        Ok((plan, query))
    }
}
