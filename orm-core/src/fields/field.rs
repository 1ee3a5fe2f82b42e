//! `Field`: one column, at the end of a path, with its type.

use super::{Assign, Cardinality, FitsIn, IntoExpr, OwnColumn};
use crate::meta::FieldMeta;
use crate::query::{Expr, Path};
use crate::types::FieldType;
use std::marker::PhantomData;

/// A column of type `T`, reached from the model `R` over a path of cardinality `C`.
///
/// The methods of a model's field set make it; [`SqlExpr`](super::SqlExpr) has its lookups.
pub struct Field<R, T, C> {
    path: Path,
    meta: &'static FieldMeta,
    marker: PhantomData<fn() -> (R, T, C)>,
}

impl<R, T, C> Field<R, T, C> {
    /// For the derive.
    #[doc(hidden)]
    pub fn new(path: &Path, meta: &'static FieldMeta) -> Self {
        Field {
            path: path.clone(),
            meta,
            marker: PhantomData,
        }
    }

    /// Its static description.
    pub fn meta(&self) -> &'static FieldMeta {
        self.meta
    }

    pub(crate) fn into_expr(self) -> Expr {
        Expr::Column {
            path: self.path,
            field: self.meta,
        }
    }
}

impl<R, T, C> Clone for Field<R, T, C> {
    fn clone(&self) -> Self {
        Field::new(&self.path, self.meta)
    }
}

impl<R, T: FieldType, C> Field<R, T, C> {
    /// Sets the column, in [`update`](crate::QuerySet::update): to a value, or to an expression
    /// over the row as it was.
    pub fn set<V: IntoExpr<T, R>>(self, value: V) -> Assign<R>
    where
        C: OwnColumn,
        <V::C as Cardinality>::Null: FitsIn<C>,
    {
        Assign::new(self.meta, value.into_expr())
    }
}
