//! The bodies of the flat lookup builders, `headline__startswith(v)`.
//!
//! A model has a hundred of them. The derive names them, and `flat_lookups!` writes them: the
//! compiler expands that much faster than a procedural macro can write it.

use crate::fields::{IntoExpr, IntoKey, IntoKeys, IntoList, Q};
use crate::model::Model;
use crate::query::{Condition, Expr, Function, Lookup, Operand, Path, lookup};

/// Writes the methods: `value [name__gt 3 i32 GT,]` and so on for each way of taking an operand.
#[doc(hidden)]
#[macro_export]
macro_rules! __flat_lookups {
    (
        $vis:vis $model:ident $root:ident $value:ident $second:ident
        nullable [$($n_name:ident $n_index:literal [$($n_type:tt)*], $n_lookup:ident;)*]
        value [$($v_name:ident $v_index:literal [$($v_type:tt)*], $v_lookup:ident;)*]
        pair [$($p_name:ident $p_index:literal [$($p_type:tt)*];)*]
        list [$($l_name:ident $l_index:literal [$($l_type:tt)*];)*]
        flag [$($f_name:ident $f_index:literal;)*]
        part_nullable [$($pn_name:ident $pn_index:literal $pn_part:ident $pn_lookup:ident;)*]
        part_value [$($pv_name:ident $pv_index:literal $pv_part:ident $pv_lookup:ident;)*]
        part_list [$($pl_name:ident $pl_index:literal $pl_part:ident;)*]
        relation [$($r_exact:ident $r_in:ident $r_null:ident $r_step:ident $r_index:literal [$($r_target:tt)*];)*]
    ) => {
        $(
            /// The lookup of that name, as in Django.
            $vis fn $n_name<$value: $crate::private::IntoExpr<$($n_type)*, $root>>(&self, value: $value) -> $crate::Q<$root> {
                $crate::private::flat::<$model, $($n_type)*, _, _>(&self.path, $n_index, &$crate::private::lookups::$n_lookup, value)
            }
        )*
        $(
            /// The lookup of that name, as in Django.
            $vis fn $v_name<$value: $crate::private::IntoExpr<$($v_type)*, $root, Null: $crate::private::NotNull>>(
                &self,
                value: $value,
            ) -> $crate::Q<$root> {
                $crate::private::flat::<$model, $($v_type)*, _, _>(&self.path, $v_index, &$crate::private::lookups::$v_lookup, value)
            }
        )*
        $(
            /// The lookup of that name, as in Django.
            $vis fn $p_name<
                $value: $crate::private::IntoExpr<$($p_type)*, $root, Null: $crate::private::NotNull>,
                $second: $crate::private::IntoExpr<$($p_type)*, $root, Null: $crate::private::NotNull>,
            >(
                &self,
                value: ($value, $second),
            ) -> $crate::Q<$root> {
                $crate::private::flat_range::<$model, $($p_type)*, _, _, _>(&self.path, $p_index, value)
            }
        )*
        $(
            /// The lookup of that name, as in Django.
            $vis fn $l_name<$value: $crate::private::IntoList<$($l_type)*, $root>>(&self, value: $value) -> $crate::Q<$root> {
                $crate::private::flat_in::<$model, $($l_type)*, _, _>(&self.path, $l_index, value)
            }
        )*
        $(
            /// The lookup of that name, as in Django.
            $vis fn $f_name(&self, value: bool) -> $crate::Q<$root> {
                $crate::private::flat_isnull::<$model, _>(&self.path, $f_index, value)
            }
        )*
        $(
            /// The lookup of that name, as in Django.
            $vis fn $pn_name<$value: $crate::private::IntoExpr<i32, $root>>(&self, value: $value) -> $crate::Q<$root> {
                $crate::private::flat_part::<$model, _, _>(
                    &self.path,
                    $pn_index,
                    &$crate::private::functions::$pn_part,
                    &$crate::private::lookups::$pn_lookup,
                    value,
                )
            }
        )*
        $(
            /// The lookup of that name, as in Django.
            $vis fn $pv_name<$value: $crate::private::IntoExpr<i32, $root, Null: $crate::private::NotNull>>(
                &self,
                value: $value,
            ) -> $crate::Q<$root> {
                $crate::private::flat_part::<$model, _, _>(
                    &self.path,
                    $pv_index,
                    &$crate::private::functions::$pv_part,
                    &$crate::private::lookups::$pv_lookup,
                    value,
                )
            }
        )*
        $(
            /// The lookup of that name, as in Django.
            $vis fn $pl_name<$value: $crate::private::IntoList<i32, $root>>(&self, value: $value) -> $crate::Q<$root> {
                $crate::private::flat_part_in::<$model, _, _>(
                    &self.path,
                    $pl_index,
                    &$crate::private::functions::$pl_part,
                    value,
                )
            }
        )*
        $(
            /// The lookup of that name, as in Django.
            $vis fn $r_exact<$value: $crate::private::IntoKey<$($r_target)*>>(&self, value: $value) -> $crate::Q<$root> {
                $crate::private::relation_exact::<$($r_target)*, _, _>(
                    $crate::private::$r_step::<$model>(&self.path, $r_index),
                    value,
                )
            }

            /// The lookup of that name, as in Django.
            $vis fn $r_in<$value: $crate::private::IntoKeys<$($r_target)*>>(&self, value: $value) -> $crate::Q<$root> {
                $crate::private::relation_in::<$($r_target)*, _, _>(
                    $crate::private::$r_step::<$model>(&self.path, $r_index),
                    value,
                )
            }

            /// The lookup of that name, as in Django.
            $vis fn $r_null(&self, value: bool) -> $crate::Q<$root> {
                $crate::private::relation_isnull::<$($r_target)*, _>(
                    $crate::private::$r_step::<$model>(&self.path, $r_index),
                    value,
                )
            }
        )*
    };
}

pub use __flat_lookups as flat_lookups;

fn column<M: Model>(path: &Path, index: usize) -> Expr {
    Expr::Column {
        path: path.clone(),
        field: &M::meta().fields[index],
    }
}

fn part<M: Model>(path: &Path, index: usize, function: &'static Function) -> Expr {
    Expr::Call {
        function,
        args: vec![column::<M>(path, index)],
    }
}

fn condition<R>(left: Expr, lookup: &'static Lookup, right: Operand) -> Q<R> {
    Q::from_condition(Condition::lookup(left, lookup, right))
}

/// A column and a value.
pub fn flat<M: Model, T, R, V: IntoExpr<T, R>>(path: &Path, index: usize, lookup: &'static Lookup, value: V) -> Q<R> {
    condition(column::<M>(path, index), lookup, Operand::One(value.into_expr()))
}

/// A column between two values.
pub fn flat_range<M: Model, T, R, A: IntoExpr<T, R>, B: IntoExpr<T, R>>(
    path: &Path,
    index: usize,
    (first, second): (A, B),
) -> Q<R> {
    let bounds = Operand::Pair(first.into_expr(), second.into_expr());
    condition(column::<M>(path, index), &lookup::RANGE, bounds)
}

/// A column among values.
pub fn flat_in<M: Model, T, R, V: IntoList<T, R>>(path: &Path, index: usize, values: V) -> Q<R> {
    condition(column::<M>(path, index), &lookup::IN, values.into_operand())
}

/// A column that is NULL, or not.
pub fn flat_isnull<M: Model, R>(path: &Path, index: usize, yes: bool) -> Q<R> {
    condition(column::<M>(path, index), &lookup::ISNULL, Operand::Flag(yes))
}

/// A part of a date and a value.
pub fn flat_part<M: Model, R, V: IntoExpr<i32, R>>(
    path: &Path,
    index: usize,
    function: &'static Function,
    lookup: &'static Lookup,
    value: V,
) -> Q<R> {
    let value = Operand::One(value.into_expr());
    condition(part::<M>(path, index, function), lookup, value)
}

/// A part of a date among values.
pub fn flat_part_in<M: Model, R, V: IntoList<i32, R>>(
    path: &Path,
    index: usize,
    function: &'static Function,
    values: V,
) -> Q<R> {
    condition(part::<M>(path, index, function), &lookup::IN, values.into_operand())
}

/// The row at the end of a path is this one.
pub fn relation_exact<M: Model, R, K: IntoKey<M>>(path: Path, row: K) -> Q<R> {
    let row = Operand::One(Expr::Value(row.into_value()));
    condition(Expr::key(path, M::meta()), &lookup::EXACT, row)
}

/// The row at the end of a path is one of these.
pub fn relation_in<M: Model, R, K: IntoKeys<M>>(path: Path, rows: K) -> Q<R> {
    condition(Expr::key(path, M::meta()), &lookup::IN, rows.into_operand())
}

/// There is no row at the end of a path, or there is one.
pub fn relation_isnull<M: Model, R>(path: Path, yes: bool) -> Q<R> {
    condition(Expr::key(path, M::meta()), &lookup::ISNULL, Operand::Flag(yes))
}
