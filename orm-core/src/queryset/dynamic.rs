//! The same queries with names that are known at run time only: `filter_dyn`, `order_by_dyn`.

use super::QuerySet;
use crate::error::Result;
use crate::model::Model;
use crate::query::{self, Condition};
use crate::row::Extras;
use crate::types::Dynamic;

impl<M: Model, X: Extras> QuerySet<M, X> {
    /// `filter` by name: `filter_dyn("publications__title__startswith", "Science")`.
    ///
    /// # Errors
    /// [`Error::Field`](crate::Error::Field) for an unknown name, with the choices;
    /// [`Error::Lookup`](crate::Error::Lookup), [`Error::Type`](crate::Error::Type) where lookup or
    /// value do not fit.
    pub fn filter_dyn(mut self, name: &str, value: impl Into<Dynamic>) -> Result<Self> {
        self.query.filter(query::resolve_lookup(M::meta(), name, value.into())?);
        Ok(self)
    }

    /// `exclude` by name.
    ///
    /// # Errors
    /// As [`filter_dyn`](Self::filter_dyn).
    pub fn exclude_dyn(mut self, name: &str, value: impl Into<Dynamic>) -> Result<Self> {
        let condition = query::resolve_lookup(M::meta(), name, value.into())?;
        self.query.filter(Condition::Not(Box::new(condition)));
        Ok(self)
    }

    /// `order_by` by name: `order_by_dyn(["-created_at", "library__name"])`.
    ///
    /// # Errors
    /// [`Error::Field`](crate::Error::Field) for an unknown name, with the choices.
    pub fn order_by_dyn<'a>(mut self, names: impl IntoIterator<Item = &'a str>) -> Result<Self> {
        let mut by = Vec::new();
        for name in names {
            let (path, descending) = name.strip_prefix('-').map_or((name, false), |path| (path, true));
            by.extend(query::order_term(M::meta(), path, descending)?);
        }
        self.reorder(by);
        Ok(self)
    }
}
