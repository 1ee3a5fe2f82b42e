//! `Writer`: SQL text in the making, with its arguments in order.

use crate::dialect::{self, Dialect};
use crate::error::Result;
use crate::exec::Backend;
use crate::names;
use crate::value::Value;

/// SQL text in the making.
pub(crate) struct Writer {
    pub(super) sql: String,
    pub(super) args: Vec<Value>,
    dialect: &'static dyn Dialect,
}

impl Writer {
    pub(super) fn new(backend: Backend) -> Self {
        Writer {
            sql: String::with_capacity(256),
            args: Vec::new(),
            dialect: dialect::of(backend),
        }
    }

    /// A writer for a piece on its own, whose arguments count on from here.
    pub(super) fn again(&self) -> Self {
        Writer {
            sql: String::new(),
            args: Vec::new(),
            dialect: self.dialect,
        }
    }

    pub(super) fn dialect(&self) -> &'static dyn Dialect {
        self.dialect
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

    /// Appends a placeholder and its argument.
    pub(crate) fn argument(&mut self, value: Value) {
        self.args.push(value);
        self.dialect.placeholder(self.args.len(), &mut self.sql);
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
}
