//! Terms as text.

use super::{Alone, Writer};
use crate::compiler::resolved::{Node, Subquery, Term};
use crate::dialect::KeyForm;
use crate::error::Result;
use crate::meta::ColumnType;
use crate::query::ArithmeticOp;
use crate::value::Kind;

impl Writer {
    pub(in crate::compiler) fn term(&mut self, term: &Term) -> Result<()> {
        if !self.hides_groups {
            return self.plain_term(term);
        }
        match term {
            Term::Column { .. } | Term::Inner { .. } | Term::Value(_) => self.plain_term(term),
            Term::Aggregate { .. } => self.seeing_groups(|w| w.plain_term(term)),
            parts if parts.is_of_groups() => self.plain_term(parts),
            // It has one value in a group, which is the least of them, too.
            one => self.seeing_groups(|w| {
                w.push("MIN(");
                w.plain_term(one)?;
                w.push(")");
                Ok(())
            }),
        }
    }

    /// Writes what stands for itself within HAVING.
    pub(super) fn seeing_groups(&mut self, write: impl FnOnce(&mut Self) -> Result<()>) -> Result<()> {
        let hides = std::mem::replace(&mut self.hides_groups, false);
        let written = write(self);
        self.hides_groups = hides;
        written
    }

    fn plain_term(&mut self, term: &Term) -> Result<()> {
        match term {
            Term::Column { alias, column, .. } => self.column(alias, column),
            Term::Inner { table, name, .. } => self.column(table, name),
            Term::Value(value) => self.dialect().value(self, value),
            Term::Call { function, args } => self.call(function, args)?,
            Term::Aggregate { .. } => self.aggregate(term)?,
            Term::Window(window) => self.window(window)?,
            Term::Arithmetic { op, left, right } => self.arithmetic(*op, left, right)?,
            Term::Subquery(query) => self.subquery(query)?,
            Term::Case { whens, default, ty } => self.case(whens, default, *ty)?,
            Term::Cast(of, ty) => {
                let (before, after) = self.dialect().cast(*ty);
                self.push(&before);
                self.term(of)?;
                self.push(&after);
            }
            Term::Typed(of, _) => self.term(of)?,
            Term::Bool(node) => self.node(node)?,
            Term::Key(of, path) => self
                .dialect()
                .json_key(self, &mut |w| w.term(of), path, KeyForm::Json)?,
        }
        Ok(())
    }

    pub(in crate::compiler) fn aggregate(&mut self, term: &Term) -> Result<()> {
        let Term::Aggregate {
            function,
            arg,
            distinct,
            filter,
        } = term
        else {
            return Ok(());
        };
        let native = self.dialect().has_aggregate_filter();
        self.push(self.dialect().aggregate(*function));
        self.push("(");
        if *distinct {
            self.push("DISTINCT ");
        }
        let of = arg.as_ref().map(|arg| arg.column_type().kind());
        let (before, after) = of.map_or(("", ""), |of| self.dialect().aggregated(*function, of));
        self.push(before);
        match (filter, native) {
            (Some(filter), false) => {
                self.push("CASE WHEN ");
                self.node(filter)?;
                self.push(" THEN ");
                match arg {
                    Some(arg) => self.term(arg)?,
                    None => self.push("1"),
                }
                self.push(" END");
            }
            _ => match arg {
                Some(arg) => self.term(arg)?,
                None => self.push("*"),
            },
        }
        self.push(after);
        self.push(")");
        if let (Some(filter), true) = (filter, native) {
            self.push(" FILTER (WHERE ");
            self.node(filter)?;
            self.push(")");
        }
        Ok(())
    }

    fn arithmetic(&mut self, op: ArithmeticOp, left: &Term, right: &Term) -> Result<()> {
        let kinds = (left.column_type().kind(), right.column_type().kind());
        // A value of another type than what stands beside it says so.
        let side = |term: &Term, w: &mut Writer| {
            if kinds.0 == kinds.1 {
                w.term(term)
            } else {
                w.lone_term(term)
            }
        };
        let dialect = self.dialect();
        let (mut l, mut r) = (|w: &mut Writer| side(left, w), |w: &mut Writer| side(right, w));
        match (kinds, op) {
            ((Kind::Date | Kind::DateTime | Kind::Time, Kind::Duration), ArithmeticOp::Add | ArithmeticOp::Sub) => {
                dialect.moment_plus(self, kinds.0, &mut l, &mut r, op == ArithmeticOp::Sub)
            }
            ((Kind::Duration, Kind::Date | Kind::DateTime | Kind::Time), ArithmeticOp::Add) => {
                dialect.moment_plus(self, kinds.1, &mut r, &mut l, false)
            }
            (
                (Kind::Date | Kind::DateTime, Kind::Date | Kind::DateTime) | (Kind::Time, Kind::Time),
                ArithmeticOp::Sub,
            ) => dialect.moments_apart(self, kinds, &mut l, &mut r),
            _ => dialect.arithmetic(self, op, kinds, &mut l, &mut r),
        }
    }

    fn case(&mut self, whens: &[(Node, Term)], default: &Term, ty: ColumnType) -> Result<()> {
        // A condition that never holds is left out, and what follows one that always does.
        let mut cases = Vec::new();
        let mut otherwise = default;
        for (when, then) in whens {
            match when {
                Node::Constant(false) => {}
                Node::Constant(true) => {
                    otherwise = then;
                    break;
                }
                when => cases.push((when, then)),
            }
        }
        if cases.is_empty() {
            return self.lone_term(otherwise);
        }
        let (before, after) = self.dialect().case(ty);
        self.push(before);
        self.push("CASE");
        for (when, then) in cases {
            self.push(" WHEN ");
            self.node(when)?;
            self.push(" THEN ");
            self.lone_term(then)?;
        }
        self.push(" ELSE ");
        self.lone_term(otherwise)?;
        self.push(" END");
        self.push(after);
        Ok(())
    }

    pub(in crate::compiler) fn subquery(&mut self, query: &Subquery) -> Result<()> {
        self.push("(");
        self.select(query, false)?;
        self.push(")");
        Ok(())
    }

    /// A term where nothing beside it tells the type of a value.
    pub(in crate::compiler) fn lone_term(&mut self, term: &Term) -> Result<()> {
        match term {
            Term::Value(value) => {
                self.dialect().lone_value(self, value);
                Ok(())
            }
            Term::Typed(of, _) => self.lone_term(of),
            other => self.term(other),
        }
    }

    /// A term as it would be written, on its own.
    pub(super) fn alone(&self, term: &Term) -> Result<Alone> {
        let mut alone = self.again();
        alone.term(term)?;
        Ok(alone.into_alone())
    }
}
