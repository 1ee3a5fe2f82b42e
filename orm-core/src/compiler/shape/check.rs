//! In debug builds: what came out of a text that was kept is what would be written now.

use crate::compiler::draft::Compiled;
use crate::error::Result;
use crate::exec::Statement;

/// Compares statements; with another one the program ends, since it would ask something else.
pub(super) fn same(statement: &Statement, anew: impl FnOnce() -> Result<Statement>) {
    if cfg!(debug_assertions) {
        let anew = anew();
        debug_assert!(
            anew.as_ref().is_ok_and(|anew| equal(statement, anew)),
            "a statement out of the cache differs:\n{statement:?}\n{anew:?}"
        );
    }
}

/// The same for queries, which may have become no statement at all.
pub(super) fn same_query(compiled: &Compiled, anew: impl FnOnce() -> Result<Compiled>) {
    if cfg!(debug_assertions) {
        let anew = anew();
        debug_assert!(
            anew.as_ref().is_ok_and(|anew| match (compiled, anew) {
                (Compiled::Statement(statement), Compiled::Statement(anew)) => equal(statement, anew),
                (Compiled::Empty, Compiled::Empty) => true,
                _ => false,
            }),
            "a query out of the cache differs:\n{compiled:?}\n{anew:?}"
        );
    }
}

fn equal(a: &Statement, b: &Statement) -> bool {
    let kinds = |statement: &Statement| statement.args.iter().map(crate::Value::kind).collect::<Vec<_>>();
    a.sql == b.sql && a.args == b.args && kinds(a) == kinds(b) && a.columns == b.columns && a.work == b.work
}
