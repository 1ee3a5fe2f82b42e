//! `DynQuerySet`: a queryset over a model that is known at run time only.

use super::deferred::Deferred;
use super::names::{Annotation, Place};
use super::related::SelectRelated;
use super::{DynExpr, DynOrder, DynQ, Name, Scope};
use crate::error::{Error, Misuse, Result};
use crate::meta::ModelMeta;
use crate::query::{Clause, Condition, Expr, Order, Path, Query, Select};
use crate::registry;
use std::cell::RefCell;

/// The rows of a model, by names. It is lazy and cheap to clone, as [`QuerySet`](crate::QuerySet) is.
#[derive(Debug, Clone)]
pub struct DynQuerySet {
    pub(super) query: Query,
    pub(super) shape: Shape,
    pub(super) annotations: Vec<Annotation>,
    /// the names of relations with conditions of their own
    pub(super) relations: Vec<(Name, Path)>,
    /// an aggregate was annotated to rows of the model
    pub(super) grouped: bool,
    /// what is taken from the row outside, where this is a query within a query
    outer: Vec<DynExpr>,
    /// the next `filter` speaks of the same related rows as the last one
    pub(super) sticky: bool,
    pub(super) deferred: Deferred,
    pub(super) select_related: SelectRelated,
    /// what `prefetch_related` names
    pub(super) prefetch: Vec<Name>,
}

/// What a row is.
#[derive(Debug, Clone)]
pub(super) enum Shape {
    Records,
    /// the names of the columns
    Dicts(Vec<Name>),
    Lists,
    Flat,
}

impl DynQuerySet {
    /// All rows of a model.
    pub fn new(model: &'static ModelMeta) -> Self {
        DynQuerySet::from_query(Query::new(model))
    }

    /// All rows of the model of that label (`library.Book`, or just `Book`).
    ///
    /// # Errors
    /// [`Error::Field`] where no model, or more than one, is called so.
    pub fn of(label: &str) -> Result<Self> {
        registry::model(label)
            .map(DynQuerySet::new)
            .ok_or_else(|| Error::Field {
                model: "the program".to_owned(),
                name: label.to_owned(),
                choices: registry::models().iter().map(|model| model.label()).collect(),
            })
    }

    /// The rows of a query that was built elsewhere.
    pub(crate) fn from_query(query: Query) -> Self {
        let shape = match &query.select {
            Select::Columns(_) => Shape::Lists,
            _ => Shape::Records,
        };
        DynQuerySet {
            query,
            shape,
            annotations: Vec::new(),
            relations: Vec::new(),
            grouped: false,
            outer: Vec::new(),
            sticky: false,
            deferred: Deferred::default(),
            select_related: SelectRelated::None,
            prefetch: Vec::new(),
        }
    }

    /// The model of the rows.
    pub fn model(&self) -> &'static ModelMeta {
        self.query.model
    }

    /// What is asked, as a tree.
    pub fn query(&self) -> &Query {
        &self.query
    }

    /// Whether the rows have an order: one that was asked for, or the model's.
    pub fn is_ordered(&self) -> bool {
        self.query.is_ordered()
    }

    /// Whether rows are put together by aggregates, without an order.
    pub(super) fn is_unordered_group(&self) -> bool {
        self.query.group.is_some() && !self.is_ordered()
    }

    /// Whether rows were cut off.
    pub fn is_sliced(&self) -> bool {
        self.query.is_sliced()
    }

    /// Whether rows are those of the model, rather than values.
    pub fn gives_records(&self) -> bool {
        matches!(self.shape, Shape::Records)
    }

    /// Resolves something over the names of this query, and keeps what that takes from a row outside.
    pub(super) fn resolved<T>(&mut self, resolve: impl FnOnce(&Scope<'_>) -> Result<T>) -> Result<T> {
        let scope = Scope {
            model: self.query.model,
            annotations: &self.annotations,
            relations: &self.relations,
            outer: RefCell::new(std::mem::take(&mut self.outer)),
            summarizes: false,
        };
        let resolved = resolve(&scope);
        self.outer = scope.outer.into_inner();
        resolved
    }

    /// The query, as it stands within another one, from whose row it takes what it needs.
    pub(super) fn within(&self, outside: &Scope<'_>) -> Result<Query> {
        let mut query = self.query.clone();
        query.outer = self
            .outer
            .iter()
            .map(|expr| expr.resolve(outside))
            .collect::<Result<_>>()?;
        Ok(query)
    }

    /// The rows for which the condition holds.
    ///
    /// # Errors
    /// [`Error::Field`], [`Error::Lookup`], [`Error::Misuse`], [`Error::Validation`] where a name or
    /// a value does not fit.
    pub fn filter(self, condition: DynQ) -> Result<Self> {
        self.restrict(condition, false)
    }

    /// The rows for which the condition does not hold.
    ///
    /// # Errors
    /// As [`filter`](Self::filter).
    pub fn exclude(self, condition: DynQ) -> Result<Self> {
        self.restrict(condition, true)
    }

    fn restrict(mut self, condition: DynQ, negated: bool) -> Result<Self> {
        self.not_combined(if negated { "exclude" } else { "filter" })?;
        self.not_sliced("Cannot filter a query once a slice has been taken.")?;
        let Some(condition) = self.resolved(|scope| condition.condition(scope))? else {
            return Ok(self);
        };
        let condition = if negated {
            Condition::Not(Box::new(condition))
        } else {
            condition
        };
        let sticky = std::mem::take(&mut self.sticky);
        match self.query.clauses.last_mut() {
            Some(Clause::Filter(last)) if sticky => {
                let before = std::mem::replace(last, Condition::Constant(true));
                *last = Condition::And(vec![before, condition]);
            }
            _ => self.query.filter(condition),
        }
        Ok(self)
    }

    fn not_sliced(&self, message: &str) -> Result<()> {
        if self.query.is_sliced() {
            return Err(Error::misuse(Misuse::Type, message));
        }
        Ok(())
    }

    /// The next call, if it is `filter` or `exclude`, speaks of the same related rows as the filters
    /// so far: the rows that belong to another one over a many-to-many relation are asked so.
    #[must_use]
    pub fn sticky(mut self) -> Self {
        self.sticky = true;
        self
    }

    /// Orders the rows; no terms at all take their order away.
    ///
    /// # Errors
    /// [`Error::Field`] for an unknown name, with the choices.
    pub fn order_by(mut self, terms: impl IntoIterator<Item = DynOrder>) -> Result<Self> {
        self.not_sliced("Cannot reorder a query once a slice has been taken.")?;
        let mut by = Vec::new();
        for term in terms {
            by.extend(self.resolved(|scope| term.terms(scope))?);
        }
        self.sticky = false;
        self.query.order = Order::By(by);
        self.query.reversed = false;
        Ok(self)
    }

    /// Turns the order round.
    ///
    /// # Errors
    /// [`Error::Misuse`] after a slice.
    pub fn reverse(mut self) -> Result<Self> {
        self.not_sliced("Cannot reverse a query once a slice has been taken.")?;
        self.query.reversed = !self.query.reversed;
        Ok(self)
    }

    /// Equal rows once.
    ///
    /// # Errors
    /// [`Error::Misuse`] after a slice.
    pub fn distinct(mut self) -> Result<Self> {
        self.not_combined("distinct")?;
        self.not_sliced("Cannot create distinct fields once a slice has been taken.")?;
        self.query.distinct = true;
        Ok(self)
    }

    /// No rows, without asking the database.
    #[must_use]
    pub fn none(mut self) -> Self {
        self.query.none = true;
        self
    }

    /// The rows from a position up to another, of those it has taken so far.
    #[must_use]
    pub fn slice(mut self, start: u64, end: Option<u64>) -> Self {
        self.query.slice(start, end);
        self
    }

    /// The query for one column, as it stands on the right of a lookup on `place`.
    pub(super) fn column_for(&self, scope: &Scope<'_>, place: &Place) -> Result<Query> {
        let mut query = self.within(scope)?;
        // A foreign key may refer to another field than the primary key.
        if let (Select::Model, true, Some(field)) = (&query.select, place.relation, place.field)
            && std::ptr::eq(query.model, place.model)
        {
            query.select = Select::Columns(vec![Expr::Column {
                path: Path::root(),
                field,
            }]);
            return Ok(query);
        }
        match &query.select {
            Select::Columns(columns) if columns.len() != 1 => Err(Error::misuse(
                Misuse::Value,
                format!(
                    "The QuerySet value for the 'in' lookup must have 1 selected fields (received {})",
                    columns.len()
                ),
            )),
            Select::Model if place.relation && !std::ptr::eq(query.model, place.model) => Err(Error::misuse(
                Misuse::Value,
                format!(
                    "Cannot use QuerySet for \"{}\": Use a QuerySet for \"{}\".",
                    query.model.name, place.model.name
                ),
            )),
            _ => Ok(query),
        }
    }
}
