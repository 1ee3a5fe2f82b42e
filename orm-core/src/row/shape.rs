//! A whole row: a part, or a tuple of parts.

use super::Part;
use crate::error::Result;
use crate::exec::Source;

/// A whole row, as `values` and `aggregate` give it.
pub trait Shape: Clone + Sized + Send + 'static {
    /// Reads it, and moves the position behind it.
    ///
    /// # Errors
    /// [`Error::Decode`](crate::Error::Decode) where a cell does not fit.
    fn read<S: Source>(source: &mut S, at: &mut usize) -> Result<Self>;
}

impl<T: Part> Shape for T {
    fn read<S: Source>(source: &mut S, at: &mut usize) -> Result<Self> {
        let part = T::read(source, *at)?;
        *at += T::width();
        Ok(part)
    }
}

macro_rules! tuples {
    ($($($name:ident)+;)*) => { $(
        impl<$($name: Shape),+> Shape for ($($name,)+) {
            fn read<Src: Source>(source: &mut Src, at: &mut usize) -> Result<Self> {
                Ok(($($name::read(source, at)?,)+))
            }
        }
    )* };
}

tuples! {
    A;
    A B;
    A B C;
    A B C D;
    A B C D E;
    A B C D E F;
    A B C D E F G;
    A B C D E F G H;
    A B C D E F G H I;
    A B C D E F G H I J;
    A B C D E F G H I J K;
    A B C D E F G H I J K L;
}
