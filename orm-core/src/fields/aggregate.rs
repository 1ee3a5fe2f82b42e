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

/// Aggregates that are NULL over no rows.
#[diagnostic::on_unimplemented(
    message = "this aggregate is never NULL, and takes no default",
    label = "`count` is 0 over no rows"
)]
pub trait NullOverNothing {}

#[diagnostic::do_not_recommend]
impl NullOverNothing for Optional {}

impl<R, T, C> TypedExpr<R, T, C, Aggregated> {
    /// What the aggregate gives for no rows, in place of NULL. It comes last:
    /// `b.pages().sum().filter(..).default(0)`.
    #[must_use]
    pub fn default<V: IntoExpr<T, R>>(self, value: V) -> TypedExpr<R, T, V::C>
    where
        C: NullOverNothing,
    {
        TypedExpr::new(Expr::Call {
            function: &function::COALESCE,
            args: vec![self.into_expr(), value.into_expr()],
        })
    }
}
