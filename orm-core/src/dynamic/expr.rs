//! `DynExpr`: expressions by name.

use super::{DynQ, Scope, names};
use crate::error::{Error, Misuse, Result};
use crate::query::{Aggregate, AggregateFunction, ArithmeticOp, Expr, Function};
use crate::value::Value;

/// Something that has a value in each row, by name.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum DynExpr {
    /// `F("publisher__name")`: a field, or an annotation
    F(String),
    /// `Value(3)`
    Value(Value),
    /// `a + b`
    Combined {
        /// which
        op: ArithmeticOp,
        /// the left side
        left: Box<DynExpr>,
        /// the right side
        right: Box<DynExpr>,
    },
    /// `Lower("name")`
    Call {
        /// which
        function: &'static Function,
        /// of what
        args: Vec<DynExpr>,
    },
    /// `Count("authors")`
    Aggregate {
        /// which
        function: AggregateFunction,
        /// of what; `None` is `Count("*")`
        arg: Option<Box<DynExpr>>,
        /// equal values count once
        distinct: bool,
        /// only the rows for which this holds
        filter: Option<DynQ>,
    },
}

impl DynExpr {
    /// The value of a field, by name.
    pub fn f(name: impl Into<String>) -> Self {
        DynExpr::F(name.into())
    }

    /// `self op other`.
    #[must_use]
    pub fn combine(self, op: ArithmeticOp, other: DynExpr) -> Self {
        DynExpr::Combined {
            op,
            left: Box::new(self),
            right: Box::new(other),
        }
    }

    /// The name that an annotation or an aggregate has where it is given none: `pages__max`.
    pub fn default_alias(&self) -> Option<String> {
        match self {
            DynExpr::Aggregate {
                function,
                arg: Some(arg),
                ..
            } => match &**arg {
                DynExpr::F(name) => Some(format!("{name}__{}", function.sql().to_lowercase())),
                _ => None,
            },
            _ => None,
        }
    }

    /// Django's name of what it is: `Lower`.
    pub fn class_name(&self) -> &'static str {
        match self {
            DynExpr::F(_) => "F",
            DynExpr::Value(_) => "Value",
            DynExpr::Combined { .. } => "CombinedExpression",
            DynExpr::Call { function, .. } => function.class,
            DynExpr::Aggregate { function, .. } => function.class_name(),
        }
    }

    pub(super) fn resolve(&self, scope: &Scope<'_>) -> Result<Expr> {
        Ok(match self {
            DynExpr::F(name) => names::value(scope, name)?,
            DynExpr::Value(value) => Expr::Value(value.clone()),
            DynExpr::Combined { op, left, right } => Expr::Arithmetic {
                op: *op,
                left: Box::new(left.resolve(scope)?),
                right: Box::new(right.resolve(scope)?),
            },
            DynExpr::Call { function, args } => Expr::Call {
                function,
                args: args.iter().map(|arg| arg.resolve(scope)).collect::<Result<_>>()?,
            },
            DynExpr::Aggregate {
                function,
                arg,
                distinct,
                filter,
            } => {
                let of = arg.as_ref().map(|arg| arg.resolve(scope)).transpose()?;
                if of.as_ref().is_some_and(Expr::contains_aggregate) {
                    let name = match arg.as_deref() {
                        Some(DynExpr::F(name)) => name.as_str(),
                        _ => "",
                    };
                    return Err(Error::misuse(
                        Misuse::Field,
                        format!(
                            "Cannot compute {}('{name}'): '{name}' is an aggregate",
                            function.class_name()
                        ),
                    ));
                }
                let filter = match filter {
                    Some(q) => q.condition(scope)?,
                    None => None,
                };
                Expr::Aggregate(Box::new(Aggregate {
                    function: *function,
                    arg: of,
                    distinct: *distinct,
                    filter,
                }))
            }
        })
    }
}
