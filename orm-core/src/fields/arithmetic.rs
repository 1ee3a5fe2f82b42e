//! `+ - * / %` between columns, expressions and values.

use super::{Field, IntoExpr, Numeric, TypedExpr};
use crate::query::{ArithmeticOp, Expr};
use std::ops::{Add, Div, Mul, Rem, Sub};

macro_rules! operators {
    ($($trait:ident $method:ident;)*) => { $(
        impl<R, T: Numeric, C, V: IntoExpr<T, R>> $trait<V> for Field<R, T, C> {
            type Output = TypedExpr<R, T, C>;

            fn $method(self, other: V) -> Self::Output {
                compute(ArithmeticOp::$trait, self.into_expr(), other.into_expr())
            }
        }

        impl<R, T: Numeric, C, K, V: IntoExpr<T, R>> $trait<V> for TypedExpr<R, T, C, K> {
            type Output = TypedExpr<R, T, C, K>;

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

pub(super) fn compute<R, T, C, K>(op: ArithmeticOp, left: Expr, right: Expr) -> TypedExpr<R, T, C, K> {
    TypedExpr::new(Expr::Arithmetic {
        op,
        left: Box::new(left),
        right: Box::new(right),
    })
}
