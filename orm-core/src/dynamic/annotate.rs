//! `annotate` and `alias`: what is computed for each row, by name.

use super::names::Annotation;
use super::set::Shape;
use super::{DynExpr, DynQuerySet, Name};
use crate::error::{Error, Misuse, Result};
use crate::query::{Clause, Expr, Select};

impl DynQuerySet {
    /// Adds computed values to each row, by name. An aggregate groups the rows: by themselves, or
    /// after `values` by the values.
    ///
    /// # Errors
    /// [`Error::Misuse`] where a name is taken, and as [`filter`](Self::filter).
    pub fn annotate(self, named: impl IntoIterator<Item = (String, DynExpr)>) -> Result<Self> {
        self.compute(named, true)
    }

    /// Computes values for conditions and orders, which are not read.
    ///
    /// # Errors
    /// As [`annotate`](Self::annotate).
    pub fn alias(self, named: impl IntoIterator<Item = (String, DynExpr)>) -> Result<Self> {
        self.compute(named, false)
    }

    fn compute(mut self, named: impl IntoIterator<Item = (String, DynExpr)>, shown: bool) -> Result<Self> {
        self.sticky = false;
        self.not_combined(if shown { "annotate" } else { "alias" })?;
        let mut aggregates = false;
        for (name, expr) in named {
            self.not_taken(&name)?;
            if let DynExpr::FilteredRelation { relation, condition } = expr {
                self.add_relation(name, &relation, *condition)?;
                continue;
            }
            let expr = self.resolved(|scope| expr.resolve(scope))?;
            let reference = Expr::reference(self.annotations.len(), &expr);
            aggregates |= expr.contains_aggregate();
            self.query.clauses.push(if shown {
                Clause::Annotate(expr)
            } else {
                Clause::Alias(expr)
            });
            let name: Name = name.into();
            self.take_place(&name, &reference, shown);
            self.annotations.push(Annotation {
                name,
                expr: reference,
                shown,
            });
        }
        if aggregates {
            self.group();
        }
        Ok(self)
    }

    /// The last one of a name counts: one before it stays for what speaks of it, but is not read any
    /// more. Among columns the new one stands in its place.
    fn take_place(&mut self, name: &Name, reference: &Expr, shown: bool) {
        let mut place = None;
        for other in self.annotations.iter_mut().filter(|other| other.name == *name) {
            other.name = Name::from("");
            other.shown = false;
            let Expr::Ref { annotation, .. } = other.expr else {
                continue;
            };
            let clauses = self.query.clauses.iter_mut();
            let mut computed = clauses.filter(|clause| matches!(clause, Clause::Annotate(_) | Clause::Alias(_)));
            if let Some(clause) = computed.nth(annotation)
                && let Clause::Annotate(expr) = clause
            {
                *clause = Clause::Alias(expr.clone());
            }
            let is_it = |column: &Expr| matches!(column, Expr::Ref { annotation: of, .. } if *of == annotation);
            place = self.query.columns().iter().position(is_it).or(place);
        }
        let (Select::Columns(columns), true) = (&mut self.query.select, shown) else {
            return;
        };
        if let Some(column) = place.and_then(|at| columns.get_mut(at)) {
            *column = reference.clone();
            return;
        }
        columns.push(reference.clone());
        if let Shape::Dicts(names) = &mut self.shape {
            names.push(Name::clone(name));
        }
    }

    fn not_taken(&self, name: &str) -> Result<()> {
        let taken = match &self.query.select {
            Select::Columns(_) => false,
            _ => self.query.model.query_names().iter().any(|taken| taken == name),
        };
        if taken {
            let message = format!("The annotation '{name}' conflicts with a field on the model.");
            return Err(Error::misuse(Misuse::Value, message));
        }
        Ok(())
    }

    /// Groups by the values that are selected; rows of the model are known by their keys.
    fn group(&mut self) {
        match &self.query.select {
            Select::Columns(columns) => self.query.group = Some(columns.clone()),
            _ => self.grouped = true,
        }
    }
}
