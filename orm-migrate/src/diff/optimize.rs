//! Fewer operations that do the same.

use crate::operation::{Operation, Reduction};

/// Merges operations until none can be merged any more.
pub(super) fn optimize(mut operations: Vec<Operation>, app: &str) -> Vec<Operation> {
    while let Some(shorter) = once(&operations, app) {
        operations = shorter;
    }
    operations
}

/// Merges the first two operations that can be, if there are any.
fn once(operations: &[Operation], app: &str) -> Option<Vec<Operation>> {
    for (i, operation) in operations.iter().enumerate() {
        // Whether the first of the two can move to the right, up to the second.
        let mut right = true;
        for (j, other) in operations.iter().enumerate().skip(i + 1) {
            match operation.reduce(other, app) {
                Reduction::Replace(merged) => {
                    let between = &operations[i + 1..j];
                    let left = || {
                        between
                            .iter()
                            .all(|op| matches!(op.reduce(other, app), Reduction::Through(true)))
                    };
                    let middle = if right {
                        [between, &merged].concat()
                    } else if left() {
                        [&merged, between].concat()
                    } else {
                        break;
                    };
                    return Some([&operations[..i], &middle, &operations[j + 1..]].concat());
                }
                Reduction::Through(passes) => right &= passes,
            }
        }
    }
    None
}
