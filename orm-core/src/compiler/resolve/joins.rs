//! The tables of a query: which joins there are, which are shared, which are outer.

use crate::compiler::resolved::Node;
use crate::meta::{FieldMeta, ModelMeta, RelationKind, RelationMeta, Through};
use crate::query::Step;
use std::cmp::Reverse;
use std::collections::HashSet;

/// One table that a path goes through. A step along a many-to-many relation has two.
#[derive(Debug, Clone, Copy)]
pub(in crate::compiler) struct Hop {
    relation: &'static RelationMeta,
    /// which half of which direction, so that equal hops are known
    part: HopPart,
    pub(in crate::compiler) from_column: &'static str,
    pub(super) table: &'static str,
    pub(in crate::compiler) to_column: &'static str,
    /// one row may lead to many
    pub(super) many: bool,
    /// a row may lead to none
    nullable: bool,
    /// the key stands on the near side, so that the far table is not needed for the key alone
    direct: bool,
    /// the near column may be NULL
    null: bool,
    /// only to the rows of that filtered relation
    pub(super) filtered: Option<u16>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum HopPart {
    Forward,
    Reverse,
    ToThrough { reverse: bool },
    FromThrough { reverse: bool },
}

impl Hop {
    /// The column that tells the rows of the hop's table apart.
    pub(super) fn row_key(&self) -> &'static str {
        match (self.part, self.relation.through) {
            (HopPart::Forward, _) => key_column((self.relation.target)()),
            (HopPart::Reverse, _) => key_column((self.relation.source)()),
            (HopPart::ToThrough { .. }, Some(Through::Model { model, .. })) => key_column(model()),
            (HopPart::ToThrough { .. }, _) => "id",
            (HopPart::FromThrough { .. }, _) => self.to_column,
        }
    }
}

/// The way to a table by the same columns is the same way, whether along a foreign key or along the
/// half of a many-to-many relation that it makes.
impl PartialEq for Hop {
    fn eq(&self, other: &Self) -> bool {
        let columns = |hop: &Hop| (hop.table, hop.from_column, hop.to_column, hop.filtered);
        columns(self) == columns(other)
    }
}

/// The key column of a model, in the database.
fn key_column(model: &'static ModelMeta) -> &'static str {
    model.pk().column
}

/// The join table of a many-to-many relation with its two columns: to the declaring model, to the other.
pub(crate) fn through(relation: &'static RelationMeta) -> (&'static str, &'static str, &'static str) {
    match relation.through {
        Some(Through::Auto {
            table,
            source_column,
            target_column,
        }) => (table, source_column, target_column),
        Some(Through::Model { model, fields }) => {
            let through = model();
            let named = |name: &str| through.fields.iter().find(|f| f.name == name);
            let pointing = |to: &'static ModelMeta, skip: Option<&FieldMeta>| {
                through.fields.iter().find(|f| {
                    f.relation.as_ref().is_some_and(|r| (r.target)().is(to))
                        && skip.is_none_or(|skip| skip.name != f.name)
                })
            };
            let source = match fields {
                Some((source, _)) => named(source),
                None => pointing((relation.source)(), None),
            };
            let target = match fields {
                Some((_, target)) => named(target),
                None => pointing((relation.target)(), source),
            };
            // The derive has seen neither model's fields; `check` reports a through model without them.
            (
                through.table,
                source.map_or("", |f| f.column),
                target.map_or("", |f| f.column),
            )
        }
        None => ("", "", ""),
    }
}

/// The tables of one step.
pub(super) fn hops(step: Step) -> Vec<Hop> {
    let relation = step.relation;
    let (near, far) = (step.from(), step.to());
    if relation.kind == RelationKind::ManyToMany {
        let (table, source, target) = through(relation);
        let (first, second) = if step.reverse {
            (target, source)
        } else {
            (source, target)
        };
        let reverse = step.reverse;
        return vec![
            Hop {
                relation,
                part: HopPart::ToThrough { reverse },
                from_column: key_column(near),
                table,
                to_column: first,
                many: true,
                nullable: true,
                direct: false,
                null: false,
                filtered: None,
            },
            Hop {
                relation,
                part: HopPart::FromThrough { reverse },
                from_column: second,
                table: far.table,
                to_column: key_column(far),
                many: false,
                nullable: false,
                direct: true,
                null: false,
                filtered: step.filtered,
            },
        ];
    }
    let column = relation.field().map_or("", |field| field.column);
    vec![if step.reverse {
        Hop {
            relation,
            part: HopPart::Reverse,
            from_column: step.near_key().column,
            table: far.table,
            to_column: column,
            many: relation.kind == RelationKind::ForeignKey,
            nullable: true,
            direct: false,
            null: false,
            filtered: step.filtered,
        }
    } else {
        Hop {
            relation,
            part: HopPart::Forward,
            from_column: column,
            table: far.table,
            to_column: step.far_key().column,
            many: false,
            nullable: relation.null,
            direct: true,
            null: relation.null,
            filtered: step.filtered,
        }
    }]
}

/// Where a column is: behind which table, under which name.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place {
    pub(super) table: usize,
    pub(super) column: &'static str,
    /// by its declaration
    pub(super) null: bool,
}

/// Leaves out the last tables where the key that is wanted stands on the near side already.
pub(super) fn trim(hops: &[Hop], column: &'static str, null: bool) -> (usize, &'static str, bool) {
    let (mut kept, mut column, mut null) = (hops.len(), column, null);
    while let Some(last) = kept.checked_sub(1).and_then(|at| hops.get(at)) {
        if !last.direct || last.filtered.is_some() || last.to_column != column {
            break;
        }
        (kept, column, null) = (kept - 1, last.from_column, last.null);
    }
    (kept, column, null)
}

/// Whether rows without a partner stay.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::compiler) enum JoinKind {
    Inner,
    Left,
}

/// One table of a query; the first has no parent.
#[derive(Debug, Clone)]
pub(in crate::compiler) struct Join {
    pub(in crate::compiler) table: &'static str,
    pub(in crate::compiler) alias: String,
    pub(in crate::compiler) parent: Option<(usize, Hop)>,
    pub(in crate::compiler) kind: JoinKind,
    /// what else must hold of a row to be a partner
    pub(in crate::compiler) on: Option<Box<On>>,
}

/// A further condition of a join.
#[derive(Debug, Clone)]
pub(in crate::compiler) struct On {
    pub(in crate::compiler) node: Node,
    /// the last of the tables that it speaks of
    pub(super) last: usize,
}

/// The tables that a path may share: those that it must not meet twice within one filter.
pub(in crate::compiler) enum Reuse<'a> {
    /// any table that leads the same way
    All,
    /// over to-many relations only these
    Only(&'a mut HashSet<usize>),
}

/// The tables of a query, each with its alias.
#[derive(Debug, Clone)]
pub(in crate::compiler) struct Joins {
    pub(in crate::compiler) tables: Vec<Join>,
    /// the letter of the aliases; none in the outermost query, where tables keep their names
    prefix: Option<char>,
    /// the tables that were asked for since someone emptied it
    pub(super) met: Vec<usize>,
}

impl Joins {
    pub(super) fn new(table: &'static str, depth: usize) -> Self {
        // U, V, W, X, Y, Z, A, B …, as many as queries can be nested in practice.
        let prefix = depth.checked_sub(1).map(|d| char::from(b'A' + ((20 + d) % 26) as u8));
        let mut joins = Joins {
            tables: Vec::new(),
            prefix,
            met: Vec::new(),
        };
        let alias = joins.new_alias(table, None);
        joins.tables.push(Join {
            table,
            alias,
            parent: None,
            kind: JoinKind::Inner,
            on: None,
        });
        joins
    }

    /// The first of a table has its name, or that of its filtered relation.
    fn new_alias(&self, table: &str, name: Option<&str>) -> String {
        if let Some(prefix) = self.prefix {
            return format!("{prefix}{}", self.tables.len());
        }
        let taken = |alias: &str| self.tables.iter().any(|join| join.alias.eq_ignore_ascii_case(alias));
        let wanted = name.unwrap_or(table);
        if !taken(wanted) && self.tables.iter().all(|join| join.table != table) {
            return wanted.to_owned();
        }
        let mut number = self.tables.len() + 1;
        loop {
            let alias = format!("T{number}");
            if !taken(&alias) {
                return alias;
            }
            number += 1;
        }
    }

    /// The tables from `start` on, in an order in which each condition speaks of earlier ones.
    pub(in crate::compiler) fn written(&self, start: usize) -> Vec<usize> {
        let mut order: Vec<usize> = (start..self.tables.len()).collect();
        if self.tables.iter().any(|join| join.on.is_some()) {
            // The condition of a join within a condition comes first.
            order.sort_by_key(|at| match &self.tables[*at].on {
                Some(on) => (on.last, true, Reverse(*at)),
                None => (*at, false, Reverse(*at)),
            });
        }
        order
    }

    /// The table at the end of one more hop: a shared one, or a new one.
    pub(super) fn join(&mut self, parent: usize, hop: Hop, name: Option<&str>, reuse: &Reuse<'_>) -> usize {
        let fits = |at: &usize| match (&reuse, hop.many) {
            (Reuse::Only(tables), true) => tables.contains(at),
            _ => true,
        };
        let same = |join: &Join| join.parent.is_some_and(|(p, h)| p == parent && h == hop);
        let found = self
            .tables
            .iter()
            .enumerate()
            .rev()
            .find(|(at, join)| same(join) && fits(at));
        if let Some((at, _)) = found {
            self.met.push(at);
            return at;
        }
        let outer = hop.nullable || self.tables[parent].kind == JoinKind::Left;
        let kind = if outer { JoinKind::Left } else { JoinKind::Inner };
        let alias = self.new_alias(hop.table, name);
        self.tables.push(Join {
            table: hop.table,
            alias,
            parent: Some((parent, hop)),
            kind,
            on: None,
        });
        self.met.push(self.tables.len() - 1);
        self.tables.len() - 1
    }

    /// Makes a join what it was before any condition.
    pub(super) fn restart(&mut self, at: usize) {
        if let Some((parent, hop)) = self.tables[at].parent {
            let outer = hop.nullable || self.tables[parent].kind == JoinKind::Left;
            self.tables[at].kind = if outer { JoinKind::Left } else { JoinKind::Inner };
        }
    }

    pub(super) fn inner(&self) -> HashSet<usize> {
        self.tables
            .iter()
            .enumerate()
            .filter(|(_, j)| j.kind == JoinKind::Inner)
            .map(|(at, _)| at)
            .collect()
    }

    /// Makes joins outer, and those that hang on them.
    pub(super) fn promote(&mut self, tables: impl IntoIterator<Item = usize>) {
        let mut left: Vec<usize> = tables.into_iter().collect();
        while let Some(at) = left.pop() {
            let Some((parent, hop)) = self.tables[at].parent else {
                continue;
            };
            let parent_outer = self.tables[parent].kind == JoinKind::Left;
            if (hop.nullable || parent_outer) && self.tables[at].kind == JoinKind::Inner {
                self.tables[at].kind = JoinKind::Left;
                let hanging = self.tables.iter().enumerate();
                left.extend(
                    hanging
                        .filter(|(_, j)| j.parent.is_some_and(|(p, _)| p == at))
                        .map(|(child, _)| child),
                );
            }
        }
    }

    /// Makes joins inner, and those that they hang on.
    pub(super) fn demote(&mut self, tables: impl IntoIterator<Item = usize>) {
        let mut left: Vec<usize> = tables.into_iter().collect();
        while let Some(at) = left.pop() {
            if self.tables[at].kind == JoinKind::Left {
                self.tables[at].kind = JoinKind::Inner;
                left.extend(self.tables[at].parent.map(|(parent, _)| parent));
            }
        }
    }
}
