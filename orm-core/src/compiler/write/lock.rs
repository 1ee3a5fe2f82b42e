//! `FOR UPDATE`: rows that stay as they are up to the end of the transaction.

use super::Writer;
use crate::compiler::resolved::{Subquery, Term};
use crate::error::{Error, Misuse, Result};
use crate::query::{Clause, Lock, Query};

impl Writer {
    /// The end of a SELECT that locks its rows. SQLite knows no locks of rows: it locks all there is.
    pub(in crate::compiler) fn lock(&mut self, query: &Query, lock: &Lock, resolved: &mut Subquery) -> Result<()> {
        if let Some(combined) = &query.combined {
            let message = format!(
                "Calling QuerySet.select_for_update() after {}() is not supported.",
                combined.op.name()
            );
            return Err(Error::misuse(Misuse::NotSupported, message));
        }
        if lock.nowait && lock.skip_locked {
            let message = "The nowait option cannot be used with skip_locked.";
            return Err(Error::misuse(Misuse::Value, message));
        }
        let knows = self.dialect().locks();
        let options = [
            (lock.nowait, knows.nowait, "NOWAIT"),
            (lock.skip_locked, knows.skip_locked, "SKIP LOCKED"),
            (lock.no_key, knows.no_key, "FOR NO KEY UPDATE"),
            (!lock.of.is_empty(), knows.of, "FOR UPDATE OF"),
            (true, knows.rows, "FOR UPDATE"),
        ];
        if let Some((_, _, name)) = options.iter().find(|(wanted, known, _)| *wanted && !known) {
            return Err(self.unsupported(name));
        }
        // PostgreSQL refuses it, and MySQL would lock nothing.
        if resolved.within.is_some() {
            let message = "select_for_update() does not go with a condition on a window.";
            return Err(Error::misuse(Misuse::NotSupported, message));
        }
        self.push(if lock.no_key {
            " FOR NO KEY UPDATE"
        } else {
            " FOR UPDATE"
        });
        for (index, path) in lock.of.iter().enumerate() {
            let read = path.steps().is_empty()
                || query
                    .clauses
                    .iter()
                    .any(|clause| matches!(clause, Clause::Related(known) if known == path));
            if !read {
                return Err(Error::Query(format!(
                    "select_for_update(of) names rows that are read: select_related() does not read {}",
                    path.name()
                )));
            }
            let row = resolved.resolver.related(path)?.into_iter().next();
            if let Some(Term::Column { alias, .. }) = row {
                self.push(if index == 0 { " OF " } else { ", " });
                self.identifier(&alias);
            }
        }
        if lock.nowait {
            self.push(" NOWAIT");
        }
        if lock.skip_locked {
            self.push(" SKIP LOCKED");
        }
        Ok(())
    }
}
