//! The query tree: what is asked, without types and without SQL.
//!
//! The typed front, `filter_dyn` and tools all build it; the compiler reads it.

mod aggregate;
mod behind;
mod combined;
mod condition;
mod expr;
pub mod function;
pub mod lookup;
mod more;
mod order;
mod path;
mod rows;
mod slot;
mod walk;
mod window;
mod zone;

pub use aggregate::{Aggregate, AggregateFunction};
pub use combined::{Combined, Merged, SetOp};
pub use condition::{Condition, Connector, Operand};
pub(crate) use expr::arithmetic_type;
pub use expr::{ArithmeticOp, Case, Expr, Outside};
pub use function::{FUNCTIONS, Function, Input, Output, Sql};
pub use lookup::{LOOKUPS, Lookup, LookupKind, OperandKind};
pub use more::{Lock, More, Walk, Walked};
pub use order::relation_order;
pub(crate) use order::{default_order, orders};
pub use path::{Path, Step};
pub(crate) use slot::DocumentSort;
pub use slot::Slot;
pub use window::{Exclusion, Frame, FrameUnit, Over, Window, WindowCall, WindowFunction};
pub use zone::TimeZone;
#[cfg(feature = "sqlite")]
pub(crate) use zone::is_name as is_zone_name;

use crate::meta::ModelMeta;
use std::sync::Arc;

/// A SELECT over one model.
#[derive(Debug, Clone)]
pub struct Query {
    /// where it starts
    pub model: &'static ModelMeta,
    /// what was asked, in the order of the calls, which matters for joins over to-many relations
    pub clauses: Vec<Clause>,
    /// the queries whose rows these are; the clauses are then those of the first, for their names
    pub combined: Option<Box<Combined>>,
    /// what each row holds
    pub select: Select,
    /// what rows are one row for aggregates; `None` leaves that to what is selected
    pub group: Option<Vec<Expr>>,
    /// in which order
    pub order: Order,
    /// the order is turned round
    pub reversed: bool,
    /// equal rows appear once
    pub distinct: bool,
    /// skip so many rows
    pub offset: u64,
    /// and give so many
    pub limit: Option<u64>,
    /// no rows, and no statement either
    pub none: bool,
    /// what a query within a query takes from the row that it is asked for
    pub outer: Vec<Expr>,
    /// what few queries ask for
    pub more: Option<Box<More>>,
    /// why the calls so far make no sense together; running the query says so
    pub invalid: Option<&'static str>,
}

/// One call on a queryset.
#[derive(Debug, Clone)]
pub enum Clause {
    /// `filter`, and `exclude` as a negated one: one scope for joins over to-many relations
    Filter(Condition),
    /// `annotate`: a computed column of each row
    Annotate(Expr),
    /// `alias`: computed for conditions and orders, and not read
    Alias(Expr),
    /// `select_related`: the row at the end of a to-one path
    Related(Path),
    /// a key by which `prefetch_related` finds the children of the row; not part of the row
    Anchor(Expr),
    /// a relation with a condition of its own, which steps go along by its number among these
    Filtered(Arc<FilteredRelation>),
}

/// `FilteredRelation`: a join with a further condition in ON, so that rows without a partner for
/// which it holds stay.
#[derive(Debug, Clone)]
pub struct FilteredRelation {
    /// its name in the query, and the joined table's
    pub name: String,
    /// over the model that the query starts at; the relation itself is gone along by its number
    pub condition: Condition,
}

/// What each row holds before the annotations.
#[derive(Debug, Clone)]
pub enum Select {
    /// all columns of the model
    Model,
    /// these, for `values`
    Columns(Vec<Expr>),
    /// these aggregates over all rows, for `aggregate`
    Aggregate(Vec<Expr>),
}

/// The order of the rows.
#[derive(Debug, Clone)]
pub enum Order {
    /// the model's own
    Default,
    /// these terms; none of them is no order
    By(Vec<OrderTerm>),
}

/// One term of an order.
#[derive(Debug, Clone)]
pub struct OrderTerm {
    /// what is compared
    pub expr: Expr,
    /// from the greatest to the least
    pub descending: bool,
    /// where NULL stands; the database decides where this is `None`
    pub nulls_first: Option<bool>,
}

impl Query {
    /// All rows of a model.
    #[inline]
    pub fn new(model: &'static ModelMeta) -> Self {
        Query {
            model,
            clauses: Vec::new(),
            combined: None,
            select: Select::Model,
            group: None,
            order: Order::Default,
            reversed: false,
            distinct: false,
            offset: 0,
            limit: None,
            none: false,
            outer: Vec::new(),
            more: None,
            invalid: None,
        }
    }

    /// What few queries ask for, to be changed.
    pub fn more_mut(&mut self) -> &mut More {
        self.more.get_or_insert_default()
    }

    /// The lock that its rows are to have; aggregates lock none.
    pub fn lock(&self) -> Option<&Lock> {
        let lock = self.more.as_ref()?.lock.as_ref();
        lock.filter(|_| !matches!(self.select, Select::Aggregate(_)))
    }

    /// The walk whose rows these are.
    pub fn walk(&self) -> Option<&Walk> {
        self.more.as_ref()?.walk.as_ref()
    }

    /// What rows are equal in, of which the first is given.
    pub fn distinct_on(&self) -> &[Expr] {
        self.more.as_ref().map_or(&[], |more| &more.distinct_on)
    }

    /// Adds conditions, as one more `filter`.
    #[inline]
    pub fn filter(&mut self, condition: Condition) {
        if self.is_sliced() {
            self.invalid = Some("Cannot filter a query once a slice has been taken.");
        }
        if self.combined.is_some() {
            self.invalid = Some("Rows of several queries cannot be filtered; filter each of the queries.");
        }
        self.clauses.push(Clause::Filter(condition));
    }

    /// Takes the rows from `start` up to `end` of those it has taken so far.
    #[inline]
    pub fn slice(&mut self, start: u64, end: Option<u64>) {
        // Databases count rows with 63 bits, and none has as many.
        let counted = |rows: u64| rows.min(i64::MAX.unsigned_abs());
        let (start, end) = (counted(start), end.map(counted));
        let length = end.map(|end| end.saturating_sub(start));
        let left = self.limit.map(|limit| limit.saturating_sub(start));
        self.offset = counted(self.offset.saturating_add(start));
        self.limit = match (length, left) {
            (Some(a), Some(b)) => Some(a.min(b)),
            (a, b) => a.or(b),
        };
    }

    /// Whether it asks for the row of a key, and for nothing that could make several of it.
    pub(crate) fn is_by_key_alone(&self) -> bool {
        let mut by_key = false;
        let alone = self.clauses.iter().all(|clause| match clause {
            Clause::Filter(condition) if condition.is_of_key() => {
                by_key = true;
                true
            }
            Clause::Related(_) | Clause::Anchor(_) => true,
            _ => false,
        });
        alone && by_key && self.combined.is_none()
    }

    /// Whether rows were cut off, after which filters and another order would mean something else.
    pub fn is_sliced(&self) -> bool {
        self.limit.is_some() || self.offset > 0
    }

    /// What rows of the model are one row for aggregates: those of one key, and of what was annotated.
    pub(crate) fn row_group(&self) -> Vec<Expr> {
        let mut by = vec![Expr::key(Path::root(), self.model)];
        let computed = self.clauses.iter().filter_map(|clause| match clause {
            Clause::Annotate(expr) => Some((expr, true)),
            Clause::Alias(expr) => Some((expr, false)),
            _ => None,
        });
        let shown = computed.enumerate().filter(|(_, (_, shown))| *shown);
        by.extend(shown.map(|(number, (expr, _))| Expr::reference(number, expr)));
        by
    }

    /// The conditions, in order.
    pub fn conditions(&self) -> impl Iterator<Item = &Condition> {
        self.clauses.iter().filter_map(|clause| match clause {
            Clause::Filter(condition) => Some(condition),
            _ => None,
        })
    }
}
