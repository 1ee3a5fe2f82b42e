//! The same queries with names that are known at run time only: `filter_dyn`, `order_by_dyn`.

use super::QuerySet;
use crate::dynamic::{DynOrder, DynQ, Dynamic, Scope};
use crate::error::Result;
use crate::model::Model;
use crate::row::Extras;

impl<M: Model, X: Extras> QuerySet<M, X> {
    /// `filter` by name: `filter_dyn("publications__title__startswith", "Science")`.
    ///
    /// # Errors
    /// [`Error::Field`](crate::Error::Field) for an unknown name, with the choices;
    /// [`Error::Lookup`](crate::Error::Lookup), [`Error::Type`](crate::Error::Type) where lookup or
    /// value do not fit.
    pub fn filter_dyn(mut self, name: &str, value: impl Into<Dynamic>) -> Result<Self> {
        let scope = Scope::of(M::meta());
        self.query.filter(DynQ::leaf(name, value).condition_of(&scope)?);
        Ok(self)
    }

    /// `exclude` by name.
    ///
    /// # Errors
    /// As [`filter_dyn`](Self::filter_dyn).
    pub fn exclude_dyn(mut self, name: &str, value: impl Into<Dynamic>) -> Result<Self> {
        let condition = DynQ::leaf(name, value).condition_of(&Scope::of(M::meta()))?;
        self.query.exclude(condition);
        Ok(self)
    }

    /// `order_by` by name: `order_by_dyn(["-created_at", "library__name"])`.
    ///
    /// # Errors
    /// [`Error::Field`](crate::Error::Field) for an unknown name, with the choices.
    pub fn order_by_dyn<'a>(mut self, names: impl IntoIterator<Item = &'a str>) -> Result<Self> {
        let mut by = Vec::new();
        for name in names {
            by.extend(DynOrder::from(name).terms(&Scope::of(M::meta()))?);
        }
        self.query.reorder(by);
        Ok(self)
    }
}
