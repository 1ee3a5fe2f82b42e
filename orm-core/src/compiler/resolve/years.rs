//! Lookups on the year of a column become ranges of the column itself, which an index serves.

use super::{leaf, rebuild};
use crate::compiler::argument::{Argument, Edge, YEARS};
use crate::compiler::resolved::{Node, Right, Term};
use crate::query::{Expr, Lookup, LookupKind, Operand, function, lookup};
use crate::value::{Kind, Value};

impl Edge {
    /// The argument that is made of the year.
    fn argument(self, year: &Argument) -> Option<Term> {
        let argument = match year {
            Argument::Value(year) => Argument::Value(self.of(year)?),
            Argument::Slot(slot) if slot.kind == Kind::Int && !slot.list => Argument::Year(*slot, self),
            _ => return None,
        };
        Some(Term::Value(argument))
    }
}

/// Whether it is the year of something, and which.
fn year_of(expr: &Expr) -> Option<(bool, &Expr)> {
    let Expr::Call { function, args } = expr else {
        return None;
    };
    let iso = match *function {
        plain if std::ptr::eq(plain, &function::YEAR) => false,
        iso if std::ptr::eq(iso, &function::ISO_YEAR) => true,
        _ => return None,
    };
    Some((iso, args.first()?))
}

/// Whether it asks for a year that no range stands for: the text is another one then.
pub(in crate::compiler) fn is_far(left: &Expr, right: &Operand) -> bool {
    let far = matches!(right, Operand::One(Expr::Value(Value::Int(year))) if !YEARS.contains(year));
    far && year_of(left).is_some()
}

/// A lookup on a column, with or without transforms; on its year, as a range.
pub(super) fn on_column(left: &Expr, column: Term, lookup: &'static Lookup, right: Right) -> Node {
    match range(left, &column, lookup, &right) {
        Some((lookup, bounds)) => leaf(column, lookup, bounds),
        None => leaf(rebuild(left, column), lookup, right),
    }
}

fn range(left: &Expr, column: &Term, lookup: &'static Lookup, right: &Right) -> Option<(&'static Lookup, Right)> {
    let (iso, Expr::Column { .. }) = year_of(left)? else {
        return None;
    };
    let Right::One(Term::Value(year)) = right else {
        return None;
    };
    let edge = |last| Edge {
        iso,
        last,
        moment: column.column_type().kind() == Kind::DateTime,
    };
    let (first, last) = (edge(false).argument(year)?, edge(true).argument(year)?);
    match lookup.kind {
        LookupKind::Exact => Some((&lookup::RANGE, Right::Pair(first, last))),
        LookupKind::Gt | LookupKind::Lte => Some((lookup, Right::One(last))),
        LookupKind::Gte | LookupKind::Lt => Some((lookup, Right::One(first))),
        _ => None,
    }
}
