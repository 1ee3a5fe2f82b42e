//! What a model says of its rows as a whole: order, indexes, unique and check constraints.

/// One term of an ordering: `"-name"` is the field `name`, descending.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ordering {
    /// a field, or a path to one across relations: `library__name`
    pub path: &'static str,
    /// from the greatest to the least
    pub descending: bool,
}

/// An index over several columns: `index(fields = ["section", "-price"], name = "…")`.
#[derive(Debug, Clone, Copy)]
pub struct Index {
    /// its name; `None` is Django's automatic name
    pub name: Option<&'static str>,
    /// the columns' fields, with their direction
    pub fields: &'static [Ordering],
    /// only rows for which this holds are in it
    pub condition: Option<CheckExpr>,
}

impl Index {
    /// For the derive.
    #[doc(hidden)]
    pub const fn new(name: Option<&'static str>, fields: &'static [Ordering], condition: Option<CheckExpr>) -> Self {
        Index {
            name,
            fields,
            condition,
        }
    }
}

/// A unique constraint: `unique(fields = ["person", "group"], name = "uniq_membership")`.
#[derive(Debug, Clone, Copy)]
pub struct Unique {
    /// its name
    pub name: &'static str,
    /// the fields
    pub fields: &'static [&'static str],
    /// only rows for which this holds must differ
    pub condition: Option<CheckExpr>,
}

impl Unique {
    /// For the derive.
    #[doc(hidden)]
    pub const fn new(name: &'static str, fields: &'static [&'static str], condition: Option<CheckExpr>) -> Self {
        Unique {
            name,
            fields,
            condition,
        }
    }
}

/// A check constraint: `check(name = "stock_not_negative", stock__gte = 0)`.
#[derive(Debug, Clone, Copy)]
pub struct Check {
    /// its name
    pub name: &'static str,
    /// what must hold (or be NULL)
    pub condition: CheckExpr,
}

impl Check {
    /// For the derive.
    #[doc(hidden)]
    pub const fn new(name: &'static str, condition: CheckExpr) -> Self {
        Check { name, condition }
    }
}

/// A condition on the columns of one row, in the spelling of `q!`.
#[derive(Debug, Clone, Copy)]
pub enum CheckExpr {
    /// all hold
    And(&'static [CheckExpr]),
    /// one holds
    Or(&'static [CheckExpr]),
    /// it does not hold
    Not(&'static CheckExpr),
    /// `stock__gte = 0`
    Compare {
        /// a field of the model
        field: &'static str,
        /// how
        op: CheckOp,
        /// with what
        value: CheckValue,
    },
}

/// The comparisons that a [`CheckExpr`] knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CheckOp {
    /// `=`
    Exact,
    /// `>`
    Gt,
    /// `>=`
    Gte,
    /// `<`
    Lt,
    /// `<=`
    Lte,
    /// `IN (..)`; the value is a [`CheckValue::List`]
    In,
    /// `IS NULL` where the value is true, `IS NOT NULL` where false
    IsNull,
}

/// The right-hand side of a comparison in a [`CheckExpr`].
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum CheckValue {
    /// another field of the row: `F(discounted_price)`
    Field(&'static str),
    /// an integer
    Int(i64),
    /// a float
    Float(f64),
    /// text
    Text(&'static str),
    /// true or false
    Bool(bool),
    /// several values
    List(&'static [CheckValue]),
}
