//! `DynOrder`: one term of an order, by name.

use super::{DynExpr, Scope, names};
use crate::error::Result;
use crate::query::{OrderTerm, function};

/// One term of an order.
#[derive(Debug, Clone)]
pub struct DynOrder {
    pub(super) by: By,
    pub(super) descending: bool,
    pub(super) nulls_first: Option<bool>,
}

#[derive(Debug, Clone)]
pub(super) enum By {
    /// a relation means the order of the model it leads to
    Name(String),
    Expr(DynExpr),
}

impl DynOrder {
    /// From the least to the greatest.
    pub fn asc(expr: DynExpr) -> Self {
        DynOrder {
            by: By::Expr(expr),
            descending: false,
            nulls_first: None,
        }
    }

    /// From the greatest to the least.
    pub fn desc(expr: DynExpr) -> Self {
        DynOrder {
            descending: true,
            ..DynOrder::asc(expr)
        }
    }

    /// NULL comes first, or last.
    #[must_use]
    pub fn nulls_first(mut self, first: bool) -> Self {
        self.nulls_first = Some(first);
        self
    }

    pub(crate) fn terms(&self, scope: &Scope<'_>) -> Result<Vec<OrderTerm>> {
        match &self.by {
            By::Name(name) => names::order(scope, name, self.descending),
            By::Expr(expr) => Ok(vec![OrderTerm {
                expr: expr.resolve(scope)?,
                descending: self.descending,
                nulls_first: self.nulls_first,
            }]),
        }
    }
}

/// `"-pub_date"`: a name, after a `-` from the greatest to the least. `"?"` is a random order.
impl From<&str> for DynOrder {
    fn from(text: &str) -> Self {
        let (name, descending) = match text.strip_prefix('-') {
            Some(name) => (name, true),
            None => (text.strip_prefix('+').unwrap_or(text), false),
        };
        if text == "?" {
            return DynOrder::asc(DynExpr::Call {
                function: &function::RANDOM,
                args: Vec::new(),
            });
        }
        DynOrder {
            by: By::Name(name.to_owned()),
            descending,
            nulls_first: None,
        }
    }
}
