//! What a row becomes: models, values and what was added to them, read by position.

mod extras;
mod handle;
mod projection;
mod shape;

pub use extras::Extras;
pub use handle::{Handle, Opaque, Spot};
pub use projection::{Nested, Projection, Reaches, ReadAs, nest, project};
pub use shape::Shape;

use crate::error::Result;
use crate::exec::Source;
use crate::fields::Cardinality;
use crate::model::Model;
use std::any::Any;

/// One part of a row: a model, a value, or a list that is filled in later.
///
/// The derives implement it; `Option` of a part is NULL where the part's first column is.
pub trait Part: Clone + Sized + Send + 'static {
    /// what a query on `R` can say about it, once it was added to the rows over such a path
    type Handle<R: Model, C: Cardinality>: Handle;

    /// How many columns it takes.
    fn width() -> usize;

    /// Reads it from the columns that begin at `at`.
    ///
    /// # Errors
    /// [`Error::Decode`](crate::Error::Decode) where a cell does not fit.
    fn read<S: Source>(source: &mut S, at: usize) -> Result<Self>;

    /// Whether there is nothing at `at`: an outer join found no row.
    ///
    /// # Errors
    /// [`Error::Decode`](crate::Error::Decode) where there is no such column.
    fn is_null<S: Source>(source: &mut S, at: usize) -> Result<bool> {
        source.is_null(at)
    }

    /// Takes the rows that a prefetch found for it: a `Vec` of the list's own type.
    #[doc(hidden)]
    fn fill(&mut self, rows: &mut dyn Any) {
        let _ = rows;
    }
}

impl<T: Part> Part for Option<T> {
    type Handle<R: Model, C: Cardinality> = T::Handle<R, C::Opt>;

    fn width() -> usize {
        T::width()
    }

    fn read<S: Source>(source: &mut S, at: usize) -> Result<Self> {
        if T::is_null(source, at)? {
            Ok(None)
        } else {
            T::read(source, at).map(Some)
        }
    }
}

/// The rows of a prefetch: nothing of them is in the parent's row.
impl<T: Shape> Part for Vec<T> {
    type Handle<R: Model, C: Cardinality> = Opaque;

    fn width() -> usize {
        0
    }

    fn read<S: Source>(_: &mut S, _: usize) -> Result<Self> {
        Ok(Vec::new())
    }

    fn fill(&mut self, rows: &mut dyn Any) {
        if let Some(rows) = rows.downcast_mut::<Vec<T>>() {
            *self = std::mem::take(rows);
        }
    }
}
