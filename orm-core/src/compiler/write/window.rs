//! Windows as text: `f(…) OVER (…)`.

use super::Writer;
use crate::compiler::resolved::Term;
use crate::compiler::resolved::window::{OverTerm, WindowTerm};
use crate::error::Result;
use crate::query::{Frame, FrameUnit};

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
