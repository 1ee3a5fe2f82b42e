//! Everything that is wrong with a model though each part of it can be read.

mod defaults;
mod display;
mod fields;
mod names;
mod relations;
mod rows;

pub use defaults::is_parsed;
pub use display::placeholders;

use crate::errors::Errors;
use crate::parse::Model;

/// Reports all that does not fit together.
pub fn check(model: &Model, errors: &mut Errors) {
    names::check(model, errors);
    fields::primary_key(model, errors);
    for field in &model.fields {
        fields::check(model, field, errors);
        defaults::check(field, errors);
    }
    relations::check(model, errors);
    rows::check(model, errors);
    display::check(model, errors);
}

#[cfg(test)]
mod tests;
