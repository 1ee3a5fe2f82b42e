//! Windows: values of a row that are computed from the rows around it.
//!
//! A function of this module, or any aggregate, followed by [`over`](WindowCall::over):
//!
//! ```text
//! use orm::window::{lag, rank};
//!
//! Book::objects().annotate(|b| (
//!     rank().over(|w| w.partition_by(b.genre()).order_by(b.price().desc())),
//!     b.price().sum().over(|w| w.order_by(b.id()).rows(..=0)),
//!     lag(b.title()).over(|w| w.order_by(b.id())),
//! ))
//! ```
//!
//! A condition on a window stands outside of the query that computes it, and so sees the rows that
//! all other conditions have left: `filter(|b| rank().over(…).lte(3))` gives the three best of the
//! books that other filters let through.

use super::{Aggregated, IntoExpr, IntoOrder, One, Optional, Selection, SqlExpr, TypedExpr};
use crate::query::{self, Exclusion, Expr, Frame, FrameUnit, Over, WindowFunction};
use crate::types::FieldType;
use std::marker::PhantomData;
use std::ops::{Bound, RangeBounds};

/// Which rows a window takes in, in which order.
#[derive(Debug, Clone)]
pub struct Window<R> {
    partition: Vec<Expr>,
    order: Vec<query::OrderTerm>,
    frame: Option<Frame>,
    exclusion: Option<Exclusion>,
    marker: PhantomData<fn() -> R>,
}

impl<R> Window<R> {
    fn new() -> Self {
        Window {
            partition: Vec::new(),
            order: Vec::new(),
            frame: None,
            exclusion: None,
            marker: PhantomData,
        }
    }

    /// Only the rows that have the same values of these: a field, an expression, or a tuple.
    #[must_use]
    pub fn partition_by<S: Selection<R>>(mut self, by: S) -> Self {
        by.push(&mut self.partition);
        self
    }

    /// In which order: fields, expressions, `.desc()` of them, or a tuple. An aggregate is then one of
    /// the rows up to this one, unless a frame says otherwise.
    #[must_use]
    pub fn order_by<O: IntoOrder<R>>(mut self, terms: O) -> Self {
        terms.push(&mut self.order);
        self
    }

    /// Only the rows from so many before this one up to so many behind it: `rows(-2..=0)`,
    /// `rows(..=0)`, `rows(..)`.
    #[must_use]
    pub fn rows(self, bounds: impl RangeBounds<i64>) -> Self {
        self.frame(FrameUnit::Rows, &bounds)
    }

    /// Only the rows whose value, of the one number that they are ordered by, is so far from this
    /// row's: `range(-10..=10)`; `range(..=0)` is all up to this row and those that are equal to it.
    #[must_use]
    pub fn range(self, bounds: impl RangeBounds<i64>) -> Self {
        self.frame(FrameUnit::Range, &bounds)
    }

    fn frame(mut self, unit: FrameUnit, bounds: &impl RangeBounds<i64>) -> Self {
        let start = match bounds.start_bound() {
            Bound::Included(start) => Some(*start),
            Bound::Excluded(before) => Some(before.saturating_add(1)),
            Bound::Unbounded => None,
        };
        let end = match bounds.end_bound() {
            Bound::Included(end) => Some(*end),
            Bound::Excluded(behind) => Some(behind.saturating_sub(1)),
            Bound::Unbounded => None,
        };
        self.frame = Some(Frame {
            unit,
            start,
            end,
            exclusion: None,
        });
        self
    }

    /// Without some of the rows of the frame. MySQL and MariaDB refuse it.
    #[must_use]
    pub fn exclude(mut self, exclusion: Exclusion) -> Self {
        self.exclusion = Some(exclusion);
        self
    }

    fn over(self, of: Over) -> Expr {
        // Without one, the frame goes up to this row where there is an order, and to the end else.
        let usual = Frame {
            unit: FrameUnit::Range,
            start: None,
            end: (!self.order.is_empty()).then_some(0),
            exclusion: None,
        };
        let excluding = self.exclusion.map(|exclusion| Frame {
            exclusion: Some(exclusion),
            ..self.frame.unwrap_or(usual)
        });
        Expr::Window(Box::new(query::Window {
            of,
            partition: self.partition,
            order: self.order,
            frame: excluding.or(self.frame),
        }))
    }
}

impl<R, T, C> TypedExpr<R, T, C, Aggregated> {
    /// The aggregate of the rows around each row, in place of one of all rows; it groups nothing.
    ///
    /// ```text
    /// Book::objects().annotate(|b| b.price().sum().over(|w| w.partition_by(b.genre())))
    /// ```
    ///
    /// `distinct()` is refused by all databases, `stddev` and `variance` by SQLite.
    pub fn over(self, window: impl FnOnce(Window<R>) -> Window<R>) -> TypedExpr<R, T, C> {
        TypedExpr::new(window(Window::new()).over(Over::Aggregate(self.into_expr())))
    }
}

/// A function that waits for its window: [`over`](Self::over).
#[must_use = "a function of a window needs `.over(…)`"]
pub struct WindowCall<R, T, C = One> {
    call: query::WindowCall,
    marker: PhantomData<fn() -> (R, T, C)>,
}

impl<R, T, C> WindowCall<R, T, C> {
    fn new(function: WindowFunction, of: Option<Expr>, number: Option<u32>) -> Self {
        WindowCall {
            call: query::WindowCall {
                function,
                of,
                number: number.map(i64::from).or(function.usual_number()),
                default: None,
            },
            marker: PhantomData,
        }
    }

    /// The window: `|w| w` is all rows, in no order.
    pub fn over(self, window: impl FnOnce(Window<R>) -> Window<R>) -> TypedExpr<R, T, C> {
        TypedExpr::new(window(Window::new()).over(Over::Function(self.call)))
    }
}

/// [`lag`] or [`lead`], which waits for its window: [`over`](Self::over).
#[must_use = "a function of a window needs `.over(…)`"]
pub struct Shifted<R, T, C>(WindowCall<R, T, C>);

impl<R, T, C> Shifted<R, T, C> {
    /// So many rows away rather than one.
    pub fn by(mut self, rows: u32) -> Self {
        self.0.call.number = Some(rows.into());
        self
    }

    /// What is given where there is no such row, in place of `None`. MariaDB refuses it.
    pub fn or<V: IntoExpr<T, R>>(mut self, default: V) -> WindowCall<R, T, C> {
        self.0.call.default = Some(default.into_expr());
        self.0
    }

    /// The window. The value is `None` where there is no such row.
    pub fn over(self, window: impl FnOnce(Window<R>) -> Window<R>) -> TypedExpr<R, T, Optional> {
        TypedExpr::new(window(Window::new()).over(Over::Function(self.0.call)))
    }
}

macro_rules! numbers {
    ($($(#[$doc:meta])* $name:ident: $function:ident, $type:ty;)*) => { $(
        $(#[$doc])*
        pub fn $name<R>() -> WindowCall<R, $type> {
            WindowCall::new(WindowFunction::$function, None, None)
        }
    )* };
}

numbers! {
    /// The number of the row, from 1.
    row_number: RowNumber, i64;
    /// The rank of the row, from 1; rows that are equal in the order share it, and as many ranks behind
    /// them are left out.
    rank: Rank, i64;
    /// The rank of the row, from 1; rows that are equal in the order share it.
    dense_rank: DenseRank, i64;
    /// The rank of the row as a share of the others, from 0 to 1.
    percent_rank: PercentRank, f64;
    /// The share of the rows that come before this one or are equal to it.
    cume_dist: CumeDist, f64;
}

/// Which of so many parts of nearly equal size the row is in, from 1.
pub fn ntile<R>(parts: u32) -> WindowCall<R, i64> {
    WindowCall::new(WindowFunction::Ntile, None, Some(parts))
}

/// The value of the row before this one; of another by [`by`](Shifted::by).
pub fn lag<R, X: SqlExpr<R>>(of: X) -> Shifted<R, X::Sql, X::C> {
    Shifted(WindowCall::new(WindowFunction::Lag, Some(of.into_sql()), None))
}

/// The value of the row behind this one; of another by [`by`](Shifted::by).
pub fn lead<R, X: SqlExpr<R>>(of: X) -> Shifted<R, X::Sql, X::C> {
    Shifted(WindowCall::new(WindowFunction::Lead, Some(of.into_sql()), None))
}

/// The value of the first row of the frame; `None` where that is empty.
pub fn first_value<R, X: SqlExpr<R>>(of: X) -> WindowCall<R, X::Sql, Optional> {
    WindowCall::new(WindowFunction::FirstValue, Some(of.into_sql()), None)
}

/// The value of the last row of the frame, which ends at this row unless it is told otherwise.
pub fn last_value<R, X: SqlExpr<R>>(of: X) -> WindowCall<R, X::Sql, Optional> {
    WindowCall::new(WindowFunction::LastValue, Some(of.into_sql()), None)
}

/// The value of the row of the frame with that number, from 1; `None` where it is not there.
pub fn nth_value<R, X: SqlExpr<R>>(of: X, number: u32) -> WindowCall<R, X::Sql, Optional> {
    WindowCall::new(WindowFunction::NthValue, Some(of.into_sql()), Some(number))
}

impl<R, T: FieldType, C> std::fmt::Debug for WindowCall<R, T, C> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("WindowCall").field(&self.call).finish()
    }
}
