//! Expressions become terms: columns behind aliases, aggregates, queries within the query.

use super::joins::Reuse;
use super::{Polarity, Resolver, path_hops, select};
use crate::compiler::argument::Argument;
use crate::compiler::resolved::{Node, ResolvedOrder, Subquery, Term};
use crate::error::{Error, Misuse, Result};
use crate::meta::ModelMeta;
use crate::query::{Aggregate, Condition, Expr, Order, OrderTerm, Outside, Path, Query, Select, default_order};
use crate::value::Value;

impl Resolver {
    /// An expression; aggregates share all joins, as annotations do.
    pub(in crate::compiler) fn term(&mut self, expr: &Expr, reuse: &mut Reuse<'_>) -> Result<Term> {
        Ok(match expr {
            Expr::Column { path, field } => {
                let (place, _) = self.place(&path_hops(path), field.column, field.null, reuse)?;
                self.column(place, field)
            }
            Expr::Value(value) => Term::Value(Argument::Value(value.clone())),
            Expr::Slot(slot) => Term::Value(Argument::Slot(*slot)),
            Expr::Call { function, args } => {
                let args = args.iter().map(|arg| self.term(arg, reuse)).collect::<Result<_>>()?;
                Term::Call { function, args }
            }
            Expr::Aggregate(aggregate) => self.aggregate(aggregate)?,
            Expr::Window(window) => self.window(window, reuse)?,
            Expr::Walked(what) => self.walked(*what)?,
            Expr::Ref { annotation, .. } => match self.annotations.get(*annotation) {
                Some(term) => term.clone(),
                None => return Err(Error::Query("an annotation is used before it is made".to_owned())),
            },
            Expr::Arithmetic { op, left, right } => {
                let (left, right) = (Box::new(self.term(left, reuse)?), Box::new(self.term(right, reuse)?));
                Term::Arithmetic { op: *op, left, right }
            }
            Expr::Case(case) => {
                let mut whens = Vec::with_capacity(case.whens.len());
                for (when, then) in &case.whens {
                    whens.push((self.joined(when)?, self.term(then, reuse)?));
                }
                Term::Case {
                    whens,
                    default: Box::new(self.term(&case.default, reuse)?),
                    ty: case.ty,
                }
            }
            Expr::Key(of, path) => Term::Key(Box::new(self.term(of, reuse)?), path.clone()),
            Expr::Cast(of, ty) => Term::Cast(Box::new(self.term(of, reuse)?), *ty),
            Expr::Typed(of, ty) => Term::Typed(Box::new(self.term(of, reuse)?), *ty),
            Expr::Bool(condition) => Term::Bool(Box::new(match &**condition {
                Condition::Exists(query) => self.exists(query, reuse)?,
                other => self.joined(other)?,
            })),
            Expr::Outer { number, .. } => match self.outer.get(*number) {
                Some(term) => term.clone(),
                None => return Err(no_query_around()),
            },
            Expr::Outside(_) => return Err(no_query_around()),
            Expr::Subquery(query) => match self.subquery(query, reuse)? {
                Some(subquery) => Term::Subquery(Box::new(subquery)),
                None => Term::Value(Argument::Value(Value::Null(expr.column_type().kind()))),
            },
        })
    }

    /// A condition within an expression, where the rows are joined already: it shares all joins, and
    /// must not lose any row of the query.
    fn joined(&mut self, condition: &Condition) -> Result<Node> {
        let before = std::mem::replace(&mut self.used, (0..self.joins.tables.len()).collect());
        let inner = self.joins.inner();
        let (node, needed) = self.condition(condition, Polarity::joined())?;
        let outer: Vec<usize> = needed.into_iter().filter(|table| !inner.contains(table)).collect();
        self.joins.promote(outer);
        self.used = before;
        Ok(node)
    }

    /// A query within this one, which gives one column.
    pub(super) fn subquery(&mut self, query: &Query, reuse: &mut Reuse<'_>) -> Result<Option<Subquery>> {
        let mut query = query.clone();
        let outer = self.outer_terms(&mut query, reuse)?;
        subquery(query, self.depth + 1, outer)
    }

    /// Whether a query within this one has a row.
    pub(super) fn exists(&mut self, query: &Query, reuse: &mut Reuse<'_>) -> Result<Node> {
        let mut query = query.clone();
        let outer = self.outer_terms(&mut query, reuse)?;
        Ok(match select::exists_within(query, self.depth + 1, outer)? {
            Some(subquery) => Node::Exists(Box::new(subquery)),
            None => Node::Constant(false),
        })
    }

    /// What a query within takes from the row of this one.
    fn outer_terms(&mut self, query: &mut Query, reuse: &mut Reuse<'_>) -> Result<Vec<Term>> {
        query.number_outer();
        let mut terms = Vec::with_capacity(query.outer.len());
        for expr in &query.outer {
            terms.push(match expr {
                Expr::Outside(outside) if std::ptr::eq(outside.model, self.model) => self.term(&outside.expr, reuse)?,
                Expr::Outside(outside) => return Err(misplaced(outside, self.model)),
                expr => self.term(expr, reuse)?,
            });
        }
        Ok(terms)
    }

    fn aggregate(&mut self, aggregate: &Aggregate) -> Result<Term> {
        let arg = match &aggregate.arg {
            Some(arg) if arg.contains_aggregate() => {
                return Err(Error::Query("Cannot compute an aggregate of an aggregate.".to_owned()));
            }
            Some(arg) => Some(Box::new(self.term(arg, &mut Reuse::All)?)),
            None => None,
        };
        let filter = match &aggregate.filter {
            Some(condition) => Some(Box::new(self.joined(condition)?)),
            None => None,
        };
        let term = Term::Aggregate {
            function: aggregate.function,
            arg,
            distinct: aggregate.distinct,
            filter,
        };
        if term.contains_window() {
            let message = "Cannot compute an aggregate of a window function for each row; aggregate() can.";
            return Err(Error::misuse(Misuse::Field, message));
        }
        Ok(term)
    }

    /// One term of an order.
    pub(super) fn order_term(&mut self, term: &OrderTerm, reversed: bool) -> Result<ResolvedOrder> {
        Ok(ResolvedOrder {
            term: self.term(&term.expr, &mut Reuse::All)?,
            position: None,
            descending: term.descending != reversed,
            nulls_first: term.nulls_first.map(|first| first != reversed),
        })
    }

    /// The order of the query's rows; `position` tells where an annotation is selected.
    pub(super) fn order(
        &mut self,
        query: &Query,
        position: impl Fn(usize) -> Option<usize>,
    ) -> Result<Vec<ResolvedOrder>> {
        let default;
        let terms: &[OrderTerm] = match &query.order {
            Order::Default => {
                default = default_order(self.model)?;
                &default
            }
            Order::By(terms) => terms,
        };
        let mut order = Vec::with_capacity(terms.len());
        for term in terms {
            let mut resolved = self.order_term(term, query.reversed)?;
            if let Expr::Ref { annotation, .. } = &term.expr {
                resolved.position = position(*annotation);
            }
            order.push(resolved);
        }
        Ok(order)
    }
}

/// A query on the right of `in`, or as a value: one column. `None` where it has no rows for certain.
fn subquery(mut query: Query, depth: usize, outer: Vec<Term>) -> Result<Option<Subquery>> {
    let width = match &query.select {
        Select::Model => 1,
        Select::Columns(columns) | Select::Aggregate(columns) => columns.len(),
    };
    if width != 1 {
        return Err(Error::Query(format!(
            "a query on the right of `in` gives one column, and this one gives {width}",
        )));
    }
    if matches!(query.select, Select::Model) {
        query.select = Select::Columns(vec![Expr::key(Path::root(), query.model)]);
    }
    // Which order the rows come in only matters where some are cut off.
    select::within(&query, depth, outer)
}

fn no_query_around() -> Error {
    Error::misuse(
        Misuse::Value,
        "This queryset contains a reference to an outer query and may only be used in a subquery.",
    )
}

/// The error about a reference to a query other than the one around.
fn misplaced(outside: &Outside, around: &ModelMeta) -> Error {
    Error::misuse(
        Misuse::Value,
        format!(
            "outer() was given an expression of {}, and the query around is one of {}.",
            outside.model.name, around.name
        ),
    )
}
