//! Queries within a query: `exists`, `subquery`, and what they take from the row outside.

use crate::fields::{One, Optional, SqlExpr, TypedExpr};
use crate::model::Model;
use crate::query::{Condition, Expr, Outside, Query};
use crate::queryset::{CombinedSet, QuerySet, Rows, Values};
use crate::row::Extras;
use crate::types::FieldType;

/// A query that can stand within another one: a queryset, or values of one.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a query",
    label = "expected a queryset: `Review::objects().filter(..)`"
)]
pub trait IntoRows {
    /// The untyped query.
    fn into_rows(self) -> Query;
}

impl<M: Model, X: Extras> IntoRows for QuerySet<M, X> {
    fn into_rows(self) -> Query {
        self.into_query()
    }
}

impl<M, T> IntoRows for Values<M, T> {
    fn into_rows(self) -> Query {
        self.into_query()
    }
}

impl<S: Rows> IntoRows for CombinedSet<S> {
    fn into_rows(self) -> Query {
        self.into_query()
    }
}

/// What a query of one column gives: values of a type, or `Option`s of them.
#[diagnostic::on_unimplemented(
    message = "a query as a value gives one column, and this one gives `{Self}`",
    label = "expected `.values(|m| m.field())`"
)]
pub trait OneColumn {
    /// the type
    type Sql: FieldType;
}

#[diagnostic::do_not_recommend]
impl<T: FieldType> OneColumn for T {
    type Sql = T;
}

impl<T: FieldType> OneColumn for Option<T> {
    type Sql = T;
}

/// Whether a query has a row: a condition, or a `bool` to be read. `!exists(..)` is the opposite.
///
/// [`outer`] gives it what it needs of the row outside:
///
/// ```
/// # use orm_core as orm;
/// # use orm::fields::{Field, One, SqlExpr};
/// # use orm::Model;
/// # fn example<B: Model<Pk = i64>, R: Model<Pk = i64>>() {
/// use orm::fields::RelationExt;
/// use orm::functions::{exists, outer};
/// // Of each of these rows there is a row of the other model with the same key.
/// let rows = B::objects().filter(|b| exists(R::objects().filter(|r| r.pk().eq(outer(b.pk())))));
/// # let _ = rows;
/// # }
/// ```
pub fn exists<R, Q: IntoRows>(rows: Q) -> TypedExpr<R, bool, One> {
    let condition = Condition::Exists(Box::new(rows.into_rows()));
    TypedExpr::new(Expr::Bool(Box::new(condition)))
}

/// The one value that a query gives, NULL where it has no row. Databases fail where it has several
/// rows: `limit(1)` it where that may be.
///
/// `subquery(Review::objects().filter(..).order_by(|r| r.stars().desc()).values(|r| r.stars()).limit(1))`
pub fn subquery<R, M, T: OneColumn>(rows: Values<M, T>) -> TypedExpr<R, T::Sql, Optional> {
    TypedExpr::new(Expr::Subquery(Box::new(rows.into_query())))
}

/// In a query within a query: a value of the row outside, which the inner query is asked for.
///
/// Within two queries, `outer(outer(..))` is of the outermost one. A query in which the expression's
/// model is not the one around is an error when it is run.
pub fn outer<R, M: Model, E: SqlExpr<M>>(expr: E) -> TypedExpr<R, E::Sql, E::C> {
    TypedExpr::new(Expr::Outside(Box::new(Outside {
        model: M::meta(),
        expr: expr.into_sql(),
    })))
}
