//! `RelatedSet`: the rows at the other end of a to-many relation of one row.

mod forward;
mod members;

pub(crate) use members::{Given, add, link, members, remove, replace};

use crate::model::Model;
use crate::query::Step;
use crate::queryset::QuerySet;
use crate::value::Value;
use crate::write::{FromInsert, Insert, Link};
use std::marker::PhantomData;

/// Rows can leave the set: over many-to-many, and over a nullable foreign key.
#[derive(Debug, Clone, Copy)]
pub struct Detach;

/// Rows cannot leave the set, since their foreign key is required.
#[derive(Debug, Clone, Copy)]
pub struct Keep;

/// Sets that rows can leave.
#[diagnostic::on_unimplemented(
    message = "`remove`, `clear` and `set` need a nullable foreign key or a many-to-many relation",
    label = "the foreign key on the other side is required",
    note = "delete the rows, or point them elsewhere with `add` on another set"
)]
pub trait CanDetach {}

impl CanDetach for Detach {}

/// The rows of `M` that are related to one row: a [`QuerySet`] that can also be changed.
///
/// `B` is what [`create`](Self::create) gives, `D` whether rows can leave the set.
pub struct RelatedSet<M: Model, B = <M as Model>::Create, D = Detach> {
    step: Step,
    key: Value,
    marker: PhantomData<fn() -> (M, B, D)>,
}

impl<M: Model, B, D> Clone for RelatedSet<M, B, D> {
    fn clone(&self) -> Self {
        RelatedSet {
            step: self.step,
            key: self.key.clone(),
            marker: PhantomData,
        }
    }
}

impl<M: Model, B, D> std::fmt::Debug for RelatedSet<M, B, D> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RelatedSet")
            .field("step", &self.step)
            .field("key", &self.key)
            .finish()
    }
}

impl<M: Model, B, D> RelatedSet<M, B, D> {
    /// The rows at the end of a step from the row with that key.
    pub(crate) fn new(step: Step, key: Value) -> Self {
        RelatedSet {
            step,
            key,
            marker: PhantomData,
        }
    }

    /// The rows, as a queryset.
    pub fn query(&self) -> QuerySet<M> {
        QuerySet::from_query(members(self.step, &self.key))
    }

    /// A new row that belongs to the set. Over a foreign key that key is set already.
    #[must_use = "a builder does nothing until it is saved"]
    pub fn create(self) -> B
    where
        B: FromInsert<M>,
    {
        let relation = self.step.relation;
        let insert = Insert::new();
        B::from_insert(match relation.through {
            Some(_) => insert.linked(Link {
                relation,
                new_is_source: self.step.reverse,
                key: self.key,
            }),
            None => {
                let index = M::meta()
                    .fields
                    .iter()
                    .position(|f| f.relation.as_ref().is_some_and(|r| r.is(relation)));
                insert.with(index.unwrap_or(usize::MAX), self.key)
            }
        })
    }
}

impl<M: Model, B, D> From<RelatedSet<M, B, D>> for QuerySet<M> {
    fn from(set: RelatedSet<M, B, D>) -> Self {
        set.query()
    }
}
