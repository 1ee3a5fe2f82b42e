//! Aggregates: functions over many rows.

use super::{Condition, Expr};
use crate::meta::ColumnType;
use crate::value::Kind;

/// A function over many rows.
#[derive(Debug, Clone)]
pub struct Aggregate {
    /// which
    pub function: AggregateFunction,
    /// of what; `None` is `COUNT(*)`
    pub arg: Option<Expr>,
    /// equal values count once
    pub distinct: bool,
    /// only the rows for which this holds
    pub filter: Option<Condition>,
}

/// The aggregates.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AggregateFunction {
    /// `COUNT`
    Count,
    /// `SUM`
    Sum,
    /// `AVG`
    Avg,
    /// `MIN`
    Min,
    /// `MAX`
    Max,
    /// `STDDEV_POP`: how far values are from their average
    StdDev,
    /// `STDDEV_SAMP`: the same of all values, judged by a sample of them
    StdDevSample,
    /// `VAR_POP`: the square of it
    Variance,
    /// `VAR_SAMP`
    VarianceSample,
}

impl AggregateFunction {
    /// Its name in Django.
    pub fn class_name(self) -> &'static str {
        match self {
            AggregateFunction::Count => "Count",
            AggregateFunction::Sum => "Sum",
            AggregateFunction::Avg => "Avg",
            AggregateFunction::Min => "Min",
            AggregateFunction::Max => "Max",
            AggregateFunction::StdDev | AggregateFunction::StdDevSample => "StdDev",
            AggregateFunction::Variance | AggregateFunction::VarianceSample => "Variance",
        }
    }

    /// Its name in SQL.
    pub fn sql(self) -> &'static str {
        match self {
            AggregateFunction::Count => "COUNT",
            AggregateFunction::Sum => "SUM",
            AggregateFunction::Avg => "AVG",
            AggregateFunction::Min => "MIN",
            AggregateFunction::Max => "MAX",
            AggregateFunction::StdDev => "STDDEV_POP",
            AggregateFunction::StdDevSample => "STDDEV_SAMP",
            AggregateFunction::Variance => "VAR_POP",
            AggregateFunction::VarianceSample => "VAR_SAMP",
        }
    }

    /// Its form for values that are a sample, where it has one.
    #[must_use]
    pub fn of_sample(self) -> Self {
        match self {
            AggregateFunction::StdDev => AggregateFunction::StdDevSample,
            AggregateFunction::Variance => AggregateFunction::VarianceSample,
            other => other,
        }
    }

    /// Whether equal values can be made to count once.
    pub fn allows_distinct(self) -> bool {
        matches!(
            self,
            AggregateFunction::Count | AggregateFunction::Sum | AggregateFunction::Avg
        )
    }

    /// Whether it tells how far values are spread.
    pub(crate) fn is_spread(self) -> bool {
        matches!(
            self,
            AggregateFunction::StdDev
                | AggregateFunction::StdDevSample
                | AggregateFunction::Variance
                | AggregateFunction::VarianceSample
        )
    }

    /// What it gives, over values of that type.
    pub(crate) fn output(self, of: ColumnType) -> ColumnType {
        match self {
            AggregateFunction::Count => ColumnType::BigInteger,
            AggregateFunction::Min | AggregateFunction::Max => of,
            AggregateFunction::Sum if of.kind() == Kind::Int => ColumnType::BigInteger,
            AggregateFunction::Sum => of,
            AggregateFunction::Avg if of.kind() == Kind::Duration => ColumnType::Duration,
            AggregateFunction::Avg
            | AggregateFunction::StdDev
            | AggregateFunction::StdDevSample
            | AggregateFunction::Variance
            | AggregateFunction::VarianceSample => match of.kind() {
                Kind::Decimal => ColumnType::DECIMAL,
                _ => ColumnType::Float,
            },
        }
    }
}

impl Aggregate {
    pub(super) fn column_type(&self) -> ColumnType {
        let of = self.arg.as_ref().map_or(ColumnType::BigInteger, Expr::column_type);
        self.function.output(of)
    }
}
