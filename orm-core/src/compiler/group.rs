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
    let mut group = Vec::new();
    let plain = |term: &Term| !term.contains_aggregate() && !matches!(term, Term::Value(_));
    if let Select::Columns(_) = query.select {
        group.extend(columns.iter().map(|(term, _)| term.clone()).filter(plain));
    } else {
        // A row is known by its key, and so is each row that comes with it.
        let own = query.model.fields.len();
        group.extend(columns.get(query.model.pk_index()).map(|(term, _)| term.clone()));
        group.append(&mut group_keys);
        let related = group_keys_width(query);
        let computed = columns.iter().skip(own + related).map(|(term, _)| term.clone());
        group.extend(computed.filter(plain));
    }
    group.extend(order.iter().map(|o| o.term.clone()).filter(plain));
    // What stands beside an aggregate, on the other side of an OR.
    for node in havings {
        node.group_terms(&mut group);
    }
    group.into_iter().map(GroupTerm::Term).collect()
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
