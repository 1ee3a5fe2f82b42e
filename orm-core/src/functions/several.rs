//! Functions of any number of values.

use crate::fields::{Cardinality, IntoExpr, IntoTyped, One, SqlExpr, Text, TypedExpr};
use crate::query::{Expr, Function, function};
use crate::types::FieldType;

/// Two to eight values of one type, the first of which is a field or an expression.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a tuple of values of one type",
    label = "expected a field or an expression, and after it values of its type",
    note = "`value(..)` makes a value that can stand first"
)]
pub trait Alike<R> {
    /// the type
    type Sql: FieldType;
    /// NULL where one of them is
    type All: Cardinality;
    /// NULL where all of them are
    type Any: Cardinality;

    /// The untyped expressions.
    fn into_exprs(self) -> Vec<Expr>;
}

/// Two to eight texts: fields, expressions, values.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a tuple of texts",
    label = "expected two to eight text columns, expressions or values"
)]
pub trait Pieces<R> {
    /// The untyped expressions.
    fn into_exprs(self) -> Vec<Expr>;
}

macro_rules! tuples {
    ($($first:ident $($name:ident $index:tt)+;)*) => { $(
        impl<R, $first: SqlExpr<R>, $($name: IntoExpr<$first::Sql, R>),+> Alike<R> for ($first, $($name),+) {
            type Sql = $first::Sql;
            type All = tuples!(@fold Both $first::C, $($name)+; $first);
            type Any = tuples!(@fold Either $first::C, $($name)+; $first);

            fn into_exprs(self) -> Vec<Expr> {
                vec![self.0.into_sql(), $(self.$index.into_expr()),+]
            }
        }

        impl<R, $first: IntoTyped<R, Sql: Text>, $($name: IntoTyped<R, Sql: Text>),+> Pieces<R> for ($first, $($name),+) {
            fn into_exprs(self) -> Vec<Expr> {
                vec![self.0.into_typed(), $(self.$index.into_typed()),+]
            }
        }
    )* };
    (@fold $how:ident $so_far:ty, ; $first:ident) => { $so_far };
    (@fold $how:ident $so_far:ty, $name:ident $($more:ident)*; $first:ident) => {
        tuples!(
            @fold $how
            <$so_far as Cardinality>::$how<<$name as IntoExpr<<$first as SqlExpr<R>>::Sql, R>>::C>,
            $($more)*; $first
        )
    };
}

tuples! {
    A B 1;
    A B 1 C 2;
    A B 1 C 2 D 3;
    A B 1 C 2 D 3 E 4;
    A B 1 C 2 D 3 E 4 F 5;
    A B 1 C 2 D 3 E 4 F 5 G 6;
    A B 1 C 2 D 3 E 4 F 5 G 6 H 7;
}

fn call<R, T, C>(function: &'static Function, args: Vec<Expr>) -> TypedExpr<R, T, C> {
    TypedExpr::new(Expr::Call { function, args })
}

/// The first of the values that is not NULL; it is never NULL where one of them never is.
///
/// `coalesce((b.nick(), b.title()))`, `coalesce((b.nick(), "none"))`
pub fn coalesce<R, A: Alike<R>>(values: A) -> TypedExpr<R, A::Sql, A::Any> {
    call(&function::COALESCE, values.into_exprs())
}

/// The greatest of the values. Where one of them is NULL, the result is NULL on SQLite, MySQL and
/// MariaDB; PostgreSQL leaves NULLs out.
pub fn greatest<R, A: Alike<R>>(values: A) -> TypedExpr<R, A::Sql, A::All> {
    call(&function::GREATEST, values.into_exprs())
}

/// The least of the values; of NULLs the same is true as of [`greatest`].
pub fn least<R, A: Alike<R>>(values: A) -> TypedExpr<R, A::Sql, A::All> {
    call(&function::LEAST, values.into_exprs())
}

/// Texts one after another. NULL counts for an empty text, so that the result is never NULL.
///
/// `concat((p.first_name(), " ", p.last_name()))`
pub fn concat<R, P: Pieces<R>>(pieces: P) -> TypedExpr<R, String, One> {
    let mut pieces = pieces.into_exprs();
    // In pairs from the right, as Django writes it.
    let last = pieces.pop();
    let whole = pieces.into_iter().rev().fold(last, |rest, piece| {
        let args = std::iter::once(piece).chain(rest).collect();
        Some(Expr::Call {
            function: &function::CONCAT_PAIR,
            args,
        })
    });
    TypedExpr::new(whole.unwrap_or(Expr::Value(String::new().to_value())))
}
