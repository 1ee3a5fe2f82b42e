//! `exclude` over a to-many relation: a subquery that no related row may be in.

use super::joins::{JoinKind, Place, Reuse};
use super::{Resolver, column_of, leaf, path_hops, years};
use crate::compiler::resolved::{Node, Right};
use crate::error::{Error, Result};
use crate::query::{Expr, Lookup, LookupKind, Path, lookup};
use std::collections::HashSet;

impl Resolver {
    /// A negated condition over a to-many relation: no related row may meet it, so it becomes a
    /// subquery that finds such rows.
    pub(super) fn split_exclude(
        &mut self,
        left: &Expr,
        path: &Path,
        lookup: &'static Lookup,
        right: Right,
    ) -> Result<(Node, HashSet<usize>)> {
        // Its condition may speak of any part of the row that the path starts at.
        let filtered = path.is_filtered();
        let (to_one, to_many) = if filtered {
            (Path::root(), path.clone())
        } else {
            path.split_at_many()
        };
        let anchor = to_one.end(self.model);
        let mut inner = Resolver::new(anchor, self.depth + 1);
        if filtered {
            inner.filtered.clone_from(&self.filtered);
            inner.annotations.clone_from(&self.annotations);
            inner.outer.clone_from(&self.outer);
        }
        let Some((_, field)) = column_of(left) else {
            return Err(Error::Query(
                "a computed value cannot be excluded over a to-many relation".to_owned(),
            ));
        };
        let all = path_hops(&to_many);
        let mut reuse = HashSet::new();
        let (place, met) = inner.place(&all, field.column, field.null, &mut Reuse::Only(&mut reuse))?;
        let wants_null = lookup.kind == LookupKind::IsNull && matches!(right, Right::Flag(true));
        if !wants_null {
            inner.joins.demote(met);
        }
        let column = inner.column(place, field);
        inner.filters.push(years::on_column(left, column, lookup, right));
        // Tie the subquery to the row outside.
        let first = all[0];
        let from_column = if filtered {
            anchor.pk().column
        } else {
            first.from_column
        };
        let outside = path_hops(&to_one);
        let mut used = std::mem::take(&mut self.used);
        let (outer, _) = self.place(&outside, from_column, false, &mut Reuse::Only(&mut used))?;
        let tied = !filtered
            && inner
                .joins
                .tables
                .get(1)
                .is_some_and(|join| join.kind == JoinKind::Inner);
        let inside = if tied {
            inner.start = 1;
            Place {
                table: 1,
                column: first.to_column,
                null: false,
            }
        } else {
            Place {
                table: 0,
                column: from_column,
                null: false,
            }
        };
        // The related rows are found by this field, which need not be the primary key.
        let key = to_many
            .steps()
            .first()
            .filter(|_| !filtered)
            .map_or_else(|| anchor.pk(), |step| step.near_key());
        let tie = leaf(
            inner.column(inside, key),
            &lookup::EXACT,
            Right::One(self.column(outer, key)),
        );
        inner.filters.push(tie);
        // The same related row that a condition beside it speaks of, where there is one.
        let beside = self.joins.tables.iter().enumerate().find(|(at, join)| {
            used.contains(at)
                && join
                    .parent
                    .is_some_and(|(parent, hop)| parent == outer.table && hop == first)
        });
        if let (Some((at, _)), true) = (beside, tied) {
            let place = |table| Place {
                table,
                column: first.row_key(),
                null: false,
            };
            let row = anchor.pk();
            let there = Right::One(self.column(place(at), row));
            inner
                .filters
                .push(leaf(inner.column(place(1), row), &lookup::EXACT, there));
        }
        self.used = used;
        let exists = Node::Exists(Box::new(inner.into_subquery()));
        if wants_null && to_one.steps().iter().any(|step| step.is_nullable()) {
            let missing = leaf(self.column(outer, key), &lookup::ISNULL, Right::Flag(true));
            return Ok((Node::any(vec![exists, missing]), HashSet::new()));
        }
        Ok((exists, HashSet::new()))
    }
}
