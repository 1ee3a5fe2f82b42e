//! What a row of a query is: the model's, with what is computed for it, or columns in its place.

use super::{Clause, Condition, Expr, Order, Query, Select};

impl Query {
    /// Computes something for each row, to be read or only to be spoken of; gives the expression that
    /// speaks of it. Among columns it is one more of them, and an aggregate groups by those so far.
    pub(crate) fn compute(&mut self, new: Vec<Expr>) {
        let aggregates = new.iter().any(Expr::contains_aggregate);
        for expr in new {
            let reference = Expr::reference(self.computed().count(), &expr);
            self.clauses.push(Clause::Annotate(expr));
            if let Select::Columns(columns) = &mut self.select {
                columns.push(reference);
            }
        }
        if let (true, Select::Columns(columns)) = (aggregates, &self.select) {
            self.group = Some(columns.clone());
        }
    }

    /// What is read in place of the model's rows.
    pub(crate) fn columns(&self) -> &[Expr] {
        match &self.select {
            Select::Model => &[],
            Select::Columns(columns) | Select::Aggregate(columns) => columns,
        }
    }

    /// What was computed, by number.
    pub(crate) fn computed(&self) -> impl Iterator<Item = &Expr> {
        self.clauses.iter().filter_map(|clause| match clause {
            Clause::Annotate(expr) | Clause::Alias(expr) => Some(expr),
            _ => None,
        })
    }

    /// Reads columns in place of the model's rows. Rows with an aggregate stay grouped by row; an
    /// aggregate among the columns groups by the others.
    pub(crate) fn choose(&mut self, columns: Vec<Expr>) {
        if self.group.is_none() {
            if self.has_aggregate() {
                self.group = Some(self.row_group());
            } else if columns.iter().any(Expr::contains_aggregate) {
                self.group_by_others(&columns);
            }
        }
        self.select = Select::Columns(columns);
        // What was added to the model's rows is not read any more.
        let used = self.refers();
        self.clauses.retain(|clause| match clause {
            Clause::Related(_) | Clause::Anchor(_) => false,
            Clause::Annotate(expr) | Clause::Alias(expr) => used || expr.multiplies() || expr.contains_aggregate(),
            Clause::Filter(_) | Clause::Filtered(_) => true,
        });
    }

    /// Groups by the columns that are no aggregates.
    fn group_by_others(&mut self, columns: &[Expr]) {
        let others = columns.iter().filter(|column| !column.contains_aggregate());
        let others: Vec<Expr> = others.cloned().collect();
        let named = |column: &Expr| matches!(column, Expr::Column { .. } | Expr::Ref { .. });
        if others.iter().all(named) {
            self.group = Some(others);
        } else if let Order::Default = self.order {
            // What is computed is grouped by its place, by the compiler; the model's own order would
            // be grouped by as well.
            self.order = Order::By(Vec::new());
        }
    }

    /// Aggregates over all rows in place of them.
    pub(crate) fn aggregate(&mut self, expressions: Vec<Expr>) {
        if let (Select::Columns(columns), true, None) =
            (&self.select, self.distinct || self.combined.is_some(), &self.group)
        {
            // Distinct values are grouped ones; of several queries they are those to read.
            self.group = Some(columns.clone());
            self.distinct = false;
        }
        self.select = Select::Aggregate(expressions);
        self.clauses
            .retain(|clause| !matches!(clause, Clause::Anchor(_) | Clause::Related(_)));
    }

    /// Whether an annotation or a condition has an aggregate.
    pub(crate) fn has_aggregate(&self) -> bool {
        self.clauses.iter().any(|clause| match clause {
            Clause::Filter(condition) => condition.contains_aggregate(),
            Clause::Annotate(expr) | Clause::Alias(expr) => expr.contains_aggregate(),
            Clause::Related(_) | Clause::Anchor(_) | Clause::Filtered(_) => false,
        })
    }

    /// Whether anything speaks of what was computed.
    fn refers(&self) -> bool {
        let clauses = self.clauses.iter().any(|clause| match clause {
            Clause::Filter(condition) => condition.refers(),
            Clause::Annotate(expr) | Clause::Alias(expr) | Clause::Anchor(expr) => expr.refers(),
            Clause::Filtered(relation) => relation.condition.refers(),
            Clause::Related(_) => false,
        });
        let order = matches!(&self.order, Order::By(terms) if terms.iter().any(|term| term.expr.refers()));
        let group = self.group.as_deref().unwrap_or(&[]);
        clauses || order || self.columns().iter().chain(group).any(Expr::refers)
    }

    /// Adds a condition that must not hold.
    pub(crate) fn exclude(&mut self, condition: Condition) {
        self.filter(Condition::Not(Box::new(condition)));
    }

    /// Orders the rows anew.
    pub(crate) fn reorder(&mut self, by: Vec<super::OrderTerm>) {
        if self.is_sliced() {
            self.invalid = Some("Cannot reorder a query once a slice has been taken.");
        }
        self.order = Order::By(by);
        self.reversed = false;
    }

    /// Turns the order round.
    pub(crate) fn reverse(&mut self) {
        if self.is_sliced() {
            self.invalid = Some("Cannot reverse a query once a slice has been taken.");
        }
        self.reversed = !self.reversed;
    }

    /// Equal rows once.
    pub(crate) fn distinguish(&mut self) {
        if self.is_sliced() {
            self.invalid = Some("Cannot create distinct fields once a slice has been taken.");
        }
        self.distinct = true;
    }

    /// Whether the rows have an order: one that was asked for, or the model's.
    pub fn is_ordered(&self) -> bool {
        match &self.order {
            // The model's own order would take part in the grouping.
            Order::Default => self.group.is_none() && self.combined.is_none() && !self.model.ordering.is_empty(),
            Order::By(terms) => !terms.is_empty(),
        }
    }
}
