//! Functions that a program defines.

use super::Function;

/// What [`define_function!`](crate::define_function) submits.
#[doc(hidden)]
pub struct Defined(pub &'static Function);

inventory::collect!(Defined);

pub(super) fn defined() -> impl Iterator<Item = &'static Function> {
    inventory::iter::<Defined>().map(|defined| defined.0)
}

/// Defines functions of the database, for typed queries and by name.
///
/// A line says what it is of and what it gives (`Option<…>` where that may be NULL although no
/// argument is), and a text for each database how it is called: `$1` is the first argument, `$*` all
/// of them with commas between. A database that is left out cannot do it, and queries with it fail
/// there before anything is run. Names of functions that there are already cannot be taken again:
/// by name the older one is found.
///
/// What it makes is a Rust function that takes values, fields and expressions. By name the function
/// is known to [`DynExpr::function`](crate::dynamic::DynExpr::function) and the query shell, and one
/// of a single argument also stands in names, as transforms do: `name__squeezed`.
///
/// ```
/// orm_core::define_function! {
///     /// The text without its blanks.
///     pub fn squeezed(text: String) -> String {
///         sqlite: "REPLACE($1, ' ', '')",
///         postgres: "REPLACE($1, ' ', '')",
///         mysql: "REPLACE($1, ' ', '')",
///     }
///
///     /// How far apart two points of a line are.
///     pub fn gap(from: f64, to: f64) -> f64 {
///         sqlite: "ABS($1 - $2)",
///         postgres: "ABS($1 - $2)",
///         mysql: "ABS($1 - $2)",
///     }
/// }
/// ```
///
/// Then `|s| squeezed(s.name()).eq("ab")`, `|s| gap(s.start(), 0.0)`.
#[macro_export]
macro_rules! define_function {
    ($(
        $(#[$about:meta])*
        $vis:vis fn $name:ident($($arg:ident: $type:ty),* $(,)?) -> $out:ty {
            $($database:ident: $sql:literal),+ $(,)?
        }
    )+) => { $(
        $(#[$about])*
        #[allow(non_camel_case_types)]
        $vis fn $name<R, $($arg: $crate::fields::IntoExpr<$type, R>),*>(
            $($arg: $arg),*
        ) -> $crate::fields::TypedExpr<
            R,
            <$out as $crate::fields::IntoTyped<R>>::Sql,
            $crate::__null_of!(R, <$out as $crate::fields::IntoTyped<R>>::C, $($arg: $type),*),
        > {
            static FUNCTION: $crate::query::Function = $crate::query::Function {
                name: stringify!($name),
                class: stringify!($name),
                arity: {
                    let count = [$(stringify!($arg)),*].len();
                    (count, count)
                },
                sql: $crate::query::Sql::none()$(.$database($sql))+,
                output: $crate::query::Output::Is(<<$out as $crate::fields::IntoTyped<()>>::Sql as $crate::FieldType>::COLUMN),
                transform: [$(stringify!($arg)),*].len() == 1,
                alike: false,
                input: $crate::__first_input!($($type),*),
            };
            $crate::private::inventory::submit! { $crate::query::function::Defined(&FUNCTION) }
            $crate::fields::TypedExpr::new($crate::query::Expr::Call {
                function: &FUNCTION,
                args: vec![$($crate::fields::IntoExpr::<$type, R>::into_expr($arg)),*],
            })
        }
    )+ };
}

/// NULL where one of the arguments is.
#[doc(hidden)]
#[macro_export]
macro_rules! __null_of {
    ($r:ident, $so_far:ty,) => { $so_far };
    ($r:ident, $so_far:ty, $arg:ident: $type:ty $(, $more:ident: $more_type:ty)*) => {
        $crate::__null_of!(
            $r,
            <$so_far as $crate::fields::Cardinality>::Both<<$arg as $crate::fields::IntoExpr<$type, $r>>::C>,
            $($more: $more_type),*
        )
    };
}

#[doc(hidden)]
#[macro_export]
macro_rules! __first_input {
    () => {
        $crate::query::Input::Any
    };
    ($first:ty $(, $more:ty)*) => {
        $crate::query::Input::Only(<$first as $crate::FieldType>::COLUMN.kind())
    };
}
