//! PostgreSQL.

use super::{
    Dialect, Items, KeyForm, Locks, Pattern, PatternOf, Piece, around, escaped, like_pattern, operation, wildcards,
};
use crate::compiler::{Argument, Writer};
use crate::error::Result;
use crate::meta::{ColumnType, FieldMeta};
use crate::query::{AggregateFunction, ArithmeticOp, DocumentSort, Function};
use crate::value::{Kind, Value};
use std::fmt::Write;

/// PostgreSQL.
pub(crate) struct Postgres;

impl Dialect for Postgres {
    fn numbers_placeholders(&self) -> bool {
        true
    }

    fn max_name(&self) -> Option<usize> {
        Some(63)
    }

    fn placeholder(&self, number: usize, into: &mut String) {
        // Writing to a string cannot fail.
        let _ = write!(into, "${number}");
    }

    fn lone_value(&self, writer: &mut Writer, value: &Argument) {
        let (before, after) = self.cast(ColumnType::of_kind(value.kind()));
        writer.push(&before);
        writer.argument(value.clone());
        writer.push(&after);
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

    fn json_key(&self, writer: &mut Writer, of: Piece<'_>, path: &[String], form: KeyForm) -> Result<()> {
        writer.push("(");
        of(writer)?;
        writer.push(if form == KeyForm::Text { " #>> " } else { " #> " });
        let keys = path.iter().cloned().map(Value::Text).collect();
        writer.argument(Value::List(Kind::Text, keys));
        writer.push("::text[])");
        Ok(())
    }

    fn json_key_compare(
        &self,
        writer: &mut Writer,
        of: Piece<'_>,
        path: &[String],
        sign: &str,
        _: DocumentSort,
        document: &Argument,
    ) -> Result<()> {
        self.json_key(writer, of, path, KeyForm::Json)?;
        writer.push(sign);
        writer.argument(document.clone());
        writer.push("::jsonb");
        Ok(())
    }

    fn json_has_key(&self, writer: &mut Writer, of: Piece<'_>, path: &[String]) -> Result<()> {
        let Some((last, before)) = path.split_last() else {
            return of(writer);
        };
        if before.is_empty() {
            of(writer)?;
        } else {
            self.json_key(writer, of, before, KeyForm::Json)?;
        }
        writer.push(" ? ");
        writer.argument(Value::Text(last.clone()));
        writer.push("::text");
        Ok(())
    }

    fn has_distinct_on(&self) -> bool {
        true
    }

    fn locks(&self) -> Locks {
        Locks {
            rows: true,
            nowait: true,
            skip_locked: true,
            no_key: true,
            of: true,
        }
    }

    fn walk_start(&self, writer: &mut Writer, key_type: ColumnType, key: Piece<'_>) -> Result<()> {
        writer.push("ARRAY[");
        walk_key(writer, key_type, key)?;
        writer.push("]");
        Ok(())
    }

    fn walk_on(&self, writer: &mut Writer, key_type: ColumnType, path: Piece<'_>, key: Piece<'_>) -> Result<()> {
        path(writer)?;
        writer.push(" || ");
        walk_key(writer, key_type, key)
    }

    fn walk_met(&self, writer: &mut Writer, key_type: ColumnType, path: Piece<'_>, key: Piece<'_>) -> Result<()> {
        writer.push("(");
        walk_key(writer, key_type, key)?;
        writer.push(" = ANY(");
        path(writer)?;
        writer.push("))");
        Ok(())
    }

    fn json_contains(&self, writer: &mut Writer, left: Piece<'_>, right: Piece<'_>, contained: bool) -> Result<()> {
        left(writer)?;
        writer.push(if contained { " <@ " } else { " @> " });
        right(writer)
    }

    fn json_exact(&self, writer: &mut Writer, left: Piece<'_>, right: Piece<'_>) -> Result<()> {
        left(writer)?;
        writer.push(" = ");
        right(writer)
    }

    fn cast(&self, ty: ColumnType) -> (String, String) {
        let name = match ty {
            ColumnType::Char { max_length } => format!("varchar({max_length})"),
            ColumnType::Decimal {
                max_digits,
                decimal_places,
            } if max_digits > 0 => format!("numeric({max_digits}, {decimal_places})"),
            ColumnType::SmallInteger => "smallint".to_owned(),
            ColumnType::Integer => "integer".to_owned(),
            other => match other.kind() {
                Kind::Text => "text",
                Kind::Int => "bigint",
                Kind::Float => "double precision",
                Kind::Decimal => "numeric",
                Kind::Bool => "boolean",
                Kind::Date => "date",
                Kind::Time => "time",
                Kind::DateTime => "timestamptz",
                Kind::Duration => "interval",
                Kind::Uuid => "uuid",
                Kind::Json => "jsonb",
                Kind::Bytes => "bytea",
            }
            .to_owned(),
        };
        ("(".to_owned(), format!(")::{name}"))
    }

    fn moment_plus(
        &self,
        writer: &mut Writer,
        kind: Kind,
        moment: Piece<'_>,
        length: Piece<'_>,
        earlier: bool,
    ) -> Result<()> {
        // A date and an interval make a moment without a time zone.
        let zone = if kind == Kind::Date {
            " AT TIME ZONE 'UTC')"
        } else {
            ")"
        };
        writer.push(if kind == Kind::Date { "((" } else { "(" });
        moment(writer)?;
        writer.push(if earlier { " - " } else { " + " });
        length(writer)?;
        writer.push(if kind == Kind::Date { ")" } else { "" });
        writer.push(zone);
        Ok(())
    }

    fn moments_apart(
        &self,
        writer: &mut Writer,
        kinds: (Kind, Kind),
        later: Piece<'_>,
        earlier: Piece<'_>,
    ) -> Result<()> {
        let dates = kinds == (Kind::Date, Kind::Date);
        writer.push(if dates { "(INTERVAL '1 day' * (" } else { "((" });
        later(writer)?;
        writer.push(" - ");
        earlier(writer)?;
        writer.push("))");
        Ok(())
    }

    fn sql_of(&self, function: &Function) -> &'static str {
        function.sql.postgres
    }

    // Of integers it would be an exact number, of more digits than we have.
    fn aggregated(&self, function: AggregateFunction, of: Kind) -> (&'static str, &'static str) {
        if function.is_spread() && of == Kind::Int {
            ("(", ")::double precision")
        } else {
            ("", "")
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
            // There is no remainder of floats.
            ArithmeticOp::Rem if kinds.0 == Kind::Float || kinds.1 == Kind::Float => {
                ["((", ")::numeric % (", ")::numeric)"]
            }
            ArithmeticOp::Pow => ["POWER(", ", ", ")"],
            // Else a smaller integer would lose the bits that are shifted out of it.
            ArithmeticOp::Shl => ["((", ")::bigint << (", ")::integer)"],
            ArithmeticOp::Shr => ["((", ")::bigint >> (", ")::integer)"],
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
        left(writer)?;
        writer.push(if ignore_case { "::text ~* " } else { "::text ~ " });
        right(writer)
    }

    // An array a column, so that the statement is the same for any number of rows: it is prepared
    // once, and arguments do not run out. One row is cheaper as it is.
    fn new_rows(&self, writer: &mut Writer, columns: &[&'static FieldMeta], values: Vec<Value>) -> Result<()> {
        let width = columns.len();
        if values.len() == width {
            return super::rows(writer, width, values);
        }
        let rows = values.len() / width;
        let mut arrays: Vec<Vec<Value>> = columns.iter().map(|_| Vec::with_capacity(rows)).collect();
        let mut values = values.into_iter();
        while values.len() > 0 {
            for (array, value) in arrays.iter_mut().zip(&mut values) {
                array.push(value);
            }
        }
        writer.push("SELECT * FROM unnest(");
        writer.list(columns.iter().zip(arrays), |writer, (field, array)| {
            let kind = field.column_type().kind();
            writer.argument(Value::List(kind, array));
            writer.push(array_type(kind));
            Ok(())
        })?;
        writer.push(")");
        Ok(())
    }

    // What a statement and its answer take in memory is the only limit.
    fn new_rows_at_once(&self, rows: usize, width: usize) -> usize {
        rows.min(200_000 / width.max(1)).max(1)
    }
}

/// The cast that makes an argument an array of that kind.
fn array_type(kind: Kind) -> &'static str {
    match kind {
        Kind::Bool => "::boolean[]",
        Kind::Int => "::bigint[]",
        Kind::Float => "::double precision[]",
        Kind::Text => "::text[]",
        Kind::Bytes => "::bytea[]",
        Kind::Decimal => "::numeric[]",
        Kind::Date => "::date[]",
        Kind::Time => "::time[]",
        Kind::DateTime => "::timestamptz[]",
        Kind::Duration => "::interval[]",
        Kind::Uuid => "::uuid[]",
        Kind::Json => "::jsonb[]",
    }
}

/// A key as part of the path of a walk, an array: texts without their length.
fn walk_key(writer: &mut Writer, key_type: ColumnType, key: Piece<'_>) -> Result<()> {
    key(writer)?;
    writer.push(if key_type.kind() == Kind::Text { "::text" } else { "" });
    Ok(())
}
