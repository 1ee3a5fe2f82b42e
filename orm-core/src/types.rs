//! The types that a column can have.

mod builtin;
mod coerce;
mod format;
mod json;
pub mod us;
mod validate;

pub use crate::dynamic::Dynamic;
pub use coerce::coerce;
pub use json::Json;
pub(crate) use validate::{is_valid_for_certain, validate};

use crate::error::Result;
use crate::exec::Source;
use crate::meta::{Choice, ColumnType, Validator};
use crate::row::Part;
use crate::value::Value;

/// A type that a column can have.
///
/// Derive it for a newtype with `#[derive(FieldType)]`, for an enum with `#[derive(Choices)]`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be a column",
    label = "no column type is known for this",
    note = "derive it: `#[derive(FieldType)]` on a newtype, `#[derive(Choices)]` on an enum; or use `Json<{Self}>`"
)]
pub trait FieldType: Part + Sync {
    /// what the column holds where the field says nothing more
    const COLUMN: ColumnType;
    /// the values allowed, for enums
    const CHOICES: &'static [Choice] = &[];
    /// what every value must satisfy
    const VALIDATORS: &'static [Validator] = &[];

    /// The value for the database.
    fn to_value(&self) -> Value;

    /// The same of a value that is not needed any more: what it owns need not be copied.
    fn take_value(self) -> Value {
        self.to_value()
    }

    /// Reads it from a row.
    ///
    /// # Errors
    /// [`Error::Decode`](crate::Error::Decode) where the cell does not fit.
    fn decode<S: Source>(source: &mut S, at: usize) -> Result<Self>;
}
