//! Windows: `f(…) OVER (…)`.

use super::argument::Argument;
use super::joins::Reuse;
use super::resolve::Resolver;
use super::resolved::{ResolvedOrder, Term};
use super::writer::Writer;
use crate::error::{Error, Misuse, Result};
use crate::meta::ColumnType;
use crate::query::{Clause, Condition, Expr, Frame, FrameUnit, Over, Query, Select, Window, WindowFunction};

/// A resolved window.
#[derive(Debug, Clone)]
pub(super) struct WindowTerm {
    of: OverTerm,
    partition: Vec<Term>,
    order: Vec<ResolvedOrder>,
    frame: Option<Frame>,
    pub(super) ty: ColumnType,
}

#[derive(Debug, Clone)]
enum OverTerm {
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

    pub(super) fn any_part(&self, test: &mut dyn FnMut(&Term) -> bool) -> bool {
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

impl Resolver {
    pub(super) fn window(&mut self, window: &Window, reuse: &mut Reuse<'_>) -> Result<Term> {
        window.check()?;
        let of = match &window.of {
            Over::Aggregate(expr) => match self.term(expr, reuse)? {
                aggregate @ Term::Aggregate { .. } => OverTerm::Aggregate(aggregate),
                _ => {
                    let message = "Only an aggregate by itself is compatible with OVER clauses.";
                    return Err(Error::misuse(Misuse::Value, message));
                }
            },
            Over::Function(call) => OverTerm::Function {
                function: call.function,
                of: call.of.as_ref().map(|of| self.term(of, reuse)).transpose()?,
                number: call.number,
                default: call
                    .default
                    .as_ref()
                    .map(|default| self.term(default, reuse))
                    .transpose()?,
            },
        };
        let mut partition = Vec::with_capacity(window.partition.len());
        for expr in &window.partition {
            partition.push(self.term(expr, reuse)?);
        }
        let mut order = Vec::with_capacity(window.order.len());
        for term in &window.order {
            order.push(self.order_term(term, false)?);
        }
        let term = WindowTerm {
            of,
            partition,
            order,
            frame: window.frame,
            ty: window.column_type(),
        };
        if term.any_part(&mut |part| part.contains_window()) {
            let message = "A window cannot be made of what another window computes.";
            return Err(Error::misuse(Misuse::Field, message));
        }
        Ok(Term::Window(Box::new(term)))
    }
}

/// Whether a condition or an aggregate of the query speaks of a window.
pub(crate) fn is_windowed(query: &Query) -> bool {
    let conditions = query.conditions().any(|condition| condition_is(query, condition));
    let selected = match &query.select {
        Select::Aggregate(expressions) => expressions.iter().any(|expr| is_window(query, expr)),
        Select::Model | Select::Columns(_) => false,
    };
    conditions || selected
}

fn condition_is(query: &Query, condition: &Condition) -> bool {
    condition.any_part(&mut |expr| is_window(query, expr))
}

fn is_window(query: &Query, expr: &Expr) -> bool {
    match expr {
        Expr::Window(_) => true,
        Expr::Ref { annotation, .. } => {
            let mut computed = query.clauses.iter().filter_map(|clause| match clause {
                Clause::Annotate(expr) | Clause::Alias(expr) => Some(expr),
                _ => None,
            });
            computed.nth(*annotation).is_some_and(|expr| is_window(query, expr))
        }
        other => other.any_part(&mut |part| is_window(query, part)),
    }
}

/// Whether two terms are known to give the same, by what makes their arguments equal; terms of other
/// sorts are computed twice.
pub(super) fn same(a: &Term, b: &Term, equal: fn(&Argument, &Argument) -> bool) -> bool {
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

impl Writer {
    pub(super) fn window(&mut self, window: &WindowTerm) -> Result<()> {
        let lacks = self.dialect().windows();
        let mut needs_order = false;
        match &window.of {
            OverTerm::Aggregate(term) => {
                if let Term::Aggregate { function, distinct, .. } = term {
                    if *distinct {
                        return Err(self.unsupported("a distinct aggregate over a window"));
                    }
                    if function.is_spread() && lacks.spread {
                        return Err(self.unsupported(&format!("{} over a window", function.class_name())));
                    }
                }
                self.aggregate(term)?;
            }
            OverTerm::Function {
                function,
                of,
                number,
                default,
            } => {
                needs_order = function.compares_rows() && lacks.no_order;
                self.push(function.sql());
                self.push("(");
                if let Some(of) = of {
                    self.lone_term(of)?;
                }
                if let Some(number) = number {
                    self.push(if of.is_some() { ", " } else { "" });
                    // It is a number; some databases take no argument here.
                    self.push(&number.to_string());
                }
                if let Some(default) = default {
                    if lacks.shift_default {
                        return Err(self.unsupported("a default of Lag and Lead"));
                    }
                    self.push(", ");
                    self.lone_term(default)?;
                }
                self.push(")");
            }
        }
        self.push(" OVER (");
        let before = self.sql.len();
        if !window.partition.is_empty() {
            self.push("PARTITION BY ");
            self.list(&window.partition, Writer::term)?;
        }
        if !window.order.is_empty() {
            // The clause begins with a space.
            let start = self.sql.len();
            self.order(&window.order)?;
            if start == before {
                self.sql.remove(start);
            }
        } else if needs_order {
            self.push(if self.sql.len() > before {
                " ORDER BY NULL"
            } else {
                "ORDER BY NULL"
            });
        }
        if let Some(frame) = &window.frame {
            if self.sql.len() > before {
                self.push(" ");
            }
            self.frame(frame)?;
        }
        self.push(")");
        Ok(())
    }

    fn frame(&mut self, frame: &Frame) -> Result<()> {
        self.push(match frame.unit {
            FrameUnit::Rows => "ROWS BETWEEN ",
            FrameUnit::Range => "RANGE BETWEEN ",
        });
        self.bound(frame.start, "UNBOUNDED PRECEDING");
        self.push(" AND ");
        self.bound(frame.end, "UNBOUNDED FOLLOWING");
        if let Some(exclusion) = frame.exclusion {
            if self.dialect().windows().exclusion {
                return Err(self.unsupported("the exclusion of rows from a frame"));
            }
            self.push(" ");
            self.push(exclusion.sql());
        }
        Ok(())
    }

    fn bound(&mut self, bound: Option<i64>, unbounded: &str) {
        match bound {
            None => self.push(unbounded),
            Some(0) => self.push("CURRENT ROW"),
            Some(rows) => {
                let side = if rows < 0 { "PRECEDING" } else { "FOLLOWING" };
                self.push(&format!("{} {side}", rows.unsigned_abs()));
            }
        }
    }
}
