//! GROUP BY and HAVING: what rows are put together by, and which conditions are about groups.

use super::Resolver;
use super::joins::Reuse;
use crate::compiler::resolved::{GroupTerm, Node, ResolvedOrder, Term};
use crate::error::Result;
use crate::meta::ColumnType;
use crate::query::{Clause, Expr, Query, Select};

/// The grouping that was asked for, and what else must be grouped by for all to have one value: by
/// the rules of Django's `get_group_by`.
pub(super) fn asked(
    by: &[Expr],
    selected: &[Expr],
    columns: &[(Term, ColumnType)],
    order: &[ResolvedOrder],
    havings: &[Node],
    rows: &mut Resolver,
) -> Result<Vec<GroupTerm>> {
    let mut terms = Vec::new();
    for (at, expr) in by.iter().enumerate() {
        if !selected.get(at).is_some_and(|selected| says_the_same(expr, selected)) {
            rows.term(expr, &mut Reuse::All)?.group_terms(&mut terms);
        }
    }
    let mut group: Vec<GroupTerm> = Vec::new();
    for (at, (term, _)) in columns.iter().enumerate() {
        if matches!(term, Term::Column { .. }) || term.is_of_groups() {
            term.group_terms(&mut terms);
        } else if !matches!(term, Term::Value(_)) {
            group.push(GroupTerm::Position(at + 1));
        }
    }
    for order in order.iter().filter(|order| order.position.is_none()) {
        order.term.group_terms(&mut terms);
    }
    for node in havings {
        node.group_terms(&mut terms);
    }
    group.splice(0..0, terms.into_iter().map(GroupTerm::Term));
    Ok(group)
}

/// Whether a computed column that was selected when the rows were grouped is the one which now has its
/// place: other columns may have come behind it, or all may be others.
fn says_the_same(by: &Expr, selected: &Expr) -> bool {
    match (by, selected) {
        (Expr::Column { .. }, _) => false,
        (Expr::Value(_) | Expr::Slot(_), Expr::Value(_) | Expr::Slot(_)) => true,
        (Expr::Ref { annotation, .. }, Expr::Ref { annotation: other, .. }) => annotation == other,
        (by, selected) => std::mem::discriminant(by) == std::mem::discriminant(selected),
    }
}

/// The grouping of rows of models, which are known by their keys, or of columns beside aggregates.
pub(super) fn own(
    query: &Query,
    columns: &[(Term, ColumnType)],
    mut group_keys: Vec<Term>,
    order: &[ResolvedOrder],
    havings: &[Node],
) -> Vec<GroupTerm> {
    let mut terms = Vec::new();
    let known = if let Select::Columns(_) = query.select {
        0
    } else {
        // A row is known by its key, and so is each row that comes with it.
        terms.extend(columns.get(query.model.pk_index()).map(|(term, _)| term.clone()));
        terms.append(&mut group_keys);
        query.model.fields.len() + group_keys_width(query)
    };
    let mut group: Vec<GroupTerm> = terms.into_iter().map(GroupTerm::Term).collect();
    for (at, (term, _)) in columns.iter().enumerate().skip(known) {
        group.extend(selected(term, at));
    }
    let mut beside = Vec::new();
    for term in order.iter().filter(|order| order.position.is_none()).map(|o| &o.term) {
        match term {
            Term::Value(_) => {}
            term if term.is_of_groups() => term.group_terms(&mut beside),
            // Its columns are those of one row; the text of the whole would be another one, as above.
            term if known > 0 => term.columns(&mut beside),
            term => beside.push(term.clone()),
        }
    }
    // What stands beside an aggregate, on the other side of an OR.
    for node in havings {
        node.group_terms(&mut beside);
    }
    group.extend(beside.into_iter().map(GroupTerm::Term));
    group
}

/// What must be grouped by for the column at that place to have one value. A computed one is said by
/// its place, since databases take the same text with other arguments for another value.
fn selected(term: &Term, at: usize) -> Vec<GroupTerm> {
    match term {
        Term::Value(_) => Vec::new(),
        // Windows stand above the groups, and see what these have one value of.
        term if term.is_of_groups() => {
            let mut terms = Vec::new();
            term.group_terms(&mut terms);
            terms.into_iter().map(GroupTerm::Term).collect()
        }
        Term::Column { .. } => vec![GroupTerm::Term(term.clone())],
        _ => vec![GroupTerm::Position(at + 1)],
    }
}

/// Columns of related rows need no place in GROUP BY where all of them come first.
fn group_keys_width(query: &Query) -> usize {
    let mut width = 0;
    for clause in &query.clauses {
        match clause {
            Clause::Related(path) => width += path.end(query.model).fields.len(),
            Clause::Annotate(_) => break,
            Clause::Filter(_) | Clause::Alias(_) | Clause::Anchor(_) | Clause::Filtered(_) => {}
        }
    }
    width
}

/// Conditions, by where they stand.
#[derive(Default)]
pub(super) struct Split {
    pub(super) wheres: Vec<Node>,
    /// those on aggregates
    pub(super) havings: Vec<Node>,
    /// those on windows, which stand outside of the query
    pub(super) outside: Vec<Node>,
}

impl Split {
    /// Puts a condition to its place, and the parts of it that need not stay together to theirs.
    pub(super) fn add(&mut self, node: Node) {
        match node {
            Node::And(all) => all.into_iter().for_each(|one| self.add(one)),
            node if !node.contains_window() => {
                if node.contains_aggregate() {
                    self.havings.push(node);
                } else {
                    self.wheres.push(node);
                }
            }
            // Not one of them is each of them not.
            Node::Not(one) => match *one {
                Node::Or(all) => all.into_iter().for_each(|one| self.add(one.not())),
                Node::Not(one) => self.add(*one),
                one => self.outside.push(one.not()),
            },
            node => self.outside.push(node),
        }
    }
}
