//! `WindowTerm`: a resolved window.

use super::{ResolvedOrder, Term};
use crate::compiler::argument::Argument;
use crate::meta::ColumnType;
use crate::query::{Frame, WindowFunction};

/// A resolved window.
#[derive(Debug, Clone)]
pub(in crate::compiler) struct WindowTerm {
    pub(in crate::compiler) of: OverTerm,
    pub(in crate::compiler) partition: Vec<Term>,
    pub(in crate::compiler) order: Vec<ResolvedOrder>,
    pub(in crate::compiler) frame: Option<Frame>,
    pub(in crate::compiler) ty: ColumnType,
}

#[derive(Debug, Clone)]
pub(in crate::compiler) enum OverTerm {
    Aggregate(Term),
    Function {
        function: WindowFunction,
        of: Option<Term>,
        number: Option<i64>,
        default: Option<Term>,
    },
}

impl WindowTerm {
    /// The terms that it is made of, but for the aggregate itself.
    fn parts(&self) -> impl Iterator<Item = &Term> {
        let of: [Option<&Term>; 2] = match &self.of {
            OverTerm::Aggregate(Term::Aggregate { arg, .. }) => [arg.as_deref(), None],
            OverTerm::Aggregate(other) => [Some(other), None],
            OverTerm::Function { of, default, .. } => [of.as_ref(), default.as_ref()],
        };
        let order = self.order.iter().map(|order| &order.term);
        of.into_iter().flatten().chain(&self.partition).chain(order)
    }

    pub(in crate::compiler) fn any_part(&self, test: &mut dyn FnMut(&Term) -> bool) -> bool {
        let filtered = match &self.of {
            OverTerm::Aggregate(Term::Aggregate {
                filter: Some(filter), ..
            }) => filter.any_part(test),
            _ => false,
        };
        filtered || self.parts().any(test)
    }

    /// What must be grouped by for its parts to have one value.
    pub(super) fn group_terms(&self, into: &mut Vec<Term>) {
        self.parts().for_each(|part| part.group_terms(into));
    }
}

/// Whether two terms are known to give the same, by what makes their arguments equal; terms of other
/// sorts are computed twice.
pub(in crate::compiler) fn same(a: &Term, b: &Term, equal: fn(&Argument, &Argument) -> bool) -> bool {
    let same = |a: &Term, b: &Term| same(a, b, equal);
    let all = |a: &[Term], b: &[Term]| a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b));
    let maybe = |a: Option<&Term>, b: Option<&Term>| match (a, b) {
        (Some(a), Some(b)) => same(a, b),
        (a, b) => a.is_none() && b.is_none(),
    };
    match (a, b) {
        (
            Term::Column {
                alias: a, column: x, ..
            },
            Term::Column {
                alias: b, column: y, ..
            },
        ) => a == b && x == y,
        (Term::Value(a), Term::Value(b)) => equal(a, b),
        (Term::Call { function: a, args: x }, Term::Call { function: b, args: y }) => std::ptr::eq(*a, *b) && all(x, y),
        (
            Term::Aggregate {
                function: f,
                arg: x,
                distinct: d,
                filter: None,
            },
            Term::Aggregate {
                function: g,
                arg: y,
                distinct: e,
                filter: None,
            },
        ) => f == g && d == e && maybe(x.as_deref(), y.as_deref()),
        (
            Term::Arithmetic {
                op: o,
                left: a,
                right: b,
            },
            Term::Arithmetic {
                op: p,
                left: x,
                right: y,
            },
        ) => o == p && same(a, x) && same(b, y),
        (Term::Window(a), Term::Window(b)) => {
            let of = match (&a.of, &b.of) {
                (OverTerm::Aggregate(a), OverTerm::Aggregate(b)) => same(a, b),
                (
                    OverTerm::Function {
                        function: f,
                        of: a,
                        number: n,
                        default: d,
                    },
                    OverTerm::Function {
                        function: g,
                        of: b,
                        number: m,
                        default: e,
                    },
                ) => f == g && n == m && maybe(a.as_ref(), b.as_ref()) && maybe(d.as_ref(), e.as_ref()),
                _ => false,
            };
            let orders =
                a.order.iter().zip(&b.order).all(|(a, b)| {
                    a.descending == b.descending && a.nulls_first == b.nulls_first && same(&a.term, &b.term)
                });
            let order = a.order.len() == b.order.len() && orders;
            of && order && a.frame == b.frame && all(&a.partition, &b.partition)
        }
        _ => false,
    }
}
