//! `case()`: a value that depends on conditions.

use crate::fields::{Cardinality, IntoExpr, IntoQ, IntoTyped, Optional, TypedExpr};
use crate::query::{Case, Expr};
use crate::types::FieldType;
use crate::value::Value;
use std::marker::PhantomData;

/// `CASE`: the value of the first condition that holds.
///
/// The first `when` says which type the values are of. Without
/// [`otherwise`](TypedExpr::otherwise) the value is NULL where none holds, and is read as an
/// `Option`.
///
/// ```
/// # use orm_core as orm;
/// # use orm::fields::{Field, One, SqlExpr, TypedExpr};
/// # fn example<M>(rating: Field<M, f64, One>) -> TypedExpr<M, String, One> {
/// use orm::functions::case;
/// case()
///     .when(rating.clone().gt(4.5), "great")
///     .when(rating.gt(3), "good")
///     .otherwise("bad")
/// # }
/// ```
pub fn case() -> NoCase {
    NoCase(())
}

/// A `CASE` without any condition yet.
#[derive(Debug, Clone, Copy)]
#[must_use]
pub struct NoCase(());

/// Marks a `CASE` whose values so far are of that cardinality, and which can go on.
#[derive(Debug, Clone, Copy)]
pub struct Cases<C>(PhantomData<C>);

impl NoCase {
    /// What is given where this condition holds.
    pub fn when<R, Q: IntoQ<R>, V: IntoTyped<R>>(
        self,
        condition: Q,
        then: V,
    ) -> TypedExpr<R, V::Sql, Optional, Cases<V::C>> {
        TypedExpr::new(Expr::Case(Box::new(Case {
            whens: vec![(condition.into_q().into_condition(), then.into_typed())],
            default: Expr::Value(Value::Null(V::Sql::COLUMN.kind())),
            ty: V::Sql::COLUMN,
        })))
    }
}

impl<R, T: FieldType, C: Cardinality> TypedExpr<R, T, Optional, Cases<C>> {
    /// What is given where this condition holds, and none before it does.
    #[must_use]
    pub fn when<Q: IntoQ<R>, V: IntoExpr<T, R>>(
        self,
        condition: Q,
        then: V,
    ) -> TypedExpr<R, T, Optional, Cases<C::Both<V::C>>> {
        let mut expr = self.into_expr();
        if let Expr::Case(case) = &mut expr {
            case.whens.push((condition.into_q().into_condition(), then.into_expr()));
        }
        TypedExpr::new(expr)
    }

    /// What is given where none of the conditions holds.
    pub fn otherwise<V: IntoExpr<T, R>>(self, value: V) -> TypedExpr<R, T, C::Both<V::C>> {
        let mut expr = self.into_expr();
        if let Expr::Case(case) = &mut expr {
            case.default = value.into_expr();
        }
        TypedExpr::new(expr)
    }
}
