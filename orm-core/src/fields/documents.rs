//! Documents: what is under a key, and the lookups of JSON.

use super::{Field, IntoOrder, OrderBy, Q, Selection, TypedExpr};
use crate::query::{Condition, Expr, Lookup, Operand, OrderTerm, lookup};
use crate::row::Extras;
use crate::types::Json;
use crate::value::Value;
use serde::Serialize;
use std::marker::PhantomData;

/// What a document has under a key, or a key of that, and so on; NULL where it is not there.
///
/// It is read as `Option<Json>`. [`value`](Self::value) makes it an expression like others.
pub struct JsonKey<R> {
    of: Expr,
    path: Vec<String>,
    marker: PhantomData<fn() -> R>,
}

impl<R> JsonKey<R> {
    fn new(of: Expr, path: Vec<String>) -> Self {
        JsonKey {
            of,
            path,
            marker: PhantomData,
        }
    }

    /// What is under a key of it.
    #[must_use]
    pub fn key(mut self, key: impl Into<String>) -> Self {
        self.path.push(key.into());
        self
    }

    /// An element of it, by its place in the array, from 0.
    #[must_use]
    pub fn index(self, place: usize) -> Self {
        self.key(place.to_string())
    }

    /// It as an expression.
    pub fn value(self) -> TypedExpr<R, Json, super::Optional> {
        TypedExpr::new(self.into_document())
    }

    /// Equal to that value; `None` is the document's `null`, and [`isnull`](Self::isnull) asks
    /// whether the key is there.
    pub fn exact(self, value: impl Serialize) -> Q<R> {
        one(self.into_document(), &lookup::EXACT, json(value))
    }

    /// Equal; the same as [`exact`](Self::exact).
    pub fn eq(self, value: impl Serialize) -> Q<R> {
        self.exact(value)
    }

    /// Not equal. Of what is not there it does not hold, as in Django.
    pub fn ne(self, value: impl Serialize) -> Q<R> {
        !self.exact(value)
    }

    /// Greater.
    pub fn gt(self, value: impl Serialize) -> Q<R> {
        one(self.into_document(), &lookup::GT, json(value))
    }

    /// Greater or equal.
    pub fn gte(self, value: impl Serialize) -> Q<R> {
        one(self.into_document(), &lookup::GTE, json(value))
    }

    /// Less.
    pub fn lt(self, value: impl Serialize) -> Q<R> {
        one(self.into_document(), &lookup::LT, json(value))
    }

    /// Less or equal.
    pub fn lte(self, value: impl Serialize) -> Q<R> {
        one(self.into_document(), &lookup::LTE, json(value))
    }

    /// One of these.
    pub fn in_(self, values: impl IntoIterator<Item: Serialize>) -> Q<R> {
        let left = self.into_document();
        let each = values
            .into_iter()
            .map(|value| one(left.clone(), &lookup::EXACT, json(value)));
        Q::any(each)
    }

    /// It is not there, or it is. A `null` is there.
    pub fn isnull(self, yes: bool) -> Q<R> {
        Q::from_condition(Condition::lookup(
            self.into_document(),
            &lookup::ISNULL,
            Operand::Flag(yes),
        ))
    }

    /// In `order_by`: from the least to the greatest.
    pub fn asc(self) -> OrderBy<R> {
        OrderBy::new(self.into_document(), false)
    }

    /// In `order_by`: from the greatest to the least.
    pub fn desc(self) -> OrderBy<R> {
        OrderBy::new(self.into_document(), true)
    }

    fn into_document(self) -> Expr {
        Expr::Key(Box::new(self.of), self.path)
    }
}

impl<R, T, C> Field<R, Json<T>, C> {
    /// What the document has under a key.
    pub fn key(self, key: impl Into<String>) -> JsonKey<R> {
        JsonKey::new(self.into_expr(), vec![key.into()])
    }

    /// An element of the document, by its place in the array, from 0.
    pub fn index(self, place: usize) -> JsonKey<R> {
        self.key(place.to_string())
    }

    fn into_document(self) -> Expr {
        self.into_expr()
    }
}

macro_rules! documents {
    ($([$($param:ident)*] $type:ty;)*) => { $(
        impl<$($param),*> $type {
            /// It has everything that this document has. PostgreSQL, MySQL and MariaDB; on SQLite
            /// the query fails before it is run.
            pub fn contains(self, document: impl Serialize) -> Q<R> {
                one(self.into_document(), &lookup::JSON_CONTAINS, json(document))
            }

            /// This document has everything that it has. PostgreSQL, MySQL and MariaDB; on SQLite
            /// the query fails before it is run.
            pub fn contained_by(self, document: impl Serialize) -> Q<R> {
                one(self.into_document(), &lookup::CONTAINED_BY, json(document))
            }

            /// It is an object with that key.
            pub fn has_key(self, key: impl Into<String>) -> Q<R> {
                text(self.into_document(), &lookup::HAS_KEY, key)
            }

            /// It is an object with all of these keys.
            pub fn has_keys(self, keys: impl IntoIterator<Item: Into<String>>) -> Q<R> {
                let of = self.into_document();
                let each = keys.into_iter().map(|key| text(of.clone(), &lookup::HAS_KEY, key));
                Q::all(each)
            }

            /// It is an object with one of these keys at least.
            pub fn has_any_keys(self, keys: impl IntoIterator<Item: Into<String>>) -> Q<R> {
                let of = self.into_document();
                let each = keys.into_iter().map(|key| text(of.clone(), &lookup::HAS_KEY, key));
                Q::any(each)
            }

            /// As text it is equal to that, but for case.
            pub fn iexact(self, value: impl Into<String>) -> Q<R> {
                text(self.into_document(), &lookup::IEXACT, value)
            }

            /// As text it contains that, but for case.
            pub fn icontains(self, value: impl Into<String>) -> Q<R> {
                text(self.into_document(), &lookup::ICONTAINS, value)
            }

            /// As text it starts with that.
            pub fn startswith(self, value: impl Into<String>) -> Q<R> {
                text(self.into_document(), &lookup::STARTSWITH, value)
            }

            /// As text it starts with that, but for case.
            pub fn istartswith(self, value: impl Into<String>) -> Q<R> {
                text(self.into_document(), &lookup::ISTARTSWITH, value)
            }

            /// As text it ends with that.
            pub fn endswith(self, value: impl Into<String>) -> Q<R> {
                text(self.into_document(), &lookup::ENDSWITH, value)
            }

            /// As text it ends with that, but for case.
            pub fn iendswith(self, value: impl Into<String>) -> Q<R> {
                text(self.into_document(), &lookup::IENDSWITH, value)
            }

            /// A regular expression is found in it as text.
            pub fn regex(self, pattern: impl Into<String>) -> Q<R> {
                text(self.into_document(), &lookup::REGEX, pattern)
            }

            /// A regular expression is found in it as text, whatever the case.
            pub fn iregex(self, pattern: impl Into<String>) -> Q<R> {
                text(self.into_document(), &lookup::IREGEX, pattern)
            }
        }
    )* };
}

documents! {
    [R T C] Field<R, Json<T>, C>;
    [R] JsonKey<R>;
}

impl<R> Selection<R> for JsonKey<R> {
    type Out = Option<Json>;
    type Append<X: Extras> = X::Push<Option<Json>>;

    fn push(self, to: &mut Vec<Expr>) {
        to.push(self.into_document());
    }
}

impl<R> IntoOrder<R> for JsonKey<R> {
    fn push(self, to: &mut Vec<OrderTerm>) {
        self.asc().push(to);
    }
}

impl<R> Clone for JsonKey<R> {
    fn clone(&self) -> Self {
        JsonKey::new(self.of.clone(), self.path.clone())
    }
}

/// A document that cannot be serialized is `null`, as one that is stored.
fn json(value: impl Serialize) -> Expr {
    Expr::Value(Value::Json(serde_json::to_value(value).unwrap_or_default()))
}

fn one<R>(left: Expr, lookup: &'static Lookup, right: Expr) -> Q<R> {
    Q::from_condition(Condition::lookup(left, lookup, Operand::One(right)))
}

fn text<R>(left: Expr, lookup: &'static Lookup, right: impl Into<String>) -> Q<R> {
    one(left, lookup, Expr::Value(Value::Text(right.into())))
}
