//! PostgreSQL.

use super::{Dialect, Items, Pattern, PatternOf, Piece, escaped, like_pattern, wildcards};
use crate::compiler::{Argument, Writer};
use crate::error::Result;
use crate::meta::ColumnType;
use crate::query::FunctionKind;
use crate::value::Kind;
use std::fmt::Write;

/// PostgreSQL.
pub(crate) struct Postgres;

impl Dialect for Postgres {
    fn max_name(&self) -> Option<usize> {
        Some(63)
    }

    fn placeholder(&self, number: usize, into: &mut String) {
        // Writing to a string cannot fail.
        let _ = write!(into, "${number}");
    }

    // One argument whatever the number of values, so that the statement is prepared once.
    fn one_of(&self, writer: &mut Writer, left: Piece<'_>, items: Items) -> Result<()> {
        left(writer)?;
        writer.push(" = ANY(");
        let kind = items.kind();
        writer.argument(match items {
            Items::These(values) => Argument::Array(kind, values),
            Items::All(slot) => Argument::Slot(slot),
        });
        writer.push(")");
        Ok(())
    }

    fn has_arrays(&self) -> bool {
        true
    }

    fn matches(&self, writer: &mut Writer, left: Piece<'_>, pattern: Pattern<'_>) -> Result<()> {
        let fold = if pattern.ignore_case { "UPPER(" } else { "" };
        let end = if pattern.ignore_case { ")" } else { "" };
        writer.push(fold);
        left(writer)?;
        writer.push("::text");
        writer.push(end);
        writer.push(" LIKE ");
        writer.push(fold);
        match pattern.of {
            PatternOf::Text(text) => writer.pattern(text.clone(), pattern.part, like_pattern),
            PatternOf::Piece(piece) => {
                let (before, after) = wildcards(pattern.part, "%");
                writer.push("(");
                if !before.is_empty() {
                    writer.push("'%' || ");
                }
                escaped(writer, piece, &[("\\", "\\\\"), ("%", "\\%"), ("_", "\\_")])?;
                if !after.is_empty() {
                    writer.push(" || '%'");
                }
                writer.push(")");
            }
        }
        writer.push(end);
        Ok(())
    }

    fn iexact(&self, writer: &mut Writer, left: Piece<'_>, right: Piece<'_>) -> Result<()> {
        writer.push("UPPER(");
        left(writer)?;
        writer.push("::text) = UPPER(");
        right(writer)?;
        writer.push("::text)");
        Ok(())
    }

    fn json_exact(&self, writer: &mut Writer, left: Piece<'_>, right: Piece<'_>) -> Result<()> {
        left(writer)?;
        writer.push(" = ");
        right(writer)
    }

    fn function(&self, writer: &mut Writer, kind: FunctionKind, of: ColumnType, arg: Piece<'_>) -> Result<()> {
        let zone = if of.kind() == Kind::DateTime {
            " AT TIME ZONE 'UTC')::integer"
        } else {
            ")::integer"
        };
        let (before, after) = match kind {
            FunctionKind::Year => ("EXTRACT(YEAR FROM ", zone),
            FunctionKind::Month => ("EXTRACT(MONTH FROM ", zone),
            FunctionKind::Day => ("EXTRACT(DAY FROM ", zone),
            FunctionKind::Lower => ("LOWER(", ")"),
            FunctionKind::Upper => ("UPPER(", ")"),
            FunctionKind::Length => ("LENGTH(", ")"),
        };
        writer.push(before);
        arg(writer)?;
        writer.push(after);
        Ok(())
    }
}
