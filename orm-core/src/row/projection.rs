//! `Projection`: a user's struct that is filled from a query, with nothing read but its fields.

use super::Part;
use crate::error::Result;
use crate::exec::Source;
use crate::fields::{FieldSet, One, Optional, Selection};
use crate::model::Model;
use crate::query::Expr;

/// A struct whose fields are read from a query on [`Model`](Self::Model), and nothing else:
/// `Book::objects().project::<BookCard>()`. `#[derive(Projection)]` implements it.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a projection",
    note = "add `#[derive(Projection)]` and `#[projection(model = …)]`"
)]
pub trait Projection: Part {
    /// the model whose rows it is read from
    type Model: Model;

    /// What is read, in the order of the fields.
    #[doc(hidden)]
    fn columns() -> Vec<Expr>;
}

/// A projection within another: itself, or `Option` of it where there may be no row.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a projection, nor an `Option` of one",
    label = "a nested field is a projection of its own",
    note = "add `#[derive(Projection)]` and `#[projection(model = …)]` to it"
)]
pub trait Nested: Sized {
    /// the projection
    type Of: Projection;

    /// Whether a key is read before it, which is NULL where there is no row.
    const KEYED: bool;

    /// Reads it, and moves the position behind it.
    ///
    /// # Errors
    /// [`Error::Decode`](crate::Error::Decode) where a cell does not fit.
    fn read<S: Source>(source: &mut S, at: &mut usize) -> Result<Self>;
}

impl<P: Projection> Nested for P {
    type Of = P;
    const KEYED: bool = false;

    fn read<S: Source>(source: &mut S, at: &mut usize) -> Result<Self> {
        let first = *at;
        *at += P::width();
        <P as Part>::read(source, first)
    }
}

impl<P: Projection> Nested for Option<P> {
    type Of = P;
    const KEYED: bool = true;

    fn read<S: Source>(source: &mut S, at: &mut usize) -> Result<Self> {
        let key = *at;
        *at += 1 + P::width();
        if source.is_null(key)? {
            return Ok(None);
        }
        <P as Part>::read(source, key + 1).map(Some)
    }
}

/// Paths at whose end a nested field of type `T` can be read.
#[diagnostic::on_unimplemented(
    message = "a nested field of type `{T}` cannot be read at the end of this path",
    label = "one row gives the projection itself, a path that may lead nowhere an `Option` of it",
    note = "the rows at the end of a to-many path are more than one: use `prefetch_related` for those"
)]
pub trait Reaches<T> {}

#[diagnostic::do_not_recommend]
impl<P: Projection> Reaches<P> for One {}
#[diagnostic::do_not_recommend]
impl<P: Projection> Reaches<Option<P>> for Optional {}

/// What a column gives, as the type of the field that it is read into.
#[diagnostic::on_unimplemented(
    message = "this column gives `{Self}`, and the field is `{T}`",
    label = "expected `{Self}`"
)]
pub trait ReadAs<T> {}

#[diagnostic::do_not_recommend]
impl<T> ReadAs<T> for T {}

/// Reads one field.
#[doc(hidden)]
pub fn project<M: Model, T, S: Selection<M, Out: ReadAs<T>>>(
    column: impl FnOnce(M::Fields<M, One>) -> S,
    to: &mut Vec<Expr>,
) {
    column(crate::fields::root::<M>()).push(to);
}

/// Reads the fields of a projection at the end of a path.
#[doc(hidden)]
pub fn nest<M: Model, T, F>(path: impl FnOnce(M::Fields<M, One>) -> F, to: &mut Vec<Expr>)
where
    T: Nested,
    F: FieldSet<Root = M, Card: Reaches<T>, Model = <<T as Nested>::Of as Projection>::Model>,
{
    let fields = path(crate::fields::root::<M>());
    if T::KEYED {
        to.push(fields.key());
    }
    let columns = T::Of::columns().into_iter();
    to.extend(columns.map(|column| column.behind(fields.path())));
}
