//! Functions of texts.

use super::sql_expr::{call, call_with};
use super::{Cardinality, IntoExpr, SqlExpr, Text, TypedExpr};
use crate::query::function;

/// What can be made of a text: Django's text functions.
///
/// Positions count from 1. The result is NULL where the text or an argument is.
///
/// ```
/// # use orm_core as orm;
/// # use orm::fields::{Field, One, TextExpr, TypedExpr};
/// # fn example<M>(title: Field<M, String, One>) -> TypedExpr<M, String, One> {
/// title.replace("The ", "").left(10).upper()
/// # }
/// ```
pub trait TextExpr<R>: SqlExpr<R> {
    /// The text in lower case.
    fn lower(self) -> TypedExpr<R, String, Self::C>
    where
        Self::Sql: Text,
    {
        call(self.into_sql(), &function::LOWER)
    }

    /// The text in upper case.
    fn upper(self) -> TypedExpr<R, String, Self::C>
    where
        Self::Sql: Text,
    {
        call(self.into_sql(), &function::UPPER)
    }

    /// How many characters the text has.
    fn length(self) -> TypedExpr<R, i64, Self::C>
    where
        Self::Sql: Text,
    {
        call(self.into_sql(), &function::LENGTH)
    }

    /// Without the blanks at its beginning and its end.
    fn trim(self) -> TypedExpr<R, String, Self::C>
    where
        Self::Sql: Text,
    {
        call(self.into_sql(), &function::TRIM)
    }

    /// Without the blanks at its beginning.
    fn ltrim(self) -> TypedExpr<R, String, Self::C>
    where
        Self::Sql: Text,
    {
        call(self.into_sql(), &function::LTRIM)
    }

    /// Without the blanks at its end.
    fn rtrim(self) -> TypedExpr<R, String, Self::C>
    where
        Self::Sql: Text,
    {
        call(self.into_sql(), &function::RTRIM)
    }

    /// The text with another one in place of each occurrence of a piece.
    fn replace<A: IntoExpr<String, R>, B: IntoExpr<String, R>>(
        self,
        piece: A,
        by: B,
    ) -> TypedExpr<R, String, <<Self::C as Cardinality>::Both<A::C> as Cardinality>::Both<B::C>>
    where
        Self::Sql: Text,
    {
        let more = [piece.into_expr(), by.into_expr()];
        call_with(self.into_sql(), &function::REPLACE, more)
    }

    /// So many of its first characters.
    fn left<N: IntoExpr<i64, R>>(self, characters: N) -> TypedExpr<R, String, <Self::C as Cardinality>::Both<N::C>>
    where
        Self::Sql: Text,
    {
        call_with(self.into_sql(), &function::LEFT, [characters.into_expr()])
    }

    /// So many of its last characters.
    fn right<N: IntoExpr<i64, R>>(self, characters: N) -> TypedExpr<R, String, <Self::C as Cardinality>::Both<N::C>>
    where
        Self::Sql: Text,
    {
        call_with(self.into_sql(), &function::RIGHT, [characters.into_expr()])
    }

    /// So many characters from a position on, the first of which is 1.
    fn substr<P: IntoExpr<i64, R>, N: IntoExpr<i64, R>>(
        self,
        position: P,
        characters: N,
    ) -> TypedExpr<R, String, <<Self::C as Cardinality>::Both<P::C> as Cardinality>::Both<N::C>>
    where
        Self::Sql: Text,
    {
        let more = [position.into_expr(), characters.into_expr()];
        call_with(self.into_sql(), &function::SUBSTR, more)
    }

    /// All characters from a position on, the first of which is 1.
    fn substr_from<P: IntoExpr<i64, R>>(self, position: P) -> TypedExpr<R, String, <Self::C as Cardinality>::Both<P::C>>
    where
        Self::Sql: Text,
    {
        call_with(self.into_sql(), &function::SUBSTR, [position.into_expr()])
    }

    /// Filled up from the left to so many characters; a longer text is cut to them.
    fn lpad<N: IntoExpr<i64, R>, F: IntoExpr<String, R>>(
        self,
        characters: N,
        fill: F,
    ) -> TypedExpr<R, String, <<Self::C as Cardinality>::Both<N::C> as Cardinality>::Both<F::C>>
    where
        Self::Sql: Text,
    {
        let more = [characters.into_expr(), fill.into_expr()];
        call_with(self.into_sql(), &function::LPAD, more)
    }

    /// Filled up from the right to so many characters; a longer text is cut to them.
    fn rpad<N: IntoExpr<i64, R>, F: IntoExpr<String, R>>(
        self,
        characters: N,
        fill: F,
    ) -> TypedExpr<R, String, <<Self::C as Cardinality>::Both<N::C> as Cardinality>::Both<F::C>>
    where
        Self::Sql: Text,
    {
        let more = [characters.into_expr(), fill.into_expr()];
        call_with(self.into_sql(), &function::RPAD, more)
    }

    /// The text so many times.
    fn repeat<N: IntoExpr<i64, R>>(self, times: N) -> TypedExpr<R, String, <Self::C as Cardinality>::Both<N::C>>
    where
        Self::Sql: Text,
    {
        call_with(self.into_sql(), &function::REPEAT, [times.into_expr()])
    }

    /// From its last character to its first.
    fn reverse(self) -> TypedExpr<R, String, Self::C>
    where
        Self::Sql: Text,
    {
        call(self.into_sql(), &function::REVERSE)
    }

    /// Where a piece of it begins, from 1; 0 where there is none.
    fn str_index<P: IntoExpr<String, R>>(self, piece: P) -> TypedExpr<R, i64, <Self::C as Cardinality>::Both<P::C>>
    where
        Self::Sql: Text,
    {
        call_with(self.into_sql(), &function::STR_INDEX, [piece.into_expr()])
    }

    /// The code of its first character; on MySQL and MariaDB it is that of the character's bytes.
    fn ord(self) -> TypedExpr<R, i64, Self::C>
    where
        Self::Sql: Text,
    {
        call(self.into_sql(), &function::ORD)
    }

    /// Its MD5 sum, as hexadecimal digits.
    fn md5(self) -> TypedExpr<R, String, Self::C>
    where
        Self::Sql: Text,
    {
        call(self.into_sql(), &function::MD5)
    }
}

impl<R, E: SqlExpr<R>> TextExpr<R> for E {}
