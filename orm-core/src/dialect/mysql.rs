//! MySQL and MariaDB.

use super::{Dialect, Pattern, PatternOf, Piece, escaped, like_pattern, wildcards};
use crate::compiler::Writer;
use crate::error::Result;
use crate::meta::ColumnType;
use crate::query::{ArithmeticOp, FunctionKind};

/// MySQL and MariaDB.
pub(crate) struct MySql {
    pub(crate) mariadb: bool,
}

impl Dialect for MySql {
    fn max_name(&self) -> Option<usize> {
        Some(64)
    }

    fn quote(&self) -> char {
        '`'
    }

    fn placeholder(&self, _: usize, into: &mut String) {
        into.push('?');
    }

    // BINARY takes the column's collation, which may ignore case and accents, out of the comparison.
    fn matches(&self, writer: &mut Writer, left: Piece<'_>, pattern: Pattern<'_>) -> Result<()> {
        let fold = if pattern.ignore_case { "UPPER(" } else { "" };
        let end = if pattern.ignore_case { ")" } else { "" };
        writer.push(fold);
        left(writer)?;
        writer.push(end);
        writer.push(" LIKE BINARY ");
        writer.push(fold);
        match pattern.of {
            PatternOf::Text(text) => writer.pattern(text.clone(), pattern.part, like_pattern),
            PatternOf::Piece(piece) => {
                let (before, after) = wildcards(pattern.part, "%");
                writer.push("CONCAT('");
                writer.push(before);
                writer.push("', ");
                escaped(writer, piece, &[("\\\\", "\\\\\\\\"), ("%", "\\%"), ("_", "\\_")])?;
                writer.push(", '");
                writer.push(after);
                writer.push("')");
            }
        }
        writer.push(end);
        Ok(())
    }

    fn iexact(&self, writer: &mut Writer, left: Piece<'_>, right: Piece<'_>) -> Result<()> {
        writer.push("UPPER(");
        left(writer)?;
        writer.push(") = BINARY UPPER(");
        right(writer)?;
        writer.push(")");
        Ok(())
    }

    fn json_exact(&self, writer: &mut Writer, left: Piece<'_>, right: Piece<'_>) -> Result<()> {
        let (before, after) = if self.mariadb {
            ("JSON_COMPACT(", ")")
        } else {
            ("CAST(", " AS JSON)")
        };
        writer.push(before);
        left(writer)?;
        writer.push(after);
        writer.push(" = ");
        writer.push(before);
        right(writer)?;
        writer.push(after);
        Ok(())
    }

    fn function(&self, writer: &mut Writer, kind: FunctionKind, _: ColumnType, arg: Piece<'_>) -> Result<()> {
        let name = match kind {
            FunctionKind::Year => "YEAR(",
            FunctionKind::Month => "MONTH(",
            FunctionKind::Day => "DAYOFMONTH(",
            FunctionKind::Lower => "LOWER(",
            FunctionKind::Upper => "UPPER(",
            FunctionKind::Length => "CHAR_LENGTH(",
        };
        writer.push(name);
        arg(writer)?;
        writer.push(")");
        Ok(())
    }

    // `/` gives decimals here, even of integers.
    fn arithmetic(
        &self,
        writer: &mut Writer,
        op: ArithmeticOp,
        integers: bool,
        left: Piece<'_>,
        right: Piece<'_>,
    ) -> Result<()> {
        writer.push("(");
        left(writer)?;
        writer.push(match op {
            ArithmeticOp::Div if integers => " DIV ",
            ArithmeticOp::Add => " + ",
            ArithmeticOp::Sub => " - ",
            ArithmeticOp::Mul => " * ",
            ArithmeticOp::Div => " / ",
            ArithmeticOp::Rem => " % ",
        });
        right(writer)?;
        writer.push(")");
        Ok(())
    }

    fn has_aggregate_filter(&self) -> bool {
        false
    }

    fn has_nulls_order(&self) -> bool {
        false
    }

    fn no_limit(&self) -> Option<&'static str> {
        Some("18446744073709551615")
    }

    fn default_values(&self) -> &'static str {
        "() VALUES ()"
    }

    // INSERT IGNORE would also hide a key that names no row.
    fn ignore_conflicts(&self, writer: &mut Writer, column: &str) {
        writer.push(" ON DUPLICATE KEY UPDATE ");
        writer.identifier(column);
        writer.push(" = ");
        writer.identifier(column);
    }

    // A text for each number of rows would be prepared each time, and push others out of the cache
    // of statements, which over TCP makes the next one wait for 40 ms: there are about a hundred.
    fn new_rows_at_once(&self, rows: usize, width: usize) -> usize {
        let even = match rows {
            0..100 => rows,
            100..1000 => rows - rows % 100,
            _ => 1000,
        };
        even.min(30_000 / width.max(1)).max(1)
    }

    fn reads_what_it_writes(&self) -> bool {
        false
    }
}
