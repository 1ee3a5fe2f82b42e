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
                self.column_type(*ty)?;
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
                self.column_type(*ty)?;
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
            // Tools ask these, and the text of a lookup of a document depends on the value; they are
            // written anew each time.
            Expr::Slot(_) | Expr::Outer { .. } | Expr::Typed(..) | Expr::Walked(_) | Expr::Key(..) => {
                return Err(TooMuch);
            }
        }
        Ok(())
    }

    /// A type that is said by no field.
    fn column_type(&mut self, ty: ColumnType) -> Walked {
        let kind = ty.kind();
        let word = match ty {
            ColumnType::SmallInteger => 1 << 8,
            ColumnType::Integer => 2 << 8,
            plain if plain == ColumnType::of_kind(kind) => kind as u64,
            _ => return Err(TooMuch),
        };
        self.words.push(word);
        Ok(())
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
