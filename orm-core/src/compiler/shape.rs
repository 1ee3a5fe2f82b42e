//! The shapes of queries: the SQL of each is written once.
//!
//! [`key`] writes the shape of a query down, and [`cache`] keeps the text for it. Where there is none,
//! [`number`] puts a slot in the place of each value, and the text is written with these.

mod cache;
mod check;
mod key;
mod number;
pub(super) mod rows;

use super::draft::Compiled;
use super::statement::Ask;
use crate::error::Result;
use crate::exec::Backend;
use crate::query::Query;
use cache::{Found, Kept, Shapes};
use key::Key;

/// The statement for what is asked of a query: out of its shape's text, which is written once.
pub(super) fn compile(ask: Ask<'_>, query: &Query, backend: Backend) -> Result<Compiled> {
    let mut key = Key::new(backend);
    if key.ask(ask, query, backend).is_err() {
        return compile_anew(ask, query, backend);
    }
    let shapes = cache::shapes(&key);
    let compiled = match shapes.fill(&key) {
        Some(Found::Compiled(compiled)) => compiled,
        Some(Found::Anew) => return compile_anew(ask, query, backend),
        None => learn(ask, query, backend, &key, shapes)?,
    };
    check::same_query(&compiled, || compile_anew(ask, query, backend));
    Ok(compiled)
}

/// The same of a shape that was not there before: its text is written, and kept.
#[cold]
#[inline(never)]
fn learn(ask: Ask<'_>, query: &Query, backend: Backend, key: &Key<'_>, shapes: &Shapes) -> Result<Compiled> {
    let kept = match number::write(ask, query, backend) {
        Ok(Some(draft)) if !draft.undecided => Kept::Text(draft.into()),
        Ok(None) => Kept::Nothing,
        // Another text for other values; or the error of the query itself, with its values.
        Ok(Some(_)) | Err(_) => Kept::Anew,
    };
    let compiled = match &kept {
        Kept::Text(template) => Ok(Compiled::Statement(template.fill(&key.given))),
        Kept::Nothing => Ok(Compiled::Empty),
        Kept::Anew => compile_anew(ask, query, backend),
    };
    shapes.keep(&key.words, kept);
    compiled
}

pub(super) fn compile_anew(ask: Ask<'_>, query: &Query, backend: Backend) -> Result<Compiled> {
    let draft = ask.write(query, backend)?;
    Ok(draft.map_or(Compiled::Empty, |draft| Compiled::Statement(draft.into_statement())))
}
