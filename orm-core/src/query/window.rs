//! Window functions: values of a row that are computed from the rows around it.

use super::{Expr, OrderTerm};
use crate::error::{Error, Misuse, Result};
use crate::meta::ColumnType;
use crate::value::Kind;

/// `f(…) OVER (PARTITION BY … ORDER BY … ROWS BETWEEN … AND …)`.
#[derive(Debug, Clone)]
pub struct Window {
    /// what is computed
    pub of: Over,
    /// only from the rows that have the same values of these; without any, from all rows
    pub partition: Vec<Expr>,
    /// in which order the rows stand there
    pub order: Vec<OrderTerm>,
    /// which of them count, as seen from the row
    pub frame: Option<Frame>,
}

/// What is computed over a window.
#[derive(Debug, Clone)]
pub enum Over {
    /// an aggregate; anything else is refused when the query is compiled
    Aggregate(Expr),
    /// a function that windows alone have
    Function(WindowCall),
}

/// A call of a function that windows alone have.
#[derive(Debug, Clone)]
pub struct WindowCall {
    /// which
    pub function: WindowFunction,
    /// of what, where it takes something
    pub of: Option<Expr>,
    /// how many parts (`ntile`), how many rows away (`lag`, `lead`), which row (`nth_value`)
    pub number: Option<i64>,
    /// what is given where there is no such row (`lag`, `lead`)
    pub default: Option<Expr>,
}

/// The functions that windows alone have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WindowFunction {
    /// the number of the row, from 1
    RowNumber,
    /// as in sports: rows that are equal share a rank, and the ranks behind them are left out
    Rank,
    /// the same without leaving ranks out
    DenseRank,
    /// the rank as a share of the rows, from 0 to 1
    PercentRank,
    /// the share of the rows that come before this one or are equal to it
    CumeDist,
    /// which of so many parts of nearly equal size the row is in, from 1
    Ntile,
    /// the value of a row before this one
    Lag,
    /// the value of a row behind this one
    Lead,
    /// the value of the first row of the frame
    FirstValue,
    /// the value of the last row of the frame
    LastValue,
    /// the value of a row of the frame by its number, from 1
    NthValue,
}

impl WindowFunction {
    /// All of them.
    pub const ALL: &[WindowFunction] = &[
        WindowFunction::RowNumber,
        WindowFunction::Rank,
        WindowFunction::DenseRank,
        WindowFunction::PercentRank,
        WindowFunction::CumeDist,
        WindowFunction::Ntile,
        WindowFunction::Lag,
        WindowFunction::Lead,
        WindowFunction::FirstValue,
        WindowFunction::LastValue,
        WindowFunction::NthValue,
    ];

    /// Its name in Django.
    pub fn class_name(self) -> &'static str {
        match self {
            WindowFunction::RowNumber => "RowNumber",
            WindowFunction::Rank => "Rank",
            WindowFunction::DenseRank => "DenseRank",
            WindowFunction::PercentRank => "PercentRank",
            WindowFunction::CumeDist => "CumeDist",
            WindowFunction::Ntile => "Ntile",
            WindowFunction::Lag => "Lag",
            WindowFunction::Lead => "Lead",
            WindowFunction::FirstValue => "FirstValue",
            WindowFunction::LastValue => "LastValue",
            WindowFunction::NthValue => "NthValue",
        }
    }

    /// Its name in SQL.
    pub fn sql(self) -> &'static str {
        match self {
            WindowFunction::RowNumber => "ROW_NUMBER",
            WindowFunction::Rank => "RANK",
            WindowFunction::DenseRank => "DENSE_RANK",
            WindowFunction::PercentRank => "PERCENT_RANK",
            WindowFunction::CumeDist => "CUME_DIST",
            WindowFunction::Ntile => "NTILE",
            WindowFunction::Lag => "LAG",
            WindowFunction::Lead => "LEAD",
            WindowFunction::FirstValue => "FIRST_VALUE",
            WindowFunction::LastValue => "LAST_VALUE",
            WindowFunction::NthValue => "NTH_VALUE",
        }
    }

    /// Whether it gives a value of another row.
    pub fn takes_value(self) -> bool {
        self.is_shift() || matches!(self, Self::FirstValue | Self::LastValue | Self::NthValue)
    }

    /// Whether it gives the value of a row so many places away.
    pub fn is_shift(self) -> bool {
        matches!(self, WindowFunction::Lag | WindowFunction::Lead)
    }

    /// The number that it is given where none is said.
    pub fn usual_number(self) -> Option<i64> {
        match self {
            WindowFunction::Ntile | WindowFunction::Lag | WindowFunction::Lead | WindowFunction::NthValue => Some(1),
            _ => None,
        }
    }

    /// Whether rows without an order are all equal to it, so that some databases ask for one.
    pub(crate) fn compares_rows(self) -> bool {
        self.is_shift()
            || matches!(
                self,
                WindowFunction::Rank
                    | WindowFunction::DenseRank
                    | WindowFunction::PercentRank
                    | WindowFunction::CumeDist
            )
    }
}

impl WindowCall {
    /// A call; the number is the usual one where none is given.
    ///
    /// # Errors
    /// [`Error::Misuse`] where the number is not positive.
    pub fn new(function: WindowFunction, of: Option<Expr>, number: Option<i64>) -> Result<Self> {
        let call = WindowCall {
            function,
            of,
            number: number.or(function.usual_number()),
            default: None,
        };
        call.check()?;
        Ok(call)
    }

    /// Whether the number makes sense.
    pub(crate) fn check(&self) -> Result<()> {
        if self.number.is_none_or(|number| number > 0) {
            return Ok(());
        }
        let message = match self.function {
            WindowFunction::Ntile => "num_buckets must be greater than 0.".to_owned(),
            WindowFunction::NthValue => "NthValue requires a positive integer as for nth.".to_owned(),
            shift => format!("{} requires a positive integer for the offset.", shift.class_name()),
        };
        Err(Error::misuse(Misuse::Value, message))
    }

    pub(crate) fn column_type(&self) -> ColumnType {
        match self.function {
            WindowFunction::PercentRank | WindowFunction::CumeDist => ColumnType::Float,
            function if function.takes_value() => self.of.as_ref().map_or(ColumnType::BigInteger, Expr::column_type),
            _ => ColumnType::BigInteger,
        }
    }

    fn parts(&self) -> impl Iterator<Item = &Expr> {
        self.of.iter().chain(&self.default)
    }
}

/// Which rows of a window count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Frame {
    /// what the bounds count
    pub unit: FrameUnit,
    /// from where: 0 is the row itself, before it is negative; `None` is the first row
    pub start: Option<i64>,
    /// up to where; `None` is the last row
    pub end: Option<i64>,
    /// which of them do not count after all
    pub exclusion: Option<Exclusion>,
}

/// What the bounds of a frame count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FrameUnit {
    /// rows
    Rows,
    /// the distance of the value that rows are ordered by; 0 is the row with all that are equal to it
    Range,
}

/// Which rows of a frame are left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exclusion {
    /// the row itself
    CurrentRow,
    /// the row and those that are equal to it in the order
    Group,
    /// those that are equal to it
    Ties,
}

impl Exclusion {
    pub(crate) fn sql(self) -> &'static str {
        match self {
            Exclusion::CurrentRow => "EXCLUDE CURRENT ROW",
            Exclusion::Group => "EXCLUDE GROUP",
            Exclusion::Ties => "EXCLUDE TIES",
        }
    }
}

impl Frame {
    /// Whether a bound is some distance away.
    pub(crate) fn has_distance(&self) -> bool {
        [self.start, self.end].into_iter().flatten().any(|bound| bound != 0)
    }
}

impl Window {
    /// What it gives.
    pub fn column_type(&self) -> ColumnType {
        match &self.of {
            Over::Aggregate(expr) => expr.column_type(),
            Over::Function(call) => call.column_type(),
        }
    }

    /// Calls `test` with the expressions that it is made of, until one passes; an aggregate over the
    /// window is not itself one of them.
    pub(crate) fn any_part(&self, test: &mut dyn FnMut(&Expr) -> bool) -> bool {
        let own = match &self.of {
            Over::Aggregate(expr) => expr.any_part(test),
            Over::Function(call) => call.parts().any(&mut *test),
        };
        own || self.partition.iter().any(&mut *test) || self.order.iter().any(|term| test(&term.expr))
    }

    /// Calls `change` with the expressions that it is made of.
    pub(crate) fn each_part(&mut self, change: &mut dyn FnMut(&mut Expr)) {
        match &mut self.of {
            Over::Aggregate(expr) => change(expr),
            Over::Function(call) => call.of.iter_mut().chain(&mut call.default).for_each(&mut *change),
        }
        self.partition.iter_mut().for_each(&mut *change);
        self.order.iter_mut().for_each(|term| change(&mut term.expr));
    }

    /// Whether the window makes sense by itself.
    ///
    /// # Errors
    /// [`Error::Misuse`] for a frame that ends before it starts, or counts a distance without a number
    /// to count it in.
    pub fn check(&self) -> Result<()> {
        if let Over::Function(call) = &self.of {
            call.check()?;
        }
        let Some(frame) = &self.frame else { return Ok(()) };
        if let (Some(start), Some(end)) = (frame.start, frame.end)
            && start > end
        {
            return Err(Error::misuse(Misuse::Value, "start cannot be greater than end."));
        }
        if frame.unit == FrameUnit::Range && frame.has_distance() {
            let number = |term: &OrderTerm| {
                let kind = term.expr.column_type().kind();
                matches!(kind, Kind::Int | Kind::Float | Kind::Decimal)
            };
            if !matches!(self.order.as_slice(), [one] if number(one)) {
                let message = "A frame by the distance of values needs exactly one number to order by.";
                return Err(Error::misuse(Misuse::Value, message));
            }
        }
        Ok(())
    }
}
