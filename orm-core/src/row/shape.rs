//! A whole row: a part, or a tuple of parts.

use super::{Handle, Opaque, Part, Spot};
use crate::error::{Error, Result};
use crate::exec::Source;
use crate::fields::{Cardinality, One};
use crate::model::Model;

/// A whole row, as `values` and `aggregate` give it.
pub trait Shape: Clone + Sized + Send + 'static {
    /// what a query on `R` can say about its columns
    type Handle<R: Model>;
    /// the row with one column more: `(A, P)` for `A`, `(A, B, P)` for `(A, B)` …
    type Push<P: Part>: Shape;

    /// Reads it, and moves the position behind it.
    ///
    /// # Errors
    /// [`Error::Decode`](crate::Error::Decode) where a cell does not fit.
    fn read<S: Source>(source: &mut S, at: &mut usize) -> Result<Self>;

    /// The handles of columns that come from there.
    #[doc(hidden)]
    fn handle<R: Model>(spots: &mut dyn Iterator<Item = Spot>) -> Self::Handle<R>;
}

impl<T: Part> Shape for T {
    type Handle<R: Model> = T::Handle<R, One>;
    type Push<P: Part> = (T, P);

    fn read<S: Source>(source: &mut S, at: &mut usize) -> Result<Self> {
        let part = T::read(source, *at)?;
        *at += T::width();
        Ok(part)
    }

    fn handle<R: Model>(spots: &mut dyn Iterator<Item = Spot>) -> Self::Handle<R> {
        let first = spots.next().unwrap_or(Spot::Elsewhere);
        for _ in 1..T::width() {
            spots.next();
        }
        Handle::at(first)
    }
}

macro_rules! tuples {
    ($($($name:ident)+, $push:tt;)*) => { $(
        impl<$($name: Shape),+> Shape for ($($name,)+) {
            type Handle<R: Model> = ($($name::Handle<R>,)+);
            type Push<P: Part> = tuples!(@push $push P $($name)+);

            fn read<Src: Source>(source: &mut Src, at: &mut usize) -> Result<Self> {
                Ok(($($name::read(source, at)?,)+))
            }

            fn handle<R: Model>(spots: &mut dyn Iterator<Item = Spot>) -> Self::Handle<R> {
                ($($name::handle::<R>(spots),)+)
            }
        }
    )* };
    (@push more $new:ident $($name:ident)+) => { ($($name,)+ $new,) };
    (@push full $new:ident $($name:ident)+) => { TooWide };
}

tuples! {
    A, more;
    A B, more;
    A B C, more;
    A B C D, more;
    A B C D E, more;
    A B C D E F, more;
    A B C D E F G, more;
    A B C D E F G H, more;
    A B C D E F G H I, more;
    A B C D E F G H I J, more;
    A B C D E F G H I J K, more;
    A B C D E F G H I J K L, full;
}

/// More than twelve columns: the compiler refuses the query that would read them.
#[derive(Debug, Clone)]
pub enum TooWide {}

impl Part for TooWide {
    type Handle<R: Model, C: Cardinality> = Opaque;

    fn width() -> usize {
        0
    }

    #[allow(clippy::panic, reason = "evaluated by the compiler only")]
    fn read<S: Source>(_: &mut S, at: usize) -> Result<Self> {
        const { panic!("a row of `values` has at most twelve columns; a projection takes more") };
        Err(Error::decode(
            format!("column {at}"),
            "a row of `values` has at most twelve columns",
        ))
    }
}
