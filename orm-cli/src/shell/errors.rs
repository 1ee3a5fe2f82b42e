//! `ShellError`: what went wrong, as Python would tell it.

use std::fmt;

/// What evaluating returns.
pub type Result<T, E = ShellError> = std::result::Result<T, E>;

/// An error of a text that was evaluated: Python's class and message, in one line.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct ShellError {
    /// `FieldError`
    class: &'static str,
    /// `Cannot resolve keyword 'nope' into field. Choices are: id, name`
    message: String,
    /// where in the text, in bytes; syntax errors have it
    at: Option<usize>,
    /// the text may go on: a bracket is open
    pub(super) incomplete: bool,
}

impl ShellError {
    /// Its class in Python: `FieldError`.
    pub fn class(&self) -> &'static str {
        self.class
    }

    /// What is wrong: `Cannot resolve keyword 'nope' into field. Choices are: id, name`.
    pub fn message(&self) -> &str {
        &self.message
    }

    /// Where in the text, in bytes; syntax errors know it.
    pub fn at(&self) -> Option<usize> {
        self.at
    }

    pub(super) fn new(class: &'static str, message: impl Into<String>) -> Self {
        ShellError {
            class,
            message: message.into(),
            at: None,
            incomplete: false,
        }
    }

    pub(super) fn syntax(at: usize, message: impl Into<String>) -> Self {
        ShellError {
            at: Some(at),
            ..ShellError::new("SyntaxError", message)
        }
    }

    /// A syntax error that more lines may mend.
    pub(super) fn incomplete(at: usize, message: impl Into<String>) -> Self {
        ShellError {
            incomplete: true,
            ..ShellError::syntax(at, message)
        }
    }

    pub(super) fn type_error(message: impl Into<String>) -> Self {
        ShellError::new("TypeError", message)
    }

    pub(super) fn value_error(message: impl Into<String>) -> Self {
        ShellError::new("ValueError", message)
    }

    pub(super) fn attribute(message: impl Into<String>) -> Self {
        ShellError::new("AttributeError", message)
    }

    /// The error with the line of `text` that it is about and a mark below it.
    pub fn shown_in(&self, text: &str) -> String {
        let place = self.at.and_then(|at| Some((text.get(..at)?, text.get(at..)?)));
        let Some((before, after)) = place else {
            return self.to_string();
        };
        let begin = before
            .rfind('\n')
            .map_or(before, |at| before.get(at + 1..).unwrap_or(""));
        let end = after.split('\n').next().unwrap_or("");
        // A long line is cut around the place.
        let begin: Vec<char> = begin.chars().collect();
        let begin: String = begin.iter().skip(begin.len().saturating_sub(60)).collect();
        let end: String = end.chars().take(40).collect();
        let mark = " ".repeat(begin.chars().count());
        format!("  {begin}{end}\n  {mark}^\n{self}")
    }
}

impl fmt::Display for ShellError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // One line, whatever the message holds.
        let message = self.message.replace(['\n', '\r'], " ");
        if message.is_empty() {
            f.write_str(self.class)
        } else {
            write!(f, "{}: {message}", self.class)
        }
    }
}

impl From<orm_core::Error> for ShellError {
    fn from(error: orm_core::Error) -> Self {
        ShellError::new(error.django_class(), error.to_string())
    }
}

impl std::error::Error for ShellError {}
