//! Tuples of conditions, assignments, order terms, fields and selections.

use super::{FieldList, IntoAssign, IntoOrder, IntoQ, Q, Selection};
use crate::meta::FieldMeta;
use crate::query::{Condition, Expr, OrderTerm};
use crate::row::Extras;

macro_rules! tuples {
    ($($($name:ident $index:tt)+;)*) => { $(
        /// A tuple is AND.
        impl<R, $($name: IntoQ<R>),+> IntoQ<R> for ($($name,)+) {
            fn into_q(self) -> Q<R> {
                Q::from_condition(Condition::Constant(true)) $(& self.$index)+
            }
        }

        impl<R, $($name: IntoAssign<R>),+> IntoAssign<R> for ($($name,)+) {
            fn push(self, to: &mut Vec<(&'static FieldMeta, Expr)>) {
                $(self.$index.push(to);)+
            }
        }

        impl<R, $($name: IntoOrder<R>),+> IntoOrder<R> for ($($name,)+) {
            fn push(self, to: &mut Vec<OrderTerm>) {
                $(self.$index.push(to);)+
            }
        }

        impl<R, $($name: FieldList<R>),+> FieldList<R> for ($($name,)+) {
            fn push(self, to: &mut Vec<&'static FieldMeta>) {
                $(self.$index.push(to);)+
            }
        }

        impl<R, $($name: Selection<R>),+> Selection<R> for ($($name,)+) {
            type Out = ($($name::Out,)+);
            type Append<Given: Extras> = tuples!(@append Given $($name)+);

            fn push(self, to: &mut Vec<Expr>) {
                $(self.$index.push(to);)+
            }
        }
    )* };
    // The first element is appended first, so it stands innermost.
    (@append $x:ident) => { $x };
    (@append $x:ident $first:ident $($rest:ident)*) => { tuples!(@next ($first::Append<$x>) $($rest)*) };
    (@next ($x:ty)) => { $x };
    (@next ($x:ty) $first:ident $($rest:ident)*) => { tuples!(@next ($first::Append<$x>) $($rest)*) };
}

tuples! {
    A 0;
    A 0 B 1;
    A 0 B 1 C 2;
    A 0 B 1 C 2 D 3;
    A 0 B 1 C 2 D 3 E 4;
    A 0 B 1 C 2 D 3 E 4 F 5;
    A 0 B 1 C 2 D 3 E 4 F 5 G 6;
    A 0 B 1 C 2 D 3 E 4 F 5 G 6 H 7;
    A 0 B 1 C 2 D 3 E 4 F 5 G 6 H 7 I 8;
    A 0 B 1 C 2 D 3 E 4 F 5 G 6 H 7 I 8 J 9;
    A 0 B 1 C 2 D 3 E 4 F 5 G 6 H 7 I 8 J 9 K 10;
    A 0 B 1 C 2 D 3 E 4 F 5 G 6 H 7 I 8 J 9 K 10 L 11;
}
