//! MySQL and MariaDB.

use super::{
    Dialect, KeyForm, Locks, NoWindows, Pattern, PatternOf, Piece, around, escaped, like_pattern, operation, wildcards,
};
use crate::compiler::{Argument, Writer};
use crate::error::Result;
use crate::meta::ColumnType;
use crate::query::{AggregateFunction, ArithmeticOp, DocumentSort, Function};
use crate::value::{Kind, Value};

/// MySQL and MariaDB.
pub(crate) struct MySql {
    pub(crate) mariadb: bool,
}

impl Dialect for MySql {
    fn max_name(&self) -> Option<usize> {
        Some(64)
    }

    fn having_sees_groups(&self) -> bool {
        false
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

    fn json_key(&self, writer: &mut Writer, of: Piece<'_>, path: &[String], form: KeyForm) -> Result<()> {
        let text = form == KeyForm::Text;
        writer.push(if text {
            "JSON_UNQUOTE(JSON_EXTRACT("
        } else {
            "JSON_EXTRACT("
        });
        of(writer)?;
        writer.push(", ");
        writer.argument(Value::Text(super::json_path(path, false)));
        writer.push(if text { "))" } else { ")" });
        Ok(())
    }

    // MariaDB takes two documents that it extracted for different texts, even if they are equal.
    fn json_key_compare(
        &self,
        writer: &mut Writer,
        of: Piece<'_>,
        path: &[String],
        sign: &str,
        sort: DocumentSort,
        document: &Argument,
    ) -> Result<()> {
        let equals = self.mariadb && sign == " = ";
        if equals {
            // Nothing is equal to what is not there, for MariaDB everything.
            writer.push("CASE WHEN ");
            self.json_key(writer, of, path, KeyForm::Presence)?;
            writer.push(" IS NULL THEN NULL ELSE JSON_EQUALS(");
        }
        self.json_key(writer, of, path, KeyForm::Json)?;
        writer.push(if equals { ", " } else { sign });
        let (before, after) = match (self.mariadb, sort) {
            _ if equals => ("", ") END"),
            (_, DocumentSort::Number) => ("(0 + ", ")"),
            (true, _) => ("JSON_EXTRACT(", ", '$')"),
            (false, _) => ("CAST(", " AS JSON)"),
        };
        writer.push(before);
        writer.document_text(document);
        writer.push(after);
        Ok(())
    }

    fn json_has_key(&self, writer: &mut Writer, of: Piece<'_>, path: &[String]) -> Result<()> {
        writer.push("JSON_CONTAINS_PATH(");
        of(writer)?;
        writer.push(", 'one', ");
        writer.argument(Value::Text(super::json_path(path, true)));
        writer.push(")");
        Ok(())
    }

    fn windows(&self) -> NoWindows {
        NoWindows {
            shift_default: self.mariadb,
            exclusion: true,
            spread: false,
            no_order: self.mariadb,
        }
    }

    fn locks(&self) -> Locks {
        Locks {
            rows: true,
            nowait: true,
            skip_locked: true,
            no_key: false,
            of: !self.mariadb,
        }
    }

    // The column is as wide as its first value says.
    fn walk_start(&self, writer: &mut Writer, key_type: ColumnType, key: Piece<'_>) -> Result<()> {
        writer.push("CAST(CONCAT('/', ");
        walk_key(writer, key_type, key)?;
        writer.push(", '/') AS CHAR(8000))");
        Ok(())
    }

    fn walk_on(&self, writer: &mut Writer, key_type: ColumnType, path: Piece<'_>, key: Piece<'_>) -> Result<()> {
        writer.push("CONCAT(");
        path(writer)?;
        writer.push(", ");
        walk_key(writer, key_type, key)?;
        writer.push(", '/')");
        Ok(())
    }

    fn walk_met(&self, writer: &mut Writer, key_type: ColumnType, path: Piece<'_>, key: Piece<'_>) -> Result<()> {
        writer.push("LOCATE(BINARY CONCAT('/', ");
        walk_key(writer, key_type, key)?;
        writer.push(", '/'), ");
        path(writer)?;
        writer.push(")");
        Ok(())
    }

    fn json_contains(&self, writer: &mut Writer, left: Piece<'_>, right: Piece<'_>, contained: bool) -> Result<()> {
        writer.push("JSON_CONTAINS(");
        if contained {
            right(writer)?;
            writer.push(", ");
            left(writer)?;
        } else {
            left(writer)?;
            writer.push(", ");
            right(writer)?;
        }
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

    fn cast(&self, ty: ColumnType) -> (String, String) {
        let name = match ty {
            ColumnType::Decimal {
                max_digits,
                decimal_places,
            } if max_digits > 0 => format!("decimal({max_digits}, {decimal_places})"),
            other => match other.kind() {
                Kind::Text | Kind::Uuid => "char",
                Kind::Int | Kind::Duration => "signed",
                Kind::Float => return ("(".to_owned(), " + 0.0e0)".to_owned()),
                Kind::Decimal => "decimal(65, 30)",
                Kind::Bool => return ("(".to_owned(), " <> 0)".to_owned()),
                Kind::Date => "date",
                Kind::Time => "time(6)",
                Kind::DateTime => "datetime(6)",
                Kind::Json => return ("JSON_EXTRACT(".to_owned(), ", '$')".to_owned()),
                Kind::Bytes => "binary",
            }
            .to_owned(),
        };
        ("CAST(".to_owned(), format!(" AS {name})"))
    }

    fn moment_plus(
        &self,
        writer: &mut Writer,
        kind: Kind,
        moment: Piece<'_>,
        length: Piece<'_>,
        earlier: bool,
    ) -> Result<()> {
        // After 23:59:59 a time of day would go on with 24:00:00.
        let (before, after, end) = match kind {
            Kind::Date => ("(CAST(", " AS DATETIME(6))", " MICROSECOND)"),
            Kind::Time => ("TIME(TIMESTAMP('2000-01-01', ", ")", " MICROSECOND)"),
            _ => ("(", "", " MICROSECOND)"),
        };
        let sign = if earlier { " - INTERVAL " } else { " + INTERVAL " };
        around(writer, [before, &format!("{after}{sign}"), end], moment, length)
    }

    fn moments_apart(
        &self,
        writer: &mut Writer,
        kinds: (Kind, Kind),
        later: Piece<'_>,
        earlier: Piece<'_>,
    ) -> Result<()> {
        let text = if kinds.0 == Kind::Time {
            [
                "TIMESTAMPDIFF(MICROSECOND, TIMESTAMP('2000-01-01', ",
                "), TIMESTAMP('2000-01-01', ",
                "))",
            ]
        } else {
            ["TIMESTAMPDIFF(MICROSECOND, ", ", ", ")"]
        };
        around(writer, text, earlier, later)
    }

    fn sql_of(&self, function: &Function) -> &'static str {
        function.sql.mysql
    }

    fn regex(
        &self,
        writer: &mut Writer,
        of: ColumnType,
        left: Piece<'_>,
        right: Piece<'_>,
        ignore_case: bool,
    ) -> Result<()> {
        if !self.mariadb {
            writer.push("REGEXP_LIKE(");
            left(writer)?;
            writer.push(", ");
            right(writer)?;
            writer.push(if ignore_case { ", 'i')" } else { ", 'c')" });
            return Ok(());
        }
        // The binary collation heeds case and knows characters, not bytes.
        if of.kind() == Kind::Text {
            left(writer)?;
        } else {
            writer.push("CAST(");
            left(writer)?;
            writer.push(" AS CHAR)");
        }
        writer.push(" COLLATE utf8mb4_bin REGEXP ");
        if ignore_case {
            writer.push("CONCAT('(?i)', ");
        }
        right(writer)?;
        if ignore_case {
            writer.push(")");
        }
        Ok(())
    }

    // Of integers it would be a number with four decimal places.
    fn aggregated(&self, function: AggregateFunction, of: Kind) -> (&'static str, &'static str) {
        if of == Kind::Int && (function == AggregateFunction::Avg || function.is_spread()) {
            ("", " + 0e0")
        } else {
            ("", "")
        }
    }

    // `/` gives decimals here, even of integers, and bits are those of an unsigned number.
    fn arithmetic(
        &self,
        writer: &mut Writer,
        op: ArithmeticOp,
        kinds: (Kind, Kind),
        left: Piece<'_>,
        right: Piece<'_>,
    ) -> Result<()> {
        let text = match op {
            ArithmeticOp::Div if kinds == (Kind::Int, Kind::Int) => ["(", " DIV ", ")"],
            ArithmeticOp::Pow => ["POW(", ", ", ")"],
            ArithmeticOp::BitAnd => ["CONVERT(", " & ", ", SIGNED)"],
            ArithmeticOp::BitOr => ["CONVERT(", " | ", ", SIGNED)"],
            ArithmeticOp::BitXor => ["CONVERT(", " ^ ", ", SIGNED)"],
            ArithmeticOp::Shl => ["CONVERT(", " << ", ", SIGNED)"],
            // `>>` would make a negative number a large one.
            ArithmeticOp::Shr => ["CONVERT(FLOOR(", " / POW(2, ", ")), SIGNED)"],
            op => operation(op),
        };
        around(writer, text, left, right)
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

    // Whichever unique column it is about.
    fn update_conflicts(&self, writer: &mut Writer, unique: &[&str], set: &[&str]) -> Result<()> {
        if !unique.is_empty() {
            return Err(writer.unsupported("updating the rows that are there already by certain unique fields"));
        }
        writer.push(" ON DUPLICATE KEY UPDATE ");
        writer.list(set, |w, column| {
            w.identifier(column);
            w.push(" = VALUES(");
            w.identifier(column);
            w.push(")");
            Ok(())
        })
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

/// A key as part of the path of a walk.
fn walk_key(writer: &mut Writer, key_type: ColumnType, key: Piece<'_>) -> Result<()> {
    super::path_key(writer, key_type, ["LPAD(", ", 20, '0')"], ["CAST(", " AS CHAR)"], key)
}
