//! Windows, resolved; and which queries speak of one.

use super::Resolver;
use super::joins::Reuse;
use crate::compiler::resolved::Term;
use crate::compiler::resolved::window::{OverTerm, WindowTerm};
use crate::error::{Error, Misuse, Result};
use crate::query::{Condition, Expr, Over, Query, Select, Window};

impl Resolver {
    pub(super) fn window(&mut self, window: &Window, reuse: &mut Reuse<'_>) -> Result<Term> {
        window.check()?;
        let of = match &window.of {
            Over::Aggregate(expr) => match self.term(expr, reuse)? {
                aggregate @ Term::Aggregate { .. } => OverTerm::Aggregate(aggregate),
                _ => {
                    let message = "Only an aggregate by itself is compatible with OVER clauses.";
                    return Err(Error::misuse(Misuse::Value, message));
                }
            },
            Over::Function(call) => OverTerm::Function {
                function: call.function,
                of: call.of.as_ref().map(|of| self.term(of, reuse)).transpose()?,
                number: call.number,
                default: call
                    .default
                    .as_ref()
                    .map(|default| self.term(default, reuse))
                    .transpose()?,
            },
        };
        let mut partition = Vec::with_capacity(window.partition.len());
        for expr in &window.partition {
            partition.push(self.term(expr, reuse)?);
        }
        let mut order = Vec::with_capacity(window.order.len());
        for term in &window.order {
            order.push(self.order_term(term, false)?);
        }
        let term = WindowTerm {
            of,
            partition,
            order,
            frame: window.frame,
            ty: window.column_type(),
        };
        if term.any_part(&mut |part| part.contains_window()) {
            let message = "A window cannot be made of what another window computes.";
            return Err(Error::misuse(Misuse::Field, message));
        }
        Ok(Term::Window(Box::new(term)))
    }
}

/// Whether a condition or an aggregate of the query speaks of a window.
pub(crate) fn is_windowed(query: &Query) -> bool {
    let conditions = query.conditions().any(|condition| condition_is(query, condition));
    let selected = match &query.select {
        Select::Aggregate(expressions) => expressions.iter().any(|expr| is_window(query, expr)),
        Select::Model | Select::Columns(_) => false,
    };
    conditions || selected
}

fn condition_is(query: &Query, condition: &Condition) -> bool {
    condition.any_part(&mut |expr| is_window(query, expr))
}

fn is_window(query: &Query, expr: &Expr) -> bool {
    match expr {
        Expr::Window(_) => true,
        Expr::Ref { annotation, .. } => {
            let mut computed = query.computed();
            computed.nth(*annotation).is_some_and(|expr| is_window(query, expr))
        }
        other => other.any_part(&mut |part| is_window(query, part)),
    }
}
