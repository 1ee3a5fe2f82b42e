//! The query shell: Django's own spelling of a query, evaluated over the registered models.
//!
//! A text goes through words ([`lexer`]) and statements ([`parser`]) to values; everything that a
//! text can do is bounded by [`limits`].
#![cfg_attr(not(test), expect(dead_code, reason = "the evaluator follows"))]

mod ast;
mod errors;
mod lexer;
mod limits;
mod parser;
mod token;

pub use errors::{Result, ShellError};
