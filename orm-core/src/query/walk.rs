//! What queries within a query take from the row outside gets its number.

use super::{Case, Clause, Condition, Expr, Operand, Order, Query, Select};

impl Query {
    /// Puts what the query takes from the row outside into [`outer`](Self::outer), and a reference to
    /// it in its place; so also in the queries within it, which may take it through this one.
    pub(crate) fn number_outer(&mut self) {
        let mut outer = std::mem::take(&mut self.outer);
        self.change(&mut |expr| {
            if let Expr::Outside(_) = expr {
                let reference = Expr::Outer {
                    number: outer.len(),
                    ty: expr.column_type(),
                };
                outer.push(std::mem::replace(expr, reference));
            }
        });
        self.outer = outer;
    }
}

impl Query {
    /// Calls `change` with each expression, those within expressions included, but not with those of
    /// queries within: of these only with what they take from this query.
    fn change(&mut self, change: &mut dyn FnMut(&mut Expr)) {
        for clause in &mut self.clauses {
            match clause {
                Clause::Filter(condition) => condition.change(change),
                Clause::Annotate(expr) | Clause::Alias(expr) | Clause::Anchor(expr) => expr.change(change),
                // Its condition is shared between queries; it speaks of its own model only.
                Clause::Filtered(_) | Clause::Related(_) => {}
            }
        }
        if let Some(combined) = &mut self.combined {
            combined.parts.iter_mut().for_each(|part| part.change(change));
        }
        if let Some(more) = &mut self.more {
            more.distinct_on.iter_mut().for_each(|expr| expr.change(change));
            if let Some(walk) = &mut more.walk {
                walk.start.change(change);
            }
        }
        match &mut self.select {
            Select::Model => {}
            Select::Columns(columns) | Select::Aggregate(columns) => columns.iter_mut().for_each(|c| c.change(change)),
        }
        self.group.iter_mut().flatten().for_each(|expr| expr.change(change));
        if let Order::By(terms) = &mut self.order {
            terms.iter_mut().for_each(|term| term.expr.change(change));
        }
    }
}

impl Condition {
    fn change(&mut self, change: &mut dyn FnMut(&mut Expr)) {
        match self {
            Condition::Constant(_) => {}
            Condition::Exists(query) => within(query, change),
            Condition::Lookup { left, right, .. } => {
                left.change(change);
                match right {
                    Operand::One(expr) => expr.change(change),
                    Operand::Many(all) => all.iter_mut().for_each(|expr| expr.change(change)),
                    Operand::Pair(low, high) => {
                        low.change(change);
                        high.change(change);
                    }
                    Operand::Query(query) => within(query, change),
                    Operand::Flag(_) => {}
                }
            }
            Condition::And(all) | Condition::Or(all) | Condition::Xor(all) => {
                all.iter_mut().for_each(|one| one.change(change));
            }
            Condition::Not(one) => one.change(change),
            Condition::Merged(merged) => {
                let parts = merged.left.iter_mut().chain(&mut merged.right);
                parts.for_each(|one| one.change(change));
            }
        }
    }
}

impl Expr {
    /// Calls `change` with the expression and each one within it.
    pub(super) fn change(&mut self, change: &mut dyn FnMut(&mut Expr)) {
        change(self);
        match self {
            Expr::Call { args, .. } => args.iter_mut().for_each(|arg| arg.change(change)),
            Expr::Aggregate(aggregate) => {
                aggregate.arg.iter_mut().for_each(|arg| arg.change(change));
                aggregate.filter.iter_mut().for_each(|filter| filter.change(change));
            }
            Expr::Arithmetic { left, right, .. } => {
                left.change(change);
                right.change(change);
            }
            Expr::Case(case) => {
                let Case { whens, default, .. } = &mut **case;
                for (when, then) in whens {
                    when.change(change);
                    then.change(change);
                }
                default.change(change);
            }
            Expr::Cast(of, _) | Expr::Typed(of, _) | Expr::Key(of, _) => of.change(change),
            Expr::Bool(condition) => condition.change(change),
            Expr::Window(window) => window.each_part(&mut |part| part.change(change)),
            Expr::Subquery(query) => within(query, change),
            Expr::Column { .. }
            | Expr::Value(_)
            | Expr::Outer { .. }
            | Expr::Outside(_)
            | Expr::Ref { .. }
            | Expr::Walked(_)
            | Expr::Slot(_) => {}
        }
    }
}

/// What a query within takes from the one around is of that one.
fn within(query: &mut Query, change: &mut dyn FnMut(&mut Expr)) {
    query.number_outer();
    for taken in &mut query.outer {
        match taken {
            Expr::Outside(outside) => outside.expr.change(change),
            other => other.change(change),
        }
    }
}
