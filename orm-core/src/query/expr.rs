//! Everything that has a value: columns, arguments, functions, arithmetic, aggregates, subqueries.

use super::{Condition, Function, Path, Query, Slot};
use crate::meta::{ColumnType, FieldMeta, ModelMeta};
use crate::value::{Kind, Value};

/// Something that has a value in each row.
#[derive(Debug, Clone)]
pub enum Expr {
    /// a column of the model at the end of a path
    Column {
        /// the way there
        path: Path,
        /// the column
        field: &'static FieldMeta,
    },
    /// an argument
    Value(Value),
    /// a function or a transform
    Call {
        /// which
        function: &'static Function,
        /// of what
        args: Vec<Expr>,
    },
    /// an aggregate
    Aggregate(Box<Aggregate>),
    /// `a + b`
    Arithmetic {
        /// which
        op: ArithmeticOp,
        /// the left side
        left: Box<Expr>,
        /// the right side
        right: Box<Expr>,
    },
    /// the one value that a query gives
    Subquery(Box<Query>),
    /// `CASE WHEN …`
    Case(Box<Case>),
    /// as a value of another type
    Cast(Box<Expr>, ColumnType),
    /// the same value, said to be of that type
    Typed(Box<Expr>, ColumnType),
    /// whether something holds
    Bool(Box<Condition>),
    /// what a document has under a key, or a key of that, and so on
    Key(Box<Expr>, Vec<String>),
    /// of the row that a query within a query is asked for: the expression with that number in the
    /// inner query's [`outer`](Query::outer)
    Outer {
        /// its number
        number: usize,
        /// what it gives
        ty: ColumnType,
    },
    /// the same by itself; the compiler gives it a number
    Outside(Box<Outside>),
    /// what an annotation of the same query computed
    Ref {
        /// its number among the annotations, shown or hidden
        annotation: usize,
        /// what it gives
        ty: ColumnType,
        /// whether an aggregate is part of it
        aggregate: bool,
    },
    /// in place of an argument, where the compiler writes the SQL of all queries of a shape
    #[doc(hidden)]
    Slot(Slot),
}

/// What a query within a query takes from the row that it is asked for.
#[derive(Debug, Clone)]
pub struct Outside {
    /// the model that the query around it starts at
    pub model: &'static ModelMeta,
    /// an expression over that
    pub expr: Expr,
}

/// `CASE WHEN … THEN … ELSE … END`.
#[derive(Debug, Clone)]
pub struct Case {
    /// conditions, and what the first that holds gives
    pub whens: Vec<(Condition, Expr)>,
    /// what is given where none holds
    pub default: Expr,
    /// what it gives
    pub ty: ColumnType,
}

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

/// The arithmetic operators.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ArithmeticOp {
    /// `+`
    Add,
    /// `-`
    Sub,
    /// `*`
    Mul,
    /// `/`
    Div,
    /// `%`
    Rem,
    /// `**`
    Pow,
    /// `bitand`
    BitAnd,
    /// `bitor`
    BitOr,
    /// `bitxor`
    BitXor,
    /// `bitleftshift`
    Shl,
    /// `bitrightshift`
    Shr,
}

impl ArithmeticOp {
    /// Its sign in SQL, as most databases have it. Django's messages have the same.
    pub fn sql(self) -> &'static str {
        match self {
            ArithmeticOp::Add => "+",
            ArithmeticOp::Sub => "-",
            ArithmeticOp::Mul => "*",
            ArithmeticOp::Div => "/",
            ArithmeticOp::Rem => "%",
            ArithmeticOp::Pow => "^",
            ArithmeticOp::BitAnd => "&",
            ArithmeticOp::BitOr => "|",
            ArithmeticOp::BitXor => "#",
            ArithmeticOp::Shl => "<<",
            ArithmeticOp::Shr => ">>",
        }
    }

    /// Whether it is one of bits, which only integers have.
    pub fn is_of_bits(self) -> bool {
        matches!(
            self,
            ArithmeticOp::BitAnd | ArithmeticOp::BitOr | ArithmeticOp::BitXor | ArithmeticOp::Shl | ArithmeticOp::Shr
        )
    }
}

impl Expr {
    /// The column that identifies the row at the end of a path.
    pub fn key(path: Path, root: &'static ModelMeta) -> Self {
        let model = path.end(root);
        Expr::Column {
            path,
            field: model.pk(),
        }
    }

    /// What the annotation with that number computed.
    pub fn reference(annotation: usize, expr: &Expr) -> Self {
        Expr::Ref {
            annotation,
            ty: expr.column_type(),
            aggregate: expr.contains_aggregate(),
        }
    }

    /// An aggregate over all its rows.
    pub fn aggregate(function: AggregateFunction, arg: Option<Expr>) -> Self {
        Expr::Aggregate(Box::new(Aggregate {
            function,
            arg,
            distinct: false,
            filter: None,
        }))
    }

    /// What the expression gives.
    pub fn column_type(&self) -> ColumnType {
        match self {
            Expr::Column { field, .. } => field.column_type(),
            Expr::Value(value) => ColumnType::of_kind(value.kind()),
            Expr::Slot(slot) => ColumnType::of_kind(slot.kind),
            Expr::Call { function, args } => function.output.of(args.iter().map(Expr::column_type)),
            Expr::Aggregate(aggregate) => aggregate.column_type(),
            Expr::Case(case) => case.ty,
            Expr::Bool(_) => ColumnType::Boolean,
            Expr::Outside(outside) => outside.expr.column_type(),
            Expr::Key(..) => ColumnType::Json,
            Expr::Cast(_, ty) | Expr::Typed(_, ty) | Expr::Outer { ty, .. } | Expr::Ref { ty, .. } => *ty,
            Expr::Arithmetic { op, left, right } => arithmetic_type(*op, left.column_type(), right.column_type()),
            Expr::Subquery(query) => match &query.select {
                super::Select::Columns(columns) | super::Select::Aggregate(columns) => {
                    columns.first().map_or(ColumnType::BigInteger, Expr::column_type)
                }
                super::Select::Model => query.model.pk().column_type(),
            },
        }
    }

    /// Calls `test` with the expressions that it is made of, until one passes; queries within are
    /// not looked into.
    pub(crate) fn any_part(&self, test: &mut dyn FnMut(&Expr) -> bool) -> bool {
        match self {
            Expr::Call { args, .. } => args.iter().any(&mut *test),
            Expr::Aggregate(aggregate) => {
                let filtered = aggregate.filter.as_ref().is_some_and(|filter| filter.any_part(test));
                filtered || aggregate.arg.as_ref().is_some_and(&mut *test)
            }
            Expr::Arithmetic { left, right, .. } => test(left) || test(right),
            Expr::Case(case) => {
                let Case { whens, default, .. } = &**case;
                whens.iter().any(|(when, then)| when.any_part(test) || test(then)) || test(default)
            }
            Expr::Cast(of, _) | Expr::Typed(of, _) | Expr::Key(of, _) => test(of),
            Expr::Bool(condition) => condition.any_part(test),
            Expr::Column { .. }
            | Expr::Value(_)
            | Expr::Subquery(_)
            | Expr::Outer { .. }
            | Expr::Outside(_)
            | Expr::Ref { .. }
            | Expr::Slot(_) => false,
        }
    }

    /// Whether it speaks of an annotation.
    pub fn refers(&self) -> bool {
        matches!(self, Expr::Ref { .. }) || self.any_part(&mut |part| part.refers())
    }

    /// Whether it gives several values for one row, since it reads over a to-many relation.
    pub fn multiplies(&self) -> bool {
        match self {
            Expr::Column { path, .. } => path.is_many(),
            Expr::Aggregate(_) => false,
            other => other.any_part(&mut |part| part.multiplies()),
        }
    }

    /// Whether an aggregate is part of it.
    pub fn contains_aggregate(&self) -> bool {
        match self {
            Expr::Aggregate(_) => true,
            Expr::Ref { aggregate, .. } => *aggregate,
            other => other.any_part(&mut |part| part.contains_aggregate()),
        }
    }
}

impl Aggregate {
    fn column_type(&self) -> ColumnType {
        let of = self.arg.as_ref().map_or(ColumnType::BigInteger, Expr::column_type);
        self.function.output(of)
    }
}

/// The type of a sum, a product …: the wider one of its sides, as Django combines them.
pub(crate) fn arithmetic_type(op: ArithmeticOp, left: ColumnType, right: ColumnType) -> ColumnType {
    match (left.kind(), right.kind()) {
        (Kind::Date | Kind::DateTime, Kind::Date | Kind::DateTime) | (Kind::Time, Kind::Time)
            if op == ArithmeticOp::Sub =>
        {
            ColumnType::Duration
        }
        (Kind::Date | Kind::DateTime, Kind::Duration) | (Kind::Duration, Kind::Date | Kind::DateTime) => {
            ColumnType::DateTime
        }
        (Kind::Time, Kind::Duration) | (Kind::Duration, Kind::Time) => ColumnType::Time,
        (Kind::Duration, _) | (_, Kind::Duration) => ColumnType::Duration,
        (Kind::Float, _) | (_, Kind::Float) => ColumnType::Float,
        (Kind::Decimal, _) | (_, Kind::Decimal) => ColumnType::DECIMAL,
        // Databases compute it as one, and so it has values for negative exponents, too.
        (Kind::Int, Kind::Int) if op == ArithmeticOp::Pow => ColumnType::Float,
        (Kind::Int, Kind::Int) => ColumnType::BigInteger,
        _ => left,
    }
}
