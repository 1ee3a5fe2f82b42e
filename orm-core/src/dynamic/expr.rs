//! `DynExpr`: expressions by name.

use super::{DynQ, DynQuerySet, DynWindow, DynWindowCall, Scope, fits, names};
use crate::error::{Error, Misuse, Result, nearest};
use crate::meta::ColumnType;
use crate::query::{Aggregate, AggregateFunction, ArithmeticOp, Case, Condition, Expr, Function, function};
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
        /// what is given for no rows
        default: Option<Box<DynExpr>>,
    },
    /// `Case(When(…, then=…), default=…)`
    Case {
        /// conditions, and what the first that holds gives
        whens: Vec<(DynQ, DynExpr)>,
        /// what is given where none holds; without it NULL
        default: Option<Box<DynExpr>>,
        /// what it gives, where its parts do not tell
        ty: Option<ColumnType>,
    },
    /// `Cast("pages", CharField())`
    Cast {
        /// what is cast
        of: Box<DynExpr>,
        /// to what
        to: ColumnType,
    },
    /// `ExpressionWrapper(…, output_field=…)`
    Typed {
        /// the expression
        of: Box<DynExpr>,
        /// what it is said to give
        ty: ColumnType,
    },
    /// `Subquery(…)`: the one value that a query gives
    Subquery(Box<DynQuerySet>),
    /// `Exists(…)`: whether a query has a row
    Exists(Box<DynQuerySet>),
    /// `OuterRef("pk")`: of the row that the query within a query is asked for
    Outer(Box<DynExpr>),
    /// `Q(…)` as a value
    Condition(Box<DynQ>),
    /// `Window(…)`: a value that is computed from the rows around
    Window(Box<DynWindow>),
    /// `Rank()`, `Lag("price")`: a function that a window is put around
    WindowCall(Box<DynWindowCall>),
    /// `FilteredRelation("books", condition=Q(books__genre="fic"))`: no value, but a relation with a
    /// condition of its own, which `annotate` or `alias` gives a name
    FilteredRelation {
        /// the relation, also several in a row
        relation: String,
        /// what holds of the rows that it leads to
        condition: Box<DynQ>,
    },
}

impl DynExpr {
    /// The value of a field, by name.
    pub fn f(name: impl Into<String>) -> Self {
        DynExpr::F(name.into())
    }

    /// A function by its name, `length`, or by Django's, `Length`; also one that the program defines.
    ///
    /// # Errors
    /// [`Error::Misuse`] where there is no function of that name, with the nearest one.
    pub fn function(name: &str, args: impl IntoIterator<Item = DynExpr>) -> Result<Self> {
        let found = function::all().find(|function| function.name == name || function.class == name);
        match found {
            Some(function) => Ok(DynExpr::Call {
                function,
                args: args.into_iter().collect(),
            }),
            None => {
                let near = nearest(name, function::all().map(|function| function.name));
                let hint = near.map_or(String::new(), |near| format!(", perhaps you meant {near}?"));
                let message = format!("There is no function {name:?}{hint}");
                Err(Error::misuse(Misuse::Field, message))
            }
        }
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
                DynExpr::F(name) => Some(format!("{name}__{}", function.class_name().to_lowercase())),
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
            DynExpr::Case { .. } => "Case",
            DynExpr::Cast { .. } => "Cast",
            DynExpr::Typed { .. } => "ExpressionWrapper",
            DynExpr::Subquery(_) => "Subquery",
            DynExpr::Exists(_) => "Exists",
            DynExpr::Outer(_) => "OuterRef",
            DynExpr::Condition(_) => "Q",
            DynExpr::Window(_) => "Window",
            DynExpr::WindowCall(call) => call.function.class_name(),
            DynExpr::FilteredRelation { .. } => "FilteredRelation",
        }
    }

    pub(super) fn resolve(&self, scope: &Scope<'_>) -> Result<Expr> {
        Ok(match self {
            DynExpr::F(name) => names::value(scope, name)?,
            DynExpr::Value(value) => Expr::Value(value.clone()),
            DynExpr::Combined { op, left, right } => {
                let (left, right) = fits::sides(left.resolve(scope)?, right.resolve(scope)?);
                fits::operator(*op, &left, &right)?;
                arithmetic(*op, left, right)
            }
            DynExpr::Call { function, args } => {
                let args: Vec<Expr> = args.iter().map(|arg| arg.resolve(scope)).collect::<Result<_>>()?;
                fits::arguments(function, &args)?;
                let kind = args.first().map(|arg| arg.column_type().kind());
                let form = kind.map_or(Some(*function), |kind| function::for_kind(function, kind));
                Expr::Call {
                    function: form.unwrap_or(function),
                    args,
                }
            }
            DynExpr::Aggregate {
                function,
                arg,
                distinct,
                filter,
                default,
            } => {
                if *distinct && !function.allows_distinct() {
                    let message = format!("{} does not allow distinct.", function.class_name());
                    return Err(Error::misuse(Misuse::Type, message));
                }
                let of = arg.as_ref().map(|arg| arg.resolve(scope)).transpose()?;
                if !scope.summarizes && of.as_ref().is_some_and(Expr::contains_aggregate) {
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
                if let Some(of) = &of {
                    fits::aggregate(*function, of)?;
                }
                let filter = match filter {
                    Some(q) => q.condition(scope)?,
                    None => None,
                };
                let aggregate = Expr::Aggregate(Box::new(Aggregate {
                    function: *function,
                    arg: of,
                    distinct: *distinct,
                    filter,
                }));
                match default {
                    Some(default) => Expr::Call {
                        function: &function::COALESCE,
                        args: vec![aggregate, default.resolve(scope)?],
                    },
                    None => aggregate,
                }
            }
            DynExpr::Case { whens, default, ty } => case(scope, whens, default.as_deref(), *ty)?,
            DynExpr::Cast { of, to } => Expr::Cast(Box::new(of.resolve(scope)?), *to),
            // Where it is said what a call gives, its arguments may differ, and so may the sides of
            // an operator.
            DynExpr::Typed { of, ty } => Expr::Typed(
                Box::new(match &**of {
                    DynExpr::Call { function, args } => Expr::Call {
                        function,
                        args: args.iter().map(|arg| arg.untyped(scope)).collect::<Result<_>>()?,
                    },
                    DynExpr::Combined { op, left, right } => {
                        arithmetic(*op, left.resolve(scope)?, right.resolve(scope)?)
                    }
                    of => of.resolve(scope)?,
                }),
                *ty,
            ),
            DynExpr::Subquery(set) => Expr::Subquery(Box::new(set.within(scope)?)),
            DynExpr::Exists(set) => Expr::Bool(Box::new(Condition::Exists(Box::new(set.within(scope)?)))),
            DynExpr::Outer(of) => {
                let mut outer = scope.outer.borrow_mut();
                outer.push((**of).clone());
                Expr::Outer {
                    number: outer.len() - 1,
                    ty: ColumnType::BigInteger,
                }
            }
            DynExpr::Condition(q) => Expr::Bool(Box::new(q.condition_of(scope)?)),
            DynExpr::Window(window) => window.resolve(scope)?,
            DynExpr::WindowCall(call) => {
                let name = call.function.class_name();
                return Err(Error::misuse(
                    Misuse::Type,
                    format!("{name} needs a window around it: Window(expression={name}(…), …)."),
                ));
            }
            DynExpr::FilteredRelation { .. } => {
                return Err(Error::misuse(
                    Misuse::Type,
                    "A FilteredRelation is no value: annotate() and alias() give it a name.",
                ));
            }
        })
    }
}

impl DynExpr {
    /// As [`resolve`](Self::resolve), for an argument of a call whose type is given.
    fn untyped(&self, scope: &Scope<'_>) -> Result<Expr> {
        match self {
            DynExpr::Call { function, args } if std::ptr::eq(*function, &function::CONCAT_PAIR) => Ok(Expr::Call {
                function,
                args: args.iter().map(|arg| arg.untyped(scope)).collect::<Result<_>>()?,
            }),
            other => other.resolve(scope),
        }
    }
}

fn arithmetic(op: ArithmeticOp, left: Expr, right: Expr) -> Expr {
    Expr::Arithmetic {
        op,
        left: Box::new(left),
        right: Box::new(right),
    }
}

fn case(
    scope: &Scope<'_>,
    whens: &[(DynQ, DynExpr)],
    default: Option<&DynExpr>,
    ty: Option<ColumnType>,
) -> Result<Expr> {
    let mut cases = Vec::with_capacity(whens.len());
    for (when, then) in whens {
        cases.push((when.condition_of(scope)?, then.resolve(scope)?));
    }
    let default = default.map(|default| default.resolve(scope)).transpose()?;
    let is_null = |expr: &&Expr| matches!(expr, Expr::Value(Value::Null(_)));
    let mut results = cases.iter().map(|(_, then)| then).chain(&default);
    let known = results.find(|expr| !is_null(expr)).map(Expr::column_type);
    let ty = ty.or(known).unwrap_or(ColumnType::Text);
    Ok(Expr::Case(Box::new(Case {
        whens: cases,
        default: default.unwrap_or(Expr::Value(Value::Null(ty.kind()))),
        ty,
    })))
}
