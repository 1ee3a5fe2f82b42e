//! GROUP BY and HAVING: what rows are put together by, and which conditions are about groups.

use super::joins::Reuse;
use super::resolve::Resolver;
use super::resolved::{GroupTerm, Node, ResolvedOrder, Term};
use crate::error::Result;
use crate::meta::ColumnType;
use crate::query::{Clause, Expr, Query, Select};

/// The grouping that was asked for, and what else must be grouped by for all to have one value: by
/// the rules of Django's `get_group_by`.
pub(super) fn asked(
    by: &[Expr],
    columns: &[(Term, ColumnType)],
    order: &[ResolvedOrder],
    havings: &[Node],
    rows: &mut Resolver,
) -> Result<Vec<GroupTerm>> {
    let mut terms = Vec::new();
    for expr in by {
        rows.term(expr, &mut Reuse::All)?.group_terms(&mut terms);
    }
    let mut group: Vec<GroupTerm> = Vec::new();
    for (at, (term, _)) in columns.iter().enumerate() {
        if matches!(term, Term::Column { .. }) || term.contains_aggregate() {
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
    let plain = |term: &&Term| !term.contains_aggregate() && !matches!(term, Term::Value(_));
    let ordered = order.iter().filter(|order| order.position.is_none()).map(|o| &o.term);
    group.extend(ordered.filter(plain).map(|term| GroupTerm::Term(term.clone())));
    // What stands beside an aggregate, on the other side of an OR.
    let mut beside = Vec::new();
    havings.iter().for_each(|node| node.group_terms(&mut beside));
    group.extend(beside.into_iter().map(GroupTerm::Term));
    group
}

/// What must be grouped by for the column at that place to have one value. A computed one is said by
/// its place, since databases take the same text with other arguments for another value.
fn selected(term: &Term, at: usize) -> Vec<GroupTerm> {
    match term {
        Term::Value(_) => Vec::new(),
        term if term.contains_aggregate() => {
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

/// Conditions on aggregates belong into HAVING, the others into WHERE.
pub(super) fn split_having(node: Node, wheres: &mut Vec<Node>, havings: &mut Vec<Node>) {
    match node {
        Node::And(all) => {
            for one in all {
                split_having(one, wheres, havings);
            }
        }
        node if node.contains_aggregate() => havings.push(node),
        node => wheres.push(node),
    }
}
