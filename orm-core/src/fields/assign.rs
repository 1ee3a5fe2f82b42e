//! What `update` sets.

use super::{No, Own, OwnKey, OwnKeyNull, OwnNull, Yes};
use crate::meta::FieldMeta;
use crate::query::Expr;
use std::marker::PhantomData;

/// A column and what it is set to.
#[derive(Debug)]
pub struct Assign<R> {
    field: &'static FieldMeta,
    value: Expr,
    marker: PhantomData<fn() -> R>,
}

impl<R> Assign<R> {
    pub(crate) fn new(field: &'static FieldMeta, value: Expr) -> Self {
        Assign {
            field,
            value,
            marker: PhantomData,
        }
    }
}

/// Assignments: one, or a tuple of them.
#[diagnostic::on_unimplemented(
    message = "`update` takes assignments on `{R}`, not `{Self}`",
    label = "expected `|m| m.field().set(value)`, or a tuple of such"
)]
pub trait IntoAssign<R> {
    /// Appends them.
    fn push(self, to: &mut Vec<(&'static FieldMeta, Expr)>);
}

impl<R> IntoAssign<R> for Assign<R> {
    fn push(self, to: &mut Vec<(&'static FieldMeta, Expr)>) {
        to.push((self.field, self.value));
    }
}

/// Values that a column of that cardinality can hold.
#[diagnostic::on_unimplemented(
    message = "this column cannot be NULL",
    label = "this may be `None`",
    note = "a field that may be NULL is an `Option` in the model"
)]
pub trait FitsIn<C> {}

impl<C> FitsIn<C> for No {}
#[diagnostic::do_not_recommend]
impl FitsIn<OwnNull> for Yes {}
#[diagnostic::do_not_recommend]
impl FitsIn<OwnKeyNull> for Yes {}

/// Columns of the model itself.
#[diagnostic::on_unimplemented(
    message = "`set` takes a column of the model itself",
    label = "this column is at the end of a relation path, in another table",
    note = "`update` writes one table, as in Django"
)]
pub trait OwnColumn {}

#[diagnostic::do_not_recommend]
impl OwnColumn for Own {}
#[diagnostic::do_not_recommend]
impl OwnColumn for OwnNull {}

/// Foreign keys of the model itself.
#[diagnostic::on_unimplemented(
    message = "`set` takes a foreign key of the model itself",
    label = "this relation is no foreign key of the model that is updated",
    note = "`update` writes one table, as in Django; a related set has `add`, `remove` and `set`"
)]
pub trait OwnForeignKey {}

#[diagnostic::do_not_recommend]
impl OwnForeignKey for OwnKey {}
#[diagnostic::do_not_recommend]
impl OwnForeignKey for OwnKeyNull {}
