//! `values` and `values_list`: columns in place of the model's rows, by name.

use super::deferred::Deferred;
use super::names::value;
use super::related::SelectRelated;
use super::set::Shape;
use super::{DynExpr, DynQuerySet, Name};
use crate::error::{Error, Misuse, Result};
use crate::query::{Clause, Select};

impl DynQuerySet {
    /// Rows as names and values; without any column all fields and annotations.
    ///
    /// # Errors
    /// [`Error::Field`] for an unknown name, with the choices.
    pub fn values(mut self, columns: impl IntoIterator<Item = DynColumn>) -> Result<Self> {
        let names = self.choose(columns)?;
        self.shape = Shape::Dicts(names);
        Ok(self)
    }

    /// Rows as lists of values; without any column all fields and annotations.
    ///
    /// # Errors
    /// As [`values`](Self::values), and [`Error::Misuse`] where `flat` is asked of several columns.
    pub fn values_list(mut self, columns: impl IntoIterator<Item = DynColumn>, flat: bool) -> Result<Self> {
        let columns: Vec<DynColumn> = columns.into_iter().collect();
        if flat && columns.len() > 1 {
            return Err(Error::misuse(
                Misuse::Type,
                "'flat' is not valid when values_list is called with more than one field.",
            ));
        }
        self.choose(columns)?;
        self.shape = if flat { Shape::Flat } else { Shape::Lists };
        Ok(self)
    }

    /// Selects columns; gives their names.
    fn choose(&mut self, columns: impl IntoIterator<Item = DynColumn>) -> Result<Vec<Name>> {
        let mut names: Vec<Name> = Vec::new();
        for column in columns {
            let (name, expr) = match column {
                DynColumn::Name(name) => (name, None),
                DynColumn::Expr(name, expr) => (name, Some(expr)),
            };
            if let Some(expr) = expr {
                *self = self.clone().annotate([(name.clone(), expr)])?;
            }
            names.push(name.into());
        }
        let hidden = |name: &&Name| {
            self.annotations
                .iter()
                .any(|known| known.name == **name && !known.shown)
        };
        if let Some(name) = names.iter().find(hidden) {
            let message = format!("Cannot select the '{name}' alias. Use annotate() to promote it.");
            return Err(Error::misuse(Misuse::Field, message));
        }
        if names.is_empty() {
            names.extend(self.query.model.fields.iter().map(|field| field.attname().into()));
            let shown = self.annotations.iter().filter(|annotation| annotation.shown);
            names.extend(shown.map(|annotation| Name::clone(&annotation.name)));
        }
        let columns = self.resolved(|scope| names.iter().map(|name| value(scope, name)).collect::<Result<Vec<_>>>())?;
        if self.grouped {
            self.query.group = Some(self.query.row_group());
            self.grouped = false;
        }
        self.query.select = Select::Columns(columns);
        // What was added to the model's rows is not read.
        let kept = |clause: &Clause| !matches!(clause, Clause::Related(_) | Clause::Anchor(_));
        self.query.clauses.retain(kept);
        self.select_related = SelectRelated::None;
        self.deferred = Deferred::default();
        Ok(names)
    }
}

/// A column of `values()`.
#[derive(Debug, Clone)]
pub enum DynColumn {
    /// a field or an annotation
    Name(String),
    /// a name of its own, and what it stands for
    Expr(String, DynExpr),
}

impl From<&str> for DynColumn {
    fn from(name: &str) -> Self {
        DynColumn::Name(name.to_owned())
    }
}
