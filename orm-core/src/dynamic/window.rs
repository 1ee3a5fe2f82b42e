//! Windows by name: `Window(expression=Rank(), partition_by=[…], order_by=…)`.

use super::{DynExpr, DynOrder, Scope};
use crate::error::{Error, Misuse, Result};
use crate::query::{Expr, Frame, Over, Window, WindowCall, WindowFunction};

/// A value that is computed from the rows around.
#[derive(Debug, Clone)]
pub struct DynWindow {
    /// an aggregate, or a [`DynExpr::WindowCall`]
    pub of: DynExpr,
    /// only from the rows that have the same values of these
    pub partition: Vec<DynExpr>,
    /// in which order the rows stand there
    pub order: Vec<DynOrder>,
    /// which of them count
    pub frame: Option<Frame>,
}

/// A call of a function that windows alone have.
#[derive(Debug, Clone)]
pub struct DynWindowCall {
    /// which
    pub function: WindowFunction,
    /// of what, where it takes something
    pub of: Option<DynExpr>,
    /// how many parts (`Ntile`), how many rows away (`Lag`, `Lead`), which row (`NthValue`)
    pub number: Option<i64>,
    /// what is given where there is no such row (`Lag`, `Lead`)
    pub default: Option<DynExpr>,
}

impl DynWindow {
    pub(super) fn resolve(&self, scope: &Scope<'_>) -> Result<Expr> {
        let of = match &self.of {
            DynExpr::WindowCall(call) => Over::Function(call.resolve(scope)?),
            aggregate @ DynExpr::Aggregate { default: None, .. } => Over::Aggregate(aggregate.resolve(scope)?),
            other => {
                let message = format!(
                    "Expression '{}' isn't compatible with OVER clauses.",
                    other.class_name()
                );
                return Err(Error::misuse(Misuse::Value, message));
            }
        };
        let partition = self
            .partition
            .iter()
            .map(|expr| expr.resolve(scope))
            .collect::<Result<_>>()?;
        let mut order = Vec::new();
        for term in &self.order {
            order.extend(term.terms(scope)?);
        }
        let window = Window {
            of,
            partition,
            order,
            frame: self.frame,
        };
        window.check()?;
        Ok(Expr::Window(Box::new(window)))
    }
}

impl DynWindowCall {
    fn resolve(&self, scope: &Scope<'_>) -> Result<WindowCall> {
        let of = self.of.as_ref().map(|of| of.resolve(scope)).transpose()?;
        let name = self.function.class_name();
        if self.function.takes_value() != of.is_some() {
            let takes = if of.is_some() { "no expression" } else { "an expression" };
            return Err(Error::misuse(Misuse::Type, format!("{name} takes {takes}.")));
        }
        let mut call = WindowCall::new(self.function, of, self.number)?;
        call.default = self
            .default
            .as_ref()
            .map(|default| default.resolve(scope))
            .transpose()?;
        Ok(call)
    }
}
