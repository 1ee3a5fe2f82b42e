//! What `annotate`, `select_related` and `prefetch_related` add to each row, as a tuple type.

use super::{Part, Shape};
use crate::error::Result;
use crate::exec::Source;
use std::any::Any;

/// The parts that were added to each row: `()`, `(A,)`, `(A, B)` … up to eight.
pub trait Extras: Send + 'static {
    /// the row: `M`, `(M, A)`, `(M, A, B)` …
    type Row<M: Part>: Shape;
    /// with one part more
    type Push<P: Part>: Extras;

    /// The model of a row.
    #[doc(hidden)]
    fn model<M: Part>(row: &Self::Row<M>) -> &M;

    /// Reads a row.
    #[doc(hidden)]
    fn read<M: Part, S: Source>(source: &mut S) -> Result<Self::Row<M>>;

    /// Gives the rows of a prefetch to the part with that index.
    #[doc(hidden)]
    fn fill<M: Part>(row: &mut Self::Row<M>, index: usize, rows: &mut dyn Any);
}

impl Extras for () {
    type Row<M: Part> = M;
    type Push<P: Part> = (P,);

    fn model<M: Part>(row: &M) -> &M {
        row
    }

    fn read<M: Part, S: Source>(source: &mut S) -> Result<M> {
        M::read(source, 0)
    }

    fn fill<M: Part>(_: &mut M, _: usize, _: &mut dyn Any) {}
}

macro_rules! extras {
    ($($($name:ident $index:tt)+, [$($push:tt)*];)*) => { $(
        impl<$($name: Part),+> Extras for ($($name,)+) {
            type Row<M: Part> = (M, $($name),+);
            type Push<P: Part> = extras!(@push [$($push)*] P $($name)+);

            fn model<M: Part>(row: &Self::Row<M>) -> &M {
                &row.0
            }

            fn read<M: Part, Src: Source>(source: &mut Src) -> Result<Self::Row<M>> {
                <Self::Row<M> as Shape>::read(source, &mut 0)
            }

            fn fill<M: Part>(row: &mut Self::Row<M>, index: usize, rows: &mut dyn Any) {
                match index + 1 {
                    $($index => row.$index.fill(rows),)+
                    _ => {}
                }
            }
        }
    )* };
    (@push [more] $new:ident $($name:ident)+) => { ($($name,)+ $new,) };
    (@push [full] $new:ident $($name:ident)+) => { TooMany };
}

extras! {
    A 1, [more];
    A 1 B 2, [more];
    A 1 B 2 C 3, [more];
    A 1 B 2 C 3 D 4, [more];
    A 1 B 2 C 3 D 4 E 5, [more];
    A 1 B 2 C 3 D 4 E 5 F 6, [more];
    A 1 B 2 C 3 D 4 E 5 F 6 G 7, [more];
    A 1 B 2 C 3 D 4 E 5 F 6 G 7 H 8, [full];
}

/// More than eight parts: the compiler refuses the query that would read them.
#[derive(Debug)]
pub enum TooMany {}

impl Extras for TooMany {
    type Row<M: Part> = M;
    type Push<P: Part> = TooMany;

    fn model<M: Part>(row: &M) -> &M {
        row
    }

    #[allow(clippy::panic, reason = "evaluated by the compiler only")]
    fn read<M: Part, S: Source>(source: &mut S) -> Result<M> {
        const { panic!("at most eight parts can be added to each row by `annotate`, `select_related`, `prefetch_related`") };
        M::read(source, 0)
    }

    fn fill<M: Part>(_: &mut M, _: usize, _: &mut dyn Any) {}
}
