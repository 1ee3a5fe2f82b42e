//! The operations of each app in an order that satisfies what they need of each other.

use super::Pending;
use crate::error::{MigrateError, Result};
use std::collections::BTreeMap;

/// Sorts the operations of every app, keeping their order where it does not matter.
pub(super) fn sort(generated: &mut BTreeMap<String, Vec<Pending>>) -> Result<()> {
    for (app, operations) in generated {
        let order = Sorter::new(app, operations).order();
        if order.len() != operations.len() {
            return Err(MigrateError::Unsortable { app: app.clone() });
        }
        let mut slots: Vec<Option<Pending>> = std::mem::take(operations).into_iter().map(Some).collect();
        operations.extend(
            order
                .into_iter()
                .filter_map(|i| slots.get_mut(i).and_then(Option::take)),
        );
    }
    Ok(())
}

/// Kahn's algorithm by levels, like Python's `graphlib`, so that the order is Django's.
struct Sorter {
    /// in the order in which they were first spoken of
    nodes: Vec<usize>,
    waiting: Vec<usize>,
    successors: Vec<Vec<usize>>,
}

impl Sorter {
    fn new(app: &str, operations: &[Pending]) -> Self {
        let count = operations.len();
        let mut sorter = Sorter {
            nodes: Vec::new(),
            waiting: vec![0; count],
            successors: vec![Vec::new(); count],
        };
        for (i, pending) in operations.iter().enumerate() {
            sorter.see(i);
            for dependency in pending.dependencies.iter().filter(|d| d.model.app == app) {
                for (j, other) in operations.iter().enumerate() {
                    if dependency.is(&other.operation) {
                        sorter.see(j);
                        sorter.waiting[i] += 1;
                        sorter.successors[j].push(i);
                    }
                }
            }
        }
        sorter
    }

    fn see(&mut self, node: usize) {
        if !self.nodes.contains(&node) {
            self.nodes.push(node);
        }
    }

    /// All nodes, unless there is a circle: then fewer.
    fn order(mut self) -> Vec<usize> {
        let mut order = Vec::new();
        let mut ready: Vec<usize> = self.nodes.iter().copied().filter(|n| self.waiting[*n] == 0).collect();
        while !ready.is_empty() {
            order.extend(&ready);
            let mut next = Vec::new();
            for node in ready {
                for successor in std::mem::take(&mut self.successors[node]) {
                    self.waiting[successor] -= 1;
                    if self.waiting[successor] == 0 {
                        next.push(successor);
                    }
                }
            }
            ready = next;
        }
        order
    }
}
