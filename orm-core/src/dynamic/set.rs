//! `DynQuerySet`: a queryset over a model that is known at run time only.

use super::names::{Annotation, Place, column, misuse};
use super::{DynExpr, DynOrder, DynQ, Name, Scope};
use crate::error::{Error, Misuse, Result};
use crate::meta::ModelMeta;
use crate::query::{Clause, Condition, Expr, Order, Query, Select};
use crate::registry;

/// The rows of a model, by names. It is lazy and cheap to clone, as [`QuerySet`](crate::QuerySet) is.
#[derive(Debug, Clone)]
pub struct DynQuerySet {
    pub(super) query: Query,
    pub(super) shape: Shape,
    pub(super) annotations: Vec<Annotation>,
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
        match &self.query.order {
            Order::Default => !self.query.model.ordering.is_empty(),
            Order::By(terms) => !terms.is_empty(),
        }
    }

    /// Whether rows were cut off.
    pub fn is_sliced(&self) -> bool {
        self.query.is_sliced()
    }

    /// Whether rows are those of the model, rather than values.
    pub fn gives_records(&self) -> bool {
        matches!(self.shape, Shape::Records)
    }

    pub(super) fn scope(&self) -> Scope<'_> {
        Scope {
            model: self.query.model,
            annotations: &self.annotations,
        }
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
        self.not_sliced("Cannot filter a query once a slice has been taken.")?;
        if let Some(condition) = condition.condition(&self.scope())? {
            self.query.filter(if negated {
                Condition::Not(Box::new(condition))
            } else {
                condition
            });
        }
        Ok(self)
    }

    fn not_sliced(&self, message: &str) -> Result<()> {
        if self.query.is_sliced() {
            return Err(misuse(Misuse::Type, message));
        }
        Ok(())
    }

    /// Orders the rows; no terms at all take their order away.
    ///
    /// # Errors
    /// [`Error::Field`] for an unknown name, with the choices.
    pub fn order_by(mut self, terms: impl IntoIterator<Item = DynOrder>) -> Result<Self> {
        self.not_sliced("Cannot reorder a query once a slice has been taken.")?;
        let mut by = Vec::new();
        for term in terms {
            by.extend(term.terms(&self.scope())?);
        }
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

    /// Adds computed values to each row, by name.
    ///
    /// # Errors
    /// [`Error::Misuse`] where a name is taken, and as [`filter`](Self::filter).
    pub fn annotate(mut self, named: impl IntoIterator<Item = (String, DynExpr)>) -> Result<Self> {
        if !self.gives_records() {
            return Err(not_yet("annotate() after values()"));
        }
        for (name, expr) in named {
            if super::names::choices(self.query.model).contains(&name) {
                return Err(misuse(
                    Misuse::Value,
                    format!("The annotation '{name}' conflicts with a field on the model."),
                ));
            }
            let expr = expr.resolve(&self.scope())?;
            self.query.clauses.push(Clause::Annotate(expr.clone()));
            self.annotations.push(Annotation {
                name: name.into(),
                expr,
            });
        }
        Ok(self)
    }

    /// Rows as names and values; without names all columns and annotations.
    ///
    /// # Errors
    /// [`Error::Field`] for an unknown name, with the choices.
    pub fn values<'n>(mut self, names: impl IntoIterator<Item = &'n str>) -> Result<Self> {
        let (names, columns) = self.columns(names)?;
        self.select(columns)?;
        self.shape = Shape::Dicts(names);
        Ok(self)
    }

    /// Rows as lists of values; without names all columns and annotations.
    ///
    /// # Errors
    /// As [`values`](Self::values), and [`Error::Misuse`] where `flat` is asked of several columns.
    pub fn values_list<'n>(mut self, names: impl IntoIterator<Item = &'n str>, flat: bool) -> Result<Self> {
        let (names, columns) = self.columns(names)?;
        if flat && names.len() > 1 {
            return Err(misuse(
                Misuse::Type,
                "'flat' is not valid when values_list is called with more than one field.",
            ));
        }
        self.select(columns)?;
        self.shape = if flat { Shape::Flat } else { Shape::Lists };
        Ok(self)
    }

    fn columns<'n>(&self, names: impl IntoIterator<Item = &'n str>) -> Result<(Vec<Name>, Vec<Expr>)> {
        let mut names: Vec<Name> = names.into_iter().map(Name::from).collect();
        if names.is_empty() {
            names.extend(self.query.model.fields.iter().map(|field| field.attname().into()));
            names.extend(self.annotations.iter().map(|annotation| Name::clone(&annotation.name)));
        }
        let columns = names
            .iter()
            .map(|name| column(&self.scope(), name))
            .collect::<Result<_>>()?;
        Ok((names, columns))
    }

    fn select(&mut self, columns: Vec<Expr>) -> Result<()> {
        if self.annotations.iter().any(|one| one.expr.contains_aggregate()) {
            return Err(not_yet("values() after an aggregate"));
        }
        self.query.select = Select::Columns(columns);
        // What was added to the model's rows is not read.
        self.query.clauses.retain(|clause| matches!(clause, Clause::Filter(_)));
        Ok(())
    }

    /// The query for one column, as it stands on the right of a lookup on `place`.
    pub(super) fn column_for(&self, place: &Place) -> Result<Query> {
        let query = self.query.clone();
        match &query.select {
            Select::Columns(columns) if columns.len() != 1 => Err(misuse(
                Misuse::Value,
                format!(
                    "The QuerySet value for the 'in' lookup must have 1 selected fields (received {})",
                    columns.len()
                ),
            )),
            Select::Model if place.relation && !std::ptr::eq(query.model, place.model) => Err(misuse(
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

/// What cannot be asked by name so far.
fn not_yet(feature: &str) -> Error {
    Error::NotSupported {
        feature: feature.to_owned(),
        database: "a query by names",
    }
}
