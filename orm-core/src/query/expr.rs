//! Everything that has a value: columns, arguments, functions, arithmetic, aggregates, subqueries.

use super::{Aggregate, AggregateFunction, Condition, Function, Path, Query, Slot, Walked, Window};
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
    /// a value that is computed from the rows around
    Window(Box<Window>),
    /// what a walk along a tree tells of the row
    Walked(Walked),
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

    /// Whether it is known to be the same column as another one, or the same annotation.
    pub(crate) fn is_same(&self, other: &Expr) -> bool {
        match (self, other) {
            (Expr::Column { path: a, field: x }, Expr::Column { path: b, field: y }) => {
                std::ptr::eq(*x, *y) && a.steps() == b.steps()
            }
            (Expr::Ref { annotation: a, .. }, Expr::Ref { annotation: b, .. }) => a == b,
            _ => false,
        }
    }

    /// What the expression gives.
    pub fn column_type(&self) -> ColumnType {
        match self {
            Expr::Column { field, .. } => field.column_type(),
            Expr::Value(value) => ColumnType::of_kind(value.kind()),
            Expr::Slot(slot) => ColumnType::of_kind(slot.kind),
            Expr::Call { function, args } => function.output.of(args.iter().map(Expr::column_type)),
            Expr::Aggregate(aggregate) => aggregate.column_type(),
            Expr::Window(window) => window.column_type(),
            Expr::Case(case) => case.ty,
            Expr::Bool(_) => ColumnType::Boolean,
            Expr::Outside(outside) => outside.expr.column_type(),
            Expr::Walked(Walked::Depth) => ColumnType::BigInteger,
            Expr::Walked(Walked::Path) => ColumnType::Text,
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
            Expr::Window(window) => window.any_part(test),
            Expr::Column { .. }
            | Expr::Value(_)
            | Expr::Subquery(_)
            | Expr::Outer { .. }
            | Expr::Outside(_)
            | Expr::Ref { .. }
            | Expr::Walked(_)
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

    /// Whether a window is part of it, itself; not what an annotation holds that it speaks of.
    pub fn contains_window(&self) -> bool {
        matches!(self, Expr::Window(_)) || self.any_part(&mut |part| part.contains_window())
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
