//! The second pass: the resolved tree as text. `Writer` holds the text in the making, with its arguments
//! in order.

mod call;
mod compound;
mod condition;
mod json;
mod lock;
mod select;
mod terms;
mod walk;
mod window;

use super::argument::Argument;
use super::draft::{Draft, Repeat};
use crate::dialect::{self, Dialect};
use crate::error::{Error, Result};
use crate::exec::{Backend, Statement, Work};
use crate::meta::ColumnType;
use crate::names;
use crate::query::{Slot, lookup::Part};
use crate::value::{Kind, Value};

/// SQL text in the making.
pub(crate) struct Writer {
    pub(super) sql: String,
    args: Vec<Argument>,
    repeats: Vec<Repeat>,
    backend: Backend,
    dialect: &'static dyn Dialect,
    /// equal arguments have one placeholder, where the database can have that
    pub(super) shares_placeholders: bool,
    /// within HAVING of a database that does not see there what rows are grouped by
    pub(super) hides_groups: bool,
    /// values in slots were compared: for other values the text is another one
    pub(super) undecided: bool,
}

/// A piece of SQL with its arguments, to be compared with others.
#[derive(PartialEq)]
pub(super) struct Alone {
    sql: String,
    args: Vec<Argument>,
}

impl Alone {
    /// Whether it is equal to another piece for some values in the slots of the two.
    fn may_equal(&self, other: &Alone) -> bool {
        let mut args = self.args.iter().zip(&other.args);
        self.sql == other.sql && self.args.len() == other.args.len() && args.all(|(a, b)| a.may_equal(b))
    }

    /// What is selected at a place, from 1.
    pub(super) fn place(at: usize) -> Self {
        Alone {
            sql: at.to_string(),
            args: Vec::new(),
        }
    }
}

impl Writer {
    pub(super) fn new(backend: Backend) -> Self {
        Writer {
            sql: String::with_capacity(256),
            args: Vec::new(),
            repeats: Vec::new(),
            backend,
            dialect: dialect::of(backend),
            shares_placeholders: false,
            hides_groups: false,
            undecided: false,
        }
    }

    /// A writer for a piece on its own, whose arguments count on from here.
    pub(super) fn again(&self) -> Self {
        Writer {
            sql: String::new(),
            args: Vec::new(),
            repeats: Vec::new(),
            backend: self.backend,
            dialect: self.dialect,
            shares_placeholders: false,
            hides_groups: false,
            undecided: false,
        }
    }

    pub(super) fn dialect(&self) -> &'static dyn Dialect {
        self.dialect
    }

    /// The error about something that the database does not have.
    pub(crate) fn unsupported(&self, feature: &str) -> Error {
        Error::NotSupported {
            feature: feature.to_owned(),
            database: self.backend.name(),
        }
    }

    /// Appends SQL text, never a value.
    pub(crate) fn push(&mut self, sql: &str) {
        self.sql.push_str(sql);
    }

    /// Appends a quoted identifier.
    pub(crate) fn identifier(&mut self, name: &str) {
        let quote = self.dialect.quote();
        let cut;
        let name = match self.dialect.max_name() {
            Some(max) if name.len() > max => {
                cut = names::truncate(name, Some(max));
                &cut
            }
            _ => name,
        };
        self.sql.push(quote);
        for c in name.chars() {
            if c == quote {
                self.sql.push(quote);
            }
            self.sql.push(c);
        }
        self.sql.push(quote);
    }

    /// Appends `"alias"."column"`.
    pub(crate) fn column(&mut self, alias: &str, column: &str) {
        self.identifier(alias);
        self.push(".");
        self.identifier(column);
    }

    /// How many arguments there are so far.
    pub(crate) fn arguments(&self) -> usize {
        self.args.len()
    }

    /// Appends a placeholder and its argument.
    pub(crate) fn argument(&mut self, argument: impl Into<Argument>) {
        let argument = argument.into();
        let shares = self.shares_placeholders && self.dialect.numbers_placeholders();
        let known = if shares { self.args.as_slice() } else { &[] };
        let at = known.iter().position(|known| *known == argument);
        let before = &known[..at.unwrap_or(known.len())];
        self.undecided |= before.iter().any(|known| known.may_equal(&argument));
        let at = at.unwrap_or_else(|| {
            self.args.push(argument);
            self.args.len() - 1
        });
        self.dialect.placeholder(at + 1, &mut self.sql);
    }

    /// Appends a placeholder for the pattern that finds a text.
    pub(crate) fn pattern(&mut self, text: Argument, part: Part, make: fn(Part, &str) -> String) {
        self.argument(match text {
            Argument::Value(Value::Text(text)) => Argument::Value(Value::Text(make(part, &text))),
            Argument::Slot(slot) if slot.kind == Kind::Text => Argument::Pattern(slot, part, make),
            other => other,
        });
    }

    /// Appends a placeholder for a document as text.
    pub(crate) fn document_text(&mut self, document: &Argument) {
        self.argument(match document {
            Argument::Value(Value::Json(document)) => Argument::Value(Value::Text(document.to_string())),
            Argument::Slot(slot) => Argument::DocumentText(*slot),
            other => other.clone(),
        });
    }

    /// Appends the values of a list, with commas between them; how many there are is known later.
    pub(crate) fn each(&mut self, slot: Slot) {
        let mut alone = self.again();
        let one = Argument::Slot(Slot { list: false, ..slot });
        alone.push(", ");
        self.dialect.value(&mut alone, &one);
        self.repeats.push(Repeat {
            at: self.sql.len(),
            text: alone.sql,
        });
        self.args.push(Argument::Each(slot.number));
    }

    /// Appends items with commas between them.
    pub(crate) fn list<T>(
        &mut self,
        items: impl IntoIterator<Item = T>,
        mut write: impl FnMut(&mut Self, T) -> Result<()>,
    ) -> Result<()> {
        for (index, item) in items.into_iter().enumerate() {
            if index > 0 {
                self.push(", ");
            }
            write(self, item)?;
        }
        Ok(())
    }

    /// Whether a piece is one of some others.
    fn is_one_of(&mut self, known: &[Alone], piece: &Alone) -> bool {
        let found = known.contains(piece);
        self.undecided |= !found && known.iter().any(|other| other.may_equal(piece));
        found
    }

    /// What was written, to be compared.
    pub(super) fn into_alone(self) -> Alone {
        Alone {
            sql: self.sql,
            args: self.args,
        }
    }

    /// What was written, as one statement or as that of a shape.
    pub(super) fn draft(self, columns: Vec<ColumnType>, work: Work) -> Draft {
        Draft {
            sql: self.sql,
            args: self.args,
            repeats: self.repeats,
            columns,
            work,
            undecided: self.undecided,
        }
    }

    /// What was written, where no slot was.
    pub(super) fn finish(self, columns: Vec<ColumnType>, work: Work) -> Statement {
        self.draft(columns, work).into_statement()
    }
}
