//! `+ - * / %` between columns, expressions and values.

use super::{Cardinality, Field, IntoExpr, Number, TypedExpr};
use crate::query::{ArithmeticOp, Expr};
use std::ops::{Add, Div, Mul, Neg, Rem, Sub};

macro_rules! operators {
    ($($trait:ident $method:ident;)*) => { $(
        impl<R, T: Number, C: Cardinality, V: IntoExpr<T, R>> $trait<V> for Field<R, T, C> {
            type Output = TypedExpr<R, T, C::Both<V::C>>;

            fn $method(self, other: V) -> Self::Output {
                compute(ArithmeticOp::$trait, self.into_expr(), other.into_expr())
            }
        }

        impl<R, T: Number, C: Cardinality, K, V: IntoExpr<T, R>> $trait<V> for TypedExpr<R, T, C, K> {
            type Output = TypedExpr<R, T, C::Both<V::C>>;

            fn $method(self, other: V) -> Self::Output {
                compute(ArithmeticOp::$trait, self.into_expr(), other.into_expr())
            }
        }
    )* };
}

operators! {
    Add add;
    Sub sub;
    Mul mul;
    Div div;
    Rem rem;
}

// As Django has it: `F("votes") * -1`.

impl<R, T: Number, C> Neg for Field<R, T, C> {
    type Output = TypedExpr<R, T, C>;

    fn neg(self) -> Self::Output {
        compute(ArithmeticOp::Mul, self.into_expr(), Expr::Value(T::MINUS_ONE))
    }
}

impl<R, T: Number, C, K> Neg for TypedExpr<R, T, C, K> {
    type Output = TypedExpr<R, T, C>;

    fn neg(self) -> Self::Output {
        compute(ArithmeticOp::Mul, self.into_expr(), Expr::Value(T::MINUS_ONE))
    }
}

pub(super) fn compute<R, T, C, K>(op: ArithmeticOp, left: Expr, right: Expr) -> TypedExpr<R, T, C, K> {
    TypedExpr::new(Expr::Arithmetic {
        op,
        left: Box::new(left),
        right: Box::new(right),
    })
}
