//! What `annotate`, `select_related` and `prefetch_related` add to each row, as a tuple type.

use super::{Handle, Part, Shape, Spot};
use crate::error::Result;
use crate::exec::Source;
use crate::fields::One;
use crate::model::Model;
use std::any::Any;

/// The parts that were added to each row: `()`, `(A,)`, `(A, B)` … up to eight.
pub trait Extras: Send + 'static {
    /// the row: `M`, `(M, A)`, `(M, A, B)` …
    type Row<M: Part>: Shape;
    /// with one part more
    type Push<P: Part>: Extras;
    /// a row of columns with these behind it
    type Behind<T: Shape>: Shape;
    /// what a query on `R` can say about them: the handle of one part, a tuple for several
    type Handles<R: Model>;

    /// The handles of parts that come from there.
    #[doc(hidden)]
    fn handles<R: Model>(spots: &mut dyn Iterator<Item = Spot>) -> Self::Handles<R>;

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
    type Behind<T: Shape> = T;
    type Handles<R: Model> = ();

    fn handles<R: Model>(_: &mut dyn Iterator<Item = Spot>) {}

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
            type Behind<Row: Shape> = extras!(@behind (Row) $($name)+);
            type Handles<Root: Model> = extras!(@handles Root $($name)+);

            fn handles<Root: Model>(spots: &mut dyn Iterator<Item = Spot>) -> Self::Handles<Root> {
                extras!(@next spots $($name)+)
            }

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
    (@behind ($row:ty)) => { $row };
    (@behind ($row:ty) $first:ident $($rest:ident)*) => {
        extras!(@behind (<$row as Shape>::Push<$first>) $($rest)*)
    };
    (@handles $root:ident $one:ident) => { $one::Handle<$root, One> };
    (@handles $root:ident $($name:ident)+) => { ($($name::Handle<$root, One>,)+) };
    (@next $spots:ident $one:ident) => { handle($spots.next()) };
    (@next $spots:ident $($name:ident)+) => { ($(extras!(@one $spots $name),)+) };
    (@one $spots:ident $name:ident) => { handle($spots.next()) };
    (@push [more] $new:ident $($name:ident)+) => { ($($name,)+ $new,) };
    (@push [full] $new:ident $($name:ident)+) => { TooMany };
}

fn handle<H: Handle>(spot: Option<Spot>) -> H {
    H::at(spot.unwrap_or(Spot::Elsewhere))
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
    type Behind<T: Shape> = T;
    type Handles<R: Model> = ();

    fn handles<R: Model>(_: &mut dyn Iterator<Item = Spot>) {}

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
