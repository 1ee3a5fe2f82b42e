//! What is written, from the text to the statement: `Draft`, with arguments that may be slots;
//! `Template`, the same once for all queries of a shape; `Compiled`, what becomes of a query.

use super::argument::Argument;
use super::list::padded;
use crate::exec::{Statement, Work};
use crate::meta::ColumnType;
use crate::query::Expr;
use crate::value::Value;
use std::collections::HashSet;
use std::sync::Arc;

/// What became of a query.
#[derive(Debug)]
pub enum Compiled {
    /// a statement to be run
    Statement(Statement),
    /// it is certain without asking that no row fits
    Empty,
}

/// What the compiler has written.
#[derive(Debug)]
pub(super) struct Draft {
    pub(super) sql: String,
    pub(super) args: Vec<Argument>,
    pub(super) repeats: Vec<Repeat>,
    pub(super) columns: Vec<ColumnType>,
    pub(super) work: Work,
    /// for other values in its slots the text is another one
    pub(super) undecided: bool,
}

/// A list within the text, of any length.
#[derive(Debug)]
pub(super) struct Repeat {
    /// where it stands
    pub(super) at: usize,
    /// what is written for each of its values, a comma before it
    pub(super) text: String,
}

impl Draft {
    /// The statement, where all its arguments are values.
    pub(super) fn into_statement(self) -> Statement {
        Statement {
            sql: self.sql.into(),
            args: self.args.into_iter().filter_map(Argument::into_value).collect(),
            columns: self.columns.into(),
            work: self.work,
        }
    }
}

/// What a query gives for a slot.
#[derive(Debug, Clone, Copy)]
pub(super) enum Given<'a> {
    /// one value
    One(&'a Value),
    /// a list in a query: NULL is not one of it, and equal values count once
    Distinct(&'a [Expr]),
    /// a list of keys, as it is
    Keys(&'a [Value]),
}

/// SQL that was written once, and where its arguments come from.
#[derive(Debug)]
pub(super) struct Template {
    sql: Arc<str>,
    args: Box<[Argument]>,
    repeats: Box<[Repeat]>,
    columns: Arc<[ColumnType]>,
    work: Work,
}

impl From<Draft> for Template {
    fn from(draft: Draft) -> Self {
        Template {
            sql: draft.sql.into(),
            args: draft.args.into(),
            repeats: draft.repeats.into(),
            columns: draft.columns.into(),
            work: draft.work,
        }
    }
}

impl Template {
    /// The text of an INSERT, whose arguments are the rows' values: they are put in afterwards.
    pub(super) fn of_rows(statement: &Statement) -> Self {
        Template {
            sql: Arc::clone(&statement.sql),
            args: Box::default(),
            repeats: Box::default(),
            columns: Arc::clone(&statement.columns),
            work: statement.work,
        }
    }

    /// The statement of a query of this shape.
    pub(super) fn fill(&self, given: &[Given<'_>]) -> Statement {
        let mut args = Vec::with_capacity(self.args.len());
        let mut lengths = Vec::new();
        for argument in &self.args {
            match argument {
                Argument::Each(number) => {
                    let before = args.len();
                    list(given.get(*number), &mut args);
                    let length = padded(args.len() - before, before);
                    if let Some(last) = args.last().cloned() {
                        args.resize(before + length, last);
                    }
                    lengths.push(args.len() - before);
                }
                single => args.extend(value(single, given)),
            }
        }
        let sql = if self.repeats.is_empty() {
            Arc::clone(&self.sql)
        } else {
            self.repeated(&lengths)
        };
        Statement {
            sql,
            args,
            columns: Arc::clone(&self.columns),
            work: self.work,
        }
    }

    /// The text, with lists of these lengths in it.
    fn repeated(&self, lengths: &[usize]) -> Arc<str> {
        let lists = self.repeats.iter().zip(lengths);
        let added: usize = lists.clone().map(|(repeat, n)| repeat.text.len() * n).sum();
        let mut sql = String::with_capacity(self.sql.len() + added);
        let mut done = 0;
        for (repeat, length) in lists {
            sql.push_str(&self.sql[done..repeat.at]);
            done = repeat.at;
            if let Some(more) = length.checked_sub(1) {
                sql.push_str(repeat.text.trim_start_matches(", "));
                sql.push_str(&repeat.text.repeat(more));
            }
        }
        sql.push_str(&self.sql[done..]);
        sql.into()
    }
}

/// The value of an argument; the walk that numbered the slots has given one for each.
fn value(argument: &Argument, given: &[Given<'_>]) -> Option<Value> {
    match argument {
        Argument::Value(value) => Some(value.clone()),
        Argument::Slot(slot) => match given.get(slot.number)? {
            Given::One(value) => Some((*value).clone()),
            many => {
                let mut values = Vec::new();
                list(Some(many), &mut values);
                Some(Value::List(slot.kind, values))
            }
        },
        Argument::Pattern(slot, part, make) => match given.get(slot.number)? {
            Given::One(Value::Text(text)) => Some(Value::Text(make(*part, text))),
            _ => None,
        },
        Argument::DocumentText(slot) => match given.get(slot.number)? {
            Given::One(Value::Json(document)) => Some(Value::Text(document.to_string())),
            _ => None,
        },
        Argument::Year(slot, edge) => match given.get(slot.number)? {
            Given::One(year) => edge.of(year),
            _ => None,
        },
        Argument::Array(kind, items) => {
            let values = items.iter().filter_map(|item| value(item, given)).collect();
            Some(Value::List(*kind, values))
        }
        Argument::Each(_) => None,
    }
}

/// The values of a list.
fn list(given: Option<&Given<'_>>, into: &mut Vec<Value>) {
    match given {
        Some(Given::One(value)) => into.push((*value).clone()),
        Some(Given::Keys(values)) => into.extend_from_slice(values),
        Some(Given::Distinct(all)) => {
            into.reserve(all.len());
            let values = all.iter().filter_map(|expr| match expr {
                Expr::Value(value) if !value.is_null() => Some(value),
                _ => None,
            });
            if ascending(values.clone()) {
                into.extend(values.cloned());
            } else {
                let mut seen = HashSet::with_capacity(all.len());
                into.extend(values.filter(|value| seen.insert(*value)).cloned());
            }
        }
        None => {}
    }
}

/// Whether values are integers in their order, none of them twice: keys often are.
fn ascending<'a>(mut values: impl Iterator<Item = &'a Value>) -> bool {
    let mut last = None;
    values.all(|value| match (value, last) {
        (Value::Int(number), before) if before.is_none_or(|before| before < *number) => {
            last = Some(*number);
            true
        }
        _ => false,
    })
}
