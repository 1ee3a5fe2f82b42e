//! How many rows a path reaches, as a type: it decides what a value read through the path is.

use crate::row::Part;

/// How many rows the path so far may reach.
pub trait Cardinality: Copy + Send + Sync + 'static {
    /// what a value of type `T` at the end of the path is: `T` or `Option<T>`
    type Of<T: Part>: Part;
    /// the path goes on through something that may be NULL
    type Opt: Cardinality;
    /// the path goes one step along a to-one relation
    type Step: Cardinality;
    /// a value made of two, which is NULL where one of them is
    type Both<D: Cardinality>: Cardinality;
    /// the first of two that is not NULL
    type Either<D: Cardinality>: Cardinality;
}

/// The row itself: what `update` may set.
#[derive(Clone, Copy, Debug)]
pub struct Own;

/// A nullable column of the row itself.
#[derive(Clone, Copy, Debug)]
pub struct OwnNull;

/// What a foreign key of the row itself leads to: what `update` may point elsewhere.
#[derive(Clone, Copy, Debug)]
pub struct OwnKey;

/// What a nullable foreign key of the row itself leads to.
#[derive(Clone, Copy, Debug)]
pub struct OwnKeyNull;

/// Exactly one row.
#[derive(Clone, Copy, Debug)]
pub struct One;

/// One row or none: a nullable key or a reverse one-to-one is on the path.
#[derive(Clone, Copy, Debug)]
pub struct Optional;

/// Any number of rows: a to-many relation is on the path.
#[derive(Clone, Copy, Debug)]
pub struct Many;

impl Cardinality for Own {
    type Of<T: Part> = T;
    type Opt = OwnNull;
    type Step = OwnKey;
    type Both<D: Cardinality> = D;
    type Either<D: Cardinality> = One;
}

impl Cardinality for OwnNull {
    type Of<T: Part> = Option<T>;
    type Opt = OwnNull;
    type Step = OwnKeyNull;
    type Both<D: Cardinality> = D::Opt;
    type Either<D: Cardinality> = D;
}

impl Cardinality for OwnKey {
    type Of<T: Part> = T;
    type Opt = OwnKeyNull;
    type Step = One;
    type Both<D: Cardinality> = D;
    type Either<D: Cardinality> = One;
}

impl Cardinality for OwnKeyNull {
    type Of<T: Part> = Option<T>;
    type Opt = OwnKeyNull;
    type Step = Optional;
    type Both<D: Cardinality> = D::Opt;
    type Either<D: Cardinality> = D;
}

impl Cardinality for One {
    type Of<T: Part> = T;
    type Opt = Optional;
    type Step = One;
    type Both<D: Cardinality> = D;
    type Either<D: Cardinality> = One;
}

impl Cardinality for Optional {
    type Of<T: Part> = Option<T>;
    type Opt = Optional;
    type Step = Optional;
    type Both<D: Cardinality> = D::Opt;
    type Either<D: Cardinality> = D;
}

impl Cardinality for Many {
    type Of<T: Part> = Option<T>;
    type Opt = Many;
    type Step = Many;
    type Both<D: Cardinality> = Many;
    type Either<D: Cardinality> = D;
}

/// Paths that reach at most one row, which `select_related` takes.
#[diagnostic::on_unimplemented(
    message = "`select_related` takes a to-one path, and this path goes through a to-many relation",
    label = "this path can reach many rows",
    note = "use `prefetch_related` for a to-many relation"
)]
pub trait ToOne: Cardinality {}

#[diagnostic::do_not_recommend]
impl ToOne for One {}
#[diagnostic::do_not_recommend]
impl ToOne for Optional {}

/// Paths that may reach many rows, which `prefetch_related` takes.
#[diagnostic::on_unimplemented(
    message = "`prefetch_related` takes a to-many path, and this path reaches at most one row",
    label = "this path reaches at most one row",
    note = "use `select_related` for a to-one relation"
)]
pub trait ToMany: Cardinality {}

#[diagnostic::do_not_recommend]
impl ToMany for Many {}
