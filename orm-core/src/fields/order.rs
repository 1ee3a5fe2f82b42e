//! What `order_by` takes.

use super::{Field, FieldSet, TypedExpr};
use crate::model::Model;
use crate::query::{Expr, OrderTerm, relation_order};
use std::marker::PhantomData;

/// One term of an order.
#[derive(Debug)]
pub struct OrderBy<R> {
    term: OrderTerm,
    marker: PhantomData<fn() -> R>,
}

impl<R> OrderBy<R> {
    pub(crate) fn new(expr: Expr, descending: bool) -> Self {
        OrderBy {
            term: OrderTerm {
                expr,
                descending,
                nulls_first: None,
            },
            marker: PhantomData,
        }
    }

    /// NULL comes before all values.
    #[must_use]
    pub fn nulls_first(mut self) -> Self {
        self.term.nulls_first = Some(true);
        self
    }

    /// NULL comes after all values.
    #[must_use]
    pub fn nulls_last(mut self) -> Self {
        self.term.nulls_first = Some(false);
        self
    }
}

/// Terms of an order: fields, expressions, `.desc()` of them, tuples, `()` for none.
#[diagnostic::on_unimplemented(
    message = "`order_by` takes fields, expressions and `.desc()` of them, not `{Self}`",
    label = "expected `|m| m.field()`, `|m| m.field().desc()` or a tuple of such"
)]
pub trait IntoOrder<R> {
    /// Appends them.
    fn push(self, to: &mut Vec<OrderTerm>);
}

impl<R> IntoOrder<R> for OrderBy<R> {
    fn push(self, to: &mut Vec<OrderTerm>) {
        to.push(self.term);
    }
}

impl<R, T, C> IntoOrder<R> for Field<R, T, C> {
    fn push(self, to: &mut Vec<OrderTerm>) {
        to.push(OrderTerm {
            expr: self.into_expr(),
            descending: false,
            nulls_first: None,
        });
    }
}

impl<R, T, C, K> IntoOrder<R> for TypedExpr<R, T, C, K> {
    fn push(self, to: &mut Vec<OrderTerm>) {
        to.push(OrderTerm {
            expr: self.into_expr(),
            descending: false,
            nulls_first: None,
        });
    }
}

/// Ordering by a relation is the order of the model it leads to, by key where that has none.
#[diagnostic::do_not_recommend]
impl<F: FieldSet> IntoOrder<F::Root> for F {
    fn push(self, to: &mut Vec<OrderTerm>) {
        to.extend(relation_order(F::Root::meta(), self.path().clone(), false));
    }
}

/// No order.
impl<R> IntoOrder<R> for () {
    fn push(self, _: &mut Vec<OrderTerm>) {}
}
