//! What differs between databases in SQL: one file each, behind one trait.

mod mysql;
mod postgres;
mod sqlite;
mod support;

pub(crate) use mysql::MySql;
pub(crate) use postgres::Postgres;
pub(crate) use sqlite::Sqlite;
use support::path_key;
pub(crate) use support::{Locks, NoWindows};

use crate::compiler::{Argument, Writer, padded};
use crate::error::Result;
use crate::exec::Backend;
use crate::meta::{ColumnType, FieldMeta};
use crate::query::lookup::Part;
use crate::query::{AggregateFunction, ArithmeticOp, DocumentSort, Function, Slot};
use crate::value::{Kind, Value};

/// Writes a piece of SQL.
pub(crate) type Piece<'a> = &'a mut dyn FnMut(&mut Writer) -> Result<()>;

/// How one database spells what the compiler says.
pub(crate) trait Dialect: Sync {
    /// What an identifier is quoted with; within it, it is doubled.
    fn quote(&self) -> char {
        '"'
    }

    /// Whether a placeholder says which argument it is for, so that several can be for one.
    fn numbers_placeholders(&self) -> bool {
        false
    }

    /// Whether HAVING can speak of computed values that rows are grouped by.
    fn having_sees_groups(&self) -> bool {
        true
    }

    /// How long a name can be. Longer ones, of tables, are cut as Django cuts them.
    fn max_name(&self) -> Option<usize> {
        None
    }

    /// The placeholder of the argument with that number, from 1.
    fn placeholder(&self, number: usize, into: &mut String);

    /// A value within an expression, where the database must be told its type.
    fn value(&self, writer: &mut Writer, value: &Argument) {
        writer.argument(value.clone());
    }

    /// A value that stands alone, or beside other values, where nothing tells its type.
    fn lone_value(&self, writer: &mut Writer, value: &Argument) {
        self.value(writer, value);
    }

    /// One of a list: `left IN (…)`, or an array.
    fn one_of(&self, writer: &mut Writer, left: Piece<'_>, items: Items) -> Result<()> {
        left(writer)?;
        writer.push(" IN (");
        match items {
            Items::These(values) => {
                let length = padded(values.len(), writer.arguments());
                let last = values.last().into_iter().cycle();
                writer.list(values.iter().chain(last).take(length), |writer, value| {
                    self.value(writer, value);
                    Ok(())
                })?;
            }
            Items::All(slot) => writer.each(slot),
        }
        writer.push(")");
        Ok(())
    }

    /// Whether a list is one argument, so that a statement's text is the same whatever its length.
    fn has_arrays(&self) -> bool {
        false
    }

    /// Part of a text: `contains`, `startswith`, `endswith` and their `i…` forms.
    fn matches(&self, writer: &mut Writer, left: Piece<'_>, pattern: Pattern<'_>) -> Result<()>;

    /// Equal but for case.
    fn iexact(&self, writer: &mut Writer, left: Piece<'_>, right: Piece<'_>) -> Result<()>;

    /// What a document has under a path of keys.
    fn json_key(&self, writer: &mut Writer, of: Piece<'_>, path: &[String], form: KeyForm) -> Result<()>;

    /// What a document has under a path of keys, compared with a value.
    fn json_key_compare(
        &self,
        writer: &mut Writer,
        of: Piece<'_>,
        path: &[String],
        sign: &str,
        sort: DocumentSort,
        document: &Argument,
    ) -> Result<()>;

    /// Whether a document has something under a path of keys, the last of which is no index.
    fn json_has_key(&self, writer: &mut Writer, of: Piece<'_>, path: &[String]) -> Result<()>;

    /// Whether a document has all that another has; `contained` turns them round.
    fn json_contains(&self, writer: &mut Writer, left: Piece<'_>, right: Piece<'_>, contained: bool) -> Result<()>;

    /// Equal documents, whatever the spelling.
    fn json_exact(&self, writer: &mut Writer, left: Piece<'_>, right: Piece<'_>) -> Result<()>;

    /// How a function is written.
    fn sql_of(&self, function: &Function) -> &'static str;

    /// What stands before and behind a value that is made one of that type.
    fn cast(&self, ty: ColumnType) -> (String, String);

    /// What stands before and behind a CASE of that type.
    fn case(&self, ty: ColumnType) -> (&'static str, &'static str) {
        let _ = ty;
        ("", "")
    }

    /// Whether a regular expression is found.
    fn regex(
        &self,
        writer: &mut Writer,
        of: ColumnType,
        left: Piece<'_>,
        right: Piece<'_>,
        ignore_case: bool,
    ) -> Result<()>;

    /// The name of an aggregate.
    fn aggregate(&self, function: AggregateFunction) -> &'static str {
        function.sql()
    }

    /// What stands before and behind that which an aggregate is of.
    fn aggregated(&self, function: AggregateFunction, of: Kind) -> (&'static str, &'static str) {
        let _ = (function, of);
        ("", "")
    }

    /// `a op b`, where the sides are of these kinds.
    fn arithmetic(
        &self,
        writer: &mut Writer,
        op: ArithmeticOp,
        kinds: (Kind, Kind),
        left: Piece<'_>,
        right: Piece<'_>,
    ) -> Result<()>;

    /// A moment, a date or a time of day, so much later or earlier.
    fn moment_plus(
        &self,
        writer: &mut Writer,
        kind: Kind,
        moment: Piece<'_>,
        length: Piece<'_>,
        earlier: bool,
    ) -> Result<()>;

    /// How long two moments, dates or times of day are apart.
    fn moments_apart(
        &self,
        writer: &mut Writer,
        kinds: (Kind, Kind),
        later: Piece<'_>,
        earlier: Piece<'_>,
    ) -> Result<()>;

    /// Whether aggregates take `FILTER (WHERE …)`.
    fn has_aggregate_filter(&self) -> bool {
        true
    }

    /// Whether `ORDER BY … NULLS FIRST` is known.
    fn has_nulls_order(&self) -> bool {
        true
    }

    /// Whether the parts of a `UNION` can have an order and a limit of their own, in parentheses.
    fn has_compound_parts(&self) -> bool {
        true
    }

    /// The LIMIT that stands for none, where OFFSET needs one.
    fn no_limit(&self) -> Option<&'static str> {
        None
    }

    /// The rows of an INSERT, whose values come row after row: VALUES, or what else they are the rows of.
    fn new_rows(&self, writer: &mut Writer, columns: &[&'static FieldMeta], values: Vec<Value>) -> Result<()> {
        rows(writer, columns.len(), values)
    }

    /// How many of so many rows of that many values go into one INSERT.
    fn new_rows_at_once(&self, rows: usize, width: usize) -> usize {
        rows.min(30_000 / width.max(1)).max(1)
    }

    /// The values of an INSERT without any column.
    fn default_values(&self) -> &'static str {
        "DEFAULT VALUES"
    }

    /// Ends an INSERT that leaves rows alone which are there already. `column` is one of the table's.
    fn ignore_conflicts(&self, writer: &mut Writer, column: &str) {
        let _ = column;
        writer.push(" ON CONFLICT DO NOTHING");
    }

    /// Ends an INSERT that sets columns of rows which are there already, by the same values in these
    /// unique columns, to what was to be inserted.
    fn update_conflicts(&self, writer: &mut Writer, unique: &[&str], set: &[&str]) -> Result<()> {
        writer.push(" ON CONFLICT (");
        writer.list(unique, |w, column| {
            w.identifier(column);
            Ok(())
        })?;
        writer.push(") DO UPDATE SET ");
        writer.list(set, |w, column| {
            w.identifier(column);
            w.push(" = EXCLUDED.");
            w.identifier(column);
            Ok(())
        })
    }

    /// What windows cannot do there.
    fn windows(&self) -> NoWindows {
        NoWindows::default()
    }

    /// Whether `SELECT DISTINCT ON (…)` is known.
    fn has_distinct_on(&self) -> bool {
        false
    }

    /// How rows can be locked.
    fn locks(&self) -> Locks;

    /// The path of a walk along a tree at its first row.
    fn walk_start(&self, writer: &mut Writer, key_type: ColumnType, key: Piece<'_>) -> Result<()>;

    /// The path of a walk, one row further.
    fn walk_on(&self, writer: &mut Writer, key_type: ColumnType, path: Piece<'_>, key: Piece<'_>) -> Result<()>;

    /// Whether a walk has been at a row already.
    fn walk_met(&self, writer: &mut Writer, key_type: ColumnType, path: Piece<'_>, key: Piece<'_>) -> Result<()>;

    /// Whether a statement that changes a table may read it in a plain subquery.
    fn reads_what_it_writes(&self) -> bool {
        true
    }
}

/// As what something in a document is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum KeyForm {
    /// as a document
    Json,
    /// as text
    Text,
    /// as anything, but NULL where it is not there
    Presence,
}

/// The path of keys as SQLite and MySQL write it; numbers are indexes, but for a last one that is a key.
fn json_path(path: &[String], last_is_key: bool) -> String {
    let mut text = String::from("$");
    for (at, key) in path.iter().enumerate() {
        let index = !key.is_empty() && key.bytes().all(|b| b.is_ascii_digit());
        if index && !(last_is_key && at + 1 == path.len()) {
            text.push('[');
            text.push_str(key);
            text.push(']');
        } else {
            text.push('.');
            text.push_str(&serde_json::Value::from(key.as_str()).to_string());
        }
    }
    text
}

/// What a text is matched with.
pub(crate) struct Pattern<'a> {
    /// which part of the text
    pub(crate) part: Part,
    /// whether case is ignored
    pub(crate) ignore_case: bool,
    /// what it is matched against
    pub(crate) column: ColumnType,
    /// the text itself, or an expression
    pub(crate) of: PatternOf<'a>,
}

/// What a column is one of.
pub(crate) enum Items {
    /// these values
    These(Vec<Argument>),
    /// all values in a slot
    All(Slot),
}

impl Items {
    /// The kind of the values, as the first one tells it.
    fn kind(&self) -> Kind {
        match self {
            Items::These(values) => values.first().map_or(Kind::Int, Argument::kind),
            Items::All(slot) => slot.kind,
        }
    }
}

/// Where the pattern comes from.
pub(crate) enum PatternOf<'a> {
    /// a text that is an argument
    Text(&'a Argument),
    /// an expression of the row
    Piece(Piece<'a>),
}

/// The dialect of a database.
pub(crate) fn of(backend: Backend) -> &'static dyn Dialect {
    match backend {
        Backend::Sqlite => &Sqlite,
        Backend::Postgres => &Postgres,
        Backend::MySql { mariadb: true, .. } => &MySql { mariadb: true },
        Backend::MySql { mariadb: false, .. } => &MySql { mariadb: false },
    }
}

/// The rows of an INSERT, each with an argument for each value.
fn rows(writer: &mut Writer, width: usize, values: Vec<Value>) -> Result<()> {
    writer.push("VALUES ");
    let rows = values.len() / width.max(1);
    let mut values = values.into_iter();
    writer.list(0..rows, |writer, _| {
        writer.push("(");
        writer.list(values.by_ref().take(width), |writer, value| {
            writer.argument(value);
            Ok(())
        })?;
        writer.push(")");
        Ok(())
    })
}

/// Two pieces, and what stands before, between and behind them.
fn around(writer: &mut Writer, text: [&str; 3], left: Piece<'_>, right: Piece<'_>) -> Result<()> {
    let [before, between, behind] = text;
    writer.push(before);
    left(writer)?;
    writer.push(between);
    right(writer)?;
    writer.push(behind);
    Ok(())
}

/// `(a op b)`, with the operator's usual sign.
fn operation(op: ArithmeticOp) -> [&'static str; 3] {
    let between = match op {
        ArithmeticOp::Add => " + ",
        ArithmeticOp::Sub => " - ",
        ArithmeticOp::Mul => " * ",
        ArithmeticOp::Div => " / ",
        ArithmeticOp::Rem => " % ",
        ArithmeticOp::Pow => " ^ ",
        ArithmeticOp::BitAnd => " & ",
        ArithmeticOp::BitOr => " | ",
        ArithmeticOp::BitXor => " # ",
        ArithmeticOp::Shl => " << ",
        ArithmeticOp::Shr => " >> ",
    };
    ["(", between, ")"]
}

/// Puts a wildcard where the text goes on.
fn wildcards(part: Part, wildcard: &str) -> (&str, &str) {
    match part {
        Part::Anywhere => (wildcard, wildcard),
        Part::Start => ("", wildcard),
        Part::End => (wildcard, ""),
    }
}

/// The pattern of a LIKE for a text, in which nothing is a wildcard.
fn like_pattern(part: Part, text: &str) -> String {
    let (before, after) = wildcards(part, "%");
    let mut pattern = String::with_capacity(text.len() + 4);
    pattern.push_str(before);
    for c in text.chars() {
        if matches!(c, '\\' | '%' | '_') {
            pattern.push('\\');
        }
        pattern.push(c);
    }
    pattern.push_str(after);
    pattern
}

/// An expression with every wildcard in it made literal: nested calls of REPLACE.
fn escaped(writer: &mut Writer, piece: Piece<'_>, escapes: &[(&str, &str)]) -> Result<()> {
    for _ in escapes {
        writer.push("REPLACE(");
    }
    piece(writer)?;
    for (from, to) in escapes {
        writer.push(&format!(", '{from}', '{to}')"));
    }
    Ok(())
}
