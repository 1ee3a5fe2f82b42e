//! A query with a slot in place of each value, numbered in the order in which [`Key`](super::key)
//! collects the values: the two walk in step.

use crate::compiler::draft::Draft;
use crate::compiler::list::{Listed, Lists};
use crate::compiler::statement::Ask;
use crate::error::Result;
use crate::exec::Backend;
use crate::query::{Clause, Condition, DocumentSort, Expr, LookupKind, Operand, Order, Query, Select, Slot};
use crate::value::{Kind, Value};
use std::sync::Arc;

/// Writes the SQL of all queries of the same shape.
pub(super) fn write(ask: Ask<'_>, query: &Query, backend: Backend) -> Result<Option<Draft>> {
    let mut numbering = Numbering {
        next: 0,
        lists: Lists::new(backend),
    };
    let mut query = query.clone();
    numbering.query(&mut query);
    match ask {
        Ask::Select | Ask::Count | Ask::Exists | Ask::Delete => ask.write(&query, backend),
        Ask::Keys(columns) => {
            let mut columns = columns.to_vec();
            numbering.all(&mut columns);
            Ask::Keys(&columns).write(&query, backend)
        }
        Ask::Update(set) => {
            let mut set = set.to_vec();
            for (_, expr) in &mut set {
                numbering.outside_filters(|n| n.expr(expr));
            }
            Ask::Update(&set).write(&query, backend)
        }
    }
}

struct Numbering {
    next: usize,
    lists: Lists,
}

impl Numbering {
    fn slot(&mut self, kind: Kind, list: bool) -> Slot {
        let number = self.next;
        self.next += 1;
        Slot {
            number,
            kind,
            list,
            document: None,
        }
    }

    fn query(&mut self, query: &mut Query) {
        for clause in &mut query.clauses {
            match clause {
                Clause::Filter(condition) => self.condition(condition),
                Clause::Annotate(expr) | Clause::Alias(expr) | Clause::Anchor(expr) => {
                    self.outside_filters(|n| n.expr(expr))
                }
                Clause::Related(_) => {}
                Clause::Filtered(relation) => {
                    let relation = Arc::make_mut(relation);
                    self.outside_filters(|n| n.condition(&mut relation.condition));
                }
            }
        }
        match &mut query.select {
            Select::Model => {}
            Select::Columns(columns) | Select::Aggregate(columns) => self.all(columns),
        }
        if let Some(by) = &mut query.group {
            self.all(by);
        }
        match &mut query.order {
            Order::Default => {}
            Order::By(terms) => {
                for term in terms {
                    self.outside_filters(|n| n.expr(&mut term.expr));
                }
            }
        }
        if let Some(more) = &mut query.more {
            self.all(&mut more.distinct_on);
            if let Some(walk) = &mut more.walk {
                self.outside_filters(|n| n.query(&mut walk.start));
            }
        }
        if let Some(combined) = &mut query.combined {
            combined.parts.iter_mut().for_each(|part| self.query(part));
        }
        self.all(&mut query.outer);
    }

    fn outside_filters(&mut self, walk: impl FnOnce(&mut Self)) {
        let before = std::mem::replace(&mut self.lists.once, false);
        walk(self);
        self.lists.once = before;
    }

    fn all(&mut self, expressions: &mut [Expr]) {
        self.outside_filters(|n| expressions.iter_mut().for_each(|expr| n.expr(expr)));
    }

    fn condition(&mut self, condition: &mut Condition) {
        match condition {
            Condition::Constant(_) => {}
            Condition::Merged(merged) => self.outside_filters(|n| {
                let all = merged.left.iter_mut().chain(&mut merged.right);
                all.for_each(|one| n.condition(one));
            }),
            Condition::Exists(query) => self.outside_filters(|n| n.query(query)),
            Condition::Lookup { left, lookup, right } => {
                self.expr(left);
                if lookup.text_key(right).is_some() {
                    return;
                }
                let document = right.compared_document(left).map(DocumentSort::of);
                self.operand(right, lookup.kind);
                if let (Some(_), Operand::One(Expr::Slot(slot))) = (document, right) {
                    slot.document = document;
                }
            }
            Condition::And(all) | Condition::Or(all) => all.iter_mut().for_each(|one| self.condition(one)),
            Condition::Xor(all) => self.outside_filters(|n| all.iter_mut().for_each(|one| n.condition(one))),
            Condition::Not(one) => self.condition(one),
        }
    }

    fn operand(&mut self, operand: &mut Operand, lookup: LookupKind) {
        match operand {
            Operand::One(expr) => self.expr(expr),
            Operand::Many(all) if lookup == LookupKind::In => match self.lists.of(all) {
                None | Some(Listed::Nothing) => {}
                Some(Listed::Each(places)) => {
                    *all = places.iter().map(|at| all[*at].clone()).collect();
                    all.iter_mut().for_each(|expr| self.expr(expr));
                }
                Some(Listed::All(kind)) => *all = vec![Expr::Slot(self.slot(kind, true))],
            },
            Operand::Many(_) | Operand::Flag(_) => {}
            Operand::Pair(low, high) => {
                self.expr(low);
                self.expr(high);
            }
            Operand::Query(query) => self.query(query),
        }
    }

    fn expr(&mut self, expr: &mut Expr) {
        match expr {
            Expr::Window(window) => self.outside_filters(|n| window.each_part(&mut |part| n.expr(part))),
            Expr::Case(case) => self.outside_filters(|n| {
                for (when, then) in &mut case.whens {
                    n.condition(when);
                    n.expr(then);
                }
                n.expr(&mut case.default);
            }),
            Expr::Cast(of, _) | Expr::Typed(of, _) | Expr::Key(of, _) => self.expr(of),
            Expr::Bool(condition) => self.outside_filters(|n| n.condition(condition)),
            Expr::Outside(outside) => self.expr(&mut outside.expr),
            Expr::Column { .. }
            | Expr::Ref { .. }
            | Expr::Outer { .. }
            | Expr::Walked(_)
            | Expr::Slot(_)
            | Expr::Value(Value::Null(_) | Value::List(..)) => {}
            Expr::Value(value) => *expr = Expr::Slot(self.slot(value.kind(), false)),
            Expr::Call { args, .. } => args.iter_mut().for_each(|arg| self.expr(arg)),
            Expr::Aggregate(aggregate) => {
                if let Some(arg) = &mut aggregate.arg {
                    self.expr(arg);
                }
                if let Some(filter) = &mut aggregate.filter {
                    self.outside_filters(|n| n.condition(filter));
                }
            }
            Expr::Arithmetic { left, right, .. } => {
                self.expr(left);
                self.expr(right);
            }
            Expr::Subquery(query) => self.outside_filters(|n| n.query(query)),
        }
    }
}
