//! What is made of several values, or of none: Django's functions that are no method of one value,
//! `CASE`, and queries within a query.
//!
//! ```
//! # use orm_core as orm;
//! # use orm::fields::{Field, One, Optional, TypedExpr};
//! # fn example<M>(nick: Field<M, String, Optional>, name: Field<M, String, One>) -> TypedExpr<M, String, One> {
//! use orm::functions::{coalesce, concat};
//! coalesce((nick, concat(("(", name, ")"))))
//! # }
//! ```
//!
//! Functions of one value are methods of it: [`TextExpr`](crate::fields::TextExpr),
//! [`NumberExpr`](crate::fields::NumberExpr), [`MomentExpr`](crate::fields::MomentExpr).

mod case;
mod several;
mod within;

pub use case::{Cases, NoCase, case};
pub use several::{Alike, Pieces, coalesce, concat, greatest, least};
pub use within::{IntoRows, OneColumn, exists, outer, subquery};

use crate::fields::{IntoTyped, TypedExpr};
use crate::query::{Expr, function};
use chrono::{DateTime, Utc};

/// The moment at which the database runs the statement.
pub fn now<R>() -> TypedExpr<R, DateTime<Utc>> {
    TypedExpr::new(Expr::Call {
        function: &function::NOW,
        args: Vec::new(),
    })
}

/// A number from 0 up to 1, another one in each row: `order_by(|_| random())` is a random order.
///
/// ```
/// # use orm_core as orm;
/// # use orm::functions::random;
/// # use orm::{Model, QuerySet};
/// fn shuffled<M: Model>() -> QuerySet<M> {
///     M::objects().order_by(|_| random())
/// }
/// ```
pub fn random<R>() -> TypedExpr<R, f64> {
    TypedExpr::new(Expr::Call {
        function: &function::RANDOM,
        args: Vec::new(),
    })
}

/// A value as an expression, to be read or to begin an expression with.
///
/// ```
/// # use orm_core as orm;
/// # use orm::fields::{Field, One, TypedExpr};
/// # fn example<M>(pages: Field<M, i64, One>) -> TypedExpr<M, i64, One> {
/// use orm::functions::value;
/// value(1000_i64) - pages
/// # }
/// ```
pub fn value<R, V: IntoTyped<R>>(value: V) -> TypedExpr<R, V::Sql, V::C> {
    TypedExpr::new(value.into_typed())
}
