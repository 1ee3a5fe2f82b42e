//! `TypedExpr`: a computed value with its type.

use super::{IntoQ, One, root};
use crate::model::Model;
use crate::query::Expr;
use std::marker::PhantomData;

/// A computed value of type `T` in a query that starts at `R`.
///
/// `K` tells values of one row ([`PerRow`]) from aggregates ([`Aggregated`]).
pub struct TypedExpr<R, T, C = One, K = PerRow> {
    expr: Expr,
    marker: PhantomData<fn() -> (R, T, C, K)>,
}

/// Marks a value of one row.
#[derive(Debug, Clone, Copy)]
pub struct PerRow;

/// Marks an aggregate over many rows.
#[derive(Debug, Clone, Copy)]
pub struct Aggregated;

impl<R, T, C, K> TypedExpr<R, T, C, K> {
    /// Gives an untyped expression its type. The caller vouches for it.
    pub fn new(expr: Expr) -> Self {
        TypedExpr {
            expr,
            marker: PhantomData,
        }
    }

    pub(crate) fn into_expr(self) -> Expr {
        self.expr
    }
}

impl<R, T, C, K> Clone for TypedExpr<R, T, C, K> {
    fn clone(&self) -> Self {
        TypedExpr::new(self.expr.clone())
    }
}

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
