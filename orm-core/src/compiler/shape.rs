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
use super::draft::Template;
use super::statement::Ask;
use crate::error::Result;
use crate::exec::Backend;
use crate::query::Query;
use cache::SHAPES;
use key::Key;

/// The statement for what is asked of a query: out of its shape's text, which is written once.
pub(super) fn compile(ask: Ask<'_>, query: &Query, backend: Backend) -> Result<Compiled> {
    let mut key = Key::new(backend);
    if key.ask(ask, query, backend).is_err() {
        return compile_anew(ask, query, backend);
    }
    let compiled = match SHAPES.fill(&key) {
        Some(compiled) => compiled,
        None => {
            let Ok(draft) = number::write(ask, query, backend) else {
                // The error of the query itself, with its values.
                return compile_anew(ask, query, backend);
            };
            let template = draft.map(Template::from);
            let compiled = filled(template.as_ref(), &key);
            SHAPES.keep(&key.words, template);
            compiled
        }
    };
    check::same_query(&compiled, || compile_anew(ask, query, backend));
    Ok(compiled)
}

/// What a kept text becomes with a query's values.
fn filled(template: Option<&Template>, key: &Key<'_>) -> Compiled {
    template.map_or(Compiled::Empty, |template| {
        Compiled::Statement(template.fill(&key.given))
    })
}

pub(super) fn compile_anew(ask: Ask<'_>, query: &Query, backend: Backend) -> Result<Compiled> {
    let draft = ask.write(query, backend)?;
    Ok(draft.map_or(Compiled::Empty, |draft| Compiled::Statement(draft.into_statement())))
}
