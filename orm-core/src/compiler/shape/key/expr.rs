//! The words of expressions.

use super::{Key, Tag, TooMuch, Walked};
use crate::compiler::draft::Given;
use crate::meta::ColumnType;
use crate::query::{Aggregate, Case, Expr, Outside};
use crate::value::Value;

impl<'q> Key<'q> {
    pub(super) fn expr(&mut self, expr: &'q Expr) -> Walked {
        match expr {
            Expr::Column { path, field } => {
                if !path.steps().is_empty() {
                    self.tag(Tag::Path, path.steps().len() as u64);
                    self.path(path);
                }
                self.address(Tag::Column, *field);
            }
            Expr::Value(value) => self.value(value)?,
            Expr::Call { function, args } => {
                self.address(Tag::Call, *function);
                self.words.push(args.len() as u64);
                args.iter().try_for_each(|arg| self.expr(arg))?;
            }
            Expr::Aggregate(aggregate) => self.aggregate(aggregate)?,
            Expr::Arithmetic { op, left, right } => {
                self.tag(Tag::Arithmetic, *op as u64);
                self.expr(left)?;
                self.expr(right)?;
            }
            Expr::Subquery(query) => {
                self.tag(Tag::Subquery, 0);
                self.outside_filters(|key| key.query(query))?;
            }
            Expr::Case(case) => {
                let Case { whens, default, ty } = &**case;
                self.tag(Tag::Case, whens.len() as u64);
                self.column_type(*ty);
                self.outside_filters(|key| {
                    for (when, then) in whens {
                        key.condition(when)?;
                        key.expr(then)?;
                    }
                    key.expr(default)
                })?;
            }
            Expr::Cast(of, ty) => {
                self.tag(Tag::Cast, 0);
                self.column_type(*ty);
                self.expr(of)?;
            }
            Expr::Bool(condition) => {
                self.tag(Tag::Bool, 0);
                self.outside_filters(|key| key.condition(condition))?;
            }
            Expr::Outside(outside) => {
                let Outside { model, expr } = &**outside;
                self.address(Tag::Outside, *model);
                self.expr(expr)?;
            }
            // What it gives, and whether that is an aggregate, is what the annotation says.
            Expr::Ref { annotation, .. } => self.tag(Tag::Ref, *annotation as u64),
            Expr::Window(window) => self.outside_filters(|key| key.window(window))?,
            Expr::Outer { number, ty } => {
                self.tag(Tag::Outer, *number as u64);
                self.column_type(*ty);
            }
            Expr::Typed(of, ty) => {
                self.tag(Tag::Typed, 0);
                self.column_type(*ty);
                self.expr(of)?;
            }
            Expr::Walked(what) => self.tag(Tag::Walked, *what as u64),
            Expr::Key(of, path) => {
                self.tag(Tag::Key, path.len() as u64);
                path.iter().try_for_each(|key| self.text(key))?;
                self.expr(of)?;
            }
            Expr::Slot(_) => return Err(TooMuch),
        }
        Ok(())
    }

    /// A type that is said by no field.
    fn column_type(&mut self, ty: ColumnType) {
        let (word, more) = match ty {
            ColumnType::Char { max_length } => (0, Some(u64::from(max_length))),
            ColumnType::Decimal {
                max_digits,
                decimal_places,
            } => (1, Some(u64::from(max_digits) | u64::from(decimal_places) << 32)),
            ColumnType::SmallInteger => (2, None),
            ColumnType::Integer => (3, None),
            ColumnType::PositiveSmallInteger => (4, None),
            ColumnType::PositiveInteger => (5, None),
            ColumnType::PositiveBigInteger => (6, None),
            ColumnType::BigInteger
            | ColumnType::Float
            | ColumnType::Boolean
            | ColumnType::Text
            | ColumnType::Date
            | ColumnType::Time
            | ColumnType::DateTime
            | ColumnType::Duration
            | ColumnType::Uuid
            | ColumnType::Json
            | ColumnType::Binary => (7 + ty.kind() as u64, None),
        };
        self.words.push(word);
        self.words.extend(more);
    }

    /// One value: its kind, and whether it is NULL.
    pub(in crate::compiler::shape) fn value(&mut self, value: &'q Value) -> Walked {
        match value {
            Value::Null(kind) => self.tag(Tag::Null, *kind as u64),
            Value::List(..) => return Err(TooMuch),
            value => {
                self.tag(Tag::Value, value.kind() as u64);
                self.given.push(Given::One(value));
            }
        }
        Ok(())
    }

    fn aggregate(&mut self, aggregate: &'q Aggregate) -> Walked {
        let Aggregate {
            function,
            arg,
            distinct,
            filter,
        } = aggregate;
        let flags = u64::from(*distinct) | u64::from(arg.is_some()) << 1 | u64::from(filter.is_some()) << 2;
        self.tag(Tag::Aggregate, flags | (*function as u64) << 8);
        if let Some(arg) = arg {
            self.expr(arg)?;
        }
        if let Some(filter) = filter {
            self.outside_filters(|key| key.condition(filter))?;
        }
        Ok(())
    }
}
