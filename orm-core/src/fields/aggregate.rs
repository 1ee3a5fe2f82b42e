//! What an aggregate can be told: of which rows it is, and what it gives for none.

use super::{Aggregated, IntoExpr, IntoQ, One, Optional, TypedExpr, root};
use crate::model::Model;
use crate::query::{Expr, function};

impl<M: Model, T, C> TypedExpr<M, T, C, Aggregated> {
    /// Lets the aggregate see only the rows for which the condition holds.
    #[must_use]
    pub fn filter<Q: IntoQ<M>>(mut self, condition: impl FnOnce(M::Fields<M, One>) -> Q) -> Self {
        if let Expr::Aggregate(aggregate) = &mut self.expr {
            let new = condition(root::<M>()).into_q().into_condition();
            aggregate.filter = Some(match aggregate.filter.take() {
                Some(old) => old.and(new),
                None => new,
            });
        }
        self
    }

    /// Lets the aggregate count or sum equal values once. MySQL and MariaDB refuse it for `stddev` and
    /// `variance`.
    #[must_use]
    pub fn distinct(mut self) -> Self {
        if let Expr::Aggregate(aggregate) = &mut self.expr {
            aggregate.distinct = true;
        }
        self
    }
}

impl<R, T> TypedExpr<R, T, Optional, Aggregated> {
    /// What the aggregate gives for no rows, in place of NULL. It comes last:
    /// `b.pages().sum().filter(..).default(0)`.
    #[must_use]
    pub fn default<V: IntoExpr<T, R>>(self, value: V) -> TypedExpr<R, T, V::C> {
        TypedExpr::new(Expr::Call {
            function: &function::COALESCE,
            args: vec![self.into_expr(), value.into_expr()],
        })
    }
}
