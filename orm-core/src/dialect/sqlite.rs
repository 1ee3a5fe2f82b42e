//! SQLite.

use super::{Dialect, KeyForm, Locks, NoWindows, Pattern, PatternOf, Piece, around, escaped, operation, wildcards};
use crate::compiler::{Argument, Writer};
use crate::error::{Error, Result};
use crate::meta::ColumnType;
use crate::query::{AggregateFunction, ArithmeticOp, DocumentSort, Function, lookup::Part};
use crate::value::{Kind, Value};

/// SQLite, since 3.35. `orm_upper` and `orm_lower` are registered on every connection, since its
/// own functions know ASCII only.
pub(crate) struct Sqlite;

impl Dialect for Sqlite {
    fn placeholder(&self, _: usize, into: &mut String) {
        into.push('?');
    }

    fn has_compound_parts(&self) -> bool {
        false
    }

    fn value(&self, writer: &mut Writer, value: &Argument) {
        // Decimals travel as text, and text is never equal to a number.
        if value.is_a(Kind::Decimal) {
            writer.push("CAST(");
            writer.argument(value.clone());
            writer.push(" AS NUMERIC)");
        } else {
            writer.argument(value.clone());
        }
    }

    // GLOB heeds case and can use an index; LIKE ignores case, but of ASCII only.
    fn matches(&self, writer: &mut Writer, left: Piece<'_>, pattern: Pattern<'_>) -> Result<()> {
        let fold = if pattern.ignore_case { "orm_upper(" } else { "" };
        let end = if pattern.ignore_case { ")" } else { "" };
        writer.push(fold);
        left(writer)?;
        writer.push(end);
        writer.push(" GLOB ");
        writer.push(fold);
        match pattern.of {
            // A UUID is stored without its hyphens.
            PatternOf::Text(text) if pattern.column.kind() == Kind::Uuid => {
                writer.push("REPLACE(");
                writer.pattern(text.clone(), pattern.part, glob_pattern);
                writer.push(", '-', '')");
            }
            PatternOf::Text(text) => writer.pattern(text.clone(), pattern.part, glob_pattern),
            PatternOf::Piece(piece) => {
                let (before, after) = wildcards(pattern.part, "*");
                writer.push("(");
                if !before.is_empty() {
                    writer.push("'*' || ");
                }
                escaped(writer, piece, &[("[", "[[]"), ("*", "[*]"), ("?", "[?]")])?;
                if !after.is_empty() {
                    writer.push(" || '*'");
                }
                writer.push(")");
            }
        }
        writer.push(end);
        Ok(())
    }

    fn iexact(&self, writer: &mut Writer, left: Piece<'_>, right: Piece<'_>) -> Result<()> {
        writer.push("orm_upper(");
        left(writer)?;
        writer.push(") = orm_upper(");
        right(writer)?;
        writer.push(")");
        Ok(())
    }

    fn json_key(&self, writer: &mut Writer, of: Piece<'_>, path: &[String], form: KeyForm) -> Result<()> {
        let path = Value::Text(super::json_path(path, false));
        match form {
            KeyForm::Json => {
                writer.push("(");
                of(writer)?;
                writer.push(" -> ");
                writer.argument(path);
            }
            KeyForm::Presence => {
                writer.push("JSON_TYPE(");
                of(writer)?;
                writer.push(", ");
                writer.argument(path);
            }
            KeyForm::Text => {
                writer.push("(CASE WHEN JSON_TYPE(");
                of(writer)?;
                writer.push(", ");
                writer.argument(path.clone());
                writer.push(") IN ('null', 'false', 'true') THEN JSON_TYPE(");
                of(writer)?;
                writer.push(", ");
                writer.argument(path.clone());
                writer.push(") ELSE JSON_EXTRACT(");
                of(writer)?;
                writer.push(", ");
                writer.argument(path);
                writer.push(") END");
            }
        }
        writer.push(")");
        Ok(())
    }

    fn json_key_compare(
        &self,
        writer: &mut Writer,
        of: Piece<'_>,
        path: &[String],
        sign: &str,
        sort: DocumentSort,
        document: &Argument,
    ) -> Result<()> {
        self.json_key(writer, of, path, KeyForm::Text)?;
        writer.push(sign);
        if sort == DocumentSort::Word {
            writer.document_text(document);
        } else {
            writer.push("JSON_EXTRACT(");
            writer.document_text(document);
            writer.push(", '$')");
        }
        Ok(())
    }

    fn json_has_key(&self, writer: &mut Writer, of: Piece<'_>, path: &[String]) -> Result<()> {
        writer.push("JSON_TYPE(");
        of(writer)?;
        writer.push(", ");
        writer.argument(Value::Text(super::json_path(path, true)));
        writer.push(") IS NOT NULL");
        Ok(())
    }

    fn windows(&self) -> NoWindows {
        NoWindows {
            // They are functions of ours, which cannot take rows away again.
            spread: true,
            ..NoWindows::default()
        }
    }

    fn locks(&self) -> Locks {
        Locks::default()
    }

    fn walk_start(&self, writer: &mut Writer, key_type: ColumnType, key: Piece<'_>) -> Result<()> {
        writer.push("'/' || ");
        walk_key(writer, key_type, key)?;
        writer.push(" || '/'");
        Ok(())
    }

    fn walk_on(&self, writer: &mut Writer, key_type: ColumnType, path: Piece<'_>, key: Piece<'_>) -> Result<()> {
        path(writer)?;
        writer.push(" || ");
        walk_key(writer, key_type, key)?;
        writer.push(" || '/'");
        Ok(())
    }

    fn walk_met(&self, writer: &mut Writer, key_type: ColumnType, path: Piece<'_>, key: Piece<'_>) -> Result<()> {
        writer.push("INSTR(");
        path(writer)?;
        writer.push(", ");
        self.walk_start(writer, key_type, key)?;
        writer.push(")");
        Ok(())
    }

    fn json_contains(&self, writer: &mut Writer, _: Piece<'_>, _: Piece<'_>, contained: bool) -> Result<()> {
        let name = if contained { "contained_by" } else { "contains" };
        Err(writer.unsupported(&format!("the lookup {name} of JSON")))
    }

    fn json_exact(&self, writer: &mut Writer, left: Piece<'_>, right: Piece<'_>) -> Result<()> {
        writer.push("JSON(");
        left(writer)?;
        writer.push(") = JSON(");
        right(writer)?;
        writer.push(")");
        Ok(())
    }

    fn cast(&self, ty: ColumnType) -> (String, String) {
        let (before, after) = match ty.kind() {
            Kind::Text | Kind::Uuid => ("CAST(", " AS text)"),
            Kind::Int | Kind::Duration => ("CAST(", " AS integer)"),
            Kind::Float => ("CAST(", " AS real)"),
            Kind::Decimal => ("CAST(", " AS NUMERIC)"),
            Kind::Bool => ("(CAST(", " AS integer) <> 0)"),
            Kind::Date => ("DATE(", ")"),
            Kind::Time => ("TIME(", ")"),
            Kind::DateTime => ("STRFTIME('%Y-%m-%d %H:%M:%f', ", ")"),
            Kind::Json => ("JSON(", ")"),
            Kind::Bytes => ("CAST(", " AS blob)"),
        };
        (before.to_owned(), after.to_owned())
    }

    // Decimals that are arguments would be compared as text.
    fn case(&self, ty: ColumnType) -> (&'static str, &'static str) {
        match ty.kind() {
            Kind::Decimal => ("CAST(", " AS NUMERIC)"),
            _ => ("", ""),
        }
    }

    fn moment_plus(
        &self,
        writer: &mut Writer,
        kind: Kind,
        moment: Piece<'_>,
        length: Piece<'_>,
        earlier: bool,
    ) -> Result<()> {
        let (before, after) = if kind == Kind::Time {
            ("SUBSTR(orm_dt_add('2000-01-01 ' || ", "), 12)")
        } else {
            ("orm_dt_add(", ")")
        };
        let between = if earlier { ", -1 * " } else { ", " };
        around(writer, [before, between, after], moment, length)
    }

    fn moments_apart(
        &self,
        writer: &mut Writer,
        kinds: (Kind, Kind),
        later: Piece<'_>,
        earlier: Piece<'_>,
    ) -> Result<()> {
        // Two times of day are those of one day.
        let text = if kinds.0 == Kind::Time {
            ["orm_dt_diff('2000-01-01 ' || ", ", '2000-01-01 ' || ", ")"]
        } else {
            ["orm_dt_diff(", ", ", ")"]
        };
        around(writer, text, later, earlier)
    }

    fn sql_of(&self, function: &Function) -> &'static str {
        function.sql.sqlite
    }

    fn aggregate(&self, function: AggregateFunction) -> &'static str {
        match function {
            AggregateFunction::StdDev => "orm_stddev_pop",
            AggregateFunction::StdDevSample => "orm_stddev_samp",
            AggregateFunction::Variance => "orm_var_pop",
            AggregateFunction::VarianceSample => "orm_var_samp",
            other => other.sql(),
        }
    }

    fn arithmetic(
        &self,
        writer: &mut Writer,
        op: ArithmeticOp,
        kinds: (Kind, Kind),
        left: Piece<'_>,
        right: Piece<'_>,
    ) -> Result<()> {
        let text = match op {
            // Decimals are kept as integers where they are whole, and `/` of integers cuts off.
            ArithmeticOp::Div if kinds != (Kind::Int, Kind::Int) => ["(CAST(", " AS REAL) / ", ")"],
            // `%` is one of integers.
            ArithmeticOp::Rem if kinds != (Kind::Int, Kind::Int) => ["orm_mod(", ", ", ")"],
            ArithmeticOp::Pow => ["orm_pow(", ", ", ")"],
            ArithmeticOp::BitXor => ["orm_bitxor(", ", ", ")"],
            op => operation(op),
        };
        around(writer, text, left, right)
    }

    fn regex(
        &self,
        writer: &mut Writer,
        _: ColumnType,
        left: Piece<'_>,
        right: Piece<'_>,
        ignore_case: bool,
    ) -> Result<()> {
        if cfg!(not(feature = "regex")) {
            return Err(Error::NotSupported {
                feature: "regular expressions without the feature `regex` of orm".to_owned(),
                database: "SQLite",
            });
        }
        writer.push("orm_regexp(");
        right(writer)?;
        writer.push(", ");
        left(writer)?;
        writer.push(if ignore_case { ", 1)" } else { ", 0)" });
        Ok(())
    }

    fn no_limit(&self) -> Option<&'static str> {
        Some("-1")
    }
}

/// The pattern of a GLOB for a text, in which nothing is a wildcard.
fn glob_pattern(part: Part, text: &str) -> String {
    let (before, after) = wildcards(part, "*");
    let mut glob = String::with_capacity(text.len() + 4);
    glob.push_str(before);
    for c in text.chars() {
        match c {
            '*' | '?' | '[' => {
                glob.push('[');
                glob.push(c);
                glob.push(']');
            }
            _ => glob.push(c),
        }
    }
    glob.push_str(after);
    glob
}

/// A key as part of the path of a walk.
fn walk_key(writer: &mut Writer, key_type: ColumnType, key: Piece<'_>) -> Result<()> {
    super::path_key(writer, key_type, ["PRINTF('%020d', ", ")"], ["CAST(", " AS TEXT)"], key)
}
