//! `TypedExpr`: a computed value with its type.

use super::One;
use crate::query::Expr;
use std::marker::PhantomData;

/// A computed value of type `T` in a query that starts at `R`.
///
/// `K` tells aggregates ([`Aggregated`]), which take `filter` and `distinct`, and a
/// [`case`](crate::functions::case) that can go on from everything else ([`PerRow`]).
pub struct TypedExpr<R, T, C = One, K = PerRow> {
    pub(super) expr: Expr,
    marker: PhantomData<fn() -> (R, T, C, K)>,
}

/// Marks a value that is as it is.
#[derive(Debug, Clone, Copy)]
pub struct PerRow;

/// Marks an aggregate over many rows that can be told which.
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
