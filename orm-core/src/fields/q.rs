//! `Q`: a condition on the rows of a model.

use super::{Field, One, Optional, TypedExpr, root};
use crate::model::Model;
use crate::query::{Condition, Expr, Operand, lookup};
use crate::value::Value;
use std::marker::PhantomData;
use std::ops::{BitAnd, BitAndAssign, BitOr, BitOrAssign, BitXor, BitXorAssign, Not};

/// A condition on the rows of `R`; `&`, `|`, `^` and `!` combine conditions.
///
/// ```
/// # use orm_core as orm;
/// # use orm::fields::Q;
/// # fn example<M: orm::Model<Pk = i64>>() -> Q<M> {
/// use orm::fields::{RelationExt, SqlExpr};
/// M::q(|m| m.pk().gt(3)) | M::q(|m| m.pk().eq(1))
/// # }
/// ```
pub struct Q<R> {
    condition: Condition,
    marker: PhantomData<fn() -> R>,
}

impl<R> Q<R> {
    /// Gives an untyped condition its model. The caller vouches for it.
    pub fn from_condition(condition: Condition) -> Self {
        Q {
            condition,
            marker: PhantomData,
        }
    }

    /// The untyped condition.
    pub fn into_condition(self) -> Condition {
        self.condition
    }

    /// The condition as a value to be read or compared: whether it holds, NULL where that is not known.
    pub fn into_value(self) -> TypedExpr<R, bool, Optional> {
        TypedExpr::new(Expr::Bool(Box::new(self.condition)))
    }
}

impl<M: Model> Q<M> {
    /// A condition on its own, for later: `filter(|_| q)` takes it in.
    pub fn new<C: IntoQ<M>>(condition: impl FnOnce(M::Fields<M, One>) -> C) -> Q<M> {
        condition(root::<M>()).into_q()
    }
}

impl<R> Q<R> {
    /// One of them holds; none of none.
    pub fn any(conditions: impl IntoIterator<Item = Q<R>>) -> Q<R> {
        let nothing = Q::from_condition(Condition::Constant(false));
        conditions.into_iter().fold(nothing, |any, one| any | one)
    }

    /// All of them hold; all of none do.
    pub fn all(conditions: impl IntoIterator<Item = Q<R>>) -> Q<R> {
        let everything = Q::from_condition(Condition::Constant(true));
        conditions.into_iter().fold(everything, |all, one| all & one)
    }
}

impl<R> Clone for Q<R> {
    fn clone(&self) -> Self {
        Q::from_condition(self.condition.clone())
    }
}

impl<R> std::fmt::Debug for Q<R> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.condition.fmt(f)
    }
}

impl<R, Z: IntoQ<R>> BitAnd<Z> for Q<R> {
    type Output = Q<R>;

    fn bitand(self, other: Z) -> Q<R> {
        Q::from_condition(self.condition.and(other.into_q().condition))
    }
}

impl<R, Z: IntoQ<R>> BitOr<Z> for Q<R> {
    type Output = Q<R>;

    fn bitor(self, other: Z) -> Q<R> {
        Q::from_condition(self.condition.or(other.into_q().condition))
    }
}

/// One of them holds, and the other does not; one that is NULL does not hold.
impl<R, Z: IntoQ<R>> BitXor<Z> for Q<R> {
    type Output = Q<R>;

    fn bitxor(self, other: Z) -> Q<R> {
        Q::from_condition(self.condition.xor(other.into_q().condition))
    }
}

impl<R> BitXorAssign for Q<R> {
    fn bitxor_assign(&mut self, other: Q<R>) {
        let own = std::mem::replace(&mut self.condition, Condition::Constant(false));
        self.condition = own.xor(other.condition);
    }
}

impl<R> BitAndAssign for Q<R> {
    fn bitand_assign(&mut self, other: Q<R>) {
        let own = std::mem::replace(&mut self.condition, Condition::Constant(true));
        self.condition = own.and(other.condition);
    }
}

impl<R> BitOrAssign for Q<R> {
    fn bitor_assign(&mut self, other: Q<R>) {
        let own = std::mem::replace(&mut self.condition, Condition::Constant(false));
        self.condition = own.or(other.condition);
    }
}

impl<R> Not for Q<R> {
    type Output = Q<R>;

    fn not(self) -> Q<R> {
        Q::from_condition(self.condition.negated())
    }
}

// A boolean field, and an expression that is true or false, are conditions by themselves.

macro_rules! conditions {
    ($([$($param:ident)*] $type:ty;)*) => { $(
        impl<R $(, $param)*> Not for $type {
            type Output = Q<R>;

            fn not(self) -> Q<R> {
                !self.into_q()
            }
        }

        impl<R $(, $param)*, Z: IntoQ<R>> BitAnd<Z> for $type {
            type Output = Q<R>;

            fn bitand(self, other: Z) -> Q<R> {
                self.into_q() & other
            }
        }

        impl<R $(, $param)*, Z: IntoQ<R>> BitOr<Z> for $type {
            type Output = Q<R>;

            fn bitor(self, other: Z) -> Q<R> {
                self.into_q() | other
            }
        }

        impl<R $(, $param)*, Z: IntoQ<R>> BitXor<Z> for $type {
            type Output = Q<R>;

            fn bitxor(self, other: Z) -> Q<R> {
                self.into_q() ^ other
            }
        }

        impl<R $(, $param)*> IntoQ<R> for $type {
            fn into_q(self) -> Q<R> {
                holds(self.into_expr())
            }
        }
    )* };
}

conditions! {
    [C] Field<R, bool, C>;
    [C K] TypedExpr<R, bool, C, K>;
}

/// Something that is true or false, as a condition.
fn holds<R>(expr: Expr) -> Q<R> {
    Q::from_condition(match expr {
        Expr::Bool(condition) => *condition,
        expr => Condition::lookup(expr, &lookup::EXACT, Operand::One(Expr::Value(Value::Bool(true)))),
    })
}

/// What a `filter` closure may give: a [`Q`], a boolean field, or a tuple of them, which is AND.
#[diagnostic::on_unimplemented(
    message = "this closure must give a condition on `{R}`, not `{Self}`",
    label = "this closure gives no condition on `{R}`",
    note = "say what must hold: `.eq(..)`, `.gt(..)`, `.startswith(..)` of a field, `.is(..)`, `.isnull(..)` of a relation"
)]
pub trait IntoQ<R> {
    /// The condition.
    fn into_q(self) -> Q<R>;
}

impl<R> IntoQ<R> for Q<R> {
    fn into_q(self) -> Q<R> {
        self
    }
}

impl<R> IntoQ<R> for &Q<R> {
    fn into_q(self) -> Q<R> {
        self.clone()
    }
}

/// No condition: every row.
impl<R> IntoQ<R> for () {
    fn into_q(self) -> Q<R> {
        Q::from_condition(Condition::Constant(true))
    }
}
