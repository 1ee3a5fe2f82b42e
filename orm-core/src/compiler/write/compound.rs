//! Several SELECTs with UNION, INTERSECT or EXCEPT between them, as text.

use super::Writer;
use crate::compiler::resolved::{Compound, Subquery};
use crate::error::{Error, Misuse, Result};
use crate::query::SetOp;

impl Writer {
    /// The SELECTs with keywords between them, then the order of them all.
    pub(super) fn compound(&mut self, query: &Subquery, compound: &Compound, alias: bool) -> Result<()> {
        let braces = self.dialect().has_compound_parts();
        if let (Some(unfit), false) = (compound.unfit, braces) {
            return Err(Error::misuse(Misuse::Database, unfit));
        }
        // An order by whether a column is NULL needs a name for it.
        let named = !self.dialect().has_nulls_order() && query.order.iter().any(|order| order.nulls_first.is_some());
        if named {
            self.push("SELECT * FROM (");
        }
        let alone = compound.parts.len() == 1 && query.order.is_empty() && query.limit.is_none() && query.offset == 0;
        for (index, part) in compound.parts.iter().enumerate() {
            if index > 0 {
                self.push(" ");
                self.push(compound.op.sql());
                self.push(if compound.all && compound.op == SetOp::Union {
                    " ALL "
                } else {
                    " "
                });
            }
            // Only PostgreSQL takes WITH there.
            let walks = part.resolver.walk.is_some();
            let nested = part.compound.is_some() || walks;
            if !alone && (braces || nested) {
                self.push(if braces { "(" } else { "SELECT * FROM (" });
                if braces && walks {
                    self.push("SELECT * FROM (");
                    self.select(part, true)?;
                    self.push(") ");
                    self.identifier("subquery");
                } else {
                    self.select(part, alias || named)?;
                }
                self.push(")");
            } else {
                self.select(part, alias || named)?;
            }
        }
        if named {
            self.push(") ");
            self.identifier("subquery");
        }
        self.order(&query.order)?;
        self.limit(query.limit, query.offset);
        Ok(())
    }
}
